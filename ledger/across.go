package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/probity-ledger/probity/domain"
)

// rulesSeen remembers up to which change of the rules, made under Locks by
// whichever process, this one knows them.
type rulesSeen struct {
	mu    sync.Mutex // guards all below; held while the rules are read
	known bool
	at    int64
}

// upTo reads the rules again unless they are known up to that change. Nobody
// changes them meanwhile: the caller holds Locks.
func (s *rulesSeen) upTo(ctx context.Context, change int64, reread func(context.Context) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known && s.at == change {
		return nil
	}
	s.known = false
	if err := reread(ctx); err != nil {
		return fmt.Errorf("read the rules again, which another process may have changed: %w", err)
	}
	s.known, s.at = true, change
	return nil
}

// forget makes the next command read the rules again.
func (s *rulesSeen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = false
}

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
