package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/ledger"
)

// clause proves one promise of the contract on a new, empty store.
type clause struct {
	sentence string
	prove    func(t *testing.T, s ledger.Store)
}

// Run proves every promise of the [ledger.Store] contract on stores made by
// newStore. After each clause no goroutine may be left behind.
func Run(t *testing.T, newStore func(t *testing.T) ledger.Store) {
	t.Helper()
	for _, chapter := range [][]clause{appending, retrying, limits, reading, subscribing, racing, ordering, ending} {
		for _, c := range chapter {
			t.Run(c.sentence, func(t *testing.T) {
				before := goleak.IgnoreCurrent()
				s := newStore(t)
				c.prove(t, s)
				if err := s.Close(); err != nil {
					t.Errorf("close the store: %v", err)
				}
				goleak.VerifyNone(t, before)
			})
		}
	}
	t.Run("any history of appends and reads matches a simple model", func(t *testing.T) {
		before := goleak.IgnoreCurrent()
		proveModel(t, newStore)
		goleak.VerifyNone(t, before)
	})
}

// entry makes an event with a fresh id and recognisable bytes.
func entry(text string, args ...any) ledger.Entry {
	return ledger.Entry{ID: uuid.New(), Envelope: fmt.Appendf(nil, text, args...)}
}

// entries makes n events.
func entries(n int) []ledger.Entry {
	out := make([]ledger.Entry, n)
	for i := range out {
		out[i] = entry("event %d of %d", i, n)
	}
	return out
}

// mustAppend appends and expects success.
func mustAppend(t *testing.T, s ledger.Store, stream string, expected ledger.Revision, batch ...ledger.Entry) ledger.Appended {
	t.Helper()
	done, err := s.Append(t.Context(), stream, expected, batch)
	if err != nil {
		t.Fatalf("append %d events to %s at %d: %v", len(batch), stream, expected, err)
	}
	return done
}

// wantError fails unless err is target.
func wantError(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got error %v, want %v", err, target)
	}
}

// collect reads a sequence to its end.
func collect(seq func(func(ledger.Stored, error) bool)) ([]ledger.Stored, error) {
	var out []ledger.Stored
	for e, err := range seq {
		if err != nil {
			return out, err
		}
		out = append(out, e)
	}
	return out, nil
}

// readAll returns everything recorded after a position.
func readAll(t *testing.T, s ledger.Store, after ledger.Position) []ledger.Stored {
	t.Helper()
	out, err := collect(s.ReadAll(t.Context(), after))
	if err != nil {
		t.Fatalf("read all after %s: %v", after, err)
	}
	return out
}

// readStream returns a stream from a revision on.
func readStream(t *testing.T, s ledger.Store, stream string, from ledger.Revision) []ledger.Stored {
	t.Helper()
	out, err := collect(s.ReadStream(t.Context(), stream, from))
	if err != nil {
		t.Fatalf("read %s from %d: %v", stream, from, err)
	}
	return out
}

// wantEmpty fails if anything is recorded.
func wantEmpty(t *testing.T, s ledger.Store) {
	t.Helper()
	if got := readAll(t, s, ledger.Start); len(got) != 0 {
		t.Fatalf("%d events are recorded, want none: %v", len(got), got)
	}
}

// wantOrder fails unless positions rise strictly and every stream's revisions
// run 0, 1, 2… The events must be everything recorded so far.
func wantOrder(t *testing.T, events []ledger.Stored) {
	t.Helper()
	last := ledger.Start
	next := make(map[string]ledger.Revision)
	for i, e := range events {
		if e.Position <= last {
			t.Fatalf("event %d has position %s after position %s", i, e.Position, last)
		}
		if e.Revision != next[e.Stream] {
			t.Fatalf("event %d has revision %d of %s, want %d", i, e.Revision, e.Stream, next[e.Stream])
		}
		last, next[e.Stream] = e.Position, e.Revision+1
	}
}

// diffEvents is cmp.Diff for events, empty when they are the same. It compares
// before it explains, which is what makes long reads affordable.
func diffEvents(want, got []ledger.Stored) string {
	same := func(a, b ledger.Stored) bool {
		return a.Position == b.Position && a.Stream == b.Stream && a.Revision == b.Revision &&
			a.ID == b.ID && bytes.Equal(a.Envelope, b.Envelope)
	}
	if slices.EqualFunc(want, got, same) {
		return ""
	}
	return cmp.Diff(want, got)
}

// canceled is a context that has ended.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
