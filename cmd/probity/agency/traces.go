package agency

import (
	"fmt"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
)

// followOn starts the scripts of what was opened by reaction: a trace is
// followed by inspectors, whatever it came from.
func (b *bureau) followOn(now time.Time, aside bool, recorded []domain.Recorded) {
	for _, id := range subjectsOf[traceback.Opened](recorded) {
		b.begins(now, "trace "+id, aside, func(p *play) { p.trace(domain.TracebackID(id)) })
	}
}

// trace is the life of a trace of responsibility: the share of those at whom
// the fault was seen, that of who led them, the conclusion by another person,
// and what becomes of each link.
func (p *play) trace(id domain.TracebackID) {
	p.days(2, 7)
	subject, t := string(id), p.world.traceback(id)
	if p.over || t.Status != traceback.StatusOpen {
		return
	}
	planted := p.tracedStory(t)
	tracer := p.inspector(actors(t.Officers)...)
	links := p.share(subject, t, tracer)
	boss := p.superiorOf(t)
	if boss != nil && (planted || p.chance(35)) && boss.id != domain.OfficerID(tracer.id) {
		p.minutes(20, 300)
		p.do(tracer, subject, traceback.Trace{Link: "L90", Officer: boss.id, Post: p.file(boss).Post, Unit: p.file(boss).Unit,
			Duty:  "分管领导未履行督促检查职责 did not see to it that those led did their duty",
			Stage: traceback.StageInProcess, Liability: traceback.LiabilityLeading, Intent: traceback.IntentNegligence, Weight: 30, Because: links[:1]})
	}
	if p.chance(12) {
		p.supervisor(subject, tracer, links[:1])
	}
	if p.chance(25) {
		p.minutes(60, 400)
		p.do(tracer, subject, traceback.Weigh{Link: links[0], Weight: p.draw(55, 75), Reason: "当日人手不足，酌减 short of staff that day, weighed less"})
	}
	p.days(3, 12)
	if p.over {
		return
	}
	judge := p.leader(p.concerned(id)...)
	if planted {
		p.refused(tracer, subject, traceback.Conclude{Opinion: "自查自结 concluded by who traced it"}, domain.CodeConflict)
	}
	p.do(judge, subject, traceback.Conclude{Opinion: "责任链条清楚，予以认定 the chain of responsibility is clear"})
	p.settle(id, planted, judge)
}

// tracedStory tells whether the trace belongs to a planted story, whose
// chain goes up to a leader.
func (p *play) tracedStory(t *traceback.Traceback) bool {
	for _, s := range p.story.Planted {
		if (s.Plan != "" && s.Plan == t.Plan && s.Target == t.Target) || (s.Enforcement != "" && s.Enforcement == t.Enforcement) {
			return true
		}
	}
	return false
}

// actors returns the officers as those who act.
func actors(officers []domain.OfficerID) []domain.ActorID {
	var out []domain.ActorID
	for _, o := range officers {
		out = append(out, domain.ActorID(o))
	}
	return out
}

// share traces the direct links, one for each officer the fault was seen at,
// and returns their codes.
func (p *play) share(subject string, t *traceback.Traceback, tracer actor) []string {
	duties := []string{"未按规定时限和程序办理 did not keep to the time and the procedure", "未核对材料即作出处理 acted without checking the papers",
		"未执行双人作业要求 acted alone where two are required"}
	if p.granted[t.Enforcement] != nil && t.Enforcement != "" {
		duties = []string{"未依法举行听证 held no hearing though the party had asked for one"}
	}
	var links []string
	for i, o := range t.Officers {
		m := p.member(o)
		link := traceback.Trace{Link: fmt.Sprintf("L%d", i+1), Officer: o, Post: p.file(m).Post, Unit: p.file(m).Unit, Duty: oneOf(p, duties),
			Stage: oneOf(p, []traceback.Stage{traceback.StageExAnte, traceback.StageInProcess, traceback.StageInProcess, traceback.StageExPost}),
			Step:  p.stepTraced(t), Liability: traceback.LiabilityDirect, Intent: traceback.IntentNegligence, Weight: max(10, 80/len(t.Officers))}
		if link.Unit == "" {
			link.Unit = p.profile.unit("") // who has left the service
		}
		p.minutes(20, 200)
		p.do(tracer, subject, link)
		links = append(links, link.Link)
	}
	return links
}

func (p *play) stepTraced(t *traceback.Traceback) string {
	switch t.Cause {
	case traceback.CauseMissedTarget:
		return "目标落实 " + t.Target
	case traceback.CauseOverturnedAct:
		return "听证 hearing"
	}
	return "业务办理 handling"
}

