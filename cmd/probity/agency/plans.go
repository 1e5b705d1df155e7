package agency

import (
	"fmt"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/plan"
)

// aims are what every agency's plan is broken down to, beside its own. Those
// without a key are for every section in turn.
var aims = []target{
	{"", "岗位风险点复评 Risk points of the posts rated anew", "复评表 rating sheets"},
	{"", "裁量案卷评查 Decided cases checked against the benchmark", "评查记录 record of the check"},
	{"hr", "执法资格轮训 Refresher course for certificates", "签到与考试 attendance and exam"},
	{"", "执法全过程记录抽查 Sample of enforcement recordings", "抽查 30 份 thirty samples"},
	{"inspector", "廉政谈话全覆盖 Integrity talks with everybody", "谈话登记 register of talks"},
	{"", "窗口首问负责落实 First-contact rule at the windows", "暗访报告 mystery visits"},
	{"intake", "投诉按期办结率 98% Complaints in time, 98 %", "台账 register"},
	{"", "制度流程再梳理 Procedures gone through again", "修订清单 list of changes"},
	{"handler", "回访群众满意度 Call-backs to complainants", "回访记录 record of calls"},
	{"", "政务公开事项更新 Public register brought up to date", "公开目录 register"},
}

// aim is one target as it will turn out.
type aim struct {
	code, stage string
	due         domain.Date
	m           *member
	// course is met, late, excused or account.
	course string
}

// plans is the plan of every year: targets dated and named in January, or
// when the history begins, compared at the end of each quarter.
func (b *bureau) plans(p *play) {
	for n := 0; !p.over; n++ {
		year := p.today().Year
		if p.today().Month >= time.November {
			year++
			p.until(domain.Date{Year: year, Month: time.January, Day: 6})
		}
		b.start(p.now, fmt.Sprintf("plan %d", year), func(p *play) { p.year(year, n == 0) })
		p.until(domain.Date{Year: year + 1, Month: time.January, Day: 6})
	}
}

// year is the life of one year's plan.
func (p *play) year(year int, first bool) {
	id := p.profile.id(fmt.Sprintf("JH-%d", year))
	owner := p.staff.hr[0]
	draft := plan.Draft{Title: fmt.Sprintf("%d 年廉政勤政工作计划 Work plan for integrity and diligence %d", year, year),
		From: p.today(), To: domain.Date{Year: year, Month: time.December, Day: 31}, Unit: p.profile.unit(""), Owner: owner.id}
	for q, month := range []time.Month{time.March, time.June, time.September, time.December} {
		ends := domain.Date{Year: year, Month: month, Day: []int{31, 30, 30, 31}[q]}
		if days(p.today(), ends) > 45 {
			draft.Stages = append(draft.Stages, plan.Stage{Stage: fmt.Sprintf("Q%d", q+1), Title: "第" + numeral(q+1) + "季度 Quarter", Ends: ends})
		}
	}
	p.do(owner.as(domain.RoleHR), id, draft)
	var targets []aim
	for i, stage := range draft.Stages {
		for j := range 4 {
			targets = append(targets, p.setTarget(id, stage, i*4+j))
		}
	}
	if p.tells(storyMissedTarget) && p.storyIn(storyMissedTarget).Plan == "" {
		p.plantMiss(id, targets)
	}
	p.days(2, 8)
	p.do(p.leader(), id, plan.Adopt{Evidence: p.paper(id, "党组会纪要 minutes.pdf", "application/pdf")})
	for _, t := range targets {
		p.start(p.now, "target "+id+t.code, func(p *play) { p.pursue(id, t) })
	}
	for i, stage := range draft.Stages {
		p.until(stage.Ends.AddDays(p.draw(4, 9)))
		p.compare(id, stage.Stage, first && i == 0 || p.chance(20))
	}
	p.days(2, 9)
	p.do(p.leader(), id, plan.Close{})
}

// setTarget sets the n-th target of the year.
func (p *play) setTarget(id string, stage plan.Stage, n int) aim {
	all := slices.Concat(p.profile.aims, aims)
	a := all[(n+p.begin.Year)%len(all)]
	t := aim{code: fmt.Sprintf("%s-%d", stage.Stage, n%4+1), stage: stage.Stage, course: "met"}
	t.due = stage.Ends.AddDays(-p.draw(0, 20))
	if days(p.today(), t.due) < 20 {
		t.due = stage.Ends
	}
	switch a.key {
	case "hr":
		t.m = p.staff.hr[1]
	case "inspector":
		t.m = p.staff.inspectors[0]
	case "intake":
		t.m = p.staff.intake[0]
	case "handler":
		t.m = p.staff.handlers[0]
	default:
		t.m = p.answerable(n)
	}
	switch roll := p.draw(1, 100); {
	case roll <= 7:
		t.course = "late"
	case roll <= 12:
		t.course = "excused"
	case roll <= 14:
		t.course = "account"
	}
	p.minutes(3, 20)
	p.do(p.staff.hr[0].as(domain.RoleHR), id, plan.SetTarget{Target: t.code, Title: a.title, Due: t.due, Unit: p.file(t.m).Unit, Officer: t.m.id, Stage: stage.Stage, Measure: a.metric})
	return t
}

// answerable returns the chief of some section, or a deputy director where
// none is on duty.
func (p *play) answerable(n int) *member {
	for i := range p.org.chiefs {
		if m := p.chiefOf(p.org.chiefs[(n+i)%len(p.org.chiefs)].unit); m != nil {
			return m
		}
	}
	return p.staff.leaders[1]
}

