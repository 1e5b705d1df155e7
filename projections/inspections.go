package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Inspection is one act of internal supervision as it stands.
type Inspection struct {
	ID          domain.InspectionID  `db:"id"`
	Status      string               `db:"status"`
	Unit        domain.UnitID        `db:"unit"`
	Enforcement domain.EnforcementID `db:"enforcement"`
	Post        domain.PostID        `db:"post"`
	Basis       string               `db:"basis"`
	Conclusion  string               `db:"conclusion"`
	OpenedOn    domain.Date          `db:"opened_on"`
	ClosedOn    domain.Date          `db:"closed_on"`
	// Defects counts the observations; of an imported one, what it says.
	Defects int `db:"defects"`
	// Unaccepted counts the rectifications that are not accepted yet.
	Unaccepted int  `db:"unaccepted"`
	Imported   bool `db:"imported"`

	Powers []inspection.Power
	// Officers are those it is about, Supervisors those who carry it out.
	Officers       []domain.OfficerID
	Supervisors    []domain.OfficerID
	Observations   []Observation
	Rectifications []Rectification
	Halts          []Halt
}

// Observation is a defect that was observed.
type Observation struct {
	Code     string
	Text     string
	Severity string
	Post     domain.PostID
	Officer  domain.OfficerID
	On       domain.Date
}

// Rectification is what a unit was ordered to put right.
type Rectification struct {
	Code       string
	Text       string
	Unit       domain.UnitID
	Due        domain.Date
	Report     string
	ReportedOn domain.Date
	DaysLate   int
	// Accepted: verified and found right.
	Accepted   bool
	VerifiedOn domain.Date
	Note       string
}

// Halt is the advice to halt an act of enforcement.
type Halt struct {
	Enforcement domain.EnforcementID
	Reason      string
	On          domain.Date
}

// InspectionFilter narrows the register of inspections. Zero fields do not
// narrow.
type InspectionFilter struct {
	Unit        domain.UnitID // with everything below it
	Officer     domain.OfficerID
	Post        domain.PostID
	Enforcement domain.EnforcementID
	Status      string
	// Unaccepted: with a rectification that is not accepted yet, or without.
	Unaccepted *bool
	Imported   *bool
}

type inspectionRow struct {
	Inspection
	kept[inspectionBody]
}

type inspectionBody struct {
	State          inspection.Inspection
	Observations   []Observation
	Rectifications []Rectification
	Halts          []Halt
}

var inspectionTable = newTable[inspectionRow]("inspections", "opened_on, id", "unit", "enforcement")

var inspectionShelf = shelf[inspectionRow, Inspection, domain.InspectionID]{
	name: "inspections", table: inspectionTable, order: []string{"opened_on", "id"}, desc: true,
	seen: scope.inspection, show: showInspection, id: func(x *Inspection) domain.InspectionID { return x.ID },
}

func (g *registers) foldInspection(d *ledger.Decoded) error {
	row, err := g.inspections.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	s := &b.State
	row.Status, row.Unit, row.Enforcement, row.Post = string(s.Status), s.Unit, s.Enforcement, s.Post
	concerned := s.Officers
	switch e := d.Event.(type) {
	case inspection.Opened:
		row.OpenedOn, row.Basis = g.day(d), e.Basis
	case inspection.Imported:
		row.OpenedOn, row.ClosedOn, row.Basis, row.Conclusion, row.Defects = e.OpenedOn, e.ClosedOn, e.Basis, e.Conclusion, e.Defects
	case inspection.ObservationMade:
		b.Observations = append(b.Observations, Observation{e.Code, e.Text, string(e.Severity), e.Post, e.Officer, g.day(d)})
		row.Defects = len(b.Observations)
		concerned = []domain.OfficerID{e.Officer}
	case inspection.HaltAdvised:
		b.Halts = append(b.Halts, Halt{e.Enforcement, e.Reason, g.day(d)})
	case inspection.RectificationOrdered:
		b.Rectifications = append(b.Rectifications, Rectification{Code: e.Code, Text: e.Text, Unit: e.Unit, Due: e.Due})
	case inspection.RectificationReported:
		b.rectify(e.Code, func(x *Rectification) { x.Report, x.ReportedOn, x.DaysLate = e.Text, g.day(d), e.DaysLate })
	case inspection.RectificationVerified:
		b.rectify(e.Code, func(x *Rectification) { x.Accepted, x.VerifiedOn, x.Note = e.Accepted, g.day(d), e.Note })
	case inspection.Closed:
		row.ClosedOn, row.Conclusion = g.day(d), e.Conclusion
	}
	row.Unaccepted = 0
	for _, x := range b.Rectifications {
		if !x.Accepted {
			row.Unaccepted++
		}
	}
	row.Imported = row.Imported || d.Act.Imported()
	return g.concern(d, concerned...)
}

func (b *inspectionBody) rectify(code string, change func(*Rectification)) {
	if i := slices.IndexFunc(b.Rectifications, func(x Rectification) bool { return x.Code == code }); i >= 0 {
		change(&b.Rectifications[i])
	}
}

func showInspection(_ *Reader, row *inspectionRow) Inspection {
	out, b := row.Inspection, row.held()
	out.Powers, out.Officers, out.Supervisors = b.State.Powers, b.State.Officers, b.State.Supervisors
	out.Observations, out.Rectifications, out.Halts = b.Observations, b.Rectifications, b.Halts
	return out
}

// Inspection returns the inspection; nil when there is none to be seen.
func (r *Reader) Inspection(ctx context.Context, id domain.InspectionID) (*Inspection, error) {
	return inspectionShelf.one(ctx, r, id)
}

// InspectionsByID returns those that are seen.
func (r *Reader) InspectionsByID(ctx context.Context, ids []domain.InspectionID) (map[domain.InspectionID]*Inspection, error) {
	return inspectionShelf.byID(ctx, r, ids)
}

// Inspections lists the register of inspections, the last opened first.
func (r *Reader) Inspections(ctx context.Context, f InspectionFilter, p Page) (*List[Inspection], error) {
	return inspectionShelf.list(ctx, r, query.And(below("x.unit", f.Unit), concerns(inspection.Room.Name, "x", f.Officer), query.Eq("x.post", f.Post),
		query.Eq("x.enforcement", f.Enforcement), query.Eq("x.status", f.Status), is("(x.unaccepted > 0)", f.Unaccepted), is("x.imported", f.Imported)), p)
}
