package agency

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/warning"
)

// supervision is an inspection as it will turn out.
type supervision struct {
	unit    domain.UnitID
	act     domain.EnforcementID // which it is about, and advises to halt
	officer domain.OfficerID
	basis   string
	clean   bool // nothing is found
	replace bool // a supervisor falls ill
	again   bool // what was put right is not accepted at first
}

// inspections are the internal supervision of the sections, about one a year
// for each eight of the line.
func (b *bureau) inspections(p *play) {
	pause := max(3, 365*8/len(b.staff.line))
	for i := 0; !p.over; i++ {
		v := supervision{unit: oneOf(p, p.org.clerks).unit, basis: "年度监督计划 the year's plan of supervision", clean: p.chance(25), replace: i == 0 || p.chance(8), again: i == 1 || p.chance(15)}
		if i < 2 {
			v.clean = false
		}
		b.start(p.now, fmt.Sprintf("inspection %d", i), func(p *play) { p.supervise(v, "") })
		p.days(pause*2/3, pause*4/3)
	}
}

// supervise is the life of an inspection: two supervisors from outside, what
// they read and see, what is to be put right and whether it was.
func (p *play) supervise(v supervision, id string) {
	p.minutes(5, 200)
	if id == "" {
		id = p.number("JC", p.today().Year, 3)
	}
	head := p.staff.inspectors[0].as(domain.RoleInspector)
	first := p.inspector()
	second := p.inspector(first.id)
	open := inspection.Open{Powers: []inspection.Power{inspection.PowerExamine, inspection.PowerReadFiles}, Unit: v.unit, Enforcement: v.act,
		Supervisors: []domain.OfficerID{domain.OfficerID(first.id), domain.OfficerID(second.id)}, Basis: v.basis}
	if v.act != "" {
		open.Powers = append(open.Powers, inspection.PowerAdviseHalt)
	}
	if v.officer != "" {
		open.Officers = []domain.OfficerID{v.officer}
	}
	if p.chance(8) { // one is not enough
		alone := open
		alone.Supervisors = alone.Supervisors[:1]
		p.refused(head, id, alone, domain.CodeRule)
	}
	p.do(head, id, open)
	p.days(1, 3)
	if v.act != "" && p.world.act(string(v.act)).Running() {
		p.do(first, id, inspection.AdviseHalt{Reason: "证据保存不完整，建议中止 the evidence is not complete, to be halted"})
		p.minutes(20, 90)
	}
	if v.replace {
		p.do(p.leader(), id, inspection.ReplaceSupervisors{Supervisors: []domain.OfficerID{domain.OfficerID(first.id), p.staff.inspectors[0].id}, Reason: "因病调整 one of them fell ill"})
		p.minutes(20, 90)
	}
	p.do(first, id, inspection.ReadFile{File: "执法案卷 case files " + string(v.unit), Enforcement: v.act, Officer: v.officer, Purpose: "抽查裁量与程序 sample of discretion and procedure"})
	p.days(1, 6)
	if v.clean {
		p.do(first, id, inspection.Close{Conclusion: "未发现问题 nothing was found"})
		return
	}
	p.do(first, id, inspection.Observe{Code: "O1", Severity: oneOf(p, []inspection.Severity{inspection.SeverityMinor, inspection.SeverityMinor, inspection.SeveritySerious, inspection.SeverityGrave}), Officer: v.officer,
		Text: oneOf(p, []string{"执法记录仪未全程开启 recordings with gaps", "文书送达回证缺失 receipts of service are missing", "裁量说理不充分 the choice of tier is not reasoned"}), Evidence: p.paper(id, "底稿 worksheet.pdf", "application/pdf")})
	p.minutes(30, 200)
	p.do(first, id, inspection.OrderRectification{Code: "R1", Due: p.today().AddDays(p.draw(20, 60)), Text: "限期整改并举一反三 to be put right, and looked for elsewhere"})
	p.putRight(v, id, first)
}

// putRight is the report of the section, and its verification.
func (p *play) putRight(v supervision, id string, supervisor actor) {
	p.days(12, 50)
	for again := v.again; !p.over; again = false {
		reporter := p.staff.hr[0].as(domain.RoleHR)
		if chief := p.chiefOf(v.unit); chief != nil {
			reporter = chief.as(domain.RoleOfficer)
		}
		p.do(reporter, id, inspection.ReportRectification{Code: "R1", Text: "已整改到位 put right", Evidence: p.paper(id, "整改报告 report.pdf", "application/pdf")})
		p.days(2, 8)
		if !again {
			break
		}
		p.do(supervisor, id, inspection.VerifyRectification{Code: "R1", Note: "抽查仍有缺项，重新整改 a sample still lacks some"})
		p.days(5, 15)
	}
	p.do(supervisor, id, inspection.VerifyRectification{Code: "R1", Accepted: true})
	p.minutes(20, 90)
	p.do(supervisor, id, inspection.Close{Conclusion: "问题已整改，予以销号 put right, closed"})
}

