package intake

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestHostileTextsAreShownAsTexts(t *testing.T) {
	for name, text := range map[string]string{
		"a script":           `</textarea><script>alert(1)</script>`,
		"an attribute":       `" autofocus onfocus="alert(1)`,
		"a template":         `{{.Origin}} {{template "x"}}`,
		"turned around":      "invoice\u202efdp.exe",
		"without width":      "ad\u200bmin\u2060",
		"an entity":          "&lt;b&gt;",
		"half a character":   "ok \U0001F600",
		"lines of a header":  "a\r\nSet-Cookie: x=1",
		"a formula":          "=HYPERLINK(\"http://evil\")",
		"a word of the form": "nonce=1&step=send",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			parts := filled("check", part{name: "summary", value: text}, part{name: "place", value: text}, part{name: "name", value: text}, part{name: "note", value: text})
			checked := b.post("/public/complaint", parts...)
			if checked.StatusCode != 200 || strings.Contains(checked.body, "<script") || strings.Contains(checked.body, `" onfocus`) || strings.Contains(checked.body, "<dd>\u202e") {
				t.Fatalf("%d: %s", checked.StatusCode, checked.body)
			}
			for _, shown := range strings.SplitAfter(checked.body, "</dl>")[:2] {
				if strings.ContainsAny(shown, "\u202e\u200b\u2060") {
					t.Errorf("what is not seen is shown: %q", shown)
				}
			}
			for _, step := range []string{"edit", "send"} { // all of it goes on as it was typed
				got := b.post("/public/complaint", append(checked.hidden(), part{name: "step", value: step})...)
				if got.StatusCode != 200 || strings.Contains(got.body, "<script") || got.Header.Get("Set-Cookie") != "" {
					t.Fatalf("%s: %d %s", step, got.StatusCode, got.body)
				}
			}
			r := b.desk.reports[CodeOf(nonce)]
			if want := strings.ReplaceAll(text, "\r\n", "\n"); r.Summary != want || r.Reporter.Note != want || r.Reporter.Name != strings.ReplaceAll(want, "\n", " ") {
				t.Errorf("the desk got %q and %q, want %q", r.Summary, r.Reporter.Name, want)
			}
		})
	}
}

// What no page of ours sends is refused, and nothing of it is kept.
func TestFormsThatAreNone(t *testing.T) {
	const kind = "multipart/form-data; boundary=x"
	disposition := func(s string) string { return "--x\r\nContent-Disposition: " + s + "\r\n\r\nv\r\n" }
	ok := disposition(`form-data; name="nonce"`)
	ok = strings.Replace(ok, "\r\nv\r\n", "\r\n"+nonce+"\r\n", 1)
	many := strings.Repeat(disposition(`form-data; name="other"`), maxParts+1)
	tests := []struct {
		name, kind, body string
		status           int
	}{
		{"no type", "", "", 415},
		{"JSON", "application/json", "{}", 415},
		{"a type that is none", "multipart/form-data; boundary=\"", "", 415},
		{"no boundary", "multipart/form-data", "--x--", 400},
		{"a long boundary", "multipart/form-data; boundary=" + strings.Repeat("x", 300), "", 400},
		{"nothing", kind, "", 400},
		{"no parts", kind, "--x--\r\n", 400},
		{"cut short", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"summary\"\r\n\r\nabc", 400},
		{"a file cut short", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nabc", 400},
		{"a field twice", kind, ok + ok + "--x--", 400},
		{"too many fields", kind, ok + many + "--x--", 400},
		{"a field without a name", kind, ok + disposition("form-data") + "--x--", 400},
		{"a file before the nonce", kind, "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nabc\r\n" + ok + "--x--", 400},
		{"a file in another field", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"summary\"; filename=\"a\"\r\n\r\nabc\r\n--x--", 400},
		{"a coded part", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"summary\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--x--", 400},
		{"bytes that are no text", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"summary\"\r\n\r\n\xff\r\n--x--", 400},
		{"zero bytes", "application/x-www-form-urlencoded", "nonce=" + nonce + "&summary=a%00b", 400},
		{"bad escapes", "application/x-www-form-urlencoded", "nonce=%zz", 400},
		{"a nonce of one's own", "application/x-www-form-urlencoded", "nonce=1&step=send", 400},
		{"a nonce in capitals", "application/x-www-form-urlencoded", "step=send&nonce=" + strings.ToUpper(nonce), 400},
		{"a step of one's own", "application/x-www-form-urlencoded", "step=erase&category=delay&summary=x&nonce=" + nonce, 400},
		{"a digest of one's own", "application/x-www-form-urlencoded", "kept=../x&nonce=" + nonce, 400},
		{"a megabyte of text", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"summary\"\r\n\r\n" + strings.Repeat("x", 1<<20) + "\r\n--x--", 413},
		{"a megabyte of text, coded", "application/x-www-form-urlencoded", "nonce=" + nonce + "&summary=" + strings.Repeat("x", 1<<20), 413},
		{"a megabyte of headers", kind, ok + "--x\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n\r\n--x--", 413},
		{"a megabyte of text after a file", kind, ok + "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nabc\r\n--x\r\nContent-Disposition: form-data; name=\"summary\"\r\n\r\n" + strings.Repeat("x", 1<<20) + "\r\n--x--", 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, nil)
			for _, path := range []string{"/public/complaint", "/public/receipt"} {
				r := httptest.NewRequest("POST", path, strings.NewReader(tt.body))
				if tt.kind != "" {
					r.Header.Set("Content-Type", tt.kind)
				}
				r.Header.Set("Accept-Language", "en")
				got := b.do(r)
				if path == "/public/receipt" && got.StatusCode == 422 {
					continue // a form without a code
				}
				if got.StatusCode != tt.status || b.desk.received != 0 || !strings.Contains(got.body, "<h1>") {
					t.Errorf("%s: %d %.300s", path, got.StatusCode, got.body)
				}
			}
			b.nothingLeft(t)
		})
	}
}

