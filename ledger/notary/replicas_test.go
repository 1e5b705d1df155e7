package notary_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/notarytest"
)

const town = "probity.test/town"

// cluster is one store, one place where checkpoints are shared, and whatever
// replicas a test starts. It knows each checkpoint that was ever put or shown.
type cluster struct {
	store  ledger.Store
	signer *ledger.Signer
	keys   []note.Verifier
	place  *notarytest.Shared
	dir    string

	mu    sync.Mutex // guards what follows
	count ledger.Revision
	put   map[string]bool // notes that are in the place, or were
	shown map[string]bool // notes that some replica showed
}

func newCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{store: ledgertest.NewMemory(), place: notarytest.NewShared(), dir: t.TempDir(), count: ledger.NoStream,
		put: map[string]bool{}, shown: map[string]bool{}}
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err == nil {
		c.signer, err = ledger.NewSigner(priv)
	}
	if err != nil {
		t.Fatal(err)
	}
	vkey, err := notary.VerifierKey(town, c.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	c.keys = []note.Verifier{v}
	return c
}

// record appends entries that are no events; the tree takes any bytes.
func (c *cluster) record(t testing.TB, n int) ledger.Position {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var at ledger.Position
	for range n {
		done, err := c.store.Append(context.Background(), "town", c.count, []ledger.Entry{{ID: uuid.New(), Envelope: fmt.Appendf(nil, "entry %d", c.count)}})
		if err != nil {
			t.Fatal(err)
		}
		c.count, at = done.Revision, done.Position
	}
	return at
}

func (c *cluster) config() notary.Config {
	return notary.Config{Store: c.store, Origin: town, Signer: c.signer, Keys: c.keys, Shared: &line{place: c.place, c: c}}
}

// open opens a replica's log in its folder.
func (c *cluster) open(t testing.TB, name string, change ...func(*notary.Config)) *notary.Notary {
	t.Helper()
	cfg := c.config()
	for _, ch := range change {
		ch(&cfg)
	}
	n, err := notary.Open(filepath.Join(c.dir, name), cfg)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	return n
}

// line is a replica's way to the place; what it puts is noted, and it fails to
// order.
type line struct {
	place *notarytest.Shared
	c     *cluster
	// put, when set, is called instead of a put, which it does or does not.
	put atomic.Pointer[func(do func() error) error]
}

func (l *line) fail(put func(do func() error) error) { l.put.Store(&put) }

func (l *line) Load(ctx context.Context) (notary.Turn, error) { return l.place.Load(ctx) }
func (l *line) Wait(ctx context.Context, after uint64) (notary.Turn, error) {
	return l.place.Wait(ctx, after)
}
func (l *line) Put(ctx context.Context, t notary.Turn) error {
	do := func() error {
		l.c.mu.Lock()
		defer l.c.mu.Unlock()
		err := l.place.Put(ctx, t)
		if err == nil {
			for _, n := range notary.NotesIn(t) {
				l.c.put[string(n)] = true
			}
		}
		return err
	}
	if put := l.put.Load(); put != nil {
		return (*put)(do)
	}
	return do()
}

// watch notes every checkpoint that the replica shows, until it stops.
func (c *cluster) watch(t testing.TB, ctx context.Context, n *notary.Notary) {
	last := ledger.Start
	for {
		h, err := n.WaitFor(ctx, last)
		if err != nil {
			return
		}
		c.saw(t, h)
		last = h.Position + 1
	}
}

// saw notes a checkpoint that is shown; it must have been put before.
func (c *cluster) saw(t testing.TB, h notary.Head) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown[string(h.Note)] = true
	if !c.put[string(h.Note)] {
		t.Errorf("a checkpoint over %d events was shown that was not shared", h.Size)
	}
}

// judge checks that every checkpoint ever put or shown is of one and the same
// history, that of the store.
func (c *cluster) judge(t testing.TB) {
	t.Helper()
	var hashes hashList
	roots := []tlog.Hash{rootOf(t, 0, nil)}
	for s, err := range c.store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		n := int64(len(roots))
		more, err := tlog.StoredHashesForRecordHash(n-1, tlog.RecordHash(s.Envelope), hashes)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
		roots = append(roots, rootOf(t, n, hashes))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, notes := range []map[string]bool{c.put, c.shown} {
		for n := range notes {
			p, err := notary.OpenCheckpoint([]byte(n), c.keys)
			if err != nil {
				t.Fatal(err)
			}
			if p.Size >= int64(len(roots)) || roots[p.Size] != p.Root {
				t.Errorf("the checkpoint over %d events is of another history", p.Size)
			}
		}
	}
}

func rootOf(t testing.TB, size int64, hashes tlog.HashReader) tlog.Hash {
	t.Helper()
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

type hashList []tlog.Hash

func (l hashList) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = l[x]
	}
	return out, nil
}

// runs runs something of a replica; end ends it and returns how it ended.
func runs(t testing.TB, run func(context.Context) error) (end func() error) {
	end, _ = started(t, run)
	return end
}

// started is runs, with what waits until it ends by itself.
func started(t testing.TB, run func(context.Context) error) (end, ended func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	ended = sync.OnceValue(func() error {
		select {
		case err := <-done:
			cancel()
			return err
		case <-ctx.Done():
			return <-done
		}
	})
	end = func() error { cancel(); return ended() }
	t.Cleanup(func() { end() })
	return end, ended
}

// waitFor waits until the replica shows what covers the position.
func waitFor(t testing.TB, n *notary.Notary, at ledger.Position) notary.Head {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	h, err := n.WaitFor(ctx, at)
	if err != nil {
		t.Fatalf("waiting for position %s: %v", at, err)
	}
	return h
}

// sameFiles checks that the files of the tree in two folders are the same.
func (c *cluster) sameFiles(t testing.TB, one, two string) {
	t.Helper()
	names, err := os.ReadDir(filepath.Join(c.dir, one))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, f := range names {
		if f.Name() != "leaves" && !strings.HasPrefix(f.Name(), "nodes-") {
			continue
		}
		a, err := os.ReadFile(filepath.Join(c.dir, one, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(c.dir, two, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s of %s and %s differ", f.Name(), one, two)
		}
		compared++
	}
	if compared == 0 {
		t.Errorf("%s has no files of a tree", one)
	}
}

func mustEnd(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("it ended with %v, want %v", err, want)
	}
}
