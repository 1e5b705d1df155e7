package ledgertest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

var subscribing = []clause{
	{"a subscription gives what is recorded and then what comes", func(t *testing.T, s ledger.Store) {
		mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
		var got []ledger.Stored
		for e, err := range s.Subscribe(t.Context(), ledger.Start) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e)
			if len(got) == 10 {
				break
			}
			if len(got) >= 3 { // caught up: each event brings the next
				mustAppend(t, s, "a", e.Revision, entry("live"))
			}
		}
		if diff := diffEvents(readAll(t, s, ledger.Start), got); diff != "" {
			t.Fatalf("(-recorded +given):\n%s", diff)
		}
	}},
	{"a subscription that waits is woken by the next append", func(t *testing.T, s ledger.Store) {
		events, stop := follow(t, s, ledger.Start)
		for i := range ledger.Revision(20) {
			want := mustAppend(t, s, "a", i-1, entry("event %d", i))
			if got := <-events; got.Position != want.Position {
				t.Fatalf("event %d: given position %s, appended at %s", i, got.Position, want.Position)
			}
		}
		wantError(t, stop(), context.Canceled)
	}},
	{"a subscription resumes after the last position it was given", func(t *testing.T, s ledger.Store) {
		all := fill(t, s, 50)
		var got []ledger.Stored
		for at := ledger.Start; len(got) < len(all); {
			for e, err := range s.Subscribe(t.Context(), at) {
				if err != nil {
					t.Fatal(err)
				}
				got, at = append(got, e), e.Position
				if len(got)%7 == 0 || len(got) == len(all) {
					break
				}
			}
		}
		if diff := diffEvents(all, got); diff != "" {
			t.Fatalf("(-recorded +given):\n%s", diff)
		}
	}},
	{"subscriptions under load see every event once and in order", proveSubscriptionsUnderLoad},
	{"a subscription ends with its context's error", func(t *testing.T, s ledger.Store) {
		mustAppend(t, s, "a", ledger.NoStream, entry("x"))
		events, stop := follow(t, s, ledger.Start)
		<-events
		wantError(t, stop(), context.Canceled)
	}},
	{"a subscription ends with ErrClosed when the store closes", func(t *testing.T, s ledger.Store) {
		mustAppend(t, s, "a", ledger.NoStream, entry("x"))
		given, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			var last error
			for _, err := range s.Subscribe(context.Background(), ledger.Start) {
				if last = err; err == nil {
					close(given)
				}
			}
			ended <- last
		}()
		<-given
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantError(t, <-ended, ledger.ErrClosed)
	}},
}

// follow runs a subscription in the background. The stop it returns cancels
// the subscription and gives the error it ended with.
func follow(t *testing.T, s ledger.Store, after ledger.Position) (events <-chan ledger.Stored, stop func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	out, ended := make(chan ledger.Stored, 1), make(chan error, 1)
	go func() {
		var last error
		for e, err := range s.Subscribe(ctx, after) {
			if err != nil {
				last = err
				continue
			}
			select {
			case out <- e:
			case <-ctx.Done():
			}
		}
		ended <- last
	}()
	return out, func() error {
		cancel()
		return <-ended
	}
}

func proveSubscriptionsUnderLoad(t *testing.T, s ledger.Store) {
	const writers, each, followers = 8, 60, 4
	mustAppend(t, s, "before", ledger.NoStream, entries(100)...)
	given := make([][]ledger.Stored, followers)
	var wg sync.WaitGroup
	for f := range followers {
		wg.Go(func() {
			for e, err := range s.Subscribe(t.Context(), ledger.Start) {
				if err != nil {
					t.Error(err)
					return
				}
				if given[f] = append(given[f], e); len(given[f]) == 100+writers*each {
					return
				}
			}
		})
	}
	for w := range writers {
		wg.Go(func() { appendChain(t, s, string(rune('a'+w)), each) })
	}
	wg.Wait()
	want := readAll(t, s, ledger.Start)
	for f := range followers {
		if diff := diffEvents(want, given[f]); diff != "" {
			t.Fatalf("subscription %d (-recorded +given):\n%s", f, diff)
		}
	}
}

// appendChain appends n events to a stream, one after the other.
func appendChain(t *testing.T, s ledger.Store, stream string, n int) {
	for i := range ledger.Revision(n) {
		if _, err := s.Append(t.Context(), stream, i-1, []ledger.Entry{entry("%s %d", stream, i)}); err != nil {
			t.Errorf("append event %d to %s: %v", i, stream, err)
			return
		}
	}
}

// acceptable reports whether an append that raced with the end of its context
// or of the store may have ended with err.
func acceptable(err error, allowed ...error) bool {
	for _, a := range append(allowed, ledger.ErrUnknownOutcome) {
		if errors.Is(err, a) {
			return true
		}
	}
	return err == nil
}
