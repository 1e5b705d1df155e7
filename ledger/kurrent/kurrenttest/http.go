package kurrenttest

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// web is the HTTP/1.1 that a node speaks on the port of its gRPC. It stands
// in for the credentials of the gRPC server, for those see each connection
// first: what does not begin as HTTP/2 it serves itself.
type web struct {
	credentials.TransportCredentials             // of plain text; only the handshake is another
	tls                              *tls.Config // nil: plain text
	server                           *http.Server
	conns                            chan net.Conn
	ended                            context.Context
	end                              context.CancelFunc
}

// newWeb serves until close.
func newWeb(s *Server) *web {
	w := &web{TransportCredentials: insecure.NewCredentials(), tls: s.tls, conns: make(chan net.Conn)}
	w.ended, w.end = context.WithCancel(context.Background())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /info", s.info)
	mux.HandleFunc("GET /gossip", s.cluster.gossip)
	w.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.server.Serve(handed{w}) }() // it ends when it is closed
	return w
}

// close ends it, and every connection that it serves.
func (w *web) close() {
	w.end()
	_ = w.server.Close() // the listener has no error to tell
}

// preface is how HTTP/2 begins, and nothing else.
const preface = "PRI "

// ServerHandshake implements [credentials.TransportCredentials].
func (w *web) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn := raw
	var info credentials.AuthInfo
	if w.tls != nil {
		secure := tls.Server(raw, w.tls)
		if err := secure.Handshake(); err != nil {
			return nil, nil, err
		}
		conn, info = secure, credentials.TLSInfo{
			State:          secure.ConnectionState(),
			CommonAuthInfo: credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity},
		}
	}
	begun := &peeked{Conn: conn, r: bufio.NewReader(conn)}
	first, err := begun.r.Peek(len(preface))
	if err != nil {
		return nil, nil, err
	}
	if string(first) == preface {
		return begun, info, nil
	}
	_ = conn.SetDeadline(time.Time{}) // the one of the handshake
	select {
	case w.conns <- begun:
		return nil, nil, credentials.ErrConnDispatched
	case <-w.ended.Done():
		return nil, nil, net.ErrClosed
	}
}

// peeked is a connection whose first bytes were looked at.
type peeked struct {
	net.Conn
	r *bufio.Reader
}

// Read implements [net.Conn].
func (p *peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

// handed is a listener for the connections that were handed over.
type handed struct{ *web }

// Accept implements [net.Listener].
func (h handed) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.ended.Done():
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (h handed) Close() error {
	h.end()
	return nil
}

// Addr implements [net.Listener].
func (h handed) Addr() net.Addr { return &net.TCPAddr{} }

// info says what the node is, as `InfoController.OnGetInfo` does: nobody has
// to sign in for that.
func (s *Server) info(w http.ResponseWriter, _ *http.Request) {
	state := "follower"
	if s.cluster.leading() == s {
		state = "leader"
	}
	answer(w, map[string]any{
		"dbVersion": s.options.Version, "esVersion": s.options.Version, "state": state,
		"features": map[string]bool{"projections": false, "userManagement": s.options.Users != nil, "atomPub": false},
	})
}

// gossip says over HTTP which nodes there are, as `GossipController` does.
func (c *cluster) gossip(w http.ResponseWriter, r *http.Request) {
	type member struct {
		State string `json:"state"`
		Alive bool   `json:"isAlive"`
		Host  string `json:"httpEndPointIp"`
		Port  uint32 `json:"httpEndPointPort"`
	}
	var members []member
	for _, m := range c.members() {
		members = append(members, member{m.State.String(), m.IsAlive, m.HttpEndPoint.Address, m.HttpEndPoint.Port})
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	answer(w, map[string]any{"members": members, "serverIp": host})
}

func answer(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(what) // who is gone is not told
}
