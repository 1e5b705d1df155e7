package projections

import (
	"context"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/query"
)

// DueHit is a hit of a rule of early warning of which something is to be
// warned.
type DueHit struct {
	alerts.Hit
	// Seq is its number (alerts.Standing).
	Seq int64
	// Fresh are those of its events that were not warned of, Open the open
	// warning that they belong to, "" where none is open.
	Fresh []domain.EventID
	Open  domain.WarningID
}

// DueFilter narrows the hits that are to be raised. Zero fields do not narrow.
type DueFilter struct {
	Rule string
	// Open: with a warning that they belong to open, or without.
	Open *bool
	// Of are the subjects that they are about (alerts.Hit.Subject), Except those
	// that they are not about. An empty Of that is not nil leaves nothing.
	Of, Except []string
	// Most is how many are read at most.
	Most int
}

// where is the condition over hits x.
func (f DueFilter) where(today domain.Date) query.Cond {
	day := int64(indicators.DayOf(today))
	cond := query.And(query.C("x.superseded = 0 AND x.told = 0 AND x.begins <= ? AND (x.ends = 0 OR x.ends > ?)", day, day),
		query.Eq("x.rule", f.Rule), query.NotIn("x.subject", f.Except))
	if f.Open != nil {
		cond = query.And(cond, query.C("x.open = ?", asNumber(*f.Open)))
	}
	if f.Of != nil {
		cond = query.And(cond, query.In("x.subject", f.Of))
	}
	return cond
}

// HitsDue lists the hits that stand on the day and were not warned of whole,
// the gravest of each rule first. Others than the system have none: a hit that
// is to be raised is shown as the warning that it becomes.
func (r *Reader) HitsDue(ctx context.Context, today domain.Date, f DueFilter) (out []DueHit, err error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return nil, err
	}
	where := f.where(today)
	sql := "SELECT x.body, x.seq FROM hits x" + where.Where() + " ORDER BY x.rule, x.score DESC, x.begins, x.seq"
	if f.Most > 0 {
		sql += " LIMIT " + strconv.Itoa(f.Most)
	}
	err = r.ask(ctx, sql, where.Args, func(row dbRow) error {
		h := DueHit{Seq: row.ColumnInt64(1)}
		out = append(out, h)
		return json.Unmarshal(row.ColumnRawText(0), &out[len(out)-1].Hit)
	})
	for i := range out {
		if err != nil {
			break
		}
		var m alerts.Matter
		err = r.ask(ctx, selectRulesOf, []any{out[i].Subject()}, func(row dbRow) error { return json.Unmarshal(row.ColumnRawText(0), &m) })
		out[i].Fresh, out[i].Open = m.Fresh(&out[i].Hit)
	}
	return out, err
}

// CountHitsDue counts them.
func (r *Reader) CountHitsDue(ctx context.Context, today domain.Date, f DueFilter) (n int, err error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return 0, err
	}
	where := f.where(today)
	err = r.ask(ctx, "SELECT count(*) FROM hits x"+where.Where(), where.Args, func(row dbRow) error {
		n = row.ColumnInt(0)
		return nil
	})
	return n, err
}

// RaisedOn counts the warnings of each rule that the system first raised on the
// day. Those that people raise under its code take no place.
func (r *Reader) RaisedOn(ctx context.Context, day domain.Date) (map[string]int, error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return nil, err
	}
	out := map[string]int{}
	err = r.ask(ctx, "SELECT x.rule, count(*) FROM warnings x WHERE x.raised_on = ? AND x.own GROUP BY x.rule", []any{day.String()}, func(row dbRow) error {
		out[row.ColumnText(0)] = row.ColumnInt(1)
		return nil
	})
	return out, err
}

// OwnWarning tells whether the system raised the warning of that name.
func (r *Reader) OwnWarning(ctx context.Context, id domain.WarningID) (own bool, err error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return false, err
	}
	err = r.ask(ctx, "SELECT 1 FROM warnings x WHERE x.id = ? AND x.own", []any{string(id)}, func(dbRow) error {
		own = true
		return nil
	})
	return own, err
}

// LostWarning is an open warning of a rule that rests on no hit any more,
// since the event at a position told otherwise.
type LostWarning struct {
	ID          domain.WarningID
	Since       ledger.Position
	EscalatedTo domain.Role
}

// LostWarnings lists those of which that was not said yet.
func (r *Reader) LostWarnings(ctx context.Context) (out []LostWarning, err error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return nil, err
	}
	err = r.ask(ctx, "SELECT x.warning, x.since, w.escalated_to FROM lost_warnings x JOIN warnings w ON w.id = x.warning ORDER BY x.warning", nil, func(row dbRow) error {
		out = append(out, LostWarning{domain.WarningID(row.ColumnText(0)), ledger.Position(row.ColumnInt64(1)), domain.Role(row.ColumnText(2))})
		return nil
	})
	return out, err
}
