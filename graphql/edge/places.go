package edge

import (
	"io"
	"net/netip"
	"sync"
	"sync/atomic"
)

// place is what a request takes up while it is answered, by one goroutine.
type place struct {
	edge *Edge
	// in is the counter it counts in; client, if valid, whom it counts for.
	in     *atomic.Int64
	client netip.Prefix
	// body is that of the request, without the limit that any has.
	body io.ReadCloser
}

type placeKey struct{}

// takePlace gives a request a place, if there is one left for its client.
func (e *Edge) takePlace(f from) (*place, bool) {
	p := &place{edge: e, in: &e.requests, client: f.counted()}
	if !take(p.in, e.config.MaxRequests) {
		return nil, false
	}
	if !e.clients.add(p.client, max(e.config.MaxRequests/4, 1)) {
		p.in.Add(-1)
		return nil, false
	}
	return p, true
}

func take(in *atomic.Int64, most int) bool {
	if in.Add(1) <= int64(most) {
		return true
	}
	in.Add(-1)
	return false
}

// becomeStream exchanges the place for one among the streams, if there is one.
func (p *place) becomeStream() bool {
	if p.in == &p.edge.streams {
		return true
	}
	if !take(&p.edge.streams, p.edge.config.MaxStreams) {
		return false
	}
	p.leave()
	p.in, p.client = &p.edge.streams, netip.Prefix{}
	return true
}

// leave gives the place back.
func (p *place) leave() {
	p.in.Add(-1)
	p.edge.clients.remove(p.client)
}

// counted is for whom a request counts: an address, or a network of IPv6 that
// one customer has; nobody when it is not known or this machine.
func (f from) counted() netip.Prefix {
	if !f.known || f.client.IsLoopback() && !f.proxied {
		return netip.Prefix{}
	}
	bits := 64
	if f.client.Is4() {
		bits = 32
	}
	p, _ := f.client.Prefix(bits) // never fails for these
	return p
}

// clients counts the requests of each client. The zero value is ready.
type clients struct {
	mu sync.Mutex // guards n
	n  map[netip.Prefix]int
}

func (c *clients) add(who netip.Prefix, most int) bool {
	if !who.IsValid() {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n[who] >= most {
		return false
	}
	if c.n == nil {
		c.n = map[netip.Prefix]int{}
	}
	c.n[who]++
	return true
}

func (c *clients) remove(who netip.Prefix) {
	if !who.IsValid() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n[who]--; c.n[who] <= 0 {
		delete(c.n, who)
	}
}
