package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/warning"
)

// oneFormat is a hall whose diligence education is online, and nothing else.
func (p *play) oneFormat() {
	hall := p.profile.unit(p.profile.hall)
	for range 3 {
		id, keeper := p.number("HD", p.today().Year, 3), p.hr()
		on := p.office.next(p.today().AddDays(p.draw(6, 9)))
		p.do(keeper, id, activity.Schedule{ActivityKind: activity.KindDiligenceEducation, Format: activity.FormatOnline, Unit: hall, On: on, Hours: 2, Topic: "线上勤政课 Diligence online"})
		p.until(on)
		held := activity.Hold{Hours: 2, Invited: p.invited(), Minutes: p.paper(id, "会议记录 minutes.pdf", "application/pdf")[0]}
		p.attend(&held, 92)
		p.do(keeper, id, held)
		p.days(1, 3)
		p.do(p.inspector(), id, activity.Assess{Score: p.draw(70, 80), Feedback: "希望现场教学 would rather go and see"})
		p.days(12, 18)
	}
}

// lateMilestone is a plan for a special task, the one target of which is met
// three weeks late.
func (p *play) lateMilestone() {
	id, owner, answers := p.number("JH", p.today().Year, 2), p.staff.hr[0], p.staff.handlers[0]
	due := p.today().AddDays(40)
	p.do(owner.as(domain.RoleHR), id, plan.Draft{Title: "涉企收费专项清理方案 Special task: charges on enterprises", Unit: p.profile.unit(""), Owner: owner.id, From: p.today(), To: due.AddDays(60),
		Stages: []plan.Stage{{Stage: "S1", Title: "自查 Own check", Ends: due.AddDays(30)}}})
	p.minutes(5, 30)
	p.do(owner.as(domain.RoleHR), id, plan.SetTarget{Target: "S1-1", Title: "收费项目自查清单 List of charges", Due: due, Unit: p.file(answers).Unit, Officer: answers.id, Stage: "S1", Measure: "清单 the list"})
	p.days(1, 3)
	p.do(p.leader(), id, plan.Adopt{Evidence: p.paper(id, "党组会纪要 minutes.pdf", "application/pdf")})
	p.until(due.AddDays(1))
	p.miss(id, "S1-1")
	p.days(2, 5)
	p.do(answers.as(domain.RoleOfficer), id, plan.ExplainMiss{Target: "S1-1", Explanation: "两个科室未报数据 two sections sent nothing"})
	p.days(12, 17)
	p.do(answers.as(domain.RoleOfficer), id, plan.MeetTarget{Target: "S1-1", Evidence: p.paper(id, "清单 list.pdf", "application/pdf")})
	p.until(due.AddDays(32))
	p.compare(id, "S1", false)
	p.days(3, 9)
	p.do(p.leader(), id, plan.Close{})
}

// lateAdmonition is an officer who is admonished and, before that is entered,
// honoured; the honour is revoked.
func (p *play) lateAdmonition() {
	m := p.engage("")
	id, measure := p.number("JL", p.today().Year, 3), p.number("JM", p.today().Year, 3)
	nominator := p.leader()
	p.do(nominator, id, reward.Nominate{Officer: m.id, Honour: p.book.Reward.Kinds[0], Merit: oneOf(p, p.profile.merits), Evidence: p.paper(id, "事迹材料 merit.pdf", "application/pdf")})
	p.days(2, 4)
	verifier := p.inspector()
	p.do(verifier, id, reward.Verify{Opinion: "核实无误 checked against the records"})
	p.days(1, 2)
	p.do(p.hr(), id, reward.Publicise{Medium: "内网公示栏 intranet notice"})
	p.days(1, 2)
	proposer := p.inspector(verifier.id)
	p.do(proposer, measure, sanction.Propose{Officer: m.id, Measure: domain.MeasureAdmonition, Conduct: "迟报重大事项 reported a matter of weight late", DeedOn: p.today()})
	p.minutes(30, 90)
	p.do(proposer, measure, sanction.Notify{DefenceBy: p.today().AddDays(5)})
	p.days(1, 3)
	p.do(proposer, measure, sanction.HearDefence{Waived: true})
	p.days(8, 9) // objections to the honour are taken until then
	approver := p.leader()
	p.do(approver, measure, sanction.Approve{})
	p.days(1, 1)
	decided := p.now
	p.days(1, 1)
	p.do(p.leader(nominator.id, verifier.id), id, reward.Grant{}) // who knows nothing of it
	p.days(3, 4)
	p.last = decided
	p.did(decided, p.leader(approver.id), measure, sanction.Impose{}) // entered late
	p.last = p.now
	p.watchRelease(domain.SanctionID(measure))
	p.days(1, 3)
	p.do(p.inspector(), measure, sanction.Serve{})
	p.days(2, 9)
	p.do(p.hr(), measure, sanction.Execute{Change: "记入个人档案 entered in the personal file"})
	p.days(25, 35)
	p.do(p.leader(), id, reward.Revoke{Reason: "授予时诫勉已生效 an admonition was in effect on the day of the grant"})
}

