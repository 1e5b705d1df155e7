package agency

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// penalise is an ordinary penalty, through every step of its procedure.
func (p *play) penalise(id string, d deal) {
	tier := p.tier(d)
	amount := tier.MinAmount + int64(p.draw(10, 90))*(tier.MaxAmount-tier.MinAmount)/100
	if d.deviate {
		amount = p.profile.milder[d.tier].MinAmount / 2
	}
	p.days(2, 9)
	p.step(id, &d, "investigate", true)
	if d.watched {
		v := supervision{unit: d.unit, act: domain.EnforcementID(id), basis: "随机抽查在办案件 random check of acts under way"}
		p.start(p.now, "inspection of "+id, func(p *play) { p.supervise(v, "") })
	}
	p.days(3, 15)
	if !p.ready(id, &d) {
		return
	}
	if p.chance(4) { // the notice was not given
		p.refused(d.crew[0].as(domain.RoleOfficer), id, enforcement.TakeStep{Step: "statement"}, domain.CodeIncomplete)
	}
	p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.TakeStep{Step: "notify", Amount: amount + amount/5, Evidence: p.paper(id, "告知书 notice.pdf", "application/pdf")})
	if d.hearing {
		p.days(1, 2)
		p.do(p.intake(), id, enforcement.AskHearing{})
	}
	p.days(1, 3)
	p.step(id, &d, "statement", false)
	switch {
	case d.skip:
		p.leaveOut(id, &d, "hearing", "案情简单，当事人催办，建议不再听证 a simple matter, the party is in a hurry")
	case d.hearing:
		p.hear(id, &d)
	default:
		p.until(p.book.Enforcement.AskHearing.After(p.world.act(id).NotifiedOn, p.book.Calendar).AddDays(p.draw(1, 4)))
	}
	p.minutes(60, 400)
	lawyer := p.lawyer(id)
	p.do(lawyer, id, enforcement.TakeStep{Step: "review"})
	approver := actor{}
	if d.deviate {
		p.minutes(60, 300)
		approver = p.deviate(id, &d, tier.Code, amount)
	}
	p.days(1, 5)
	if d.late {
		p.days(80, 95)
	}
	decide := enforcement.Decide{
		Outcome: enforcement.OutcomePenalised, Tier: tier.Code, Factor: tier.Factors, Amount: amount, Opinion: "事实清楚，证据确凿，裁量适当 the facts are proved, the tier fits"}
	if d.drop {
		decide = enforcement.Decide{Outcome: enforcement.OutcomeExempted, Opinion: "首次违法、及时改正，不予处罚 a first breach, put right at once: no penalty"}
	}
	p.do(p.leader(lawyer.id, approver.id), id, decide)
	if p.over {
		return
	}
	p.start(p.now, "announce "+id, func(p *play) { p.minutes(5, 60); p.announce(id, d) })
	p.days(1, 5)
	p.step(id, &d, "serve", false)
	p.days(1, 4)
	if d.private {
		p.leaveOut(id, &d, "publish", "涉及个人隐私，不在现场公示 private matters, not posted in the hall")
	} else {
		p.step(id, &d, "publish", false)
	}
	p.minutes(30, 200)
	if p.ready(id, &d) {
		p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.Close{})
	}
	p.judged(id, d)
}

// bounds is a tier as the act is bound to it.
type bounds struct {
	Code, Factors        string
	MinAmount, MaxAmount int64
}

// tier returns the tier of the day of the deed or, where it is milder, the
// one of today; amounts that both allow keep the play out of what changes
// between notice and decision.
func (p *play) tier(d deal) bounds {
	t, m := p.profile.tiers[d.tier], p.profile.milder[d.tier]
	return bounds{t.Code, t.Factors, max(t.MinAmount, m.MinAmount), min(t.MaxAmount, m.MaxAmount)}
}

// lawyer is who reviews the act: somebody of the penalty sections who has no
// hand in it, or a leader.
func (p *play) lawyer(id string) actor {
	chain := p.world.act(id).Chain
	from := p.rng.IntN(len(p.staff.line))
	for i := range min(len(p.staff.line), 120) {
		m := p.staff.line[(from+i)%len(p.staff.line)]
		if m.pos.duty.stream == enforcement.KindPenalty && !m.alone && p.onDuty(m) && p.file(m).Post != "" && !slices.Contains(chain, domain.ActorID(m.id)) {
			return m.as(domain.RoleOfficer)
		}
	}
	return p.leader(chain...)
}

