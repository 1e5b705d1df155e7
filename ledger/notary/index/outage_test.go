package index

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary/notarytest"
)

// unsteady is a store whose next reads break off after so many events.
type unsteady struct {
	ledger.Store
	fails atomic.Int32
	after int
}

var errAway = errors.New("the store is away")

func (s *unsteady) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	if s.fails.Add(-1) < 0 {
		return s.Store.ReadAll(ctx, after)
	}
	return func(yield func(ledger.Stored, error) bool) {
		given := 0
		for e, err := range s.Store.ReadAll(ctx, after) {
			if given++; given > s.after {
				break
			}
			if !yield(e, err) {
				return
			}
		}
		yield(ledger.Stored{}, errAway)
	}
}

// A store that cannot be read for once breaks nothing.
func TestTheIndexGoesOnBehindAnOutageOfTheStore(t *testing.T) {
	d := newDesk(t)
	d.history(t, 3, 4)
	if err := d.notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg, store := d.config(), &unsteady{Store: d.store, after: 4}
	cfg.Store = store
	x, err := Open(filepath.Join(d.dir, "index"), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	store.fails.Store(2)
	for range 2 {
		if err := x.CatchUp(t.Context()); !errors.Is(err, errAway) {
			t.Fatalf("while the store is away: %v", err)
		}
	}
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if root, _ := x.Head(); root.Size != 15 || root.Map != d.fresh(t, x.secret, 15) {
		t.Errorf("signed was %+v", root)
	}
}

// Run waits for the store, and tells it once.
func TestRunWaitsForTheStore(t *testing.T) {
	d := newDesk(t)
	d.history(t, 3, 4)
	if err := d.notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var said strings.Builder
		cfg, store := d.config(), &unsteady{Store: d.store}
		cfg.Store, cfg.Logger = store, slog.New(slog.NewTextHandler(&said, nil))
		x, err := Open(filepath.Join(d.dir, "index"), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		store.fails.Store(30)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- x.Run(ctx) }()
		for range 40 {
			synctest.Wait()
			if root, ok := x.Head(); ok && root.Size == 15 {
				break
			}
			time.Sleep(runEvery)
		}
		if root, _ := x.Head(); root.Size != 15 || strings.Count(said.String(), errAway.Error()) != 1 {
			t.Errorf("signed was %+v, told %q", root, said.String())
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// Whoever could not write the own files goes on with nothing: what they hold
// is not known.
func TestTheIndexStopsBehindItsOwnWriteError(t *testing.T) {
	d, place := newDesk(t), notarytest.NewShared()
	d.history(t, 4, 6)
	lead := d.replica(t, place, t.TempDir(), d.signer)
	defer lead.close(t)
	root := lead.signs(t)
	two := d.replica(t, place, t.TempDir(), nil)
	defer two.close(t)
	good := two.index.disk.touches
	spoilt, err := os.Open(good.Name()) // for reading alone
	if err != nil {
		t.Fatal(err)
	}
	defer spoilt.Close()
	two.index.disk.touches = spoilt
	if err := two.follows(t, root); !errors.Is(err, errWrite) {
		t.Fatalf("it follows without a file to write to: %v", err)
	}
	two.index.disk.touches = good
	if err := two.follows(t, root); !errors.Is(err, errWrite) {
		t.Errorf("it goes on behind that: %v", err)
	}
	if _, shown := two.index.Head(); shown {
		t.Error("it is shown")
	}
}
