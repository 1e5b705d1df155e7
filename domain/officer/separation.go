package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// SuspendedFromDuty: the officer was taken off duty 停职 but stays in the
// service.
type SuspendedFromDuty struct {
	Reason string        `json:"reason"`
	Case   domain.CaseID `json:"case,omitzero"`
}

func (SuspendedFromDuty) Kind() domain.Kind { return "officer.suspended_from_duty.v1" }

func (e SuspendedFromDuty) Apply(o *Officer, act domain.Act) {
	if o.Status == StatusServing {
		o.Status = StatusSuspended
	}
}

// SuspendFromDuty takes the officer off duty, such as during an inquiry.
type SuspendFromDuty struct {
	Reason string `json:"reason"`
	// Case is the misconduct case it goes with, if any.
	Case domain.CaseID `json:"case,omitzero"`
}

func (SuspendFromDuty) Name() domain.CommandName { return "officer.suspend_from_duty" }

func (SuspendFromDuty) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleHR, domain.RoleInspector}
}

func (c SuspendFromDuty) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.onDuty("suspended again"), byAnother(act, book),
		domain.CheckText("reason", c.Reason), domain.CheckOptionalID("case", c.Case)); err != nil {
		return nil, err
	}
	return []domain.Event{SuspendedFromDuty(c)}, nil
}

// ReturnedToDuty: the suspension from duty ended.
type ReturnedToDuty struct{}

func (ReturnedToDuty) Kind() domain.Kind { return "officer.returned_to_duty.v1" }

func (e ReturnedToDuty) Apply(o *Officer, act domain.Act) {
	if o.Status == StatusSuspended {
		o.Status = StatusServing
	}
}

// ReturnToDuty ends a suspension from duty.
type ReturnToDuty struct{}

func (ReturnToDuty) Name() domain.CommandName { return "officer.return_to_duty" }

func (ReturnToDuty) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleHR} }

func (c ReturnToDuty) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if o.Status != StatusSuspended {
		return nil, domain.Refuse(domain.CodeState, "", "the officer is not suspended from duty")
	}
	return []domain.Event{ReturnedToDuty{}}, nil
}

// Reason says why an officer left the service.
type Reason string

// The reasons of separation.
const (
	ReasonRetired        Reason = "retired"
	ReasonResigned       Reason = "resigned"
	ReasonDismissed      Reason = "dismissed"
	ReasonTransferredOut Reason = "transferred_out"
	ReasonDeceased       Reason = "deceased"
)

// reasons lists all; the first ones wait for the end of an inquiry.
var (
	ownReasons = []Reason{ReasonRetired, ReasonResigned, ReasonTransferredOut}
	reasons    = append(slices.Clone(ownReasons), ReasonDismissed, ReasonDeceased)
)

// Separated: the officer left the service.
type Separated struct {
	On     domain.Date `json:"on"`
	Reason Reason      `json:"reason"`
}

func (Separated) Kind() domain.Kind { return "officer.separated.v1" }

func (e Separated) Apply(o *Officer, act domain.Act) { o.leave(e.On, e.Reason) }

// leave folds the end of service. Open inquiries and restrictions outlast it.
func (o *Officer) leave(on domain.Date, why Reason) {
	o.Status, o.LeftOn, o.LeftFor, o.LedLast = StatusSeparated, on, why, o.Leader
	o.takeUp("", o.Unit, false, false, domain.Date{})
}

// Separate ends the officer's service. An open inquiry does not stop a
// dismissal, nor death.
type Separate struct {
	// On is the first day out of service; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
	// Reason is retired, resigned, dismissed, transferred_out or deceased.
	Reason Reason `json:"reason"`
}

func (Separate) Name() domain.CommandName { return "officer.separate" }

func (Separate) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Separate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if !slices.Contains(reasons, c.Reason) {
		return nil, domain.Refuse(domain.CodeInvalid, "reason", "%q is none of %v", c.Reason, reasons)
	}
	if slices.Contains(ownReasons, c.Reason) {
		if err := o.notInquired(string(c.Reason), book); err != nil {
			return nil, err
		}
	}
	earliest := o.EnrolledOn
	if o.Since.After(earliest) {
		earliest = o.Since
	}
	on, err := effective(c.On, earliest, act, book)
	if err != nil {
		return nil, err
	}
	c.On = on
	return []domain.Event{Separated(c)}, nil
}
