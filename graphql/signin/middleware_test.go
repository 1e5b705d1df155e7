package signin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// who answers with the role and subject it was given.
var who = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	p, ok := FromContext(r.Context())
	fmt.Fprintf(w, "%v %s:%s", ok, p.Role, p.Subject)
})

func TestRequire(t *testing.T) {
	issuer := testIssuer(t)
	verifier := testVerifier(t, issuer)
	token, _, err := issuer.Mint(Grant{Subject: "o-7", Role: domain.RoleHR})
	if err != nil {
		t.Fatal(err)
	}
	const in, out = "true hr:o-7", "true public:"
	plain, page := []Option(nil), []Option{AllowPublic(), FromCookie()}
	tests := []struct {
		name      string
		options   []Option
		method    string
		headers   []string
		cookies   []string
		status    int
		body      string
		challenge string
	}{
		{"a token signs in", plain, "POST", []string{"Bearer " + token}, nil, 200, in, ""},
		{"the scheme is read in any case", plain, "GET", []string{"bEaReR  " + token}, nil, 200, in, ""},
		{"no token", plain, "POST", nil, nil, 401, `"reason":"missing"`, `Bearer realm="probity"`},
		{"no token, but the public may", page, "POST", nil, nil, 200, out, ""},
		{"a wrong token, though the public may", page, "GET", []string{"Bearer x.y.z"}, nil, 401, `"reason":"malformed"`, `error="invalid_token"`},
		{"two headers", plain, "GET", []string{"Bearer " + token, "Bearer " + token}, nil, 400, `"reason":"request"`, `error="invalid_request"`},
		{"two tokens in one header", plain, "GET", []string{"Bearer " + token + ", Bearer " + token}, nil, 400, `"reason":"request"`, `error="invalid_request"`},
		{"a scheme without a token", plain, "GET", []string{"Bearer "}, nil, 400, `"reason":"request"`, `error="invalid_request"`},
		{"an empty header", plain, "GET", []string{""}, nil, 401, `"reason":"missing"`, `Bearer realm="probity"`},
		{"another scheme, though the public may", page, "GET", []string{"Basic eDp5"}, nil, 401, `"reason":"missing"`, `Bearer realm="probity"`},
		{"a cookie where none is taken", plain, "GET", nil, []string{token}, 401, `"reason":"missing"`, `Bearer realm="probity"`},
		{"a cookie on a page", page, "GET", nil, []string{token}, 200, in, ""},
		{"a cookie on a POST of a page", page, "POST", nil, []string{token}, 200, out, ""},
		{"a wrong cookie on a page", page, "GET", nil, []string{"x"}, 401, `"reason":"malformed"`, `error="invalid_token"`},
		{"two cookies on a page", page, "GET", nil, []string{token, "x"}, 400, `"reason":"request"`, `error="invalid_request"`},
		{"a header goes before the cookie", page, "GET", []string{"Bearer " + token}, []string{"x"}, 200, in, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, "/graphql?access_token="+token, nil)
			for _, value := range test.headers {
				r.Header.Add("Authorization", value)
			}
			for _, value := range test.cookies {
				r.AddCookie(&http.Cookie{Name: Cookie, Value: value})
			}
			w := httptest.NewRecorder()
			Require(verifier, test.options...)(who).ServeHTTP(w, r)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.body) {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, test.status, test.body)
			}
			if got := w.Header().Get("WWW-Authenticate"); !strings.Contains(got, test.challenge) || (got == "") != (test.challenge == "") {
				t.Errorf("challenge %q, want %q", got, test.challenge)
			}
			if w.Code != 200 {
				checkErrorBody(t, w)
			}
		})
	}
}

func checkErrorBody(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if len(body.Errors) != 1 || body.Errors[0].Message == "" || body.Errors[0].Extensions.Code != "UNAUTHENTICATED" {
		t.Errorf("not a GraphQL error: %s", w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q, want no-store", got)
	}
}

func TestARefusalComesInTheMediaTypeAskedFor(t *testing.T) {
	handler := Require(testVerifier(t, testIssuer(t)))(who)
	for accept, want := range map[string]string{
		"": "application/json; charset=utf-8", "*/*": "application/json; charset=utf-8",
		mediaGraphQL + ", application/json;q=0.9": mediaGraphQL + "; charset=utf-8",
	} {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Type"); got != want {
			t.Errorf("Accept %q: Content-Type %q, want %q", accept, got, want)
		}
	}
}

func TestASignInLinkSetsAStrictCookie(t *testing.T) {
	issuer := testIssuer(t)
	token, _, err := issuer.Mint(Grant{Subject: "o-7", Role: domain.RoleHR})
	if err != nil {
		t.Fatal(err)
	}
	link := Link(testVerifier(t, issuer), "/graphiql/")
	tests := []struct {
		name, method, query string
		status              int
		location            string
	}{
		{"home", "GET", "token=" + token, 303, "/graphiql/"},
		{"a path", "GET", "to=/console/officers%3Fpage=2&token=" + token, 303, "/console/officers?page=2"},
		{"another host", "GET", "to=https://elsewhere/&token=" + token, 400, ""},
		{"another host without a scheme", "GET", "to=//elsewhere/&token=" + token, 400, ""},
		{"another host behind a backslash", "GET", "to=/%5Celsewhere&token=" + token, 400, ""},
		{"another host behind a tab", "GET", "to=/%09/elsewhere&token=" + token, 400, ""},
		{"a relative path", "GET", "to=elsewhere&token=" + token, 400, ""},
		{"a script", "GET", "to=javascript:alert(1)&token=" + token, 400, ""},
		{"a wrong token", "GET", "token=x.y.z", 401, ""},
		{"no token", "GET", "", 401, ""},
		{"another method", "POST", "token=" + token, 405, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			link.ServeHTTP(w, httptest.NewRequest(test.method, "/signin?"+test.query, nil))
			if w.Code != test.status || w.Header().Get("Location") != test.location {
				t.Fatalf("got %d to %q, want %d to %q", w.Code, w.Header().Get("Location"), test.status, test.location)
			}
			var set string
			for _, c := range w.Result().Cookies() {
				if c.Name == Cookie {
					set = c.Value
					if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
						t.Errorf("the cookie is open to others: %v", c)
					}
				}
			}
			if (set == token) != (test.status == 303) {
				t.Errorf("status %d sets cookie %q", test.status, set)
			}
		})
	}
}
