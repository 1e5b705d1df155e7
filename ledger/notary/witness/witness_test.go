package witness

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/torchwood"
	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("WITNESS_TEST_CHILD"); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m)
}

// agency is a log under its owner's thumb: it signs whatever it likes.
type agency struct {
	origin string
	signer note.Signer
	key    note.Verifier
	hashes []tlog.Hash // as tlog stores them
	size   int64
}

func newAgency(t testing.TB, origin string) *agency {
	t.Helper()
	return agencyOf(t, origin, bytes.Repeat([]byte(origin[:1]), ed25519.SeedSize))
}

func agencyOf(t testing.TB, origin string, seed []byte) *agency {
	t.Helper()
	skey, vkey, err := note.GenerateKey(bytes.NewReader(seed), origin)
	if err != nil {
		t.Fatal(err)
	}
	a := &agency{origin: origin}
	if a.signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	if a.key, err = note.NewVerifier(vkey); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *agency) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = a.hashes[x]
	}
	return out, nil
}

// grow records entries until there are size of them; two agencies that grow
// by the same words have the same tree.
func (a *agency) grow(t testing.TB, size int64, words string) *agency {
	t.Helper()
	for ; a.size < size; a.size++ {
		hashes, err := tlog.StoredHashes(a.size, fmt.Appendf(nil, "%s %d", words, a.size), a)
		if err != nil {
			t.Fatal(err)
		}
		a.hashes = append(a.hashes, hashes...)
	}
	return a
}

// fork is the same agency with another history after size entries.
func (a *agency) fork(t testing.TB, at, size int64) *agency {
	t.Helper()
	b := *a
	b.size, b.hashes = at, bytesClone(a.hashes[:tlog.StoredHashIndex(0, at)])
	return b.grow(t, size, "another history")
}

func bytesClone(h []tlog.Hash) []tlog.Hash { return append([]tlog.Hash(nil), h...) }

func (a *agency) checkpoint(t testing.TB, size int64) string {
	t.Helper()
	root, err := tlog.TreeHash(size, a)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: torchwood.Checkpoint{Origin: a.origin, Tree: tlog.Tree{N: size, Hash: root}}.String()}, a.signer)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// request asks for a cosignature of the tree of that size after the old one.
func (a *agency) request(t testing.TB, old, size int64) string {
	t.Helper()
	var proof tlog.TreeProof
	if old > 0 && old < size {
		var err error
		if proof, err = tlog.ProveTree(size, old, a); err != nil {
			t.Fatal(err)
		}
	}
	return requestOf(old, proof, a.checkpoint(t, size))
}

func requestOf(old int64, proof tlog.TreeProof, checkpoint string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "old %d\n", old)
	for _, h := range proof {
		b.WriteString(h.String() + "\n")
	}
	return b.String() + "\n" + checkpoint
}

// post is an overseer's desk.
type post struct {
	dir    string
	key    *notary.WitnessKey
	signer *ledger.Signer
	now    time.Time
	cfg    Config
}

func newPost(t testing.TB, agencies ...*agency) *post {
	t.Helper()
	p := &post{dir: t.TempDir(), now: domaintest.Now}
	var err error
	if p.key, p.signer, _, err = OpenSigner(p.dir, "overseer.test/w1", nil, true); err != nil {
		t.Fatal(err)
	}
	p.cfg = Config{Key: p.key, Signer: p.signer, PerSecond: 1000, Now: func() time.Time { return p.now }}
	for _, a := range agencies {
		p.cfg.Logs = append(p.cfg.Logs, Log{Name: "ledger of " + a.origin, Origin: a.origin, Keys: []note.Verifier{a.key}})
	}
	return p
}

