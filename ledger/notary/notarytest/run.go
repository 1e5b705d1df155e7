package notarytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/ledger/notary"
)

// RunShared proves every promise of the [notary.Shared] contract. newPlace
// makes a place where nothing was ever put, and returns what connects one more
// replica with it.
func RunShared(t *testing.T, newPlace func(t *testing.T) func() notary.Shared) {
	t.Helper()
	for _, c := range []struct {
		sentence string
		prove    func(t *testing.T, next func() notary.Shared)
	}{
		{"what was put last is loaded, by every replica", proveLoaded},
		{"a turn that is not the next one is refused and changes nothing", proveNext},
		{"of several that put the same turn exactly one has the lead", proveOneWins},
		{"who waits is told of the newest turn, whoever puts it", proveWaiting},
		{"a state may have any bytes, up to its limit", proveBytes},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, before) }) // after what newPlace cleans up
			c.prove(t, newPlace(t))
		})
	}
}

const soon = 20 * time.Second

func turn(number uint64, state string) notary.Turn {
	return notary.Turn{Number: number, State: []byte(state)}
}

func mustPut(t *testing.T, s notary.Shared, n notary.Turn) {
	t.Helper()
	if err := s.Put(t.Context(), n); err != nil {
		t.Fatalf("put turn %d: %v", n.Number, err)
	}
}

func mustLoad(t *testing.T, s notary.Shared, want notary.Turn) {
	t.Helper()
	got, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Number == want.Number && bytes.Equal(got.State, want.State) {
		return // to compare them as cmp does takes seconds where they are long
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
}

func proveLoaded(t *testing.T, next func() notary.Shared) {
	a, b := next(), next()
	mustLoad(t, a, notary.Turn{})
	mustPut(t, a, turn(1, `{"signed":"eA=="}`))
	mustLoad(t, b, turn(1, `{"signed":"eA=="}`))
	mustPut(t, b, turn(2, `{}`))
	mustLoad(t, a, turn(2, `{}`))
}

func proveNext(t *testing.T, next func() notary.Shared) {
	a, b := next(), next()
	if err := a.Put(t.Context(), turn(2, `{"no":1}`)); !errors.Is(err, notary.ErrLostLead) {
		t.Errorf("a second turn before the first: %v", err)
	}
	mustLoad(t, b, notary.Turn{})
	mustPut(t, a, turn(1, `{}`))
	for _, number := range []uint64{0, 1, 3, 1 << 40} {
		if err := b.Put(t.Context(), turn(number, `{"no":1}`)); !errors.Is(err, notary.ErrLostLead) {
			t.Errorf("turn %d after the first: %v", number, err)
		}
	}
	mustLoad(t, a, turn(1, `{}`))
}

func proveOneWins(t *testing.T, next func() notary.Shared) {
	const turns, replicas = 20, 4
	var wins [turns + 1]atomic.Int32
	var wg sync.WaitGroup
	for r := range replicas {
		s := next()
		wg.Go(func() {
			for n := uint64(1); n <= turns; n++ {
				err := s.Put(t.Context(), turn(n, fmt.Sprintf(`{"by":%d}`, r)))
				if err == nil {
					wins[n].Add(1)
				} else if !errors.Is(err, notary.ErrLostLead) {
					t.Errorf("turn %d: %v", n, err)
				}
				for last := uint64(0); last < n; { // until somebody has
					l, err := s.Load(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					last = l.Number
				}
			}
		})
	}
	wg.Wait()
	for n := 1; n <= turns; n++ {
		if w := wins[n].Load(); w != 1 {
			t.Errorf("turn %d was put by %d", n, w)
		}
	}
}

func proveWaiting(t *testing.T, next func() notary.Shared) {
	a, b := next(), next()
	brief, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.Wait(brief, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for nothing ended with %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	const turns = 50
	seen := make(chan error, 3)
	for _, s := range []notary.Shared{a, b, b} {
		go func() {
			for last := uint64(0); last < turns; {
				n, err := s.Wait(ctx, last)
				if err == nil && n.Number <= last {
					err = fmt.Errorf("turn %d for who waits for one after %d", n.Number, last)
				}
				if err != nil {
					seen <- err
					return
				}
				last = n.Number
			}
			seen <- nil
		}()
	}
	for n := uint64(1); n <= turns; n++ {
		mustPut(t, a, turn(n, `{}`))
	}
	for range 3 {
		if err := <-seen; err != nil {
			t.Error(err)
		}
	}
	if n, err := b.Wait(ctx, 7); err != nil || n.Number != turns {
		t.Errorf("who is far behind is given turn %d, %v", n.Number, err)
	}
}

func proveBytes(t *testing.T, next func() notary.Shared) {
	s := next()
	odd := make([]byte, notary.MaxState)
	for i := range odd {
		odd[i] = byte(i * 7)
	}
	mustPut(t, s, notary.Turn{Number: 1, State: odd})
	mustLoad(t, s, notary.Turn{Number: 1, State: odd})
	if err := s.Put(t.Context(), notary.Turn{Number: 2, State: append(odd, 0)}); err == nil || errors.Is(err, notary.ErrLostLead) {
		t.Errorf("a state over the limit: %v", err)
	}
	mustLoad(t, s, notary.Turn{Number: 1, State: odd})
}