// walkedAlone is a procedure for small matters through which one person can
// carry a case, and which is mended after somebody looked.
func (p *play) walkedAlone() {
	id := p.profile.id("ZD-CX-JS")
	steps := []norm.Step{
		{Code: "accept", StepName: "受理 Accept", StepKind: norm.StepOther},
		{Code: "decide", StepName: "即时决定 Decide at once", StepKind: norm.StepDecide, Requires: []string{"accept"}},
		{Code: "serve", StepName: "送达 Serve", StepKind: norm.StepServe, Requires: []string{"decide"}},
	}
	p.do(p.inspector(), id, norm.Draft{Title: "小额事项即时办理规程 Procedure for small matters, at once", NormKind: norm.KindProcedure, Steps: steps,
		Unit: p.profile.unit(""), Owner: p.staff.inspectors[0].id, Document: p.paper(id, "全文 full text.pdf", "application/pdf")})
	p.days(1, 3)
	p.do(p.leader(), id, norm.Adopt{})
	p.days(50, 60)
	mended := append([]norm.Step{}, steps...)
	mended[1].ConflictsWith = []string{"accept"}
	p.do(p.inspector(), id, norm.Revise{Reason: "受理与决定分离 who accepts does not decide", Steps: mended})
	p.days(2, 4)
	p.do(p.leader(), id, norm.Adopt{})
}

// overridesCounted is an inspector who sees on the scorecard that more steps
// are left out than the rulebook wants, and raises that by hand.
func (p *play) overridesCounted() {
	p.byHand("I10.overrides", warning.Raise{Unit: p.profile.unit(""), Evidence: p.behind["enforcement.step_overridden.v1"], Score: 60, Exposure: 100,
		Baseline: "5 of 100", Peers: "the other agencies of the district", Explanation: "the scorecard's I10 warns: more steps are left out than the limit allows",
		BaselineChinese: "每百件5件", PeersChinese: "本区其他单位", ExplanationChinese: "记分卡 I10 触发：跳过步骤的比例高于限值"})
}

// badRatings is the same for the ratings of the windows.
func (p *play) badRatings() {
	p.byHand("D3.bad", warning.Raise{Unit: p.profile.unit(p.profile.hall), Evidence: p.behind["complaint.satisfaction_rated.v1"], Score: 40, Exposure: 30,
		Baseline: "10 of 100", Peers: "the other windows of the district", Explanation: "the scorecard's D3 warns: the share of bad ratings is above the limit",
		BaselineChinese: "每百次10次", PeersChinese: "本区其他窗口", ExplanationChinese: "记分卡 D3 触发：差评比例高于限值"})
}

// byHand raises what a condition of the scorecard says, and somebody else
// deals with it.
func (p *play) byHand(rule string, raise warning.Raise) {
	if p.over {
		return
	}
	id := p.number("YJ", p.today().Year, 3)
	raise.Rule, raise.Version = rule, "1"
	p.do(p.inspector(), id, raise)
	v := verdictOn(rule)
	p.answer(id, v, v.ends[0])
}