// alarms are the rules that raise warnings in the play: about an officer, a
// post or a unit, or about one of the five streams of acts.
var alarms = []struct {
	rule, text, chinese       string
	baseline, baselineChinese string
	by                        string // officer, unit or post
	stream                    enforcement.Kind
}{
	{"approval-slow", "approvals take longer than in like sections", "审批平均用时高于同类科室", "5 days", "5日", "unit", enforcement.KindApproval},
	{"complaint-cluster", "the third complaint about one post within 90 days", "同一岗位90日内第三次投诉", "1 in 90 days", "90日1件", "post", ""},
	{"levy-below-claim", "what is levied departs from what was claimed", "征收额偏离申报额", "10 %", "10%", "unit", enforcement.KindLevy},
	{"clock-overdue", "a time limit is used up", "办结时限使用100%", "90 %", "90%", "unit", ""},
	{"penalty-lenient", "penalties milder than in like cases", "同类案件处罚偏轻", "6 in 100", "每百件6件", "unit", enforcement.KindPenalty},
	{"rating-low", "more bad ratings than like windows", "差评率高于同类窗口", "3 %", "3%", "post", ""},
	{"inspection-repeated", "one party inspected again within a short time", "同一对象短期内重复检查", "1 in 90 days", "90日1件", "unit", enforcement.KindInspection},
	{"training-short", "short of the year's training hours", "年度培训学时不足", "60 h", "60学时", "officer", ""},
	{"trade-single-bidder", "a trade with a single bidder", "交易只有一名竞买人", "3 bidders", "3名竞买人", "unit", enforcement.KindTrade},
	{"override-outlier", "more steps overridden than peers", "跳步次数高于同类", "4 in 100", "每百件4件", "officer", ""},
	{"certificate-expiring", "a certificate runs out within 30 days", "执法证30日内到期", "0", "0", "officer", ""},
}

// warnings come up about every five weeks in an agency of forty.
func (b *bureau) warnings(p *play) {
	pause := max(2, 21*44/len(b.staff.line))
	for i := 0; !p.over; i++ {
		b.start(p.now, fmt.Sprintf("warning %d", i), func(p *play) { p.alarm(i) })
		p.days(max(1, pause*2/3), pause*4/3)
	}
}

// alarm is the life of the i-th warning.
func (p *play) alarm(i int) {
	p.minutes(1, 300)
	a := alarms[p.turn(i)%len(alarms)]
	m := p.ordinary(func(m *member) bool { return !m.troubled })
	if m == nil || a.stream != "" && len(p.streams[a.stream]) == 0 {
		return
	}
	id := p.number("YJ", p.today().Year, 4)
	raise := warning.Raise{Rule: a.rule, Version: "1", Score: p.draw(20, 60), Exposure: p.draw(20, 200), Baseline: a.baseline, Explanation: a.text,
		BaselineChinese: a.baselineChinese, ExplanationChinese: a.chinese}
	switch a.by {
	case "officer":
		raise.Officer = m.id
	case "post":
		raise.Post, raise.Unit = m.pos.id, m.pos.unit
	default:
		raise.Unit = m.pos.unit
	}
	if a.stream != "" {
		raise.Evidence, raise.Peers, raise.PeersChinese = slices.Clone(p.streams[a.stream]), "the same stream in the district", "全区同类执法业务"
	}
	p.do(theSystem, id, raise)
	if i%9 == 4 { // nobody takes it up in time
		p.days(9, 12)
		if p.world.warning(id).EscalatedTo == "" {
			p.do(theSystem, id, warning.Escalate{To: domain.RoleLeader, Reason: "not acknowledged in time", ReasonChinese: "逾期未签收"})
		} else {
			p.doneAtNight()
		}
	}
	p.days(1, 4)
	by := p.inspector()
	if i%9 == 4 {
		by = p.leader()
	}
	p.do(by, id, warning.Acknowledge{})
	if i%7 == 2 { // it is found again
		p.days(1, 3)
		raise.Score += 10
		p.do(theSystem, id, raise)
	}
	p.days(1, 8)
	p.do(by, id, warning.Review{Opinion: "已核对原始记录 the records were checked"})
	p.minutes(30, 300)
	p.actOn(i, id, by, m)
}

// actOn is what comes of a reviewed warning.
func (p *play) actOn(i int, id string, by actor, m *member) {
	outcome := warning.OutcomeTrue
	switch g := p.profile.grievances[oneOf(p, m.pos.duty.grievances)]; {
	case i%12 == 4 && p.world.warning(id).Officer == m.id && !m.troubled:
		m.troubled = true
		target := p.number("AJ", p.today().Year, 3)
		pos, q := m.pos, p.likelyInquiry(m, g)
		for _, opened := range subjectsOf[misconduct.Opened](p.do(by, id, warning.ActOn{To: warning.TargetMisconduct, ID: target, Conduct: "涉嫌" + g.conduct})) {
			p.start(p.now, "case "+opened, func(p *play) { p.inquire(domain.CaseID(opened), m, pos, g, q, nil) })
		}
	case i%4 == 0:
		target := p.number("JC", p.today().Year, 3)
		p.do(by, id, warning.ActOn{To: warning.TargetInspection, ID: target})
		v := supervision{unit: m.pos.unit, basis: "预警 warning " + id, clean: p.chance(40)}
		p.start(p.now, "inspection "+target, func(p *play) { p.supervise(v, target) })
	default:
		outcome = oneOf(p, []warning.Outcome{warning.OutcomeFalse, warning.OutcomeFalse, warning.OutcomeUnclear})
		p.do(by, id, warning.Dismiss{Reason: "数据口径所致，无异常 an artefact of the data"})
	}
	p.days(30, 90)
	p.do(by, id, warning.RecordOutcome{Outcome: outcome})
}
