package projections

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

// comparedRow is one act as the statistics of early warning compare it
// (screening.Case). A run over an agency reads these alone, so they are narrow:
// columns, and no state of a room.
type comparedRow struct {
	ID         domain.EnforcementID `db:"id"`
	Decided    indicators.Day       `db:"decided"` // 0 before the decision
	Unit       domain.UnitID        `db:"unit"`
	Stream     enforcement.Kind     `db:"stream"`
	Procedure  domain.NormID        `db:"norm"`
	Officers   string               `db:"officers"` // one a line
	Party      string               `db:"party"`    // a digest, and never shown
	Decision   domain.EventID       `db:"decision"`
	Late       bool                 `db:"late"`
	Skipped    bool                 `db:"skipped"`
	Like       string               `db:"likeness"`
	Outside    bool                 `db:"outside"`
	Amount     int64                `db:"amount"`
	Reviewed   bool                 `db:"reviewed"`
	Overturned bool                 `db:"overturned"`
	// Changed is the position of the last event that changed it.
	Changed ledger.Position `db:"changed"`
}

var comparedTable = newTable[comparedRow]("compared_cases", "decided, id", "decided, changed")

func (r *comparedRow) theCase() screening.Case {
	return screening.Case{Unit: r.Unit, Stream: r.Stream, Procedure: r.Procedure, Officers: splitLines[domain.OfficerID](r.Officers), Party: r.Party,
		Decided: r.Decided, Decision: r.Decision, Late: r.Late, Skipped: r.Skipped, Like: r.Like, Outside: r.Outside, Amount: r.Amount,
		Reviewed: r.Reviewed, Overturned: r.Overturned}
}

// take takes in what the case has become, and tells whether that is new.
func (r *comparedRow) take(c *screening.Case) bool {
	was := *r
	*r = comparedRow{ID: r.ID, Decided: c.Decided, Unit: c.Unit, Stream: c.Stream, Procedure: c.Procedure, Officers: joinLines(c.Officers), Party: c.Party,
		Decision: c.Decision, Late: c.Late, Skipped: c.Skipped, Like: c.Like, Outside: c.Outside, Amount: c.Amount,
		Reviewed: c.Reviewed, Overturned: c.Overturned, Changed: r.Changed}
	return *r != was
}

// foldCompared works an event about an act into what is compared of it. Only
// what changes that is written: most steps do not.
func (g *registers) foldCompared(d *ledger.Decoded) error {
	if d.Act.Imported() {
		return nil
	}
	h, err := g.compared.hold(d.Act.Subject, d.Revision > 0)
	if err != nil {
		return err
	}
	c := h.row.theCase()
	if c.Fold(d.Recorded, indicators.DayOf(g.day(d))) && h.row.take(&c) {
		h.row.Changed = d.Position
		g.compared.write(h)
	}
	return nil
}
