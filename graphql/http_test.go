package graphql_test

import (
	"crypto"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
)

// served is the service of the shared agency over HTTP, behind the sign-in.
type served struct {
	*httptest.Server
	issuer *signin.Issuer
	dir    string // of the issuer's keys
}

func serve(t testing.TB, opts ...signin.Option) *served {
	t.Helper()
	return serveOne(t, shared().service, opts...)
}

func serveOne(t testing.TB, service *graphql.Service, opts ...signin.Option) *served {
	t.Helper()
	dir := t.TempDir()
	issuer := ok(signin.OpenIssuer(filepath.Join(dir, "issuer.pem")))
	handler := ok(service.Handler())
	s := &served{httptest.NewServer(signin.Require(ok(issuer.Verifier()), opts...)(handler)), issuer, dir}
	t.Cleanup(s.Close)
	return s
}

func (s *served) token(role domain.Role, subject string, units ...domain.UnitID) string {
	token, _, err := s.issuer.Mint(signin.Grant{Subject: subject, Role: role, Units: units, Lifetime: time.Minute})
	if err != nil {
		panic(err)
	}
	return token
}

// send sends a request and returns the status and body.
func send(t testing.TB, req *http.Request, token string) (int, string) {
	t.Helper()
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode, strings.TrimSpace(string(ok(io.ReadAll(res.Body))))
}

func (s *served) post(body string) *http.Request {
	req := ok(http.NewRequest(http.MethodPost, s.URL, strings.NewReader(body)))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	return req
}

func (s *served) get(values url.Values) *http.Request {
	req := ok(http.NewRequest(http.MethodGet, s.URL+"?"+values.Encode(), nil))
	req.Header.Set("Accept", "application/graphql-response+json")
	return req
}

const whoAmI = `{"query":"{ me { subject role units } officer(id: \"P1\") { id } }"}`

func TestOverHTTPTheTokenSaysWhoAsks(t *testing.T) {
	s := serve(t)
	foreign := serve(t)
	for _, c := range []struct {
		name, token string
		status      int
		want        string
	}{
		{"an auditor", s.token(domain.RoleAuditor, "X"), 200, `{"data":{"me":{"subject":"X","role":"AUDITOR","units":[]},"officer":{"id":"P1"}}}`},
		{"an inspector of another unit", s.token(domain.RoleInspector, "I9", "D2"), 200, `{"data":{"me":{"subject":"I9","role":"INSPECTOR","units":["D2"]},"officer":null}}`},
		{"the officer", s.token(domain.RoleOfficer, "P1"), 200, `{"data":{"me":{"subject":"P1","role":"OFFICER","units":[]},"officer":{"id":"P1"}}}`},
		{"nobody", "", 401, ""},
		{"a token of another issuer's key", foreign.token(domain.RoleAuditor, "X"), 401, ""},
		{"no token at all", "abc", 401, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := send(t, s.post(whoAmI), c.token)
			if status != c.status || (c.want != "" && body != c.want) {
				t.Errorf("status %d, body %s; want %d, %s", status, body, c.status, c.want)
			}
			if c.status == 401 && (strings.Contains(body, `"data"`) || !strings.Contains(body, `"errors"`)) {
				t.Errorf("body %s", body)
			}
		})
	}
}

func TestATokenRunsOut(t *testing.T) {
	s := serve(t)
	token, expires, err := s.issuer.Mint(signin.Grant{Subject: "X", Role: domain.RoleAuditor, Lifetime: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	// A verifier of the same key, after the token's life and the leeway.
	public := ok(ledger.ParsePublicKeys(ok(os.ReadFile(filepath.Join(s.dir, "issuer.pub.pem")))))
	later := expires.Add(signin.Leeway + time.Second)
	verifier := ok(signin.NewVerifier(signin.Config{
		Issuer: signin.LaptopIssuer, Audience: signin.LaptopAudience, Now: func() time.Time { return later },
		Key: func(string) (crypto.PublicKey, bool) { return public[0], true },
	}))
	server := httptest.NewServer(signin.Require(verifier)(ok(shared().service.Handler())))
	defer server.Close()
	req := ok(http.NewRequest(http.MethodPost, server.URL, strings.NewReader(whoAmI)))
	req.Header.Set("Content-Type", "application/json")
	if status, body := send(t, req, token); status != 401 || !strings.Contains(body, "expired") {
		t.Errorf("status %d, body %s", status, body)
	}
}

func TestThePublicMayAskWhereItIsLetIn(t *testing.T) {
	s := serve(t, signin.AllowPublic())
	if status, body := send(t, s.post(whoAmI), ""); status != 200 || body != `{"data":{"me":{"subject":null,"role":"PUBLIC","units":[]},"officer":null}}` {
		t.Errorf("status %d, body %s", status, body)
	}
	if status, _ := send(t, s.post(whoAmI), "abc"); status != 401 {
		t.Errorf("a wrong token: status %d", status)
	}
}

func TestGetAndPostAnswerAlike(t *testing.T) {
	s := serve(t)
	token := s.token(domain.RoleAuditor, "X")
	const query, want = `query Q($id: ID!) { unit(id: $id) { name id } }`, `{"data":{"unit":{"name":"报关窗口","id":"W1"}}}`
	for name, req := range map[string]*http.Request{
		"GET":  s.get(url.Values{"query": {query}, "variables": {`{"id":"W1"}`}}),
		"POST": s.post(string(ok(json.Marshal(map[string]any{"query": query, "variables": map[string]any{"id": "W1"}, "operationName": "Q"})))),
	} {
		if status, body := send(t, req, token); status != 200 || body != want {
			t.Errorf("%s: status %d, body %s", name, status, body)
		}
	}
}

func TestRequestErrorsHaveNoDataAndStatus400(t *testing.T) {
	s := serve(t)
	token := s.token(domain.RoleAuditor, "X")
	for name, req := range map[string]*http.Request{
		"malformed document": s.post(`{"query":"{ officer("}`),
		"unknown field":      s.get(url.Values{"query": {"{ nothing }"}}),
		"wrong variable":     s.post(`{"query":"query Q($n: Int) { officers(first: $n) { totalCount } }","variables":{"n":"x"}}`),
		"malformed JSON":     s.post(`{"query":`),
		"fragment cycle":     s.post(`{"query":"{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"}`),
	} {
		status, body := send(t, req, token)
		if status != 400 || strings.Contains(body, `"data"`) || !strings.Contains(body, `"code"`) {
			t.Errorf("%s: status %d, body %s", name, status, body)
		}
	}
	if status, body := send(t, s.post(`{"query":"{ officers(first: 501) { totalCount } }"}`), token); status != 200 || !strings.Contains(body, `"data":{"officers":null}`) {
		t.Errorf("field error: status %d, body %s", status, body)
	}
	if status, _ := send(t, s.get(url.Values{"query": {"mutation { __typename }"}}), token); status < 400 {
		t.Errorf("a mutation by GET: status %d", status)
	}
}

func TestWithoutAPrincipalNothingIsAnswered(t *testing.T) {
	w := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(whoAmI))
	req.Header.Set("Content-Type", "application/json")
	ok(shared().service.Handler()).ServeHTTP(w, req)
	if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "UNAUTHENTICATED") || strings.Contains(w.Body.String(), "data") {
		t.Errorf("status %d, body %s", w.Code, w.Body)
	}
}
