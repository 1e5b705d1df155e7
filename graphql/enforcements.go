package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/projections"
)

// enforcementEnums are the closed sets of acts.
func (b *builder) enforcementEnums() {
	b.enforcementStatus = b.enum("EnforcementStatus", "The life of an administrative act.",
		v(enforcement.StatusOpen, "Under way."), v(enforcement.StatusDecided, "Decided."), v(enforcement.StatusClosed, "Closed."), v(enforcement.StatusImported, "Old history."))
	b.enforcementKind = b.enum("EnforcementKind", "What an administrative act is: one of the five streams of article D10.",
		v(enforcement.KindApproval, "An approval 行政许可."), v(enforcement.KindLevy, "A levy 行政征收."), v(enforcement.KindPenalty, "A penalty 行政处罚."),
		v(enforcement.KindInspection, "An inspection 行政检查."), v(enforcement.KindTrade, "A trade of public resources 公共资源交易."))
	b.enforcementOutcome = b.enum("EnforcementOutcome", "What was decided.",
		v(enforcement.OutcomeGranted, "An approval was granted 准予."), v(enforcement.OutcomeRefused, "An approval was refused 不予."),
		v(enforcement.OutcomeLevied, "Levied 征收."), v(enforcement.OutcomeExempted, "Exempted 免征, 不予处罚."), v(enforcement.OutcomePenalised, "Penalised 处罚."),
		v(enforcement.OutcomeInOrder, "An inspection found nothing 未见异常."), v(enforcement.OutcomeIrregular, "An inspection found something 发现问题."),
		v(enforcement.OutcomeAwarded, "A trade was awarded 成交."), v(enforcement.OutcomeVoid, "A trade was void 流标."), v(enforcement.OutcomeTerminated, "Terminated 终止."))
	b.reviewBody = b.enum("ReviewBody", "Who reviewed an act.",
		v(enforcement.BodyReconsideration, "Administrative reconsideration 行政复议."), v(enforcement.BodyCourt, "A court 行政诉讼."))
	b.reviewResult = b.enum("ReviewResult", "What a review made of an act.",
		v(enforcement.ResultUpheld, "Upheld 维持."), v(enforcement.ResultVaried, "Varied 变更."), v(enforcement.ResultOverturned, "Overturned 撤销, or found unlawful 确认违法."))
	b.stepKind = b.enum("StepKind", "What a step of a procedure is.",
		v(norm.StepInvestigate, "Investigation 调查取证."), v(norm.StepPreserve, "Preservation of evidence 先行登记保存."), v(norm.StepNotify, "Notice 告知."),
		v(norm.StepStatement, "Hearing of the party's statement 听取陈述申辩."), v(norm.StepHearing, "Hearing 听证."), v(norm.StepLegalReview, "Legal review 法制审核."),
		v(norm.StepDiscussion, "Collective discussion 集体讨论."), v(norm.StepDecide, "Decision 决定."), v(norm.StepServe, "Service 送达."),
		v(norm.StepExecute, "Execution 执行."), v(norm.StepPublish, "Publication 公示."), v(norm.StepOther, "Anything else."))
	b.discretionBy = b.enum("DiscretionBy", "What the use of discretion is compared by.",
		v(projections.DiscretionByUnit, "The unit of the act."), v(projections.DiscretionByPost, "Each post that an officer on the case holds today."),
		v(projections.DiscretionByOfficer, "Each officer on the case, as far as you may see officers and need not keep away from them."),
		v(projections.DiscretionByClause, "The clause of the benchmark, whatever its version."))
	b.funnelPlace = b.enum("FunnelPlace", "Where a share lies among the limits of a funnel plot.",
		v(projections.FunnelWithin, "Between those of 95 %."), v(projections.FunnelBeyond95, "Beyond those of 95 %, and between those of 99.8 %."),
		v(projections.FunnelBeyond998, "Beyond those of 99.8 %."))
}

func (b *builder) declareEnforcement() {
	b.enforcement = b.object("Enforcement", "One administrative act 执法案件, as it stands. Who the party is stands nowhere. Amounts are in fen.")
}

// fen is an amount.
func fen[T any](name, doc string, get func(*T) int64) field {
	return long(name, doc+" In fen.", func(o *T) uint64 { return uint64(max(0, get(o))) })
}

