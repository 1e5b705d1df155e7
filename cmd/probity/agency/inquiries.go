package agency

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// inquiry is a case as it will turn out.
type inquiry struct {
	dismiss  bool           // nothing is found
	measure  domain.Measure // what the finding proposes; none for a finding without
	clearAll bool           // found on, but nothing borne out
	suspend  bool           // off duty while it lasts
	widen    bool           // further conduct comes to light
	reject   bool           // the first proposal goes back
	selfRule bool           // the proposer tries to confirm, on purpose
	refer    bool           // to the prosecutor
	appeal   misconduct.Outcome
	rereview bool
	punish   penalty // how the sanction goes on
}

// likelyInquiry makes up what becomes of a case about such conduct. Nobody
// draws a grave measure by chance while an earlier one may still run.
func (p *play) likelyInquiry(m *member, g grievance) inquiry {
	q := inquiry{measure: oneOf(p, g.measures), reject: p.chance(12), widen: p.chance(12), selfRule: p.chance(10)}
	if rung, _, _ := p.book.Sanction.Rung(q.measure); rung.Formal && m.troubled {
		q.measure = domain.MeasureAdmonition
	}
	switch roll := p.draw(1, 100); {
	case roll <= 15:
		q.dismiss = true
	case roll <= 23:
		q.clearAll = true
	case roll <= 30:
		q.measure = ""
	}
	_, place, _ := p.book.Sanction.Rung(q.measure)
	_, warning, _ := p.book.Sanction.Rung(domain.MeasureWarning)
	q.suspend = place > warning && p.chance(60)
	if p.chance(10) {
		q.appeal = oneOf(p, []misconduct.Outcome{misconduct.OutcomeUpheld, misconduct.OutcomeUpheld, misconduct.OutcomeVaried})
		q.rereview = p.chance(35)
	}
	q.punish = p.likelyPenalty(place >= warning)
	return q
}

// ownInquiries are the cases that no complaint gave rise to: inspections,
// warnings, overturned acts, people who report themselves.
func (b *bureau) ownInquiries(p *play) {
	if b.tells(storyAppeal) {
		b.start(b.day(95), "dismissal taken back", b.dismissalTakenBack)
	}
	pause := max(4, 365*20/len(b.staff.line))
	for i := 0; !p.over; i++ {
		m := p.ordinary(func(m *member) bool { return !m.troubled })
		if m == nil {
			p.days(20, 40)
			continue
		}
		g := p.profile.grievances[oneOf(p, m.pos.duty.grievances)]
		q := p.likelyInquiry(m, g)
		m.troubled = true
		switch b.turn(i) { // the first ones show what is rare
		case 0:
			q = inquiry{measure: domain.MeasureAdmonition, reject: true, widen: true, selfRule: true, appeal: misconduct.OutcomeUpheld, rereview: true}
		case 1:
			q = inquiry{measure: domain.MeasureCirculated, appeal: misconduct.OutcomeOverturned}
		case 2:
			q = inquiry{measure: domain.MeasureWarning, punish: penalty{appeal: sanction.OutcomeOverturned}}
		case 3:
			q = inquiry{measure: domain.MeasureWarning, punish: penalty{appeal: sanction.OutcomeUpheld, rereview: sanction.OutcomeVaried}}
		case 4:
			q = inquiry{measure: domain.MeasureEducation, punish: penalty{withdraw: true}}
		}
		origin := oneOf(p, []misconduct.Origin{misconduct.OriginInspection, misconduct.OriginInspection, misconduct.OriginWarning, misconduct.OriginOverturnedAct, misconduct.OriginSelfReport})
		p.openCase(m, g, q, origin, nil)
		p.days(pause*2/3, pause*4/3)
	}
}

