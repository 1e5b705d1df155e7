package agency

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/warning"
)

// end is how the life of a warning ends.
type end int

const (
	endInspect   end = iota // an inspection, which bears it out
	endClean                // an inspection, which finds nothing
	endFoundCase            // an inspection, and a case of what it found
	endFalse                // dismissed: there was nothing in it
	endUnclear              // dismissed, and nobody can say whether it was right
	endSlow                 // nobody takes it up until it is escalated; then an inspection
	endSlowCase             // the same, then a case
	endOpen                 // left to whoever visits the district
)

// settled says whether the warning was right.
func (e end) outcome() warning.Outcome {
	switch e {
	case endClean, endFalse:
		return warning.OutcomeFalse
	case endUnclear:
		return warning.OutcomeUnclear
	}
	return warning.OutcomeTrue
}

// alert lets somebody take up the warning that was raised before the day
// began. The n-th of a rule ends as the n-th end that is told of it.
func (b *bureau) alert(day domain.Date, id string, e warning.Raised) {
	a := verdictOn(e.Rule)
	n := b.alerts[e.Rule]
	b.alerts[e.Rule]++
	ends := a.ends
	if of := a.of[b.profile.key]; of != nil {
		ends = of
	}
	morning := day.In(b.book.Calendar.Zone).Add(8*time.Hour + 30*time.Minute)
	name := fmt.Sprintf("answer %s %d %s %s %s", e.Rule, n, e.Unit, e.Post, e.Officer)
	b.begins(morning, name, true, func(p *play) {
		if a.clock {
			p.answerClock(id, a)
			return
		}
		p.answer(id, a, ends[n%len(ends)])
	})
}

// follow tells the story of the warning.
func (p *play) follow(id string) *Followed {
	w := p.world.warning(id)
	p.story.Followed = append(p.story.Followed, &Followed{Agency: p.profile.unit(""), Article: ArticleOf(w.Rule), Rule: w.Rule, Warning: domain.WarningID(id)})
	return p.story.Followed[len(p.story.Followed)-1]
}

// answer is the life of a warning: taken up, looked into, acted on or
// dismissed, and at last whether it was right.
func (p *play) answer(id string, a verdict, e end) {
	told := p.follow(id)
	if e == endOpen {
		told.Open = true
		return
	}
	by := p.takenUp(id, e == endSlow || e == endSlowCase)
	p.days(1, 6)
	if e != endFalse && p.aboutOwn(id) { // they do not inspect themselves
		e = endUnclear
	}
	opinion := a.found
	if e == endFalse || e == endUnclear {
		opinion = a.empty
	}
	p.lookInto(id, by, opinion)
	p.minutes(30, 90)
	p.lookInto(id, by, opinion) // more of it was found meanwhile
	if p.over {
		return
	}
	switch e {
	case endFalse, endUnclear:
		p.do(by, id, warning.Dismiss{Reason: a.empty})
		p.days(8, 25)
	case endFoundCase, endSlowCase:
		p.toCase(id, by, a, e == endFoundCase)
	default:
		p.toInspection(id, by, e == endClean)
	}
	p.cameOut(id, by, told, e.outcome())
}

// aboutOwn tells whether the warning is about the inspectors' own section, or
// one of them.
func (p *play) aboutOwn(id string) bool {
	w := p.world.warning(id)
	return w.Unit == p.profile.unit("JJ") || slices.ContainsFunc(p.staff.inspectors, func(m *member) bool { return m.id == w.Officer })
}

// takenUp is who acknowledges the warning: an inspector, or a leader where
// nobody did in time or it is about the inspectors' own section.
func (p *play) takenUp(id string, slow bool) actor {
	about := domain.ActorID(p.world.warning(id).Officer)
	if slow {
		for p.world.warning(id).EscalatedTo == "" && !p.over {
			p.days(1, 2)
		}
		p.minutes(30, 200)
		by := p.leader(about)
		p.do(by, id, warning.Acknowledge{Note: "逾期无人签收，由我牵头 nobody took it up in time; I do"})
		return by
	}
	p.days(0, 3)
	if p.aboutOwn(id) {
		by := p.leader(about)
		p.do(by, id, warning.Acknowledge{Note: "涉及监察室自身，由我办理 it is about their own section; I deal with it"})
		return by
	}
	by := p.inspector(about)
	p.do(by, id, warning.Acknowledge{})
	return by
}

// lookInto reviews the warning, all of it.
func (p *play) lookInto(id string, by actor, opinion string) {
	if p.world.warning(id).Status == warning.StatusAcknowledged {
		p.do(by, id, warning.Review{Opinion: opinion})
	}
}

// toInspection leads the warning to an inspection, and waits for its end.
func (p *play) toInspection(id string, by actor, clean bool) {
	target := p.number("JC", p.today().Year, 3)
	p.do(by, id, warning.ActOn{To: warning.TargetInspection, ID: target})
	p.supervise(p.ofWarning(id, clean), target)
	p.days(1, 4)
}