func (p *post) open(t testing.TB) *Witness {
	t.Helper()
	w, err := Open(p.dir, p.cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// ask sends a request over HTTP.
func ask(t testing.TB, w *Witness, body string) *http.Response {
	t.Helper()
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/add-checkpoint", strings.NewReader(body)))
	return rec.Result()
}

func text(t testing.TB, res *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// cosigned checks that an answer is a cosignature of the checkpoint, and
// returns its time.
func (p *post) cosigned(t testing.TB, res *http.Response, checkpoint string) time.Time {
	t.Helper()
	answer := text(t, res)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %s", res.StatusCode, answer)
	}
	got, err := notary.Cosignatures([]byte(checkpoint+answer), []*notary.WitnessKey{p.key})
	if err != nil || len(got) != 1 {
		t.Fatalf("the answer %q holds %v, %v", answer, got, err)
	}
	return got[0].At
}

func TestOnlyOneHistoryIsCosigned(t *testing.T) {
	a := newAgency(t, "agency.test/a").grow(t, 12, "word")
	stranger := agencyOf(t, a.origin, bytes.Repeat([]byte("z"), 32)).grow(t, 12, "word")
	unknown := newAgency(t, "unknown.test/u").grow(t, 12, "word")
	p := newPost(t, a)
	w := p.open(t)
	p.cosigned(t, ask(t, w, a.request(t, 0, 5)), a.checkpoint(t, 5))
	p.cosigned(t, ask(t, w, a.request(t, 5, 5)), a.checkpoint(t, 5)) // once more, as after a lost answer
	p.cosigned(t, ask(t, w, a.request(t, 5, 9)), a.checkpoint(t, 9))

	forked := a.fork(t, 7, 12)
	wrongProof, err := tlog.ProveTree(11, 8, a)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, body string
		status     int
		says       string
		evidence   string
	}{
		{"a size that was not the last", a.request(t, 5, 12), 409, "9\n", ""},
		{"no size known", a.request(t, 0, 12), 409, "9\n", ""},
		{"an earlier tree: the ledger went back", a.request(t, 5, 7), 409, "9\n", kindBack},
		{"another tree of the same size", forked.request(t, 9, 9), 409, "two different trees", kindFork},
		{"another tree of the same size, whatever it says was last", forked.request(t, 0, 9), 409, "two different trees", kindFork},
		{"a fork that grew", forked.request(t, 9, 12), 422, "not proved", kindUnproved},
		{"the proof of others", requestOf(9, wrongProof, a.checkpoint(t, 11)), 422, "not proved", kindUnproved},
		{"no proof", requestOf(9, nil, a.checkpoint(t, 12)), 422, "not proved", kindUnproved},
		{"a proof where none belongs", requestOf(9, wrongProof, a.checkpoint(t, 9)), 422, "nothing is to be proved", ""},
		{"the key of another under the ledger's name", stranger.request(t, 9, 12), 403, "not signed by a key", ""},
		{"a changed bit in the signature", flip(a.request(t, 9, 12)), 403, "not signed by a key", ""},
		{"a ledger that is not on the list", unknown.request(t, 0, 12), 404, "does not know the ledger", ""},
		{"an old size beyond the new", requestOf(13, nil, a.checkpoint(t, 12)), 400, "old size is greater", ""},
		{"nothing", "", 400, "empty line", ""},
		{"no old size", "\n\n" + a.checkpoint(t, 12), 400, "first line", ""},
		{"an old size with a zero before it", "old 09\n\n" + a.checkpoint(t, 12), 400, "first line", ""},
		{"a negative size", "old -9\n\n" + a.checkpoint(t, 12), 400, "first line", ""},
		{"a hash that is none", "old 9\nAAAA\n\n" + a.checkpoint(t, 12), 400, "line 2", ""},
		{"too many hashes", requestOf(9, make(tlog.TreeProof, 64), a.checkpoint(t, 12)), 400, "at most 63", ""},
		{"a body without end", strings.Repeat("x", maxRequest+1), 413, "longer than", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := w.Status().Ledgers[0]
			res := ask(t, w, tt.body)
			if got := text(t, res); res.StatusCode != tt.status || !strings.Contains(got, tt.says) {
				t.Errorf("status %d %q, want %d with %q", res.StatusCode, got, tt.status, tt.says)
			}
			if tt.says == "9\n" && res.Header.Get("Content-Type") != "text/x.tlog.size" {
				t.Errorf("content type %q", res.Header.Get("Content-Type"))
			}
			after := w.Status().Ledgers[0]
			if after.Size != 9 || after.Root != before.Root {
				t.Errorf("what is remembered changed to size %d, root %s", after.Size, after.Root)
			}
			if tt.evidence != "" && after.Evidence[tt.evidence] == 0 {
				t.Errorf("no evidence of kind %s: %v", tt.evidence, after.Evidence)
			}
		})
	}
	p.cosigned(t, ask(t, w, a.request(t, 9, 12)), a.checkpoint(t, 12)) // and nothing of it did harm
}

