package notary

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// fakeWitness is a witness in memory. It is honest unless told otherwise.
type fakeWitness struct {
	*httptest.Server
	key    *WitnessKey
	signer *ledger.Signer
	log    note.Verifier
	// instead, when set, answers in its place; it may call honest.
	instead func(w http.ResponseWriter, r *http.Request, f *fakeWitness)

	mu    sync.Mutex
	tree  tlog.Tree
	asked []int64 // the sizes presented
}

func newFakeWitness(t testing.TB, name string, d *desk) *fakeWitness {
	t.Helper()
	f := &fakeWitness{signer: newSigner(t), log: d.keys(t)[0]}
	var err error
	if f.key, err = NewWitnessKey(name, f.signer.Public()); err != nil {
		t.Fatal(err)
	}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		instead := f.instead
		f.mu.Unlock()
		if instead != nil {
			instead(w, r, f)
			return
		}
		f.honest(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fakeWitness) do(instead func(w http.ResponseWriter, r *http.Request, f *fakeWitness)) *fakeWitness {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.instead = instead
	return f
}

func (f *fakeWitness) honest(w http.ResponseWriter, r *http.Request) {
	f.lie(w, r, func(line string) string { return line })
}

// lie answers as an honest witness does, but for the cosignature.
func (f *fakeWitness) lie(w http.ResponseWriter, r *http.Request, change func(line string) string) {
	line, status, known := f.judge(r)
	switch status {
	case http.StatusOK:
		io.WriteString(w, change(line))
	case http.StatusConflict:
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(status)
		fmt.Fprintf(w, "%d\n", known)
	default:
		http.Error(w, "no", status)
	}
}

func (f *fakeWitness) judge(r *http.Request) (line string, status int, known int64) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.URL.Path != "/add-checkpoint" {
		return "", http.StatusBadRequest, 0
	}
	head, signed, _ := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	var old int64
	fmt.Sscanf(lines[0], "old %d", &old)
	var proof tlog.TreeProof
	for _, l := range lines[1:] {
		h, err := tlog.ParseHash(l)
		if err != nil {
			return "", http.StatusBadRequest, 0
		}
		proof = append(proof, h)
	}
	c, err := OpenCheckpoint([]byte(signed), []note.Verifier{f.log})
	if err != nil {
		return "", http.StatusForbidden, 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, c.Size)
	if old != f.tree.N {
		return "", http.StatusConflict, f.tree.N
	}
	if old > 0 && old < c.Size && tlog.CheckTree(proof, c.Size, c.Root, old, f.tree.Hash) != nil || old == c.Size && c.Root != f.tree.Hash {
		return "", http.StatusUnprocessableEntity, 0
	}
	f.tree = tlog.Tree{N: c.Size, Hash: c.Root}
	text, _ := signatures(c.Note)
	line, err = f.key.Cosign(text, f.signer, time.Now())
	if err != nil {
		return "", http.StatusInternalServerError, 0
	}
	return line, http.StatusOK, 0
}

// policyOf asks these witnesses, without patience.
func policyOf(quorum int, fakes ...*fakeWitness) *WitnessPolicy {
	p := &WitnessPolicy{Quorum: quorum, Timeout: 5 * time.Second, Every: time.Millisecond, retry: 5 * time.Millisecond}
	for _, f := range fakes {
		p.Witnesses = append(p.Witnesses, Witness{f.key, f.URL})
	}
	return p
}

// witnessed opens and runs the log of a desk under a policy. Stop before the
// folder is opened again.
func (d *desk) witnessed(t testing.TB, p *WitnessPolicy) (n *Notary, stop func()) {
	t.Helper()
	cfg := d.config(t)
	cfg.Witnesses = p
	n, err := Open(d.dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("Run ended with %v", err)
			}
			if err := n.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return n, stop
}

// until waits for something that other goroutines bring about.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came to: %s", what)
		}
	}
}

// published waits until a checkpoint of that size is shown.
func published(t testing.TB, n *Notary, size int64) Head {
	t.Helper()
	until(t, fmt.Sprintf("%d events published", size), func() bool { h, ok := n.Head(); return ok && h.Size >= size })
	h, _ := n.Head()
	return h
}

func keysOf(fakes ...*fakeWitness) []*WitnessKey {
	var keys []*WitnessKey
	for _, f := range fakes {
		keys = append(keys, f.key)
	}
	return keys
}

