package notary_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/notary"
)

// What the leader signed, each replica shows, proves and serves as well, also
// one that has no key to sign with.
func TestFollowersShowWhatTheLeaderSigned(t *testing.T) {
	c := newCluster(t)
	c.record(t, 300)
	lead := c.open(t, "lead")
	follower := c.open(t, "follower")
	keyless := c.open(t, "keyless", func(cfg *notary.Config) { cfg.Signer = nil })
	all := []*notary.Notary{lead, follower, keyless}
	ends := []func() error{runs(t, lead.Run), runs(t, follower.Follow), runs(t, keyless.Follow)}
	for range 20 {
		at := c.record(t, 40)
		for _, n := range all {
			c.saw(t, waitFor(t, n, at))
		}
	}
	h, _ := lead.Head()
	for _, n := range all {
		own := waitFor(t, n, h.Position)
		if !bytes.Equal(own.Note, h.Note) {
			t.Errorf("shown are %q and %q", own.Note, h.Note)
		}
		p, err := n.ProveIn(17, h.Size)
		if err != nil {
			t.Fatal(err)
		}
		e, err := n.EventAt(t.Context(), 17)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(p, h.Size, h.Root, 17, tlog.RecordHash(e.Envelope)); err != nil {
			t.Error(err)
		}
		if _, err := n.Entries(t.Context(), 2, 256); err != nil {
			t.Error(err)
		}
		if r, err := n.ReceiptAt(t.Context(), 900); err != nil || !bytes.Equal(r.Checkpoint, h.Note) {
			t.Errorf("receipt under %q, %v", r.Checkpoint, err)
		}
	}
	if err := keyless.Run(t.Context()); !errors.Is(err, ledger.ErrReadOnly) {
		t.Errorf("a replica without a key led: %v", err)
	}
	if err := follower.CatchUp(t.Context()); !errors.Is(err, notary.ErrLostLead) {
		t.Errorf("a follower signed: %v", err)
	}
	for i, n := range all {
		mustEnd(t, ends[i](), context.Canceled)
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c.sameFiles(t, "lead", "follower")
	c.sameFiles(t, "lead", "keyless")
	if err := os.CopyFS(filepath.Join(c.dir, "again"), os.DirFS(filepath.Join(c.dir, "follower"))); err != nil {
		t.Fatal(err)
	}
	if again, err := notary.Rebuild(filepath.Join(c.dir, "again"), notary.Config{Store: c.store, Origin: town, Keys: c.keys}); err != nil || again.Root != h.Root {
		t.Errorf("rebuilt: %v, %v", again, err)
	}
	c.sameFiles(t, "lead", "again")
	c.judge(t)
}

// A checkpoint costs one put, and what is recorded while it is put comes under
// the next: appends never wait for the place.
func TestWhatIsRecordedDuringAPutComesUnderTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t)
		l := &line{place: c.place, c: c}
		n := c.open(t, "lead", func(cfg *notary.Config) { cfg.Shared = l })
		end := runs(t, n.Run)
		waitFor(t, n, c.record(t, 1))
		putting, goOn := make(chan struct{}), make(chan struct{})
		var once sync.Once
		l.fail(func(do func() error) error {
			once.Do(func() { close(putting); <-goOn })
			return do()
		})
		c.record(t, 1)
		<-putting
		var at ledger.Position
		for range 1000 {
			at = c.record(t, 1)
		}
		synctest.Wait() // the leader has read them all, and the put still holds it
		before, err := c.place.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		close(goOn)
		waitFor(t, n, at)
		after, err := c.place.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if puts := after.Number - before.Number; puts != 2 {
			t.Errorf("%d puts: one was held, and one covers the 1,000 events recorded meanwhile", puts)
		}
		mustEnd(t, end(), context.Canceled)
		c.close(t, n)
		c.store.Close()
	})
}

