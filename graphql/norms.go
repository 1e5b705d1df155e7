package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/projections"
)

// normEnums are the closed sets of norms.
func (b *builder) normEnums() {
	b.normKind = b.enum("NormKind", "What a norm is.",
		v(norm.KindProhibition, "A list of prohibited conduct 禁止行为清单."), v(norm.KindBenchmark, "A discretion benchmark 裁量基准."),
		v(norm.KindProcedure, "A procedure of enforcement 执法程序."), v(norm.KindWindow, "A standard of window service 窗口服务规范."),
		v(norm.KindInternalRule, "An internal rule 内部制度."))
	b.normStatus = b.enum("NormStatus", "The life of a norm.",
		v(norm.StatusDraft, "Its first version waits to be adopted."), v(norm.StatusAdopted, "Adopted."), v(norm.StatusRepealed, "Repealed."))
	b.normOutcome = b.enum("NormReviewOutcome", "What the periodic review of a norm came to.",
		v(norm.OutcomeKeep, "It stays 继续有效."), v(norm.OutcomeRevise, "It is to be revised 需要修订."), v(norm.OutcomeRepeal, "It is to be repealed 应予废止."))
}

func (b *builder) declareNorm() {
	b.norm = b.object("Norm", "A rule text 制度 with coded clauses (articles I6, D2, D3, D5, D9) and all its adopted versions, as it stands.")
}

// percent is a share that the source holds in hundredths of a percent.
func percent[T any](name, doc string, get func(*T) int) field {
	return plain(name, doc+" In per cent, to two places.", must(gql.Float), func(o *T) any { return float64(get(o)) / 100 })
}

func (b *builder) defineNorm() {
	type object = projections.Norm
	version, gap, review, acknowledged := b.normVersion(), b.normGap(), b.object("NormReview", "A periodic review of a norm."), b.object("Acknowledgement", "How many officers have acknowledged a norm.")
	b.define(review,
		day("on", "The day.", func(x *projections.NormReview) domain.Date { return x.On }),
		choice("outcome", "What it came to.", b.normOutcome, func(x *projections.NormReview) string { return x.Outcome }),
		text("opinion", "The opinion.", func(x *projections.NormReview) string { return x.Opinion }),
		number("daysLate", "By how many calendar days it missed its day.", func(x *projections.NormReview) int { return x.DaysLate }))
	b.define(acknowledged,
		number("officers", "Officers in the norm's unit and below.", func(a *projections.Acknowledgement) int { return a.Officers }),
		number("acknowledged", "Those of them who acknowledged its latest version.", func(a *projections.Acknowledgement) int { return a.Acknowledged }),
		percent("share", "Their share.", func(a *projections.Acknowledgement) int { return a.Share }))
	b.define(b.norm,
		id("id", "The id.", func(n *object) domain.NormID { return n.ID }),
		choice("kind", "What it is.", b.normKind, func(n *object) string { return n.Kind }),
		text("title", "The title.", func(n *object) string { return n.Title }),
		choice("status", "Where it stands.", b.normStatus, func(n *object) string { return n.Status }),
		related("unit", "For which unit, with everything below it.", b.unit, loadUnit, func(n *object) domain.UnitID { return n.Unit }),
		related("owner", "Who keeps it.", b.officer, loadOfficer, func(n *object) domain.OfficerID { return n.Owner }),
		optionalNumber("latest", "The number of the last adopted version.", func(n *object) int { return n.Latest }),
		day("repealedFrom", "The first day on which it is no longer in force.", func(n *object) domain.Date { return n.RepealedFrom }),
		day("reviewBy", "The last day for its next review.", func(n *object) domain.Date { return n.ReviewBy }),
		flag("imported", importedDoc, func(n *object) bool { return n.Imported }),
		field{name: "inForce", doc: "The version in force on a day; null when there is none.", typ: version,
			args: []argument{arg("on", scalarDate, "The day; today when absent.")},
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
				on := input(p.Args).day("on")
				if on.IsZero() {
					on = r.reader.Today()
				}
				if v, ok := p.Source.(*object).InForce(on); ok {
					return &v, nil
				}
				return nil, nil
			})},
		listing("versions", "Its adopted versions, in order.", version, func(n *object) []norm.Version { return n.Versions }),
		number("openGaps", "Gaps that are not closed.", func(n *object) int { return n.OpenGaps }),
		listing("gaps", "The gaps found in it.", gap, func(n *object) []projections.NormGap { return n.Gaps }),
		listing("reviews", "Its periodic reviews.", review, func(n *object) []projections.NormReview { return n.Reviews }),
		field{name: "acknowledgement", doc: "How many have acknowledged its latest version; null when it has none, or is for nobody.", typ: acknowledged,
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
				key, l := p.Source.(*object).ID, &r.rooms().acknowledgements
				l.want(key)
				return func() (any, error) {
					a, found, err := l.get(r.ctx, key)
					if !found || err != nil {
						return nil, err
					}
					return &a, nil
				}, nil
			})},
		timelineOf(b, func(n *object) domain.Ref { return n.ID.Ref() }))
	register(b, "norm", "norms", oneAndMany{"A norm 制度.", "The register of norms, by id.", "A page of norms, by id.", "Narrows the register of norms."}, b.norm,
		[]argument{argUnitBelow,
			arg("kind", b.normKind.typ, "What it is."),
			arg("status", b.normStatus.typ, "Where it stands."),
			arg("inForceOn", scalarDate, "With a version in force on this day."),
			arg("openGaps", gql.Boolean, "Only those with an open gap, or only those without."),
			arg("reviewOverdue", gql.Boolean, "Only those whose review is overdue."),
			arg("imported", gql.Boolean, "Only old history, or only what was drafted here.")},
		func(r *request, id domain.NormID) (*object, error) { return r.reader.Norm(r.ctx, id) },
		func(in input) projections.NormFilter {
			return projections.NormFilter{Unit: domain.UnitID(in.text("unit")), Kind: in.text("kind"), Status: in.text("status"), InForceOn: in.day("inForceOn"),
				OpenGaps: in.choice("openGaps"), ReviewOverdue: in.flag("reviewOverdue"), Imported: in.choice("imported")}
		}, (*projections.Reader).Norms)
}

