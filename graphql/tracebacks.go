package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/projections"
)

// tracebackEnums are the closed sets of traces.
func (b *builder) tracebackEnums() {
	b.tracebackStatus = b.enum("TracebackStatus", "The life of a trace of responsibility.",
		v(traceback.StatusOpen, "Links are traced."), v(traceback.StatusConcluded, "It is settled who answers."),
		v(traceback.StatusClosed, "Every link was handed on or excused."), v(traceback.StatusImported, "Old history."))
	b.tracebackCause = b.enum("TracebackCause", "What gave rise to a trace.",
		v(traceback.CauseFinding, "A confirmed finding 违纪认定."), v(traceback.CauseOverturnedAct, "An overturned act 执法行为被撤销."),
		v(traceback.CauseMissedTarget, "A missed target 计划目标未完成."))
	b.nodeKind = b.enum("TraceNodeKind", "What a node of a trace stands for.",
		v(traceback.NodeFault, "The fault itself."), v(traceback.NodeStep, "A step of the procedure."), v(traceback.NodeLink, "One person's share in the fault."))
	b.dutyStage = b.enum("DutyStage", "When, seen from the act, a duty was to be done.",
		v(traceback.StageExAnte, "Before 事前."), v(traceback.StageInProcess, "During 事中."), v(traceback.StageExPost, "After 事后."))
	b.liability = b.enum("Liability", "How a person answers for a fault.",
		v(traceback.LiabilityDirect, "Directly 直接责任."), v(traceback.LiabilityLeading, "As a leader 领导责任."), v(traceback.LiabilitySupervisory, "As a supervisor 监督责任."))
	b.intent = b.enum("Intent", "The state of mind.", v(traceback.IntentIntent, "Intent 故意."), v(traceback.IntentNegligence, "Negligence 过失."))
}

func (b *builder) declareTraceback() {
	b.traceback = b.object("Traceback", "A trace of responsibility 责任倒查 (article D6): who, along the chain of steps and duties, answers for a fault. Its graph is returned whole.")
}

func (b *builder) defineTraceback() {
	type object = projections.Traceback
	node, edge := b.defineTraceGraph()
	b.define(b.traceback,
		id("id", "The id.", func(t *object) domain.TracebackID { return t.ID }),
		choice("status", "Where it stands.", b.tracebackStatus, func(t *object) string { return t.Status }),
		choice("cause", "What gave rise to it; null for old history.", b.tracebackCause, func(t *object) string { return t.Cause }),
		text("fault", "What went wrong.", func(t *object) string { return t.Fault }),
		text("target", "The code of the missed target.", func(t *object) string { return t.Target }),
		text("opinion", "The opinion it was concluded with.", func(t *object) string { return t.Opinion }),
		day("openedOn", "The day it was opened.", func(t *object) domain.Date { return t.OpenedOn }),
		day("due", "The last day for the conclusion.", func(t *object) domain.Date { return t.Due }),
		day("concludedOn", "The day of the conclusion.", func(t *object) domain.Date { return t.ConcludedOn }),
		day("closedOn", "The day it was closed.", func(t *object) domain.Date { return t.ClosedOn }),
		flag("imported", importedDoc, func(t *object) bool { return t.Imported }),
		related("case", "The case whose finding is traced.", b.misconduct, loadCase, func(t *object) domain.CaseID { return t.Case }),
		related("plan", "The plan whose target was missed.", b.plan, loadPlan, func(t *object) domain.PlanID { return t.Plan }),
		related("unit", "Where the fault was first seen.", b.unit, loadUnit, func(t *object) domain.UnitID { return t.Unit }),
		relatedEach("officers", "At whom the fault was first seen.", b.officer, loadOfficer, func(t *object) []domain.OfficerID { return t.Officers }),
		listing("nodes", "The nodes of the graph: the fault, the steps it happened in, and one link for each person's share, cleared ones among them.",
			node, func(t *object) []projections.TraceNode { return t.Nodes }),
		listing("edges", "The edges of the graph, each from what was there first to what follows from it.", edge, func(t *object) []traceback.Edge { return t.Edges }),
		timelineOf(b, func(t *object) domain.Ref { return t.ID.Ref() }))
	b.define(b.misconduct, relatedAll("tracebacks", "The traces of responsibility that followed from its findings.", b.traceback,
		func(r *request) *loader[domain.CaseID, []object] { return &r.rooms().tracebacksOfCase }, func(c *projections.Case) domain.CaseID { return c.ID }))
	b.define(b.plan, relatedAll("tracebacks", "The traces of responsibility that followed from its missed targets.", b.traceback,
		func(r *request) *loader[domain.PlanID, []object] { return &r.rooms().tracebacksOfPlan }, func(p *projections.Plan) domain.PlanID { return p.ID }))
	register(b, "traceback", "tracebacks", oneAndMany{"A trace of responsibility 责任倒查.", "The register of traces of responsibility, newest first.",
		"A page of traces of responsibility, newest first.", "Narrows the register of traces."}, b.traceback,
		[]argument{argUnitBelow,
			arg("officer", gql.ID, "Where the fault was seen at this officer, or a link names them."),
			arg("status", b.tracebackStatus.typ, "Where it stands."),
			arg("cause", b.tracebackCause.typ, "What gave rise to it."),
			arg("case", gql.ID, "Of this case."),
			arg("enforcement", gql.ID, "Of this act."),
			arg("plan", gql.ID, "Of this plan."),
			arg("imported", gql.Boolean, "Only old history, or only what was traced here.")},
		func(r *request, id domain.TracebackID) (*object, error) { return r.reader.Traceback(r.ctx, id) },
		func(in input) projections.TracebackFilter {
			return projections.TracebackFilter{Unit: domain.UnitID(in.text("unit")), Officer: domain.OfficerID(in.text("officer")), Status: in.text("status"),
				Cause: in.text("cause"), Case: domain.CaseID(in.text("case")), Enforcement: domain.EnforcementID(in.text("enforcement")),
				Plan: domain.PlanID(in.text("plan")), Imported: in.choice("imported")}
		}, (*projections.Reader).Tracebacks)
}