// slow is a body that comes in pieces with pauses, and may never end.
type slow struct {
	start, piece string
	pause        time.Duration
	pieces       int
	sent         bool
	deadline     time.Time
}

func (s *slow) Read(p []byte) (int, error) {
	if !s.sent {
		s.sent = true
		return copy(p, s.start), nil
	}
	if s.pieces--; s.pieces < 0 {
		return 0, io.EOF
	}
	if wait := time.Until(s.deadline); !s.deadline.IsZero() && wait < s.pause {
		time.Sleep(wait)
		return 0, os.ErrDeadlineExceeded
	}
	time.Sleep(s.pause)
	return copy(p, s.piece), nil
}

// slowWriter lets the deadlines of a server hold for a slow body.
type slowWriter struct {
	*httptest.ResponseRecorder
	body *slow
}

func (w slowWriter) SetReadDeadline(at time.Time) error { w.body.deadline = at; return nil }

func (w slowWriter) SetWriteDeadline(time.Time) error { return nil }

func TestSlowSenders(t *testing.T) {
	start := "--x\r\nContent-Disposition: form-data; name=\"nonce\"\r\n\r\n" + nonce + "\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\n"
	for _, tt := range []struct {
		name   string
		body   *slow
		within time.Duration
	}{
		{"silent", &slow{start: start, piece: "x", pause: time.Hour, pieces: 3}, patience + time.Second},
		{"endless", &slow{start: start, piece: "x", pause: 20 * time.Second, pieces: 1e6}, longest + time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, begun := newBench(t, nil), time.Now()
				r := httptest.NewRequest("POST", "/public/complaint", tt.body)
				r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
				w := httptest.NewRecorder()
				b.ServeHTTP(slowWriter{w, tt.body}, r)
				if took := time.Since(begun); took > tt.within || w.Code != 400 {
					t.Errorf("%d after %v", w.Code, took)
				}
				if len(b.limits.uploads) != 0 || b.waiting() != 0 {
					t.Error("it still takes a place")
				}
				b.nothingLeft(t)
			})
		})
	}
}

func TestUploadsHavePlaces(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Limits = DefaultLimits; c.Limits.Uploads = 1 })
	b.limits.upload()
	if got := b.post("/public/complaint", filled("check", part{"files", "a.txt", "x"})...); got.StatusCode != 422 || got.Header.Get("Retry-After") == "" || !strings.Contains(got.body, "held for a week") {
		t.Errorf("%d", got.StatusCode)
	}
	if got := b.post("/public/complaint", filled("check")...); got.StatusCode != 200 {
		t.Errorf("a form without files is kept out: %d", got.StatusCode)
	}
	b.limits.leave()
	if got := b.post("/public/complaint", filled("check", part{"files", "a.txt", "x"})...); got.StatusCode != 200 {
		t.Errorf("%d", got.StatusCode)
	}
}