// openCase opens a case by an inspector and starts its script.
func (p *play) openCase(m *member, g grievance, q inquiry, origin misconduct.Origin, planted *Planted) {
	id := domain.CaseID(p.number("AJ", p.today().Year, 3))
	if planted != nil {
		planted.Case = id
	}
	p.do(p.inspector(), string(id), misconduct.Open{Origin: origin, Unit: m.pos.unit, Officers: []domain.OfficerID{m.id}, Conduct: "涉嫌" + g.conduct})
	pos := m.pos
	p.start(p.now, "case "+string(id), func(p *play) { p.inquire(id, m, pos, g, q, planted) })
}

// inquire is the life of an opened case: two investigators, evidence, notice
// and statement, a finding that somebody else confirms, appeal, both
// analyses, archive.
func (p *play) inquire(id domain.CaseID, m *member, pos *position, g grievance, q inquiry, planted *Planted) {
	m.troubled = true
	subject := string(id)
	p.days(1, 6)
	head := p.staff.inspectors[0].as(domain.RoleInspector)
	lead := p.inspector()
	if p.chance(8) { // one is not enough
		p.refused(head, subject, misconduct.NameInvestigators{Investigators: []domain.ActorID{lead.id}}, domain.CodeRule)
		p.minutes(20, 90)
	}
	if q.selfRule {
		lead = head // who leads the agency as well, and must not confirm
	}
	second := p.inspector(lead.id)
	p.do(head, subject, misconduct.NameInvestigators{Investigators: []domain.ActorID{lead.id, second.id}})
	p.days(1, 5)
	p.do(second, subject, misconduct.LodgeEvidence{Evidence: p.paper(subject, "监控录像 video.mp4", "video/mp4"), Note: "现场录像 video of the scene"})
	if q.suspend && p.onDuty(m) {
		p.days(1, 3)
		p.do(p.leader(), subject, misconduct.TakeMeasure{Officer: m.id, Measure: "停职检查 suspension from duty"})
		p.minutes(10, 60)
		p.do(p.leader(), string(m.id), officer.SuspendFromDuty{Reason: "配合调查 to cooperate with the inquiry", Case: id})
	}
	accused := []*member{m}
	if q.widen {
		p.days(2, 12)
		if c := p.colleague(m); c != nil {
			c.troubled, accused = true, append(accused, c)
			p.do(lead, subject, misconduct.WidenScope{Officers: []domain.OfficerID{c.id}, Conduct: "同班人员执法记录不完整 the colleague on the same shift kept incomplete records"})
		}
		p.days(1, 4)
		p.do(lead, subject, misconduct.WidenScope{Officers: []domain.OfficerID{m.id}, Conduct: "另发现其本人执法记录不完整 their own records are incomplete as well"})
	}
	p.days(2, 14)
	p.do(lead, subject, misconduct.LodgeEvidence{Evidence: p.paper(subject, "谈话笔录 interview.pdf", "application/pdf"), Note: "询问笔录 interviews"})
	if q.refer {
		p.days(2, 6)
		p.do(p.leader(), subject, misconduct.ReferToProsecutor{Officer: m.id, Offence: "涉嫌受贿 suspected bribery"})
	}
	if q.dismiss {
		p.days(5, 25)
		p.do(p.leader(lead.id, second.id), subject, misconduct.Dismiss{Reason: "现有证据不足以认定，撤销案件 the evidence does not suffice"})
		p.close(id, m, pos, g, q, planted)
		return
	}
	p.find(id, accused, g, q, lead, second, planted)
	p.close(id, m, pos, g, q, planted)
}

// colleague returns somebody of the same unit who may have had a part.
func (p *play) colleague(m *member) *member {
	return p.ordinary(func(c *member) bool { return c != m && !c.troubled && c.pos.unit == m.pos.unit })
}

