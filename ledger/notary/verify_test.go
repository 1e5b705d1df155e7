package notary

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// read gives the files of a folder.
func read(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (d *desk) export(t testing.TB, n *Notary, dir string) Exported {
	t.Helper()
	trust, err := d.trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Export(t.Context(), dir, trust, d.keys(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// An export that grew step by step is the same as one made at once, and each
// step verifies: in full, and from the step before.
func TestExportsGrow(t *testing.T) {
	d := newDesk(t)
	n := d.open(t)
	defer func() { n.Close() }()
	dir := t.TempDir()
	src, err := OpenSource(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	var since *State
	var bare *State
	for step, events := range []int{0, 1, 4, 250, 1, 1, 255, 300, 0} {
		d.record(t, events, 30)
		if err := n.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := d.export(t, n, dir)
		if done.Size != int64(len(d.store.events)) || done.Size-done.Before != int64(events) {
			t.Fatalf("step %d: exported %d after %d", step, done.Size, done.Before)
		}
		cfg := VerifyConfig{Trust: d.trust, Catalog: doors}
		_, state, err := VerifyLog(t.Context(), src, cfg)
		if err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
		if since != nil {
			cfg.Since = since
			report, more, err := VerifyLog(t.Context(), src, cfg)
			if err != nil || report.Events.Events != events || report.Events.Unanchored != 0 {
				t.Fatalf("step %d, from the step before: %+v, %v", step, report.Events, err)
			}
			same(t, state, more)
			cfg.Since = bare
			report, _, err = VerifyLog(t.Context(), src, cfg)
			if err != nil || report.Events.Events != events {
				t.Fatalf("step %d, from a bare checkpoint: %+v, %v", step, report.Events, err)
			}
			if bare.Checkpoint.Size > 100 && events > 30 && report.Events.Unanchored != 30 {
				t.Fatalf("step %d, from a bare checkpoint: %d streams without their predecessor", step, report.Events.Unanchored)
			}
		}
		path := filepath.Join(t.TempDir(), "state")
		if err := state.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := ParseState(raw, d.trust)
		if err != nil {
			t.Fatal(err)
		}
		since, bare = &kept, &State{Checkpoint: state.Checkpoint}
	}
	fresh := t.TempDir()
	d.export(t, n, fresh)
	if !maps.Equal(read(t, dir), read(t, fresh)) {
		t.Error("the copy that grew is not the one made at once")
	}
	if err := os.WriteFile(filepath.Join(dir, checkpointFile), []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Export(t.Context(), dir, nil, d.keys(t), nil); !errors.Is(err, ErrOtherLog) {
		t.Errorf("into a folder that holds something else: %v", err)
	}
}

func same(t *testing.T, a, b State) {
	t.Helper()
	var texts [2]strings.Builder
	for i, s := range []State{a, b} {
		if _, err := s.Heads.WriteTo(&texts[i]); err != nil {
			t.Fatal(err)
		}
		keys, err := s.Keys.Save()
		if err != nil {
			t.Fatal(err)
		}
		texts[i].Write(keys)
	}
	if texts[0].String() != texts[1].String() || a.Checkpoint.Root != b.Checkpoint.Root {
		t.Fatal("going on from before ends in another state than a whole verification")
	}
}

// The tree over more than 65,536 entries has three levels of tiles.
func TestAHighTreeIsCheckedToItsRoot(t *testing.T) {
	d := newDesk(t)
	d.mass(66_000)
	n := d.signed(t)
	h, _ := n.Head()
	for _, tile := range tilesOf(0, h.Size) {
		data, err := n.Tile(tile)
		if err != nil || len(data) != tile.W*tlog.HashSize {
			t.Fatalf("tile %v: %d bytes, %v", tile, len(data), err)
		}
	}
	dir := t.TempDir()
	d.export(t, n, dir)
	src, err := OpenSource(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	// Its entries are no events: the first of them is what is found wrong, so
	// every later part is checked without package ledger.
	v := &logVerification{src: &countedSource{Source: src}, cfg: VerifyConfig{Trust: d.trust, Catalog: doors}}
	if err := v.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := v.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, err := range v.events(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		count++
	}
	if count != 66_000 {
		t.Fatalf("%d entries", count)
	}
	v.src.Source = broken{src, "tile/2/000.p/1"}
	v.tree, v.nodes = tree{node: v.gather}, [tileLevels]nodeRun{}
	var last error
	for _, err := range v.events(t.Context(), 0) {
		last = err
	}
	if !isIntegrity(last) || !strings.Contains(last.Error(), "tile/2/000.p/1") {
		t.Errorf("the top tile changed: %v", last)
	}
}

// broken changes one file.
type broken struct {
	Source
	name string
}

func (b broken) Read(ctx context.Context, name string, max int64) ([]byte, error) {
	data, err := b.Source.Read(ctx, name, max)
	if name == b.name && len(data) > 0 {
		data[0] ^= 1
	}
	return data, err
}

func TestALogIsServedAndVerifiedOverHTTP(t *testing.T) {
	d := newDesk(t)
	d.record(t, 300, 10)
	n := d.signed(t)
	trust, err := d.trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var failed []error
	auditor := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer auditor" {
				http.Error(w, "auditors only", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	web := httptest.NewServer(http.StripPrefix("/log", n.Handler(trust, auditor, func(err error) { failed = append(failed, err) })))
	defer web.Close()
	for _, tt := range []struct {
		path, token string
		status      int
		cache       string
		length      int64
	}{
		{"/checkpoint", "", 200, "no-cache", -1},
		{"/keys", "", 200, "no-cache", -1},
		{"/tile/0/000", "", 200, "public, max-age=31536000, immutable", 8192},
		{"/tile/0/001.p/44", "", 200, "public, max-age=31536000, immutable", 44 * 32},
		{"/tile/0/001.p/7", "", 200, "public, max-age=31536000, immutable", 7 * 32},
		{"/tile/0/001.p/45", "", 404, "", -1},
		{"/tile/0/001", "", 404, "", -1},
		{"/tile/0/002.p/1", "", 404, "", -1},
		{"/tile/1/000.p/1", "", 200, "public, max-age=31536000, immutable", 32},
		{"/tile/2/000.p/1", "", 404, "", -1},
		{"/tile/9/000.p/1", "", 404, "", -1},
		{"/tile/0/000.p/0", "", 404, "", -1},
		{"/tile/0/000.p/256", "", 404, "", -1},
		{"/tile/0/0", "", 404, "", -1},
		{"/tile/0/x999/x999/x999/x999/x999/x999/999", "", 404, "", -1},
		{"/tile/63/x999/x999/x999/x999/x999/999", "", 404, "", -1},
		{"/tile/../checkpoint", "", 404, "", -1},
		{"/tile/entries/000", "", 403, "", -1},
		{"/tile/entries/000", "auditor", 200, "private, max-age=31536000, immutable", -1},
		{"/tile/entries/001.p/44", "auditor", 200, "private, max-age=31536000, immutable", -1},
		{"/tile/entries/001.p/45", "auditor", 404, "", -1},
		{"/tile/data/000", "auditor", 404, "", -1},
		{"/else", "", 404, "", -1},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/log"+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Path = "/log" + tt.path
		if tt.token != "" {
			req.Header.Set("Authorization", "Bearer "+tt.token)
		}
		res, err := web.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != tt.status && !(strings.Contains(tt.path, "..") && res.StatusCode == 200) {
			t.Errorf("%s: status %d, want %d", tt.path, res.StatusCode, tt.status)
		}
		if tt.cache != "" && res.Header.Get("Cache-Control") != tt.cache {
			t.Errorf("%s: Cache-Control %q", tt.path, res.Header.Get("Cache-Control"))
		}
		if tt.length >= 0 && res.ContentLength != tt.length {
			t.Errorf("%s: %d bytes, want %d", tt.path, res.ContentLength, tt.length)
		}
	}
	src, err := OpenSource(web.URL+"/log/", "auditor")
	if err != nil {
		t.Fatal(err)
	}
	report, _, err := VerifyLog(t.Context(), src, VerifyConfig{Trust: d.trust, Catalog: doors})
	if err != nil || report.Events.Events != 300 {
		t.Errorf("%+v, %v", report, err)
	}
	src.(*server).client.CloseIdleConnections()
	stranger, err := OpenSource(web.URL+"/log", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := VerifyLog(t.Context(), stranger, VerifyConfig{Trust: d.trust, Catalog: doors}); !errors.Is(err, ErrForbidden) {
		t.Errorf("without a token: %v", err)
	}
	stranger.(*server).client.CloseIdleConnections()
	if len(failed) > 0 {
		t.Errorf("reported: %v", failed)
	}
}

// What a server may do to a download, and what becomes of it: no verdict of
// damage where there is none, and none of soundness.
func TestDownloadsThatGoWrong(t *testing.T) {
	d := newDesk(t)
	good := copyOf(t, entriesOf(t, d, 5, 2), d.trust, d.signer)
	tests := []struct {
		name      string
		serve     func(w http.ResponseWriter, r *http.Request, data []byte)
		integrity bool
		says      string
	}{
		{"fails all the time", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			http.Error(w, "no", http.StatusServiceUnavailable)
		}, false, "503"},
		{"has nothing", func(w http.ResponseWriter, _ *http.Request, _ []byte) { http.Error(w, "no", http.StatusNotFound) }, true, "no such file"},
		{"says more than it sends", func(w http.ResponseWriter, _ *http.Request, data []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(len(data)+10))
			w.Write(data)
		}, false, "EOF"},
		{"sends too much", func(w http.ResponseWriter, r *http.Request, data []byte) {
			w.(http.Flusher).Flush()
			w.Write(data)
			w.Write(make([]byte, MaxCheckpoint))
			for range 100 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}, true, "longer than it may be"},
		{"announces too much", func(w http.ResponseWriter, r *http.Request, data []byte) {
			w.Header().Set("Content-Length", "99999999999")
			w.WriteHeader(http.StatusOK)
		}, true, "longer than it may be"},
		{"sends the checkpoint for everything", func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.Write(good[checkpointFile]) }, true, ""},
		{"hangs", func(w http.ResponseWriter, r *http.Request, data []byte) {
			w.Write(data[:1])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, false, "deadline"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tt.serve(w, r, good[strings.TrimPrefix(r.URL.Path, "/")])
			}))
			defer web.Close()
			src, err := OpenSource(web.URL, "")
			if err != nil {
				t.Fatal(err)
			}
			defer src.(*server).client.CloseIdleConnections()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if tt.name == "hangs" {
				ctx, cancel = context.WithTimeout(t.Context(), 200*time.Millisecond)
				defer cancel()
			}
			_, _, err = VerifyLog(ctx, src, VerifyConfig{Trust: d.trust, Catalog: doors})
			if err == nil || isIntegrity(err) != tt.integrity || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want an error that says %q (integrity: %t)", err, tt.says, tt.integrity)
			}
		})
	}
	for _, bad := range []string{"http://", "https://user:pass@host/log", "http://host/?q=1", "/no/such/folder"} {
		if _, err := OpenSource(bad, ""); err == nil {
			t.Errorf("%s was opened", bad)
		}
	}
}

// A server that fails now and then is asked again.
func TestADownloadIsTriedAgain(t *testing.T) {
	d := newDesk(t)
	good := copyOf(t, entriesOf(t, d, 5, 2), d.trust, d.signer)
	asked := map[string]int{}
	lock := make(chan struct{}, 1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lock <- struct{}{}
		asked[r.URL.Path]++
		first := asked[r.URL.Path] == 1
		<-lock
		if first {
			http.Error(w, "not now", http.StatusTooManyRequests)
			return
		}
		w.Write(good[strings.TrimPrefix(r.URL.Path, "/")])
	}))
	defer web.Close()
	src, err := OpenSource(web.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	defer src.(*server).client.CloseIdleConnections()
	if _, _, err := VerifyLog(t.Context(), src, VerifyConfig{Trust: d.trust, Catalog: doors}); err != nil {
		t.Error(err)
	}
}

func TestReceiptsAreRefused(t *testing.T) {
	d := newDesk(t)
	d.record(t, 20, 3)
	n := d.signed(t)
	r, err := n.ReceiptAt(t.Context(), gapped(11))
	if err != nil {
		t.Fatal(err)
	}
	good := string(r.Marshal())
	if _, err := r.Verify(d.trust); err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(good) {
		bad := []byte(good)
		bad[bit/8] ^= 1 << (bit % 8)
		r, err := ParseReceipt(bad)
		if err == nil {
			_, err = r.Verify(d.trust)
		}
		if err == nil {
			t.Fatalf("bit %d flipped and not noticed", bit)
		}
	}
	for length := range len(good) {
		if r, err := ParseReceipt([]byte(good[:length])); err == nil {
			if _, err := r.Verify(d.trust); err == nil {
				t.Fatalf("cut at %d and not noticed", length)
			}
		}
	}
	if _, err := ParseReceipt(make([]byte, MaxReceipt+1)); err == nil {
		t.Error("an endless receipt was read")
	}
	if _, err := n.ReceiptAt(t.Context(), ledger.Start); err == nil {
		t.Error("a receipt for nothing")
	}
	if _, err := n.ReceiptAt(t.Context(), 6); err == nil {
		t.Error("a receipt for a gap")
	}
}
