package ledger

import (
	"context"
	"maps"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// holding is the streams one command keeps still: the one it is addressed to
// and those it must see (domain.Seer). Streams are taken in the order of
// their names, so that two commands never wait for each other; where other
// processes record as well, first from the commands of this one, then from
// those of the others (Locks). Who waits for other processes holds streams of
// this one, and nobody who is waited for there waits for any of this one.
//
// What a command saw is still so when its events are recorded, because every
// command that would change it waits.
type holding struct {
	cache   *stateCache
	target  string
	entries map[string]*stateEntry
	// certain: the entries hold what is recorded. While it is false, as after
	// an error or a panic, release drops them.
	certain bool

	locks Locks // nil when this process alone writes
	held  Held  // nil while nothing is held across processes
	rules *rulesSeen
	// makesLaw: the command changes the rules; sent: something may be recorded.
	makesLaw, sent bool
}

// hold keeps the streams of a command still within this process.
func (r *Recorder) hold(target string, makesLaw bool) *holding {
	h := &holding{cache: r.cache, target: target, locks: r.cfg.Locks, rules: r.rulesSeen, makesLaw: makesLaw}
	h.take([]string{target})
	return h
}

func (h *holding) take(streams []string) {
	slices.Sort(streams)
	h.entries = make(map[string]*stateEntry, len(streams))
	for _, s := range streams {
		h.entries[s] = h.cache.acquire(s)
	}
}

// widen also holds the streams of refs and tells whether it had to let go of
// everything for it; then all must be looked at again.
func (h *holding) widen(refs []domain.Ref) bool {
	streams := slices.Collect(maps.Keys(h.entries))
	for _, r := range refs {
		if s := r.Stream(); h.entries[s] == nil && !slices.Contains(streams, s) {
			streams = append(streams, s)
		}
	}
	if len(streams) == len(h.entries) {
		return false
	}
	h.letGo()
	h.take(streams)
	return true
}

func (h *holding) entry() *stateEntry { return h.entries[h.target] }

// doubt makes the next look at any held stream read the store.
func (h *holding) doubt() {
	for _, e := range h.entries {
		e.stale = true
	}
}

// letGo gives everything back. The streams of the others come first: whoever
// waits here for one of ours would only wait for them next.
func (h *holding) letGo() {
	h.unlock()
	for _, e := range h.entries {
		h.cache.release(e)
	}
	h.entries = nil
}

// release ends the holding.
func (h *holding) release() {
	if !h.certain {
		for _, e := range h.entries {
			e.drop()
		}
	}
	h.letGo()
}

// see loads the other aggregates that the command must see. It tells whether
// it read the store for all of them.
func (r *Recorder) see(ctx context.Context, h *holding, refs []domain.Ref) (*domain.Sight, bool, error) {
	if len(refs) == 0 {
		return nil, true, nil
	}
	sight, allLoaded := domain.Sight{}, true
	for _, ref := range refs {
		room := r.cfg.Codec.catalog.Room(ref.Type)
		if room == nil {
			sight[ref] = nil // nothing can be recorded of it, so nothing was
			continue
		}
		entry := h.entries[ref.Stream()]
		loaded, err := r.load(ctx, entry, room, ref.Stream())
		if err != nil {
			return nil, false, err
		}
		// One that sees itself was loaded just before.
		allLoaded = allLoaded && (loaded || entry == h.entry())
		sight[ref] = entry.state
	}
	return &sight, allLoaded, nil
}
