package ledger

import (
	"context"
	"errors"
	"testing"
)

// Who waits for another's reading of the rules waits no longer than its own
// context, and what was forgotten during a reading is read again.
func TestTheRulesAreWaitedForWithinTheContext(t *testing.T) {
	s := newRulesSeen()
	reads, begun, goOn := 0, make(chan struct{}), make(chan error)
	read := func(context.Context) error {
		reads++
		close(begun)
		return <-goOn
	}
	again := func(context.Context) error { reads++; return nil }
	ended := make(chan error)
	go func() { ended <- s.upTo(t.Context(), 4, read) }()
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.upTo(ctx, 4, again); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting beyond its context gave %v", err)
	}
	s.forget()
	goOn <- nil
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for _, change := range []int64{4, 4, 5, 5} {
		if err := s.upTo(t.Context(), change, again); err != nil {
			t.Fatal(err)
		}
	}
	if reads != 3 {
		t.Errorf("the rules were read %d times, want once before they were forgotten and once for each change", reads)
	}
	failed := errors.New("failed")
	if err := s.upTo(t.Context(), 6, func(context.Context) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	if err := s.upTo(t.Context(), 5, again); err != nil || reads != 4 {
		t.Errorf("behind a reading that failed: %v, %d readings", err, reads)
	}
}
