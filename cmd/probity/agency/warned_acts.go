package agency

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/officer"
)

// favours is an officer whose acts of a stream end again and again in favour of
// one party, so many times and so many days apart; each beside another
// colleague.
func favours(kind enforcement.Kind, outcome enforcement.Outcome, times, apart int) func(*play) {
	return func(p *play) {
		m := p.engage(kind)
		var before []*member
		for i := range times {
			p.until(p.today().AddDays(apart - 4))
			other := p.beside(m, before...)
			if p.over {
				return
			}
			before = append(before, other)
			decide := enforcement.Decide{Outcome: outcome, Opinion: "符合条件 the conditions are met"}
			if kind == enforcement.KindTrade {
				decide.Amount = int64(12+3*i) * 10_000_00
			}
			p.carry(p.opened(kind, m, other, "the friend of "+string(m.id)), m, other, decide)
		}
	}
}

// nearLimit is an officer whose levies come to amounts just below the one that
// needs a higher approval.
func (p *play) nearLimit() {
	m := p.engage(enforcement.KindLevy)
	var before []*member
	for i, amount := range []int64{96_200_00, 98_400_00, 99_300_00} {
		p.days(6, 15)
		other := p.beside(m, before...)
		if p.over {
			return
		}
		before = append(before, other)
		p.carry(p.opened(enforcement.KindLevy, m, other, fmt.Sprintf("importer %d of %s", i, m.id)), m, other,
			enforcement.Decide{Outcome: enforcement.OutcomeLevied, Amount: amount, Opinion: "按申报价格计征 by the declared price"})
	}
}

// twoTrades is one sale in two lots: each below the amount from which it would
// have to be put to tender, both to one buyer.
func (p *play) twoTrades() {
	m := p.engage(enforcement.KindTrade)
	var before []*member
	for _, amount := range []int64{620_000_00, 540_000_00} {
		p.days(6, 7)
		other := p.beside(m, before...)
		if p.over {
			return
		}
		before = append(before, other)
		p.carry(p.opened(enforcement.KindTrade, m, other, "the buyer of both lots"), m, other,
			enforcement.Decide{Outcome: enforcement.OutcomeAwarded, Amount: amount, Opinion: "价高者得 to the highest bidder"})
	}
}

// droppedAgain is an officer whose cases against one party are dropped three
// times, for one and the same reason.
func (p *play) droppedAgain() {
	m := p.engage(enforcement.KindPenalty)
	var before []*member
	for i := range 3 {
		p.days(8, 12)
		other := p.beside(m, before...)
		if p.over {
			return
		}
		before = append(before, other)
		d := deal{kind: enforcement.KindPenalty, unit: m.pos.unit, crew: []*member{m, other}, tier: 0, drop: true, party: "the friend of " + string(m.id)}
		p.start(p.now, fmt.Sprintf("dropped %d by %s", i, m.id), func(p *play) { p.enforce(d) })
	}
}

// lateSuspension is an officer whose certificate is suspended by word of mouth;
// the suspension is entered four days later, and a step was taken meanwhile.
func (p *play) lateSuspension() {
	m := p.engage(enforcement.KindInspection)
	p.days(5, 8)
	other := p.beside(m)
	if p.over {
		return
	}
	d := deal{kind: enforcement.KindInspection, unit: m.pos.unit, crew: []*member{m, other}}
	id := p.openAct(d)
	p.minutes(20, 60)
	p.step(id, &d, "accept", false)
	told := p.now
	p.days(1, 1)
	p.step(id, &d, "check", false) // nobody had told the system
	p.days(3, 4)
	p.last = told
	p.did(told, p.hr(), string(m.id), officer.SuspendCertificate{Reason: "证件核查，口头通知暂停，补登记 under review; told by word of mouth, entered late"})
	p.last = p.now
	p.days(10, 15)
	p.do(p.hr(), string(m.id), officer.RestoreCertificate{})
	p.minutes(20, 60)
	decide := enforcement.Decide{Outcome: enforcement.OutcomeInOrder, Opinion: "重新核验，未见异常 checked anew, nothing irregular"}
	if p.ready(id, &d) {
		p.do(d.crew[1].as(domain.RoleOfficer), id, decide)
		p.minutes(30, 90)
		p.step(id, &d, "serve", false)
		p.minutes(10, 30)
	}
	if p.ready(id, &d) {
		p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.Close{})
	}
}

// stillPublic is a penalty that a court overturns, and whose publication stays
// up long after it should have been withdrawn.
func (p *play) stillPublic() {
	crew := p.crew(p.org.clerks[0].unit)
	for ; crew == nil && !p.over; crew = p.crew(p.org.clerks[0].unit) {
		p.days(2, 4)
	}
	if !p.over {
		p.enforce(deal{kind: enforcement.KindPenalty, unit: p.org.clerks[0].unit, crew: crew, tier: 1, outcome: enforcement.ResultOverturned, clings: true})
	}
}
