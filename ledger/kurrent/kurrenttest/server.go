package kurrenttest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Options choose what a server is like. The zero value is an insecure node
// as `--insecure` starts one, empty and in memory.
type Options struct {
	// Version is what the server says of itself; "24.10.0" when empty.
	Version string
	// MaxAppend bounds the bytes of one append: data, metadata and twice the
	// length of each event type. 1 MiB when 0, as the server's MaxAppendSize.
	MaxAppend int
	// Now tells the time of an event; time.Now when nil.
	Now func() time.Time
}

// Server is a running server.
type Server struct {
	options Options
	log     *log
	faults  faults

	mu     sync.Mutex
	grpc   *grpc.Server // nil while killed
	conns  *conns
	served chan struct{} // closed when grpc has ended
	addr   *net.TCPAddr
	closed bool
}

// Start runs a server on a free port of 127.0.0.1 until the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Listen("127.0.0.1:0", o)
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
	if o.Version == "" {
		o.Version = "24.10.0"
	}
	if o.MaxAppend == 0 {
		o.MaxAppend = 1 << 20
	}
	s := &Server{options: o, log: newLog()}
	if o.Now != nil {
		s.log.now = o.Now
	}
	if err := s.serve(addr); err != nil {
		return nil, err
	}
	return s, nil
}

// serve begins to take connections. The caller holds mu, or nobody else
// knows the server yet.
func (s *Server) serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.addr = l.Addr().(*net.TCPAddr)
	s.conns = &conns{Listener: l, open: make(map[string]net.Conn)}
	s.served = make(chan struct{})
	s.grpc = grpc.NewServer(
		grpc.WaitForHandlers(true), // no handler of a killed server may still record something
		grpc.MaxRecvMsgSize(16<<20),
		grpc.MaxConcurrentStreams(1<<20),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	)
	streams.RegisterStreamsServer(s.grpc, &service{Server: s})
	gossip.RegisterGossipServer(s.grpc, &gossipService{server: s})
	serverfeatures.RegisterServerFeaturesServer(s.grpc, &featuresService{version: s.options.Version})
	go func(g *grpc.Server, l net.Listener, served chan struct{}) {
		defer close(served)
		_ = g.Serve(l) // it ends when the server is stopped
	}(s.grpc, s.conns, s.served)
	return nil
}

// URL is the connection string of the server.
func (s *Server) URL() string { return "esdb://" + s.Addr() + "?tls=false" }

// Addr is the server's host and port.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr.String()
}

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
	s.conns.cut()
	s.grpc.Stop()
	<-s.served
	s.grpc = nil
}

// Restart brings a killed server back on its port, with its events.
func (s *Server) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("the server is closed")
	}
	s.kill()
	s.log.forget()
	return s.serve(s.addr.String())
}

// Close ends the server for good.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.kill()
	return nil
}

// conns is a listener that can cut the connections it gave out.
type conns struct {
	net.Listener
	mu   sync.Mutex
	open map[string]net.Conn // by remote address
	over bool
}

// Accept implements [net.Listener].
func (c *conns) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	remote := conn.RemoteAddr().String()
	c.open[remote] = conn
	return &tracked{Conn: conn, gone: func() { c.forget(remote, conn) }}, nil
}

func (c *conns) forget(remote string, conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[remote] == conn {
		delete(c.open, remote)
	}
}

// cut closes the listener and resets all connections.
func (c *conns) cut() {
	_ = c.Listener.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	for _, conn := range c.open {
		reset(conn)
	}
}

// cutOne resets the connection of one caller.
func (c *conns) cutOne(remote string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if conn := c.open[remote]; conn != nil {
		reset(conn)
	}
}

// reset closes a connection without sending what still waits in it.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// tracked tells its listener when it is closed.
type tracked struct {
	net.Conn
	gone func()
}

// Close implements [net.Conn].
func (t *tracked) Close() error {
	t.gone()
	return t.Conn.Close()
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
