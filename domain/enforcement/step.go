package enforcement

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// The kinds of step that only those on the case take, each with a valid
// certificate; and those in which the facts are established.
var (
	casework      = []norm.StepKind{norm.StepInvestigate, norm.StepPreserve, norm.StepNotify, norm.StepStatement, norm.StepServe, norm.StepExecute}
	investigation = []norm.StepKind{norm.StepInvestigate, norm.StepPreserve}
)

// StepTaken: a step of the procedure was taken by one officer, or by two
// together.
type StepTaken struct {
	Step     string            `json:"step"`
	StepKind norm.StepKind     `json:"kind"`
	Officer  domain.OfficerID  `json:"officer"`
	Second   domain.OfficerID  `json:"second,omitzero"`
	On       domain.Date       `json:"on"`
	Note     string            `json:"note,omitzero"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
	// Amount is what a notice announces, in fen.
	Amount int64 `json:"amount,omitzero"`
	// DaysLate counts the days past the term, where the step has one.
	DaysLate int `json:"daysLate,omitzero"`
	// MadeUp: the step had been left out by an override and was taken after
	// all.
	MadeUp bool `json:"madeUp"`
}

func (StepTaken) Kind() domain.Kind { return "enforcement.step_taken.v1" }

func (e StepTaken) Apply(s *Enforcement, act domain.Act) {
	who := persons(e.Officer, e.Second)
	s.Steps = append(slices.Clip(s.Steps), StepState{e.Step, who, e.On})
	s.Chain = join(s.Chain, who...)
	if slices.Contains(investigation, e.StepKind) {
		s.Investigators = join(s.Investigators, who...)
	}
	if e.StepKind == norm.StepNotify {
		s.NotifiedOn, s.Announced = e.On, e.Amount
	}
}

// TakeStep records a step of the procedure by one of those who took it. The
// decision is not among them: it is Decide.
type TakeStep struct {
	// Step is its code in the procedure.
	Step string `json:"step"`
	// Officer is whoever acts when absent; Second took the step together
	// with them.
	Officer domain.OfficerID `json:"officer,omitzero"`
	Second  domain.OfficerID `json:"second,omitzero"`
	// On is the day of the act when absent.
	On       domain.Date       `json:"on,omitzero"`
	Note     string            `json:"note,omitzero"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
	// Amount is what a notice announces, in fen; for a notice alone. What is
	// decided after the party spoke is never more.
	Amount int64 `json:"amount,omitzero"`
}

func (TakeStep) Name() domain.CommandName { return "enforcement.take_step" }

func (TakeStep) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleLeader} }

// Reads asks for the procedure and the files of those who take the step.
func (c TakeStep) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return append(sees(c.Officer, c.Second, domain.OfficerID(act.Actor)), s.Procedure)
}

func (c TakeStep) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if c.Officer == "" {
		c.Officer = domain.OfficerID(act.Actor)
	}
	if err := domain.First(s.in("taken further", StatusOpen, StatusDecided), c.check(act)); err != nil {
		return nil, err
	}
	v := s.procedure(act)
	step, ok := v.Step(c.Step)
	if !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "step", "the procedure has no step %q", c.Step).Under(s.rule())
	}
	if c.Amount != 0 && step.StepKind != norm.StepNotify {
		return nil, domain.Refuse(domain.CodeInvalid, "amount", "is what a notice announces; step %s is none", c.Step)
	}
	if err := s.order(v, step); err != nil {
		return nil, err
	}
	on, err := dayOf(c.On, s.notBefore(v, step, book), act, book)
	if err := domain.First(err, c.who(s, v, step, on, act, book), s.atHearing(step, on, book)); err != nil {
		return nil, err
	}
	return []domain.Event{StepTaken{
		Step: c.Step, StepKind: step.StepKind, Officer: c.Officer, Second: c.Second, On: on, Note: c.Note, Evidence: c.Evidence,
		Amount: c.Amount, DaysLate: s.daysLate(step, on, book), MadeUp: s.overridden(c.Step),
	}}, nil
}