// Of two who think that they lead, the one who took the lead last has it. The
// other signs nothing more, follows, and whoever waits at it waits on.
func TestTwoWhoThinkTheyLead(t *testing.T) {
	c := newCluster(t)
	one, two := c.open(t, "one"), c.open(t, "two")
	_, oneEnds := started(t, one.Run)
	waitFor(t, one, c.record(t, 3))
	_, twoEnds := started(t, two.Run)
	waitFor(t, two, c.record(t, 3))
	at := c.record(t, 1)
	h := waitFor(t, two, at)
	if err := oneEnds(); !errors.Is(err, notary.ErrLostLead) {
		t.Fatalf("the first ended with %v, want that it lost the lead", err)
	}
	if one.Leads() || !two.Leads() {
		t.Errorf("one leads: %t, two leads: %t", one.Leads(), two.Leads())
	}
	if o, _ := one.Head(); o.Size >= h.Size {
		t.Errorf("the first shows %d events, which it had not put", o.Size)
	}
	waits := make(chan error, 1)
	go func() {
		_, err := one.WaitFor(t.Context(), at)
		waits <- err
	}()
	follows := runs(t, one.Follow)
	if err := <-waits; err != nil {
		t.Errorf("waiting through the change: %v", err)
	}
	// And back.
	mustEnd(t, follows(), context.Canceled)
	oneStops := runs(t, one.Run)
	waitFor(t, one, c.record(t, 5))
	// The other may have shared these before: it learns with what comes next.
	lost := make(chan error, 1)
	go func() { lost <- twoEnds() }()
	for ended := false; !ended; {
		select {
		case err := <-lost:
			mustEnd(t, err, notary.ErrLostLead)
			ended = true
		case <-time.After(10 * time.Millisecond):
			at = c.record(t, 1)
		}
	}
	waitFor(t, one, at)
	mustEnd(t, oneStops(), context.Canceled)
	if err := one.CatchUp(t.Context()); err != nil {
		t.Errorf("a leader that ends signs the last: %v", err)
	}
	if err := two.CatchUp(t.Context()); !errors.Is(err, notary.ErrLostLead) {
		t.Errorf("one that lost the lead signs: %v", err)
	}
	c.close(t, one, two)
	c.judge(t)
}