func TestCheckpointsAreShownOnceTheQuorumConfirmedThem(t *testing.T) {
	d := newDesk(t)
	d.record(t, 5, 2)
	fakes := []*fakeWitness{newFakeWitness(t, "w.test/1", d), newFakeWitness(t, "w.test/2", d), newFakeWitness(t, "w.test/3", d)}
	hold := make(chan struct{})
	fakes[2].do(func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
		io.Copy(io.Discard, r.Body) // so that the server notices when the client goes
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	})
	n, stop := d.witnessed(t, policyOf(2, fakes...))
	h := published(t, n, 5)
	if len(h.Cosigned) != 2 || h.Quorum != 2 {
		t.Fatalf("published with %v of a quorum of %d", h.Cosigned, h.Quorum)
	}
	w, err := CheckWitnesses(h.Checkpoint, keysOf(fakes...), 2)
	if err != nil || len(w.Missing) != 1 || w.Missing[0] != "w.test/3" {
		t.Errorf("%+v, %v", w, err)
	}
	if _, err := CheckWitnesses(h.Checkpoint, keysOf(fakes...), 0); !isIntegrity(err) {
		t.Errorf("all three were asked for, and two sufficed: %v", err)
	}
	// The trusted keys alone still open it.
	if c, err := d.trust.Open(h.Note); err != nil || c.Size != 5 {
		t.Errorf("%v, %v", c, err)
	}
	// Many appends at once come under few checkpoints, none of which is lost.
	for range 40 {
		d.record(t, 5, 2)
	}
	published(t, n, 205)
	stop()
	close(hold)

	// A reader, an export and the next process show what was confirmed.
	reader, err := Open(d.dir, Config{Store: d.store, Origin: testOrigin, Keys: d.keys(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	h, _ = reader.Head()
	if h.Size != 205 || len(h.Cosigned) < 2 || h.Quorum != 2 {
		t.Errorf("a reader sees %d events, cosigned by %v of %d", h.Size, h.Cosigned, h.Quorum)
	}
	out := t.TempDir()
	d.export(t, reader, out)
	raw, err := os.ReadFile(filepath.Join(out, "checkpoint"))
	if err != nil || !bytes.Equal(raw, h.Note) {
		t.Errorf("exported %q, %v", raw, err)
	}
	if status, ok := reader.Witnessing(); !ok || status.Witnesses[0].Size != 205 || status.Published != 205 {
		t.Errorf("a reader is told %+v", status)
	}
	// The third is back: it is asked for what it has missed.
	fakes[2].do(nil)
	n, stop = d.witnessed(t, policyOf(2, fakes...))
	until(t, "three cosignatures", func() bool { h, _ := n.Head(); return len(h.Cosigned) == 3 })
	stop()
}

// Whatever a witness does, what it says wrongly does not count, appends go on
// being signed, and the others suffice.
func TestWitnessesThatAreNoHelp(t *testing.T) {
	tests := []struct {
		name    string
		instead func(w http.ResponseWriter, r *http.Request, f *fakeWitness)
		says    string
	}{
		{"dead", func(w http.ResponseWriter, r *http.Request, _ *fakeWitness) { panic(http.ErrAbortHandler) }, "cannot be reached"},
		{"garbage", func(w http.ResponseWriter, r *http.Request, _ *fakeWitness) { w.Write([]byte("\xff\x00\n\n— \n")) }, "no cosignature under its key"},
		{"nothing", func(w http.ResponseWriter, r *http.Request, _ *fakeWitness) {}, "no cosignature under its key"},
		{"a huge answer", func(w http.ResponseWriter, r *http.Request, _ *fakeWitness) {
			for range 64 {
				if _, err := w.Write(bytes.Repeat([]byte("— w.test/bad AAAA\n"), 4096)); err != nil {
					return
				}
			}
		}, "longer than"},
		{"a redirect", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			if r.URL.Path == "/elsewhere" {
				f.honest(w, r)
				return
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "307"},
		{"the signature of another key", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			f.lie(w, r, func(line string) string {
				_, b64, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
				raw, _ := strictBase64.DecodeString(strings.TrimSuffix(b64, "\n"))
				raw[20] ^= 1
				return "— " + f.key.Name() + " " + strictBase64.EncodeToString(raw) + "\n"
			})
		}, "not one of this checkpoint"},
		{"a cosignature of something else", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			line, _ := f.key.Cosign(torchwood.Checkpoint{Origin: testOrigin, Tree: tlog.Tree{N: 7, Hash: emptyRoot}}.String(), f.signer, time.Now())
			io.WriteString(w, line)
		}, "not one of this checkpoint"},
		{"the cosignature of a stranger", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			f.lie(w, r, func(line string) string { return strings.Replace(line, f.key.Name(), "w.test/stranger", 1) })
		}, "no cosignature under its key"},
		{"another size each time", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			f.mu.Lock()
			f.tree.N++
			n := f.tree.N%3 + 1
			f.mu.Unlock()
			w.Header().Set("Content-Type", "text/x.tlog.size")
			w.WriteHeader(http.StatusConflict)
			fmt.Fprintf(w, "%d\n", n)
		}, "each time"},
		{"a size beyond ours", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			w.Header().Set("Content-Type", "text/x.tlog.size")
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, "9000\n")
		}, "another history"},
		{"a size that is none", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			w.Header().Set("Content-Type", "text/x.tlog.size")
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, "-5\n")
		}, "a size that is none"},
		{"it confirmed another history", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			http.Error(w, "the proof does not hold\x1b[2J", http.StatusUnprocessableEntity)
		}, "another history"},
		{"it does not know us", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) { http.NotFound(w, r) }, "404"},
		{"slow", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}, "cannot be reached"},
		{"slower still", func(w http.ResponseWriter, r *http.Request, f *fakeWitness) {
			io.Copy(io.Discard, r.Body)
			for r.Context().Err() == nil {
				w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		}, "broke off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.record(t, 4, 2)
			good, bad := newFakeWitness(t, "w.test/good", d), newFakeWitness(t, "w.test/bad", d).do(tt.instead)
			p := policyOf(1, good, bad)
			p.Timeout = 300 * time.Millisecond
			n, stop := d.witnessed(t, p)
			defer stop()
			h := published(t, n, 4)
			until(t, "a complaint about the bad one", func() bool {
				s, _ := n.Witnessing()
				return strings.Contains(s.Witnesses[1].Failing, tt.says)
			})
			for range 10 {
				d.record(t, 1, 2)
			}
			h = published(t, n, 14)
			if len(h.Cosigned) != 1 || h.Cosigned[0].Witness != "w.test/good" {
				t.Errorf("confirmed by %v", h.Cosigned)
			}
			if strings.Contains(string(h.Note), "w.test/bad") || strings.Contains(string(h.Note), "stranger") {
				t.Errorf("the checkpoint carries what the bad one said:\n%s", h.Note)
			}
			if s, _ := n.Witnessing(); strings.ContainsAny(s.Witnesses[1].Failing, "\x1b\x00\n") {
				t.Errorf("%q is not fit for a log line", s.Witnesses[1].Failing)
			}
		})
	}
}

