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
	v.file.RLock()
	readers := v.readers
	v.file.RUnlock()
	select {
	case readers.snapshots <- struct{}{}:
		defer func() { <-readers.snapshots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return v.read(ctx, func(c *conn) (err error) {
		if err := c.Exec("BEGIN"); err != nil {
			return err
		}
		defer func() {
			// A request that was ended leaves its interrupt on the connection.
			defer c.SetInterrupt(c.SetInterrupt(context.WithoutCancel(ctx)))
			err = errors.Join(err, c.Exec("ROLLBACK"))
		}()
		at, err := readPosition(c) // the first look is what the snapshot shows
		if err != nil {
			return err
		}
		held := v.As(r.who)
		held.held = c
		return fn(held, at)
	})
}