// find is notice, statement, proposal and confirmation.
func (p *play) find(id domain.CaseID, accused []*member, g grievance, q inquiry, lead, second actor, planted *Planted) {
	subject := string(id)
	var propose misconduct.ProposeFinding
	for i, m := range accused {
		p.days(1, 5)
		p.do(second, subject, misconduct.GiveNotice{Officer: m.id, ReplyBy: p.today().AddDays(7)})
		p.days(2, 7)
		p.do(second, subject, misconduct.HearStatement{Officer: m.id, Statement: oneOf(p, []string{
			"承认事实，愿意改正 admits the facts and will do better", "当日业务量大，并非故意 a heavy day, no intent", "对部分事实有异议 disputes part of the facts"})})
		f := p.finding(m, g, q)
		if i > 0 {
			f = p.finding(m, g, inquiry{measure: domain.MeasureEducation})
		}
		f.DeedOn = p.deedOn(id)
		propose.Findings = append(propose.Findings, f)
	}
	p.days(2, 8)
	p.do(lead, subject, propose)
	if q.selfRule {
		p.minutes(20, 90)
		p.refused(actor{lead.id, domain.RoleLeader}, subject, misconduct.ConfirmFinding{}, domain.CodeConflict)
	}
	p.days(1, 6)
	confirmer := p.leader(lead.id, second.id)
	if q.reject {
		p.do(confirmer, subject, misconduct.RejectFinding{Reason: "证据链不完整，退回补充 the chain of evidence has a gap"})
		p.days(4, 12)
		p.do(second, subject, misconduct.LodgeEvidence{Evidence: p.paper(subject, "补充证据 further evidence.pdf", "application/pdf"), Note: "补充系统日志 system logs added"})
		p.days(1, 4)
		p.do(lead, subject, propose)
		p.days(1, 6)
	}
	for _, sid := range subjectsOf[sanction.Proposed](p.do(confirmer, subject, misconduct.ConfirmFinding{})) {
		id, pen := domain.SanctionID(sid), penalty{}
		m := p.member(p.world.sanction(id).Officer)
		if m == accused[0] {
			pen = q.punish
		}
		p.start(p.now, "sanction "+sid, func(p *play) { p.sanction(id, m, pen, planted) })
	}
	m := accused[0]
	if q.appeal != "" && q.measure != "" && !q.clearAll {
		p.appealFinding(id, m, g, q, confirmer)
	}
}

func (p *play) finding(m *member, g grievance, q inquiry) misconduct.Finding {
	_, demerit, _ := p.book.Sanction.Rung(domain.MeasureDemerit)
	f := misconduct.Finding{
		Officer: m.id, Allegation: g.conduct, Result: misconduct.ResultSustained, Intent: misconduct.IntentNegligence,
		Clause: g.clause, Measure: q.measure, Opinion: "事实清楚，证据确凿 the facts are clear and proved",
	}
	if _, place, _ := p.book.Sanction.Rung(q.measure); place >= demerit {
		f.Intent = misconduct.IntentIntent
	}
	if q.measure == "" {
		f.Result, f.Opinion = misconduct.ResultPartlySustained, "情节轻微，责成科室教育 minor, left to the section"
	}
	if q.clearAll {
		f.Result, f.Intent, f.Clause, f.Measure = misconduct.ResultExonerated, misconduct.IntentNone, "", ""
		f.Opinion = "行为有布控指令依据，合规 there was a control order, the conduct was lawful"
	}
	return f
}

// deedOn is the day of the conduct: a few days before the case was opened.
func (p *play) deedOn(id domain.CaseID) domain.Date {
	return p.book.Calendar.Day(p.world.inquiry(id).OpenedAt).AddDays(-6)
}

