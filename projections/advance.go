package projections

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

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
	defer v.attend()()
	if err := v.build(ctx, store, progress); err != nil {
		return err
	}
	return v.follow(ctx, store.ReadAll, progress)
}

// Run applies what the store holds and whatever is recorded from now on,
// until ctx ends, the store is closed or an event cannot be decoded. It
// returns the reason: ErrLostLead when another process has moved the views.
// PostgreSQL may go away meanwhile; Run goes on when it is back. Views of
// another version are built anew first.
func (v *Views) Run(ctx context.Context, store ledger.Store) error {
	if v.opts.ReadOnly {
		return errReadOnly
	}
	defer v.attend()()
	if v.unfit.Load() {
		if err := v.build(ctx, store, nil); err != nil {
			return err
		}
	}
	return v.follow(ctx, store.Subscribe, nil)
}

// attend begins to keep the position right; what it returns ends that.
func (v *Views) attend() func() {
	if _, shared := v.lie.(*postgres); shared {
		v.lived.Store(nil)
		v.answers.change(true)
		v.answers.change(false)
	}
	v.attended.Add(1)
	return func() { v.attended.Add(-1) }
}

// build builds views anew that are empty, or of another version.
func (v *Views) build(ctx context.Context, store ledger.Store, progress func(ledger.Position)) error {
	if err := v.lookAgain(ctx); err != nil {
		return err
	}
	if v.position.Load() != uint64(ledger.Start) && !v.unfit.Load() {
		return nil
	}
	return patiently(ctx, func() error { return v.Rebuild(ctx, store, progress) })
}

// patiently does what may be repeated until the server is there, or ctx ends.
func patiently(ctx context.Context, do func() error) error {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := do()
		if !errors.Is(err, errLost) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (v *Views) follow(ctx context.Context, read func(context.Context, ledger.Position) iter.Seq2[ledger.Stored, error], progress func(ledger.Position)) error {
	if err := v.lookAgain(ctx); err != nil {
		return err
	}
	from := ledger.Position(v.position.Load())
	events := func(ctx context.Context) iter.Seq2[ledger.Stored, error] { return read(ctx, from) }
	return pipe(ctx, v.codec, events, func(list []prepared) error {
		began := time.Now()
		mark := ""
		err := patiently(ctx, func() error { return v.apply(ctx, list, &mark) })
		if err != nil {
			return fmt.Errorf("advance the views: %w", err)
		}
		v.told(list, began)
		if progress != nil {
			progress(list[len(list)-1].Position)
		}
		return nil
	})
}

// told tells of a group that was applied.
func (v *Views) told(list []prepared, began time.Time) {
	if v.opts.Applied != nil {
		v.opts.Applied(list[len(list)-1].Position, len(list), began)
	}
}

// lookAgain finds out how far the views have come, where another process may
// have advanced them.
func (v *Views) lookAgain(ctx context.Context) error {
	p, shared := v.lie.(*postgres)
	if !shared {
		return nil
	}
	v.advance.Lock()
	defer v.advance.Unlock()
	if v.conn == nil {
		return errClosed
	}
	defer v.conn.attach(v.conn.attach(ctx))
	at := v.position.Load()
	err := patiently(ctx, func() error { return p.look(v, v.conn) })
	if err != nil && !errors.Is(err, errOtherVersion) {
		return err
	}
	if now := v.position.Load(); now != at {
		v.writer = nil
		v.reached(ledger.Position(now))
	}
	return nil
}

// apply adds a group in one transaction. What the views show already, such
// as after a rebuild that overtook the caller, is left out. mark is that of the
// last try, which may have succeeded without this process learning of it.
func (v *Views) apply(ctx context.Context, list []prepared, mark *string) (err error) {
	v.advance.Lock()
	defer v.advance.Unlock()
	if v.conn == nil {
		return errClosed
	}
	if _, shared := v.lie.(*postgres); shared {
		defer v.conn.attach(v.conn.attach(ctx))
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
	at, done, err := v.applyHere(list, mark)
	if err == nil {
		// Where the last try did it, answers may have been kept since of what
		// was before.
		v.answers.change(true)
		defer v.answers.change(false)
		if !done {
			err = v.conn.end(true)
		}
	}
	if err != nil || done {
		// What the writer holds in memory is no longer what the views hold.
		v.writer = nil
		err = errors.Join(err, v.conn.end(false))
	}
	if err != nil {
		return err
	}
	v.watches.tell(v, list, from, at, done || v.writer.registers.obligations.told(), done || v.writer.registers.hits.told())
	v.reached(at)
	return nil
}

// applyHere adds the group, within a transaction; done tells that the last try
// did.
func (v *Views) applyHere(list []prepared, mark *string) (at ledger.Position, done bool, err error) {
	if at, err = readPosition(v.conn); err != nil {
		return at, false, err
	}
	if uint64(at) != v.position.Load() {
		if at == list[len(list)-1].Position && *mark != "" {
			done, err = v.lie.marked(v.conn, *mark)
		}
		if err == nil && !done {
			err = fmt.Errorf("%w: it moved them to position %s", ErrLostLead, at)
		}
		return at, done, err
	}
	for i := range list {
		if list[i].Position <= at {
			continue
		}
		if err := v.writer.add(&list[i]); err != nil {
			return at, false, err
		}
		at = list[i].Position
	}
	if err := v.writer.flush(); err != nil {
		return at, false, err
	}
	*mark = uuid.NewString()
	return at, false, errors.Join(v.writer.setPosition(at), v.lie.mark(v.conn, *mark))
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
	if err := v.lie.swap(ctx, v); err != nil {
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

// fill folds the whole store into w, up to its last event. What w holds is not
// written yet.
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
	return at, err
}
