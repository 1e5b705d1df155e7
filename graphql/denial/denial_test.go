package denial

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// records are the lines a log has written.
func records(t *testing.T, raw []byte) []map[string]any {
	t.Helper()
	var out []map[string]any
	for d := json.NewDecoder(bytes.NewReader(raw)); ; {
		var m map[string]any
		if err := d.Decode(&m); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
}

func TestADenialIsRecordedWithoutTheToken(t *testing.T) {
	answer := func(status int, d *Denial) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if d != nil {
				Note(r.Context(), *d)
				Note(r.Context(), Denial{Reason: "second"})
			}
			w.WriteHeader(status)
		}
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    map[string]any // nil: no record
	}{
		{"what is served", answer(200, nil), nil},
		{"what is not there", answer(404, nil), nil},
		{"a note", answer(401, &Denial{"expired", "https://sso.example/r", "k1"}), map[string]any{"reason": "expired", "issuer": "https://sso.example/r", "kid": "k1", "status": 401.0}},
		{"a note on what was answered otherwise", answer(200, &Denial{Reason: "closed"}), map[string]any{"reason": "closed", "status": 200.0}},
		{"401 that nobody noted", answer(401, nil), map[string]any{"reason": "unauthenticated", "status": 401.0}},
		{"403 that nobody noted", answer(403, nil), map[string]any{"reason": "forbidden", "status": 403.0}},
		{"a person for an issuer", answer(401, &Denial{Reason: "issuer", Issuer: "wang.fang@example"}), map[string]any{"reason": "issuer", "issuer": "unnamed", "status": 401.0}},
		{"a person before an issuer", answer(401, &Denial{Reason: "issuer", Issuer: "https://wang.fang@sso.example"}), map[string]any{"reason": "issuer", "issuer": "unnamed", "status": 401.0}},
		{"a key id that would break the line", answer(401, &Denial{Reason: "key", KeyID: "k\n" + strings.Repeat("x", 4000)}), map[string]any{"reason": "key", "kid": "k?" + strings.Repeat("x", maxKeyID-2), "status": 401.0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			l := New(Config{Logger: slog.New(slog.NewJSONHandler(&out, nil))})
			r := httptest.NewRequest("GET", "/signin?token=SECRET", nil)
			r.Header.Set("Authorization", "Bearer SECRET")
			l.Watch(test.handler).ServeHTTP(httptest.NewRecorder(), r)
			if strings.Contains(out.String(), "SECRET") {
				t.Errorf("the token is recorded: %s", &out)
			}
			got := records(t, out.Bytes())
			if test.want == nil {
				if len(got) != 0 || len(l.Counts()) != 0 {
					t.Errorf("recorded %v", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("recorded %v", got)
			}
			for name, value := range test.want {
				if got[0][name] != value {
					t.Errorf("%s is %v, want %v", name, got[0][name], value)
				}
			}
			if got[0]["path"] != "/signin" || got[0]["remote"] != "192.0.2.1" || got[0]["method"] != "GET" || got[0]["time"] == nil {
				t.Errorf("where and when is wrong: %v", got[0])
			}
			if l.Counts()[test.want["reason"].(string)] != 1 {
				t.Errorf("counted %v", l.Counts())
			}
		})
	}
}

func TestQuietPathsTellNobodysAddress(t *testing.T) {
	var out bytes.Buffer
	asked := 0
	l := New(Config{Logger: slog.New(slog.NewJSONHandler(&out, nil)), Quiet: []string{"/public/"}, Remote: func(*http.Request) string { asked++; return "203.0.113.9" }})
	h := l.Watch(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }))
	for _, path := range []string{"/public/", "/public", "/public/1234567890123456", "//public/x", "/a/../public/x", "/publican", "/graphql/public/"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	for i, want := range []struct{ remote, path string }{{"withheld", "/public/"}, {"withheld", "/public/"}, {"withheld", "/public/"}, {"withheld", "/public/"}, {"withheld", "/public/"}, {"203.0.113.9", "/publican"}, {"203.0.113.9", "/graphql/public/"}} {
		if got := records(t, out.Bytes())[i]; got["remote"] != want.remote || got["path"] != want.path || got["reason"] != "forbidden" {
			t.Errorf("%d: %v", i, got)
		}
	}
	if asked != 2 {
		t.Errorf("the address was asked for %d times", asked)
	}
}

func TestAFloodIsCountedAndNotWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		l := New(Config{Logger: slog.New(slog.NewJSONHandler(&out, nil)), PerSecond: 2, Burst: 10})
		h := l.Watch(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }))
		flood := func(n int) {
			for range n {
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			}
		}
		flood(1000)
		time.Sleep(time.Second)
		flood(1)
		got := records(t, out.Bytes())
		if len(got) != 11 || l.Counts()["unauthenticated"] != 1001 || l.Suppressed() != 990 {
			t.Fatalf("%d records, %v counted, %d left out", len(got), l.Counts(), l.Suppressed())
		}
		if got[10]["left-out"] != 990.0 {
			t.Errorf("the record after the flood is %v", got[10])
		}
	})
}

func TestAFileOfDenialsIsTurnedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "denials.log")
	f, err := OpenFile(path, 1000)
	if err != nil {
		t.Fatal(err)
	}
	line := []byte(strings.Repeat("x", 99) + "\n")
	for range 105 {
		if _, err := f.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{path: 500, path + ".1": 1000} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() != want || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %d bytes, want %d, mode %v", name, info.Size(), want, info.Mode())
		}
	}
	if f, err = OpenFile(path, 1000); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range 6 {
		if _, err := f.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if info, _ := os.Stat(path); info.Size() != 100 {
		t.Errorf("an opened file was not gone on with: %d bytes", info.Size())
	}
}

func TestStreamsPassTheWatch(t *testing.T) {
	l := New(Config{Logger: slog.New(slog.DiscardHandler)})
	server := httptest.NewServer(l.Watch(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stream" {
			w.(http.Flusher).Flush()
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Error(err)
			}
			return
		}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
		conn.Close()
	})))
	defer server.Close()
	for path, want := range map[string]int{"/stream": 200, "/hijack": 204} {
		res, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}
