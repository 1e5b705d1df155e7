package enforcement

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// OverrideAsked: somebody wants a step left out, or taken out of its turn.
type OverrideAsked struct {
	Step   string `json:"step"`
	Reason string `json:"reason"`
}

func (OverrideAsked) Kind() domain.Kind { return "enforcement.override_asked.v1" }

func (e OverrideAsked) Apply(s *Enforcement, act domain.Act) {
	s.Overrides = slices.DeleteFunc(slices.Clone(s.Overrides), func(o Override) bool { return o.Step == e.Step })
	s.Overrides = append(s.Overrides, Override{Step: e.Step, Reason: e.Reason, AskedBy: act.Actor})
	s.Chain = join(s.Chain, act.Actor)
}

// AskOverride asks a second person to let a step be left out, so that those
// after it may be taken. It changes nothing until it is granted.
type AskOverride struct {
	Step   string `json:"step"`
	Reason string `json:"reason"`
}

func (AskOverride) Name() domain.CommandName { return "enforcement.ask_override" }

func (AskOverride) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleLeader} }

// Reads asks for the procedure.
func (c AskOverride) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Procedure}
}

func (c AskOverride) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("overridden", StatusOpen, StatusDecided), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	step, ok := s.procedure(act).Step(c.Step)
	switch {
	case !ok:
		return nil, domain.Refuse(domain.CodeInvalid, "step", "the procedure has no step %q", c.Step).Under(s.rule())
	case step.StepKind == norm.StepDecide:
		return nil, domain.Refuse(domain.CodeRule, "step", "no act goes without its decision").Under(book.Enforcement.Override)
	case s.done(c.Step):
		return nil, domain.Refuse(domain.CodeState, "step", "step %s was taken, or is overridden already", c.Step)
	}
	return []domain.Event{OverrideAsked(c)}, nil
}

// StepOverridden: the step may be left out. Approver granted what AskedBy
// asked for.
type StepOverridden struct {
	Unit     domain.UnitID  `json:"unit"`
	Step     string         `json:"step"`
	Reason   string         `json:"reason"`
	AskedBy  domain.ActorID `json:"askedBy"`
	Approver domain.ActorID `json:"approver"`
}

func (StepOverridden) Kind() domain.Kind { return "enforcement.step_overridden.v1" }

func (e StepOverridden) Apply(s *Enforcement, act domain.Act) {
	s.Overrides = slices.DeleteFunc(slices.Clone(s.Overrides), func(o Override) bool { return o.Step == e.Step })
	s.Overrides = append(s.Overrides, Override{e.Step, e.Reason, e.AskedBy, true})
	s.Chain = join(s.Chain, e.AskedBy, e.Approver)
}

// OverrideStep grants what was asked for with AskOverride. The leader is not
// the one who asked and is not on the case.
type OverrideStep struct {
	Step string `json:"step"`
}

func (OverrideStep) Name() domain.CommandName { return "enforcement.override_step" }

func (OverrideStep) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

// Reads asks for the leader's own file.
func (c OverrideStep) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return sees(domain.OfficerID(act.Actor))
}

func (c OverrideStep) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := s.in("overridden", StatusOpen, StatusDecided); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Overrides, func(o Override) bool { return o.Step == c.Step && !o.Granted })
	if i < 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "step", "nobody asked to leave out step %q", c.Step).Under(book.Enforcement.Override)
	}
	if t, ok := s.taken(c.Step); ok {
		return nil, domain.Refuse(domain.CodeState, "step", "step %s was taken on %s", c.Step, t.On)
	}
	asked := s.Overrides[i]
	if err := domain.First(s.second(asked.AskedBy, act, book.Enforcement.Override),
		s.unbiased("actor", act.Actor, book.Calendar.Day(act.OccurredAt), act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{StepOverridden{s.Unit, c.Step, asked.Reason, asked.AskedBy, act.Actor}}, nil
}
