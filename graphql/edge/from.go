package edge

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// from is where a request comes from.
type from struct {
	// client is the address it was sent from, as far as that can be told;
	// known is false behind a proxy that does not say.
	client netip.Addr
	known  bool
	// proxied is set when a trusted proxy passed it on.
	proxied bool
	// tls: it came encrypted from the client. secure: it came so, or from
	// this machine.
	tls, secure bool
}

func (e *Edge) from(r *http.Request) from {
	peer := parseAddr(r.RemoteAddr)
	f := from{tls: r.TLS != nil, proxied: contains(e.config.Proxies, peer)}
	f.client, f.known = Client(r, e.config.Proxies)
	if f.proxied {
		// A proxy that says nothing is set up to end TLS.
		proto := r.Header.Values("X-Forwarded-Proto")
		f.tls = len(proto) == 0 || len(proto) == 1 && strings.EqualFold(strings.TrimSpace(proto[0]), "https")
		f.secure = f.tls
		return f
	}
	f.secure = f.tls || peer.IsLoopback() || !peer.IsValid() // a socket of this machine has no address
	return f
}

// Client is the address a request was sent from, without a zone. Where a proxy
// that is believed passed it on, that is the last address in X-Forwarded-For
// which is no such proxy: what stands before it anybody may have written. known
// is false where it does not say, and the address is then that of the proxy;
// the zero Addr stands for a connection without one.
func Client(r *http.Request, proxies []netip.Prefix) (client netip.Addr, known bool) {
	peer := parseAddr(r.RemoteAddr)
	if !contains(proxies, peer) {
		return peer, peer.IsValid()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a := parseAddr(strings.TrimSpace(hop))
		if !a.IsValid() {
			break
		}
		if !contains(proxies, a) {
			return a, true
		}
	}
	return peer, false
}

func contains(networks []netip.Prefix, a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// parseAddr reads an address, with a port or without.
func parseAddr(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// Remote is the address a request comes from, for logs.
func (e *Edge) Remote(r *http.Request) string {
	if a := e.from(r).client; a.IsValid() {
		return a.String()
	}
	return "local"
}

// Counted is for whom a request counts, where limits are kept: an address, or a
// network of IPv6 that one customer has; the zero Prefix when it is not known or
// this machine, from which many may come.
func (e *Edge) Counted(r *http.Request) netip.Prefix { return e.from(r).counted() }

// Only serves a handler to this machine and to clients of these networks.
func (e *Edge) Only(networks []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := e.from(r)
		in := func(p netip.Prefix) bool { return p.Contains(f.client) }
		if !f.client.IsValid() || f.known && (f.client.IsLoopback() && !f.proxied || slices.ContainsFunc(networks, in)) {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r, http.StatusForbidden, "network", "this is not for your network")
	})
}

// knows tells whether the server answers to a name. Names of this machine are
// for those on it.
func (e *Edge) knows(host string, f from) bool {
	name := hostOf(host)
	if slices.Contains(e.config.Hosts, name) {
		return true
	}
	if !isThisMachine(name) {
		return false
	}
	return len(e.config.Hosts) == 0 || !f.proxied && (f.client.IsLoopback() || !f.client.IsValid())
}

// hostOf is the name in a Host header, without port and brackets.
func hostOf(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

func isThisMachine(name string) bool {
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
