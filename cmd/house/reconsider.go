package house

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

// doubt is an open warning of whose months something was recorded since, and
// the name of what was found.
type doubt struct {
	*projections.ScreenedWarning
	key   screening.Key
	rules domain.ScreeningRules
	met   bool            // key is complete
	last  ledger.Position // the event that put it in doubt
}

// back is how many months before the one of the run that last found it it may
// have been noticed.
func (d *doubt) back() screening.Month {
	if screening.Find(d.key.Code).OfChange() {
		return lookBack
	}
	return 0
}

// learn reads the warnings of findings, and returns those that are in doubt.
func (n *night) learn(ctx context.Context) ([]*doubt, error) {
	list, err := n.reader.ScreenedWarnings(ctx)
	if err != nil {
		return nil, err
	}
	var out []*doubt
	for i := range list {
		w := &list[i]
		code, series, _ := screening.SeriesOf(w.ID)
		n.known[series] = append(n.known[series], w)
		if !w.Open || w.GroundLost || len(w.Evidence) == 0 {
			delete(n.screened.judged, w.ID)
			continue
		}
		d := &doubt{ScreenedWarning: w, key: screening.Key{Code: code, Unit: w.Unit, Officer: w.Officer, End: monthOf(w)}, rules: n.shelf.On(w.LastOn).Warning.Screening}
		if d.rules == (domain.ScreeningRules{}) || screening.Find(code) == nil {
			continue
		}
		last, err := n.lastChange(ctx, screening.Since(d.rules, d.key.End-d.back()), d.key.End)
		if err != nil {
			return nil, err
		}
		if last > max(w.LastAt, n.screened.judged[w.ID]) {
			d.last = last
			n.need(d.rules, d.key.End-d.back(), d.key.End)
			for _, e := range w.Evidence {
				n.doubts[e] = append(n.doubts[e], d)
			}
			out = append(out, d)
		}
	}
	for _, of := range n.known {
		slices.SortStableFunc(of, func(a, b *projections.ScreenedWarning) int { return cmp.Compare(a.LastAt, b.LastAt) })
	}
	return out, nil
}

// lastChange is the last event that changed what was decided in the months.
func (n *night) lastChange(ctx context.Context, from, to screening.Month) (ledger.Position, error) {
	key := [2]screening.Month{from, to}
	at, ok := n.changed[key]
	if ok {
		return at, nil
	}
	at, err := n.reader.ComparedChanged(ctx, from.First(), to.Last())
	n.changed[key] = at
	return at, err
}

// monthOf is the month with which the run ended that last raised the warning.
func monthOf(w *projections.ScreenedWarning) screening.Month {
	return screening.LastWhole(indicators.DayOf(w.LastOn))
}

// name completes the name of what was found by a case that it rests on.
func (d *doubt) name(c *screening.Case) {
	_, series, _ := screening.SeriesOf(d.ID)
	by, with := d.key, d.key
	by.Stream, by.Procedure = c.Stream, c.Procedure
	with.Stream, with.Party = c.Stream, c.Party
	for _, k := range []screening.Key{by, with} {
		if k.Series() == series {
			d.key, d.met = k, true
		}
	}
}

// reconsider says of those in doubt that what was found stands out no longer,
// where it does not. They are judged by the rules of the day on which they were
// last raised: another threshold is no knowledge about anybody. Of each it is
// noted by what it was judged, so that it is not again until something else is
// recorded. What came in between by people, or by a clock, is left for the next
// run.
func (n *night) reconsider(ctx context.Context, doubts []*doubt) error {
	if n.screened.judged == nil {
		n.screened.judged = map[domain.WarningID]ledger.Position{}
	}
	for _, d := range doubts {
		stands, err := n.stands(ctx, d)
		if err != nil {
			return fmt.Errorf("judge the months of warning %s again: %w", d.ID, err)
		}
		if !stands {
			said, err := n.lose(ctx, d)
			if err != nil {
				return err
			}
			if !said {
				continue
			}
		}
		n.screened.judged[d.ID] = d.last
	}
	return nil
}

// stands tells whether what was found stands out on what is known now, or was
// found again; what no case tells of cannot be judged.
func (n *night) stands(ctx context.Context, d *doubt) (bool, error) {
	if _, series, _ := screening.SeriesOf(d.ID); !d.met || n.found[series] {
		return true, nil
	}
	h, key := n.screens[d.rules], d.key
	for key.End = d.key.End - d.back(); key.End <= d.key.End; key.End++ {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if _, stands, err := h.Stands(h.watcher, key); err != nil || stands {
			return stands, err
		}
	}
	return false, nil
}

// lose says that the warning lost its ground, to the role above the one that
// looks at it now: the run may have taken long. It tells whether that is settled.
func (n *night) lose(ctx context.Context, d *doubt) (bool, error) {
	w, err := n.reader.Warning(ctx, d.ID)
	if err != nil || w == nil {
		return false, err
	}
	to, ok := further[domain.Role(w.EscalatedTo)]
	if !ok {
		return true, nil // the overseer looks at it already
	}
	done, err := n.give(ctx, string(d.ID)+":lost", string(d.ID), warning.Escalate{To: to, Reason: screening.GroundLost, ReasonChinese: screening.GroundLostChinese})
	switch {
	case domain.RefusalCode(err) != "":
		n.passed.Refused++
		return false, nil
	case err != nil:
		return false, fmt.Errorf("say that warning %s lost its ground: %w", d.ID, err)
	case done:
		n.passed.Reconsidered++
	}
	return true, nil
}
