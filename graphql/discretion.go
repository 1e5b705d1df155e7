package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// defineDiscretion gives the query its questions for the use of discretion,
// which take the filter of acts.
func (b *builder) defineDiscretion(filter []argument) {
	type (
		object = projections.Discretion
		funnel = projections.Funnel
		point  = projections.FunnelPoint
	)
	limits := b.funnelLimits()
	o := b.object("Discretion", "How the discretion that benchmarks leave was used (article D5): by a unit, the holders of a post or an officer, or under a clause.")
	b.define(o,
		related("unit", "The unit, where counted by unit.", b.unit, loadUnit, func(d *object) domain.UnitID { return d.Unit }),
		related("post", "The post, where counted by post.", b.post, loadPost, func(d *object) domain.PostID { return d.Post }),
		related("officer", "The officer, where counted by officer.", b.officer, loadOfficer, func(d *object) domain.OfficerID { return d.Officer }),
		related("benchmark", "The benchmark of the clause, where counted by clause.", b.norm, loadNorm, func(d *object) domain.NormID { return d.Benchmark }),
		text("clause", "The clause, where counted by clause.", func(d *object) string { return d.Clause }),
		number("decided", "Acts decided under a tier of a benchmark.", func(d *object) int { return d.Decided }),
		number("outside", "Those of them decided outside their tier.", func(d *object) int { return d.Outside }),
		percent("outsideShare", "Their share.", func(d *object) int { return d.OutsideShare }),
		number("alike", "Acts with like cases: others under the same clause and tier of the same version of the same benchmark.", func(d *object) int { return d.Alike }),
		percent("spread", "How far their amounts lie from the mean of the like cases, on average, as a share of that mean.", func(d *object) int { return d.Spread }),
		plain("limits", "The limits for so many acts among all that are compared, who differ without anything being wrong.", must(limits), func(d *object) any { return &d.Limits }),
		choice("place", "Where the share lies among the limits, by the exact tail. Outside means that somebody should look and ask why; it accuses nobody.", b.funnelPlace,
			func(d *object) projections.FunnelPlace { return d.Place }))

	at := b.object("FunnelPoint", "The limits for so many acts.")
	b.define(at,
		number("decided", "Acts decided.", func(p *point) int { return p.Decided }),
		plain("limits", "Among those compared, who differ as they do.", must(limits), func(p *point) any { return &p.Limits }),
		plain("chance", "Were there nothing but chance.", must(limits), func(p *point) any { return &p.Chance }))
	f := b.object("DiscretionFunnel", "How the shares of acts outside their tier lie among each other.")
	b.define(f,
		listing("rows", "Those compared, most outside the tiers first.", o, func(f *funnel) []object { return f.Rows }),
		percent("mean", "The share of all, each weighed by what its acts tell, and drawn a little to a half so that none is not taken for never.", func(f *funnel) int { return f.Mean }),
		plain("spread", "How much those compared differ beyond chance: the correlation within one of them, from 0 to 1.", must(gql.Float), func(f *funnel) any { return f.Spread }),
		plain("doubt", "The standard error of the spread, which the limits allow for.", must(gql.Float), func(f *funnel) any { return f.Doubt }),
		listing("curve", "The limits, from one act to as many as anybody decided.", at, func(f *funnel) []point { return f.Curve }))

	args := []argument{
		arg("by", gql.NewNonNull(b.discretionBy.typ), "What to compare."),
		arg("filter", b.input("DiscretionFilter", "Narrows the acts that are compared.", filter...), "Which acts are compared."),
	}
	b.define(b.query,
		rooted("discretion", "How discretion was used, most outside the tiers first. Like cases are sought among the acts that the filter leaves.", listOf(o), args,
			func(r *request, in input) (any, error) {
				list, err := r.reader.Discretion(r.ctx, in.object("filter").enforcementFilter(), projections.DiscretionBy(in.text("by")))
				return pointers(list), err
			}),
		rooted("discretionFunnel", "The same with the limits of a funnel plot; null where there is nothing to be seen.", f, args,
			func(r *request, in input) (any, error) {
				found, err := r.reader.Funnel(r.ctx, in.object("filter").enforcementFilter(), projections.DiscretionBy(in.text("by")))
				if found == nil {
					return nil, err
				}
				return found, err
			}))
}

func (b *builder) funnelLimits() *gql.Object {
	type object = projections.FunnelLimits
	o := b.object("FunnelLimits", "The shares between which 95 %, and 99.8 %, of those lie who are as the others are: beyond each limit one in forty, and one in a thousand.")
	b.define(o,
		percent("low95", "The lower limit of 95 %.", func(l *object) int { return l.Low95 }),
		percent("high95", "The upper limit of 95 %.", func(l *object) int { return l.High95 }),
		percent("low998", "The lower limit of 99.8 %.", func(l *object) int { return l.Low998 }),
		percent("high998", "The upper limit of 99.8 %.", func(l *object) int { return l.High998 }))
	return o
}
