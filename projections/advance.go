package projections

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// CatchUp brings the views up to what the store holds now. Empty views are
// built as by Rebuild. progress, when set, is told the position reached from
// time to time.
//
// It fails with an *ledger.IntegrityError on an event that cannot be
// decoded; what came before it is applied.
func (v *Views) CatchUp(ctx context.Context, store ledger.Store, progress func(done ledger.Position)) error {
	if v.opts.ReadOnly {
		return errReadOnly
	}
	if v.position.Load() == uint64(ledger.Start) {
		if err := v.Rebuild(ctx, store, progress); err != nil {
			return err
		}
	}
	return v.follow(ctx, store.ReadAll, progress)
}

// Run applies what the store holds and whatever is recorded from now on,
// until ctx ends, the store is closed or an event cannot be decoded. It
// returns the reason.
func (v *Views) Run(ctx context.Context, store ledger.Store) error {
	if v.opts.ReadOnly {
		return errReadOnly
	}
	return v.follow(ctx, store.Subscribe, nil)
}

func (v *Views) follow(ctx context.Context, read func(context.Context, ledger.Position) iter.Seq2[ledger.Stored, error], progress func(ledger.Position)) error {
	from := ledger.Position(v.position.Load())
	events := func(ctx context.Context) iter.Seq2[ledger.Stored, error] { return read(ctx, from) }
	return pipe(ctx, v.codec, events, func(list []prepared) error {
		if err := v.apply(list); err != nil {
			return fmt.Errorf("advance the views: %w", err)
		}
		if progress != nil {
			progress(list[len(list)-1].Position)
		}
		return nil
	})
}

// apply adds a group in one transaction. What the views show already, such
// as after a rebuild that overtook the caller, is left out.
func (v *Views) apply(list []prepared) (err error) {
	v.advance.Lock()
	defer v.advance.Unlock()
	if v.conn == nil {
		return errClosed
	}
	if v.writer == nil {
		a := adoptions{books: v.opts.Books}
		rules, err := v.resume(v.conn, &a)
		if err != nil {
			return err
		}
		if v.writer, err = newWriter(v.conn, rules, a, v.lie); err != nil {
			v.writer = nil
			return err
		}
	}
	if err := v.conn.begin(writing); err != nil {
		return err
	}
	from := ledger.Position(v.position.Load())
	at, err := v.applyHere(list)
	if err == nil {
		v.answers.change(true)
		defer v.answers.change(false)
		err = v.conn.end(true)
	}
	if err != nil {
		// What the writer holds in memory is no longer what the file holds.
		v.writer = nil
		return errors.Join(err, v.conn.end(false))
	}
	v.watches.tell(v, list, from, at, v.writer.registers.obligations.told())
	v.reached(at)
	return nil
}

func (v *Views) applyHere(list []prepared) (ledger.Position, error) {
	at, err := readPosition(v.conn)
	if err != nil {
		return at, err
	}
	if uint64(at) != v.position.Load() {
		return at, fmt.Errorf("another process has moved the views to position %s", at)
	}
	for i := range list {
		if list[i].Position <= at {
			continue
		}
		if err := v.writer.add(&list[i]); err != nil {
			return at, err
		}
		at = list[i].Position
	}
	if err := v.writer.flush(); err != nil {
		return at, err
	}
	return at, v.writer.setPosition(at)
}

// Rebuild builds the views from the first event on, beside those in use, and
// swaps them in when they are complete. Until then readers see the old ones;
// the swap itself makes them wait for a moment. A rebuild that fails or is
// cancelled changes nothing.
func (v *Views) Rebuild(ctx context.Context, store ledger.Store, progress func(done ledger.Position)) error {
	if v.opts.ReadOnly {
		return errReadOnly
	}
	v.advance.Lock()
	defer v.advance.Unlock()
	if v.conn == nil {
		return errClosed
	}
	if err := v.lie.discard(); err != nil {
		return err
	}
	v.rebuilding.Store(&Rebuilding{Since: v.opts.Now()})
	defer v.rebuilding.Store(nil)
	at, err := v.lie.load(ctx, v, store, func(done ledger.Position) {
		v.rebuilding.Store(&Rebuilding{v.rebuilding.Load().Since, done})
		if progress != nil {
			progress(done)
		}
	})
	if err != nil {
		return errors.Join(fmt.Errorf("rebuild the views: %w", err), v.lie.discard())
	}
	if err := v.lie.swap(ctx, v, at); err != nil {
		return fmt.Errorf("rebuild the views: %w", err)
	}
	v.watches.tellAll(v, at)
	v.reached(at)
	return nil
}

// Rebuilding is a rebuild that runs beside views in use.
type Rebuilding struct {
	Since time.Time
	// Position is how far it has come.
	Position ledger.Position
}

// Rebuilding returns the rebuild that runs, nil when none does. Until it ends
// the views answer as they stood when it began, and Position says up to where
// that is. Views opened for reading do not know of the rebuilds of another
// process.
func (v *Views) Rebuilding() *Rebuilding { return v.rebuilding.Load() }

// fill folds the whole store into w, up to its last event.
func (v *Views) fill(ctx context.Context, w *writer, store ledger.Store, progress func(ledger.Position)) (at ledger.Position, err error) {
	w.documents.bulk = true
	events := func(ctx context.Context) iter.Seq2[ledger.Stored, error] { return store.ReadAll(ctx, ledger.Start) }
	err = pipe(ctx, v.codec, events, func(list []prepared) error {
		for i := range list {
			if err := w.add(&list[i]); err != nil {
				return err
			}
		}
		at = list[len(list)-1].Position
		if progress != nil {
			progress(at)
		}
		return w.spill()
	})
	if err == nil {
		err = errors.Join(w.finish(), w.setPosition(at))
	}
	return at, err
}
