package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/projections"
)

// remedyEnums are the closed sets of what cases teach.
func (b *builder) remedyEnums() {
	b.aspect = b.enum("MisconductAspect", "One of the two analyses of a case 一案双析.",
		v(misconduct.AspectPerson, "The person and the conduct."), v(misconduct.AspectInstitution, "The institution and its gaps."))
	b.gapKind = b.enum("MisconductGapKind", "What let the conduct happen.",
		v(misconduct.GapControl, "A control that a post lacks."), v(misconduct.GapNorm, "A rule that is missing or wrong."))
	b.threshold = b.enum("WarningThreshold", "A part of the rulebook's warning rules that somebody may propose to change.",
		v(domain.ThresholdPattern, "How often, within which time, a rule must be met."), v(domain.ThresholdAmounts, "The amounts that need a higher approval."),
		v(domain.ThresholdNear, "From which part of such an amount on a lower one lies near it."), v(domain.ThresholdTestControl, "How long a high risk may be without a tested control."),
		v(domain.ThresholdAtOnce, "How many warnings one rule may raise in a day."), v(domain.ThresholdAcknowledge, "How long a warning may wait to be taken up."),
		v(domain.ThresholdHandle, "How long it may then wait to be acted on or dismissed."), v(domain.ThresholdScreening, "When the statistics report."),
		v(domain.ThresholdNewRule, "None: a rule that does not exist yet."))
	b.remedyKind = b.enum("RemedyKind", "What a remedy mends.",
		v(projections.RemedyRerating, "A post: its risks are rated anew (article I9)."), v(projections.RemedyNormGap, "A norm: a new version closes the gap (article D9)."),
		v(projections.RemedyRule, "Early warning: a version of the rulebook changes it (article D10)."))
	b.remedyStatus = b.enum("RemedyStatus", "Where a remedy stands.",
		v(projections.RemedyOpen, "Not yet."), v(projections.RemedyDone, "Done."), v(projections.RemedyDeclined, "Declined, with a reason."))
}

func (b *builder) declareRemedy() {
	b.remedy = b.object("Remedy", "One thing that the analysis of a case opened 以案促改, and what was done: a post is rated anew, a new version of a norm closes a gap, or the rulebook changes early warning.")
}

// sinceCaution is said with every comparison.
const sinceCaution = "Before and after is no proof: whatever else changed meanwhile is counted along, a fall of warnings or complaints may be a fall of activity (compare the acts decided), " +
	"and where the threshold of a rule was changed, more or fewer warnings follow from that alone."

// loadSince compares remedies.
func loadSince(r *request) *loader[projections.SinceOf, []projections.Since] { return &r.rooms().since }

