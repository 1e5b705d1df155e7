package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

const (
	// comparedPage bounds how many rows are read at once.
	comparedPage = 10_000

	// MostEvidence bounds the decisions that a finding is shown to rest on.
	MostEvidence = 50
)

var selectCompared = "SELECT " + comparedTable.list("x") + " FROM compared_cases x WHERE x.decided >= ? AND x.decided <= ? AND (x.decided > ? OR x.id > ?) " +
	"ORDER BY x.decided, x.id LIMIT ?"

// system tells whether the reader is that of the system itself, which alone is
// told what compares people before it is a warning.
func (r *Reader) system(ctx context.Context) (bool, error) {
	s, err := r.scoped(ctx)
	return err == nil && s.everywhere && s.is(domain.RoleSystem), err
}

// Compared calls each with every act that was decided from the first day to the
// last and is compared among peers, in the order of the days. Others than the
// system are shown none. The case is good until each returns; its texts and
// officers stay.
func (r *Reader) Compared(ctx context.Context, from, to indicators.Day, each func(*screening.Case) error) error {
	if ok, err := r.system(ctx); err != nil || !ok {
		return err
	}
	in := interned{texts: map[string]string{}, officers: map[string][]domain.OfficerID{}}
	var c screening.Case
	for after := ""; ; {
		n, last := 0, from
		err := r.ask(ctx, selectCompared, []any{int64(from), int64(to), int64(from), after, comparedPage}, func(row dbRow) error {
			in.read(row, &c)
			n, last, after = n+1, c.Decided, row.ColumnText(0)
			return each(&c)
		})
		if err != nil || n < comparedPage {
			return err
		}
		from = last
	}
}

// Agencies returns what tells of a unit the root of the tree in which it stands
// now. Others than the system are told nothing.
func (r *Reader) Agencies(ctx context.Context) (func(domain.UnitID) domain.UnitID, error) {
	parents := map[domain.UnitID]domain.UnitID{}
	ok, err := r.system(ctx)
	if err == nil && ok {
		err = r.ask(ctx, "SELECT x.id, x.parent FROM units x WHERE x.parent <> ''", nil, func(row dbRow) error {
			parents[domain.UnitID(row.ColumnText(0))] = domain.UnitID(row.ColumnText(1))
			return nil
		})
	}
	above := func(u domain.UnitID) domain.UnitID { return parents[u] }
	return func(u domain.UnitID) domain.UnitID { return indicators.Top(above, u) }, err
}

// interned keeps texts once that are met again and again.
type interned struct {
	texts    map[string]string
	officers map[string][]domain.OfficerID
}

func (in *interned) text(b []byte) string {
	if s, ok := in.texts[string(b)]; ok {
		return s
	}
	s := string(b)
	in.texts[s] = s
	return s
}

// read reads a row of comparedTable. A page of columns in their order is read
// some four times as fast as through the table's own scan.
func (in *interned) read(row dbRow, c *screening.Case) {
	officers, ok := in.officers[string(row.ColumnRawText(5))]
	if !ok {
		officers = splitLines[domain.OfficerID](row.ColumnText(5))
		in.officers[row.ColumnText(5)] = officers
	}
	*c = screening.Case{
		Decided: indicators.Day(row.ColumnInt64(1)), Unit: domain.UnitID(in.text(row.ColumnRawText(2))), Stream: enforcement.Kind(in.text(row.ColumnRawText(3))),
		Procedure: domain.NormID(in.text(row.ColumnRawText(4))), Officers: officers, Party: in.text(row.ColumnRawText(6)),
		Decision: domain.EventID(row.ColumnText(7)), Late: row.ColumnBool(8), Skipped: row.ColumnBool(9), Like: in.text(row.ColumnRawText(10)),
		Outside: row.ColumnBool(11), Amount: row.ColumnInt64(12), Reviewed: row.ColumnBool(13), Overturned: row.ColumnBool(14),
	}
}

