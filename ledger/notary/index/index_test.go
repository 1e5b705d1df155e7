package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

func TestAFileIsProvedWhole(t *testing.T) {
	d := newDesk(t)
	d.history(t, 5, 12)
	x := d.signed(t)
	total := 0
	for _, id := range []string{"P0", "P1", "P2", "P3", "P4"} {
		f := d.file(t, x, officer(id))
		r, err := d.verify(t, f, officer(id))
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		// The joining, and the opening of each case; of each case all three.
		if r.Events != 1+len(r.Matters) || r.Entries != 1+3*len(r.Matters) || r.Closed != 0 || r.Size != 5+36 {
			t.Errorf("%s: %d events, %d matters, %d entries under %d", id, r.Events, len(r.Matters), r.Entries, r.Size)
		}
		total += len(r.Matters)
	}
	if total < 12 || total > 24 {
		t.Errorf("%d matters over all", total)
	}
	// Nobody of that name, and somebody who only acted.
	f := d.file(t, x, officer("P99"))
	if r, err := d.verify(t, f, officer("P99")); err != nil || r.Events != 0 || f.Lists[0].Other == nil {
		t.Errorf("nobody: %d events, %v", r.Events, err)
	}
	if r, err := d.verify(t, d.file(t, x, domain.ActorID("li").Ref()), domain.ActorID("li").Ref()); err != nil || r.Events != 41 {
		t.Errorf("the actor: %d events, %v", r.Events, err)
	}
}

func TestAnEmptyLedgerProvesThatThereIsNothing(t *testing.T) {
	d := newDesk(t)
	x := d.signed(t)
	if r, err := d.verify(t, d.file(t, x, officer("P1")), officer("P1")); err != nil || r.Events != 0 {
		t.Errorf("%d events, %v", r.Events, err)
	}
}

func TestClosedEventsAreCounted(t *testing.T) {
	d := newDesk(t)
	d.history(t, 3, 6)
	x := d.signed(t)
	whole := d.file(t, x, officer("P1"))
	hide := func(_ context.Context, ids []domain.EventID) (map[domain.EventID]bool, error) {
		out, _ := all(t.Context(), ids)
		for i, id := range ids {
			if i%3 == 0 {
				delete(out, id)
			}
		}
		return out, nil
	}
	f, err := x.File(t.Context(), Ask{Subject: officer("P1"), Rooms: testRooms, Open: hide})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.verify(t, f, officer("P1"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Closed == 0 || r.Closed != f.Closed() || len(r.Kinds) != r.Entries-r.Closed || r.Events != len(whole.Lists[0].Indices) {
		t.Errorf("%d events, %d entries, %d closed, %d shown", r.Events, r.Entries, r.Closed, len(r.Kinds))
	}
	raw, _ := f.Marshal()
	for _, e := range f.Entries {
		if e.Closed() && strings.Contains(string(raw), `"envelope": ""`) {
			t.Error("a closed entry has an envelope")
		}
	}
	shut, err := x.File(t.Context(), Ask{Subject: officer("P1"), Rooms: testRooms, Open: func(context.Context, []domain.EventID) (map[domain.EventID]bool, error) { return nil, nil }})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := d.verify(t, shut, officer("P1")); err != nil || r.Closed != r.Events || len(r.Matters) != 0 {
		t.Errorf("all closed: %d of %d, %d matters, %v", r.Closed, r.Events, len(r.Matters), err)
	}
}

// fresh is the root that a newly made index gives over the same events.
func (d *desk) fresh(t testing.TB, secret Hash, size int64) Hash {
	trie, n := newTrie(secret), int64(0)
	for s, err := range d.store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if n == size {
			break
		}
		refs, err := refsIn(d.codec, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range refs {
			trie.touch(keyOf(testOrigin, r), n)
		}
		n++
	}
	return trie.root()
}

// Whatever a crash leaves of the files, the next start has the same index.
func TestTheIndexIsTheSameAfterAnyCrash(t *testing.T) {
	t.Parallel() // it takes long, and mostly waits
	d := newDesk(t)
	x := d.open(t)
	rapid.Check(t, func(rt *rapid.T) {
		d.history(t, 2, rapid.IntRange(0, 2).Draw(rt, "cases"))
		d.sign(t, x)
		before, _ := x.Head()
		if before.Map != d.fresh(t, x.secret, before.Size) {
			rt.Fatal("the index is not that of the events")
		}
		if err := x.Close(); err != nil {
			rt.Fatal(err)
		}
		for _, name := range rapid.SliceOf(rapid.SampledFrom([]string{refsFile, touchesFile, signedFile})).Draw(rt, "files") {
			spoil(rt, filepath.Join(d.dir, "index", name))
		}
		x = d.open(t)
		if now, signed := x.Head(); signed && now != before {
			rt.Fatalf("the root was %+v, is %+v", before, now)
		}
		d.sign(t, x)
		if after, _ := x.Head(); after != before {
			rt.Fatalf("signed anew, the root was %+v, is %+v", before, after)
		}
		first := domain.CaseID("C2").Ref()
		if _, err := d.verify(t, d.file(t, x, first), first); err != nil {
			rt.Fatal(err)
		}
	})
	x.Close()
}

// spoil does to a file what a crash may.
func spoil(rt *rapid.T, path string) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return
	}
	switch at := rapid.IntRange(0, len(raw)).Draw(rt, "at"); rapid.SampledFrom([]string{"cut", "zero", "more", "gone"}).Draw(rt, "how") {
	case "cut":
		raw = raw[:at]
	case "zero":
		clear(raw[at:])
	case "more":
		raw = append(raw, raw[:at]...)
	case "gone":
		os.Remove(path)
		return
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		rt.Fatal(err)
	}
}