func (b *builder) defineEnforcement() {
	type object = projections.Enforcement
	b.define(b.enforcement,
		id("id", "The id.", func(e *object) domain.EnforcementID { return e.ID }),
		choice("kind", "What it is.", b.enforcementKind, func(e *object) string { return e.Kind }),
		choice("status", "Where it stands.", b.enforcementStatus, func(e *object) string { return e.Status }),
		text("matter", "What it is about; of an imported one, the source's word for its outcome.", func(e *object) string { return e.Matter }),
		text("partyKind", "\"person\" or \"organisation\".", func(e *object) string { return e.PartyKind }),
		flag("onTheSpot", "A penalty imposed on the spot 当场处罚.", func(e *object) bool { return e.OnTheSpot }),
		day("deedOn", "The day of the deed.", func(e *object) domain.Date { return e.DeedOn }),
		day("openedOn", "The day it was opened; of an imported one, that of its decision.", func(e *object) domain.Date { return e.OpenedOn }),
		day("decideBy", "The last day for the decision.", func(e *object) domain.Date { return e.DecideBy }),
		day("decidedOn", "The day of the decision.", func(e *object) domain.Date { return e.DecidedOn }),
		number("daysLate", "By how many calendar days the decision missed its term.", func(e *object) int { return e.DaysLate }),
		day("closedOn", "The day it was closed.", func(e *object) domain.Date { return e.ClosedOn }),
		flag("imported", importedDoc, func(e *object) bool { return e.Imported }),
		related("unit", "Whose act it is.", b.unit, loadUnit, func(e *object) domain.UnitID { return e.Unit }),
		relatedEach("officers", "Who is on the case.", b.officer, loadOfficer, func(e *object) []domain.OfficerID { return e.Officers }),
		related("procedure", "The procedure it follows.", b.norm, loadNorm, func(e *object) domain.NormID { return e.Procedure }),
		optionalNumber("procedureVersion", "The version of it, in force on the day of the opening.", func(e *object) int { return e.ProcedureVersion }))
	b.defineDecision()
	b.defineCourse()
	b.define(b.enforcement,
		relatedAll("tracebacks", "The traces of responsibility that followed.", b.traceback,
			func(r *request) *loader[domain.EnforcementID, []projections.Traceback] {
				return &r.rooms().tracebacksOfAct
			},
			func(e *object) domain.EnforcementID { return e.ID }),
		timelineOf(b, func(e *object) domain.Ref { return e.ID.Ref() }))
	b.define(b.traceback, related("enforcement", "The overturned act that is traced.", b.enforcement, loadEnforcement,
		func(t *projections.Traceback) domain.EnforcementID { return t.Enforcement }))
	filter := []argument{argUnitBelow,
		arg("officer", gql.ID, "With this officer on the case, or in one of its steps."),
		arg("kind", b.enforcementKind.typ, "What it is."),
		arg("status", b.enforcementStatus.typ, "Where it stands."),
		arg("outcome", b.enforcementOutcome.typ, "What was decided."),
		arg("review", b.reviewResult.typ, "What its last review made of it."),
		arg("benchmark", gql.ID, "Decided under this benchmark."),
		arg("deviated", gql.Boolean, "Only those outside their tier, or only those within."),
		arg("overridden", gql.Boolean, "Only those with an overridden step, or only those without."),
		arg("overdue", gql.Boolean, "Only those that are open past the day for the decision."),
		arg("uncertifiedOn", scalarDate, "Only those that are not closed and have an officer on them, whom you may see, whose last certificate is not valid on this day."),
		arg("decidedFrom", scalarDate, "Decided on this day or later."),
		arg("decidedTo", scalarDate, "Decided on this day or earlier."),
		arg("imported", gql.Boolean, "Only old history, or only what was done here.")}
	register(b, "enforcement", "enforcements", oneAndMany{"An administrative act 执法案件.", "The register of administrative acts, the last opened first.",
		"A page of administrative acts, the last opened first.", "Narrows the register of administrative acts."}, b.enforcement, filter,
		func(r *request, id domain.EnforcementID) (*object, error) { return r.reader.Enforcement(r.ctx, id) },
		input.enforcementFilter, (*projections.Reader).Enforcements)
	b.defineDiscretion(filter)
}

func (in input) enforcementFilter() projections.EnforcementFilter {
	return projections.EnforcementFilter{
		Unit: domain.UnitID(in.text("unit")), Officer: domain.OfficerID(in.text("officer")), Kind: in.text("kind"), Status: in.text("status"),
		Outcome: in.text("outcome"), Review: in.text("review"), Benchmark: domain.NormID(in.text("benchmark")), Deviated: in.choice("deviated"),
		Overridden: in.choice("overridden"), Overdue: in.flag("overdue"), UncertifiedOn: in.day("uncertifiedOn"), DecidedFrom: in.day("decidedFrom"), DecidedTo: in.day("decidedTo"), Imported: in.choice("imported"),
	}
}