// defineRemedy is the register of what cases opened, and the way from a
// warning to a case, to what changed, and to what happened afterwards.
func (b *builder) defineRemedy() {
	type object = projections.Remedy
	since := b.remedySince()
	b.define(b.remedy,
		id("id", "The id.", func(x *object) string { return x.ID }),
		choice("kind", "What it mends.", b.remedyKind, func(x *object) string { return x.Kind }),
		choice("status", "Where it stands.", b.remedyStatus, func(x *object) string { return x.Status }),
		text("text", "What is wanting; of a change of early warning, what is to hold from then on.", func(x *object) string { return x.Text }),
		text("reason", "Why a change of early warning is proposed.", func(x *object) string { return x.Reason }),
		related("case", "The case that showed it.", b.misconduct, loadCase, func(x *object) domain.CaseID { return x.Case }),
		related("unit", "The unit of the post or the norm.", b.unit, loadUnit, func(x *object) domain.UnitID { return x.Unit }),
		related("post", "The post to be rated anew.", b.post, loadPost, func(x *object) domain.PostID { return x.Post }),
		related("norm", "The norm with the gap.", b.norm, loadNorm, func(x *object) domain.NormID { return x.Norm }),
		text("gap", "The code of the gap in the norm.", func(x *object) string { return x.Gap }),
		optionalNumber("number", "The number of the proposal in its case.", func(x *object) int { return x.Number }),
		choice("threshold", "The part of the warning rules to be changed.", b.threshold, func(x *object) string { return x.Threshold }),
		text("rule", "The code of the rule of early warning.", func(x *object) string { return x.Rule }),
		day("openedOn", "The day it was opened.", func(x *object) domain.Date { return x.OpenedOn }),
		related("opened", "The event that opened it.", b.event, loadEvent, func(x *object) domain.EventID { return x.Opened }),
		day("due", "The last day for it; null where there is none.", func(x *object) domain.Date { return x.Due }),
		flag("overdue", "It is open, and that day has passed.", func(x *object) bool { return x.Overdue }),
		day("doneOn", "The day it was done or declined; null while it is open.", func(x *object) domain.Date { return x.DoneOn }),
		related("done", "The event that did it.", b.event, loadEvent, func(x *object) domain.EventID { return x.Done }),
		day("from", "The first day on which the change holds; null while there is none.", func(x *object) domain.Date { return x.From }),
		choice("gradeBefore", "The grade of the post when it was called for; null where it had none.", b.riskGrade, func(x *object) string { return x.Before }),
		choice("gradeAfter", "The grade of the post as it was rated anew.", b.riskGrade, func(x *object) string { return x.After }),
		optionalNumber("version", "The version of the norm that closes the gap.", func(x *object) int { return x.Version }),
		related("rulebook", "The rulebook that makes the change.", b.rulebook, loadRulebook, func(x *object) domain.RulebookID { return x.Rulebook }),
		text("rulebookVersion", "Its version.", func(x *object) string { return x.RulebookVersion }),
		text("answer", "Why a proposal was declined, or what of it was adopted.", func(x *object) string { return x.Answer }),
		field{name: "since", doc: "What was counted in the same number of days before the change and after it, for each warning that led to the case, or once without any; empty while the change is not made. It proves nothing: see caution.",
			typ: listOf(since), args: []argument{{name: "days", typ: gql.Int, absent: projections.DefaultSinceDays, doc: "How many days on each side, 1 to 730."}, atMost(3)},
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
				if days := input(p.Args).number("days"); days < 1 || days > projections.MaxSinceDays { // the others that are asked with it are answered
					return nil, domain.Refuse(domain.CodeInvalid, "days", "must lie between 1 and %d", projections.MaxSinceDays)
				}
				return firstOf(r, input(p.Args), loadSince(r), projections.SinceOf{Remedy: p.Source.(*object).ID, Days: input(p.Args).number("days")})
			})})
	register(b, "remedy", "remedies", oneAndMany{"A remedy 以案促改.", "The register of what cases opened, the last opened first.",
		"A page of remedies, the last opened first.", "Narrows the register of remedies."}, b.remedy,
		[]argument{argUnitBelow,
			arg("kind", b.remedyKind.typ, "What it mends."),
			arg("status", b.remedyStatus.typ, "Where it stands."),
			arg("case", gql.ID, "Opened by this case."),
			arg("post", gql.ID, "At this post."),
			arg("norm", gql.ID, "In this norm."),
			arg("rule", gql.String, "Of this rule of early warning."),
			arg("overdue", gql.Boolean, "Only those that are open after their day.")},
		func(r *request, id string) (*object, error) { return r.reader.Remedy(r.ctx, id) },
		func(in input) projections.RemedyFilter {
			return projections.RemedyFilter{Unit: domain.UnitID(in.text("unit")), Kind: in.text("kind"), Status: in.text("status"), Case: domain.CaseID(in.text("case")),
				Post: domain.PostID(in.text("post")), Norm: domain.NormID(in.text("norm")), Rule: in.text("rule"), Overdue: in.flag("overdue")}
		}, (*projections.Reader).Remedies)
	b.defineWaysToRemedies()
}

