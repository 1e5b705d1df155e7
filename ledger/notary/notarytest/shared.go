// Package notarytest holds the suite that every [notary.Shared] must pass, and
// one in memory.
//
//	func TestShared(t *testing.T) {
//		notarytest.RunShared(t, func(t *testing.T) func() notary.Shared {
//			place := open(t)                       // where nothing was ever put
//			return func() notary.Shared { return place.connect() }
//		})
//	}
package notarytest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/probity-ledger/probity/ledger/notary"
)

// Shared is a [notary.Shared] in memory, for replicas in one process.
type Shared struct {
	mu      sync.Mutex // guards what follows
	last    notary.Turn
	changed chan struct{} // closed and replaced by each put
}

var _ notary.Shared = (*Shared)(nil)

// NewShared returns a place where nothing was ever put.
func NewShared() *Shared { return &Shared{changed: make(chan struct{})} }

// Load implements [notary.Shared].
func (s *Shared) Load(ctx context.Context) (notary.Turn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last, ctx.Err()
}

// Put implements [notary.Shared].
func (s *Shared) Put(ctx context.Context, t notary.Turn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case len(t.State) > notary.MaxState:
		return fmt.Errorf("share %d bytes: at most %d are taken", len(t.State), notary.MaxState)
	case t.Number != s.last.Number+1:
		return fmt.Errorf("%w: the last turn is %d, put was %d", notary.ErrLostLead, s.last.Number, t.Number)
	}
	s.set(t)
	return nil
}

// Restore puts back what was there before, as a restored backup would.
func (s *Shared) Restore(t notary.Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set(t)
}

func (s *Shared) set(t notary.Turn) {
	s.last = notary.Turn{Number: t.Number, State: slices.Clone(t.State)}
	close(s.changed)
	s.changed = make(chan struct{})
}

// Wait implements [notary.Shared].
func (s *Shared) Wait(ctx context.Context, after uint64) (notary.Turn, error) {
	for {
		s.mu.Lock()
		last, changed := s.last, s.changed
		s.mu.Unlock()
		if err := ctx.Err(); err != nil {
			return notary.Turn{}, err
		}
		if last.Number > after {
			return last, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}
