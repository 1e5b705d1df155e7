package agency

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
)

// recent is the first day of the part of the history where people look.
func (s *sim) recent() domain.Date {
	if last := s.book.Calendar.Day(s.plan.End).AddMonths(-36); last.After(s.begin) {
		return last
	}
	return s.begin
}

// tale is a story that is planted: how it is called, when in the recent part
// of the history it begins, and how it goes.
type tale struct {
	name, zh, en string
	// day it begins on; 0 where it is told along with what happens anyway.
	day int
	// hero: it is about somebody, the nth of the tier nothing else is about.
	hero bool
	tier tier
	nth  int
	// ownCertificate: it issues its hero's certificate itself.
	ownCertificate bool
	play           func(p *play, story *Planted, m *member)
}

// tales are the stories that a newcomer is shown.
var tales = [numStories]tale{
	storyDemerit: {name: "demerit-to-release", day: 35, hero: true, play: (*play).demerit,
		zh: "一件属实的投诉：从受理到记过、受限、晋升被拒、期满解除", en: "A complaint that is true: to a demerit, a refused promotion, and the release"},
	storyMissedTarget: {name: "missed-target",
		zh: "计划目标无故未完成，倒查至分管领导", en: "A target of the plan missed without excuse, traced up to a leader"},
	storySkippedHearing: {name: "skipped-hearing", day: 90, play: (*play).skippedHearing,
		zh: "越过听证，法院撤销处罚，撤下公示，倒查问责", en: "A hearing left out: a court quashes the penalty, the notice is withdrawn, the fault is traced"},
	storyExpired: {name: "expired-certificate", day: 30, hero: true, tier: tierSenior, ownCertificate: true, play: (*play).expired,
		zh: "执法证过期，不得上案", en: "An expired certificate keeps an officer off a case"},
	storyOutlier: {name: "discretion-outlier", day: 45, hero: true, play: (*play).outlier,
		zh: "裁量畸轻，预警后监督检查", en: "Penalties below their tier again and again: a warning, and an inspection"},
	storyAnonymous: {name: "anonymous-complaint", day: 95, play: (*play).anonymous,
		zh: "匿名举报查实并公开答复", en: "An anonymous complaint that is borne out"},
	storyAppeal: {name: "appeal-varied", day: 40, hero: true, tier: tierSenior, play: (*play).variedOnAppeal,
		zh: "申诉改变处分：记大过改为记过", en: "An appeal that makes a major demerit a demerit"},
	storyDismissal: {name: "dismissal", day: 75, hero: true, nth: 1, play: (*play).dismissal,
		zh: "受贿移送检察机关并开除", en: "Bribery: referred to the prosecutor, and dismissed"},
	storyDismissedCase: {name: "case-dismissed", day: 50, hero: true, nth: 1, play: (*play).dismissedCase,
		zh: "预警立案后查无实据，撤销案件", en: "A case opened on a warning and dismissed"},
	storyRevokedReward: {name: "reward-revoked", day: 60, hero: true, nth: 1, play: (*play).revokedReward,
		zh: "虚报事迹，奖励被撤销", en: "An honour revoked because its merit was made up"},
	storyClean: {name: "clean-record", day: 20, play: (*play).cleanRecord,
		zh: "一份干净的十行档案", en: "A clean record of ten lines"},
	storyImported: {name: "imported-history", day: 25, play: (*play).importedHistory,
		zh: "导入的旧档案与本系统的决定并列", en: "Imported history beside what was decided here"},
	storyCycle: {name: "programme-cycle",
		zh: "一轮创建：二十条前后对比与问卷", en: "A cycle of the programme: twenty articles before and after, and a survey"},
	storySurvey2015: {name: "survey-2015", day: 22, play: (*play).survey2015,
		zh: "2015 年问卷：178 份有效，较好与一般合计 62.92%", en: "The survey of 2015: of 178 answers the middle two are 62.92 %"},
}

// startPlanted lays in the stories of this agency. They lie in the last three
// years of the history, where people look.
func (b *bureau) startPlanted() {
	ago := days(b.begin, b.recent())
	for i, t := range tales {
		if !b.tells(i) {
			continue
		}
		story := b.plant(i, Planted{Agency: b.profile.unit(""), Name: t.name, TitleZh: t.zh, TitleEn: t.en})
		var m *member
		if t.hero {
			m = b.hero(t.tier, t.nth)
			m.ownCertificate = t.ownCertificate
			story.Officer, story.Ref = m.id, m.id.Ref()
		}
		if t.play != nil {
			b.start(b.day(ago+t.day), "story "+t.name, func(p *play) { t.play(p, story, m) })
		}
	}
	if b.profile.idle {
		b.hero(tierClerk, 0).idle = true
	}
}

