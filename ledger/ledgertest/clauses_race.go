package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

var racing = []clause{
	{"of appends that expect the same revision exactly one wins", func(t *testing.T, s ledger.Store) {
		const rounds, rivals = 30, 8
		for round := range ledger.Revision(rounds) {
			var won atomic.Int32
			var wg sync.WaitGroup
			for range rivals {
				wg.Go(func() {
					switch _, err := s.Append(t.Context(), "prize", 2*round-1, entries(2)); {
					case err == nil:
						won.Add(1)
					case !errors.Is(err, ledger.ErrWrongRevision):
						t.Errorf("a rival lost with %v", err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Fatalf("round %d had %d winners", round, won.Load())
			}
		}
		got := readStream(t, s, "prize", 0)
		if len(got) != 2*rounds {
			t.Fatalf("%d events are recorded, want %d", len(got), 2*rounds)
		}
	}},
	{"concurrent repeats of one append all give its one result", func(t *testing.T, s ledger.Store) {
		for round := range ledger.Revision(20) {
			batch := entries(2)
			results := make([]ledger.Appended, 8)
			var wg sync.WaitGroup
			for i := range results {
				wg.Go(func() {
					var err error
					if results[i], err = s.Append(t.Context(), "a", 2*round-1, batch); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			for i := range results {
				if results[i] != results[0] || results[i].Revision != 2*round+1 {
					t.Fatalf("round %d gave %+v", round, results)
				}
			}
		}
	}},
	{"the entries of one append lie side by side under concurrent writers", func(t *testing.T, s ledger.Store) {
		const writers, each, size = 8, 20, 5
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				stream, at := fmt.Sprintf("s-%d", w), ledger.NoStream
				for i := range each {
					id := uuid.New()
					batch := make([]ledger.Entry, size)
					for j := range batch {
						batch[j] = ledger.Entry{ID: uuid.New(), Envelope: id[:]}
					}
					done, err := s.Append(t.Context(), stream, at, batch)
					if err != nil {
						t.Errorf("append %d: %v", i, err)
						return
					}
					at = done.Revision
				}
			})
		}
		wg.Wait()
		got := readAll(t, s, ledger.Start)
		if len(got) != writers*each*size {
			t.Fatalf("%d events are recorded, want %d", len(got), writers*each*size)
		}
		wantOrder(t, got)
		for i, e := range got {
			if first := got[i-i%size]; string(e.Envelope) != string(first.Envelope) {
				t.Fatalf("event %d belongs to another append than event %d", i, i-i%size)
			}
		}
	}},
	{"what a reader was given stays the beginning of what every later reader is given", func(t *testing.T, s ledger.Store) {
		const writers, each = 6, 50
		ctx, done := context.WithCancel(t.Context())
		var readers, wg sync.WaitGroup
		for range 3 {
			readers.Go(func() {
				var prefix []ledger.Stored
				for ctx.Err() == nil {
					got, err := collect(s.ReadAll(t.Context(), ledger.Start))
					if err != nil {
						t.Error(err)
						return
					}
					if len(got) < len(prefix) {
						t.Errorf("%d events were given after %d", len(got), len(prefix))
						return
					}
					if diff := diffEvents(prefix, got[:len(prefix)]); diff != "" {
						t.Errorf("the prefix changed (-before +after):\n%s", diff)
						return
					}
					prefix = got
				}
			})
		}
		for w := range writers {
			wg.Go(func() { appendChain(t, s, fmt.Sprintf("s-%d", w), each) })
		}
		wg.Wait()
		done()
		readers.Wait()
		wantOrder(t, readAll(t, s, ledger.Start))
	}},
	{"an append that has returned is seen by every read that begins after it", func(t *testing.T, s ledger.Store) {
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() {
				stream := fmt.Sprintf("s-%d", w)
				for i := range ledger.Revision(20) {
					at, err := s.Append(t.Context(), stream, i-1, []ledger.Entry{entry("x")})
					if err != nil {
						t.Error(err)
						return
					}
					got, err := collect(s.ReadStream(t.Context(), stream, i))
					if err != nil || len(got) != 1 || got[0].Position != at.Position {
						t.Errorf("after appending revision %d of %s a read gave %v, %v", i, stream, got, err)
						return
					}
				}
			})
		}
		wg.Wait()
	}},
	{"an append whose context ends while it runs is recorded whole or not at all, as its error says", func(t *testing.T, s ledger.Store) {
		const writers, each = 16, 25
		type attempt struct {
			batch []ledger.Entry
			err   error
		}
		attempts := make([][each]attempt, writers)
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					ctx, cancel := context.WithCancel(t.Context())
					a := &attempts[w][i]
					a.batch = entries(3)
					go cancel()
					_, a.err = s.Append(ctx, fmt.Sprintf("s-%d-%d", w, i), ledger.NoStream, a.batch)
					cancel()
				}
			})
		}
		wg.Wait()
		for w := range attempts {
			for i, a := range attempts[w] {
				got := len(readStream(t, s, fmt.Sprintf("s-%d-%d", w, i), 0))
				switch {
				case !acceptable(a.err, context.Canceled):
					t.Fatalf("an append ended with %v", a.err)
				case a.err == nil && got != 3,
					got != 0 && got != 3,
					got != 0 && a.err != nil && !errors.Is(a.err, ledger.ErrUnknownOutcome):
					t.Fatalf("an append ended with %v and %d of its 3 events are recorded", a.err, got)
				}
			}
		}
	}},
}
