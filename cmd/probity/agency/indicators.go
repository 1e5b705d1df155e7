package agency

import "github.com/probity-ledger/probity/domain/officer"

// layDown is what the year of the member is graded by, laid down by whoever
// graded the last one: the work first, then both satisfactions.
func (p *play) layDown(by actor, m *member) {
	p.do(by, string(m.id), officer.SetAppraisal{Year: p.today().Year, Indicators: []officer.Indicator{
		{Indicator: "A1", Duty: m.pos.zh + "：办结质量与时限 quality and time of what is done", Basis: officer.BasisPerformance, Weight: 50},
		{Indicator: "A2", Duty: "领导与同事评议 the view of superiors and colleagues", Basis: officer.BasisSuperiors, Weight: 20},
		{Indicator: "A3", Duty: "服务对象评价 ratings by those served", Basis: officer.BasisPublic, Weight: 20},
		{Indicator: "A4", Duty: "遵守禁止行为清单 keeping to the list of prohibited conduct", Basis: officer.BasisConduct, Weight: 10},
	}})
}
