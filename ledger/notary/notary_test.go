package notary

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/ledger"
)

// reference is the tree of package tlog over the same entries.
type reference struct {
	hashes []tlog.Hash
	size   int64
}

func (r *reference) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = r.hashes[x]
	}
	return out, nil
}

func (r *reference) add(t testing.TB, h tlog.Hash) {
	t.Helper()
	hashes, err := tlog.StoredHashesForRecordHash(r.size, h, r)
	if err != nil {
		t.Fatal(err)
	}
	r.hashes = append(r.hashes, hashes...)
	r.size++
}

func (r *reference) root(t testing.TB) tlog.Hash {
	t.Helper()
	h, err := tlog.TreeHash(r.size, r)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func referenceOf(t testing.TB, s *shelf) *reference {
	t.Helper()
	r := &reference{}
	for _, e := range s.events {
		r.add(t, tlog.RecordHash(e.Envelope))
	}
	return r
}

func TestTheTreeIsThatOfTheSpecification(t *testing.T) {
	var own tree
	var want reference
	for n := range 1000 {
		if own.root() != want.root(t) {
			t.Fatalf("at %d leaves the roots differ", n)
		}
		again, err := treeAt(int64(n), &want)
		if err != nil || again.root() != own.root() {
			t.Fatalf("at %d leaves the tree out of stored hashes has another root (%v)", n, err)
		}
		h := tlog.RecordHash(fmt.Appendf(nil, "leaf %d", n))
		own.add(h)
		want.add(t, h)
	}
}

func TestEveryEventIsProved(t *testing.T) {
	d := newDesk(t)
	d.mass(70_000) // three levels of tiles
	n := d.signed(t)
	h, _ := n.Head()
	if want := referenceOf(t, d.store); h.Size != 70_000 || h.Root != want.root(t) {
		t.Fatalf("head %d %s, want %d %s", h.Size, h.Root, want.size, want.root(t))
	}
	for i := 0; i < len(d.store.events); i += 1 + i%97 {
		s := d.store.events[i]
		p, err := n.Prove(s)
		if err != nil || p.Index != int64(i) {
			t.Fatalf("event %d: index %d, %v", i, p.Index, err)
		}
		if err := tlog.CheckRecord(p.Hashes, h.Size, h.Root, int64(i), tlog.RecordHash(s.Envelope)); err != nil {
			t.Fatalf("event %d: %v", i, err)
		}
	}
	other := d.store.events[7]
	other.Envelope = []byte("another")
	if _, err := n.Prove(other); !isIntegrity(err) {
		t.Errorf("an event that is not in the log: %v", err)
	}
	if _, err := n.Prove(ledger.Stored{Position: 1 << 40}); !errors.Is(err, ErrNotCovered) {
		t.Errorf("an event beyond the checkpoint: %v", err)
	}
	if _, err := n.Prove(ledger.Stored{Position: 6}); err == nil {
		t.Error("a position in a gap was proved")
	}
}

func isIntegrity(err error) bool {
	_, ok := errors.AsType[*ledger.IntegrityError](err)
	return ok
}

func TestEverySizeContinuesTheEarlier(t *testing.T) {
	d := newDesk(t)
	d.mass(600)
	n := d.signed(t)
	ref := &reference{}
	roots := []tlog.Hash{ref.root(t)}
	for _, e := range d.store.events {
		ref.add(t, tlog.RecordHash(e.Envelope))
		roots = append(roots, ref.root(t))
	}
	for to := int64(1); to <= 600; to += 1 + to/9 {
		for from := int64(1); from <= to; from += 1 + from/7 {
			p, err := n.Consistency(from, to)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckTree(p, to, roots[to], from, roots[from]); err != nil {
				t.Fatalf("from %d to %d: %v", from, to, err)
			}
		}
	}
	for _, bad := range [][2]int64{{0, 5}, {5, 4}, {1, 601}, {-1, 1}} {
		if _, err := n.Consistency(bad[0], bad[1]); err == nil {
			t.Errorf("sizes %v were proved", bad)
		}
	}
}

// While many record at once, each can wait for its proof, and checkpoints
// only ever grow.
func TestWaitingForTheProof(t *testing.T) {
	d := newDesk(t)
	n := d.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- n.Run(ctx) }()
	events := make([]ledger.Stored, 400)
	for i := range events {
		events[i] = d.event(t, fmt.Sprintf("D%d", i%16), gapped(i))
	}
	var g errgroup.Group
	next := make(chan ledger.Stored)
	g.Go(func() error {
		defer close(next)
		for len(events) > 0 {
			group := min(1+rand.IntN(8), len(events))
			d.store.put(events[:group]...)
			for _, e := range events[:group] {
				next <- e
			}
			events = events[group:]
		}
		return nil
	})
	for range 16 {
		g.Go(func() error {
			size := int64(0)
			for e := range next {
				h, err := n.WaitFor(ctx, e.Position)
				if err != nil {
					return err
				}
				if h.Size < size || h.Position < e.Position {
					return fmt.Errorf("checkpoint over %d after one over %d", h.Size, size)
				}
				size = h.Size
				r, err := n.Receipt(e)
				if err != nil {
					return err
				}
				if r, err = ParseReceipt(r.Marshal()); err != nil {
					return err
				}
				if _, err := r.Verify(d.trust); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ran; !errors.Is(err, context.Canceled) {
		t.Fatalf("run: %v", err)
	}
	if _, err := n.WaitFor(t.Context(), 1<<40); !errors.Is(err, ErrStopped) {
		t.Errorf("waiting for a notary that has stopped: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// files are the files of the tree, without what was signed.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == signedFile {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > 0 {
			out[e.Name()] = string(raw)
		}
	}
	return out
}

// Whatever happens between, the tree is the one over the store's events: a
// restart, a crash with files cut short, torn or never written where they
// were not yet synced, a slot torn or lost that was not flushed, a rebuild.
// What was published and is then gone is signed again over the same leaves.
func TestTheTreeIsTheSameAfterAnyCrash(t *testing.T) {
	t.Parallel() // it takes long, and mostly waits
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		defer os.RemoveAll(d.dir)
		n := d.open(t)
		var published Head
		var flushed int64 // size of the last checkpoint known to be on the disk
		steps := rapid.IntRange(3, 12).Draw(rt, "steps")
		for range steps {
			d.mass(rapid.SampledFrom([]int{0, 1, 5, 255, 256, 257, 900}).Draw(rt, "events"))
			if rapid.Bool().Draw(rt, "sign") {
				if err := n.CatchUp(t.Context()); err != nil {
					rt.Fatal(err)
				}
				published, _ = n.Head()
			}
			if rapid.Bool().Draw(rt, "flush") {
				if err := n.Flush(); err != nil {
					rt.Fatal(err)
				}
			}
			if n.disk.signed.since.IsZero() {
				flushed = published.Size
			}
			lost := false
			switch rapid.SampledFrom([]string{"go on", "restart", "kill", "power", "rebuild"}).Draw(rt, "then") {
			case "go on":
				continue
			case "restart":
				if err := n.Close(); err != nil {
					rt.Fatal(err)
				}
			case "kill":
				n.disk.close()
			case "power":
				synced := n.synced
				n.disk.close()
				losePower(rt, d.dir, synced)
				lost = loseSlot(rt, d.dir, n.disk.signed)
			case "rebuild":
				if err := n.Close(); err != nil {
					rt.Fatal(err)
				}
				if _, err := Rebuild(d.dir, d.config(t)); err != nil && !errors.Is(err, ErrNoLog) {
					rt.Fatal(err)
				}
			}
			n = d.open(t)
			h, _ := n.Head()
			if lost {
				var upTo shelf
				upTo.events = d.store.events[:h.Size]
				if h.Size != flushed || h.Root != referenceOf(t, &upTo).root(t) {
					rt.Fatalf("opened at %d %s, on the disk was %d", h.Size, h.Root, flushed)
				}
				before := published
				if err := n.CatchUp(t.Context()); err != nil {
					rt.Fatal(err)
				}
				published, _ = n.Head()
				if before.Size > 0 {
					root, err := n.RootAt(before.Size)
					if err != nil || root != before.Root {
						rt.Fatalf("the log does not go on from the checkpoint over %d that was lost: %v", before.Size, err)
					}
				}
				continue
			}
			if h.Size != published.Size || h.Root != published.Root || string(h.Note) != string(published.Note) {
				rt.Fatalf("opened at %d %s, published was %d %s", h.Size, h.Root, published.Size, published.Root)
			}
			flushed = h.Size // opening does
		}
		if err := n.CatchUp(t.Context()); err != nil {
			rt.Fatal(err)
		}
		h, _ := n.Head()
		if err := n.Close(); err != nil {
			rt.Fatal(err)
		}
		if want := referenceOf(t, d.store); h.Size != want.size || h.Root != want.root(t) {
			rt.Fatalf("the tree is %d %s, want %d %s", h.Size, h.Root, want.size, want.root(t))
		}
		fresh := *d
		fresh.dir = t.TempDir()
		f := fresh.open(t)
		if err := errors.Join(f.CatchUp(t.Context()), f.Close()); err != nil {
			rt.Fatal(err)
		}
		if !maps.Equal(files(t, d.dir), files(t, fresh.dir)) {
			rt.Fatal("the files are not those of a tree made at once")
		}
	})
}

// losePower does to what was not synced whatever a disk may: cuts it off,
// leaves zeros or rubbish.
func losePower(rt *rapid.T, dir string, synced int64) {
	for level := range tileLevels {
		path := filepath.Join(dir, levelName(level))
		raw, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		keep := (synced >> (tileHeight * level)) * recordSize(level)
		if keep >= int64(len(raw)) {
			continue
		}
		tail := raw[keep:]
		switch rapid.SampledFrom([]string{"whole", "cut", "zeros", "rubbish"}).Draw(rt, "disk") {
		case "cut":
			raw = raw[:keep+int64(rapid.IntRange(0, len(tail)).Draw(rt, "length"))]
		case "zeros":
			clear(tail[rapid.IntRange(0, len(tail)-1).Draw(rt, "from"):])
		case "rubbish":
			tail[rapid.IntRange(0, len(tail)-1).Draw(rt, "at")] ^= 0x40
		}
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			rt.Fatal(err)
		}
	}
}

// Damage that makes the files be made anew, and damage after that, to what
// the earlier slot said was on the disk.
func TestFilesMadeAnewAreOnTheDisk(t *testing.T) {
	for _, zero := range []int64{256, 600} {
		d := newDesk(t)
		n := d.open(t)
		for _, events := range []int{256, 644} {
			d.mass(events)
			if err := n.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n.synced != 256 {
			t.Fatalf("%d leaves are on the disk, want 256", n.synced)
		}
		n.disk.close()
		// The power goes, and leaves from zero on never came to the disk.
		path := filepath.Join(d.dir, leavesFile)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		clear(raw[zero*leafSize:])
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		n = d.open(t)
		if n.synced != 900 || !n.disk.signed.since.IsZero() {
			t.Errorf("%d leaves of the files made anew are on the disk, want 900", n.synced)
		}
		n.disk.close()
		if s := d.open(t); s.disk.last.synced != 900 {
			t.Errorf("the slot says %d, want 900", s.disk.last.synced)
		} else {
			s.Close()
		}
		fresh := *d
		fresh.dir = t.TempDir()
		f := fresh.open(t)
		if err := errors.Join(f.CatchUp(t.Context()), f.Close()); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(files(t, d.dir), files(t, fresh.dir)) {
			t.Errorf("zeros from leaf %d: the files are not those of a tree made at once", zero)
		}
	}
}

func TestATornSlotLeavesTheOneBefore(t *testing.T) {
	d := newDesk(t)
	d.mass(3)
	n := d.open(t)
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, _ := n.Head()
	d.mass(4)
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.disk.close()
	// The second checkpoint was being written when the power went.
	path := filepath.Join(d.dir, signedFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	torn := slices.Clone(raw)
	clear(torn[slotSize+100:])
	if err := os.WriteFile(path, torn, 0o644); err != nil {
		t.Fatal(err)
	}
	n = d.open(t)
	if h, _ := n.Head(); h.Root != first.Root {
		t.Fatalf("opened at %d, want the checkpoint before", h.Size)
	}
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h, _ := n.Head(); h.Root != referenceOf(t, d.store).root(t) {
		t.Fatal("after a torn slot the tree is another")
	}
	n.Close()
	// Both gone is not what a crash leaves behind.
	for i := range raw {
		raw[i] ^= 1
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(d.dir, d.config(t)); !isIntegrity(err) {
		t.Errorf("both slots damaged: %v", err)
	}
	// The very first slot torn: nothing was ever published.
	for i := range raw {
		raw[i] = 0
	}
	copy(raw, slotMagic)
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	n = d.open(t)
	if _, ok := n.Head(); ok {
		t.Error("a torn first slot was taken for a checkpoint")
	}
	n.Close()
}

// A store that is not what was signed is never signed over, and the first
// position that differs is named.
func TestAStoreThatIsNotWhatWasSigned(t *testing.T) {
	const events = 700
	change := func(i int) func(*desk) {
		return func(d *desk) { d.store.events[i].Envelope = []byte("changed") }
	}
	tests := []struct {
		name   string
		tamper func(*desk)
		at     ledger.Position // named
		when   string          // by Open, or by Run and Check only
	}{
		{"the last event is missing", func(d *desk) { d.store.events = d.store.events[:events-1] }, gapped(events - 1), "open"},
		{"it went back a long way", func(d *desk) { d.store.events = d.store.events[:100] }, gapped(100), "open"},
		{"all is gone", func(d *desk) { d.store.events = nil }, gapped(0), "open"},
		{"the last event is another", change(events - 1), gapped(events - 1), "open"},
		{"the first event is another", change(0), gapped(0), "run"},
		{"an event in the middle is another", change(300), gapped(300), "run"},
		{"an event in the middle is missing", func(d *desk) { d.store.events = slices.Delete(d.store.events, 300, 301) }, gapped(301), "run"},
		{"two events are swapped", func(d *desk) {
			e := d.store.events
			e[5].Envelope, e[6].Envelope = e[6].Envelope, e[5].Envelope
		}, gapped(5), "run"},
		{"an event was slipped in", func(d *desk) {
			extra := d.store.events[4]
			extra.Position = gapped(4) + 1
			d.store.events = slices.Insert(d.store.events, 5, extra)
		}, gapped(4) + 1, "run"},
		{"it was forked: the end was made anew", func(d *desk) {
			d.store.events = d.store.events[:events-3]
			d.mass(3)
			for i := range 3 {
				d.store.events[events-3+i].Envelope = []byte("the other past")
			}
		}, gapped(events - 3), "open"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.mass(events)
			n := d.open(t)
			if err := errors.Join(n.CatchUp(t.Context()), n.Close()); err != nil {
				t.Fatal(err)
			}
			tt.tamper(d)
			d.mass(0)
			n, err := Open(d.dir, d.config(t))
			if tt.when == "open" {
				named(t, err, tt.at)
				if n != nil {
					t.Fatal("it opened all the same")
				}
				if _, err = Rebuild(d.dir, d.config(t)); !isIntegrity(err) {
					t.Errorf("rebuild: %v", err)
				}
				_, err = Open(d.dir, d.config(t))
				named(t, err, tt.at) // a second time as well: rebuilding left the evidence
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = n.Check(t.Context(), nil)
			named(t, err, tt.at)
			err = n.Run(t.Context())
			named(t, err, tt.at)
			if err := n.CatchUp(t.Context()); !errors.Is(err, ErrStopped) {
				t.Errorf("it signs on after that: %v", err)
			}
			n.Close()
		})
	}
}

func named(t *testing.T, err error, at ledger.Position) {
	t.Helper()
	failure, ok := errors.AsType[*ledger.IntegrityError](err)
	if !ok || failure.Position != at {
		t.Fatalf("got %v, want an integrity failure at position %s", err, at)
	}
}

func TestDamageToTheOwnFilesIsToldFromDamageToTheStore(t *testing.T) {
	d := newDesk(t)
	d.mass(700)
	n := d.open(t)
	if err := errors.Join(n.CatchUp(t.Context()), n.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.dir, leavesFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[100*leafSize+20] ^= 1
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	n = d.open(t)
	if _, err := n.Check(t.Context(), nil); !isIntegrity(err) || !strings.Contains(err.Error(), "own record") {
		t.Errorf("check: %v", err)
	}
	n.Close()
	if _, err := Rebuild(d.dir, d.config(t)); err != nil {
		t.Fatal(err)
	}
	n = d.open(t)
	defer n.Close()
	if covered, err := n.Check(t.Context(), nil); err != nil || covered != 700 {
		t.Errorf("after a rebuild: %d, %v", covered, err)
	}
}

func TestALogIsReadBesideItsWriter(t *testing.T) {
	d := newDesk(t)
	cfg := d.config(t)
	cfg.Signer = nil
	if _, err := Open(d.dir, cfg); !errors.Is(err, ErrNoLog) {
		t.Errorf("nothing signed yet: %v", err)
	}
	d.mass(300)
	n := d.signed(t)
	reader, err := Open(d.dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	d.mass(500)
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h, _ := reader.Head(); h.Size != 300 {
		t.Fatalf("the reader is at %d", h.Size)
	}
	if _, err := reader.Prove(d.store.events[299]); err != nil {
		t.Error(err)
	}
	if _, err := reader.Prove(d.store.events[300]); !errors.Is(err, ErrNotCovered) {
		t.Errorf("beyond its checkpoint: %v", err)
	}
	if err := reader.CatchUp(t.Context()); !errors.Is(err, ledger.ErrReadOnly) {
		t.Errorf("a reader signs: %v", err)
	}
	cfg.Keys = trustKeys(t, trustOf(t, testOrigin, newSigner(t)))
	if _, err := Open(d.dir, cfg); !isIntegrity(err) {
		t.Errorf("signed by a foreign key: %v", err)
	}
}
