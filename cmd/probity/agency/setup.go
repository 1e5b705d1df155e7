package agency

import (
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

// setUp lays out the agency and starts every script of its first day. The
// tree, the posts and their powers come first, then the people, then the
// public.
func (s *sim) setUp() {
	director, deputies, head, inspectors, hr, intake, handlers := coreStaff(s.plan.Officers)
	line := s.plan.Officers - (director + deputies + head + inspectors + hr + intake + handlers)
	s.org = organise(line)
	s.staff.names, s.staff.byID = map[string]bool{}, map[domain.OfficerID]*member{}
	rng := &play{sim: s, rng: newRand(s.plan.Seed, "people")}
	core := func(n int, key string) []*member {
		var out []*member
		for range n {
			entered, since := rng.past(8, 20), rng.past(0, 1)
			out = append(out, s.join(rng, s.org.core[key], entered, since))
		}
		return out
	}
	s.staff.hr = core(hr, "hr")
	s.staff.leaders = append(core(director, "director"), core(deputies, "deputy")...)
	s.staff.inspectors = append(core(head, "disciplineHead"), core(inspectors, "inspector")...)
	s.staff.intake = core(intake, "intake")
	s.staff.handlers = core(handlers, "handler")
	for _, pos := range s.org.seats(line) {
		since := rng.past(0, 5)
		entered := since.AddMonths(-rng.draw(0, 120))
		s.join(rng, pos, entered, since)
	}
	first := s.day(0)
	s.start(first, "tree", s.tree)
	for i, m := range s.staff.members {
		day := 5 + i*10/len(s.staff.members)
		if m.pos.tier == tierCore {
			day = 2 // they act on all others
		}
		s.start(s.day(day), "member "+string(m.id), func(p *play) { p.service(m, false) })
	}
	s.startPlanted()
	s.start(s.day(30), "complaints", s.complaints)
	s.start(s.day(45), "inquiries", s.ownInquiries)
	s.start(s.day(60), "rewards", s.rewards)
	s.start(s.day(70), "promotions", s.promotions)
	s.start(s.day(80), "leavers", s.leavers)
	s.start(s.day(20), "appraisals", s.appraisals)
	s.start(s.day(100), "reforms", s.reforms)
	s.start(s.day(17), "norms", s.norms)
	s.start(s.day(28), "acts", s.acts)
	s.start(s.day(40), "plans", s.plans)
	s.start(s.day(0), "rulebook", s.adopt)
	s.start(s.day(26), "sessions", s.sessions)
	s.start(s.day(33), "carriers", s.carriers)
	s.start(s.day(36), "register", s.register)
	s.start(s.day(38), "readings", s.readings)
	s.start(s.day(24), "cycles", s.cycles)
	s.start(s.day(29), "old records", s.oldRecords)
	s.start(s.day(55), "inspections", s.inspections)
	s.start(s.day(65), "warnings", s.warnings)
	s.start(s.day(110), "certificate losses", s.lostCertificates)
}

// day returns the morning of the n-th day of the history.
func (s *sim) day(n int) time.Time {
	return s.office.next(s.begin.AddDays(n)).In(s.book.Calendar.Zone).Add(8*time.Hour + 30*time.Minute)
}

// past returns a day so many years before the history, from least to most.
func (p *play) past(least, most int) domain.Date {
	return p.begin.AddDays(-365*least - p.rng.IntN(365*(most-least)+1))
}

// tree sets up the units and posts, and grades the posts' risks.
func (s *sim) tree(p *play) {
	for _, u := range s.org.places {
		p.do(actor{superior, domain.RoleHR}, string(u.id), unit.Establish{
			UnitName: u.zh, UnitNameEn: u.en, UnitKind: u.kind, Parent: u.parent, On: p.begin.AddMonths(-12 * p.draw(4, 9)),
		})
		p.minutes(1, 3)
	}
	for _, pos := range s.org.positions {
		s.start(p.now, "post "+string(pos.id), func(p *play) { p.keepPost(pos) })
	}
}

// keepPost is the life of a post: defined, its power listed, its risk graded
// by three persons every year, its control tested.
func (p *play) keepPost(pos *position) {
	id := string(pos.id)
	founder := actor{superior, domain.RoleHR}
	p.minutes(5, 200)
	p.do(founder, id, post.Define{Title: pos.zh, TitleEn: pos.en, Unit: pos.unit, Leader: pos.leader})
	if pos.duty == nil {
		return
	}
	d := pos.duty
	p.minutes(2, 9)
	p.do(founder, id, post.ListPower{Power: "Q1", PowerName: d.power, LegalBasis: d.legalBasis, Limits: d.limits, Flow: d.flow})
	p.minutes(2, 9)
	p.do(founder, id, post.IdentifyRisk{Risk: "F1", Power: "Q1", Description: d.risk})
	p.days(1, 3)
	p.gradeRisks(pos, actor{superior, domain.RoleHR}, actor{"superior-operations", domain.RoleLeader}, actor{"superior-director", domain.RoleLeader})
	if p.chance(40) || pos.duty.key == "inspection" {
		most := 10
		if p.world.post(pos.id).HighRisk() {
			most = 5
		}
		p.minutes(2, 9)
		p.do(founder, id, post.SetRotationRule{Years: p.draw(most-2, most)})
	}
	p.days(20, 60)
	p.do(p.hr(), id, post.AdoptControl{Risk: "F1", Control: "K1", Description: d.control})
	for !p.over {
		p.days(60, 150)
		if p.world.post(pos.id).Status != post.StatusOpen {
			return
		}
		p.testControl(pos)
		p.days(170, 220)
		if p.world.post(pos.id).Status != post.StatusOpen {
			return
		}
		p.rerate(pos, p.hr(), post.RequireRerating{Cause: "年度复评 yearly re-rating"})
	}
}

// gradeRisks is one round: three levels, three persons, opinions differing a
// little.
func (p *play) gradeRisks(pos *position, unitLevel, sectionLevel, leadership actor) {
	for _, r := range p.world.post(pos.id).Risks {
		for _, g := range []struct {
			by    actor
			level post.Level
		}{{unitLevel, post.LevelUnit}, {sectionLevel, post.LevelSection}, {leadership, post.LevelLeadership}} {
			f := pos.duty.factors
			if pos.tier == tierChief {
				f.Scope = min(5, f.Scope+1)
			}
			f.Likelihood = min(5, max(1, f.Likelihood+p.rng.IntN(3)-1))
			p.do(g.by, string(pos.id), post.GradeRisk{Risk: r.Code, Level: g.level, Factors: f})
			p.minutes(10, 90)
		}
	}
}

// rerate has a post's risks graded anew. One re-rating follows another: a
// demand in the middle of a round would begin it again.
func (p *play) rerate(pos *position, by actor, demand post.RequireRerating) {
	for pos.grading && !p.over {
		p.days(1, 4)
	}
	if p.over {
		return
	}
	pos.grading = true
	p.do(by, string(pos.id), demand)
	p.days(2, 25)
	section := p.leader()
	p.gradeRisks(pos, p.hr(), section, p.leader(section.id))
	pos.grading = false
}

func (p *play) testControl(pos *position) {
	st := p.world.post(pos.id)
	if len(st.Controls) == 0 {
		return
	}
	test := post.TestControl{Control: st.Controls[0].Code, Passed: p.chance(88)}
	if !test.Passed {
		test.Note = oneOf(p, []string{"抽查 20 份记录，2 份缺复核 two of twenty records lack the check", "录像缺失 15 分钟 fifteen minutes of video missing", "系统提醒未启用 the alarm was switched off"})
	}
	p.do(p.inspector(), string(pos.id), test)
}

// reforms are the changes of the tree and of powers that happen now and then.
func (s *sim) reforms(p *play) {
	temporary := domain.UnitID("LP-DT-LS")
	desk := domain.PostID("LP-DT-LS.CK")
	p.do(p.hr(), string(temporary), unit.Establish{UnitName: "临时窗口", UnitNameEn: "Temporary Window", UnitKind: unit.KindWindow, Parent: "LP-TG"})
	p.minutes(5, 20)
	p.do(p.hr(), string(desk), post.Define{Title: "临时窗口关员", TitleEn: "Temporary Window Officer", Unit: temporary})
	p.days(20, 40)
	p.do(p.leader(), string(temporary), unit.Move{Parent: "LP-DT"})
	p.days(20, 40)
	p.do(p.hr(), "LP-DT", unit.Rename{UnitName: "通关服务大厅", UnitNameEn: "Clearance Service Hall"})
	p.days(20, 40)
	p.do(p.leader(), string(desk), post.Close{})
	p.minutes(5, 20)
	p.do(p.leader(), string(temporary), unit.Close{Reason: "高峰期结束，窗口撤并 the peak is over, the window is merged"})
	for !p.over {
		p.days(100, 250)
		pos := oneOf(p, s.org.clerks)
		d := pos.duty
		p.do(p.hr(), string(pos.id), post.RevisePower{Power: "Q1", PowerName: d.power, LegalBasis: d.legalBasis,
			Limits: d.limits + fmt.Sprintf("；%d 年修订 revised %d", p.today().Year, p.today().Year), Flow: d.flow})
	}
}
