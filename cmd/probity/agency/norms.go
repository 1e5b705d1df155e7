package agency

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// The texts of an agency, by their codes.
const (
	normProhibitions = "ZD-JZ" // 禁止行为清单
	normBenchmark    = "ZD-CL" // 裁量基准
	normPenalty      = "ZD-CX-CF"
	normService      = "ZD-CX-YB"
	normOnTheSpot    = "ZD-CX-DC"
	normWindow       = "ZD-CK"
	normRota         = "ZD-NB-01"
)

var prohibitions = []norm.Clause{
	{Code: "J1", Text: "禁止收受管理服务对象财物 No gifts from those supervised", Least: domain.MeasureWarning, Most: domain.MeasureDismissal},
	{Code: "J2", Text: "禁止故意拖延办理 No wilful delay", Least: domain.MeasureEducation, Most: domain.MeasureDemerit},
	{Code: "J3", Text: "禁止单人执法 No enforcement by one alone", Least: domain.MeasureEducation, Most: domain.MeasureMajor},
	{Code: "J4", Text: "禁止态度生硬推诿 No rudeness, no passing the buck", Least: domain.MeasureEducation, Most: domain.MeasureAdmonition},
	{Code: "J5", Text: "禁止指定中介服务 No steering to brokers", Least: domain.MeasureCirculated, Most: domain.MeasureRemoval},
	{Code: "J6", Text: "禁止超越裁量基准处罚 No penalty beyond the benchmark", Least: domain.MeasureCirculated, Most: domain.MeasureDemotion},
}

var (
	penaltySteps = []norm.Step{
		{Code: "investigate", StepName: "调查取证 Investigate", StepKind: norm.StepInvestigate, TwoOfficers: true},
		{Code: "notify", StepName: "事先告知 Give notice", StepKind: norm.StepNotify, Requires: []string{"investigate"}},
		{Code: "statement", StepName: "听取陈述申辩 Hear the party", StepKind: norm.StepStatement, Requires: []string{"notify"}},
		{Code: "hearing", StepName: "听证 Hearing", StepKind: norm.StepHearing, Requires: []string{"notify"}, ConflictsWith: []string{"investigate"}, Optional: true},
		{Code: "review", StepName: "法制审核 Legal review", StepKind: norm.StepLegalReview, Requires: []string{"statement", "hearing"}, ConflictsWith: []string{"investigate"}},
		{Code: "decide", StepName: "决定 Decide", StepKind: norm.StepDecide, Requires: []string{"review"}, ConflictsWith: []string{"investigate", "review"}},
		{Code: "serve", StepName: "送达 Serve", StepKind: norm.StepServe, Requires: []string{"decide"}},
		{Code: "publish", StepName: "公示 Publish", StepKind: norm.StepPublish, Requires: []string{"serve"}},
	}
	serviceSteps = []norm.Step{
		{Code: "accept", StepName: "受理 Accept", StepKind: norm.StepOther},
		{Code: "check", StepName: "审查核验 Check", StepKind: norm.StepInvestigate, Requires: []string{"accept"}},
		{Code: "decide", StepName: "决定 Decide", StepKind: norm.StepDecide, Requires: []string{"check"}, ConflictsWith: []string{"check"}},
		{Code: "serve", StepName: "送达 Serve", StepKind: norm.StepServe, Requires: []string{"decide"}},
	}
	onTheSpotSteps = []norm.Step{
		{Code: "establish", StepName: "当场查明 Establish on the spot", StepKind: norm.StepInvestigate, TwoOfficers: true},
		{Code: "tell", StepName: "当场告知并听取陈述 Tell and hear", StepKind: norm.StepStatement, Requires: []string{"establish"}},
		{Code: "decide", StepName: "当场决定 Decide", StepKind: norm.StepDecide, Requires: []string{"tell"}},
		{Code: "serve", StepName: "当场交付 Hand over", StepKind: norm.StepServe, Requires: []string{"decide"}},
	}
	windowClauses = []norm.Clause{
		{Code: "K1", Text: "首问负责，一次性告知 The first one asked answers, and tells all at once"},
		{Code: "K2", Text: "等候超过 20 分钟增开窗口 Another window opens when the wait exceeds twenty minutes"},
	}
)

// norms are the agency's texts: drafted by one, adopted by another,
// acknowledged by everybody, reviewed, found wanting and revised.
func (b *bureau) norms(p *play) {
	owner, is := p.staff.inspectors[0], b.profile
	for _, n := range []struct {
		code  string
		draft norm.Draft
	}{
		{normPenalty, norm.Draft{Title: "行政处罚程序规定 Procedure for penalties", NormKind: norm.KindProcedure, Steps: penaltySteps}},
		{normService, norm.Draft{Title: "审批征收检查交易程序规定 Procedure for approvals, levies, inspections and trades", NormKind: norm.KindProcedure, Steps: serviceSteps}},
		{normOnTheSpot, norm.Draft{Title: "当场处罚程序规定 Procedure for penalties on the spot", NormKind: norm.KindProcedure, Steps: onTheSpotSteps}},
		{normBenchmark, norm.Draft{Title: "行政处罚裁量基准 Benchmark of discretion", NormKind: norm.KindBenchmark, Clauses: is.clauses, Tiers: is.tiers}},
		{normProhibitions, norm.Draft{Title: "执法人员禁止行为清单 List of prohibited conduct", NormKind: norm.KindProhibition, Clauses: prohibitions[:5]}},
		{normWindow, norm.Draft{Title: "窗口服务规范 Standard of window service", NormKind: norm.KindWindow, Clauses: windowClauses[:1]}},
		{normRota, norm.Draft{Title: "值班交接办法 Handover of shifts", NormKind: norm.KindInternalRule, Clauses: []norm.Clause{{Code: "1", Text: "交接须双签 handovers are signed by both"}}}},
	} {
		id := is.id(n.code)
		n.draft.Unit, n.draft.Owner = is.unit(""), owner.id
		n.draft.Document = p.paper(id, "全文 full text.pdf", "application/pdf")
		p.do(p.inspector(), id, n.draft)
		p.minutes(20, 90)
		p.do(p.leader(), id, norm.Adopt{})
		p.minutes(5, 60)
	}
	b.start(p.now, "acknowledge", b.acknowledge)
	b.start(p.now, "upkeep", b.upkeep)
	b.start(p.now, "lessons", b.lessons)
}

