package kurrent

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// entries makes n events.
func entries(n int) []ledger.Entry {
	out := make([]ledger.Entry, n)
	for i := range out {
		out[i] = ledger.Entry{ID: uuid.New(), Envelope: fmt.Appendf(nil, "event %d of %d", i, n)}
	}
	return out
}

func mustAppend(t testing.TB, s ledger.Store, stream string, expected ledger.Revision, batch ...ledger.Entry) ledger.Appended {
	t.Helper()
	done, err := s.Append(t.Context(), stream, expected, batch)
	if err != nil {
		t.Fatalf("append %d events to %s at %d: %v", len(batch), stream, expected, err)
	}
	return done
}

func collect(seq iter.Seq2[ledger.Stored, error]) ([]ledger.Stored, error) {
	var out []ledger.Stored
	for e, err := range seq {
		if err != nil {
			return out, err
		}
		out = append(out, e)
	}
	return out, nil
}

func mustRead(t testing.TB, seq iter.Seq2[ledger.Stored, error]) []ledger.Stored {
	t.Helper()
	out, err := collect(seq)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return out
}

func wantError(t testing.TB, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got error %v, want %v", err, target)
	}
}

// integrity returns the integrity failure that an error is.
func integrity(t testing.TB, err error) *ledger.IntegrityError {
	t.Helper()
	failure, ok := errors.AsType[*ledger.IntegrityError](err)
	if !ok {
		t.Fatalf("got error %v, want an integrity failure", err)
	}
	return failure
}
