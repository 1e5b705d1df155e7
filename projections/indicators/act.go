package indicators

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// act is what the facts about an administrative act are derived from.
type act struct {
	Unit      domain.UnitID
	Procedure domain.NormID
	Version   int
	Steps     []taken `json:",omitempty"`
	// Conflict: one person took two steps that the procedure keeps apart.
	// Defect: a step was late, or made up for afterwards.
	Conflict bool `json:",omitzero"`
	Defect   bool `json:",omitzero"`
	// Decided is the day of the decision, Overrides the steps left out by then
	// and since.
	Decided   Day `json:",omitzero"`
	Overrides int `json:",omitzero"`
	Reviews   int `json:",omitzero"`
}

type taken struct {
	Step string
	Who  []domain.ActorID
}

// enforcement folds what happens to an act.
func (x *scene) enforcement() {
	if x.r.Act.Imported() {
		return
	}
	m := x.own()
	if m.Act == nil {
		m.Act = &act{}
	}
	a := m.Act
	switch e := x.r.Event.(type) {
	case enforcement.Opened:
		a.Unit, a.Procedure, a.Version = e.Unit, e.Procedure, e.ProcedureVersion
	case enforcement.StepTaken:
		who := []domain.ActorID{domain.ActorID(e.Officer)}
		if e.Second != "" {
			who = append(who, domain.ActorID(e.Second))
		}
		conflict, defect := a.Conflict, a.Defect
		x.take(a, e.Step, who)
		a.Defect = a.Defect || e.DaysLate > 0 || e.MadeUp
		if a.Decided != 0 && (a.Conflict != conflict || a.Defect != defect) {
			x.decided(m)
		}
	case enforcement.Decided:
		x.decide(m, e)
	case enforcement.StepOverridden: // the decision counts those before it
		if a.Decided != 0 {
			a.Overrides++
			x.decided(m)
		}
	case enforcement.Reviewed:
		a.Reviews++
		reversed := e.Outcome == enforcement.ResultOverturned || e.Outcome == enforcement.ResultVaried
		x.set(m, fmt.Sprint("review ", a.Reviews), happened("D2.reversed", e.Unit, x.on(e.On), counted(reversed), 1))
	}
}

// take notes who took a step, and whether they took one that it conflicts
// with.
func (x *scene) take(a *act, step string, who []domain.ActorID) {
	for _, c := range x.conflicts(a) {
		other := ""
		switch step {
		case c.A:
			other = c.B
		case c.B:
			other = c.A
		}
		for _, t := range a.Steps {
			if t.Step == other && slices.ContainsFunc(who, func(p domain.ActorID) bool { return slices.Contains(t.Who, p) }) {
				a.Conflict = true
			}
		}
	}
	a.Steps = append(a.Steps, taken{step, who})
}

// conflicts are those of the procedure the act is bound to.
func (x *scene) conflicts(a *act) []conflict {
	t := x.around.Look(normMatter(a.Procedure)).Norm
	if t == nil {
		return nil
	}
	for _, v := range t.Versions {
		if v.Number == a.Version {
			return v.Conflicts
		}
	}
	return nil
}

func (x *scene) decide(m *Matter, e enforcement.Decided) {
	a := m.Act
	if a.Unit == "" {
		a.Unit = e.Unit
	}
	x.take(a, e.Step, []domain.ActorID{x.r.Act.Actor})
	a.Decided, a.Overrides = x.on(e.On), e.Overrides
	a.Defect = a.Defect || e.DaysLate > 0
	x.decided(m)
	if e.Tier == "" {
		return
	}
	like := fmt.Sprintf("%s/%d/%s/%s", e.Benchmark, e.BenchmarkVersion, e.Clause, e.Tier)
	spread := happened("D5.spread", a.Unit, a.Decided, e.Amount, 1)
	spread.Label = like
	x.set(m, "tier", happened("D5.outside", a.Unit, a.Decided, counted(e.Deviated), 1), spread)
}

// decided sets the facts about how an act came to its decision.
func (x *scene) decided(m *Matter) {
	a := m.Act
	x.set(m, "decided",
		happened("I4.conflict", a.Unit, a.Decided, counted(a.Conflict), 1),
		happened("I10.overrides", a.Unit, a.Decided, int64(a.Overrides), 1),
		happened("D2.defects", a.Unit, a.Decided, counted(a.Defect || a.Overrides > 0), 1))
}