// check refuses malformed fields, and an actor who did not take the step.
func (c TakeStep) check(act domain.Act) error {
	if err := domain.First(domain.CheckID("officer", c.Officer), domain.CheckOptionalID("second", c.Second),
		domain.CheckOptionalText("note", c.Note), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return err
	}
	switch {
	case c.Officer == c.Second:
		return domain.Refuse(domain.CodeInvalid, "second", "is the same person; two officers are two")
	case act.Actor != domain.ActorID(c.Officer) && act.Actor != domain.ActorID(c.Second):
		return domain.Refuse(domain.CodeForbidden, "officer", "who takes a step records it; %s took none", act.Actor)
	case c.Amount < 0:
		return domain.Refuse(domain.CodeInvalid, "amount", "is negative")
	}
	return nil
}

// order refuses a step out of its turn.
func (s Enforcement) order(v norm.Version, step norm.Step) error {
	if step.StepKind == norm.StepDecide {
		return domain.Refuse(domain.CodeInvalid, "step", "step %s is the decision; decide the act instead", step.Code)
	}
	if t, ok := s.taken(step.Code); ok {
		return domain.Refuse(domain.CodeExists, "step", "step %s was taken on %s", step.Code, t.On)
	}
	if m := s.missing(v, step.Code); m != "" {
		return domain.Refuse(domain.CodeIncomplete, "step", "step %s comes before %s and is missing", m, step.Code).Under(s.rule())
	}
	if s.overridden(step.Code) || (step.StepKind == norm.StepHearing && s.HearingAsked && s.Status == StatusOpen) {
		return nil
	}
	after := v.After(step.Code)
	for _, t := range s.Steps {
		if slices.Contains(after, t.Code) {
			return domain.Refuse(domain.CodeState, "step", "step %s comes before %s, which was taken on %s", step.Code, t.Code, t.On).Under(s.rule())
		}
	}
	return nil
}

// notBefore returns the first day on which the step could be taken: that of
// the opening, or of the last step before it.
func (s Enforcement) notBefore(v norm.Version, step norm.Step, book *domain.Rulebook) domain.Date {
	first, before := book.Calendar.Day(s.OpenedAt), v.Before(step.Code)
	for _, t := range s.Steps {
		if before[t.Code] && t.On.After(first) {
			first = t.On
		}
	}
	return first
}

// who refuses persons who may not take the step.
func (c TakeStep) who(s Enforcement, v norm.Version, step norm.Step, on domain.Date, act domain.Act, book *domain.Rulebook) error {
	establishes := slices.Contains(investigation, step.StepKind)
	if c.Second == "" && (step.TwoOfficers || (establishes && s.ActKind == KindPenalty)) {
		return domain.Refuse(domain.CodeRule, "second", "two officers take step %s together", step.Code).Under(book.Enforcement.OfficersSource)
	}
	for i, person := range persons(c.Officer, c.Second) {
		field := []string{"officer", "second"}[i]
		if err := domain.First(s.unbiased(field, person, on, act, book), s.separate(field, person, v, step.Code)); err != nil {
			return err
		}
		if step.StepKind == norm.StepHearing && slices.Contains(s.Investigators, person) {
			return domain.Refuse(domain.CodeConflict, field, "%s investigates this act and does not hold its hearing", person).Under(book.Enforcement.HearingChair)
		}
		if !slices.Contains(casework, step.StepKind) {
			continue
		}
		id := domain.OfficerID(person)
		if !slices.Contains(s.Officers, id) {
			return domain.Refuse(domain.CodeForbidden, field, "%s is not on the case; step %s is for its officers", person, step.Code).Under(book.Enforcement.OfficersSource)
		}
		if err := s.certified(field, []domain.OfficerID{id}, on, act, book); err != nil {
			return err
		}
	}
	return nil
}

// separate refuses a person who took a step that conflicts with this one.
func (s Enforcement) separate(field string, person domain.ActorID, v norm.Version, code string) error {
	for _, t := range s.Steps {
		if slices.Contains(t.Persons, person) && v.Conflict(t.Code, code) {
			return domain.Refuse(domain.CodeConflict, field, "%s took step %s; another person must take %s", person, t.Code, code).Under(s.rule())
		}
	}
	return nil
}

// daysLate returns by how many days a step that follows the decision of a
// penalty overruns its term.
func (s Enforcement) daysLate(step norm.Step, on domain.Date, book *domain.Rulebook) int {
	var term domain.Term
	switch step.StepKind {
	case norm.StepServe:
		term = book.Enforcement.Serve
	case norm.StepPublish:
		term = book.Enforcement.Publish
	}
	if term.IsZero() || s.ActKind != KindPenalty {
		return 0
	}
	return on.DaysPast(term.After(s.DecidedOn, book.Calendar))
}
