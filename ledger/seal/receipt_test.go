package seal_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/probity-ledger/probity/ledger/seal"
)

// What is kept of a code never changes, or nobody's code would open anything.
func TestWhatIsKeptOfACodeStays(t *testing.T) {
	hash := func(origin, code string) string {
		h, err := seal.NewReceipts(origin, 1, 0).Hash(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	const want = "ddf1e538f74332de775bf452c9913c81"
	if got := hash(origin, "1234567890123456"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if hash("other.example/ledger", "1234567890123456") == want || hash(origin, "1234567890123457") == want {
		t.Error("another ledger or code gives the same")
	}
}

func TestTooManyCodesAtOnceAreTurnedAway(t *testing.T) {
	r := seal.NewReceipts(origin, 1, 1)
	var turned, done atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch _, err := r.Hash(t.Context(), "1"); {
			case errors.Is(err, seal.ErrBusy):
				turned.Add(1)
			case err == nil:
				done.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if turned.Load() == 0 || done.Load() < 2 || turned.Load()+done.Load() != 8 {
		t.Errorf("%d turned away, %d done", turned.Load(), done.Load())
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := seal.NewReceipts(origin, 0, 1).Hash(gone, "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it: %v", err)
	}
}

func BenchmarkReceipt(b *testing.B) {
	r := seal.NewReceipts(origin, 1, 0)
	for b.Loop() {
		if _, err := r.Hash(b.Context(), "1234567890123456"); err != nil {
			b.Fatal(err)
		}
	}
}
