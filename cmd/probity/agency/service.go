package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// ranks of the civil service, lowest first, with their usual English.
var ranks = []string{
	"一级科员 Clerk I", "四级主任科员 Section Officer IV", "三级主任科员 Section Officer III",
	"二级主任科员 Section Officer II", "一级主任科员 Section Officer I", "四级调研员 Consultant IV", "三级调研员 Consultant III",
}

// higher returns the next rank; the same where there is none.
func higher(rank string) string {
	for i, r := range ranks[:len(ranks)-1] {
		if r == rank {
			return ranks[i+1]
		}
	}
	return rank
}

// service brings a member onto the file and starts what goes on over the
// years: training, the certificate, rotation, interests.
func (p *play) service(m *member, recruit bool) {
	rank := ranks[0]
	switch {
	case m.pos.leader && m.pos.tier == tierCore:
		rank = ranks[6]
	case m.pos.tier == tierChief:
		rank = ranks[p.draw(4, 5)]
	case !recruit:
		rank = ranks[p.draw(1, 3)]
	}
	by := actor{superior, domain.RoleHR}
	if recruit {
		by = p.hr()
	}
	p.minutes(1, 300)
	p.do(by, string(m.id), officer.Enroll{FullName: m.zh, LatinName: m.latin, StaffNumber: p.profile.prefix + p.profile.serial(m), Unit: m.pos.unit, On: m.enrolled, Rank: rank})
	if recruit {
		p.days(3, 9)
		p.do(p.hr(), string(m.id), officer.CompleteTraining{Course: "岗前培训 Pre-post training", Hours: 40})
		p.minutes(20, 60)
		m.since = p.today()
		by = p.hr()
	} else {
		p.minutes(2, 9)
	}
	p.do(by, string(m.id), officer.Appoint{Post: m.pos.id, Unit: m.pos.unit, Leader: m.pos.leader, HighRisk: p.world.post(m.pos.id).HighRisk(), On: m.since})
	name := string(m.id)
	p.start(p.now, "training "+name, func(p *play) { p.train(m) })
	if m.pos.tier != tierCore {
		if !m.ownCertificate {
			p.start(p.now, "certificate "+name, func(p *play) { p.certify(m, recruit) })
		}
		p.start(p.now, "rotation "+name, func(p *play) { p.rotate(m) })
	}
	if p.chance(45) || m.pos.tier == tierChief {
		p.start(p.now, "interests "+name, func(p *play) { p.declare(m) })
	}
}

// serving tells whether the member is still in the service.
func (p *play) serving(m *member) bool { return p.file(m).Status != officer.StatusSeparated }

// train is four or five courses a year; one in ten years falls short of the
// hours the rulebook asks for.
func (p *play) train(m *member) {
	p.days(5, 60)
	for p.serving(m) && !p.over {
		hours := p.book.Service.TrainingHours/4 + p.draw(0, 5)
		if p.chance(10) {
			hours = p.draw(4, 9)
		}
		by := p.hr(domain.ActorID(m.id))
		if p.chance(30) && p.onDuty(m) {
			by = m.as(domain.RoleOfficer)
		}
		on := p.today().AddDays(-p.draw(0, 8))
		p.do(by, string(m.id), officer.CompleteTraining{Course: oneOf(p, p.profile.courses), Hours: hours, On: on})
		p.days(70, 105)
	}
}

// certify issues the enforcement certificate and keeps it from running out:
// a renewal comes in its last two months.
func (p *play) certify(m *member, recruit bool) {
	issued := 1
	number := func() string { return p.profile.number(m, issued) }
	first := officer.IssueCertificate{Number: number()}
	if recruit {
		p.days(5, 20)
	} else {
		p.minutes(2, 9)
		from := p.begin.AddDays(-p.draw(10, 5*365-20))
		if from.Before(m.enrolled) {
			from = m.enrolled
		}
		first.ValidFrom = from
	}
	for !p.mayCertify(m) {
		if p.over || !p.serving(m) {
			return
		}
		p.days(10, 20)
	}
	p.do(p.hr(), string(m.id), first)
	for !p.over {
		held := p.file(m).Certificate
		if due := held.ValidTo.AddDays(-p.draw(5, 55)); due.After(p.today()) {
			p.until(due)
		} else {
			p.days(3, 9)
		}
		held = p.file(m).Certificate
		switch {
		case !p.serving(m) || held.Status == officer.CertificateWithdrawn:
			return
		case held.Status == officer.CertificateHeld || !p.mayCertify(m):
			p.days(20, 30) // wait until it is given back
		case held.ValidTo.After(p.today().AddDays(90)):
			continue // given anew meanwhile
		case p.today().After(held.ValidTo):
			issued++
			p.do(p.hr(), string(m.id), officer.IssueCertificate{Number: number()})
		default:
			p.do(p.hr(), string(m.id), officer.RenewCertificate{})
		}
	}
}

