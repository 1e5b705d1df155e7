package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/query"
)

// Who may not see the objects behind an indicator ([scope.veiled]) is told
// counts that lead back to nobody:
//
//   - Only of whole calendar quarters, half-years and years, once they are
//     over, and of what is known now: of two periods or moments a day apart the
//     difference is a single case (differencing). Of one that has not ended,
//     and of the period of a cycle, which overlaps the others as it likes, the
//     scores and the warnings alone.
//   - Counts below SmallCell are suppressed, those that do not count as well as
//     those that do, and numerator, denominator and value go together. A
//     quarter is judged by itself; a half-year is told where both its quarters
//     are; a year where no quarter of it is hidden, or at least two are whose
//     sum is not small.
//   - A score is withheld where a suppressed indicator of it has fewer than
//     SmallCell cases, and rounded to fives where one has more.
//
// What is left to be learned: that there was nothing to measure; whether five
// cases or more pass a limit, which for a limit of 0 or 100 per cent is whether
// there is any; about which share of five or more a score rests on; that a late
// entry changed a period that is over; and what parts of an agency hold, by the
// difference, where a token names an agency and all its parts but one.

// term cuts a calendar quarter, half-year or year into its quarters; nil for
// other periods.
func term(from, to domain.Date) [][2]domain.Date {
	for _, months := range []int{3, 6, 12} {
		if from.Day != 1 || (int(from.Month)-1)%months != 0 || to != from.AddMonths(months).AddDays(-1) {
			continue
		}
		var out [][2]domain.Date
		for m := 0; m < months; m += 3 {
			out = append(out, [2]domain.Date{from.AddMonths(m), from.AddMonths(m + 3).AddDays(-1)})
		}
		return out
	}
	return nil
}

// quarterOf is the calendar quarter that holds the day.
func quarterOf(d domain.Date) (from, to domain.Date) {
	d.Month, d.Day = (d.Month-1)/3*3+1, 1
	return d, d.AddMonths(3).AddDays(-1)
}

// wholeTerm refuses a period of days to whom small counts are not told.
func wholeTerm(from, to domain.Date, or string) error {
	if term(from, to) != nil {
		return nil
	}
	first, last := quarterOf(from)
	return domain.Refuse(domain.CodeForbidden, "from", "a stretch of days is not open to this role: small numbers could be worked out from the difference; "+
		"ask for a calendar quarter, half-year or year, such as from %s to %s%s", first, last, or)
}

// veils tells whether there is anything of which the role is told no small
// counts.
func (r *Reader) veils() bool {
	return r.who.Role == domain.RoleOverseer || r.who.Role == domain.RoleHR
}

// undivided refuses periods and moments that could be subtracted.
func (r *Reader) undivided(ctx context.Context, of []ScorecardOf) error {
	if !r.veils() {
		return nil
	}
	for _, o := range of {
		field := "recordedAsOf"
		if o.Position != 0 {
			field = "asOfPosition"
		}
		if o.Position != 0 || !o.Recorded.IsZero() {
			return domain.Refuse(domain.CodeForbidden, field, "what was known at a moment is not open to this role: small numbers could be worked out from the difference; ask without it")
		}
		refused := wholeTerm(o.From, o.To, ", or for the period of a cycle of the unit")
		if refused == nil {
			continue
		}
		s, err := r.scoped(ctx)
		if err != nil {
			return err
		}
		where := query.And(query.C("x.unit = ? AND x.begins = ? AND x.ends = ?", string(o.Unit), o.From.String(), o.To.String()), s.programme("x"))
		if n, err := r.askInt(ctx, "SELECT count(*) FROM programmes x"+where.Where(), where.Args); err != nil {
			return err
		} else if n == 0 {
			return refused
		}
	}
	return nil
}

// quartered gives the scorecard the quarters by which it is judged what may
// be told of it, and returns those that have to be filled; none where no
// counts are told.
func (c *Scorecard) quartered() []*Scorecard {
	parts := term(c.From, c.To)
	switch {
	case !c.To.Before(c.asked): // it is not over
		return nil
	case len(parts) == 1:
		c.quarters = []*Scorecard{c}
		return nil
	}
	for _, p := range parts {
		q := *c
		q.From, q.To, q.Until = p[0], p[1], p[1]
		c.quarters = append(c.quarters, &q)
	}
	return c.quarters
}

// veil suppresses what the role is not told.
func (c *Scorecard) veil(s scope) {
	for i := range c.Articles {
		a := &c.Articles[i]
		few, rounded := false, false
		for j, v := range a.Values {
			if !v.Known() || !s.veiled(v.About) || c.tells(i, j) && c.tells(i, a.leading(j)) {
				continue
			}
			if !v.Unscored {
				few, rounded = few || v.Cases() < SmallCell, true
			}
			a.Values[j] = v.Suppress(SmallCell)
		}
		switch {
		case few:
			a.Score, a.Suppressed = nil, true
		case rounded:
			score := (*a.Score + 2) / 5 * 5
			a.Score = &score
		}
	}
	c.quarters = nil
}

// leading is the indicator whose cases another counts in portions of each, so
// that the one could be worked out from the other: that of warnings taken up in
// time from the part of their term. Without one it is the indicator itself.
func (a *ScoredArticle) leading(j int) int {
	if a.Values[j].ID == "D10.term" {
		for i, v := range a.Values {
			if v.ID == "D10.acknowledged" {
				return i
			}
		}
	}
	return j
}

// tells whether the counts of an indicator may be told.
func (c *Scorecard) tells(article, indicator int) bool {
	var quarters []indicators.Value
	for _, q := range c.quarters {
		quarters = append(quarters, q.Articles[article].Values[indicator])
	}
	return tells(c.Articles[article].Values[indicator], quarters)
}

func tells(own indicators.Value, quarters []indicators.Value) bool {
	switch {
	case len(quarters) == 0 || own.Small(SmallCell):
		return false
	case own.Stock:
		return true // of the last day, no sum of what it was before
	}
	hidden, together := 0, indicators.Value{Definition: own.Definition}
	for _, v := range quarters {
		if v.Known() && v.Small(SmallCell) {
			hidden, together.Hits, together.Of = hidden+1, together.Hits+v.Hits, together.Of+v.Of
		}
	}
	return hidden == 0 || len(quarters) == 4 && hidden > 1 && !together.Small(SmallCell)
}

// fillVeiled fills the scorecards for a role that is not told small counts.
func (r *Reader) fillVeiled(ctx context.Context, cards []*Scorecard) error {
	s, err := r.scoped(ctx)
	if err != nil {
		return err
	}
	all := slices.Clone(cards)
	for _, c := range cards {
		all = append(all, c.quartered()...)
	}
	if err := r.fillSettled(ctx, all); err != nil {
		return err
	}
	for _, c := range cards {
		c.veil(s)
	}
	return nil
}
