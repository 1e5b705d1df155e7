package hooks

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	dialWait = 5 * time.Second
	idleWait = 90 * time.Second
)

// inside are the networks that no receiver of the open Internet has: this
// machine, those around it, and what leads to them under other names. The
// registries of special purpose addresses of IANA have them, RFC 6890.
var inside = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

// outside is all that IPv6 gives to the open Internet.
var outside = netip.MustParsePrefix("2000::/3")

// metadata are addresses of cloud services that hand out credentials, though
// they look like any other.
var metadata = prefixes("168.63.129.16/32")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// reach is what a hook may connect to.
type reach struct {
	networks []netip.Prefix
	loopback bool // this machine, and nothing else
}

func (h Hook) reach() reach { return reach{h.Networks, h.Plain} }

// allow tells whether an address may be connected to.
func (r reach) allow(a netip.Addr) error {
	if a.Is4In6() {
		return fmt.Errorf("%s is an IPv4 address in the form of IPv6", a)
	}
	if r.loopback {
		if !a.IsLoopback() {
			return fmt.Errorf("%s is not on this machine", a)
		}
		return nil
	}
	if within(a, r.networks) {
		return nil
	}
	if a.Zone() != "" || a.Is6() && !outside.Contains(a) || within(a, inside) || within(a, metadata) {
		return fmt.Errorf("%s is not an address of the open Internet; networks lets it be sent to", a)
	}
	return nil
}

func within(a netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// control looks at an address that a name led to, when it is about to be
// connected to: so no answer of a name server comes between.
func (r reach) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return r.allow(at.Addr())
}

func (h Hook) dialer(resolver *net.Resolver) *net.Dialer {
	return &net.Dialer{Timeout: dialWait, Resolver: resolver, ControlContext: h.reach().control}
}

func (h Hook) tls() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: h.Roots}
}

// transport connects to the receiver and nowhere else: no proxy of the
// environment is asked.
func (h Hook) transport(dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	if dial == nil {
		dial = h.dialer(nil).DialContext
	}
	return &http.Transport{
		DialContext:            dial,
		TLSClientConfig:        h.tls(),
		TLSHandshakeTimeout:    dialWait,
		MaxIdleConns:           1,
		MaxConnsPerHost:        1,
		IdleConnTimeout:        idleWait,
		MaxResponseHeaderBytes: 16 << 10,
		DisableCompression:     true,
	}
}

// Probe connects to the receiver of a hook, with TLS where it has TLS, and
// sends it nothing.
func Probe(ctx context.Context, h Hook) error {
	u, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, nil)
	if err != nil {
		return wrong("url", "is not an absolute address")
	}
	port := u.URL.Port()
	if port == "" {
		port = u.URL.Scheme
	}
	address := net.JoinHostPort(u.URL.Hostname(), port)
	var conn net.Conn
	if u.URL.Scheme == "https" {
		conn, err = (&tls.Dialer{NetDialer: h.dialer(nil), Config: h.tls()}).DialContext(ctx, "tcp", address)
	} else {
		conn, err = h.dialer(nil).DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return err
	}
	return conn.Close()
}