// ofWarning is the inspection that a warning leads to.
func (p *play) ofWarning(id string, clean bool) supervision {
	w := p.world.warning(id)
	unit := w.Unit
	if unit == "" {
		unit = p.profile.unit("")
	}
	return supervision{unit: unit, officer: w.Officer, basis: "预警 warning " + id, clean: clean}
}

// toCase leads the warning to a case, directly or by what an inspection finds,
// and waits for its finding.
func (p *play) toCase(id string, by actor, a verdict, inspected bool) {
	w := p.world.warning(id)
	m := p.member(w.Officer)
	target := p.number("AJ", p.today().Year, 3)
	g := p.profile.grievances["favours"]
	if inspected {
		p.inspectFirst(id, by, target, a.found)
	} else {
		p.do(by, id, warning.ActOn{To: warning.TargetMisconduct, ID: target, Conduct: a.found})
	}
	p.minutes(5, 30)
	p.start(p.now, "case "+target, func(p *play) {
		p.inquire(domain.CaseID(target), m, m.pos, g, inquiry{measure: domain.MeasureCirculated}, nil)
	})
	over := []misconduct.Status{misconduct.StatusConfirmed, misconduct.StatusDismissed, misconduct.StatusArchived}
	for !p.over && !slices.Contains(over, p.world.inquiry(domain.CaseID(target)).Status) {
		p.days(3, 6)
	}
}

// inspectFirst leads the warning to an inspection, and opens the case as soon as
// that finds something.
func (p *play) inspectFirst(id string, by actor, target, conduct string) {
	w := p.world.warning(id)
	found := p.number("JC", p.today().Year, 3)
	p.do(by, id, warning.ActOn{To: warning.TargetInspection, ID: found})
	p.start(p.now, "inspection "+found, func(p *play) { p.supervise(p.ofWarning(id, false), found) })
	for !p.over && len(p.world.inspection(found).Observations) == 0 {
		p.days(1, 3)
	}
	p.do(p.inspector(domain.ActorID(w.Officer)), target, misconduct.Open{Origin: misconduct.OriginInspection, Inspection: domain.InspectionID(found),
		Unit: w.Unit, Officers: []domain.OfficerID{w.Officer}, Conduct: conduct})
}

// cameOut says whether the warning was right.
func (p *play) cameOut(id string, by actor, told *Followed, outcome warning.Outcome) {
	if p.over {
		return
	}
	p.do(by, id, warning.RecordOutcome{Outcome: outcome, Note: map[warning.Outcome]string{
		warning.OutcomeTrue: "属实 borne out", warning.OutcomeFalse: "不属实 not borne out", warning.OutcomeUnclear: "无法判断 nobody can say"}[outcome]})
	if !p.over && p.err == nil {
		told.Outcome = outcome
	}
}

// answerClock is the life of the warning of a clock: taken up at once, and
// settled when its last day has come, or soon where that is far: a warning that
// is taken up may not be left lying for long.
func (p *play) answerClock(id string, a verdict) {
	told := p.follow(id)
	by := p.takenUp(id, p.chance(6))
	if due, ok := dueOf(id); ok && days(p.today(), due) < 18 {
		p.until(due)
	}
	p.days(3, 9)
	late := p.world.warning(id).Score >= 100
	opinion := a.empty
	if late {
		opinion = a.found
	}
	p.lookInto(id, by, opinion)
	p.minutes(20, 60)
	p.lookInto(id, by, opinion) // its clock went on meanwhile
	if p.over {
		return
	}
	if !late {
		p.do(by, id, warning.Dismiss{Reason: a.empty})
		p.days(3, 12)
		p.cameOut(id, by, told, warning.OutcomeFalse)
		return
	}
	sweep := p.sweep()
	p.do(by, id, warning.ActOn{To: warning.TargetInspection, ID: sweep})
	for p.world.inspection(sweep).Status != inspection.StatusClosed && !p.over {
		p.days(4, 8)
	}
	p.cameOut(id, by, told, warning.OutcomeTrue)
}

// sweep returns the inspection that looks into what is overdue in the agency:
// one at a time.
func (p *play) sweep() string {
	if id := p.overdue; id != "" && p.world.inspection(id).Status != inspection.StatusClosed {
		return id
	}
	p.overdue = p.number("JC", p.today().Year, 3)
	target := p.overdue
	p.start(p.now, "sweep "+target, func(p *play) {
		p.supervise(supervision{unit: p.profile.unit(""), basis: "预警专项：逾期事项 warnings of what is overdue"}, target)
	})
	return target
}

// dueOf returns the last day of the clock that a warning is of, from its id.
func dueOf(id string) (domain.Date, bool) {
	parts := strings.Split(id, ":")
	if len(parts) < 4 {
		return domain.Date{}, false
	}
	day, err := time.Parse("20060102", parts[3])
	return domain.DateOf(day), err == nil
}
