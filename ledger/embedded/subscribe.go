package embedded

import (
	"context"
	"iter"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// Subscribe yields every event after a position, then each new one as it is
// committed; see [ledger.Store]. It ends with the error of ctx, with
// ErrClosed, or with what made reading fail.
func (s *Store) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		c, at := newChunk(chunkEvents), after // a sequence may be read again
		for {
			committed := s.commits.next() // before reading: see signal
			err := s.readers.use(ctx, func(r *reader) error { return r.readAll(c, at, s.nameOf) })
			at += ledger.Position(len(c.events))
			if !s.give(ctx, c, err, yield) {
				return
			}
			if c.more {
				continue
			}
			if err := s.await(ctx, committed); err != nil {
				yield(ledger.Stored{}, err)
				return
			}
		}
	}
}

// await returns nil when there may be something new to read.
func (s *Store) await(ctx context.Context, committed <-chan struct{}) error {
	var poll <-chan time.Time
	if s.lock == nil {
		timer := time.NewTimer(pollEvery)
		defer timer.Stop()
		poll = timer.C
	}
	select {
	case <-committed:
	case <-poll:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return ledger.ErrClosed
	}
	return nil
}