func TestWhenTheQuorumIsNotMet(t *testing.T) {
	silent := func(w http.ResponseWriter, r *http.Request, _ *fakeWitness) {
		http.Error(w, "closed today", http.StatusServiceUnavailable)
	}
	t.Run("wait", func(t *testing.T) {
		d := newDesk(t)
		d.record(t, 3, 1)
		a, b := newFakeWitness(t, "w.test/1", d), newFakeWitness(t, "w.test/2", d).do(silent)
		p := policyOf(2, a, b)
		p.Timeout = 50 * time.Millisecond
		n, _ := d.witnessed(t, p)
		for range 20 {
			d.record(t, 1, 1)
		}
		until(t, "23 events signed", func() bool { h, ok := n.Signed(); return ok && h.Size == 23 })
		until(t, "a complaint", func() bool { s, _ := n.Witnessing(); return s.Witnesses[1].Failing != "" && s.Witnesses[0].Size > 0 })
		if h, ok := n.Head(); ok && h.Size > 0 {
			t.Errorf("%d events are published with %v", h.Size, h.Cosigned)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := n.WaitFor(ctx, d.store.events[0].Position); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the proof: %v", err)
		}
		b.do(nil) // it comes back
		if h := published(t, n, 23); len(h.Cosigned) != 2 {
			t.Errorf("published with %v", h.Cosigned)
		}
	})
	t.Run("publish", func(t *testing.T) {
		d := newDesk(t)
		d.record(t, 3, 1)
		a, b := newFakeWitness(t, "w.test/1", d), newFakeWitness(t, "w.test/2", d).do(silent)
		p := policyOf(2, a, b)
		p.Timeout, p.PublishAnyway = 50*time.Millisecond, true
		n, _ := d.witnessed(t, p)
		if h := published(t, n, 3); len(h.Cosigned) != 1 || h.Quorum != 2 {
			t.Errorf("published with %v of %d", h.Cosigned, h.Quorum)
		}
		b.do(nil) // what comes late is added
		until(t, "two cosignatures", func() bool { h, _ := n.Head(); return len(h.Cosigned) == 2 })
	})
	t.Run("a log that was shown before it had witnesses", func(t *testing.T) {
		d := newDesk(t)
		d.record(t, 3, 1)
		n := d.open(t)
		if err := errors.Join(n.CatchUp(t.Context()), n.Close()); err != nil {
			t.Fatal(err)
		}
		d.record(t, 3, 1)
		n, stop := d.witnessed(t, policyOf(1, newFakeWitness(t, "w.test/1", d).do(silent)))
		until(t, "6 events signed", func() bool { h, ok := n.Signed(); return ok && h.Size == 6 })
		if h, ok := n.Head(); !ok || h.Size != 3 || len(h.Cosigned) != 0 {
			t.Errorf("shown: %+v", h)
		}
		stop()
		// Witnesses are given up: what is signed is shown again.
		n, _ = d.witnessed(t, &WitnessPolicy{})
		published(t, n, 6)
		if _, err := os.Stat(filepath.Join(d.dir, cosignedFile)); !os.IsNotExist(err) {
			t.Errorf("the file of cosigned checkpoints: %v", err)
		}
	})
}