func flip(body string) string {
	return body[:len(body)-10] + string(rune(body[len(body)-10]^1)) + body[len(body)-9:]
}

// A fork is kept with both checkpoints, each under the ledger's own key, once.
func TestEvidenceConvicts(t *testing.T) {
	a := newAgency(t, "agency.test/a").grow(t, 12, "word")
	p := newPost(t, a)
	w := p.open(t)
	p.cosigned(t, ask(t, w, a.request(t, 0, 9)), a.checkpoint(t, 9))
	forked := a.fork(t, 7, 12)
	for range 3 {
		ask(t, w, forked.request(t, 9, 9))
	}
	files, err := filepath.Glob(filepath.Join(p.dir, evidenceDir, "*-fork-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %q, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "--- cosigned last ---\n")
	first, second, found := strings.Cut(rest, "\n--- presented ---\n")
	if !found {
		t.Fatalf("evidence:\n%s", raw)
	}
	var roots []string
	for _, signed := range []string{first, second} {
		c, err := notary.OpenCheckpoint([]byte(signed), []note.Verifier{a.key})
		if err != nil {
			t.Fatalf("evidence that the key did not sign: %v\n%s", err, raw)
		}
		if c.Size != 9 {
			t.Errorf("size %d", c.Size)
		}
		roots = append(roots, c.Root.String())
	}
	if roots[0] == roots[1] {
		t.Error("the two checkpoints agree")
	}
	// Counted again after a restart; bounded, however much is sent.
	w.Close()
	w = p.open(t)
	for size := int64(10); size < 10+maxEvidence+20; size++ {
		forked.grow(t, size, "another history")
		ask(t, w, forked.request(t, 9, size))
	}
	got := w.Status().Ledgers[0]
	if got.Evidence[kindFork] != 1 || got.Evidence[kindUnproved] != maxEvidence-1 || got.Refused[kindUnproved] != maxEvidence+20 {
		t.Errorf("evidence %v, refused %v", got.Evidence, got.Refused)
	}
	ask(t, w, a.fork(t, 3, 9).request(t, 9, 9)) // a fork is kept even then
	if got := w.Status().Ledgers[0].Evidence[kindFork]; got != 2 {
		t.Errorf("%d forks kept", got)
	}
}

func TestARestartForgetsNothing(t *testing.T) {
	a, b := newAgency(t, "agency.test/a").grow(t, 12, "word"), newAgency(t, "bureau.test/b").grow(t, 12, "other")
	p := newPost(t, a, b)
	w := p.open(t)
	p.cosigned(t, ask(t, w, a.request(t, 0, 5)), a.checkpoint(t, 5))
	p.cosigned(t, ask(t, w, b.request(t, 0, 3)), b.checkpoint(t, 3))
	p.cosigned(t, ask(t, w, b.request(t, 3, 8)), b.checkpoint(t, 8))
	if _, err := Open(p.dir, p.cfg); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("a second process: %v", err)
	}
	w.Close()
	if res := ask(t, w, a.request(t, 5, 6)); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a closed witness answers %d", res.StatusCode)
	}
	w = p.open(t)
	if s := w.Status(); s.Ledgers[0].Size != 5 || s.Ledgers[1].Size != 8 || s.Key != p.key.String() {
		t.Fatalf("it remembers %+v", s)
	}
	if got := text(t, ask(t, w, a.request(t, 0, 12))); got != "5\n" {
		t.Errorf("got %q", got)
	}
	p.cosigned(t, ask(t, w, a.request(t, 5, 12)), a.checkpoint(t, 12))
	p.cosigned(t, ask(t, w, b.request(t, 8, 12)), b.checkpoint(t, 12))
}

