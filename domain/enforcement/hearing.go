package enforcement

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// HearingAsked: the party asked for a hearing 申请听证. It can no longer be
// left out.
type HearingAsked struct {
	On domain.Date `json:"on"`
}

func (HearingAsked) Kind() domain.Kind { return "enforcement.hearing_asked.v1" }

func (e HearingAsked) Apply(s *Enforcement, act domain.Act) { s.HearingAsked = true }

// AskHearing files what the party asked for within the rulebook's term after
// the notice.
type AskHearing struct {
	// On is the day the party asked; that of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (AskHearing) Name() domain.CommandName { return "enforcement.ask_hearing" }

func (AskHearing) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleHandler, domain.RoleIntake, domain.RoleLeader}
}

// Reads asks for the procedure.
func (c AskHearing) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Procedure}
}

func (c AskHearing) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("heard", StatusOpen), s.hearable(act, book)); err != nil {
		return nil, err
	}
	if s.HearingAsked {
		return nil, domain.Refuse(domain.CodeExists, "", "the party asked for a hearing already")
	}
	on, err := dayOf(c.On, s.NotifiedOn, act, book)
	if err != nil {
		return nil, err
	}
	if last := book.Enforcement.AskHearing.After(s.NotifiedOn, book.Calendar); on.After(last) {
		return nil, domain.Refuse(domain.CodeTooLate, "on", "a hearing could be asked for up to %s", last).Under(book.Enforcement.AskHearing.Source)
	}
	return []domain.Event{HearingAsked{on}}, nil
}

// hearable refuses where the procedure knows no hearing, the party has no
// notice yet, or the hearing was held.
func (s Enforcement) hearable(act domain.Act, book *domain.Rulebook) error {
	step, ok := s.procedure(act).StepOf(norm.StepHearing)
	if !ok {
		return domain.Refuse(domain.CodeRule, "", "the procedure knows no hearing").Under(s.rule())
	}
	if s.NotifiedOn.IsZero() {
		return domain.Refuse(domain.CodeIncomplete, "", "the party has no notice yet").Under(book.Enforcement.AskHearing.Source)
	}
	if t, held := s.taken(step.Code); held {
		return domain.Refuse(domain.CodeState, "", "the hearing was held on %s", t.On)
	}
	return nil
}

// HearingScheduled: the party was told on which day the hearing is held.
type HearingScheduled struct {
	HeldOn domain.Date `json:"heldOn"`
}

func (HearingScheduled) Kind() domain.Kind { return "enforcement.hearing_scheduled.v1" }

func (e HearingScheduled) Apply(s *Enforcement, act domain.Act) { s.HearingOn = e.HeldOn }

// ScheduleHearing tells the party the day of the hearing, far enough ahead.
// A later one replaces it.
type ScheduleHearing struct {
	HeldOn domain.Date `json:"heldOn"`
}

func (ScheduleHearing) Name() domain.CommandName { return "enforcement.schedule_hearing" }

func (ScheduleHearing) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleLeader}
}

// Reads asks for the procedure.
func (c ScheduleHearing) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Procedure}
}

func (c ScheduleHearing) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("heard", StatusOpen), s.hearable(act, book)); err != nil {
		return nil, err
	}
	notice := book.Enforcement.HearingNotice
	if first := notice.After(book.Calendar.Day(act.OccurredAt), book.Calendar); c.HeldOn.Before(first) {
		return nil, domain.Refuse(domain.CodeTooEarly, "heldOn", "the party is told %d %s ahead; the first day is %s", notice.Length, notice.Unit, first).Under(notice.Source)
	}
	return []domain.Event{HearingScheduled(c)}, nil
}

// atHearing refuses to hold the hearing before the day the party was told.
func (s Enforcement) atHearing(step norm.Step, on domain.Date, book *domain.Rulebook) error {
	switch {
	case step.StepKind != norm.StepHearing:
		return nil
	case s.HearingOn.IsZero():
		return domain.Refuse(domain.CodeIncomplete, "step", "tell the party the day of the hearing first").Under(book.Enforcement.HearingNotice.Source)
	case on.Before(s.HearingOn):
		return domain.Refuse(domain.CodeTooEarly, "on", "the party was told that the hearing is held on %s", s.HearingOn).Under(book.Enforcement.HearingNotice.Source)
	}
	return nil
}

// hearingOpen refuses a penalty while the party may still ask for a hearing.
func (s Enforcement) hearingOpen(v norm.Version, today domain.Date, book *domain.Rulebook) error {
	step, ok := v.StepOf(norm.StepHearing)
	if !ok || s.done(step.Code) || s.NotifiedOn.IsZero() || s.ActKind != KindPenalty {
		return nil
	}
	if last := book.Enforcement.AskHearing.After(s.NotifiedOn, book.Calendar); !today.After(last) {
		return domain.Refuse(domain.CodeTooEarly, "", "the party may ask for a hearing up to %s", last).Under(book.Enforcement.AskHearing.Source)
	}
	return nil
}
