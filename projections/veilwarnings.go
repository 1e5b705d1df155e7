package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// wholeWarnings refuses to overseers what could be subtracted: of several units
// they ask for one at a time, and for none that lies in another or holds it, for
// all together without one are the other.
func (r *Reader) wholeWarnings(ctx context.Context, f WarningScoreFilter) error {
	if err := r.subtractable(StatisticsFilter{Unit: f.Unit}); err != nil {
		return err
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		return domain.Refuse(domain.CodeForbidden, "raisedFrom", "warnings of a stretch of days are not open to this role: small numbers could be worked out from the difference; ask without days")
	}
	if len(r.who.Units) < 2 {
		return nil
	}
	if f.Unit == "" {
		return domain.Refuse(domain.CodeForbidden, "unit", "name one of the units of this token: of all together small numbers could be worked out from the difference")
	}
	own, err := r.subtree(ctx, []domain.UnitID{f.Unit})
	if err != nil {
		return err
	}
	for _, u := range r.who.Units {
		if u == f.Unit {
			continue
		}
		other, err := r.subtree(ctx, []domain.UnitID{u})
		if err != nil {
			return err
		}
		if u == AllUnits || slices.Contains(own, string(u)) || slices.Contains(other, string(f.Unit)) {
			return domain.Refuse(domain.CodeForbidden, "unit", "lies in another unit of this token, or holds it: small numbers could be worked out from the difference")
		}
	}
	return nil
}

// suppressScores hides what could lead back to a person from whoever may see
// no warning. The rules are the cells of one table, and within a rule its
// warnings are cut in several ways, each for itself. A code that is not known is
// somebody's text: where it has few warnings it is left out whole.
func suppressScores(list []WarningScore) []WarningScore {
	cells := make([]Bucket, len(list))
	for i := range list {
		cells[i] = list[i].Raised
	}
	suppress(cells)
	out := []WarningScore{}
	for i := range list {
		w := list[i]
		if w.Raised = cells[i]; !w.Raised.Suppressed {
			w.suppress()
		} else {
			w.hide()
		}
		if !w.Raised.Suppressed || w.Kind != WarningByOther && !w.Imported {
			out = append(out, w)
		}
	}
	return out
}

// suppress hides the small cells of a rule that has warnings enough.
func (w *WarningScore) suppress() {
	w.waits, w.Versions = nil, nil // a version may be of one warning
	again := []Bucket{w.Again}
	hideSmall(again)
	w.Again = again[0]
	if w.Imported {
		return
	}
	taken, unsettled := w.Acknowledged.Count, w.Open.Count-w.Waiting.Count // of those taken up
	hideParts(&w.Acknowledged, &w.Waiting)
	hideParts(&w.ActedOn, &w.Dismissed, &w.Open)
	hideParts(&w.True, &w.False, &w.Unclear, &w.Unknown)
	atOnce := Bucket{Count: taken - w.NotedLater.Count}
	hideParts(&w.NotedLater, &atOnce)
	if !w.Open.Suppressed && !w.Waiting.Suppressed && little(unsettled) {
		w.Open = Bucket{Suppressed: true}
		if less := &w.ActedOn; !w.Dismissed.Suppressed && !less.Suppressed {
			if w.Dismissed.Count < less.Count {
				less = &w.Dismissed
			}
			*less = Bucket{Suppressed: true}
		}
	}
	for _, part := range []*Bucket{&w.Late, &w.Escalated} {
		rest := Bucket{Count: w.Raised.Count - part.Count}
		hideParts(part, &rest)
	}
	if w.True.Suppressed || w.False.Suppressed {
		w.Precision = Precision{Missing: GapSuppressed}
	}
	if w.Acknowledged.Suppressed {
		w.Median = WarningWait{Missing: GapSuppressed}
	}
	// Beyond it lies a tenth of them.
	if w.Acknowledged.Count < Tenths*SmallCell {
		w.Ninetieth = WarningWait{Missing: GapSuppressed}
	}
}

// hideParts hides the small ones of the parts of a count that is told, and all
// of them where one has nearly all, or all: that says something of each.
func hideParts(parts ...*Bucket) {
	cells, total := make([]Bucket, len(parts)), 0
	for i, p := range parts {
		cells[i] = *p
		total += p.Count
	}
	suppress(cells)
	for _, p := range parts {
		if total-p.Count < SmallCell {
			cells = slices.Repeat([]Bucket{{Suppressed: true}}, len(parts))
			break
		}
	}
	for i, p := range parts {
		*p = cells[i]
	}
}

// hide leaves the rule, and that it has raised something.
func (w *WarningScore) hide() {
	no := Bucket{Suppressed: true}
	*w = WarningScore{WarningRule: w.WarningRule, Imported: w.Imported, Raised: no, Again: no, Acknowledged: no, Waiting: no, Late: no, Escalated: no, NotedLater: no,
		ActedOn: no, Dismissed: no, Open: no, True: no, False: no, Unclear: no, Unknown: no,
		Precision: Precision{Missing: GapSuppressed}, Median: WarningWait{Missing: GapSuppressed}, Ninetieth: WarningWait{Missing: GapSuppressed}}
}