// hear is the hearing that the party asked for: told ahead, and held by
// somebody who does not investigate.
func (p *play) hear(id string, d *deal) {
	p.days(1, 3)
	if !p.ready(id, d) {
		return
	}
	on := p.book.Enforcement.HearingNotice.After(p.today(), p.book.Calendar).AddDays(p.draw(1, 5))
	p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.ScheduleHearing{HeldOn: on})
	p.until(on)
	p.do(p.lawyer(id), id, enforcement.TakeStep{Step: "hearing", Evidence: p.paper(id, "听证笔录 record of the hearing.pdf", "application/pdf")})
}

// leaveOut asks a deputy director to let a step be left out.
func (p *play) leaveOut(id string, d *deal, step, reason string) {
	if !p.ready(id, d) {
		return
	}
	p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.AskOverride{Step: step, Reason: reason})
	p.minutes(20, 200)
	by := p.one(p.staff.leaders[1:], domain.RoleLeader)
	if p.over {
		return
	}
	p.do(by, id, enforcement.OverrideStep{Step: step})
	if step == "hearing" {
		p.granted[domain.EnforcementID(id)] = p.member(domain.OfficerID(by.id))
	}
}

// deviate has an amount outside the tier allowed; now and then somebody tries
// to decide it without.
func (p *play) deviate(id string, d *deal, tier string, amount int64) actor {
	if !p.ready(id, d) {
		return actor{}
	}
	p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.AskDeviation{Tier: tier, Amount: amount, Reason: "当事人经营困难且积极配合，建议减轻 in difficulties and helpful, below the tier"})
	p.minutes(30, 200)
	by := p.leader()
	p.do(by, id, enforcement.Deviate{})
	return by
}

// judged is what reconsideration or a court makes of the penalty, and the
// review of whose fault it is.
func (p *play) judged(id string, d deal) {
	if d.outcome == "" {
		return
	}
	p.days(40, 90)
	outside := func() actor { return p.inspector(p.world.act(id).Chain...) }
	review := enforcement.Review{Body: enforcement.BodyReconsideration, Outcome: d.outcome, Ground: "认定事实清楚，予以维持 the facts are clear, upheld"}
	switch d.outcome {
	case enforcement.ResultVaried:
		review.Ground, review.Amount = "情节较轻，予以变更 less grave, varied", 500_00
	case enforcement.ResultOverturned:
		review.Body, review.Ground = enforcement.BodyCourt, "违反法定程序，予以撤销 against the procedure the law sets, overturned"
	}
	if d.skip {
		review.Ground = "当事人申请听证而未举行，程序违法，撤销处罚决定 the party asked for a hearing and got none; the decision is quashed"
	}
	p.do(outside(), id, review)
	if d.outcome == enforcement.ResultUpheld {
		return
	}
	p.callBack(id, d)
	if d.blind {
		return
	}
	p.days(8, 20)
	fault := enforcement.ReviewFault{Found: d.found, Opinion: "程序瑕疵系新规衔接所致，无过错 a change of rules, nobody at fault"}
	if d.found {
		fault.Officers = []domain.OfficerID{domain.OfficerID(p.world.act(id).Investigators[0])}
		fault.Opinion = "承办人未依法定程序办理，有过错 the officer did not keep to the procedure"
	}
	p.do(outside(), id, fault)
}

// callBack withdraws the publication of an act that did not stand, which its
// review has called back.
func (p *play) callBack(id string, d deal) {
	item := "GS-" + id
	if s := p.world.item(item).Status; s != disclosure.StatusPublished && s != disclosure.StatusDue {
		return
	}
	if d.late || d.clings {
		p.days(8, 15)
	} else {
		p.days(1, 2)
	}
	if p.world.item(item).Status != disclosure.StatusWithdrawn {
		p.do(p.hr(), item, disclosure.Withdraw{Reason: "处罚决定被变更或撤销 the decision was varied or overturned"})
	}
}