func (c *cluster) close(t testing.TB, all ...*notary.Notary) {
	t.Helper()
	for _, n := range all {
		if err := n.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

// Whatever the files of the next leader are, older, newer than what is shared,
// or gone: it goes on from the last checkpoint that anybody knows.
func TestTakingTheLeadAdoptsTheLastCheckpoint(t *testing.T) {
	c := newCluster(t)
	lead := func(name string, events int) notary.Head {
		n := c.open(t, name)
		defer c.close(t, n)
		if err := n.Lead(t.Context()); err != nil {
			t.Fatal(err)
		}
		if h, ok := n.Head(); ok {
			c.saw(t, h)
		}
		c.record(t, events)
		if err := n.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		h, _ := n.Head()
		c.saw(t, h)
		return h
	}
	adopted := func(name string, want notary.Head) {
		n := c.open(t, name)
		defer c.close(t, n)
		if err := n.Lead(t.Context()); err != nil {
			t.Fatal(err)
		}
		if h, _ := n.Head(); !bytes.Equal(h.Note, want.Note) || h.Position != want.Position {
			t.Errorf("%s adopted the checkpoint over %d events, want that over %d", name, h.Size, want.Size)
		}
	}
	lead("one", 0)
	h := lead("one", 10)
	before, err := c.place.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	adopted("gone", h)
	h = lead("two", 700)
	adopted("one", h) // which is older
	c.place.Restore(before)
	adopted("two", h) // which is newer: the place was restored
	adopted("one", h)
	adopted("gone", h)

	// A log from before anything was shared.
	other := newCluster(t)
	other.record(t, 20)
	alone := other.open(t, "alone", func(cfg *notary.Config) { cfg.Shared = nil })
	if err := alone.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	h, _ = alone.Head()
	other.close(t, alone)
	n := other.open(t, "alone")
	if err := n.Lead(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ := n.Head(); !bytes.Equal(got.Note, h.Note) {
		t.Errorf("shown is %q, want what was shown before: %q", got.Note, h.Note)
	}
	other.close(t, n)
	c.judge(t)
}

// A replica that reads other events than those that were signed shows nothing
// of it and signs nothing.
func TestAReplicaOverAnotherStoreIsFoundOut(t *testing.T) {
	c := newCluster(t)
	lead := c.open(t, "lead")
	end := runs(t, lead.Run)
	waitFor(t, lead, c.record(t, 5))
	other := newCluster(t)
	other.signer, other.keys, other.place = c.signer, c.keys, c.place
	other.record(t, 4)
	if _, err := other.store.Append(t.Context(), "town", 3, []ledger.Entry{{ID: [16]byte{1}, Envelope: []byte("another")}}); err != nil {
		t.Fatal(err)
	}
	other.count++
	other.record(t, 20)
	n := other.open(t, "other")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := n.Follow(ctx); !isIntegrity(err) {
		t.Errorf("it followed: %v", err)
	}
	if _, err := n.WaitFor(t.Context(), 3); !errors.Is(err, notary.ErrStopped) {
		t.Errorf("waiting there: %v", err)
	}
	if h, ok := n.Head(); ok {
		t.Errorf("it shows a checkpoint over %d events", h.Size)
	}
	if err := n.Run(t.Context()); !errors.Is(err, notary.ErrStopped) {
		t.Errorf("it led: %v", err)
	}
	other.close(t, n)
	n = other.open(t, "other")
	if err := n.Run(ctx); !isIntegrity(err) {
		t.Errorf("it led after it was opened anew: %v", err)
	}
	other.close(t, n)
	mustEnd(t, end(), context.Canceled)
	c.close(t, lead)
	c.judge(t)
}

func isIntegrity(err error) bool {
	_, ok := errors.AsType[*ledger.IntegrityError](err)
	return ok
}

// A checkpoint of a stranger in the place is not shown; once the log's own is
// back, following goes on.
func TestWhatAStrangerSignedIsNotShown(t *testing.T) {
	c, stranger := newCluster(t), newCluster(t)
	stranger.store = c.store
	n := c.open(t, "one")
	if err := n.Lead(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.record(t, 5)
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	h, _ := n.Head()
	good, err := c.place.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.record(t, 5)
	s := stranger.open(t, "stranger")
	if err := s.Lead(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	bad, err := stranger.place.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stranger.close(t, s)
	follower := c.open(t, "two")
	for _, spoilt := range []notary.Turn{{Number: 90, State: bad.State}, {Number: 91, State: []byte("{")}} {
		c.place.Restore(spoilt)
		if err := follower.Follow(t.Context()); err == nil || isIntegrity(err) {
			t.Errorf("followed a stranger: %v", err)
		}
		if _, ok := follower.Head(); ok {
			t.Error("it is shown")
		}
		if err := n.Lead(t.Context()); err == nil {
			t.Error("led on from a stranger's checkpoint")
		}
	}
	good.Number = 95
	c.place.Restore(good)
	end := runs(t, follower.Follow)
	if got := waitFor(t, follower, h.Position); !bytes.Equal(got.Note, h.Note) {
		t.Error("another checkpoint is shown")
	}
	mustEnd(t, end(), context.Canceled)
	c.close(t, n, follower)
}

// A store that does not show what is signed is waited for, but not for ever;
// a place that went back is noticed though nobody tells.
func TestFollowingWhatComesLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t)
		lead := c.open(t, "lead")
		if err := lead.Lead(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.record(t, 3)
		if err := lead.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		late := newCluster(t)
		late.signer, late.keys, late.place, late.store = c.signer, c.keys, c.place, ledgertest.NewMemory()
		n := late.open(t, "late")
		end := runs(t, n.Follow)
		time.Sleep(30 * time.Second)
		h := waitFor(t, n, late.record(t, 3))
		if l, _ := lead.Head(); !bytes.Equal(h.Note, l.Note) {
			t.Error("the late one shows another checkpoint")
		}
		old, err := c.place.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			c.record(t, 1)
			late.record(t, 1)
			if err := lead.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		waitFor(t, n, 8)
		c.place.Restore(old)
		if err := lead.Lead(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.record(t, 1)
		if err := lead.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		late.record(t, 1)
		waitFor(t, n, 9) // though the turns have lower numbers now
		c.record(t, 1)
		if err := lead.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if err := end(); err == nil || errors.Is(err, context.Canceled) || isIntegrity(err) {
			t.Errorf("it waited for ever for what the store lacks: %v", err)
		}
		c.close(t, lead, n)
		c.store.Close()
		late.store.Close()
	})
}
