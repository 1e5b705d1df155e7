package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// fake answers every document with what it is given, and remembers who asked.
type fake struct {
	answer Answer
	asked  []Question
}

// newHandler makes a console in which the token is the role.
func newHandler(t *testing.T, f *fake) *Handler {
	t.Helper()
	h, err := New(Config{
		Origin: "test.example/ledger", Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
		Enter: func(_ *http.Request, token string) (Visitor, error) {
			v := Visitor{Role: "public", Ask: func(_ context.Context, q Question) Answer {
				f.asked = append(f.asked, q)
				return f.answer
			}}
			switch token {
			case "":
			case "expired":
				return v, fmt.Errorf("token: %w", ErrExpired)
			case "down":
				return v, ErrUnavailable
			case "auditor", "officer":
				v.Role, v.Subject, v.Expires = token, "somebody", time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC)
			default:
				return v, errors.New("forged")
			}
			return v, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

type request struct {
	method, path, body string
	header             map[string]string
	token              string
}

func (a request) to(t *testing.T, h http.Handler) (*http.Response, string) {
	t.Helper()
	if a.method == "" {
		a.method = http.MethodGet
	}
	r := httptest.NewRequest(a.method, "http://127.0.0.1:8080"+a.path, strings.NewReader(a.body))
	if a.body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if a.method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if a.token != "" {
		r.AddCookie(&http.Cookie{Name: "probity-console", Value: a.token})
	}
	for k, v := range a.header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(raw)
}

// everyPath is an address of every route.
func everyPath(h *Handler) []string {
	out := []string{"/console/", "/console/signin", "/console/nowhere", "/console/verify", "/console/sign", "/console/sign/prepare", "/console/events/x/check", h.files.Base + "/console.css", h.files.Base + "/nothing"}
	all := slices.Clone(pages)
	for _, p := range papers {
		all = append(all, p.page)
	}
	for _, p := range all {
		out = append(out, Path+strings.NewReplacer("{id}", "x", "{type}", "case", "{article}", "I1").Replace(p.route))
	}
	return out
}

func TestHeadersStandOnEveryRoute(t *testing.T) {
	h := newHandler(t, &fake{answer: Answer{Errors: []Problem{{Code: "INTERNAL", Message: "no"}}}})
	for _, path := range everyPath(h) {
		for _, token := range []string{"", "auditor", "expired", "forged", "down"} {
			for _, method := range []string{"GET", "POST", "DELETE"} {
				resp, body := request{method: method, path: path, token: token}.to(t, h)
				for name, want := range map[string]string{
					"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
				} {
					if got := resp.Header.Get(name); got != want {
						t.Errorf("%s %s as %q: %s is %q", method, path, token, name, got)
					}
				}
				cached := resp.StatusCode == 200 && strings.HasSuffix(path, ".css")
				if got := resp.Header.Get("Cache-Control"); (got == "no-store") == cached {
					t.Errorf("%s %s as %q: Cache-Control is %q", method, path, token, got)
				}
				if strings.Contains(body, "<style") || regexp.MustCompile(`<script(?: type="[^"]*")?>|\son[a-z]+=|\sstyle=`).MatchString(body) {
					t.Errorf("%s %s holds a script or style of its own", method, path)
				}
			}
		}
	}
}

func TestOthersAreLedToTheSignInAndBack(t *testing.T) {
	h := newHandler(t, &fake{answer: Answer{Data: json.RawMessage(`{"me":{"role":"AUDITOR"}}`)}})
	const wanted = "/console/officers?name=%E5%BC%A0"
	for _, tt := range []struct{ token, why string }{{"", ""}, {"expired", "ended"}, {"forged", "again"}} {
		resp, _ := request{path: wanted, token: tt.token}.to(t, h)
		to, err := url.Parse(resp.Header.Get("Location"))
		if err != nil || resp.StatusCode != http.StatusSeeOther || to.Path != signInPath || to.Query().Get("to") != wanted || to.Query().Get("why") != tt.why {
			t.Errorf("token %q: %d %s", tt.token, resp.StatusCode, to)
		}
		if forgets := strings.Contains(resp.Header.Get("Set-Cookie"), "Max-Age=0"); forgets != (tt.token != "") {
			t.Errorf("token %q: the cookie is forgotten: %v", tt.token, forgets)
		}
	}
	resp, _ := request{path: wanted, token: "down"}.to(t, h)
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Set-Cookie") != "" {
		t.Errorf("an issuer that is down: %d, and the session is gone: %q", resp.StatusCode, resp.Header.Get("Set-Cookie"))
	}

	form := url.Values{"token": {"auditor"}, "to": {wanted}}.Encode()
	resp, _ = request{method: "POST", path: signInPath, body: form}.to(t, h)
	cookie := resp.Header.Get("Set-Cookie")
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != wanted {
		t.Errorf("signed in: %d %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	for _, want := range []string{"probity-console=auditor;", "HttpOnly", "SameSite=Strict", "Path=/console", "Expires=Sun, 01 Mar 2026 13:00:00 GMT"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Error("over plain HTTP a cookie for TLS alone is lost")
	}
	resp, body := request{method: "POST", path: signInPath, body: url.Values{"token": {"forged"}, "to": {wanted}}.Encode()}.to(t, h)
	if resp.StatusCode != http.StatusUnprocessableEntity || resp.Header.Get("Set-Cookie") != "" || !strings.Contains(body, `value="`+strings.ReplaceAll(wanted, "&", "&amp;")+`"`) || strings.Contains(body, "forged") {
		t.Errorf("a forged token: %d %s", resp.StatusCode, body)
	}
	resp, _ = request{method: "POST", path: "/console/signout", token: "auditor"}.to(t, h)
	if !strings.Contains(resp.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Error("signing out keeps the token")
	}
}

func TestBeyondThisMachineCookiesAreForTLSAlone(t *testing.T) {
	for host, want := range map[string]bool{"127.0.0.1:8080": false, "localhost": false, "[::1]:80": false, "ledger.example": true, "192.0.2.1:443": true, "localhost.example": true} {
		r := httptest.NewRequest("GET", "/console/", nil)
		r.Host = host
		if secure(r) != want || strings.HasPrefix(sessionName(r), "__Secure-") != want {
			t.Errorf("%s: secure is %v, the cookie %s", host, secure(r), sessionName(r))
		}
	}
}

func TestNobodyIsLedAway(t *testing.T) {
	for _, to := range []string{
		"", "https://evil.example/console/", "//evil.example/console/", "/\\evil.example", "/console/\\evil", "javascript:alert(1)", "/console", "/other",
		"/console/../admin", "/console/..", "/console/a/../../x", "/console//evil.example", "/console/\t/evil", "/console/signin?to=/console/signin", "\n/console/", " /console/", "/console/#x", "/console/\x7f",
	} {
		if got := back(to); got != "/console/" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	for _, to := range []string{"/console/", "/console/officers?after=a%3D&name=%E5%BC%A0", "/console/tracebacks/case:SW-1"} {
		if got := back(to); got != to {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	h := newHandler(t, &fake{})
	for _, query := range []string{"?lang=zh&to=//evil.example", "?lang=zh", "?lang=%22%3E"} {
		for _, path := range []string{"/console/", "/console//evil.example/", "/console/signin"} {
			resp, _ := request{path: path + query}.to(t, h)
			if to := resp.Header.Get("Location"); !strings.HasPrefix(to, "/console/") || strings.HasPrefix(to, "//") {
				t.Errorf("%s%s leads to %q", path, query, to)
			}
		}
	}
}

func TestWhatAnotherSiteSendsIsRefused(t *testing.T) {
	h := newHandler(t, &fake{})
	for _, path := range []string{signInPath, "/console/signout", "/console/officers/x"} {
		for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "", "Origin": "null"}} {
			resp, _ := request{method: "POST", path: path, body: "token=auditor", token: "auditor", header: header}.to(t, h)
			if resp.StatusCode != http.StatusForbidden || resp.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s with %v: %d", path, header, resp.StatusCode)
			}
		}
	}
	if resp, _ := (request{method: "POST", path: signInPath, body: `{"token":"auditor"}`, header: map[string]string{"Content-Type": "application/json"}}).to(t, h); resp.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("JSON: %d", resp.StatusCode)
	}
	if resp, _ := (request{method: "POST", path: signInPath, body: "token=" + strings.Repeat("x", maxForm)}).to(t, h); resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge form: %d", resp.StatusCode)
	}
}

func TestWhatIsRefusedHasItsStatus(t *testing.T) {
	f := &fake{}
	h := newHandler(t, f)
	for code, want := range map[string]int{"BAD_USER_INPUT": 400, "BUDGET_EXCEEDED": 429, "QUERY_TOO_COSTLY": 429, "UNAVAILABLE": 503, "TIMEOUT": 503, "INTERNAL": 500, "INTEGRITY_FAILURE": 500} {
		f.answer = Answer{Errors: []Problem{{Code: code, Message: `"><script>alert(1)</script>`}}, Data: json.RawMessage(`{"officer":{"id":"x"}}`)}
		resp, body := request{path: "/console/officers/x", token: "auditor"}.to(t, h)
		if resp.StatusCode != want || strings.Contains(body, "<script>alert") {
			t.Errorf("%s: %d, want %d", code, resp.StatusCode, want)
		}
	}
	f.answer = Answer{Data: json.RawMessage(`{"officer":null}`)}
	if resp, _ := (request{path: "/console/officers/x", token: "auditor"}).to(t, h); resp.StatusCode != 404 {
		t.Errorf("what is not there: %d", resp.StatusCode)
	}
	asked := len(f.asked)
	for _, path := range []string{"/console/officers/x?on=yesterday", "/console/officers/x/timeline?from=2026-02-30", "/console/officers/x/timeline?room=nothing", "/console/scorecards/x?period=2026H3", "/console/search?q=" + strings.Repeat("x", 401)} {
		if resp, _ := (request{path: path, token: "auditor"}).to(t, h); resp.StatusCode != 400 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	for _, path := range []string{"/console/history/nothing/x", "/console/scorecards/x/Z1"} {
		if resp, _ := (request{path: path, token: "auditor"}).to(t, h); resp.StatusCode != 404 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	if len(f.asked) != asked {
		t.Error("an address that cannot be right is asked for")
	}
}

func TestFilesAreKeptForEver(t *testing.T) {
	h := newHandler(t, &fake{})
	plain, body := request{path: h.files.Base + "/console.css"}.to(t, h)
	packed, _ := request{path: h.files.Base + "/console.css", header: map[string]string{"Accept-Encoding": "br, gzip"}}.to(t, h)
	if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(packed.Header.Get("Cache-Control"), "immutable") || !strings.Contains(body, "color-scheme") {
		t.Errorf("%v and %v", plain.Header, packed.Header)
	}
	if resp, _ := (request{path: Path + "/static/0000000000000000/console.css"}).to(t, h); resp.StatusCode == 200 {
		t.Error("a file is served under a digest that is not its own")
	}
}

func TestASignInLinkIsTakenAtOnceOnOneMachineOnly(t *testing.T) {
	for _, links := range []bool{false, true} {
		h := newHandler(t, &fake{})
		h.config.Links = links
		if _, body := (request{path: signInPath}).to(t, h); strings.Contains(body, " data-links") != links {
			t.Errorf("links %v: %s", links, body)
		}
	}
}