// A ledger that is put back from an old backup and goes on is found out by
// its witness.
func TestALedgerThatWentBackIsFoundOut(t *testing.T) {
	d := newDesk(t)
	d.record(t, 10, 1)
	f := newFakeWitness(t, "w.test/1", d)
	n, stop := d.witnessed(t, policyOf(1, f))
	published(t, n, 10)
	stop()
	back := newDesk(t)
	back.signer, back.trust = d.signer, d.trust
	back.record(t, 4, 2) // another history, under the same key
	n, _ = back.witnessed(t, policyOf(1, f))
	complains := func() bool { s, _ := n.Witnessing(); return s.Witnesses[0].OtherHistory }
	until(t, "the witness refuses what went back", complains)
	back.record(t, 20, 2)
	until(t, "24 events signed", func() bool { h, _ := n.Signed(); return h.Size == 24 })
	until(t, "the witness refuses the fork", func() bool {
		s, _ := n.Witnessing()
		return s.Witnesses[0].OtherHistory && strings.Contains(s.Witnesses[0].Failing, "422")
	})
	if h, ok := n.Head(); ok && h.Size > 0 {
		t.Errorf("%d events published", h.Size)
	}
}

func TestCosignedCheckpointsOfAnotherLogAreNotShown(t *testing.T) {
	d := newDesk(t)
	d.record(t, 6, 1)
	f := newFakeWitness(t, "w.test/1", d)
	n, stop := d.witnessed(t, policyOf(1, f))
	published(t, n, 6)
	stop()
	path := filepath.Join(d.dir, cosignedFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := signerOf(t, d.signer)
	put := func(size int64, root tlog.Hash) {
		c, err := s.checkpoint(size, root)
		if err != nil {
			t.Fatal(err)
		}
		b, err := slot{turn: 99, note: c.Note}.encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(b, make([]byte, 2*slotSize-len(b))...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		harm func()
	}{
		{"more than was signed", func() { put(7, tlog.RecordHash(nil)) }},
		{"other events", func() { put(5, tlog.RecordHash(nil)) }},
		{"damage in both slots", func() {
			bad := bytes.Clone(good)
			for i := range bad {
				bad[i] ^= 1
			}
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.harm()
			cfg := d.config(t)
			for _, reading := range []bool{false, true} {
				if reading {
					cfg = Config{Store: d.store, Origin: testOrigin, Keys: d.keys(t)}
				} else {
					cfg.Witnesses = policyOf(1, f)
				}
				if n, err := Open(d.dir, cfg); !isIntegrity(err) {
					t.Errorf("reading %v: got %v, want an integrity failure", reading, err)
					if n != nil {
						n.Close()
					}
				}
			}
		})
	}
}

func TestWitnessKeysAndPolicies(t *testing.T) {
	signer := newSigner(t)
	k, err := NewWitnessKey("w.test/1", signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseWitnessKey(k.String())
	if err != nil || again.String() != k.String() || again.KeyHash() != k.KeyHash() {
		t.Fatalf("%v, %v", again, err)
	}
	// The form is that of the library that others use.
	priv := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	theirs, err := torchwood.NewCosignatureSigner("w.test/9", priv)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := ParseWitnessKey(theirs.Verifier().String())
	if err != nil || ours.KeyHash() != theirs.KeyHash() {
		t.Fatalf("%v, %v", ours, err)
	}
	text := torchwood.Checkpoint{Origin: testOrigin, Tree: tlog.Tree{N: 3, Hash: tlog.RecordHash(nil)}}.String()
	sig, err := theirs.Sign([]byte(text))
	if err != nil || !ours.Verify([]byte(text), sig) {
		t.Errorf("a cosignature of the library does not verify: %v", err)
	}
	sig[3] ^= 1
	if ours.Verify([]byte(text), sig) {
		t.Error("a changed time verifies")
	}
	logKey := newDesk(t).trust.Log[0]
	twin, err := NewWitnessKey("w.test/2", signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, vkey := range map[string]string{
		"empty": "", "no hash": "w.test/1", "a log's key": logKey, "another hash": strings.Replace(k.String(), "+", "+0", 1),
		"another name": "x" + k.String(), "a space": " " + k.String(), "trailing": k.String() + "=",
	} {
		if _, err := ParseWitnessKey(vkey); err == nil {
			t.Errorf("%s: %q was taken for a witness key", name, vkey)
		}
	}
	if _, err := ParseWitnessKeys([]byte("# two names, one key\n" + k.String() + "\n\n" + twin.String() + "\n")); err == nil || !strings.Contains(err.Error(), "count twice") {
		t.Errorf("one key under two names: %v", err)
	}
	if keys, err := ParseWitnessKeys([]byte("# one\n" + k.String() + "\n\n" + ours.String())); err != nil || len(keys) != 2 {
		t.Errorf("%v, %v", keys, err)
	}
	good := Witness{k, "https://w.test/x"}
	for name, p := range map[string]WitnessPolicy{
		"a quorum beyond all": {Witnesses: []Witness{good}, Quorum: 2},
		"a negative quorum":   {Witnesses: []Witness{good}, Quorum: -1},
		"a file":              {Witnesses: []Witness{{k, "file:///etc"}}},
		"a password":          {Witnesses: []Witness{{k, "https://a:b@w.test"}}},
		"twice":               {Witnesses: []Witness{good, {twin, "https://v.test"}}},
		"too long":            {Witnesses: []Witness{good}, Timeout: time.Hour},
	} {
		if _, err := p.settle(); err == nil {
			t.Errorf("%s: the policy was taken", name)
		}
	}
	if p, err := (WitnessPolicy{Witnesses: []Witness{good, {ours, "http://v.test"}}}).settle(); err != nil || p.Quorum != 2 || p.Timeout != DefaultWitnessTimeout {
		t.Errorf("%+v, %v", p, err)
	}
}

// Notes with lines of others, however odd, are read; those under a key that is
// given must be right.
func FuzzCosigned(f *testing.F) {
	s := signerOf(f, fixedSigner(f))
	c, err := s.checkpoint(3, tlog.RecordHash([]byte("x")))
	if err != nil {
		f.Fatal(err)
	}
	signer, err := ledger.NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize)))
	if err != nil {
		f.Fatal(err)
	}
	k, err := NewWitnessKey("w.test/1", signer.Public())
	if err != nil {
		f.Fatal(err)
	}
	text, _ := signatures(c.Note)
	line, err := k.Cosign(text, signer, time.Unix(1766000000, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(c.Note) + line)
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := OpenCheckpoint([]byte(raw), []note.Verifier{s.Verifier})
		if err != nil {
			return
		}
		w, err := CheckWitnesses(got, []*WitnessKey{k}, 1)
		if err == nil && (len(w.Cosigned) != 1 || !strings.Contains(raw, line) || w.Cosigned[0].At.Unix() != 1766000000) {
			t.Fatalf("a cosignature that was never made: %q", raw)
		}
	})
}

func FuzzWitnessKey(f *testing.F) {
	k, err := NewWitnessKey("w.test/1", fixedSigner(f).Public())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(k.String())
	f.Fuzz(func(t *testing.T, vkey string) {
		if got, err := ParseWitnessKey(vkey); err == nil && got.String() != vkey {
			t.Fatalf("a witness key has two spellings: %q", vkey)
		}
	})
}

// What a witness answers is never taken for a cosignature unless it is one.
func FuzzAnswer(f *testing.F) {
	k, err := NewWitnessKey("w.test/1", fixedSigner(f).Public())
	if err != nil {
		f.Fatal(err)
	}
	text := torchwood.Checkpoint{Origin: testOrigin, Tree: tlog.Tree{N: 3, Hash: tlog.RecordHash([]byte("x"))}}.String()
	line, err := k.Cosign(text, fixedSigner(f), time.Unix(1766000000, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(line))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if got, _, err := k.cosignatureIn(text, answer); err == nil && (got != line || !bytes.Contains(answer, []byte(line[:len(line)-1]))) {
			t.Fatalf("taken for a cosignature: %q", answer)
		}
	})
}