// ComparedChanged is where the last event lies that changed an act that was
// decided in those days, be it recorded late or a review of it; 0 without one,
// and for others than the system.
func (r *Reader) ComparedChanged(ctx context.Context, from, to indicators.Day) (ledger.Position, error) {
	if ok, err := r.system(ctx); err != nil || !ok {
		return 0, err
	}
	n, err := r.askInt(ctx, "SELECT coalesce(max(x.changed), 0) FROM compared_cases x WHERE x.decided >= ? AND x.decided <= ?", []any{int64(from), int64(to)})
	return ledger.Position(n), err
}

// Ground is what a finding rests on.
type Ground struct {
	// Evidence are the decisions, the last first, MostEvidence of them at most.
	Evidence []domain.EventID
	// Days are those of all of them, the last first.
	Days []indicators.Day
}

// After counts those decided after the day.
func (g *Ground) After(day indicators.Day) int {
	if i := slices.IndexFunc(g.Days, func(d indicators.Day) bool { return d <= day }); i >= 0 {
		return i
	}
	return len(g.Days)
}

// Grounds returns what each of the findings rests on, in their order. Others
// than the system are told nothing.
func (r *Reader) Grounds(ctx context.Context, findings []screening.Finding) ([]Ground, error) {
	out := make([]Ground, len(findings))
	if len(findings) == 0 {
		return out, nil
	}
	of := map[domain.OfficerID][]int{}
	from, to := findings[0].From, findings[0].To
	for i := range findings {
		f := &findings[i]
		of[f.Officer] = append(of[f.Officer], i)
		from, to = min(from, f.From), max(to, f.To)
	}
	err := r.Compared(ctx, from, to, func(c *screening.Case) error {
		for _, o := range c.Officers {
			for _, i := range of[o] {
				if g := &out[i]; findings[i].Rests(c) {
					g.Days = append(g.Days, c.Decided)
					if g.Evidence = append(g.Evidence, c.Decision); len(g.Evidence) == 2*MostEvidence {
						g.Evidence = append(g.Evidence[:0], g.Evidence[MostEvidence:]...)
					}
				}
			}
		}
		return nil
	})
	for i := range out {
		g := &out[i]
		g.Evidence = g.Evidence[max(0, len(g.Evidence)-MostEvidence):]
		slices.Reverse(g.Evidence)
		slices.Reverse(g.Days)
	}
	return out, err
}

// ScreenedWarning is a warning that the system raised of a finding.
type ScreenedWarning struct {
	ID      domain.WarningID
	Unit    domain.UnitID
	Officer domain.OfficerID
	// Open: neither acted on nor dismissed.
	Open     bool
	Score    int
	Evidence []domain.EventID
	// LastOn is the day on which the system last raised or grouped it, LastAt
	// where that event lies.
	LastOn      domain.Date
	LastAt      ledger.Position
	EscalatedTo domain.Role
	// GroundLost: it was said that its months stand out no longer.
	GroundLost bool
}

// ScreenedWarnings lists all of them, in the order of their names. Others than
// the system are told of none here.
func (r *Reader) ScreenedWarnings(ctx context.Context) (out []ScreenedWarning, err error) {
	if ok, err := r.system(ctx); err != nil || !ok {
		return nil, err
	}
	err = r.ask(ctx, "SELECT "+warningTable.list("x")+" FROM warnings x WHERE x.screened ORDER BY x.id", nil, func(row dbRow) error {
		w, err := warningTable.scan(row, 0)
		if err != nil {
			return err
		}
		s := w.held()
		out = append(out, ScreenedWarning{ID: w.ID, Unit: w.Unit, Officer: w.Officer, Open: s.Open(), Score: s.Score, Evidence: s.Evidence, LastOn: w.LastOn, LastAt: w.LastAt,
			EscalatedTo: s.EscalatedTo, GroundLost: w.GroundLost})
		return nil
	})
	return out, err
}

// screened tells whether the event is one by which the system raised a warning
// of a finding. Who else takes such a name raises a warning of their own.
func screened(id string, by domain.Role, e warning.Raised) bool {
	code, _, ok := screening.SeriesOf(domain.WarningID(id))
	return ok && code == e.Rule && by == domain.RoleSystem
}