// plantMiss makes the first target that a section chief answers for one that
// is missed without excuse.
func (p *play) plantMiss(id string, targets []aim) {
	if p.today().Before(p.recent()) {
		return
	}
	for i, t := range targets {
		if t.m.pos.tier == tierChief {
			targets[i].course = "planted"
			t.m.kept = true
			story := p.storyIn(storyMissedTarget)
			story.Plan, story.Target, story.Officer = domain.PlanID(id), t.code, t.m.id
			story.Ref = domain.Ref{Type: "plan", ID: id}
			return
		}
	}
}

// pursue is the life of one target up to the report on its stage.
func (p *play) pursue(id string, t aim) {
	if wait := days(p.today(), t.due); wait > 30 {
		p.until(p.today().AddDays(p.draw(wait/3, wait/2)))
		p.reassign(id, &t)
		p.do(t.m.as(domain.RoleOfficer), id, plan.ReportProgress{Target: t.code, Percent: p.draw(3, 7) * 10, Note: "按序时进度推进 on course"})
	}
	if t.course == "met" {
		p.until(t.due.AddDays(-p.draw(3, 12)))
		if !p.today().Before(t.due) {
			return
		}
		p.reassign(id, &t)
		p.do(t.m.as(domain.RoleOfficer), id, plan.MeetTarget{Target: t.code, Evidence: p.paper(id+t.code, "完成情况 result.pdf", "application/pdf")})
		return
	}
	p.until(t.due.AddDays(1))
	p.miss(id, t.code)
	if t.course == "planted" || t.course == "account" {
		return // until the report asks
	}
	p.minutes(30, 90)
	if p.target(id, t.code).Result != plan.ResultMissed {
		return // it went to account meanwhile
	}
	p.do(t.m.as(domain.RoleOfficer), id, plan.ExplainMiss{Target: t.code, Explanation: oneOf(p, []string{
		"系统升级推迟两周 the upgrade of the system came two weeks late", "人员抽调专项任务 people were drawn off to a special task"})})
	switch t.course {
	case "late":
		p.days(10, 30)
		if p.world.plan(domain.PlanID(id)).Status != plan.StatusAdopted {
			return
		}
		p.do(t.m.as(domain.RoleOfficer), id, plan.MeetTarget{Target: t.code, Evidence: p.paper(id+t.code, "补办情况 late result.pdf", "application/pdf")})
	case "excused":
		p.minutes(60, 300)
		p.do(p.leader(domain.ActorID(t.m.id)), id, plan.ExcuseMiss{Target: t.code, Reason: "客观原因，予以谅解 beyond their control"})
	}
}

// miss is what the clock brings when the day of the target is over.
func (p *play) miss(id, code string) {
	switch {
	case p.target(id, code).Result == plan.ResultOpen:
		p.do(theSystem, id, plan.MissTarget{Target: code})
	case p.missed[id+" "+code]:
		delete(p.missed, id+" "+code)
		if !p.aside {
			p.doneAtNight()
		}
	}
}

// target returns how the target stands.
func (p *play) target(id, code string) plan.Target {
	for _, t := range p.world.plan(domain.PlanID(id)).Targets {
		if t.Code == code {
			return t
		}
	}
	return plan.Target{}
}

// reassign hands the target on where who answers for it has left the unit or
// is off duty.
func (p *play) reassign(id string, t *aim) {
	st := p.world.plan(domain.PlanID(id))
	i := slices.IndexFunc(st.Targets, func(s plan.Target) bool { return s.Code == t.code })
	if p.over || i < 0 || p.onDuty(t.m) && p.file(t.m).Unit == st.Targets[i].Unit {
		return
	}
	next := p.chiefOf(st.Targets[i].Unit)
	if next == nil {
		next = p.staff.leaders[1]
	}
	if next == t.m || p.today().After(t.due) {
		return
	}
	p.do(p.leader(domain.ActorID(t.m.id), domain.ActorID(next.id)), id, plan.ReassignTarget{Target: t.code, Unit: st.Targets[i].Unit, Officer: next.id, Reason: "责任人岗位变动 the person moved to another post"})
	t.m = next
	p.minutes(30, 200)
}

// compare is the report on a stage: every target is compared, the leadership
// passes the report or returns it, and the stage closes once nothing is left
// unexplained.
func (p *play) compare(id, stage string, returned bool) {
	filer := p.staff.hr[0].as(domain.RoleHR)
	report := plan.FileStageReport{Stage: stage, Evidence: p.paper(id+stage, "阶段报告 stage report.pdf", "application/pdf")}
	for _, t := range p.world.plan(domain.PlanID(id)).Targets {
		if t.Stage != stage {
			continue
		}
		p.miss(id, t.Code)
		report.Lines = append(report.Lines, plan.Comparison{Target: t.Code})
	}
	p.minutes(30, 200)
	p.do(filer, id, report)
	p.days(2, 6)
	if returned {
		p.do(p.leader(), id, plan.DeliberateStageReport{Stage: stage, Outcome: plan.OutcomeReturned, Remarks: "未完成目标原因不清，退回补充 why targets were missed is not clear"})
		p.days(2, 5)
		p.do(filer, id, report)
		p.days(1, 4)
	}
	p.do(p.leader(), id, plan.DeliberateStageReport{Stage: stage, Outcome: plan.OutcomePassed})
	p.days(1, 3)
	for _, t := range p.world.plan(domain.PlanID(id)).Targets {
		if t.Stage != stage || t.Result != plan.ResultMissed || p.over {
			continue
		}
		p.refused(filer, id, plan.CloseStage{Stage: stage}, domain.CodeIncomplete)
		p.minutes(30, 200)
		p.do(p.leader(domain.ActorID(t.Officer)), id, plan.HoldToAccount{Target: t.Code, Reason: "未完成且无正当理由，予以问责 missed, and no explanation was given"})
		p.minutes(10, 60)
	}
	p.do(filer, id, plan.CloseStage{Stage: stage})
}