// hero returns the nth of the line in the tier whom no story is about yet.
func (b *bureau) hero(t tier, nth int) *member {
	for _, m := range b.staff.line {
		if m.pos.tier != t || m.kept {
			continue
		}
		if nth--; nth < 0 {
			m.kept = true
			return m
		}
	}
	panic("agency: the smallest agency has too few officers for its stories")
}

// dismissedCase is opened on a warning, and nothing is found.
func (p *play) dismissedCase(story *Planted, m *member) {
	p.openCase(m, p.profile.grievances["inspection"], inquiry{dismiss: true}, misconduct.OriginWarning, story)
	story.Ref = story.Case.Ref()
}

// revokedReward is an honour for figures that were made up.
func (p *play) revokedReward(story *Planted, m *member) {
	p.honour(m, p.profile.unit(""), honour{kind: "merit_third_class", merit: p.profile.merits[0], revoke: "事迹数据虚报 the figures were made up"}, story)
	story.Ref = story.Reward.Ref()
}

// demerit is the whole chain, and what a demerit bars.
func (p *play) demerit(story *Planted, m *member) {
	pen := penalty{imposed: func(p *play) {
		p.days(150, 190)
		p.refused(p.leader(), string(m.id), officer.Promote{Rank: higher(p.file(m).Rank)}, domain.CodeRule)
		for !p.over && len(p.file(m).Restrictions) > 0 {
			p.days(20, 30)
		}
		if p.over {
			return
		}
		story.Complete = true
		p.days(20, 60)
		if p.clear(m) {
			p.do(p.leader(), string(m.id), officer.Promote{Rank: higher(p.file(m).Rank)})
		}
	}}
	p.complain(filing{target: m, pos: m.pos, kind: p.profile.grievances["favours"], channel: complaint.ChannelVisit, course: coursePlain, result: complaint.ResultSubstantiated,
		inquiry: inquiry{measure: domain.MeasureDemerit, selfRule: true, suspend: true, punish: pen}, planted: story})
}

// anonymous is a complaint by somebody who gave no name, and was right.
func (p *play) anonymous(story *Planted, _ *member) {
	m := p.ordinary(func(m *member) bool { return !m.troubled })
	for m == nil && !p.over { // everybody had a case before
		p.days(10, 20)
		m = p.ordinary(p.clear)
	}
	if p.over {
		return
	}
	m.troubled, story.Officer = true, m.id
	f := filing{target: m, pos: m.pos, kind: p.profile.grievances["slow"], channel: complaint.ChannelWeb, course: coursePlain, result: complaint.ResultSubstantiated,
		anonymous: true, inquiry: inquiry{measure: domain.MeasureExamination}, planted: story}
	p.complain(f)
	story.Ref, story.Complete = story.Complaint.Ref(), !p.over
}

// variedOnAppeal: the certificate that a major demerit suspends comes back
// with the milder measure.
func (p *play) variedOnAppeal(story *Planted, m *member) {
	p.complain(filing{target: m, pos: m.pos, kind: p.profile.grievances["favours"], channel: complaint.ChannelLetter, course: coursePlain, result: complaint.ResultSubstantiated,
		inquiry: inquiry{measure: domain.MeasureMajor, punish: penalty{appeal: sanction.OutcomeVaried, imposed: func(p *play) {
			for !p.over && p.world.sanction(story.Sanction).LastStage == "" {
				p.days(5, 8)
			}
			story.Complete = !p.over
			story.Ref = story.Sanction.Ref()
		}}}, planted: story})
}

// dismissal ends a service.
func (p *play) dismissal(story *Planted, m *member) {
	p.openCase(m, p.profile.grievances["favours"], inquiry{measure: domain.MeasureDismissal, suspend: true, refer: true, punish: penalty{imposed: func(p *play) {
		for !p.over && p.serving(m) {
			p.days(3, 6)
		}
		story.Complete = !p.over
	}}}, misconduct.OriginInspection, story)
}