// acknowledge asks everybody, twice a year, to acknowledge the list of
// prohibited conduct. Most do at once, some late, a few never.
func (b *bureau) acknowledge(p *play) {
	id := b.profile.normID(normProhibitions)
	p.days(1, 4)
	for !p.over {
		pace := min(40, max(2, 24_000/len(b.staff.members)))
		for _, m := range b.staff.members {
			list := p.world.norm(id)
			latest := len(list.Versions)
			if p.over || m.alone || !p.onDuty(m) || list.Acknowledged[m.id] >= latest || p.chance(4) {
				continue
			}
			if p.chance(20) {
				p.do(p.hr(), string(id), norm.Acknowledge{Officer: m.id})
			} else {
				p.do(m.as(domain.RoleOfficer), string(id), norm.Acknowledge{})
			}
			p.minutes(1, pace)
		}
		p.days(170, 190)
	}
}

// upkeep is the yearly review of the texts, and what comes of it.
func (b *bureau) upkeep(p *play) {
	for n := 0; !p.over; n++ {
		p.days(200, 260)
		switch (n + b.index) % 4 {
		case 0:
			p.mend(b.profile.normID(normProhibitions), "G1", "J5", "未涵盖利用职权影响亲属经商 does not cover relatives' businesses", norm.Revise{Reason: "补漏洞 closes the gap", Clauses: prohibitions})
			if rota := b.profile.normID(normRota); p.world.norm(rota).Status == norm.StatusAdopted {
				p.reviewNorm(rota, norm.OutcomeRepeal, "已并入智慧值班系统 absorbed by the duty system")
				p.days(5, 20)
				p.do(p.leader(), string(rota), norm.Repeal{Reason: "评估后废止 repealed after the review"})
			}
		case 1:
			p.reviewNorm(b.profile.normID(normBenchmark), norm.OutcomeRevise, "轻微情节起罚过高 the lowest tier begins too high")
			p.revise(b.profile.normID(normBenchmark), norm.Revise{Reason: "首违从轻 milder on a first breach", Clauses: p.profile.clauses, Tiers: p.profile.milder})
		case 2:
			p.mend(b.profile.normID(normWindow), "G1", "K1", "未规定高峰期增开窗口 says nothing of peak hours", norm.Revise{Reason: "补漏洞 closes the gap", Clauses: windowClauses})
		default:
			p.reviewNorm(b.profile.normID(normPenalty), norm.OutcomeKeep, "运行顺畅 works well")
		}
	}
}

// lessons closes, now and then, the gaps that cases have found in the
// procedure for services.
func (b *bureau) lessons(p *play) {
	id := b.profile.normID(normService)
	for !p.over {
		p.days(25, 60)
		open := slices.ContainsFunc(p.world.norm(id).Gaps, func(g norm.Gap) bool { return !g.Closed })
		if p.over || !open {
			continue
		}
		p.do(p.inspector(), string(id), norm.Revise{Reason: "据案件补漏洞 closes what cases have shown", Steps: serviceSteps})
		p.days(3, 12)
		p.do(p.leader(), string(id), norm.Adopt{})
		last := len(p.world.norm(id).Versions)
		for _, g := range p.world.norm(id).Gaps {
			if !g.Closed && g.Version < last {
				p.minutes(5, 40)
				p.do(p.inspector(), string(id), norm.CloseGap{Gap: g.Code})
			}
		}
	}
}

func (p *play) reviewNorm(id domain.NormID, outcome norm.Outcome, opinion string) {
	p.minutes(30, 300)
	p.do(p.inspector(), string(id), norm.Review{Outcome: outcome, Opinion: opinion})
}

// mend is a gap that is found and closed by a new version; where the gap was
// closed in an earlier round it is a review.
func (p *play) mend(id domain.NormID, gap, clause, text string, revise norm.Revise) {
	if len(p.world.norm(id).Gaps) > 0 {
		p.reviewNorm(id, norm.OutcomeKeep, "修订后运行良好 works well since the revision")
		return
	}
	p.do(p.inspector(), string(id), norm.FindGap{Gap: gap, Clause: clause, Text: text})
	if p.profile.gap && id == p.profile.normID(normWindow) {
		return // and is left open
	}
	p.minutes(20, 90)
	p.refused(p.inspector(), string(id), norm.CloseGap{Gap: gap}, domain.CodeIncomplete)
	p.revise(id, revise)
	p.minutes(20, 90)
	p.do(p.inspector(), string(id), norm.CloseGap{Gap: gap})
}

func (p *play) revise(id domain.NormID, revise norm.Revise) {
	if len(p.world.norm(id).Versions) > 1 {
		return
	}
	p.days(10, 40)
	p.do(p.inspector(), string(id), revise)
	p.days(3, 12)
	p.do(p.leader(), string(id), norm.Adopt{})
}