// defineDecision is what was decided, and what became of it.
func (b *builder) defineDecision() {
	type object = projections.Enforcement
	deviation := b.object("Deviation", "A decision outside the tier, with its reason and approval.")
	b.define(deviation,
		text("tier", "The tier it lies outside of.", func(d *enforcement.Deviation) string { return d.Tier }),
		fen("amount", "The amount that was granted.", func(d *enforcement.Deviation) int64 { return d.Amount }),
		text("reason", "Why.", func(d *enforcement.Deviation) string { return d.Reason }),
		optionalID("askedBy", "Who asked for it.", func(d *enforcement.Deviation) domain.ActorID { return d.AskedBy }),
		optionalID("approver", "Who approved it; null while nobody has.", func(d *enforcement.Deviation) domain.ActorID { return d.Approver }))
	b.define(b.enforcement,
		choice("outcome", "What was decided; null before, and for old history.", b.enforcementOutcome, func(e *object) string { return e.Outcome }),
		text("clause", "The clause it rests on.", func(e *object) string { return e.Clause }),
		related("benchmark", "The discretion benchmark 裁量基准.", b.norm, loadNorm, func(e *object) domain.NormID { return e.Benchmark }),
		optionalNumber("benchmarkVersion", "The version of it that was applied.", func(e *object) int { return e.BenchmarkVersion }),
		text("tier", "The tier of the benchmark.", func(e *object) string { return e.Tier }),
		text("factor", "What put the case into the tier.", func(e *object) string { return e.Factor }),
		fen("amountClaimed", "What is at stake.", func(e *object) int64 { return e.AmountClaimed }),
		fen("amount", "The amount decided; 0 before, and where there is none.", func(e *object) int64 { return e.Amount }),
		fen("minAmount", "The least that the tier allows.", func(e *object) int64 { return e.MinAmount }),
		fen("maxAmount", "The most that the tier allows.", func(e *object) int64 { return e.MaxAmount }),
		flag("lighter", "The version of the day of the decision was applied, as the lighter 从旧兼从轻.", func(e *object) bool { return e.Lighter }),
		flag("deviated", "It was decided outside the tier.", func(e *object) bool { return e.Deviated }),
		plain("deviation", "The deviation that was asked for; null when none was.", deviation, func(e *object) any {
			if e.Deviation.AskedBy == "" {
				return nil
			}
			return &e.Deviation
		}),
		choice("review", "What the last review made of it; null when there was none.", b.reviewResult, func(e *object) string { return e.Review }),
		day("retractBy", "The last day to retract the publication of an overturned act.", func(e *object) domain.Date { return e.RetractBy }),
		day("faultReviewBy", "The last day to review whose fault an overturned act was.", func(e *object) domain.Date { return e.FaultReviewBy }),
		flag("faultReviewed", "That was reviewed.", func(e *object) bool { return e.FaultReviewed }))
}

// defineCourse is the way of an act: its steps, overrides and reviews.
func (b *builder) defineCourse() {
	type step = projections.EnforcementStep
	steps := b.object("EnforcementStep", "A step of the procedure that was taken.")
	b.define(steps,
		word("code", "Its code in the procedure.", func(s *step) string { return s.Code }),
		choice("kind", "What it is.", b.stepKind, func(s *step) string { return s.Kind }),
		day("on", "The day.", func(s *step) domain.Date { return s.On }),
		number("daysLate", "By how many calendar days it missed its term.", func(s *step) int { return s.DaysLate }),
		flag("madeUp", "It had been overridden, and was made up for.", func(s *step) bool { return s.MadeUp }),
		text("note", "What is noted of it.", func(s *step) string { return s.Note }),
		related("officer", "Who took it.", b.officer, loadOfficer, func(s *step) domain.OfficerID { return s.Officer }),
		related("second", "Who took it with them.", b.officer, loadOfficer, func(s *step) domain.OfficerID { return s.Second }))
	type override = projections.Override
	overrides := b.object("Override", "A step that was left out (article I10): asked for by one person, granted by another.")
	b.define(overrides,
		word("step", "The step.", func(o *override) string { return o.Step }),
		text("reason", "Why.", func(o *override) string { return o.Reason }),
		optionalID("askedBy", "Who asked for it.", func(o *override) domain.ActorID { return o.AskedBy }),
		optionalID("approver", "Who granted it.", func(o *override) domain.ActorID { return o.Approver }),
		day("on", "The day of the grant.", func(o *override) domain.Date { return o.On }))
	type review = projections.ActReview
	reviews := b.object("ActReview", "What reconsideration or a court made of an act.")
	b.define(reviews,
		choice("body", "Who reviewed it.", b.reviewBody, func(x *review) string { return x.Body }),
		choice("outcome", "With which result.", b.reviewResult, func(x *review) string { return x.Outcome }),
		day("on", "The day.", func(x *review) domain.Date { return x.On }),
		text("ground", "On which ground.", func(x *review) string { return x.Ground }),
		fen("amount", "The amount it was varied to.", func(x *review) int64 { return x.Amount }))
	type fault = projections.FaultReview
	faults := b.object("FaultReview", "Whether somebody is at fault for an overturned act 执法过错 (article D6).")
	b.define(faults,
		flag("found", "Somebody is.", func(x *fault) bool { return x.Found }),
		text("opinion", "The opinion on it.", func(x *fault) string { return x.Opinion }),
		day("on", "The day.", func(x *fault) domain.Date { return x.On }),
		number("daysLate", "By how many calendar days it missed its term.", func(x *fault) int { return x.DaysLate }),
		relatedEach("officers", "Who.", b.officer, loadOfficer, func(x *fault) []domain.OfficerID { return x.Officers }))
	type object = projections.Enforcement
	b.define(b.enforcement,
		listing("steps", "The steps taken, in order, without the decision.", steps, func(e *object) []step { return e.Steps }),
		listing("overrides", "The steps that were overridden.", overrides, func(e *object) []override { return e.Overrides }),
		listing("reviews", "Its reviews.", reviews, func(e *object) []review { return e.Reviews }),
		listing("faultReviews", "The reviews of whose fault it was.", faults, func(e *object) []fault { return e.FaultReviews }))
}
