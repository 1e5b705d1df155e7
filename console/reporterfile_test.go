package console

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// reads gives a file piece by piece, with a while before each.
type reads struct {
	pieces []string
	wait   time.Duration
	err    error // at the end
	closed bool
}

func (r *reads) Read(p []byte) (int, error) {
	if len(r.pieces) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		return 0, io.EOF
	}
	time.Sleep(r.wait)
	n := copy(p, r.pieces[0])
	r.pieces = r.pieces[1:]
	return n, nil
}

func (r *reads) Close() error { r.closed = true; return nil }

// filing serves one file to whoever is signed in.
func filing(t *testing.T, file *ReporterFile, err error, within time.Duration) func(token string) (*http.Response, string, error) {
	t.Helper()
	h, bad := New(Config{Origin: "test.example/ledger", Log: slog.New(slog.DiscardHandler), Enter: func(_ *http.Request, token string) (Visitor, error) {
		if token == "" {
			return Visitor{Role: "public"}, nil
		}
		return Visitor{Role: "intake", Subject: "T1", File: func(context.Context, string, string) (*ReporterFile, error) { return file, err }}, nil
	}})
	if bad != nil {
		t.Fatal(bad)
	}
	server := httptest.NewUnstartedServer(h)
	server.Config.WriteTimeout, server.Config.ErrorLog = within, slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(token string) (*http.Response, string, error) {
		r, _ := http.NewRequest("GET", server.URL+"/console/complaints/C1/files/sha256:0123456789abcdef0123", nil)
		if token != "" {
			r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
		}
		resp, err := client.Do(r)
		if err != nil {
			return nil, "", err
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		return resp, string(raw), err
	}
}

// Whatever a stranger calls a file and puts in it, it is saved and not shown.
func TestAFileOfAReporterIsSavedAndNotShown(t *testing.T) {
	const page = "<script>alert(1)</script>"
	for name, want := range map[string]string{
		"": "0123456789abcdef0123"[4:], "a.txt": "a.txt", "照片.jpg": "照片.jpg", `"; filename=x.html`: `"; filename=x.html`, "a\r\nSet-Cookie: x=1": "a\r\nSet-Cookie: x=1",
	} {
		content := &reads{pieces: []string{page}}
		resp, body, err := filing(t, &ReporterFile{content, name, int64(len(page))}, nil, time.Minute)("x")
		if err != nil {
			t.Fatal(err)
		}
		kind, params, bad := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
		if bad != nil || resp.StatusCode != 200 || body != page || kind != "attachment" || params["filename"] != want || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%q: %d %q %v", name, resp.StatusCode, body, resp.Header)
		}
		for header, want := range map[string]string{"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'"} {
			if got := resp.Header.Get(header); got != want {
				t.Errorf("%s: %q, want %q", header, got, want)
			}
		}
		if !content.closed {
			t.Errorf("%q is left open", name)
		}
	}
}

func TestAFileThatIsNotForTheVisitor(t *testing.T) {
	get := filing(t, nil, ErrNoFile, time.Minute)
	if resp, _, err := get("x"); err != nil || resp.StatusCode != 404 {
		t.Errorf("a file that is not there: %v %v", resp, err)
	}
	if resp, _, err := get(""); err != nil {
		t.Error(err)
	} else if resp.StatusCode != 303 || !strings.HasPrefix(resp.Header.Get("Location"), signInPath) {
		t.Errorf("without signing in: %d %v", resp.StatusCode, resp.Header)
	}
}

// What breaks off does not look whole.
func TestAFileThatBreaksOff(t *testing.T) {
	if _, body, err := filing(t, &ReporterFile{&reads{pieces: []string{"half"}, err: errors.New("broken")}, "a", 8}, nil, time.Minute)("x"); err == nil {
		t.Errorf("%q came as if it were whole", body)
	}
}

// A large file on a slow line takes longer than a page may.
func TestAFileMayTakeLongerThanAPage(t *testing.T) {
	piece := strings.Repeat("x", 8<<10)
	content := &reads{pieces: []string{piece, piece, piece, piece}, wait: 150 * time.Millisecond}
	_, body, err := filing(t, &ReporterFile{content, "a", int64(4 * len(piece))}, nil, 300*time.Millisecond)("x")
	if err != nil || len(body) != 4*len(piece) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}
