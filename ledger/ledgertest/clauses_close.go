package ledgertest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

var ending = []clause{
	{"every call after Close fails with ErrClosed", func(t *testing.T, s ledger.Store) {
		mustAppend(t, s, "a", ledger.NoStream, entry("x"))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := s.Append(t.Context(), "a", 0, entries(1))
		wantError(t, err, ledger.ErrClosed)
		for name, seq := range map[string]func(func(ledger.Stored, error) bool){
			"ReadAll":    s.ReadAll(t.Context(), ledger.Start),
			"ReadStream": s.ReadStream(t.Context(), "a", 0),
			"Subscribe":  s.Subscribe(t.Context(), ledger.Start),
		} {
			got, err := collect(seq)
			if len(got) != 0 {
				t.Errorf("%s yielded %d events", name, len(got))
			}
			wantError(t, err, ledger.ErrClosed)
		}
	}},
	{"closing again does no harm", func(t *testing.T, s ledger.Store) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := s.Close(); err != nil && !errors.Is(err, ledger.ErrClosed) {
					t.Errorf("close: %v", err)
				}
			})
		}
		wg.Wait()
	}},
	{"closing from inside a read ends it with ErrClosed", func(t *testing.T, s ledger.Store) {
		fill(t, s, 100)
		n := 0
		for _, err := range s.ReadAll(t.Context(), ledger.Start) {
			if n++; n == 1 {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				continue
			}
			wantError(t, err, ledger.ErrClosed)
		}
		if n != 2 {
			t.Fatalf("%d steps, want one event and one error", n)
		}
	}},
	{"appends that race with Close are recorded or fail, and none hangs", func(t *testing.T, s ledger.Store) {
		const writers = 32
		var started, wg sync.WaitGroup
		started.Add(writers)
		for w := range writers {
			wg.Go(func() {
				stream := fmt.Sprintf("s-%d", w)
				for i := ledger.Revision(0); ; i++ {
					_, err := s.Append(t.Context(), stream, i-1, []ledger.Entry{entry("x")})
					if i == 0 {
						started.Done()
					}
					if err == nil {
						continue
					}
					if !acceptable(err, ledger.ErrClosed) {
						t.Errorf("an append ended with %v", err)
					}
					return
				}
			})
		}
		started.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	}},
	{"reads that race with Close end whole or with ErrClosed", func(t *testing.T, s ledger.Store) {
		all := fill(t, s, many)
		var reading, wg sync.WaitGroup
		reading.Add(8)
		for range 8 {
			wg.Go(func() {
				for first := true; ; first = false {
					got, err := collect(s.ReadAll(t.Context(), ledger.Start))
					if first {
						reading.Done()
					}
					switch {
					case err != nil && !errors.Is(err, ledger.ErrClosed):
						t.Errorf("a read ended with %v", err)
						return
					case err != nil:
						return
					case len(got) != len(all):
						t.Errorf("a read without error gave %d events of %d", len(got), len(all))
						return
					}
				}
			})
		}
		reading.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	}},
}