// mayCertify tells whether the member may be given a certificate today.
func (p *play) mayCertify(m *member) bool {
	for _, r := range p.file(m).Restrictions {
		if rung, _, _ := p.book.Sanction.Rung(r.Measure); rung.SuspendsCertificate {
			return false
		}
	}
	return p.onDuty(m)
}

// rotate moves the member on before the longest stay in a post has run, or
// has it deferred where that cannot be.
func (p *play) rotate(m *member) {
	for !p.over {
		f := p.file(m)
		longest := p.book.Service.Rotation.Length
		if f.HighRisk {
			longest = p.book.Service.HighRiskRotation.Length
		}
		if set := p.world.post(f.Post).RotationYears; set > 0 && set < longest {
			longest = set
		}
		due := f.Since.AddMonths(12*longest - p.draw(1, 4))
		if !due.After(p.today()) {
			due = p.today().AddDays(p.draw(5, 90))
		}
		since := f.Since
		p.until(due)
		if f = p.file(m); !p.serving(m) || f.Post == "" {
			return
		}
		if f.Since != since {
			continue // moved meanwhile
		}
		if !p.clearToMove(m) || p.chance(7) {
			by := p.hr()
			if len(f.Inquiries) > 0 && p.onDuty(m) && p.chance(50) {
				p.refused(by, string(m.id), p.rotation(m, oneOf(p, p.org.peers(m.pos))), domain.CodeRule)
			}
			reason := oneOf(p, []string{"业务骨干，暂无接替人选 key officer, no successor yet", "专项任务未结束 special task under way"})
			if !p.clearToMove(m) {
				reason = "正在接受调查，暂不调整 under inquiry, no transfer"
			}
			p.do(by, string(m.id), officer.DeferRotation{Until: p.today().AddMonths(6), Approver: p.leader().id, Reason: reason})
			p.until(p.today().AddDays(p.draw(150, 180)))
			continue
		}
		p.move(m, oneOf(p, p.org.peers(m.pos)))
	}
}

// clearToMove tells whether the rules allow a transfer.
func (p *play) clearToMove(m *member) bool { return p.onDuty(m) && len(p.file(m).Inquiries) == 0 }

// move rotates the member to the position.
func (p *play) move(m *member, to *position) {
	c := p.rotation(m, to)
	p.do(p.hr(), string(m.id), c)
	for _, pos := range p.org.peers(m.pos) {
		if pos.id == c.To && !p.over {
			m.pos = pos
			return
		}
	}
}

// rotation asks for a move to the position, or to another of its kind where
// it is the one held.
func (p *play) rotation(m *member, to *position) officer.Rotate {
	for _, other := range p.org.peers(m.pos) {
		if to.id != p.file(m).Post {
			break
		}
		to = other
	}
	return officer.Rotate{To: to.id, Unit: to.unit, Leader: to.leader, HighRisk: p.world.post(to.id).HighRisk()}
}

// declare puts an interest on file; some end later.
func (p *play) declare(m *member) {
	p.days(10, 400)
	if !p.onDuty(m) || p.over {
		return
	}
	tie := oneOf(p, p.profile.ties)
	interest := officer.DeclareInterest{Nature: tie.nature, With: tie.with}
	if p.chance(25) {
		interest.Until = p.today().AddMonths(p.draw(6, 36))
	}
	p.do(m.as(domain.RoleOfficer), string(m.id), interest)
	if !p.chance(30) {
		return
	}
	p.days(120, 500)
	if p.serving(m) {
		p.do(p.hr(domain.ActorID(m.id)), string(m.id), officer.EndInterest{Nature: tie.nature, With: tie.with})
	}
}
