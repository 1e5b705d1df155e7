package projections

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/query"
)

const (
	// MaxDepth is how many links of cause and effect a chain may be followed;
	// DefaultDepth how many it is followed when nothing is said.
	MaxDepth     = 50
	DefaultDepth = 10

	// chainEvents bounds the events that one question walks over.
	chainEvents = 20_000
)

// ChainEvent is an event on a chain of cause and effect, and how many links
// away from the one that was asked about.
type ChainEvent struct {
	Event
	Depth int
}

// ChainOf says which chain is asked for: that of an event, so many links far,
// and which page of it. It is comparable, so that many can be asked at once.
type ChainOf struct {
	Event domain.EventID
	Depth int
	Page  Page
}

// Causes returns what led to each event, link by link: the nearest cause
// first, the root last. A chain ends where the principal may not see on.
func (r *Reader) Causes(ctx context.Context, of []ChainOf) (map[ChainOf]*List[ChainEvent], error) {
	return r.chains(ctx, of, chain{"causes", []string{"w.depth", "w.position"}, "b.position = w.position AND e.id = b.cause"})
}

// Effects returns everything that followed from each event, in the order of
// the ledger. What follows from an event that the principal may not see is
// left out with it.
func (r *Reader) Effects(ctx context.Context, of []ChainOf) (map[ChainOf]*List[ChainEvent], error) {
	return r.chains(ctx, of, chain{"effects", []string{"w.position"}, "b.position = w.position AND e.cause = b.id"})
}

// chain is a direction in which cause and effect are followed, and the order
// of what is found. join leads from walk w by the event b where it stands to
// the next event e.
type chain struct {
	name  string
	order []string
	join  string
}

// chains answers all questions with the same depth and page by one statement.
func (r *Reader) chains(ctx context.Context, of []ChainOf, c chain) (map[ChainOf]*List[ChainEvent], error) {
	groups := map[ChainOf][]domain.EventID{}
	for _, x := range of {
		way := x
		way.Event = ""
		groups[way] = append(groups[way], x.Event)
	}
	out := make(map[ChainOf]*List[ChainEvent], len(of))
	for way, roots := range groups {
		if way.Depth < 1 || way.Depth > MaxDepth {
			return nil, domain.Refuse(domain.CodeInvalid, "depth", "must lie between 1 and %d", MaxDepth)
		}
		if err := r.walk(ctx, c, way, roots, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// walk follows the chains of the roots. Each step goes to events that are
// seen and to no others. An event has one cause, so no chain meets itself;
// the bounds hold whatever is recorded.
func (r *Reader) walk(ctx context.Context, c chain, way ChainOf, roots []domain.EventID, out map[ChainOf]*List[ChainEvent]) error {
	w, err := way.Page.open(c.name, len(c.order))
	if err != nil {
		return err
	}
	sc, err := r.scoped(ctx)
	if err != nil {
		return err
	}
	begin := query.And(eventIDs("e.id", roots), sc.event("s", "k"))
	next := query.And(query.C("w.depth < ? AND "+c.join, way.Depth), sc.event("s", "k"))
	desc, past := w.backward, query.Cond{}
	if w.from != nil {
		past = query.Past(c.order, desc, w.from)
	}
	part := query.And(query.C("w.depth > 0"), past)
	walked := "WITH RECURSIVE walk (root, position, depth) AS (SELECT e.position, e.position, 0 FROM events e" + eventJoins + begin.Where() +
		" UNION ALL SELECT w.root, e.position, w.depth + 1 FROM walk w CROSS JOIN events b CROSS JOIN events e" + eventJoins + next.Where() +
		"), walked AS (SELECT * FROM walk LIMIT " + strconv.Itoa(chainEvents) + ")"
	sql := walked + ", paged AS (SELECT w.root, w.position, w.depth, row_number() OVER (PARTITION BY w.root" + query.OrderBy(c.order, desc) +
		") AS place FROM walked w" + part.Where() + ") SELECT " + eventColumns + ", w.depth, q.id FROM paged w CROSS JOIN events q CROSS JOIN events e" + eventJoins +
		" WHERE q.position = w.root AND e.position = w.position AND w.place <= ?" + query.OrderBy(append([]string{"w.root"}, c.order...), desc)
	args := slices.Concat(begin.Args, next.Args)
	found := map[domain.EventID]*chainPage{}
	err = r.events(ctx, sql, slices.Concat(args, part.Args, []any{w.limit + 1}), func(s dbRow, e Event) error {
		depth, root := s.ColumnInt(eventWidth), scanEventID(s, eventWidth+1)
		p := found[root]
		if p == nil {
			p = &chainPage{}
			found[root] = p
		}
		key := []any{int64(depth), int64(e.Position)}
		p.items, p.keys = append(p.items, ChainEvent{e, depth}), append(p.keys, key[2-len(c.order):])
		return nil
	})
	if err != nil {
		return err
	}
	// All chains are counted together, when the first is asked for.
	total := sync.OnceValues(func() (map[domain.EventID]int, error) {
		n := map[domain.EventID]int{}
		err := r.ask(ctx, walked+" SELECT q.id, count(*) - 1 FROM walked w JOIN events q ON q.position = w.root GROUP BY w.root, q.id", args, func(s dbRow) error {
			n[scanEventID(s, 0)] = s.ColumnInt(1)
			return nil
		})
		return n, err
	})
	for _, id := range roots {
		p := found[id]
		if p == nil {
			p = &chainPage{}
		}
		l := page(w, way.Page, p.items, places{list: c.name, keys: p.keys})
		l.count = func(context.Context) (int, error) {
			n, err := total()
			return n[id], err
		}
		way.Event = id
		out[way] = l
	}
	return nil
}

// chainPage is what was found of one chain, and where each item stands.
type chainPage struct {
	items []ChainEvent
	keys  [][]any
}