// The time of a ledger's cosignatures never runs backwards, whatever the
// clock does and however often the program starts.
func TestAClockThatJumpsBack(t *testing.T) {
	a := newAgency(t, "agency.test/a").grow(t, 12, "word")
	p := newPost(t, a)
	w := p.open(t)
	last := p.cosigned(t, ask(t, w, a.request(t, 0, 1)), a.checkpoint(t, 1))
	if !last.Equal(p.now.Truncate(time.Second)) {
		t.Errorf("cosigned at %s, the clock shows %s", last, p.now)
	}
	for size, jump := range []time.Duration{time.Hour, -3 * time.Hour, time.Minute, -50 * 365 * 24 * time.Hour, 60 * 365 * 24 * time.Hour} {
		p.now = p.now.Add(jump)
		at := p.cosigned(t, ask(t, w, a.request(t, int64(size)+1, int64(size)+2)), a.checkpoint(t, int64(size)+2))
		if at.Before(last) {
			t.Errorf("after a jump of %s: cosigned at %s after %s", jump, at, last)
		}
		last = at
		w.Close()
		w = p.open(t)
	}
	if p.now.Before(last) {
		t.Errorf("cosigned at %s, the clock shows %s", last, p.now)
	}
}

func TestAMemoryThatIsNotWhole(t *testing.T) {
	a := newAgency(t, "agency.test/a").grow(t, 12, "word")
	prepare := func(t *testing.T) (*post, string) {
		p := newPost(t, a)
		w := p.open(t)
		p.cosigned(t, ask(t, w, a.request(t, 0, 9)), a.checkpoint(t, 9))
		w.Close()
		return p, filepath.Join(p.dir, ledgersDir, fileOf(a.origin))
	}
	tests := []struct {
		name string
		harm func(p *post, file string) error
	}{
		{"the file of a ledger is gone", func(_ *post, f string) error { return os.Remove(f) }},
		{"it is cut short", func(_ *post, f string) error { return os.Truncate(f, 60) }},
		{"it is empty", func(_ *post, f string) error { return os.Truncate(f, 0) }},
		{"a bit is changed", func(_ *post, f string) error {
			raw, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			raw[40] ^= 4
			return os.WriteFile(f, raw, 0o644)
		}},
		{"it is that of another ledger", func(p *post, f string) error {
			b := newAgency(t, "bureau.test/b").grow(t, 12, "word")
			root, _ := tlog.TreeHash(9, b)
			return os.WriteFile(f, state{9, root, []byte(b.checkpoint(t, 9)), 5}.marshal(), 0o644)
		}},
		{"the whole memory is gone", func(p *post, f string) error {
			return errors.Join(os.Remove(f), os.Remove(filepath.Join(p.dir, originsFile)))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, file := prepare(t)
			if err := tt.harm(p, file); err != nil {
				t.Fatal(err)
			}
			w, err := Open(p.dir, p.cfg)
			if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
				if w != nil {
					w.Close()
				}
				t.Errorf("got %v, want an integrity failure", err)
			}
		})
	}
	t.Run("a key that is gone is not made anew", func(t *testing.T) {
		p, _ := prepare(t)
		if err := os.Remove(filepath.Join(p.dir, KeyFile)); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := OpenSigner(p.dir, "overseer.test/w1", nil, true); err == nil || !strings.Contains(err.Error(), "backup") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("another name", func(t *testing.T) {
		p, _ := prepare(t)
		if _, _, _, err := OpenSigner(p.dir, "overseer.test/w2", nil, true); err == nil || !strings.Contains(err.Error(), "keeps its name") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("it cannot be written", func(t *testing.T) {
		p, _ := prepare(t)
		w := p.open(t)
		if err := os.Rename(filepath.Join(p.dir, ledgersDir), filepath.Join(p.dir, "elsewhere")); err != nil {
			t.Fatal(err)
		}
		if res := ask(t, w, a.request(t, 9, 12)); res.StatusCode != http.StatusInternalServerError {
			t.Errorf("status %d: a checkpoint was cosigned that is not kept", res.StatusCode)
		}
		if err := os.Rename(filepath.Join(p.dir, "elsewhere"), filepath.Join(p.dir, ledgersDir)); err != nil {
			t.Fatal(err)
		}
		p.cosigned(t, ask(t, w, a.request(t, 9, 12)), a.checkpoint(t, 12))
	})
}

func TestTooManyRequests(t *testing.T) {
	a, b := newAgency(t, "agency.test/a").grow(t, 3, "word"), newAgency(t, "bureau.test/b").grow(t, 3, "word")
	p := newPost(t, a, b)
	p.cfg.PerSecond = 1
	w := p.open(t)
	for range 2 {
		ask(t, w, a.request(t, 0, 1))
	}
	stranger := agencyOf(t, b.origin, bytes.Repeat([]byte("z"), 32)).grow(t, 3, "word")
	for range 9 {
		ask(t, w, stranger.request(t, 0, 1)) // who has not the key uses nothing up
	}
	if res := ask(t, w, a.request(t, 1, 2)); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
		t.Errorf("status %d", res.StatusCode)
	}
	p.cosigned(t, ask(t, w, b.request(t, 0, 1)), b.checkpoint(t, 1))
	p.now = p.now.Add(2 * time.Second)
	p.cosigned(t, ask(t, w, a.request(t, 1, 2)), a.checkpoint(t, 2))
}

// Of many that ask at once only those in order are cosigned, and what is
// remembered never shrinks.
func TestRequestsAtOnce(t *testing.T) {
	a := newAgency(t, "agency.test/a").grow(t, 40, "word")
	p := newPost(t, a)
	w := p.open(t)
	var bodies []string
	for old := range int64(20) {
		for _, size := range []int64{old + 1, old + 3} {
			bodies = append(bodies, a.request(t, old, size))
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, body := range bodies {
				before := w.Status().Ledgers[0].Size
				_, _ = w.Add([]byte(body))
				if after := w.Status().Ledgers[0].Size; after < before {
					t.Errorf("size %d after %d", after, before)
				}
			}
		})
	}
	wg.Wait()
	if got := w.Status().Ledgers[0]; got.Size < 20 || got.Evidence[kindFork]+got.Evidence[kindUnproved] != 0 {
		t.Errorf("%+v", got)
	}
}

func TestStatusIsShown(t *testing.T) {
	a, b := newAgency(t, "agency.test/a").grow(t, 12, "word"), newAgency(t, "bureau.test/<b>").grow(t, 1, "word")
	p := newPost(t, a, b)
	w := p.open(t)
	p.cosigned(t, ask(t, w, a.request(t, 0, 9)), a.checkpoint(t, 9))
	ask(t, w, a.fork(t, 7, 9).request(t, 9, 9))
	get := func(path string) string {
		rec := httptest.NewRecorder()
		w.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		if rec.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, rec.Code)
		}
		return rec.Body.String()
	}
	var s Status
	if err := json.Unmarshal([]byte(get("/status")), &s); err != nil {
		t.Fatal(err)
	}
	if l := s.Ledgers[0]; l.Size != 9 || l.Evidence[kindFork] != 1 || l.Refused[kindFork] != 1 || l.Cosigned != 1 || l.SeenAt == nil || l.Checkpoint != a.checkpoint(t, 9) {
		t.Errorf("%+v", l)
	}
	for _, want := range []string{"overseer.test/w1", "agency.test/a", "fork: 1", "never", "bureau.test/&lt;b&gt;"} {
		if page := get("/"); !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

// child cosigns until it kills itself, between keeping and answering.
func child(dir string) {
	t := &testing.T{}
	a := newAgency(t, "agency.test/a").grow(t, 12, "word")
	key, signer, _, err := OpenSigner(dir, "overseer.test/w1", nil, true)
	if err != nil {
		panic(err)
	}
	w, err := Open(dir, Config{Key: key, Signer: signer, Logs: []Log{{"a", a.origin, []note.Verifier{a.key}}}})
	if err != nil {
		panic(err)
	}
	w.kept = func() {
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		select {}
	}
	_, _ = w.Add([]byte(a.request(t, 0, 9)))
	os.Exit(0) // not reached
}

// Killed after the checkpoint was kept and before the answer, the witness
// remembers it: a ledger that asks again gets its cosignature, one that shows
// another history does not.
func TestKilledBetweenKeepingAndAnswering(t *testing.T) {
	a := newAgency(t, "agency.test/a").grow(t, 12, "word")
	p := newPost(t, a)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "WITNESS_TEST_CHILD="+p.dir)
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() == 0 || strings.Contains(string(out), "panic") {
		t.Fatalf("the child ended with %v: %s", err, out)
	}
	w := p.open(t)
	if res := ask(t, w, a.fork(t, 3, 9).request(t, 0, 9)); res.StatusCode != http.StatusConflict {
		t.Errorf("another history: status %d", res.StatusCode)
	}
	if got := text(t, ask(t, w, a.request(t, 0, 12))); got != "9\n" {
		t.Errorf("got %q", got)
	}
	p.cosigned(t, ask(t, w, a.request(t, 9, 9)), a.checkpoint(t, 9))
}
