package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/probity-ledger/probity/domain"
)

// rulesSeen remembers up to which change of the rules, made under Locks by
// whichever process, this one knows them.
type rulesSeen struct {
	reading chan struct{} // full while the rules are read
	at      atomic.Int64  // the change; rulesUnknown, or rulesRead while they are read
}

// Changes are counted from 0.
const rulesUnknown, rulesRead = -1, -2

func newRulesSeen() *rulesSeen {
	s := &rulesSeen{reading: make(chan struct{}, 1)}
	s.forget()
	return s
}

// upTo reads the rules again unless they are known up to that change. Nobody
// changes them meanwhile: the caller holds Locks. It waits for another who
// reads them no longer than ctx.
func (s *rulesSeen) upTo(ctx context.Context, change int64, reread func(context.Context) error) error {
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.at.Load() == change {
		return nil
	}
	s.at.Store(rulesRead)
	if err := reread(ctx); err != nil {
		s.forget()
		return fmt.Errorf("read the rules again, which another process may have changed: %w", err)
	}
	s.at.CompareAndSwap(rulesRead, change) // not if they were forgotten meanwhile
	return nil
}

// forget makes the next command read the rules again.
func (s *rulesSeen) forget() { s.at.Store(rulesUnknown) }

// lock holds the streams across processes as well, if there are others and it
// does not yet. What is cached of them counts as old from then on, so that the
// next look reads what the others recorded: the tail of each stream.
func (r *Recorder) lock(ctx context.Context, h *holding) error {
	if h.locks == nil || h.held != nil {
		return nil
	}
	streams := slices.Sorted(maps.Keys(h.entries))
	held, err := h.locks.Hold(ctx, streams, h.makesLaw)
	if err != nil {
		return fmt.Errorf("hold %s across processes: %w", h.target, err)
	}
	h.held = held
	h.doubt()
	if r.cfg.Rulemaking == nil {
		return nil
	}
	return r.rulesSeen.upTo(ctx, held.Rules(), r.cfg.Rulemaking.Reread)
}

// unlock gives the streams back to other processes.
func (h *holding) unlock() {
	if h.held == nil {
		return
	}
	if h.makesLaw && h.sent && !h.certain {
		h.rules.forget() // a change may be recorded that was not enacted here
	}
	_ = h.held.Release(h.makesLaw && h.sent) // see Held: what is recorded is recorded
	h.held = nil
}

// stillHeld fails with ErrLocksLost when other processes may hold the streams
// by now.
func (h *holding) stillHeld(ctx context.Context) error {
	if h.held == nil {
		return nil
	}
	return h.held.Check(ctx)
}

// foresee loads what is not in memory yet, and holds, within this process,
// what the command will have to see by it: so that other processes are asked
// once, for all of it, and for no longer than it takes to read what is new.
// What is missing is found out under the locks.
func (r *Recorder) foresee(ctx context.Context, h *holding, room *domain.Aggregate, in domain.Instruction, w *warrant) error {
	if _, err := r.load(ctx, h.entry(), room, h.target); err != nil {
		return err
	}
	refs := append(room.Reads(w.looksAt(h.entry(), room).state, in.Command, in.Act), w.keys()...)
	h.widen(refs)
	_, _, err := r.see(ctx, h, refs)
	return err
}