// supervisor is a link that is traced and then cleared: who should have
// checked could not have seen it.
func (p *play) supervisor(subject string, tracer actor, because []string) {
	m := p.staff.inspectors[0]
	if domain.ActorID(m.id) == tracer.id {
		return
	}
	p.minutes(30, 300)
	p.do(tracer, subject, traceback.Trace{Link: "L95", Officer: m.id, Post: p.file(m).Post, Unit: p.file(m).Unit, Duty: "日常监督未发现 daily supervision did not find it",
		Stage: traceback.StageExPost, Liability: traceback.LiabilitySupervisory, Intent: traceback.IntentNegligence, Weight: 10, Because: because})
	p.days(1, 3)
	p.do(tracer, subject, traceback.Clear{Link: "L95", Reason: "抽查计划外，无从发现 outside the sample, could not have been seen"})
}

// superiorOf returns who leads those at whom the fault was seen: the chief of
// their section, the deputy director where that is themselves.
func (p *play) superiorOf(t *traceback.Traceback) *member {
	if len(t.Officers) == 0 {
		return nil
	}
	if m := p.granted[t.Enforcement]; m != nil && t.Enforcement != "" {
		return m // who let the hearing be left out
	}
	first := p.member(t.Officers[0])
	if chief := p.chiefOf(p.file(first).Unit); chief != nil && !slices.Contains(t.Officers, chief.id) {
		return chief
	}
	for _, m := range p.staff.leaders[1:] {
		if p.onDuty(m) && !slices.Contains(t.Officers, m.id) {
			return m
		}
	}
	return nil
}

// chiefOf returns the chief of the section who is on duty; nil where there is
// none.
func (p *play) chiefOf(unit domain.UnitID) *member {
	for _, m := range p.staff.line {
		if m.pos.tier == tierChief && p.onDuty(m) && p.file(m).Unit == unit {
			return m
		}
	}
	return nil
}

// concerned lists everybody the trace is about, and who traced it.
func (p *play) concerned(id domain.TracebackID) []domain.ActorID {
	t := p.world.traceback(id)
	out := append(actors(t.Officers), t.Tracers...)
	for _, l := range t.Links {
		out = append(out, domain.ActorID(l.Officer))
	}
	return out
}

// settle hands on or excuses every link, and closes the trace.
func (p *play) settle(id domain.TracebackID, planted bool, judge actor) {
	subject := string(id)
	for _, l := range p.world.traceback(id).Links {
		if l.Cleared || p.over {
			continue
		}
		p.minutes(20, 90)
		measure := p.forLink(id, l, planted)
		if measure == "" {
			p.do(judge, subject, traceback.Excuse{Link: l.Code, Reason: "已由原案处理或情节轻微 dealt with in the case itself, or slight"})
			continue
		}
		to := traceback.ToOrganisational
		if rung, _, _ := p.book.Sanction.Rung(measure); rung.Formal {
			to = traceback.ToSanction
		}
		p.takeUp(p.do(judge, subject, traceback.HandOn{Link: l.Code, To: to, Measure: measure}), penalty{})
	}
	p.minutes(20, 90)
	p.do(judge, subject, traceback.Close{})
	p.tracedToTheEnd(id)
}

// forLink returns the measure that is to follow from the link, none where the
// finding asks for one already or the share is slight.
func (p *play) forLink(id domain.TracebackID, l traceback.Link, planted bool) domain.Measure {
	t := p.world.traceback(id)
	if t.Case != "" {
		for _, f := range p.world.inquiry(t.Case).Confirmed {
			if f.Officer == l.Officer && f.Measure != "" && f.Result.BearsOut() {
				return ""
			}
		}
	}
	switch {
	case p.file(p.member(l.Officer)).Name == "" || !p.serving(p.member(l.Officer)):
		return ""
	case planted && l.Liability == traceback.LiabilityLeading:
		return domain.MeasureAdmonition
	case planted:
		return domain.MeasureCirculated
	case t.Case != "" && l.Liability == traceback.LiabilityDirect:
		return ""
	case p.chance(50):
		return domain.MeasureEducation
	}
	return domain.MeasureExamination
}

// takeUp starts the scripts of sanctions that were proposed.
func (p *play) takeUp(recorded []domain.Recorded, pen penalty) {
	for _, sid := range subjectsOf[sanction.Proposed](recorded) {
		id := domain.SanctionID(sid)
		m := p.member(p.world.sanction(id).Officer)
		m.troubled = true
		p.start(p.now, "sanction "+sid, func(p *play) { p.sanction(id, m, pen, nil) })
	}
}

// tracedToTheEnd completes the planted story the trace belongs to.
func (p *play) tracedToTheEnd(id domain.TracebackID) {
	t := p.world.traceback(id)
	for i := range p.story.Planted {
		s := &p.story.Planted[i]
		if (s.Plan != "" && s.Plan == t.Plan && s.Target == t.Target) || (s.Enforcement != "" && s.Enforcement == t.Enforcement) {
			s.Traceback, s.Complete = id, !p.over
		}
	}
}
