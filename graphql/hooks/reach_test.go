package hooks

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
)

func TestOnlyTheOpenInternetIsReached(t *testing.T) {
	for _, a := range []string{"93.184.216.34", "1.1.1.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "172.32.0.1", "100.128.0.1"} {
		if err := (reach{}).allow(netip.MustParseAddr(a)); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, a := range []string{
		"127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
		"168.63.129.16", "192.0.0.192", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:93.184.216.34", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
		"ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2606:2800:21f:cb07::1%eth0", "100::1", "4000::1",
	} {
		if (reach{}).allow(netip.MustParseAddr(a)) == nil {
			t.Errorf("%s is reached", a)
		}
	}
	named := reach{networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}}
	for a, want := range map[string]bool{"10.1.2.3": true, "10.2.0.1": false, "fd12::1": true, "fd12::1%eth0": false, "127.0.0.1": false, "::ffff:10.1.2.3": false, "1.1.1.1": true} {
		if got := named.allow(netip.MustParseAddr(a)) == nil; got != want {
			t.Errorf("%s, with networks: %v", a, got)
		}
	}
	for a, want := range map[string]bool{"127.0.0.1": true, "::1": true, "10.0.0.1": false, "1.1.1.1": false} {
		if got := (reach{loopback: true}).allow(netip.MustParseAddr(a)) == nil; got != want {
			t.Errorf("%s, for plain: %v", a, got)
		}
	}
}

// nameServer answers each question for an IPv4 address with the next of them.
func nameServer(t *testing.T, answers ...[4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	var asked atomic.Int32
	go func() {
		q := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(q)
			if err != nil {
				return
			}
			end := 12
			for q[end] != 0 {
				end += int(q[end]) + 1
			}
			question := q[12 : end+5]
			answer := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
			if n > end && binary.BigEndian.Uint16(q[end+1:]) == 1 { // A
				answer[7] = 1
				ip := answers[min(int(asked.Add(1)), len(answers))-1]
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ip[0], ip[1], ip[2], ip[3])
			}
			conn.WriteTo(answer, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// A name that leads outside when it is looked at, and inside when it is
// connected to, leads nowhere.
func TestANameThatChangesIsNoWayInside(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was reached") }))
	defer inside.Close()
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	h := hook(t)
	h.URL = "http://rebind.example:" + port // as if it had passed
	resolver := nameServer(t, [4]byte{93, 184, 216, 34}, [4]byte{127, 0, 0, 1})
	if ips, err := resolver.LookupNetIP(t.Context(), "ip4", "rebind.example"); err != nil || ips[0].String() != "93.184.216.34" {
		t.Fatalf("%v, %v", ips, err)
	}
	s := newSender(h, h.transport(h.dialer(resolver).DialContext), time.Now)
	err := s.post(t.Context(), "id", []byte("{}"))
	if f, ok := errors.AsType[*failure](err); !ok || !strings.Contains(f.why, "127.0.0.1 is not an address of the open Internet") {
		t.Errorf("%v", err)
	}
}

// No proxy of the environment comes between, and TLS is for the name.
func TestReceiversAreKnownByTheirCertificate(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	var got int
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got++ }))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	srv.StartTLS()
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	good := hook(t)
	good.URL, good.Networks = "https://127.0.0.1:"+port+"/in", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	strange := good // the system's authorities do not know it
	good.Roots = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	wrongName := good
	wrongName.URL = "https://localhost:" + port // the certificate is for example.com and addresses
	for _, tt := range []struct {
		hook Hook
		want string
	}{{good, ""}, {strange, "unknown authority"}, {wrongName, "not localhost"}} {
		for way, do := range map[string]func() error{
			"post":  func() error { return Try(t.Context(), tt.hook, "test.example/ledger") },
			"probe": func() error { return Probe(t.Context(), tt.hook) },
		} {
			if err := do(); (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s to %s: %v, want %q", way, tt.hook.URL, err, tt.want)
			}
		}
	}
	if got != 1 {
		t.Errorf("%d messages came, a probe sends none", got)
	}
}

func TestWhatIsWrongWithAHook(t *testing.T) {
	for _, tt := range []struct {
		change func(*Hook)
		want   string
	}{
		{func(*Hook) {}, ""},
		{func(h *Hook) { h.Kinds, h.Records = nil, true }, ""},
		{func(h *Hook) { h.Units = []domain.UnitID{"*"} }, ""},
		{func(h *Hook) { h.URL, h.Plain = "http://127.0.0.1:9/x", true }, ""},
		{func(h *Hook) { h.Name = "../up" }, "name must be"},
		{func(h *Hook) { h.URL = "" }, "url is missing"},
		{func(h *Hook) { h.URL = "pay.example" }, "url is not an absolute"},
		{func(h *Hook) { h.URL = "ftp://pay.example" }, "url is not an https"},
		{func(h *Hook) { h.URL = "https://u:p@pay.example" }, "url has a user"},
		{func(h *Hook) { h.URL = "https://pay.example/#x" }, "url has a fragment"},
		{func(h *Hook) { h.URL = "http://pay.example" }, "on this machine alone"},
		{func(h *Hook) { h.URL, h.Plain = "http://pay.example", true }, "on this machine alone"},
		{func(h *Hook) { h.URL = "http://localhost" }, "allow-plain"},
		{func(h *Hook) { h.Plain = true }, "allow-plain is for http"},
		{func(h *Hook) { h.URL = "https://10.0.0.1/" }, "not an address of the open Internet"},
		{func(h *Hook) { h.URL = "https://[::ffff:1.1.1.1]/" }, "IPv4 address in the form of IPv6"},
		{func(h *Hook) { h.Keys = nil }, "secret-file is missing"},
		{func(h *Hook) { h.Role = domain.RoleLeader }, "role must be"},
		{func(h *Hook) { h.Units = nil }, "units are missing"},
		{func(h *Hook) { h.Units = []domain.UnitID{"h q"} }, "is no id of a unit"},
		{func(h *Hook) { h.Kinds = nil }, "kinds are missing"},
		{func(h *Hook) { h.Records = true }, "make two hooks"},
		{func(h *Hook) { h.Attempts = 11 }, "attempts must be"},
	} {
		h := hook(t)
		tt.change(&h)
		if err := h.Check(); (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}

func TestKindsByPattern(t *testing.T) {
	c := catalog.New()
	all := 0
	for _, room := range c.Aggregates {
		if room.Name != "access" {
			all += len(room.Events)
		}
	}
	for _, tt := range []struct {
		patterns []string
		kinds    int
		want     string
	}{
		{[]string{"sanction.*", "sanction.imposed.v2"}, len(c.Room("sanction").Events), ""},
		{[]string{"officer.enrolled.v1"}, 1, ""},
		{[]string{"*"}, all, ""},
		{[]string{"sanctions.*"}, 0, "no kind of event"},
		{[]string{"officer.enrolled"}, 0, "no kind of event"},
		{[]string{"access.*"}, 0, "another"},
		{[]string{"access.read.v1"}, 0, "another"},
	} {
		kinds, err := Kinds(c, tt.patterns)
		if len(kinds) != tt.kinds || (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %d kinds, %v", tt.patterns, len(kinds), err)
		}
	}
}
