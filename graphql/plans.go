package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/projections"
)

func (b *builder) declarePlan() {
	b.plan = b.object("Plan", "A work plan 工作计划 (article I1), as it stands: the board on which its targets are compared.")
}

// planEnums are the closed sets of plans.
func (b *builder) planEnums() {
	b.planStatus = b.enum("PlanStatus", "The life of a work plan.",
		v(plan.StatusDrafted, "Put forward."), v(plan.StatusAdopted, "Adopted by the leadership, and carried out."),
		v(plan.StatusClosed, "Closed."), v(plan.StatusImported, "Old history."))
	b.stageStatus = b.enum("StageStatus", "The life of a stage of a work plan.",
		v(plan.StageOpen, "Its period runs, or its report is awaited."), v(plan.StageReported, "Its report is filed."),
		v(plan.StageReturned, "The report was returned."), v(plan.StagePassed, "The report was passed."), v(plan.StageDone, "Closed."))
	b.targetResult = b.enum("TargetResult", "How a target compares with what was planned.",
		v(plan.ResultOpen, "Neither met nor missed yet."), v(plan.ResultMet, "Met in time."), v(plan.ResultLate, "Met after its due day."),
		v(plan.ResultMissed, "Missed, and not explained."), v(plan.ResultExplained, "Missed; the reason is on file."),
		v(plan.ResultExcused, "Missed; the reason was accepted."), v(plan.ResultAccountable, "Missed, and held to account 倒查问责."))
	b.stageOutcome = b.enum("StageOutcome", "What the leadership did with a report on a stage.",
		v(plan.OutcomePassed, "Passed 通过."), v(plan.OutcomeReturned, "Returned 退回."))
}

func (b *builder) definePlan() {
	type object = projections.Plan
	target, stage := b.defineTarget(), b.defineStage()
	b.define(b.plan,
		id("id", "The id.", func(p *object) domain.PlanID { return p.ID }),
		text("title", "The title.", func(p *object) string { return p.Title }),
		choice("status", "Where it stands.", b.planStatus, func(p *object) string { return p.Status }),
		day("from", "The first day of its period.", func(p *object) domain.Date { return p.From }),
		day("to", "The last day of its period.", func(p *object) domain.Date { return p.To }),
		flag("imported", importedDoc, func(p *object) bool { return p.Imported }),
		optionalNumber("importedTargets", "How many targets an imported plan had; null when its source does not say.", func(p *object) int { return p.ImportedTargets }),
		optionalNumber("importedMet", "How many of them were met in time.", func(p *object) int { return p.ImportedMet }),
		related("unit", "Whose plan it is.", b.unit, loadUnit, func(p *object) domain.UnitID { return p.Unit }),
		related("owner", "Who keeps it.", b.officer, loadOfficer, func(p *object) domain.OfficerID { return p.Owner }),
		listing("stages", "Its stages, in the order of their ends.", stage, func(p *object) []projections.PlanStage { return p.Stages }),
		field{name: "targets", doc: "Its targets, in the order in which they were set.", typ: mustList(target),
			args: []argument{
				arg("result", b.targetResult.typ, "Only those that compare like this."),
				arg("stage", gql.String, "Only those of the stage of this code."),
				arg("officer", gql.ID, "Only those this officer answers for."),
				arg("unit", gql.ID, "Only those this unit answers for."),
				arg("overdue", gql.Boolean, "Only those that are overdue, or only those that are not."),
			},
			resolve: func(p gql.ResolveParams) (any, error) { return targetsOf(p.Source.(*object), p.Args), nil }},
		timelineOf(b, func(p *object) domain.Ref { return p.ID.Ref() }))
	register(b, "plan", "plans", oneAndMany{"A work plan 工作计划.", "The register of work plans, the latest period first.",
		"A page of work plans, the latest period first.", "Narrows the register of work plans."}, b.plan,
		[]argument{argUnitBelow,
			arg("officer", gql.ID, "Kept by this officer, or with a target they answer or answered for."),
			arg("status", b.planStatus.typ, "Where it stands."),
			arg("result", b.targetResult.typ, "At least one of its targets compares like this."),
			arg("imported", gql.Boolean, "Only old history, or only what was planned here.")},
		func(r *request, id domain.PlanID) (*object, error) { return r.reader.Plan(r.ctx, id) },
		func(in input) projections.PlanFilter {
			return projections.PlanFilter{Unit: domain.UnitID(in.text("unit")), Officer: domain.OfficerID(in.text("officer")),
				Status: in.text("status"), Result: in.text("result"), Imported: in.choice("imported")}
		}, (*projections.Reader).Plans)
}

