package projections

import (
	"sync"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Interest says which events somebody waits for.
type Interest struct {
	// Ref: only events that touch it; any when zero.
	Ref domain.Ref
	// Kinds: only events of these; any when empty.
	Kinds []domain.Kind
	// Clocks: only events that moved an obligation or warned of one. Ref and
	// Kinds are not looked at then.
	Clocks bool
	// Hits: only events that changed what rules find, or what is to be said of
	// a warning of theirs. Nothing else is looked at then.
	Hits bool
}

// Watch tells that the views have come further and show something that may be
// of interest. It tells that, and how far, and nothing else: what is new is
// for a [Reader] to say. Groups of events that the views show at once are told
// of once, and a Watch that nobody looks at holds one sign, not a queue; so
// whoever is slow never holds up the views.
//
// A Watch is for one goroutine.
type Watch struct {
	views    *Views
	interest Interest
	woken    chan struct{}

	// What follows is guarded by watches.mu.

	// pending: a group since the last Take may be of interest; the first of
	// them begins behind from.
	pending bool
	from    ledger.Position
}

// watches are those who wait, by what they wait for, so that a group of events
// costs no more than those it may be of interest to.
//
// Whoever waits is told under the same lock under which the position rises.
// So what a Watch has not been told of by the time it is made, or looked at,
// lies behind the position it is given then.
type watches struct {
	mu     sync.Mutex // guards what follows, and the rise of Views.position
	byRef  map[domain.Ref]map[*Watch]struct{}
	byKind map[domain.Kind]map[*Watch]struct{}
	clocks map[*Watch]struct{}
	hits   map[*Watch]struct{}
	all    map[*Watch]struct{}
}

// Watch begins to watch. It fails on a file of views that another process keeps
// up to date; in PostgreSQL it hears of nothing until Run or Follow runs here.
// Close it when it is no longer needed.
func (v *Views) Watch(i Interest) (*Watch, error) {
	if _, shared := v.lie.(*postgres); v.opts.ReadOnly && !shared {
		return nil, errReadOnly
	}
	w := &Watch{views: v, interest: i, woken: make(chan struct{}, 1)}
	x := &v.watches
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case i.Hits:
		x.hits = with(x.hits, w)
	case i.Clocks:
		x.clocks = with(x.clocks, w)
	case i.Ref != domain.Ref{}:
		if x.byRef == nil {
			x.byRef = map[domain.Ref]map[*Watch]struct{}{}
		}
		x.byRef[i.Ref] = with(x.byRef[i.Ref], w)
	case len(i.Kinds) > 0:
		if x.byKind == nil {
			x.byKind = map[domain.Kind]map[*Watch]struct{}{}
		}
		for _, kind := range i.Kinds {
			x.byKind[kind] = with(x.byKind[kind], w)
		}
	default:
		x.all = with(x.all, w)
	}
	return w, nil
}

func with(set map[*Watch]struct{}, w *Watch) map[*Watch]struct{} {
	if set == nil {
		set = map[*Watch]struct{}{}
	}
	set[w] = struct{}{}
	return set
}

// Close ends the watch. It may be called twice.
func (w *Watch) Close() {
	x := &w.views.watches
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.clocks, w)
	delete(x.hits, w)
	delete(x.all, w)
	if set := x.byRef[w.interest.Ref]; set != nil {
		if delete(set, w); len(set) == 0 {
			delete(x.byRef, w.interest.Ref)
		}
	}
	for _, kind := range w.interest.Kinds {
		if set := x.byKind[kind]; set != nil {
			if delete(set, w); len(set) == 0 {
				delete(x.byKind, kind)
			}
		}
	}
}

// Woken receives when there may be something new. It is never closed.
func (w *Watch) Woken() <-chan struct{} { return w.woken }

// Take returns how far the views have come. relevant tells whether what they
// show since Take was last called (or since the watch was made) may be of
// interest; if so, none of it stands at or before the position from.
func (w *Watch) Take() (at, from ledger.Position, relevant bool) {
	x := &w.views.watches
	x.mu.Lock()
	defer x.mu.Unlock()
	relevant, w.pending = w.pending, false
	select {
	case <-w.woken:
	default:
	}
	return ledger.Position(w.views.position.Load()), w.from, relevant
}

// wake notes a group behind from. watches.mu is held.
func (w *Watch) wake(from ledger.Position) {
	if w.pending {
		return
	}
	w.pending, w.from = true, from
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// wakes tells whether somebody waits for events that have to be looked at.
func (x *watches) wakes() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.byRef)+len(x.byKind) > 0
}

// tell lets the position rise and wakes whom the group behind from may be of
// interest to.
func (x *watches) tell(v *Views, list []prepared, from, at ledger.Position, clocks, hits bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v.position.Store(uint64(at))
	for w := range x.all {
		w.wake(from)
	}
	if clocks {
		for w := range x.clocks {
			w.wake(from)
		}
	}
	if hits {
		for w := range x.hits {
			w.wake(from)
		}
	}
	if len(x.byRef)+len(x.byKind) == 0 {
		return
	}
	for i := range list {
		p := &list[i]
		if p.Position <= from {
			continue
		}
		kind := p.Event.Kind()
		for w := range x.byKind[kind] {
			w.wake(from)
		}
		for _, t := range p.touches {
			for w := range x.byRef[t.ref] {
				if w.interest.of(kind) {
					w.wake(from)
				}
			}
		}
	}
}

// tellAll wakes everybody: what is new was not looked at, as after a rebuild.
func (x *watches) tellAll(v *Views, at ledger.Position) {
	x.mu.Lock()
	defer x.mu.Unlock()
	from := ledger.Position(v.position.Swap(uint64(at)))
	for _, set := range []map[*Watch]struct{}{x.all, x.clocks, x.hits} {
		for w := range set {
			w.wake(from)
		}
	}
	for _, set := range x.byRef {
		for w := range set {
			w.wake(from)
		}
	}
	for _, set := range x.byKind {
		for w := range set {
			w.wake(from)
		}
	}
}

func (i Interest) of(kind domain.Kind) bool {
	if len(i.Kinds) == 0 {
		return true
	}
	for _, k := range i.Kinds {
		if k == kind {
			return true
		}
	}
	return false
}
