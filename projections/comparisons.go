package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
)

// Comparison is one article of a cycle, before and after: as the agency
// assessed itself, and as the facts show it.
type Comparison struct {
	*indicators.Article
	Level indicators.Level
	// Baseline and Result are the scores that the agency gave itself; nil
	// while it gave none.
	Baseline *int
	Result   *int
	// Before is the score measured over the year up to the day of the
	// baseline, After that over the cycle's own period, up to today at most;
	// nil where nothing was there to be measured.
	Before *int
	After  *int
	// Suppressed: a measured score rests on too few cases to be told.
	Suppressed bool
}

// Comparisons returns, for each of the cycles that are seen and whose agency's
// scorecard is seen, every article before and after. What is measured is
// known now, and scores are all that is told of it: HR and overseers get those
// of five cases or more, see [Reader.Scorecards]. A cycle without a baseline has no measure before, and one of old
// records none at all.
func (r *Reader) Comparisons(ctx context.Context, ids []domain.ProgrammeID) (map[domain.ProgrammeID][]Comparison, error) {
	cycles, err := r.ProgrammesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var of []ScorecardOf
	for _, p := range cycles {
		for _, o := range []ScorecardOf{p.before(), p.after()} {
			if o != (ScorecardOf{}) {
				of = append(of, o)
			}
		}
	}
	cards, err := r.scorecards(ctx, of)
	if err != nil {
		return nil, err
	}
	out := map[domain.ProgrammeID][]Comparison{}
	for id, p := range cycles {
		if list := p.compare(cards[p.before()], cards[p.after()], r.book(p.To)); list != nil {
			out[id] = list
		}
	}
	return out, nil
}

// before and after ask for the scorecards of the cycle; they ask for nothing
// where there is nothing to compare.

func (p *Programme) before() ScorecardOf {
	if p.BaselineOn.IsZero() || p.Agency == "" {
		return ScorecardOf{}
	}
	return ScorecardOf{Unit: p.Agency, From: p.BaselineOn.AddMonths(-12).AddDays(1), To: p.BaselineOn}
}

func (p *Programme) after() ScorecardOf {
	if p.Imported || p.Agency == "" || p.From.IsZero() || p.To.Before(p.From) {
		return ScorecardOf{}
	}
	return ScorecardOf{Unit: p.Agency, From: p.From, To: p.To}
}

func (p *Programme) compare(before, after *Scorecard, book *domain.Rulebook) []Comparison {
	if after == nil {
		return nil
	}
	var out []Comparison
	for i := range after.Articles {
		a := &after.Articles[i]
		c := Comparison{Article: a.Article, Level: indicators.LevelOf(a.ID, book), After: a.Score, Suppressed: a.Suppressed}
		if before != nil {
			c.Before, c.Suppressed = before.Articles[i].Score, a.Suppressed || before.Articles[i].Suppressed
		}
		for j := range p.Baseline {
			if p.Baseline[j].Article == a.ID {
				c.Baseline = &p.Baseline[j].Score
			}
		}
		for j := range p.Result {
			if p.Result[j].Article == a.ID {
				c.Result = &p.Result[j].Score
			}
		}
		out = append(out, c)
	}
	return out
}
