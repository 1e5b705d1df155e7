package projections

import (
	"context"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Plan is a work plan as it stands: the board on which targets are compared.
type Plan struct {
	ID       domain.PlanID    `db:"id"`
	Title    string           `db:"title"`
	Unit     domain.UnitID    `db:"unit"`
	Owner    domain.OfficerID `db:"owner"`
	From     domain.Date      `db:"begins"`
	To       domain.Date      `db:"ends"`
	Status   string           `db:"status"`
	Imported bool             `db:"imported"`
	// ImportedTargets and ImportedMet are what an imported plan says of its
	// targets; it lists none.
	ImportedTargets int `db:"imported_targets"`
	ImportedMet     int `db:"imported_met"`

	// Stages in the order of their ends, Targets in that of the ledger.
	Stages  []PlanStage
	Targets []PlanTarget
}

// PlanStage is a part of a plan's period and the reports on it.
type PlanStage struct {
	Code    string
	Title   string
	Ends    domain.Date
	Status  string
	Reports []StageReport
}

// StageReport compares every target of a stage, as things stood when it was
// filed.
type StageReport struct {
	FiledOn domain.Date
	FiledBy domain.ActorID
	Lines   []plan.Line
	// Outcome is passed or returned; empty before it was deliberated.
	Outcome       string
	Remarks       string
	DeliberatedOn domain.Date
	DeliberatedBy domain.ActorID
}

// PlanTarget is one dated target and what became of it.
type PlanTarget struct {
	Plan    domain.PlanID
	Code    string
	Title   string
	Stage   string
	Measure string
	Due     domain.Date
	// Unit and Officer answer for it.
	Unit    domain.UnitID
	Officer domain.OfficerID
	Result  string
	// Percent is the progress last reported; 100 once it is met.
	Percent  int
	MetOn    domain.Date
	DaysLate int
	// Explanation is why it was missed, Decision why that was excused or
	// held to account.
	Explanation string
	Decision    string
	// Overdue: its day has passed, and it is neither met nor recorded as
	// missed.
	Overdue bool
}

// PlanFilter narrows the register of plans. Zero fields do not narrow.
type PlanFilter struct {
	// Unit of the plan, with everything below it.
	Unit domain.UnitID
	// Officer owns the plan or answers, or answered, for a target.
	Officer domain.OfficerID
	Status  string
	// Result: at least one target stands at it.
	Result   string
	Imported *bool
}

type planRow struct {
	Plan
	// Results are those of the targets, each between spaces.
	Results string `db:"results"`
	kept[planBody]
}

type planBody struct {
	State   plan.Plan
	Stages  []PlanStage
	Targets []PlanTarget
}

var planTable = newTable[planRow]("plans", "unit", "begins, id")

var planShelf = shelf[planRow, Plan, domain.PlanID]{
	name: "plans", table: planTable, order: []string{"begins", "id"}, desc: true,
	seen: scope.plan, show: showPlan, id: func(p *Plan) domain.PlanID { return p.ID },
}

func (g *registers) foldPlan(d *ledger.Decoded) error {
	row, err := g.plans.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	row.Status, row.Unit, row.Owner, row.From, row.To = string(b.State.Status), b.State.Unit, b.State.Owner, b.State.From, b.State.To
	concerned := []domain.OfficerID{b.State.Owner}
	switch e := d.Event.(type) {
	case plan.Drafted:
		row.Title = e.Title
		b.Stages = nil
		for _, s := range e.Stages {
			b.Stages = append(b.Stages, PlanStage{Code: s.Stage, Title: s.Title, Ends: s.Ends})
		}
	case plan.Imported:
		row.Title, row.ImportedTargets, row.ImportedMet = e.Title, e.Targets, e.Met
	case plan.TargetSet:
		b.Targets = append(b.Targets, PlanTarget{Plan: row.ID, Code: e.Target, Title: e.Title, Stage: e.Stage, Measure: e.Measure})
		concerned = append(concerned, e.Officer)
	case plan.TargetReassigned:
		concerned = append(concerned, e.Officer)
	case plan.ProgressReported:
		b.target(e.Target, func(t *PlanTarget) { t.Percent = e.Percent })
	case plan.TargetMet:
		b.target(e.Target, func(t *PlanTarget) { t.Percent, t.MetOn = 100, e.On })
	case plan.MissExplained:
		b.target(e.Target, func(t *PlanTarget) { t.Explanation = addLine(t.Explanation, e.Explanation) })
	case plan.MissExcused:
		b.target(e.Target, func(t *PlanTarget) { t.Decision = e.Reason })
	case plan.MissHeldToAccount:
		b.target(e.Target, func(t *PlanTarget) { t.Decision = e.Reason })
	case plan.StageReportFiled:
		b.stage(e.Stage, func(s *PlanStage) {
			s.Reports = append(s.Reports, StageReport{FiledOn: g.day(d), FiledBy: d.Act.Actor, Lines: e.Lines})
		})
	case plan.StageReportDeliberated:
		b.stage(e.Stage, func(s *PlanStage) {
			if n := len(s.Reports); n > 0 {
				r := &s.Reports[n-1]
				r.Outcome, r.Remarks, r.DeliberatedOn, r.DeliberatedBy = string(e.Outcome), e.Remarks, g.day(d), d.Act.Actor
			}
		})
	}
	b.settle()
	row.Results = b.results()
	row.Imported = row.Imported || d.Act.Imported()
	return g.concern(d, concerned...)
}

// settle takes over what the room says of its stages and targets.
func (b *planBody) settle() {
	for _, s := range b.State.Stages {
		b.stage(s.Code, func(x *PlanStage) { x.Status = string(s.Status) })
	}
	for _, t := range b.State.Targets {
		b.target(t.Code, func(x *PlanTarget) {
			x.Due, x.Unit, x.Officer, x.Result, x.DaysLate = t.Due, t.Unit, t.Officer, string(t.Result), t.DaysLate
		})
	}
}

// results lists the results of the targets, each once and between spaces.
func (b *planBody) results() string {
	var words []string
	for _, t := range b.Targets {
		if !slices.Contains(words, t.Result) {
			words = append(words, t.Result)
		}
	}
	slices.Sort(words)
	return " " + strings.Join(words, " ") + " "
}

func (b *planBody) target(code string, change func(*PlanTarget)) {
	if i := slices.IndexFunc(b.Targets, func(t PlanTarget) bool { return t.Code == code }); i >= 0 {
		change(&b.Targets[i])
	}
}

func (b *planBody) stage(code string, change func(*PlanStage)) {
	if i := slices.IndexFunc(b.Stages, func(s PlanStage) bool { return s.Code == code }); i >= 0 {
		change(&b.Stages[i])
	}
}

// addLine adds a text to what was said before it.
func addLine(before, text string) string {
	if before == "" {
		return text
	}
	return before + "\n" + text
}

func showPlan(r *Reader, row *planRow) Plan {
	out, today := row.Plan, r.today()
	out.Stages = row.held().Stages
	out.Targets = slices.Clone(row.held().Targets)
	for i := range out.Targets {
		t := &out.Targets[i]
		t.Overdue = t.Result == string(plan.ResultOpen) && out.Status == string(plan.StatusAdopted) && today.After(t.Due)
	}
	return out
}

// Plan returns the plan; nil when there is none to be seen.
func (r *Reader) Plan(ctx context.Context, id domain.PlanID) (*Plan, error) {
	return planShelf.one(ctx, r, id)
}

// PlansByID returns those that are seen.
func (r *Reader) PlansByID(ctx context.Context, ids []domain.PlanID) (map[domain.PlanID]*Plan, error) {
	return planShelf.byID(ctx, r, ids)
}

// Plans lists the register of plans, the latest period first.
func (r *Reader) Plans(ctx context.Context, f PlanFilter, p Page) (*List[Plan], error) {
	return planShelf.list(ctx, r, query.And(below("x.unit", f.Unit), concerns(plan.Room.Name, "x", f.Officer),
		query.Eq("x.status", f.Status), is("x.imported", f.Imported),
		query.If(f.Result != "", query.Holds("x.results"), " "+f.Result+" ")), p)
}