func TestTooMuchIsTakenLater(t *testing.T) {
	client := netip.MustParsePrefix("203.0.113.9/32")
	limits := Limits{Hand: Rate{10 * time.Second, 2}, HandAll: Rate{time.Second, 5}, Look: Rate{10 * time.Second, 2}, LookAll: Rate{time.Second, 4}, Uploads: 5, Stash: 1 << 20}
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(c *Config) { c.Limits, c.Client = limits, func(*http.Request) netip.Prefix { return client } })
		for range 2 {
			if got := b.post("/public/complaint", filled("check")...); got.StatusCode != 200 {
				t.Fatalf("%d", got.StatusCode)
			}
		}
		got := b.post("/public/complaint", filled("send", part{"files", "a.txt", "x"})...)
		if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") != "10" || !strings.Contains(got.body, "wait 10 seconds") || !strings.Contains(got.body, "held for a week") || !strings.Contains(got.body, "Choose them again") || b.desk.received != 0 {
			t.Fatalf("%d %v: %s", got.StatusCode, got.Header, got.body)
		}
		client = netip.MustParsePrefix("203.0.113.10/32")
		if got := b.post("/public/complaint", filled("check")...); got.StatusCode != 200 {
			t.Errorf("another client: %d", got.StatusCode)
		}
		client = netip.Prefix{} // all who share one address
		for range 5 {
			if got := b.post("/public/complaint", filled("check")...); got.StatusCode != 200 {
				t.Errorf("who shares an address is counted alone: %d", got.StatusCode)
			}
		}
		if got := b.post("/public/complaint", filled("check")...); got.StatusCode != 429 || got.Header.Get("Retry-After") != "1" {
			t.Errorf("more than all together may: %d", got.StatusCode)
		}
		client = netip.MustParsePrefix("203.0.113.11/32")
		if got := b.post("/public/complaint", filled("check")...); got.StatusCode != 200 {
			t.Errorf("a flood of others keeps a client out: %d", got.StatusCode)
		}
		time.Sleep(20 * time.Second)
		client = netip.MustParsePrefix("203.0.113.9/32")
		if got := b.post("/public/complaint", filled("send")...); got.StatusCode != 200 {
			t.Errorf("later: %d", got.StatusCode)
		}
		code := CodeOf(nonce)
		for range 2 {
			b.post("/public/receipt", part{name: "code", value: "1"})
		}
		if got := b.post("/public/receipt", part{name: "code", value: code}); got.StatusCode != 429 || !strings.Contains(got.body, code) || strings.Contains(got.body, "TS-") {
			t.Errorf("a third code: %d", got.StatusCode)
		}
		write := []part{{name: "nonce", value: nonce}, {name: "code", value: code}, {name: "text", value: "typed"}, {name: "step", value: "write"}}
		if got := b.post("/public/receipt", write...); got.StatusCode != 429 || !strings.Contains(got.body, "typed") || strings.Contains(got.body, "TS-") {
			t.Errorf("a message of a third: %d", got.StatusCode)
		}
	})
}

// Counting clients takes bounded memory.
func TestCountersAreBounded(t *testing.T) {
	c, now := newCounter(Rate{time.Minute, 1}, Rate{time.Nanosecond, 1e9}), time.Now()
	for i := range 3 * counters {
		c.allow(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32), now)
	}
	if len(c.by) > counters {
		t.Errorf("%d are kept", len(c.by))
	}
}

// Whoever sends a byte now and then does not hold a place for uploads.
func TestASenderIsNotWaitedForWithoutEnd(t *testing.T) {
	for _, tt := range []struct {
		name  string
		each  int64 // bytes, every twenty seconds
		holds time.Duration
	}{
		{"a byte at a time", 1, 80 * time.Second},
		{"over Tor on a bad day", 20 * slowest, longest},
		{"a fast start is not forgotten", 40 * slowest, longest},
	} {
		synctest.Test(t, func(t *testing.T) {
			more, begun, read := patient(httptest.NewRecorder()), time.Now(), int64(0)
			for more(read) == nil {
				time.Sleep(20 * time.Second)
				read += tt.each
			}
			if held := time.Since(begun); held < tt.holds || held > tt.holds+20*time.Second {
				t.Errorf("%s: holds a place for %v, want %v", tt.name, held, tt.holds)
			}
		})
	}
}
