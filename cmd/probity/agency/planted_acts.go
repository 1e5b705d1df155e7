package agency

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
)

// skippedHearing is a penalty whose hearing was left out though the party
// asked for it; a court quashes it, its publication is withdrawn, and the
// fault is traced up to who allowed it.
func (p *play) skippedHearing(story *Planted, _ *member) {
	d := deal{kind: enforcement.KindPenalty, unit: p.org.clerks[0].unit, tier: 1, hearing: true, skip: true,
		outcome: enforcement.ResultOverturned, found: true, planted: story}
	var others []domain.ActorID // whom the other stories are about
	for _, m := range p.staff.line {
		if m.kept {
			others = append(others, domain.ActorID(m.id))
		}
	}
	for d.crew = p.crew(d.unit, others...); d.crew == nil && !p.over; d.crew = p.crew(d.unit, others...) {
		p.days(5, 9)
	}
	if !p.over {
		p.enforce(d)
	}
}

// expired is an officer whose certificate runs out, and who is refused on a
// case until there is a new one.
func (p *play) expired(story *Planted, m *member) {
	for p.file(m).Name == "" || !p.mayCertify(m) {
		p.days(1, 3)
		if p.over {
			return
		}
	}
	p.do(p.hr(), string(m.id), officer.IssueCertificate{Number: p.profile.number(m, 1), ValidTo: p.today().AddDays(p.draw(150, 190))})
	p.until(p.file(m).Certificate.ValidTo.AddDays(p.draw(4, 12)))
	var crew []*member
	for crew = p.crew(m.pos.unit, domain.ActorID(m.id)); crew == nil && !p.over; crew = p.crew(m.pos.unit, domain.ActorID(m.id)) {
		p.days(1, 4)
	}
	if p.over || !p.onDuty(m) {
		return
	}
	with := deal{kind: enforcement.KindInspection, unit: m.pos.unit, crew: []*member{m, crew[0]}}
	p.refused(crew[0].as(domain.RoleOfficer), p.number("ZF", p.today().Year, 4), enforcement.Open{
		ActKind: with.kind, Unit: with.unit, Procedure: p.profile.normID(normService), PartyKind: enforcement.PartyOrganisation, Party: digest("party 1"),
		Officers: with.officers(), Matter: p.profile.matters[with.kind][0]}, domain.CodeRule)
	p.days(6, 15)
	for !p.mayCertify(m) {
		if p.days(5, 9); p.over {
			return
		}
	}
	p.do(p.hr(), string(m.id), officer.CompleteTraining{Course: p.profile.courses[0], Hours: 24})
	p.minutes(30, 90)
	p.do(p.hr(), string(m.id), officer.IssueCertificate{Number: p.profile.number(m, 2)})
	p.days(1, 4)
	if p.certified(m) && p.certified(crew[0]) {
		p.start(p.now, "act of "+string(m.id), func(p *play) { p.enforce(with) })
	}
	story.Complete = !p.over
}

// outlier is an officer whose penalties lie below their tier far more often
// than anybody's: a warning comes up and leads to an inspection.
func (p *play) outlier(story *Planted, m *member) {
	for i := 0; i < 12 && !p.over; i++ {
		p.days(12, 18)
		if !p.certified(m) {
			continue
		}
		other := p.crew(m.pos.unit, domain.ActorID(m.id))
		if other == nil {
			continue
		}
		d := deal{kind: enforcement.KindPenalty, unit: m.pos.unit, crew: []*member{m, other[0]}, tier: 1 + i%2, deviate: i%4 != 3}
		p.start(p.now, fmt.Sprintf("act %d of %s", i, m.id), func(p *play) { p.enforce(d) })
	}
	p.days(40, 50)
	id := p.number("YJ", p.today().Year, 4)
	story.Warning, story.Ref = domain.WarningID(id), domain.WarningID(id).Ref()
	p.do(theSystem, id, warning.Raise{Rule: "discretion-outlier", Version: "1", Unit: m.pos.unit, Officer: m.id, Evidence: p.decided[m.id], Score: 87, Exposure: len(p.decided[m.id]),
		Baseline: "6 of 100", Peers: "all officers of penalty cases", Explanation: "most of the officer's penalties lie below their tier, far more than those of peers",
		BaselineChinese: "每百件6件", PeersChinese: "全部处罚案件承办人", ExplanationChinese: "该员多数处罚案件低于裁量阶次下限，比例远高于同类人员"})
	p.days(1, 3)
	by := p.inspector()
	p.do(by, id, warning.Acknowledge{Note: "调阅全部案卷 all files are looked at"})
	p.days(2, 6)
	p.do(by, id, warning.Review{Opinion: "减轻理由雷同，无佐证 the reasons are all alike and unproved"})
	target := p.number("JC", p.today().Year, 3)
	p.minutes(20, 90)
	p.do(by, id, warning.ActOn{To: warning.TargetInspection, ID: target})
	if p.over {
		return
	}
	p.supervise(supervision{unit: m.pos.unit, officer: m.id, basis: "预警 warning " + id}, target)
	p.do(by, id, warning.RecordOutcome{Outcome: warning.OutcomeTrue, Note: "抽查证实 borne out"})
	story.Complete = !p.over && p.world.inspection(target).Status == inspection.StatusClosed
}
