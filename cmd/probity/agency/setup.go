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
func (b *bureau) setUp() {
	director, deputies, head, inspectors, hr, intake, handlers := coreStaff(b.officers)
	line := b.officers - (director + deputies + head + inspectors + hr + intake + handlers)
	b.org = organise(b.profile, line)
	b.staff.names, b.staff.byID = map[string]bool{}, map[domain.OfficerID]*member{}
	rng := &play{bureau: b, rng: b.dice("people")}
	core := func(n int, key string) []*member {
		var out []*member
		for range n {
			entered, since := rng.past(8, 20), rng.past(0, 1)
			out = append(out, b.join(rng, b.org.core[key], entered, since))
		}
		return out
	}
	b.staff.hr = core(hr, "hr")
	b.staff.leaders = append(core(director, "director"), core(deputies, "deputy")...)
	b.staff.inspectors = append(core(head, "disciplineHead"), core(inspectors, "inspector")...)
	b.staff.intake = core(intake, "intake")
	b.staff.handlers = core(handlers, "handler")
	for _, pos := range b.org.seats(line) {
		since := rng.past(0, 5)
		entered := since.AddMonths(-rng.draw(0, 120))
		b.join(rng, pos, entered, since)
	}
	first := b.day(0)
	b.start(first, "tree", b.tree)
	for i, m := range b.staff.members {
		day := 5 + i*10/len(b.staff.members)
		if m.pos.tier == tierCore {
			day = 2 // they act on all others
		}
		b.start(b.day(day), "member "+string(m.id), func(p *play) { p.service(m, false) })
	}
	b.startPlanted()
	b.startWatched()
	b.start(b.day(30), "complaints", b.complaints)
	b.start(b.day(45), "inquiries", b.ownInquiries)
	b.start(b.day(60), "rewards", b.rewards)
	b.start(b.day(70), "promotions", b.promotions)
	b.start(b.day(80), "leavers", b.leavers)
	b.start(b.day(20), "appraisals", b.appraisals)
	b.start(b.day(100), "reforms", b.reforms)
	b.start(b.day(17), "norms", b.norms)
	b.start(b.day(28), "acts", b.acts)
	b.start(b.day(40), "plans", b.plans)
	b.start(b.day(26), "sessions", b.sessions)
	b.start(b.day(33), "carriers", b.carriers)
	b.start(b.day(36), "register", b.register)
	b.start(b.day(38), "readings", b.readings)
	b.start(b.day(24), "cycles", b.cycles)
	if b.tells(storyImported) {
		b.start(b.day(29), "old records", b.oldRecords)
	}
	b.start(b.day(55), "inspections", b.inspections)
	b.start(b.day(65), "warnings", b.warnings)
	b.start(b.day(110), "certificate losses", b.lostCertificates)
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
func (b *bureau) tree(p *play) {
	for _, u := range b.org.places {
		p.do(actor{superior, domain.RoleHR}, string(u.id), unit.Establish{
			UnitName: u.zh, UnitNameEn: u.en, UnitKind: u.kind, Parent: u.parent, On: p.begin.AddMonths(-12 * p.draw(4, 9)),
		})
		p.minutes(1, 3)
	}
	for _, pos := range b.org.positions {
		b.start(p.now, "post "+string(pos.id), func(p *play) { p.keepPost(pos) })
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
		if pos.duty.key != p.profile.untested {
			p.testControl(pos)
		}
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

// rerate has a post's risks graded anew, on demand.
func (p *play) rerate(pos *position, by actor, demand post.RequireRerating) {
	if p.claim(pos) {
		p.do(by, string(pos.id), demand)
		p.regrade(pos)
	}
}

// claim waits until nobody grades the post's risks. One re-rating follows
// another: a demand in the middle of a round would begin it again. It is true
// unless time is over; then regrade must follow.
func (p *play) claim(pos *position) bool {
	for pos.grading && !p.over {
		p.days(1, 4)
	}
	pos.grading = !p.over
	return pos.grading
}

func (p *play) regrade(pos *position) {
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
func (b *bureau) reforms(p *play) {
	hall := b.profile.unit(b.profile.hall)
	temporary := hall + "-LS"
	desk := domain.PostID(temporary + ".CK")
	p.do(p.hr(), string(temporary), unit.Establish{UnitName: "临时窗口", UnitNameEn: "Temporary Window", UnitKind: unit.KindWindow, Parent: b.profile.unit(b.profile.window.department)})
	p.minutes(5, 20)
	p.do(p.hr(), string(desk), post.Define{Title: "临时窗口" + b.profile.clerk, TitleEn: "Temporary Window Officer", Unit: temporary})
	p.days(20, 40)
	p.do(p.leader(), string(temporary), unit.Move{Parent: hall})
	p.days(20, 40)
	p.do(p.hr(), string(hall), unit.Rename{UnitName: b.profile.renamed[0], UnitNameEn: b.profile.renamed[1]})
	p.days(20, 40)
	p.do(p.leader(), string(desk), post.Close{})
	p.minutes(5, 20)
	p.do(p.leader(), string(temporary), unit.Close{Reason: "高峰期结束，窗口撤并 the peak is over, the window is merged"})
	for !p.over {
		p.days(100, 250)
		pos := oneOf(p, b.org.clerks)
		d := pos.duty
		p.do(p.hr(), string(pos.id), post.RevisePower{Power: "Q1", PowerName: d.power, LegalBasis: d.legalBasis,
			Limits: d.limits + fmt.Sprintf("；%d 年修订 revised %d", p.today().Year, p.today().Year), Flow: d.flow})
	}
}
