package house

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/graphql/edge"
)

// publicHouse is a house that takes complaints, by its name and through Tor,
// and what it logs.
func publicHouse(t *testing.T, front Front) (*Web, *bytes.Buffer) {
	t.Helper()
	h, err := Open(Config{Dir: fresh.in(t), Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	establish(t, h, "hq")
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	web, err := h.WebAt(front, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})), "{me{role}}")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	return web, &logged
}

func askedOf(handler http.Handler, method, host, path, peer string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://"+host+path, nil)
	r.RemoteAddr = peer
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// Through Tor there are the pages of the public and nothing else, whatever a
// request says of itself.
func TestThroughTorThereIsTheIntakeAlone(t *testing.T) {
	web, _ := publicHouse(t, Front{Intake: true, OnionHosts: []string{"example.onion"}})
	for _, tt := range []struct {
		host, path string
		headers    []string
		status     int
	}{
		{"example.onion", "/public/", nil, 200},
		{"example.onion", "/", nil, 303},
		{"example.onion", "/public/receipt", []string{"X-Forwarded-For", "10.0.0.1"}, 200},
		{"other.onion", "/public/", nil, 421},
		{"example.onion", "/metrics", nil, 404},
		{"localhost", "/metrics", nil, 404},
		{"127.0.0.1", "/graphql", nil, 404},
		{"example.onion", "/console/", nil, 404},
		{"example.onion", "/hr/records", nil, 404},
		{"example.onion", "/log/checkpoint", nil, 404},
		{"example.onion", "/readyz", nil, 404},
	} {
		got := askedOf(web.Onion, "GET", tt.host, tt.path, "127.0.0.1:1", tt.headers...)
		if got.Code != tt.status || got.Header().Get("Set-Cookie") != "" || got.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%s%s: %d %v", tt.host, tt.path, got.Code, got.Header())
		}
		if strings.Contains(got.Body.String(), "/console/") {
			t.Errorf("%s%s leads to what is not there", tt.host, tt.path)
		}
	}
	if got := askedOf(web, "GET", "localhost", "/public/", "127.0.0.1:1"); got.Code != 200 || !strings.Contains(got.Body.String(), `href="/console/"`) || got.Header().Get("Onion-Location") != "http://example.onion/public/" {
		t.Errorf("by the other address: %d %v", got.Code, got.Header())
	}
}

// Of who asks for the pages of the public nothing is logged, on no level and
// whatever goes wrong.
func TestNothingIsLoggedOfWhoAsksThePublicPages(t *testing.T) {
	web, logged := publicHouse(t, Front{Intake: true, Edge: edge.Config{Hosts: []string{"ledger.example"}}})
	const peer = "203.0.113.77:4711"
	for _, tt := range []struct {
		method, host, path string
		headers            []string
	}{
		{"GET", "ledger.example", "/public/", nil},                // plain http: 403
		{"GET", "other.example", "/public/1234567890123456", nil}, // another name
		{"POST", "ledger.example", "/public/receipt", []string{"Sec-Fetch-Site", "cross-site"}},
		{"OPTIONS", "ledger.example", "/public/", []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}},
		{"POST", "ledger.example", "/public/complaint", []string{"Content-Type", "application/json"}},
	} {
		for _, secure := range []bool{false, true} {
			r := httptest.NewRequest(tt.method, map[bool]string{false: "http://", true: "https://"}[secure]+tt.host+tt.path, nil)
			r.RemoteAddr = peer
			for i := 0; i+1 < len(tt.headers); i += 2 {
				r.Header.Set(tt.headers[i], tt.headers[i+1])
			}
			web.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	if text := logged.String(); strings.Contains(text, "203.0.113.77") || strings.Contains(text, "1234567890123456") || !strings.Contains(text, "remote=withheld") {
		t.Errorf("the log is %s", text)
	}
}

func TestComplaintsAreNotTakenUnlessSaid(t *testing.T) {
	web, _ := publicHouse(t, Front{})
	if got := askedOf(web, "GET", "localhost", "/public/", "127.0.0.1:1"); got.Code != 404 {
		t.Errorf("%d", got.Code)
	}
	if got := askedOf(web, "GET", "localhost", "/", "127.0.0.1:1"); strings.Contains(got.Body.String(), "/public/") {
		t.Error("the first page leads to what is not there")
	}
}