func (b *builder) normVersion() *gql.Object {
	clause := b.object("Clause", "A clause of a norm.")
	b.define(clause,
		word("code", "Its code.", func(c *norm.Clause) string { return c.Code }),
		text("text", "What it says.", func(c *norm.Clause) string { return c.Text }),
		text("least", "The least measure for a breach, a word of the ladder.", func(c *norm.Clause) domain.Measure { return c.Least }),
		text("most", "The gravest measure for a breach.", func(c *norm.Clause) domain.Measure { return c.Most }))
	tier := b.object("Tier", "A tier of a discretion benchmark.")
	b.define(tier,
		word("code", "Its code.", func(t *norm.Tier) string { return t.Code }),
		text("clause", "The clause it belongs to.", func(t *norm.Tier) string { return t.Clause }),
		text("factors", "What puts a case into it.", func(t *norm.Tier) string { return t.Factors }),
		fen("minAmount", "The least it allows.", func(t *norm.Tier) int64 { return t.MinAmount }),
		fen("maxAmount", "The most it allows.", func(t *norm.Tier) int64 { return t.MaxAmount }))
	step := b.object("ProcedureStep", "A step of a procedure.")
	b.define(step,
		word("code", "Its code.", func(s *norm.Step) string { return s.Code }),
		text("name", "What it is called.", func(s *norm.Step) string { return s.StepName }),
		choice("kind", "What it is.", b.stepKind, func(s *norm.Step) norm.StepKind { return s.StepKind }),
		wordsOf("requires", "The steps that come before it.", func(s *norm.Step) []string { return s.Requires }),
		wordsOf("conflictsWith", "The steps that another person must take.", func(s *norm.Step) []string { return s.ConflictsWith }),
		flag("optional", "It may be left out.", func(s *norm.Step) bool { return s.Optional }),
		flag("twoOfficers", "It takes two.", func(s *norm.Step) bool { return s.TwoOfficers }))
	o := b.object("NormVersion", "An adopted version of a norm.")
	b.define(o,
		number("number", "Its number, from 1.", func(x *norm.Version) int { return x.Number }),
		day("from", "The first day on which it is in force.", func(x *norm.Version) domain.Date { return x.From }),
		listing("clauses", "Its clauses.", clause, func(x *norm.Version) []norm.Clause { return x.Clauses }),
		listing("tiers", "The tiers of a benchmark.", tier, func(x *norm.Version) []norm.Tier { return x.Tiers }),
		listing("steps", "The steps of a procedure.", step, func(x *norm.Version) []norm.Step { return x.Steps }))
	return o
}

func (b *builder) normGap() *gql.Object {
	type gap = projections.NormGap
	o := b.object("NormGap", "A gap found in a norm (article D9).")
	b.define(o,
		word("code", "Its code.", func(g *gap) string { return g.Code }),
		text("text", "What is missing.", func(g *gap) string { return g.Text }),
		text("clause", "In which clause.", func(g *gap) string { return g.Clause }),
		number("version", "In which version; 0 where it is not said.", func(g *gap) int { return g.Version }),
		day("foundOn", "The day it was found.", func(g *gap) domain.Date { return g.FoundOn }),
		day("closeBy", "The last day to close it.", func(g *gap) domain.Date { return g.CloseBy }),
		day("closedOn", "The day it was closed.", func(g *gap) domain.Date { return g.ClosedOn }),
		optionalNumber("closedIn", "The version that closes it.", func(g *gap) int { return g.ClosedIn }),
		number("daysLate", "By how many calendar days that missed its day.", func(g *gap) int { return g.DaysLate }),
		related("case", "The case that showed it.", b.misconduct, loadCase, func(g *gap) domain.CaseID { return g.Case }),
		related("enforcement", "The act that showed it.", b.enforcement, loadEnforcement, func(g *gap) domain.EnforcementID { return g.Enforcement }))
	return o
}
