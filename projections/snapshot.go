package projections

import (
	"context"
	"errors"

	"github.com/probity-ledger/probity/ledger"
)

// Snapshot calls fn with a reader for the same principal, all of whose
// answers show the ledger as it is at one position, whatever is applied
// meanwhile. That reader is good until fn returns, and for one goroutine; fn
// asks nothing else of the views.
//
// It holds a connection as long, of which there are Options.Readers less one
// to hold; who comes later waits.
func (r *Reader) Snapshot(ctx context.Context, fn func(*Reader, ledger.Position) error) error {
	v := r.views
	v.place.RLock()
	readers := v.readers
	v.place.RUnlock()
	select {
	case readers.snapshots <- struct{}{}:
		defer func() { <-readers.snapshots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return v.read(ctx, func(c conn) (err error) {
		if err := c.begin(reading); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.end(false)) }()
		at, err := readPosition(c) // the first look is what the snapshot shows
		if err != nil {
			return err
		}
		held := v.As(r.who)
		held.held = c
		return fn(held, at)
	})
}
