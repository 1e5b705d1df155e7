package overhttp

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// remote is the address of the client. Where a proxy that is believed sent the
// request, it is the last address of X-Forwarded-For that is not such a proxy
// itself: what stands before it was written by others.
func remote(r *http.Request, proxies []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	client := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(client) }) {
			break
		}
		named, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = named.Unmap()
	}
	return client
}