// firstOf is the lazy list that belongs to a key, cut as atMost says.
func firstOf[K comparable, V any](r *request, in input, l *loader[K, []V], key K) (any, error) {
	if _, err := cut([]V(nil), in); err != nil {
		return nil, err
	}
	n := 0
	return all(r, l, key, func(*V) bool { n++; return n <= in.number("first") })
}

// relatedFirst is relatedAll for a list that is short by its nature.
func relatedFirst[T any, K comparable, V any](name, doc string, typ *gql.Object, most int, from func(*request) *loader[K, []V], key func(*T) K) field {
	return field{name: name, doc: doc, typ: listOf(typ), args: []argument{atMost(most)}, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		return firstOf(r, p.Args, from(r), key(p.Source.(*T)))
	})}
}

// listedFirst is listing for a list that is short by its nature.
func listedFirst[T, V any](name, doc string, typ *gql.Object, most int, get func(*T) []V) field {
	return read(name, doc, listOf(typ), []argument{atMost(most)}, func(_ *request, o *T, in input) (any, error) {
		list, err := cut(get(o), in)
		if err != nil {
			return nil, err
		}
		return pointers(list), nil
	})
}

// remedySince is a comparison and its sides.
func (b *builder) remedySince() *gql.Object {
	type since = projections.Since
	type counted = projections.SinceSide
	count := func(name, doc string, get func(*counted) *int) field {
		return plain(name, doc, gql.Int, func(x *counted) any {
			if n := get(x); n != nil {
				return *n
			}
			return nil
		})
	}
	side := b.object("RemedySide", "What was counted on one side of a change, as far as you may see it.")
	b.define(side,
		day("from", "The first day; null where there is no day to count.", func(x *counted) domain.Date { return x.From }),
		day("to", "The last day.", func(x *counted) domain.Date { return x.To }),
		count("warnings", "Warnings of the rule about the same officer, post or unit, without those that led to the case; null where none did.", func(x *counted) *int { return x.Warnings }),
		count("complaints", "Complaints received about the post; null where there is none.", func(x *counted) *int { return x.Complaints }),
		count("acts", "The exposure: administrative acts decided by that officer, or in that unit and below; null where there is neither.", func(x *counted) *int { return x.Acts }))
	o := b.object("RemedySince", "What was counted in the same number of days before a change and after it. The day of the change counts to neither side.")
	b.define(o,
		related("warning", "The warning that led to the case; its rule is counted.", b.warning,
			func(r *request) *loader[domain.WarningID, *projections.Warning] { return &r.rooms().warnings }, func(x *since) domain.WarningID { return x.Warning }),
		text("rule", "The rule whose warnings are counted.", func(x *since) string { return x.Rule }),
		day("on", "The day of the change.", func(x *since) domain.Date { return x.On }),
		number("days", "How many days each side has: fewer than asked for where not so many have passed.", func(x *since) int { return x.Days }),
		related("officer", "About whom warnings are counted.", b.officer, loadOfficer, func(x *since) domain.OfficerID { return x.Officer }),
		related("post", "About which post warnings are counted.", b.post, loadPost, func(x *since) domain.PostID { return x.Post }),
		related("unit", "About which unit warnings are counted.", b.unit, loadUnit, func(x *since) domain.UnitID { return x.Unit }),
		related("complaintsAt", "The post about which complaints are counted.", b.post, loadPost, func(x *since) domain.PostID { return x.ComplaintsAt }),
		related("actsOf", "The officer whose acts are counted.", b.officer, loadOfficer, func(x *since) domain.OfficerID { return x.ActsOf }),
		related("actsIn", "The unit whose acts are counted.", b.unit, loadUnit, func(x *since) domain.UnitID { return x.ActsIn }),
		plain("before", "Before the change.", must(side), func(x *since) any { return &x.Before }),
		plain("after", "After it.", must(side), func(x *since) any { return &x.After }),
		word("caution", "What it does not mean.", func(*since) string { return sinceCaution }))
	return o
}

