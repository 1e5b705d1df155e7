package projections

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/outlier"
	"github.com/probity-ledger/probity/projections/query"
)

// WarningScore is how the warnings of one rule turned out: the score that the
// engine keeps of itself. Warnings of old records are counted apart.
//
// Where a count is told to whoever may see no warning, it is suppressed as long
// as it could lead back to a person.
type WarningScore struct {
	WarningRule
	Imported bool
	// Versions of the rule, in their order; more than one where it was changed
	// in the period.
	Versions []string
	// Raised warnings; of these Acknowledged were taken up and Waiting not yet.
	// Again is how often they were found once more while they were open.
	Raised       Bucket
	Again        Bucket
	Acknowledged Bucket
	Waiting      Bucket
	// Late were not taken up by their last day: since then, or not at all.
	// Escalated are for a role further up to look at.
	Late      Bucket
	Escalated Bucket
	// NotedLater were taken up, as was recorded more than a day after they are
	// said to have been.
	NotedLater Bucket
	// ActedOn and Dismissed are settled, Open are not.
	ActedOn   Bucket
	Dismissed Bucket
	Open      Bucket
	// True, False and Unclear: what came out. Unknown: nothing yet.
	True    Bucket
	False   Bucket
	Unclear Bucket
	Unknown Bucket

	Precision Precision
	// Median and Ninetieth are within how long a half, and nine in ten, were
	// taken up.
	Median    WarningWait
	Ninetieth WarningWait

	waits []outlier.Wait
}

// ScoreGap is why a figure is not told; "" where it is.
type ScoreGap string

// Why a figure is not told.
const (
	GapNothingKnown ScoreGap = "nothing_known" // there is nothing to count it from
	GapTooManyWait  ScoreGap = "too_many_wait" // so many wait still that it cannot be told
	GapImported     ScoreGap = "imported"      // old records say it in words of their own
	GapSuppressed   ScoreGap = "suppressed"    // the counts could lead back to a person
)

// Precision is the part of what was true among what is known to be true or
// false. All are in hundredths of a per cent; Low and High are the limits of
// its exact interval (outlier.Count.Interval), rounded outwards.
type Precision struct {
	Share, Low, High int
	Missing          ScoreGap
}

func precisionOf(hits, of int) Precision {
	if of == 0 {
		return Precision{Missing: GapNothingKnown}
	}
	low, high := outlier.Count{Hits: hits, Of: of}.Interval()
	return Precision{Share: shareOf(hits, of), Low: int(math.Floor(low * 10_000)), High: int(math.Ceil(high * 10_000))}
}

// WarningWait is a time from when a warning was raised to when somebody took it
// up, in hours of the calendar begun, nights and holidays included. What waits
// still counts for as long as it has (outlier.Waited). The times are those at
// which it happened, as whoever recorded it says; NotedLater tells how many of
// them were recorded long after that.
type WarningWait struct {
	Hours   int
	Missing ScoreGap
}

// WarningScoreFilter narrows the warnings that are counted.
type WarningScoreFilter struct {
	// Unit with everything below it.
	Unit domain.UnitID
	// From and To: first raised on these days or between them. What became of
	// them is told as it stands today.
	From domain.Date
	To   domain.Date
	// Rule: of this code alone.
	Rule string
}

// timed notes when the warning was first raised and taken up.
func (row *warningRow) timed(now warning.Status, act domain.Act) {
	switch {
	case now == warning.StatusRaised && row.RaisedAt == 0:
		row.RaisedAt = act.OccurredAt.Unix()
	case now == warning.StatusAcknowledged && row.TakenAt == 0:
		row.TakenAt, row.NotedAt = act.OccurredAt.Unix(), act.RecordedAt.Unix()
	}
}

// WarningScores tells how the warnings of each rule turned out, as far as the
// principal may see them: rules, then measures, deadlines and others. Nil for roles that
// may count none, and for a unit outside their scope. Overseers see counts alone:
// small cells are suppressed for them, and they may not narrow the warnings
// further than to one of their units; with several, they name one that neither
// holds another of these nor lies in it.
func (r *Reader) WarningScores(ctx context.Context, f WarningScoreFilter) ([]WarningScore, error) {
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "raisedTo", "%s lies before the first day, %s", f.To, f.From)
	}
	counter, outside := r, false
	switch {
	case r.who.Role == domain.RoleOverseer:
		if err := r.wholeWarnings(ctx, f); err != nil {
			return nil, err
		}
		counter, outside = r.counter()
		defer func() { r.statements.Add(counter.statements.Load()) }()
	case !r.scopeNow().is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader):
		return nil, nil
	}
	s, err := counter.scoped(ctx)
	if err != nil {
		return nil, err
	}
	if seen, err := counter.inScope(ctx, s, f.Unit); err != nil || !seen {
		return nil, err
	}
	out, err := counter.scoreWarnings(ctx, s, f)
	if err != nil {
		return nil, err
	}
	if outside {
		out = suppressScores(out)
	}
	return slices.DeleteFunc(out, func(x WarningScore) bool { return f.Rule != "" && x.Code != f.Rule }), nil
}

