package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/screening"
)

// Warning is a raised alert and what became of it, as it stands.
type Warning struct {
	ID     domain.WarningID `db:"id"`
	Status string           `db:"status"`
	// Rule that raised it, in its Version.
	Rule    string           `db:"rule"`
	Version string           `db:"version"`
	Unit    domain.UnitID    `db:"unit"`
	Post    domain.PostID    `db:"post"`
	Officer domain.OfficerID `db:"officer"`
	// Score and Exposure are those last raised.
	Score       int    `db:"score"`
	Exposure    int    `db:"exposure"`
	Baseline    string `db:"baseline"`
	Peers       string `db:"peers"`
	Explanation string `db:"explanation"`
	// The same three in Chinese, "" where they were not given.
	BaselineChinese    string `db:"baseline_chinese"`
	PeersChinese       string `db:"peers_chinese"`
	ExplanationChinese string `db:"explanation_chinese"`
	// Times is how often it was raised while it stood.
	Times          int         `db:"times"`
	RaisedOn       domain.Date `db:"raised_on"`
	Due            domain.Date `db:"due"`
	EscalatedTo    string      `db:"escalated_to"`
	AcknowledgedOn domain.Date `db:"acknowledged_on"`
	ReviewedOn     domain.Date `db:"reviewed_on"`
	Opinion        string      `db:"opinion"`
	// SettledOn is the day it was acted on or dismissed, Reason why the
	// latter.
	SettledOn  domain.Date         `db:"settled_on"`
	Reason     string              `db:"reason"`
	Inspection domain.InspectionID `db:"inspection"`
	Complaint  domain.ComplaintID  `db:"complaint"`
	Case       domain.CaseID       `db:"case_id"`
	Outcome    string              `db:"outcome"`
	Imported   bool                `db:"imported"`

	Evidence []domain.EventID
}

// WarningFilter narrows the register of warnings. Zero fields do not narrow.
type WarningFilter struct {
	Unit    domain.UnitID // with everything below it
	Post    domain.PostID
	Officer domain.OfficerID
	Rule    string
	Status  string
	Outcome string
	// Overdue: neither acted on nor dismissed by its day.
	Overdue    bool
	RaisedFrom domain.Date
	RaisedTo   domain.Date
	Imported   *bool
}

type warningRow struct {
	Warning
	// Own: the system raised it. Screened: of a finding of the statistics. LastOn is
	// the day on which the system last raised or grouped it, LastAt where that lies.
	Own      bool            `db:"own"`
	Screened bool            `db:"screened"`
	LastOn   domain.Date     `db:"last_on"`
	LastAt   ledger.Position `db:"last_at"`
	// GroundLost: the system said that what was found stands out no longer.
	GroundLost bool `db:"ground_lost"`
	kept[warning.Warning]
	// RaisedAt and TakenAt are when it was raised and when somebody took it up,
	// NotedAt is when the latter was recorded, in seconds from 1970; 0 for not yet.
	RaisedAt int64 `db:"raised_at"`
	TakenAt  int64 `db:"taken_at"`
	NotedAt  int64 `db:"noted_at"`
}

var warningTable = newTable[warningRow]("warnings", "raised_on, id", "unit", "officer", "post", "case_id", "complaint", "inspection")

var warningShelf = shelf[warningRow, Warning, domain.WarningID]{
	name: "warnings", table: warningTable, order: []string{"raised_on", "id"}, desc: true,
	seen: scope.warning, id: func(w *Warning) domain.WarningID { return w.ID },
	show: func(_ *Reader, row *warningRow) Warning {
		out := row.Warning
		out.Evidence = row.held().Evidence
		return out
	},
}

func (g *registers) foldWarning(d *ledger.Decoded) error {
	row, err := g.warnings.change(d)
	if err != nil {
		return err
	}
	s := row.held()
	applyTo(s, d)
	row.Status, row.Rule, row.Version, row.Unit, row.Post, row.Officer = string(s.Status), s.Rule, s.Version, s.Unit, s.Post, s.Officer
	row.Score, row.Explanation, row.Times, row.EscalatedTo, row.Due = s.Score, s.Explanation, s.Times, string(s.EscalatedTo), s.Due
	row.ExplanationChinese = s.ExplanationChinese
	switch e := warning.Now(d.Event).(type) {
	case warning.Raised:
		row.RaisedOn, row.Exposure, row.Baseline, row.Peers = g.day(d), e.Exposure, e.Baseline, e.Peers
		row.Own = d.Act.Role == domain.RoleSystem
		row.Screened, row.LastOn, row.LastAt = screened(d.Act.Subject, d.Act.Role, e), row.RaisedOn, d.Position
		row.BaselineChinese, row.PeersChinese = e.BaselineChinese, e.PeersChinese
	case warning.Grouped:
		row.Exposure = e.Exposure
		if d.Act.Role == domain.RoleSystem {
			row.LastOn, row.LastAt = g.day(d), d.Position
		}
	case warning.Escalated:
		row.GroundLost = row.GroundLost || d.Act.Role == domain.RoleSystem && e.Reason == screening.GroundLost
	case warning.Imported:
		row.RaisedOn, row.Opinion = e.RaisedOn, e.Outcome
	case warning.Acknowledged:
		row.AcknowledgedOn = g.day(d)
	case warning.Reviewed:
		row.ReviewedOn, row.Opinion = g.day(d), e.Opinion
	case warning.ActedOn:
		row.SettledOn, row.Inspection, row.Complaint, row.Case = g.day(d), e.Inspection, e.Complaint, e.Case
	case warning.Dismissed:
		row.SettledOn, row.Reason = g.day(d), e.Reason
	case warning.OutcomeKnown:
		row.Outcome = string(e.Outcome)
	}
	row.timed(s.Status, d.Act)
	row.Imported = row.Imported || d.Act.Imported()
	return g.concern(d, row.Officer)
}

// Warning returns the warning; nil when there is none to be seen.
func (r *Reader) Warning(ctx context.Context, id domain.WarningID) (*Warning, error) {
	return warningShelf.one(ctx, r, id)
}

// WarningsByID returns those that are seen.
func (r *Reader) WarningsByID(ctx context.Context, ids []domain.WarningID) (map[domain.WarningID]*Warning, error) {
	return warningShelf.byID(ctx, r, ids)
}

// Warnings lists the register of warnings, the last raised first.
func (r *Reader) Warnings(ctx context.Context, f WarningFilter, p Page) (*List[Warning], error) {
	return warningShelf.list(ctx, r, query.And(below("x.unit", f.Unit), query.Eq("x.post", f.Post), query.Eq("x.officer", f.Officer),
		query.Eq("x.rule", f.Rule), query.Eq("x.status", f.Status), query.Eq("x.outcome", f.Outcome), is("x.imported", f.Imported),
		query.If(f.Overdue, "x.settled_on = '' AND x.due <> '' AND x.due < ?", r.views.today().String()),
		query.If(!f.RaisedFrom.IsZero(), "x.raised_on >= ?", f.RaisedFrom.String()),
		query.If(!f.RaisedTo.IsZero(), "x.raised_on <= ? AND x.raised_on <> ''", f.RaisedTo.String())), p)
}