// targetsOf returns the targets of the plan that the arguments leave.
func targetsOf(p *projections.Plan, in input) []*projections.PlanTarget {
	result, stage, officer, unit, overdue := in.text("result"), in.text("stage"), in.text("officer"), in.text("unit"), in.choice("overdue")
	out := []*projections.PlanTarget{}
	for i := range p.Targets {
		t := &p.Targets[i]
		if (result == "" || t.Result == result) && (stage == "" || t.Stage == stage) && (officer == "" || string(t.Officer) == officer) &&
			(unit == "" || string(t.Unit) == unit) && (overdue == nil || t.Overdue == *overdue) {
			out = append(out, t)
		}
	}
	return out
}

func (b *builder) defineTarget() *gql.Object {
	type target = projections.PlanTarget
	o := b.object("PlanTarget", "One dated target of a work plan, and what became of it.")
	b.define(o,
		id("code", "Its code, unique in the plan.", func(t *target) string { return t.Code }),
		text("title", "What is to be reached.", func(t *target) string { return t.Title }),
		text("measure", "How one will see that it is reached.", func(t *target) string { return t.Measure }),
		word("stage", "The code of its stage.", func(t *target) string { return t.Stage }),
		day("due", "The last day.", func(t *target) domain.Date { return t.Due }),
		choice("result", "How it compares with what was planned.", b.targetResult, func(t *target) string { return t.Result }),
		flag("overdue", "Its day has passed, and it is neither met nor recorded as missed.", func(t *target) bool { return t.Overdue }),
		number("percent", "The progress last reported, in per cent; 100 once it is met.", func(t *target) int { return t.Percent }),
		day("metOn", "The day on which it was reached.", func(t *target) domain.Date { return t.MetOn }),
		number("daysLate", "Calendar days from the due day to that day; 0 when in time.", func(t *target) int { return t.DaysLate }),
		text("explanation", "Why it was missed, each explanation on a line.", func(t *target) string { return t.Explanation }),
		text("decision", "Why the miss was excused or held to account.", func(t *target) string { return t.Decision }),
		related("unit", "The responsible unit 责任单位.", b.unit, loadUnit, func(t *target) domain.UnitID { return t.Unit }),
		related("officer", "The responsible person 责任人.", b.officer, loadOfficer, func(t *target) domain.OfficerID { return t.Officer }))
	return o
}

func (b *builder) defineStage() *gql.Object {
	type line = plan.Line
	compared := b.object("StageReportLine", "One target as a report on its stage compared it.")
	b.define(compared,
		id("target", "The code of the target.", func(l *line) string { return l.Target }),
		day("due", "Its last day.", func(l *line) domain.Date { return l.Due }),
		choice("result", "How it compared then.", b.targetResult, func(l *line) plan.Result { return l.Result }),
		number("daysLate", "How many calendar days late it was met.", func(l *line) int { return l.DaysLate }),
		text("remark", "What the report says of it.", func(l *line) string { return l.Remark }),
		related("unit", "The unit responsible then.", b.unit, loadUnit, func(l *line) domain.UnitID { return l.Unit }),
		related("officer", "The person responsible then.", b.officer, loadOfficer, func(l *line) domain.OfficerID { return l.Officer }))
	type report = projections.StageReport
	filed := b.object("StageReport", "A report on a stage to the leadership 阶段报告.")
	b.define(filed,
		day("filedOn", "The day it was filed.", func(r *report) domain.Date { return r.FiledOn }),
		optionalID("filedBy", "Who filed it, by sign-in name.", func(r *report) domain.ActorID { return r.FiledBy }),
		listing("lines", "Every target of the stage, compared.", compared, func(r *report) []line { return r.Lines }),
		choice("outcome", "What the leadership did with it; null before.", b.stageOutcome, func(r *report) string { return r.Outcome }),
		text("remarks", "What the leadership says to it.", func(r *report) string { return r.Remarks }),
		day("deliberatedOn", "The day it was deliberated.", func(r *report) domain.Date { return r.DeliberatedOn }),
		optionalID("deliberatedBy", "Who passed or returned it, by sign-in name.", func(r *report) domain.ActorID { return r.DeliberatedBy }))
	type stage = projections.PlanStage
	o := b.object("PlanStage", "A part of a plan's period, at whose end its targets are compared.")
	b.define(o,
		id("code", "Its code, unique in the plan.", func(s *stage) string { return s.Code }),
		text("title", "The title.", func(s *stage) string { return s.Title }),
		day("ends", "Its last day.", func(s *stage) domain.Date { return s.Ends }),
		choice("status", "Where it stands.", b.stageStatus, func(s *stage) string { return s.Status }),
		listing("reports", "The reports on it, in the order they were filed.", filed, func(s *stage) []report { return s.Reports }))
	return o
}
