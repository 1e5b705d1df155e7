package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/notarytest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func turn(n uint64, state string) notary.Turn { return notary.Turn{Number: n, State: []byte(state)} }

func TestACheckpointIsPutByTheNextTurnAlone(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a").Checkpoints(), member(t, url, "b").Checkpoints()
	if got, err := a.Load(t.Context()); err != nil || got.Number != 0 || got.State != nil {
		t.Errorf("nothing was put, and %+v is there: %v", got, err)
	}
	for _, c := range []struct {
		by   notary.Shared
		put  notary.Turn
		fail error
	}{
		{a, turn(2, "too early"), notary.ErrLostLead},
		{a, turn(1, "one"), nil},
		{b, turn(1, "another one"), notary.ErrLostLead},
		{b, turn(2, "two"), nil},
		{a, turn(2, "another two"), notary.ErrLostLead},
		{a, turn(4, "four"), notary.ErrLostLead},
		{a, turn(3, "three"), nil},
	} {
		if err := c.by.Put(t.Context(), c.put); !errors.Is(err, c.fail) {
			t.Errorf("put %d %q: %v", c.put.Number, c.put.State, err)
		}
	}
	if got, err := b.Load(t.Context()); err != nil || got.Number != 3 || !bytes.Equal(got.State, []byte("three")) {
		t.Errorf("%d %q is there: %v", got.Number, got.State, err)
	}
	if err := a.Put(t.Context(), notary.Turn{Number: 4, State: make([]byte, notary.MaxState+1)}); err == nil {
		t.Error("more than fits was put")
	}
}

func TestOfManyWhoPutOneWins(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a").Checkpoints(), member(t, url, "b").Checkpoints()
	for n := uint64(1); n <= 20; n++ {
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				err := []notary.Shared{a, b}[i%2].Put(t.Context(), turn(n, "x"))
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, notary.ErrLostLead) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("turn %d was put %d times", n, won.Load())
		}
	}
}

func TestWhoWaitsIsTold(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a").Checkpoints(), member(t, url, "b").Checkpoints()
	for n := uint64(1); n <= 3; n++ {
		got := make(chan notary.Turn)
		go func() {
			x, err := b.Wait(t.Context(), n-1)
			if err != nil {
				t.Error(err)
			}
			got <- x
		}()
		time.Sleep(50 * time.Millisecond)
		if err := a.Put(t.Context(), turn(n, "x")); err != nil {
			t.Fatal(err)
		}
		within(t, 2*time.Second, "it is told", func() {
			if x := <-got; x.Number != n {
				t.Errorf("waited for %d, got %d", n, x.Number)
			}
		})
	}
	if x, err := a.Wait(t.Context(), 0); err != nil || x.Number != 3 {
		t.Errorf("what is there was waited for: %d, %v", x.Number, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	within(t, 5*time.Second, "it stops", func() {
		if _, err := a.Wait(ctx, 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestWaitingFailsWithItsSessionAndGoesOn(t *testing.T) {
	url := pgtest.Database(t)
	a := member(t, url, "a").Checkpoints()
	failed := make(chan error)
	go func() {
		_, err := a.Wait(t.Context(), 0)
		failed <- err
	}()
	time.Sleep(100 * time.Millisecond)
	hangUpOn(t, url, "a")
	within(t, 2*time.Second, "it fails", func() {
		if err := <-failed; err == nil {
			t.Error("it did not")
		}
	})
	if err := a.Put(t.Context(), turn(1, "x")); err != nil {
		_, err = a.Load(t.Context()) // the pool noticed the first time
		if err == nil {
			err = a.Put(t.Context(), turn(1, "x"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if x, err := a.Wait(t.Context(), 0); err != nil || x.Number != 1 {
		t.Errorf("%d: %v", x.Number, err)
	}
}

func TestCheckpointsPassTheSuite(t *testing.T) {
	notarytest.RunShared(t, func(t *testing.T) func() notary.Shared {
		url := pgtest.Database(t)
		return func() notary.Shared { return member(t, url, "replica").Checkpoints() }
	})
}
