package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// decideAndAppend holds the stream, and those the command must see, while it
// loads, decides, signs and appends. It returns the events of the
// instruction, also those of an earlier time, so that reactions cut short by
// a crash are made up for.
func (r *Recorder) decideAndAppend(ctx context.Context, room *domain.Aggregate, stream string, in domain.Instruction, w *warrant) ([]domain.Recorded, Receipt, error) {
	defer r.underOneLaw(room)()
	h := r.hold(stream, r.makesLaw(room))
	defer h.release()
	if h.locks != nil {
		if err := r.foresee(ctx, h, room, in, w); err != nil {
			return nil, Receipt{}, err
		}
	}
	lost := ErrWrongRevision // why it was tried again
	for range attempts {
		h.certain = false
		if err := r.lock(ctx, h); err != nil {
			h.certain = true
			return nil, Receipt{}, err
		}
		asLoaded, err := r.load(ctx, h.entry(), room, stream)
		if err != nil {
			return nil, Receipt{}, err
		}
		entry := w.looksAt(h.entry(), room)
		if rev, ok := entry.ids[EventIDOf(stream, in.ID, 0)]; ok {
			h.certain = true
			return r.repeated(ctx, room, stream, in, rev)
		}
		act, book := r.stamp(entry, in.Act)
		act, err = w.stamp(act, entry.head.revision)
		if err != nil && !asLoaded {
			h.doubt()
			continue
		}
		if err != nil {
			h.certain = true
			return nil, Receipt{}, err
		}
		refs := append(room.Reads(entry.state, in.Command, act), w.keys()...)
		if h.widen(refs) {
			continue // others may have acted meanwhile
		}
		sight, allLoaded, err := r.see(ctx, h, refs)
		if err != nil {
			return nil, Receipt{}, err
		}
		act.Sees = sight
		decided, err := room.Decide(entry.state, in.Command, act, book)
		if err == nil {
			err = r.admit(room, act, decided)
		}
		if err != nil && !(asLoaded && allLoaded) && domain.RefusalCode(err) != "" {
			h.doubt() // a no must rest on what is recorded, not on what was cached
			continue
		}
		if err != nil {
			h.certain = domain.RefusalCode(err) != ""
			return nil, Receipt{}, err
		}
		events, receipt, err := r.sealAndAppend(ctx, h, entry, room, stream, in.ID, act, book, decided, w)
		if errors.Is(err, ErrWrongRevision) {
			lost = err
			h.doubt() // another process was faster: see what it did, decide again
			continue
		}
		if errors.Is(err, ErrLocksLost) && !errors.Is(err, ErrUnknownOutcome) {
			lost = err
			h.unlock() // nothing was sent: hold the streams anew, and decide again
			continue
		}
		if w != nil && !(asLoaded && allLoaded) && domain.RefusalCode(err) != "" {
			h.doubt() // so must a no to a signature
			continue
		}
		h.certain = err == nil || domain.RefusalCode(err) != "" || errors.Is(err, errPrepared)
		return events, receipt, err
	}
	h.certain = true
	return nil, Receipt{}, fmt.Errorf("record %s on %s: given up after %d attempts: %w", in.Command.Name(), stream, attempts, lost)
}

// sealAndAppend signs what was decided, appends it, and folds it into the
// state once it is recorded.
func (r *Recorder) sealAndAppend(ctx context.Context, h *holding, entry *stateEntry, room *domain.Aggregate, stream, instruction string, act domain.Act, book *domain.Rulebook, decided []domain.Event, w *warrant) ([]domain.Recorded, Receipt, error) {
	events, entries, prev, err := r.seal(entry, stream, instruction, act, book, decided, w)
	if err != nil {
		return nil, Receipt{}, err
	}
	if r.makesLaw(room) {
		// Whether the rules have changed must not stay unknown.
		ctx = context.WithoutCancel(ctx)
	}
	done, err := r.append(ctx, h, stream, entry.head.revision, entries)
	if err != nil {
		return nil, Receipt{}, err
	}
	receipt := Receipt{Stream: stream, Revision: done.Revision, Position: done.Position, Settled: done.Position}
	for i, e := range events {
		room.Apply(entry.state, e.Event, e.Act)
		entry.ids[entries[i].ID] = Revision(e.Revision)
		receipt.Events, receipt.Kinds = append(receipt.Events, e.ID), append(receipt.Kinds, e.Event.Kind())
	}
	entry.head = streamHead{done.Revision, prev, act.RecordedAt.UnixMicro()}
	r.enact(room, events)
	return events, receipt, nil
}

// append repeats the very same append while its outcome is unknown and the
// streams are held, resting a little in between. Nothing is sent once the locks
// may be lost: another process may have changed by then what the command saw.
// The outcome of what was sent before stays unknown then; who repeats the
// instruction learns it under new locks. So it does when a repeat fails for
// another reason, save that the revision is taken: by whom else, then ours is
// not recorded and never will be.
func (r *Recorder) append(ctx context.Context, h *holding, stream string, expected Revision, entries []Entry) (done Appended, err error) {
	for try := range attempts {
		if try > 0 && !rest(ctx, firstRest<<(try-1)) {
			return done, err
		}
		if lost := h.stillHeld(ctx); lost != nil {
			return Appended{}, errors.Join(err, lost)
		}
		h.sent = true
		unknown := err
		done, err = r.cfg.Store.Append(ctx, stream, expected, entries)
		switch {
		case err != nil && unknown != nil && !errors.Is(err, ErrWrongRevision) && !errors.Is(err, ErrUnknownOutcome):
			return done, errors.Join(unknown, err)
		case !errors.Is(err, ErrUnknownOutcome) || ctx.Err() != nil:
			return done, err
		}
	}
	return done, err
}

// firstRest is how long it is rested before the first repeat of an append; it
// doubles with each.
const firstRest = 5 * time.Millisecond

// rest waits; false when ctx ended before.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// load brings the cached state of the stream up to what is recorded: the
// whole stream at first, later only what another process added. It tells
// whether it read the store.
func (r *Recorder) load(ctx context.Context, entry *stateEntry, room *domain.Aggregate, stream string) (bool, error) {
	if entry.state == nil {
		entry.reset(room.NewState())
	}
	if !entry.stale {
		return false, nil
	}
	for s, err := range r.cfg.Store.ReadStream(ctx, stream, entry.head.revision+1) {
		if err != nil {
			return true, fmt.Errorf("load %s: %w", stream, err)
		}
		d, err := r.cfg.Codec.Decode(s)
		if err != nil {
			return true, err
		}
		next := headOf(d)
		if what := entry.head.misfit(next, d.PrevHash); what != "" {
			return true, &IntegrityError{s.Position, stream, s.Revision, what}
		}
		room.Apply(entry.state, d.Event, d.Act)
		entry.head = next
		entry.ids[s.ID] = s.Revision
	}
	entry.stale = false
	return true, nil
}
