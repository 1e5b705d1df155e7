package misconduct

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// FindingConfirmed: the findings proposed became findings, word for word.
// Departure is why the second person, too, holds measures outside the matrix
// to be right; absent where there are none.
type FindingConfirmed struct {
	Findings  []Finding `json:"findings"`
	Departure string    `json:"departure,omitzero"`
}

func (FindingConfirmed) Kind() domain.Kind { return "misconduct.finding_confirmed.v2" }

func (e FindingConfirmed) Apply(c *Case, act domain.Act) {
	c.Status, c.Confirmed, c.Confirmer = StatusConfirmed, e.Findings, act.Actor
	c.ConfirmedAt, c.AppealFrom = act.OccurredAt, act.RecordedAt
}

// ConfirmFinding confirms exactly the findings proposed. Whoever confirms
// neither proposed nor investigated, and has no tie to the case. A measure
// outside the discipline matrix they approve with a reason of their own.
type ConfirmFinding struct {
	// Departure is that reason, given exactly where a finding departs.
	Departure string `json:"departure,omitzero"`
}

func (ConfirmFinding) Name() domain.CommandName { return "misconduct.confirm_finding" }

func (ConfirmFinding) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c ConfirmFinding) Reads(s Case, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c ConfirmFinding) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("confirmed", StatusProposed), s.unconcerned(act, book), s.apart(act, "confirm", book.Inquiry.ConfirmerSource)); err != nil {
		return nil, err
	}
	if err := domain.First(s.impartial("actor", act.Actor, act, book), notBefore(act, s.ProposedAt, "the proposal"),
		domain.CheckOptionalText("departure", c.Departure)); err != nil {
		return nil, err
	}
	departs := slices.ContainsFunc(s.Proposed, func(f Finding) bool { return f.Departure != "" })
	switch {
	case departs && c.Departure == "":
		return nil, domain.Refuse(domain.CodeIncomplete, "departure", "a measure lies outside the matrix; say why you approve it, or reject the finding").Under(book.Matrix.Source)
	case !departs && c.Departure != "":
		return nil, domain.Refuse(domain.CodeInvalid, "departure", "no measure proposed departs from a matrix")
	}
	return []domain.Event{FindingConfirmed{s.Proposed, c.Departure}}, nil
}

// apart refuses when the one who acts investigated or proposed, or is one of
// the others named.
func (c Case) apart(act domain.Act, verb, rule string, others ...domain.ActorID) error {
	if act.Actor == c.Proposer || slices.Contains(c.Investigated, act.Actor) || slices.Contains(others, act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s took an earlier step of this case; another person must %s it", act.Actor, verb).Under(rule)
	}
	return nil
}

// FindingRejected: the findings proposed went back to the investigators.
type FindingRejected struct {
	Reason string `json:"reason"`
}

func (FindingRejected) Kind() domain.Kind { return "misconduct.finding_rejected.v1" }

func (e FindingRejected) Apply(c *Case, act domain.Act) { c.Status = StatusInquiry }

// RejectFinding sends the findings back to be looked into further.
type RejectFinding struct {
	Reason string `json:"reason"`
}

func (RejectFinding) Name() domain.CommandName { return "misconduct.reject_finding" }

func (RejectFinding) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c RejectFinding) Reads(s Case, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c RejectFinding) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("rejected", StatusProposed), s.unconcerned(act, book),
		s.apart(act, "judge", book.Inquiry.ConfirmerSource), domain.CheckText("reason", c.Reason), notBefore(act, s.ProposedAt, "the proposal")); err != nil {
		return nil, err
	}
	if err := s.impartial("actor", act.Actor, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{FindingRejected(c)}, nil
}

// Dismissed: the inquiry ended without a finding 撤销案件. Officers are those
// whose inquiry ends with it.
type Dismissed struct {
	Officers []domain.OfficerID `json:"officers,omitempty"`
	Reason   string             `json:"reason"`
}

func (Dismissed) Kind() domain.Kind { return "misconduct.dismissed.v1" }

func (e Dismissed) Apply(c *Case, act domain.Act) { c.Status = StatusDismissed }

// Dismiss ends the inquiry before anything is confirmed.
type Dismiss struct {
	Reason string `json:"reason"`
}

func (Dismiss) Name() domain.CommandName { return "misconduct.dismiss" }

func (Dismiss) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Dismiss) Reads(s Case, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c Dismiss) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("dismissed", StatusOpen, StatusInquiry, StatusProposed), s.unconcerned(act, book),
		s.apart(act, "dismiss", book.Inquiry.ConfirmerSource), domain.CheckText("reason", c.Reason), notBefore(act, s.OpenedAt, "the opening")); err != nil {
		return nil, err
	}
	if err := s.impartial("actor", act.Actor, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{Dismissed{s.Officers, c.Reason}}, nil
}
