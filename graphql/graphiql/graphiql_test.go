package graphiql

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, h http.Handler, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func newHandler(t *testing.T, options Options) http.Handler {
	t.Helper()
	h, err := Handler(options)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

var configElement = regexp.MustCompile(`(?s)<script id="config" type="application/json">(.*?)</script>`)

func TestThePageCarriesItsConfiguration(t *testing.T) {
	const hostile = "</script><script>alert(1)</script> <!-- 廉政 \u2028"
	h := newHandler(t, Options{Query: hostile, Endpoint: "/api/graphql", SignedIn: func(r *http.Request) (string, string) {
		return r.Header.Get("X-Token"), "auditor"
	}})
	for _, path := range []string{"/graphiql", "/graphiql/"} {
		resp := get(t, h, path, "X-Token", "a.b.c")
		text := body(t, resp)
		found := configElement.FindStringSubmatch(text)
		if resp.StatusCode != 200 || found == nil {
			t.Fatalf("%s: %d %s", path, resp.StatusCode, text)
		}
		var got config
		if err := json.Unmarshal([]byte(found[1]), &got); err != nil {
			t.Fatal(err)
		}
		if want := (config{"/api/graphql", hostile, "a.b.c", "auditor"}); got != want {
			t.Errorf("configuration %+v, want %+v", got, want)
		}
		if strings.Contains(text, "<script>alert") {
			t.Error("the query breaks out of its element")
		}
		if resp.Header.Get("Cache-Control") != "no-store" {
			t.Error("a page with a token may be cached")
		}
	}
}

func TestThePageLoadsFromItsOwnOriginOnly(t *testing.T) {
	resp := get(t, newHandler(t, Options{}), "/graphiql")
	policy := resp.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "http") || strings.Contains(policy, "unsafe-eval") ||
		regexp.MustCompile(`script-src[^;]*unsafe-inline`).MatchString(policy) {
		t.Errorf("policy is open: %s", policy)
	}
	if text := body(t, resp); strings.Contains(text, "//") {
		t.Errorf("page names another host:\n%s", text)
	}
}

var reference = regexp.MustCompile(`(?:href|src)="(/[^"]+)"`)

func TestEveryReferenceOfThePageIsServed(t *testing.T) {
	h := newHandler(t, Options{Path: "/tools/graphiql/"})
	found := reference.FindAllStringSubmatch(body(t, get(t, h, "/tools/graphiql")), -1)
	if len(found) != 2 {
		t.Fatalf("page refers to %v, want a script and a style sheet", found)
	}
	base := strings.TrimSuffix(found[1][1], "graphiql.js")
	for name, media := range map[string]string{
		"graphiql.js": "text/javascript", "graphiql.css": "text/css", "editor.worker.js": "text/javascript",
		"json.worker.js": "text/javascript", "graphql.worker.js": "text/javascript", "licenses.txt": "text/plain",
	} {
		packed := get(t, h, base+name, "Accept-Encoding", "br, gzip;q=0.8")
		if packed.StatusCode != 200 || !strings.HasPrefix(packed.Header.Get("Content-Type"), media) || packed.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d %v", name, packed.StatusCode, packed.Header)
			continue
		}
		if !strings.Contains(packed.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not cached", name)
		}
		unpacked, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(unpacked)
		if err != nil {
			t.Fatal(err)
		}
		plain := get(t, h, base+name, "Accept-Encoding", "gzip;q=0")
		if plain.Header.Get("Content-Encoding") != "" || body(t, plain) != string(whole) {
			t.Errorf("%s differs when it is not packed", name)
		}
		if again := get(t, h, base+name, "If-None-Match", packed.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s is sent again: %d", name, again.StatusCode)
		}
	}
}

func TestOtherAddressesAreNotFound(t *testing.T) {
	h := newHandler(t, Options{})
	for _, path := range []string{"/", "/graphiql/x", "/graphiql/0000000000000000/graphiql.js", "/graphiql/dist/graphiql.js.gz"} {
		if resp := get(t, h, path); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, resp.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/graphiql", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d, want 405", w.Code)
	}
}

// The lock file must serve everybody: no address of a registry in it.
func TestTheLockFileNamesNoRegistry(t *testing.T) {
	raw, err := os.ReadFile("build/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Resolved, Integrity string }
	}
	if err := json.Unmarshal(raw, &lock); err != nil {
		t.Fatal(err)
	}
	if len(lock.Packages) < 50 {
		t.Fatalf("lock file holds %d packages", len(lock.Packages))
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" || name != "" && p.Integrity == "" {
			t.Errorf("%s: resolved %q, integrity %q", name, p.Resolved, p.Integrity)
		}
	}
}
