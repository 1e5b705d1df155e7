package indicators

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/warning"
)

// targets are the targets of a plan by their code.
type targets struct{ Of map[string]target }

type target struct {
	Due  Day
	Unit domain.UnitID
}

// plan folds what happens to the targets of a plan: a target counts as missed
// without explanation from its day on, unless something says otherwise.
func (x *scene) plan() {
	switch e := x.r.Event.(type) {
	case plan.TargetSet:
		x.target(e.Target, target{DayOf(e.Due), e.Unit}, 1)
	case plan.TargetReassigned:
		if t, ok := x.own().target(e.Target); ok {
			x.target(e.Target, target{t.Due, e.Unit}, 1)
		}
	case plan.TargetMet:
		if e.DaysLate > 0 {
			x.explained(e.Target)
			return
		}
		x.set(x.own(), "missed "+e.Target)
	case plan.MissExplained:
		x.explained(e.Target)
	case plan.MissExcused:
		x.explained(e.Target)
	case plan.MissHeldToAccount:
		x.explained(e.Target)
	}
}

func (m *Matter) target(code string) (target, bool) {
	if m.Plan == nil {
		return target{}, false
	}
	t, ok := m.Plan.Of[code]
	return t, ok
}

func (x *scene) target(code string, t target, unexplained int64) {
	m := x.own()
	if m.Plan == nil {
		m.Plan = &targets{Of: map[string]target{}}
	}
	m.Plan.Of[code] = t
	x.set(m, "missed "+code, Fact{Indicator: "I1.unexplained", Unit: t.Unit, From: t.Due, To: t.Due + 1, Hits: unexplained, Of: 1})
}

func (x *scene) explained(code string) {
	if t, ok := x.own().target(code); ok {
		x.target(code, t, 0)
	}
}

// session is an activity of one kind and unit.
type session struct {
	ID     string
	On     Day
	Format activity.Format
}

// mostSessions bounds what is remembered of the sessions of one kind and
// unit.
const mostSessions = 50

// activity folds what was held.
func (x *scene) activity() {
	e, ok := x.r.Event.(activity.Held)
	if !ok || x.r.Act.Imported() {
		return
	}
	share := func(indicator string) {
		x.set(x.own(), "held", happened(indicator, e.Unit, x.on(e.On), int64(min(len(e.Attendees), e.Expected)), int64(e.Expected)))
	}
	switch e.ActivityKind {
	case activity.KindWarningEducation:
		share("I2.coverage")
		x.varies(e)
	case activity.KindDiligenceEducation:
		share("D8.coverage")
	case activity.KindBranchStudy:
		share("I7.attendance")
		x.form(e)
	}
}

// varies tells which sessions of warning education end a run of one format.
// One recorded late may end a run, or break those after it.
func (x *scene) varies(e activity.Held) {
	run := x.book.Activity.SameFormat
	if run < 2 {
		return
	}
	m := x.around.Matter("sessions of " + string(e.Unit))
	s := session{x.r.Act.Subject, x.on(e.On), e.Format}
	m.Sessions = inPlace(m.Sessions, s, func(a, b session) int { return cmp.Compare(a.On, b.On) })
	at := slices.Index(m.Sessions, s)
	for i := at; i < min(at+run, len(m.Sessions)); i++ {
		alike := i+1 >= run
		for j := i; alike && j > i-run; j-- {
			alike = m.Sessions[j].Format == m.Sessions[i].Format
		}
		x.set(m, m.Sessions[i].ID, happened("I2.variety", e.Unit, m.Sessions[i].On, counted(!alike), 1))
	}
	for len(m.Sessions) > mostSessions {
		delete(m.Standing, m.Sessions[0].ID) // it stands for good
		m.Sessions = m.Sessions[1:]
	}
}

// form tells a session from one held for form's sake 走过场: its minutes are
// those of a session recorded before, or nobody contributed.
func (x *scene) form(e activity.Held) {
	empty := e.Contributors == 0
	if digest := e.Minutes.Digest; digest != "" {
		first := x.around.Look("minutes " + digest).Minutes
		if first == "" {
			x.around.Matter("minutes " + digest).Minutes = x.r.Act.Subject
		}
		empty = empty || first != "" && first != x.r.Act.Subject
	}
	x.set(x.own(), "form", happened("I7.empty", e.Unit, x.on(e.On), counted(empty), 1))
}

// once folds what counts when it is recorded and needs no more than that.
func (x *scene) once() {
	if x.r.Act.Imported() {
		return
	}
	switch e := warning.Now(x.r.Event).(type) {
	case inspection.Closed:
		x.set(x.own(), "closed", happened("I4.defects", e.Unit, x.day, counted(e.Observations > 0), 1))
	case misconduct.Opened:
		x.own().Unit = e.Unit
	case misconduct.OpenedV1:
		x.own().Unit = e.Unit
	case misconduct.FindingConfirmed:
		x.findings(e.Findings)
	case misconduct.FindingConfirmedV1:
		x.findings(e.Now().Findings)
	case warning.Raised:
		x.raised(e)
	case warning.Acknowledged:
		x.taken()
	case warning.OutcomeKnown:
		m := x.own()
		if e.Outcome == warning.OutcomeUnclear {
			x.set(m, "outcome")
			return
		}
		x.set(m, "outcome", happened("D10.precision", m.Unit, x.day, counted(e.Outcome == warning.OutcomeTrue), 1))
	}
}

// findings counts the findings of a case that are a breach of a clause.
func (x *scene) findings(list []misconduct.Finding) {
	m := x.own()
	var out []Fact
	for _, f := range list {
		unit := m.Unit
		if unit == "" {
			unit = x.around.UnitOf(f.Officer)
		}
		out = append(out, happened("I6.breaches", unit, x.day, counted(f.Result.BearsOut() && f.Clause != ""), 1))
	}
	x.set(m, "findings", merged(out)...)
}
