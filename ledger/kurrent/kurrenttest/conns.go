package kurrenttest

import (
	"net"
	"sync"
)

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
