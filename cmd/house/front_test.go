package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/edge"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/graphql/signin/jwks"
	"github.com/probity-ledger/probity/graphql/signin/signintest"
)

// fronted is a house that is served over TLS for an outside issuer.
type fronted struct {
	*httptest.Server
	house  *House
	issuer *signintest.Issuer
	stop   func()
}

func newFronted(t *testing.T) *fronted {
	t.Helper()
	issuer := signintest.NewTLS(t)
	issuer.Add("one", "ES256")
	h, err := Open(Config{Dir: fresh.in(t), Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	establish(t, h, "hq")
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := &fronted{house: h, issuer: issuer}
	web, err := h.WebAt(Front{
		Issuers: []OutsideIssuer{{
			Trusted: signin.Trusted{Issuer: issuer.URL, Audience: "probity", Methods: []string{"ES256", "RS256"},
				Mapping: signin.Mapping{Role: "role", Units: []string{"units"}, Allowed: []domain.Role{domain.RoleAuditor, domain.RoleHR}}},
			Keys: jwks.Config{Roots: issuer.Roots()},
		}},
		Edge:    edge.Config{Hosts: []string{"ledger.example"}, Origins: []string{"https://portal.example"}},
		Denials: "denials.log",
	}, slog.New(slog.DiscardHandler), "{me{role}}")
	if err != nil {
		t.Fatal(err)
	}
	web.SetReady()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- web.Run(ctx) }()
	f.Server = httptest.NewTLSServer(web)
	f.stop = sync.OnceFunc(func() {
		f.Server.Close()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ends with %v", err)
		}
		if err := errors.Join(web.Close(), h.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(f.stop)
	return f
}

// ask asks the server by its public name.
func (f *fronted) ask(t *testing.T, method, path, token, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "ledger.example"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := f.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(raw)
}

const askMe = `{"query":"{me{subject role}}"}`

func TestAHouseBehindAnOutsideIssuer(t *testing.T) {
	f := newFronted(t)
	auditor := f.issuer.Token("one", map[string]any{"role": "auditor", "units": "hq"})
	if res, body := f.ask(t, "POST", "/graphql", auditor, askMe); res.StatusCode != 200 || !strings.Contains(body, `"subject":"o-7"`) {
		t.Fatalf("an auditor: %d %s", res.StatusCode, body)
	}
	laptop, err := signin.OpenIssuer(filepath.Join(f.house.Dir, IssuerFile))
	if err != nil {
		t.Fatal(err)
	}
	own, _, err := laptop.Mint(signin.Grant{Subject: "o-7", Role: domain.RoleAuditor})
	if err != nil {
		t.Fatal(err)
	}
	hr := f.issuer.Token("one", map[string]any{"role": "hr", "units": "hq"})
	tests := []struct {
		name, method, path, token, body string
		headers                         []string
		status                          int
		want                            string
	}{
		{"the laptop's token", "POST", "/graphql", own, askMe, nil, 401, `"reason":"issuer"`},
		{"a sign-in link", "GET", "/signin?token=" + auditor, "", "", nil, 404, ""},
		{"the public", "POST", "/graphql", "", askMe, nil, 200, `"role":"PUBLIC"`},
		{"a cookie", "POST", "/graphql", "", askMe, []string{"Cookie", signin.Cookie + "=" + auditor}, 200, `"role":"PUBLIC"`},
		{"entries for an auditor", "GET", "/log/tile/entries/000.p/1", auditor, "", nil, 200, `{"payload":`},
		{"entries for HR", "GET", "/log/tile/entries/000.p/1", hr, "", nil, 403, "auditors only"},
		{"metrics from this machine", "GET", "/metrics", "", "", nil, 200, "probity_issuer_keys"},
		{"the page", "GET", "/graphiql/", "", "", nil, 200, "<html"},
		{"a query by GET", "GET", "/graphql?query=%7Bme%7Brole%7D%7D", auditor, "", nil, 200, "AUDITOR"},
		{"a query by GET from another site", "GET", "/graphql?query=%7Bme%7Brole%7D%7D", auditor, "", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example"}, 403, "CROSS_ORIGIN"},
		{"a query by GET from an origin", "GET", "/graphql?query=%7Bme%7Brole%7D%7D", auditor, "", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://portal.example"}, 200, "AUDITOR"},
		{"a query by POST from an origin", "POST", "/graphql", auditor, askMe, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://portal.example"}, 200, "AUDITOR"},
		{"a query by POST from another site", "POST", "/graphql", auditor, askMe, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example"}, 403, "CROSS_ORIGIN"},
		{"a mutation by GET", "GET", "/graphql?query=mutation%7Bprepare(instruction:%22x%22)%7BtoSign%7D%7D", auditor, "", nil, 405, ""},
		{"a huge body", "POST", "/graphql", auditor, `{"query":"` + strings.Repeat(" ", edge.MaxBody) + `"}`, nil, 413, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res, body := f.ask(t, test.method, test.path, test.token, test.body, test.headers...)
			if res.StatusCode != test.status || !strings.Contains(body, test.want) {
				t.Errorf("got %d %.300s, want %d %s", res.StatusCode, body, test.status, test.want)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Strict-Transport-Security"} {
				if res.Header.Get(name) == "" {
					t.Errorf("the answer has no %s", name)
				}
			}
			if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("policy %q", csp)
			}
		})
	}
	raw, err := os.ReadFile(filepath.Join(f.house.Dir, "denials.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"reason":"issuer","status":401`, `"reason":"forbidden","status":403,"remote":"127.0.0.1","method":"GET","path":"/log/tile/entries/000.p/1"`, `"issuer":"urn:probity:laptop"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no record of %s in\n%s", want, raw)
		}
	}
	if strings.Contains(string(raw), "eyJ") || strings.Contains(string(raw), "o-7") {
		t.Errorf("a token or a person is recorded:\n%s", raw)
	}
}

// A flood of tokens with made-up keys reaches the issuer once, and the log of
// denials so many times.
func TestAFloodOfTokensIsBorne(t *testing.T) {
	f := newFronted(t)
	good := f.issuer.Token("one", map[string]any{"role": "hr", "units": "hq"})
	if res, body := f.ask(t, "POST", "/graphql", good, askMe); res.StatusCode != 200 {
		t.Fatal(body)
	}
	before, start := f.issuer.Requests(signintest.KeysPath), time.Now()
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 50 {
				key := signintest.NewKey(fmt.Sprintf("%d-%d", worker, i), "ES256")
				if res, body := f.ask(t, "POST", "/graphql", key.Sign(f.issuer.Claims(map[string]any{"role": "hr"})), askMe); res.StatusCode != 401 || !strings.Contains(body, `"reason":"key"`) {
					t.Errorf("%d %s", res.StatusCode, body)
				}
			}
		})
	}
	all.Wait()
	if n, most := f.issuer.Requests(signintest.KeysPath)-before, 1+int(time.Since(start)/jwks.DefaultRefetch); n > most {
		t.Errorf("the flood asked the issuer %d times, want at most %d", n, most)
	}
	if res, body := f.ask(t, "POST", "/graphql", good, askMe); res.StatusCode != 200 {
		t.Errorf("an honest token afterwards: %s", body)
	}
	if _, body := f.ask(t, "GET", "/metrics", "", ""); !strings.Contains(body, `probity_denials_total{reason="key"} 400`) {
		t.Error("the flood is not counted")
	}
	raw, err := os.ReadFile(filepath.Join(f.house.Dir, "denials.log"))
	most := denial.DefaultBurst + 1 + denial.DefaultPerSecond*int(time.Since(start)/time.Second+1)
	if lines := strings.Count(string(raw), "\n"); err != nil || lines < denial.DefaultBurst || lines > most {
		t.Errorf("%d of 400 denials are written, want at most %d (%v)", lines, most, err)
	}
}

func TestTheFrontEndsCleanly(t *testing.T) {
	before := goleak.IgnoreCurrent()
	f := newFronted(t)
	f.ask(t, "POST", "/graphql", f.issuer.Token("one", map[string]any{"role": "hr"}), askMe)
	f.Client().CloseIdleConnections()
	f.stop()
	f.issuer.Close()
	goleak.VerifyNone(t, before)
}

func TestAFrontOfOneMachineIsAsBefore(t *testing.T) {
	h, err := Open(Config{Dir: fresh.in(t), Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	web, err := h.Web(slog.New(slog.DiscardHandler), "")
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := web.Issuer.Mint(signin.Grant{Subject: "o-7", Role: domain.RoleAuditor, Lifetime: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"localhost": 303, "127.0.0.1:8080": 303, "ledger.example": 421} {
		r := httptest.NewRequest("GET", "/signin?token="+token, nil)
		r.Host, r.RemoteAddr = host, "127.0.0.1:9"
		w := httptest.NewRecorder()
		web.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", host, w.Code, w.Body, want)
		}
	}
}
