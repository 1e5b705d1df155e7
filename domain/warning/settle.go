package warning

import (
	"github.com/probity-ledger/probity/domain"
)

// Target is what a warning leads to.
type Target string

// The targets.
const (
	TargetInspection Target = "inspection" // 内部监督
	TargetComplaint  Target = "complaint"  // 投诉举报
	TargetMisconduct Target = "misconduct" // 违纪案件
)

// ActedOn: the warning led to an inspection, a complaint or a case: the one
// that is named. Conduct is what is to be looked into there.
type ActedOn struct {
	To         Target              `json:"to"`
	Inspection domain.InspectionID `json:"inspection,omitzero"`
	Complaint  domain.ComplaintID  `json:"complaint,omitzero"`
	Case       domain.CaseID       `json:"case,omitzero"`
	Unit       domain.UnitID       `json:"unit,omitzero"`
	Officer    domain.OfficerID    `json:"officer,omitzero"`
	Conduct    string              `json:"conduct"`
}

func (ActedOn) Kind() domain.Kind { return "warning.acted_on.v1" }

func (e ActedOn) Apply(w *Warning, act domain.Act) { w.Status = StatusActedOn }

// ActOn leads a reviewed warning on. A case is opened by what follows from
// it; an inspection and a complaint are opened by their own people under the
// id named here.
type ActOn struct {
	// To is inspection, complaint or misconduct.
	To Target `json:"to"`
	// ID is the id of the inspection, complaint or case.
	ID string `json:"id"`
	// Conduct says what is to be looked into; the explanation of the warning,
	// in Chinese before English where both have room, when absent.
	Conduct string `json:"conduct,omitzero"`
}

func (ActOn) Name() domain.CommandName { return "warning.act_on" }

func (ActOn) By() []domain.Role { return reviewers() }

// Decide refuses a case about a mere post: a case is against an officer or
// within a unit.
func (c ActOn) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(w.reviewed("acted on"), w.unconcerned(act, book),
		domain.CheckOneOf("to", c.To, TargetInspection, TargetComplaint, TargetMisconduct), domain.CheckID("id", c.ID),
		domain.CheckOptionalText("conduct", c.Conduct)); err != nil {
		return nil, err
	}
	e := ActedOn{To: c.To, Unit: w.Unit, Officer: w.Officer, Conduct: c.Conduct}
	if e.Conduct == "" {
		e.Conduct = w.explained()
	}
	switch c.To {
	case TargetInspection:
		e.Inspection = domain.InspectionID(c.ID)
	case TargetComplaint:
		e.Complaint = domain.ComplaintID(c.ID)
	case TargetMisconduct:
		if w.Officer == "" && w.Unit == "" {
			return nil, domain.Refuse(domain.CodeInvalid, "to", "the warning names no officer and no unit, so there is nobody to open a case against; inspect the post")
		}
		e.Case = domain.CaseID(c.ID)
	}
	return []domain.Event{e}, nil
}

// explained is what the warning says of itself, in Chinese before English where
// it says both and both have room.
func (w Warning) explained() string {
	if both := w.ExplanationChinese + " " + w.Explanation; w.ExplanationChinese != "" && len(both) <= domain.MaxText {
		return both
	}
	return w.Explanation
}

// reviewed refuses before the review, and after the warning was settled.
func (w Warning) reviewed(verb string) error {
	if w.Status == StatusRaised || w.Status == StatusAcknowledged {
		return domain.Refuse(domain.CodeIncomplete, "", "review the warning before it is %s", verb)
	}
	return w.in(verb, StatusReviewed)
}

// Dismissed: nothing follows from the warning.
type Dismissed struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	Reason  string           `json:"reason"`
}

func (Dismissed) Kind() domain.Kind { return "warning.dismissed.v1" }

func (e Dismissed) Apply(w *Warning, act domain.Act) { w.Status = StatusDismissed }

// Dismiss ends a reviewed warning with a reason.
type Dismiss struct {
	Reason string `json:"reason"`
}

func (Dismiss) Name() domain.CommandName { return "warning.dismiss" }

func (Dismiss) By() []domain.Role { return reviewers() }

func (c Dismiss) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(w.reviewed("dismissed"), w.unconcerned(act, book), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Dismissed{w.Officer, c.Reason}}, nil
}

// Outcome tells whether the warning was right.
type Outcome string

// The outcomes.
const (
	OutcomeTrue    Outcome = "true"
	OutcomeFalse   Outcome = "false"
	OutcomeUnclear Outcome = "unclear"
)

// OutcomeKnown: it came out whether the warning was right. A later one
// replaces the earlier.
type OutcomeKnown struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	Outcome Outcome          `json:"outcome"`
	Note    string           `json:"note,omitzero"`
}

func (OutcomeKnown) Kind() domain.Kind { return "warning.outcome_known.v1" }

func (e OutcomeKnown) Apply(w *Warning, act domain.Act) { w.Outcome = e.Outcome }

// RecordOutcome says whether a settled warning was right. The engine's
// precision is counted from it.
type RecordOutcome struct {
	// Outcome is true, false or unclear.
	Outcome Outcome `json:"outcome"`
	Note    string  `json:"note,omitzero"`
}

func (RecordOutcome) Name() domain.CommandName { return "warning.record_outcome" }

func (RecordOutcome) By() []domain.Role { return append(reviewers(), domain.RoleSystem) }

func (c RecordOutcome) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(w.in("given an outcome", StatusActedOn, StatusDismissed), w.unconcerned(act, book),
		domain.CheckOneOf("outcome", c.Outcome, OutcomeTrue, OutcomeFalse, OutcomeUnclear), domain.CheckOptionalText("note", c.Note)); err != nil {
		return nil, err
	}
	if c.Outcome == w.Outcome {
		return nil, domain.Refuse(domain.CodeState, "outcome", "the outcome is %s already", c.Outcome)
	}
	return []domain.Event{OutcomeKnown{w.Officer, c.Outcome, c.Note}}, nil
}