// appealFinding is the appeal against the finding itself, and its re-review.
func (p *play) appealFinding(id domain.CaseID, m *member, g grievance, q inquiry, confirmer actor) {
	subject := string(id)
	p.days(5, 19)
	p.do(m.as(domain.RoleOfficer), subject, misconduct.Appeal{Officer: m.id, Ground: "定性过重，事实有出入 too grave, facts differ"})
	p.days(8, 26)
	decider := p.leader(confirmer.id)
	decide := misconduct.DecideAppeal{Officer: m.id, Outcome: q.appeal, Opinion: "经复审作出决定 decided on review"}
	if q.appeal == misconduct.OutcomeVaried {
		lighter := p.finding(m, g, inquiry{})
		lighter.DeedOn = p.deedOn(id)
		decide.Findings = []misconduct.Finding{lighter}
	}
	p.do(decider, subject, decide)
	if q.rereview && q.appeal == misconduct.OutcomeUpheld {
		p.days(5, 19)
		p.do(m.as(domain.RoleOfficer), subject, misconduct.AskRereview{Officer: m.id, Ground: "仍不服 still not content"})
		p.days(12, 50)
		p.do(p.leader(confirmer.id, decider.id), subject, misconduct.DecideRereview{Officer: m.id, Outcome: misconduct.OutcomeUpheld, Opinion: "维持复审决定 upheld"})
	}
}

// close is the return to duty, the two analyses, and the archive once no
// appeal can follow.
func (p *play) close(id domain.CaseID, m *member, pos *position, g grievance, q inquiry, planted *Planted) {
	subject := string(id)
	p.days(3, 12)
	if q.measure != domain.MeasureDismissal && p.file(m).Status == officer.StatusSuspended {
		p.do(p.leader(), string(m.id), officer.ReturnToDuty{})
		p.minutes(10, 90)
	}
	analyst := p.inspector()
	if p.chance(10) { // neither analysis is done
		p.refused(analyst, subject, misconduct.Archive{}, domain.CodeIncomplete)
	}
	p.do(analyst, subject, misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "个人：" + g.conduct + "。 The person: rules known, not kept."})
	p.days(1, 8)
	institution := misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "制度：复核环节缺位。 The institution: nobody checked."}
	gap := !q.dismiss && p.chance(60)
	if gap {
		institution.Gaps = []misconduct.Gap{{Kind: misconduct.GapControl, Post: pos.id, Description: "缺少第二人复核 no check by a second person"}}
	} else if p.chance(70) {
		institution.Gaps = []misconduct.Gap{{Kind: misconduct.GapNorm, Norm: p.profile.normID(normService), Description: "未规定告知时限 no time limit for telling reasons"}}
	} else { // there is no such rule yet
		institution.Gaps = []misconduct.Gap{{Kind: misconduct.GapNorm, Description: "尚无办案回避细则 no rule yet on who steps aside"}}
		institution.Rules = []misconduct.RuleProposal{soonerRepeats}
	}
	if gap = gap && p.claim(pos); gap || !p.over {
		p.do(analyst, subject, institution)
	}
	if gap { // it calls for a new rating
		p.start(p.now, "re-rating "+string(pos.id)+subject, func(p *play) { p.regrade(pos) })
	}
	p.until(p.archivable(id))
	p.answerProposals(id)
	p.do(p.inspector(), subject, misconduct.Archive{})
	if planted != nil && !p.over && q.dismiss {
		planted.Complete = true
	}
}

// archivable returns the first day on which the last term for an appeal has
// run out.
func (p *play) archivable(id domain.CaseID) domain.Date {
	c := p.world.inquiry(id)
	from, term := c.ConfirmedAt, p.book.Inquiry.AskAppeal
	for _, a := range c.Appeals {
		from, term = a.DecidedAt, p.book.Inquiry.AskReReview
	}
	if from.IsZero() {
		return p.today()
	}
	return term.After(p.book.Calendar.Day(from), p.book.Calendar).AddDays(p.draw(1, 9))
}

// refused submits what the rules must refuse, with the code they must give.
func (p *play) refused(by actor, subject string, c domain.Command, want domain.Code) {
	if p.over {
		return
	}
	p.submit(p.now, by, subject, c, want)
	if p.err != nil {
		p.over = true
	}
}

func (pos *position) kindAndNumber(i int) string { return fmt.Sprintf("%s %d", pos.id, i) }