// cleanRecord is somebody who joins, learns, is appraised, and is promoted:
// ten events and no more.
func (p *play) cleanRecord(story *Planted, _ *member) {
	pos := p.org.clerks[len(p.org.clerks)-1]
	m := p.join(p, pos, p.today(), p.today())
	m.kept, story.Officer, story.Ref = true, m.id, m.id.Ref()
	id := string(m.id)
	m.alone = true
	p.do(p.hr(), id, officer.Enroll{FullName: m.zh, LatinName: m.latin, StaffNumber: p.profile.prefix + p.profile.serial(m), Unit: pos.unit, Rank: ranks[0]})
	p.days(6, 12)
	p.do(p.hr(), id, officer.CompleteTraining{Course: "岗前培训 Pre-post training", Hours: 60})
	p.days(1, 3)
	p.do(p.hr(), id, officer.Appoint{Post: pos.id, Unit: pos.unit, HighRisk: p.world.post(pos.id).HighRisk()})
	p.days(3, 9)
	p.do(p.hr(), id, officer.IssueCertificate{Number: p.profile.number(m, 1)})
	for range 2 {
		p.days(60, 120)
		p.do(m.as(domain.RoleOfficer), id, officer.CompleteTraining{Course: oneOf(p, p.profile.courses), Hours: 60})
		p.until(domain.Date{Year: p.today().Year + 1, Month: time.January, Day: 12})
		p.do(p.hr(), id, officer.Appraise{Year: p.today().Year - 1, Grade: p.book.Service.Grades[1]})
	}
	p.days(10, 25)
	p.do(m.as(domain.RoleOfficer), id, officer.CompleteTraining{Course: p.profile.courses[8], Hours: 60})
	p.days(10, 25)
	p.do(p.leader(), id, officer.Promote{Rank: ranks[1]})
	story.Complete = !p.over
}

// importedHistory is an officer who came from an office that was dissolved, with the file kept there; the ledger goes on where it ends.
func (p *play) importedHistory(story *Planted, _ *member) {
	by := actor{importer, domain.RoleImporter}
	oldUnit, oldPost := domain.UnitID("OLD-XP"), domain.PostID("OLD-XP.CY")
	pos := p.org.seniors[0]
	m := p.join(p, pos, p.begin.AddMonths(-150), p.today())
	m.kept, story.Officer, story.Ref = true, m.id, m.id.Ref()
	entered := m.enrolled
	p.do(by, string(oldUnit), unit.Import{UnitName: p.profile.former[0], UnitNameEn: p.profile.former[1], UnitKind: unit.KindAgency})
	p.minutes(1, 3)
	p.do(by, string(oldPost), post.Import{Title: "检查人员 Inspection Officer", Unit: oldUnit})
	p.minutes(1, 3)
	p.do(by, string(m.id), officer.Import{FullName: m.zh, LatinName: m.latin, StaffNumber: "XP-0311", Unit: oldUnit, Rank: ranks[1], BirthYear: entered.Year - 24, EnrolledOn: entered})
	p.minutes(1, 3)
	complained := entered.AddMonths(40)
	story.Complaint, story.Case, story.Sanction, story.Reward = "OLD-XP-TS-0088", "OLD-XP-AJ-0012", "OLD-XP-CF-0009", "OLD-XP-JL-0021"
	p.do(by, string(story.Complaint), complaint.Import{ReceivedOn: complained, Category: "查验粗暴", Summary: "查验时损坏包装，未予记录。 Packing damaged at inspection and not recorded.", Place: "溪浦码头 Xipu Wharf", Unit: oldUnit, Post: oldPost, Officers: []domain.OfficerID{m.id}})
	p.minutes(1, 3)
	p.do(by, string(story.Case), misconduct.Import{Complaint: story.Complaint, Unit: oldUnit, OpenedOn: complained.AddMonths(1)})
	p.minutes(1, 3)
	p.do(by, string(story.Case), misconduct.ImportFinding{Complaint: story.Complaint, Officer: m.id, Unit: oldUnit, Category: "查验损坏货物", Result: misconduct.ResultSustained, Discipline: misconduct.DisciplineOther, FoundOn: complained.AddMonths(3), Note: "原卷宗第 12 页 page 12 of the old file"})
	p.minutes(1, 3)
	p.do(by, string(story.Sanction), sanction.Import{Officer: m.id, Case: story.Case, Measure: "行政警告", Canonical: domain.MeasureWarning, From: complained.AddMonths(4), Until: complained.AddMonths(10)})
	p.minutes(1, 3)
	p.do(by, string(story.Reward), reward.Import{Officer: m.id, Honour: "先进个人", Merit: "抗洪坚守岗位 stood by the post in a flood", GrantedOn: complained.AddMonths(30)})
	p.days(3, 9)
	m.since = p.today()
	p.do(p.hr(), string(m.id), officer.Appoint{Post: pos.id, Unit: pos.unit, HighRisk: p.world.post(pos.id).HighRisk()})
	p.start(p.now, "training "+string(m.id), func(p *play) { p.train(m) })
	p.start(p.now, "certificate "+string(m.id), func(p *play) { p.certify(m, true) })
	p.days(100, 150)
	p.complain(filing{target: m, pos: pos, kind: p.profile.grievances["slow"], channel: complaint.ChannelHotline, course: coursePlain, result: complaint.ResultPartly,
		inquiry: inquiry{measure: domain.MeasureEducation}})
	story.Complete = !p.over
}
