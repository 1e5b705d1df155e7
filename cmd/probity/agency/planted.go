package agency

import (
	"fmt"
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

// startPlanted lays in the stories that a newcomer is shown. They lie in the
// last three years of the history, where people look.
func (s *sim) startPlanted() {
	from := s.recent()
	day := func(n int) time.Time { return s.day(days(s.begin, from) + n) }
	hero := func(story, nth int, t tier, p Planted) (*Planted, *member) {
		for _, m := range s.staff.line {
			if m.pos.tier != t || m.kept {
				continue
			}
			if nth--; nth < 0 {
				m.kept = true
				p.Officer, p.Ref = m.id, m.id.Ref()
				return s.plant(story, p), m
			}
		}
		panic("agency: the smallest agency has too few officers for its stories")
	}
	demerit, m := hero(storyDemerit, 0, tierClerk, Planted{Name: "demerit-to-release",
		TitleZh: "一件属实的投诉：从受理到记过、受限、晋升被拒、期满解除", TitleEn: "A complaint that is true: to a demerit, a refused promotion, and the release"})
	s.start(day(35), "story demerit", func(p *play) { p.demerit(demerit, m) })

	varied, v := hero(storyAppeal, 0, tierSenior, Planted{Name: "appeal-varied",
		TitleZh: "申诉改变处分：记大过改为记过", TitleEn: "An appeal that makes a major demerit a demerit"})
	s.start(day(40), "story appeal", func(p *play) { p.variedOnAppeal(varied, v) })

	dropped, d := hero(storyDismissedCase, 1, tierClerk, Planted{Name: "case-dismissed",
		TitleZh: "预警立案后查无实据，撤销案件", TitleEn: "A case opened on a warning and dismissed"})
	s.start(day(50), "story dismissed", func(p *play) {
		p.openCase(d, grievances["inspection"], inquiry{dismiss: true}, misconduct.OriginWarning, dropped)
		dropped.Ref = dropped.Case.Ref()
	})

	revoked, r := hero(storyRevokedReward, 1, tierClerk, Planted{Name: "reward-revoked",
		TitleZh: "虚报事迹，奖励被撤销", TitleEn: "An honour revoked because its merit was made up"})
	s.start(day(60), "story reward", func(p *play) {
		p.honour(r, rootUnit, honour{kind: "merit_third_class", merit: merits[0], revoke: "事迹数据虚报 the figures were made up"}, revoked)
		revoked.Ref = revoked.Reward.Ref()
	})

	gone, g := hero(storyDismissal, 1, tierClerk, Planted{Name: "dismissal",
		TitleZh: "受贿移送检察机关并开除", TitleEn: "Bribery: referred to the prosecutor, and dismissed"})
	s.start(day(75), "story dismissal", func(p *play) { p.dismissal(gone, g) })

	clean := s.plant(storyClean, Planted{Name: "clean-record",
		TitleZh: "一份干净的十行档案", TitleEn: "A clean record of ten lines"})
	s.start(day(20), "story clean", func(p *play) { p.cleanRecord(clean) })

	old := s.plant(storyImported, Planted{Name: "imported-history",
		TitleZh: "导入的旧档案与本系统的决定并列", TitleEn: "Imported history beside what was decided here"})
	s.start(day(25), "story imported", func(p *play) { p.importedHistory(old) })

	s.startPlantedActs(day, hero)

	s.plant(storyCycle, Planted{Name: "programme-cycle",
		TitleZh: "一轮创建：二十条前后对比与问卷", TitleEn: "A cycle of the programme: twenty articles before and after, and a survey"})
	survey := s.plant(storySurvey2015, Planted{Name: "survey-2015",
		TitleZh: "2015 年问卷：178 份有效，较好与一般合计 62.92%", TitleEn: "The survey of 2015: of 178 answers the middle two are 62.92 %"})
	unnamed := s.plant(storyAnonymous, Planted{Name: "anonymous-complaint",
		TitleZh: "匿名举报查实并公开答复", TitleEn: "An anonymous complaint that is borne out"})
	s.start(day(95), "story anonymous", func(p *play) { p.anonymous(unnamed) })
	s.start(day(22), "story survey", func(p *play) { p.survey2015(survey) })

	s.plant(storyMissedTarget, Planted{Name: "missed-target",
		TitleZh: "计划目标无故未完成，倒查至分管领导", TitleEn: "A target of the plan missed without excuse, traced up to a leader"})
}

// startPlantedActs lays in the stories of administrative acts.
func (s *sim) startPlantedActs(day func(int) time.Time, hero func(story, nth int, t tier, p Planted) (*Planted, *member)) {
	skipped := s.plant(storySkippedHearing, Planted{Name: "skipped-hearing",
		TitleZh: "越过听证，法院撤销处罚，撤下公示，倒查问责", TitleEn: "A hearing left out: a court quashes the penalty, the notice is withdrawn, the fault is traced"})
	s.start(day(90), "story hearing", func(p *play) { p.skippedHearing(skipped) })

	expired, e := hero(storyExpired, 0, tierSenior, Planted{Name: "expired-certificate",
		TitleZh: "执法证过期，不得上案", TitleEn: "An expired certificate keeps an officer off a case"})
	e.ownCertificate = true
	s.start(day(30), "story certificate", func(p *play) { p.expired(expired, e) })

	outlier, o := hero(storyOutlier, 0, tierClerk, Planted{Name: "discretion-outlier",
		TitleZh: "裁量畸轻，预警后监督检查", TitleEn: "Penalties below their tier again and again: a warning, and an inspection"})
	s.start(day(45), "story outlier", func(p *play) { p.outlier(outlier, o) })
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
	p.complain(filing{target: m, pos: m.pos, kind: grievances["favours"], channel: complaint.ChannelVisit, course: coursePlain, result: complaint.ResultSubstantiated,
		inquiry: inquiry{measure: domain.MeasureDemerit, selfRule: true, suspend: true, punish: pen}, planted: story})
}

// anonymous is a complaint by somebody who gave no name, and was right.
func (p *play) anonymous(story *Planted) {
	var m *member
	for m = p.ordinary(func(m *member) bool { return !m.troubled }); m == nil && !p.over; m = p.ordinary(func(m *member) bool { return !m.troubled }) {
		p.days(10, 20)
	}
	if p.over {
		return
	}
	m.troubled, story.Officer = true, m.id
	f := filing{target: m, pos: m.pos, kind: grievances["slow"], channel: complaint.ChannelWeb, course: coursePlain, result: complaint.ResultSubstantiated,
		anonymous: true, inquiry: inquiry{measure: domain.MeasureExamination}, planted: story}
	p.complain(f)
	story.Ref, story.Complete = story.Complaint.Ref(), !p.over
}

// variedOnAppeal: the certificate that a major demerit suspends comes back
// with the milder measure.
func (p *play) variedOnAppeal(story *Planted, m *member) {
	p.complain(filing{target: m, pos: m.pos, kind: grievances["favours"], channel: complaint.ChannelLetter, course: coursePlain, result: complaint.ResultSubstantiated,
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
	p.openCase(m, grievances["favours"], inquiry{measure: domain.MeasureDismissal, suspend: true, refer: true, punish: penalty{imposed: func(p *play) {
		for !p.over && p.serving(m) {
			p.days(3, 6)
		}
		story.Complete = !p.over
	}}}, misconduct.OriginInspection, story)
}

// cleanRecord is somebody who joins, learns, is appraised, and is promoted:
// ten events and no more.
func (p *play) cleanRecord(story *Planted) {
	pos := p.org.clerks[len(p.org.clerks)-1]
	m := p.join(p, pos, p.today(), p.today())
	m.kept, story.Officer, story.Ref = true, m.id, m.id.Ref()
	id := string(m.id)
	m.alone = true
	p.do(p.hr(), id, officer.Enroll{FullName: m.zh, LatinName: m.latin, StaffNumber: "LP" + id[3:], Unit: pos.unit, Rank: ranks[0]})
	p.days(6, 12)
	p.do(p.hr(), id, officer.CompleteTraining{Course: "岗前培训 Pre-post training", Hours: 60})
	p.days(1, 3)
	p.do(p.hr(), id, officer.Appoint{Post: pos.id, Unit: pos.unit, HighRisk: p.world.post(pos.id).HighRisk()})
	p.days(3, 9)
	p.do(p.hr(), id, officer.IssueCertificate{Number: fmt.Sprintf("关执字%s-1号", id[3:])})
	for range 2 {
		p.days(60, 120)
		p.do(m.as(domain.RoleOfficer), id, officer.CompleteTraining{Course: oneOf(p, courses), Hours: 60})
		p.until(domain.Date{Year: p.today().Year + 1, Month: time.January, Day: 12})
		p.do(p.hr(), id, officer.Appraise{Year: p.today().Year - 1, Grade: p.book.Service.Grades[1]})
	}
	p.days(30, 60)
	p.do(m.as(domain.RoleOfficer), id, officer.CompleteTraining{Course: courses[8], Hours: 60})
	p.days(30, 60)
	p.do(p.leader(), id, officer.Promote{Rank: ranks[1]})
	story.Complete = !p.over
}

// importedHistory is an officer who came from a customs house that was
// dissolved, with the file kept there; the ledger goes on where it ends.
func (p *play) importedHistory(story *Planted) {
	by := actor{importer, domain.RoleImporter}
	oldUnit, oldPost := domain.UnitID("OLD-XP"), domain.PostID("OLD-XP.CY")
	pos := p.org.seniors[0]
	m := p.join(p, pos, p.begin.AddMonths(-150), p.today())
	m.kept, story.Officer, story.Ref = true, m.id, m.id.Ref()
	entered := m.enrolled
	p.do(by, string(oldUnit), unit.Import{UnitName: "原溪浦海关", UnitNameEn: "former Xipu Customs", UnitKind: unit.KindAgency})
	p.minutes(1, 3)
	p.do(by, string(oldPost), post.Import{Title: "查验关员 Inspection Officer", Unit: oldUnit})
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
	p.do(by, string(story.Reward), reward.Import{Officer: m.id, Honour: "先进个人", Merit: "抗洪保通关 kept clearance going in a flood", GrantedOn: complained.AddMonths(30)})
	p.days(3, 9)
	m.since = p.today()
	p.do(p.hr(), string(m.id), officer.Appoint{Post: pos.id, Unit: pos.unit, HighRisk: p.world.post(pos.id).HighRisk()})
	p.start(p.now, "training "+string(m.id), func(p *play) { p.train(m) })
	p.start(p.now, "certificate "+string(m.id), func(p *play) { p.certify(m, true) })
	p.days(100, 150)
	p.complain(filing{target: m, pos: pos, kind: grievances["slow"], channel: complaint.ChannelHotline, course: coursePlain, result: complaint.ResultPartly,
		inquiry: inquiry{measure: domain.MeasureEducation}})
	story.Complete = !p.over
}
