package projections

import (
	"context"
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/query"
)

// Counting tells the facts of an indicator apart.
type Counting string

// Which facts are meant.
const (
	CountingAll  Counting = ""
	CountingHits Counting = "hits" // counted in the numerator
	CountingRest Counting = "rest" // of which less than the exposure counted
)

// BehindOf asks for the events behind an indicator of a scorecard.
type BehindOf struct {
	Card      *Scorecard
	Indicator string
	Counting  Counting
	// First is how many are wanted at most, the last recorded first; 0 means
	// DefaultPage. Below asks for those recorded before that position.
	First int
	Below ledger.Position
}

// EventsBehind returns the events that established the facts behind each
// indicator, as far as the principal may see them; the counts of the scorecard
// hold the others too.
//
// An event that is behind several facts is given once. The event behind a deadline that was missed is the one that started it,
// behind one that was kept the one that ended it.
func (r *Reader) EventsBehind(ctx context.Context, of []BehindOf) (map[BehindOf][]Event, error) {
	out := make(map[BehindOf][]Event, len(of))
	for len(of) > 0 {
		n := min(len(of), compound)
		if err := r.behind(ctx, of[:n], out); err != nil {
			return nil, err
		}
		of = of[n:]
	}
	return out, nil
}

func (r *Reader) behind(ctx context.Context, of []BehindOf, out map[BehindOf][]Event) error {
	sc, err := r.scoped(ctx)
	if err != nil {
		return err
	}
	seen := sc.event("s", "k")
	var all union
	for i, o := range of {
		facts, first, err := o.facts()
		if err != nil {
			return err
		}
		all.add(fmt.Sprintf("SELECT * FROM (SELECT %s, %d FROM (SELECT DISTINCT f.seq / %d AS at FROM facts f%s ORDER BY 1 DESC%s) b CROSS JOIN events e%s%s%s LIMIT %d) found",
			eventColumns, i, indicators.PerEvent, facts.Where(), query.Apart, eventJoins, query.And(query.C("e.position = b.at"), seen).Where(), query.Kept("b.at DESC"), first),
			append(facts.Args, seen.Args...))
	}
	sql, args := all.statement()
	return r.events(ctx, sql, args, func(s dbRow, e Event) error {
		key := of[s.ColumnInt(eventWidth)]
		out[key] = append(out[key], e)
		return nil
	})
}

// facts is the condition over the facts f that are asked for, and of how many
// at most the events are wanted.
func (o BehindOf) facts() (query.Cond, int, error) {
	d := indicators.Find(o.Indicator)
	if d == nil {
		return query.Cond{}, 0, domain.Refuse(domain.CodeInvalid, "indicator", "there is no indicator %q; they are such as I1.on_time", o.Indicator)
	}
	if o.First == 0 {
		o.First = DefaultPage
	}
	if o.First < 0 || o.First > MaxPage {
		return query.Cond{}, 0, domain.Refuse(domain.CodeInvalid, "first", "must lie between 1 and %d", MaxPage)
	}
	below := min(o.Below, o.Card.Known+1) // no product overflows
	which := query.Cond{}
	switch o.Counting {
	case CountingHits:
		which = query.C("f.hits > 0")
	case CountingRest:
		which = query.C("f.hits < f.exposure")
	}
	return query.And(query.C("f.indicator = ?", d.Number()), o.Card.counted(d.Stock), which,
		query.If(o.Below != 0, "f.seq < ?", int64(below)*indicators.PerEvent)), o.First, nil
}
