package projections

import (
	"context"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/indicators"
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

// HitsDue lists the hits that stand on the day and were not warned of whole,
// the gravest of each rule first. Others than the system have none: a hit that
// is to be raised is shown as the warning that it becomes.
func (r *Reader) HitsDue(ctx context.Context, today domain.Date) (out []DueHit, err error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return nil, err
	}
	day := int64(indicators.DayOf(today))
	var subjects []string
	err = r.ask(ctx, "SELECT x.body, x.seq FROM hits x WHERE x.superseded = 0 AND x.told = 0 AND x.begins <= ? AND (x.ends = 0 OR x.ends > ?) "+
		"ORDER BY x.rule, x.score DESC, x.begins, x.seq", []any{day, day}, func(row dbRow) error {
		h := DueHit{Seq: row.ColumnInt64(1)}
		if err := json.Unmarshal(row.ColumnRawText(0), &h.Hit); err != nil {
			return err
		}
		out, subjects = append(out, h), append(subjects, h.Subject())
		return nil
	})
	for i := range out {
		if err != nil {
			break
		}
		var m alerts.Matter
		err = r.ask(ctx, selectRulesOf, []any{subjects[i]}, func(row dbRow) error { return json.Unmarshal(row.ColumnRawText(0), &m) })
		out[i].Fresh, out[i].Open = m.Fresh(&out[i].Hit)
	}
	return out, err
}

// RaisedOn counts the warnings of each rule that were first raised on the day.
func (r *Reader) RaisedOn(ctx context.Context, day domain.Date) (map[string]int, error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.everywhere || !s.is(domain.RoleSystem) {
		return nil, err
	}
	out := map[string]int{}
	err = r.ask(ctx, "SELECT x.rule, count(*) FROM warnings x WHERE x.raised_on = ? AND NOT x.imported GROUP BY x.rule", []any{day.String()}, func(row dbRow) error {
		out[row.ColumnText(0)] = row.ColumnInt(1)
		return nil
	})
	return out, err
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