func (b *builder) defineTraceGraph() (node, edge *gql.Object) {
	type n = projections.TraceNode
	link := func(get func(*traceback.Link) string) func(*n) string {
		return func(x *n) string { return get(&x.Link) }
	}
	node = b.object("TraceNode", "A node of a trace: the fault, a step, or one person's share in the fault.")
	b.define(node,
		id("id", "The id, unique in the graph; edges refer to it.", func(x *n) string { return x.ID }),
		choice("kind", "What it stands for.", b.nodeKind, func(x *n) traceback.NodeKind { return x.Kind }),
		text("text", "The fault, the step, or the duty that was breached.", func(x *n) string { return x.Text }),
		text("link", "The code of the link; this and what follows is null for a fault or a step.", link(func(l *traceback.Link) string { return l.Code })),
		related("officer", "Who answers.", b.officer, loadOfficer, func(x *n) domain.OfficerID { return x.Link.Officer }),
		related("post", "The post they acted from.", b.post, loadPost, func(x *n) domain.PostID { return x.Link.Post }),
		related("unit", "The unit they acted from.", b.unit, loadUnit, func(x *n) domain.UnitID { return x.Link.Unit }),
		text("step", "The step they acted in.", link(func(l *traceback.Link) string { return l.Step })),
		text("duty", "The duty they breached.", link(func(l *traceback.Link) string { return l.Duty })),
		choice("stage", "When the duty was to be done.", b.dutyStage, func(x *n) traceback.Stage { return x.Link.Stage }),
		choice("liability", "How they answer.", b.liability, func(x *n) traceback.Liability { return x.Link.Liability }),
		choice("intent", "With what state of mind.", b.intent, func(x *n) traceback.Intent { return x.Link.Intent }),
		optionalNumber("weight", "Their share in the fault, 1 to 100; null while it is not weighed.", func(x *n) int { return x.Link.Weight }),
		flag("cleared", "The link fell away before the conclusion.", func(x *n) bool { return x.Link.Cleared }),
		flag("excused", "It stands, and no measure follows.", func(x *n) bool { return x.Link.Excused }),
		text("reason", "Why it was cleared or excused.", func(x *n) string { return x.Reason }),
		text("measure", "The measure it was handed on to, a word of the ladder.", func(x *n) string { return x.Measure }),
		related("sanction", "The sanction that was proposed.", b.sanction, loadSanction, func(x *n) domain.SanctionID { return x.Sanction }))
	edge = b.object("TraceEdge", "An edge of a trace.")
	b.define(edge,
		id("from", "The node that was there first.", func(e *traceback.Edge) string { return e.From }),
		id("to", "The node that follows from it.", func(e *traceback.Edge) string { return e.To }))
	return node, edge
}