// raised holds for the warnings of the filter.
func (f WarningScoreFilter) raised() query.Cond {
	return query.And(below("x.unit", f.Unit), query.If(!f.From.IsZero(), "x.raised_on >= ?", f.From.String()),
		query.If(!f.To.IsZero(), "x.raised_on <= ? AND x.raised_on <> ''", f.To.String()))
}

// scoreWarnings counts, in one pass over the warnings.
func (r *Reader) scoreWarnings(ctx context.Context, s scope, f WarningScoreFilter) ([]WarningScore, error) {
	today, now := r.today().String(), r.views.opts.Now().Unix()
	type key struct {
		rule     string
		imported bool
	}
	found := map[key]*WarningScore{}
	where := query.And(s.warning("x"), f.raised())
	sql := "SELECT x.rule, x.imported, x.version, x.status, x.times, x.due, x.acknowledged_on, x.escalated_to, x.outcome, x.raised_at, x.taken_at, x.noted_at FROM warnings x" + where.Where()
	err := r.ask(ctx, sql, where.Args, func(row dbRow) error {
		k := key{row.ColumnText(0), row.ColumnBool(1)}
		w := found[k]
		if w == nil {
			w = &WarningScore{WarningRule: WarningRuleOf(k.rule), Imported: k.imported}
			found[k] = w
		}
		if v := row.ColumnText(2); v != "" && !slices.Contains(w.Versions, v) {
			w.Versions = append(w.Versions, v)
		}
		w.count(counted{warning.Status(row.ColumnText(3)), row.ColumnInt(4), row.ColumnText(5), row.ColumnText(6), row.ColumnText(7), warning.Outcome(row.ColumnText(8)),
			row.ColumnInt64(9), row.ColumnInt64(10), row.ColumnInt64(11)}, today, now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]WarningScore, 0, len(found))
	for _, w := range found {
		w.conclude()
		out = append(out, *w)
	}
	slices.SortFunc(out, func(a, b WarningScore) int {
		return cmp.Or(cmp.Compare(slices.Index(warningRuleKinds, a.Kind), slices.Index(warningRuleKinds, b.Kind)), cmp.Compare(a.Code, b.Code), compareBool(a.Imported, b.Imported))
	})
	return out, nil
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// counted is what is counted of a warning.
type counted struct {
	status                     warning.Status
	times                      int
	due, acknowledged          string
	escalated                  string
	outcome                    warning.Outcome
	raisedAt, takenAt, notedAt int64
}

func (w *WarningScore) count(c counted, today string, now int64) {
	w.Raised.Count++
	w.Again.Count += max(0, c.times-1)
	if w.Imported {
		return
	}
	if c.acknowledged == "" {
		w.Waiting.Count++
	} else {
		w.Acknowledged.Count++
	}
	if day := cmp.Or(c.acknowledged, today); c.due != "" && day > c.due {
		w.Late.Count++
	}
	if c.escalated != "" {
		w.Escalated.Count++
	}
	switch c.status {
	case warning.StatusActedOn:
		w.ActedOn.Count++
	case warning.StatusDismissed:
		w.Dismissed.Count++
	default:
		w.Open.Count++
	}
	switch c.outcome {
	case warning.OutcomeTrue:
		w.True.Count++
	case warning.OutcomeFalse:
		w.False.Count++
	case warning.OutcomeUnclear:
		w.Unclear.Count++
	default:
		w.Unknown.Count++
	}
	if c.notedAt-c.takenAt > int64(24*time.Hour/time.Second) {
		w.NotedLater.Count++
	}
	if end := cmp.Or(c.takenAt, now); c.raisedAt != 0 {
		w.waits = append(w.waits, outlier.Wait{Long: max(0, end-c.raisedAt), Ended: c.takenAt != 0})
	}
}

// conclude works out what follows from the counts.
func (w *WarningScore) conclude() {
	slices.Sort(w.Versions)
	if w.Imported {
		w.Precision.Missing, w.Median.Missing, w.Ninetieth.Missing = GapImported, GapImported, GapImported
		return
	}
	w.Precision = precisionOf(w.True.Count, w.True.Count+w.False.Count)
	w.Median, w.Ninetieth = w.waited(0.5), w.waited(0.9)
}

func (w *WarningScore) waited(part float64) WarningWait {
	long, ok := outlier.Waited(w.waits, part)
	switch {
	case ok:
		return WarningWait{Hours: int((long + 3599) / 3600)}
	case w.Acknowledged.Count == 0:
		return WarningWait{Missing: GapNothingKnown}
	}
	return WarningWait{Missing: GapTooManyWait}
}