// defineWaysToRemedies leads from warnings, cases, posts, norms and rulebooks
// to what cases opened, and back.
func (b *builder) defineWaysToRemedies() {
	type gap = misconduct.Gap
	gaps := b.object("CaseGap", "One weakness of the institution that a case brought to light.")
	b.define(gaps,
		choice("kind", "What let the conduct happen.", b.gapKind, func(x *gap) misconduct.GapKind { return x.Kind }),
		word("description", "What is wanting.", func(x *gap) string { return x.Description }),
		related("post", "Where a control is missing.", b.post, loadPost, func(x *gap) domain.PostID { return x.Post }),
		related("norm", "The text that falls short; null where there is no such rule yet.", b.norm, loadNorm, func(x *gap) domain.NormID { return x.Norm }))
	type analysis = projections.Analysis
	o := b.object("CaseAnalysis", "What a case was found to teach under one aspect 一案双析.")
	b.define(o,
		choice("aspect", "The person, or the institution.", b.aspect, func(x *analysis) string { return x.Aspect }),
		word("text", "What it teaches.", func(x *analysis) string { return x.Text }),
		listedFirst("gaps", "The gaps of the institution.", gaps, 20, func(x *analysis) []gap { return x.Gaps }),
		day("on", "The day.", func(x *analysis) domain.Date { return x.On }),
		related("event", "The event behind it.", b.event, loadEvent, func(x *analysis) domain.EventID { return x.Event }))
	b.define(b.warning, relatedFirst("cases", "The cases it led to, directly, or by the complaint or the inspection it led to.", b.misconduct, 5,
		func(r *request) *loader[domain.WarningID, []projections.Case] { return &r.rooms().casesOfWarning }, func(w *projections.Warning) domain.WarningID { return w.ID }))
	b.define(b.misconduct,
		relatedFirst("warnings", "The warnings that led to it, directly, or by its complaint or inspection, the first raised first.", b.warning, 5,
			func(r *request) *loader[domain.CaseID, []projections.Warning] { return &r.rooms().warningsOfCase }, func(c *projections.Case) domain.CaseID { return c.ID }),
		listedFirst("analyses", "What it was found to teach, in the order of the ledger.", o, 10, func(c *projections.Case) []analysis { return c.Analyses }),
		relatedFirst("remedies", "What its analysis opened, and what was done, in the order of opening. Where there may be more, ask remedies for those of the case.", b.remedy, 20,
			func(r *request) *loader[domain.CaseID, []projections.Remedy] { return &r.rooms().remediesOfCase }, func(c *projections.Case) domain.CaseID { return c.ID }))
	b.define(b.post, relatedFirst("remedies", "What cases opened at it, the last first, as far as you may see the cases. Where there may be more, ask remedies for those at the post.", b.remedy, 20,
		func(r *request) *loader[domain.PostID, []projections.Remedy] { return &r.rooms().remediesOfPost }, func(p *projections.Post) domain.PostID { return p.ID }))
	b.define(b.norm, relatedFirst("remedies", "What cases opened in it, the last first, as far as you may see the cases. Where there may be more, ask remedies for those in the norm.", b.remedy, 20,
		func(r *request) *loader[domain.NormID, []projections.Remedy] { return &r.rooms().remediesOfNorm }, func(n *projections.Norm) domain.NormID { return n.ID }))
	b.define(b.rulebook, relatedFirst("remedies", "The proposals of cases that its versions adopted, the last first, as far as you may see the cases.", b.remedy, 20,
		func(r *request) *loader[domain.RulebookID, []projections.Remedy] {
			return &r.rooms().remediesOfRulebook
		}, func(x *projections.Rulebook) domain.RulebookID { return x.ID }))
}
