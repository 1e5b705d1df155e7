package kurrenttest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Options choose what a server is like. The zero value is a node as
// `--insecure --mem-db` starts one.
type Options struct {
	// Version is what the server says of itself; "24.10.0" when empty.
	Version string
	// MaxAppend bounds the bytes of one append: data, metadata and twice the
	// length of each event type. 1 MiB when 0, as the server's MaxAppendSize.
	MaxAppend int
	// File keeps the events, so that they survive a kill of the process (not
	// of the machine). Empty: memory alone. One server holds it at a time.
	File string
	// TLS names a folder; the server makes an authority and certificates in
	// it (ca.pem, and NAME.pem with NAME-key.pem for each user) and speaks
	// TLS. Empty: plain text, and the client then sends no credentials.
	TLS string
	// Users says who may sign in. Nil: everybody may do everything.
	Users map[string]User
	// Now tells the time of an event; time.Now when nil.
	Now func() time.Time
}

// User is one who may sign in, by password or by a certificate of the
// server's authority.
type User struct {
	Password string
	Roles    []string // besides the own name, such as "$admins"
}

// Server is a running server.
type Server struct {
	options Options
	log     *log
	cluster *cluster
	faults  faults
	addr    atomic.Pointer[net.TCPAddr]
	alive   atomic.Bool
	shows   atomic.Uint64 // a follower shows what lies before this position
	tls     *tls.Config   // nil: plain text

	mu     sync.Mutex // guards what follows; no handler takes it
	grpc   *grpc.Server
	web    *web
	conns  *conns
	served chan struct{} // closed when grpc has ended
	closed bool
}

// Start runs a server on a free port of 127.0.0.1 until the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	return start(t, func() (*Server, error) { return Listen("127.0.0.1:0", o) })
}

func start(t testing.TB, listen func() (*Server, error)) *Server {
	t.Helper()
	s, err := listen()
	if err != nil {
		t.Fatalf("start a server: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the server: %v", err)
		}
	})
	return s
}

// Listen runs a server on an address such as "127.0.0.1:2113"; port 0 takes
// a free one. The caller closes it.
func Listen(addr string, o Options) (*Server, error) {
	l, err := openLog(o)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, log: l, cluster: &cluster{}}
	if err := s.begin(addr); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return s, nil
}

// begin makes the server one of its cluster and takes connections.
func (s *Server) begin(addr string) error {
	if s.options.Version == "" {
		s.options.Version = "24.10.0"
	}
	if s.options.MaxAppend == 0 {
		s.options.MaxAppend = 1 << 20
	}
	s.shows.Store(end)
	if s.options.TLS != "" && s.tls == nil { // a follower has those of its leader
		var err error
		if s.tls, err = makeCertificates(s.options.TLS, s.options.Users); err != nil {
			return err
		}
	}
	s.cluster.join(s)
	return s.serve(addr)
}

// serve begins to take connections. The caller holds mu, or nobody else
// knows the server yet.
func (s *Server) serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.addr.Store(l.Addr().(*net.TCPAddr))
	s.conns = &conns{Listener: l, open: make(map[string]net.Conn)}
	s.served = make(chan struct{})
	s.web = newWeb(s)
	s.grpc = grpc.NewServer(
		grpc.Creds(s.web),
		grpc.WaitForHandlers(true), // no handler of a killed server may still record something
		grpc.MaxRecvMsgSize(16<<20),
		grpc.MaxConcurrentStreams(1<<20),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
		grpc.UnaryInterceptor(s.faults.unary),
		grpc.StreamInterceptor(s.faults.stream),
	)
	streams.RegisterStreamsServer(s.grpc, &service{Server: s, conns: s.conns})
	gossip.RegisterGossipServer(s.grpc, &gossipService{cluster: s.cluster})
	serverfeatures.RegisterServerFeaturesServer(s.grpc, &featuresService{version: s.options.Version})
	s.alive.Store(true)
	go func(g *grpc.Server, l net.Listener, served chan struct{}) {
		defer close(served)
		_ = g.Serve(l) // it ends when the server is stopped
	}(s.grpc, s.conns, s.served)
	return nil
}

// URL is the connection string of the server, without a user.
func (s *Server) URL() string {
	if s.options.TLS == "" {
		return "esdb://" + s.Addr() + "?tls=false"
	}
	return "esdb://" + s.Addr() + "?tlsCaFile=" + filepath.Join(s.options.TLS, "ca.pem")
}

// Addr is the server's host and port.
func (s *Server) Addr() string { return s.addr.Load().String() }

// Kill ends the server at once, as if its process were gone: the listener
// and all connections are closed, and no call is answered any more.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kill()
}

func (s *Server) kill() {
	if s.grpc == nil {
		return
	}
	s.alive.Store(false)
	s.conns.cut()
	s.web.close()
	s.grpc.Stop()
	<-s.served
	s.grpc = nil
}

// Restart brings a killed server back on its port, with its events. It does
// not remember the ids of events any more: an append that expects no certain
// revision is recorded again when it is repeated.
func (s *Server) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("the server is closed")
	}
	s.kill()
	s.log.forget()
	return s.serve(s.Addr())
}

// Close ends the server for good. A server whose log others follow is closed
// after them.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.kill()
	if s.cluster.leave(s) {
		return s.log.close()
	}
	return nil
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
