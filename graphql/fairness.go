package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// mostFairnessGroups is how many groups are told at most.
const mostFairnessGroups = 30

// defineFairness is the question how warnings fall on groups of officers.
func (b *builder) defineFairness(t scoreTypes) {
	by := b.enum("FairnessBy", "A protected attribute that old records hold of officers. No rule, indicator or score looks at it, and nothing can be searched or filtered by it.",
		v(projections.FairnessBySex, "Sex, as the records say it."),
		v(projections.FairnessByEthnicity, "Ethnicity, as the records say it."))
	type group = projections.FairnessGroup
	untold := func(g *group) bool { return g.Missing != "" }
	percents := func(name, doc string, get func(*group) int) field {
		return told(name, doc, gql.Float, func(g *group) any { return share(get(g)) }, untold)
	}
	groups := b.object("FairnessGroup", "One group of officers, in counts; never who is in it.")
	b.define(groups,
		text("group", "What the records say; null where they say nothing, as of whoever was enrolled here.", func(g *group) string { return g.Group }),
		number("officers", "The officers of the group who were in the service in the period; five at least.", func(g *group) int { return g.Officers }),
		counts("warned", "Of how many of them a warning was raised.", func(g *group) bucket { return g.Warned }),
		percents("share", "Their share, in per cent, to two places; null where it is not told.", func(g *group) int { return g.Share }),
		percents("low", "The lower limit of its exact 95 % interval, in per cent.", func(g *group) int { return g.Low }),
		percents("high", "The upper limit of it.", func(g *group) int { return g.High }),
		percents("ratio", "The share of the group divided by that of all; 1 where both are alike.", func(g *group) int { return g.Ratio }),
		percents("ratioLow", "The lower limit of the share divided by the share of all.", func(g *group) int { return g.RatioLow }),
		percents("ratioHigh", "The upper limit divided by it.", func(g *group) int { return g.RatioHigh }),
		choice("missing", "Why these are not told; null where they are.", t.gap, func(g *group) projections.ScoreGap { return g.Missing }),
		counts("known", "The warnings about them that are known to be right or wrong.", func(g *group) bucket { return g.Known }),
		plain("precision", "The part of these that was right.", must(t.precision), func(g *group) any { return &g.Precision }))
	type of = projections.FairnessOf
	parts := b.object("FairnessOf", "The groups under the warnings of one kind of rule.")
	b.define(parts,
		choice("kind", "The kind of rule; null for all warnings.", t.kind, func(f *of) projections.WarningRuleKind { return f.Kind }),
		plain("all", "All groups, told or left out.", must(groups), func(f *of) any { return &f.All }),
		field{name: "groups", doc: "The groups, the largest first, and last of whom nothing is recorded.", typ: mustList(groups), args: []argument{atMost(mostFairnessGroups)},
			resolve: func(p gql.ResolveParams) (any, error) { return headOf(p.Source.(*of).Groups, p.Args) }})
	type fairness = projections.Fairness
	o := b.object("WarningFairness", "Of how many officers of each group the engine warned. A higher share is no proof of bias, and a like one no proof of its absence: "+
		"groups may hold other posts, and the complaints and acts that rules look at come from people. Groups of fewer than five are left out, and count with all alone.")
	b.define(o,
		choice("by", "The attribute.", by, func(f *fairness) projections.FairnessBy { return f.By }),
		day("from", "The first day that counts: that asked for, or of the first warning about an officer; null where there is none.", func(f *fairness) domain.Date { return f.From }),
		day("to", "The last day that counts; null for today.", func(f *fairness) domain.Date { return f.To }),
		flag("leftOut", "There are groups of fewer than five officers, which are not told.", func(f *fairness) bool { return f.LeftOut }),
		field{name: "of", doc: "Under all warnings, then under those of each kind of rule.", typ: mustList(parts), args: []argument{atMost(5)},
			resolve: func(p gql.ResolveParams) (any, error) { return headOf(p.Source.(*fairness).Of, p.Args) }})
	b.define(b.query, rooted("warningFairness", "How warnings fall on groups of officers, in counts; small ones are told to nobody. For auditors, who check the engine, and overseers, "+
		"who have it as they have warningRules; null for everybody else, and whoever deals with warnings or personnel above all. "+
		"Warnings of old records are not counted. As in `{ warningFairness(by: SEX) { of { kind groups { group officers warned share low high ratio missing } } } }`.", o,
		argsOfWarnings(arg("by", gql.NewNonNull(by.typ), "The attribute.")),
		func(r *request, in input) (any, error) {
			return found(r.reader.Fairness(r.ctx, projections.FairnessBy(in.text("by")), in.warningScoreFilter()))
		}))
}
