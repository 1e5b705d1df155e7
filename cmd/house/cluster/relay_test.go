package cluster_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// relay stands between members and the server.
type relay struct {
	url    string
	silent chan struct{} // closed when nothing passes any more
	once   sync.Once
}

// silence lets nothing pass any more, and tells nobody.
func (r *relay) silence() { r.once.Do(func() { close(r.silent) }) }

func relayTo(t *testing.T, server string) *relay { return relayWith(t, server, nil) }

// relayWith changes what the server says by tamper, where that is set.
func relayWith(t *testing.T, server string, tamper func(net.Conn, net.Conn)) *relay {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{silent: make(chan struct{})}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	host := u.Host
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial("tcp", host)
			if err != nil {
				client.Close()
				continue
			}
			mu.Lock()
			open = append(open, client, behind)
			mu.Unlock()
			wg.Go(func() { r.pass(behind, client) })
			if tamper != nil {
				wg.Go(func() { tamper(client, behind) })
			} else {
				wg.Go(func() { r.pass(client, behind) })
			}
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		r.silence()
		wg.Wait()
	})
	u.Host = l.Addr().String()
	r.url = u.String()
	return r
}

func (r *relay) pass(to, from net.Conn) {
	var buf [4096]byte
	for {
		n, err := from.Read(buf[:])
		select {
		case <-r.silent:
			continueUntilClosed(from)
			return
		default:
		}
		if n > 0 {
			_, _ = to.Write(buf[:n])
		}
		if err != nil {
			to.Close()
			return
		}
	}
}

func continueUntilClosed(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// pooled is the server as a pooler shows it: with process ids of its own.
func pooled(t *testing.T, server string) string {
	t.Helper()
	var n atomic.Uint32
	return relayWith(t, server, func(client, behind net.Conn) {
		defer client.Close()
		from := pgproto3.NewFrontend(behind, behind)
		to := pgproto3.NewBackend(client, client)
		for {
			msg, err := from.Receive()
			if err != nil {
				return
			}
			if key, ok := msg.(*pgproto3.BackendKeyData); ok {
				key.ProcessID = n.Add(1)
			}
			to.Send(msg)
			if to.Flush() != nil {
				return
			}
		}
	}).url
}