func TestAnIndexIsReadBesideItsWriter(t *testing.T) {
	d := newDesk(t)
	d.history(t, 2, 2)
	cfg := d.config()
	cfg.Signer = nil
	if _, err := Open(filepath.Join(d.dir, "index"), cfg); !errors.Is(err, ErrNoIndex) {
		t.Fatalf("nothing is signed yet: %v", err)
	}
	x := d.signed(t)
	d.history(t, 0, 0)
	reader, err := Open(filepath.Join(d.dir, "index"), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	d.record(t, "officer", "P0", joined{Unit: "U2"})
	d.sign(t, x)
	if err := reader.CatchUp(t.Context()); !errors.Is(err, ledger.ErrReadOnly) {
		t.Errorf("a reader signs: %v", err)
	}
	r, err := d.verify(t, d.file(t, reader, officer("P0")), officer("P0"))
	now, _ := x.Head()
	if err != nil || r.Size != now.Size-1 {
		t.Errorf("the reader's proof is of %d events (%v), the writer's of %d", r.Size, err, now.Size)
	}
}

func TestRunGoesAlongWithTheLog(t *testing.T) {
	d := newDesk(t)
	x := d.open(t)
	defer x.Close()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	ended := make(chan error, 2)
	go func() { ended <- d.notary.Run(ctx) }()
	go func() { ended <- x.Run(ctx) }()
	d.history(t, 3, 4)
	for {
		if h, ok := x.Head(); ok && h.Size == 15 {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("the index did not follow")
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	for range 2 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// A root that was signed and that the events do not give is never signed
// over.
func TestAnIndexThatWasSignedOtherwiseStops(t *testing.T) {
	d := newDesk(t)
	d.history(t, 2, 3)
	x := d.open(t)
	d.sign(t, x)
	lie := x.head
	lie.Map = Hash{7}
	var err error
	if lie.note, err = lie.Root.sign(d.signer); err != nil {
		t.Fatal(err)
	}
	if err := x.disk.writeSigned(lie.marshal()); err != nil {
		t.Fatal(err)
	}
	x.Close()
	if _, err := Open(filepath.Join(d.dir, "index"), d.config()); !isIntegrity(err) {
		t.Errorf("opened for signing: %v", err)
	}
	cfg := d.config()
	cfg.Signer = nil
	if _, err := Open(filepath.Join(d.dir, "index"), cfg); !isIntegrity(err) {
		t.Errorf("opened for reading: %v", err)
	}
}

// A lost secret begins an index under another one, and the note says so.
func TestALostSecretShows(t *testing.T) {
	d := newDesk(t)
	d.history(t, 2, 1)
	x := d.open(t)
	d.sign(t, x)
	before, _ := x.Head()
	x.Close()
	os.Remove(filepath.Join(d.dir, "index", SecretFile))
	x = d.signed(t)
	after, _ := x.Head()
	if after.Secret == before.Secret || after.Map == before.Map || after.Size != before.Size {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func isIntegrity(err error) bool {
	_, ok := errors.AsType[*ledger.IntegrityError](err)
	return ok
}

func TestReferencesAreSpelledOneWay(t *testing.T) {
	for _, bad := range []string{"", "officer", "officer/", "/HG-1", "officer/a b", "off icer/x", "officer/a/b"} {
		if r, err := ParseRef(bad); err == nil {
			t.Errorf("%q was taken for %v", bad, r)
		}
	}
	if r, err := ParseRef("officer/HG-0026"); err != nil || r != officer("HG-0026") || SpellRef(r) != "officer/HG-0026" {
		t.Errorf("%v, %v", r, err)
	}
}

var _ notary.Watcher = (*Check)(nil)
