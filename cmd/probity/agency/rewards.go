package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reward"
)

// honour is a reward as it will turn out.
type honour struct {
	kind   string
	merit  string
	object bool
	refuse bool
	// revoke, when set, is why it is withdrawn after some months.
	revoke string
}

// rewards are about one a year for each eight of the line.
func (b *bureau) rewards(p *play) {
	pause := max(3, 365*8/len(b.staff.line))
	for i := 0; !p.over; i++ {
		h := honour{kind: p.book.Reward.Kinds[min(p.draw(0, 3), p.draw(0, 3), p.draw(0, 3))], merit: oneOf(p, p.profile.merits), object: i == 1 || p.chance(15), refuse: i == 2 || p.chance(12)}
		m := p.ordinary(func(m *member) bool { return !m.troubled && p.clear(m) })
		if i%6 == 4 {
			m = nil // a unit now and then
		}
		place := oneOf(p, p.org.places[1:]).id
		b.start(p.now, "reward "+string(place)+h.kind+h.merit, func(p *play) { p.honour(m, place, h, nil) })
		p.days(pause*2/3, pause*4/3)
	}
}

// honour is the life of a nomination.
func (p *play) honour(m *member, place domain.UnitID, h honour, planted *Planted) {
	p.minutes(5, 200)
	if m != nil && !p.clear(m) {
		return // gone or under inquiry since it was thought of
	}
	id := p.number("JL", p.today().Year, 3)
	nominate := reward.Nominate{Honour: h.kind, Merit: h.merit, Evidence: p.paper(id, "事迹材料 merit.pdf", "application/pdf")}
	if m != nil {
		nominate.Officer = m.id
	} else {
		nominate.Unit = place
	}
	if planted != nil {
		planted.Reward = domain.RewardID(id)
	}
	nominator := p.leader()
	p.do(nominator, id, nominate)
	p.days(3, 9)
	if p.dropped(m, id, reward.Verify{Opinion: "核实无误 checked against the records"}, p.inspector()) {
		return
	}
	verifier := p.inspector()
	p.do(verifier, id, reward.Verify{Opinion: "核实无误 checked against the records"})
	p.days(1, 5)
	p.do(p.hr(), id, reward.Publicise{Medium: "内网公示栏 intranet notice"})
	if p.chance(12) { // while objections are still taken
		p.minutes(30, 90)
		p.refused(p.leader(nominator.id), id, reward.Grant{}, domain.CodeTooEarly)
	}
	if h.object {
		p.days(1, 3)
		p.do(actor{p.handler().id, domain.RoleOfficer}, id, reward.Object{Ground: "成绩由科室共同完成 the work of the whole section"})
		p.days(2, 6)
		p.do(p.inspector(), id, reward.AnswerObjection{Answer: "经核实，个人贡献突出 checked: the personal part stands out"})
	}
	p.days(16, 23) // the term for objections may run over a long holiday
	granter := p.leader(nominator.id, verifier.id)
	if h.refuse {
		p.do(granter, id, reward.Refuse{Reason: "名额已满，下年度优先考虑 the quota is used up"})
		return
	}
	if p.dropped(m, id, reward.Grant{}, granter) {
		return
	}
	p.do(granter, id, reward.Grant{})
	if h.revoke == "" {
		return
	}
	p.days(120, 180)
	p.do(p.leader(), id, reward.Revoke{Reason: h.revoke})
	if planted != nil && !p.over {
		planted.Complete = true
	}
}

// dropped tells whether a nomination came to nothing because the nominee's
// own file bars it by now: somebody tries the next step all the same, is
// refused, and a leader turns the nomination down.
func (p *play) dropped(m *member, id string, try domain.Command, by actor) bool {
	if m == nil {
		return false
	}
	want := domain.RefusalCode(p.file(m).MayBeHonoured("", m.id, p.today(), p.book))
	if want == "" {
		return false
	}
	p.refused(by, id, try, want)
	p.minutes(20, 90)
	p.do(p.leader(), id, reward.Refuse{Reason: "提名期间被立案、受处分或离职，不予奖励 under inquiry, sanctioned or gone since the nomination"})
	return true
}
