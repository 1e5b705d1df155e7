package traceback

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Cause is what gave rise to a trace.
type Cause string

// The causes.
const (
	CauseFinding       Cause = "finding"        // 违纪认定
	CauseOverturnedAct Cause = "overturned_act" // 执法行为被撤销
	CauseMissedTarget  Cause = "missed_target"  // 计划目标未完成
)

// Opened: the tracing of a fault began.
type Opened struct {
	Cause       Cause                `json:"cause"`
	Case        domain.CaseID        `json:"case,omitzero"`
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Plan        domain.PlanID        `json:"plan,omitzero"`
	Target      string               `json:"target,omitzero"`
	Officers    []domain.OfficerID   `json:"officers,omitempty"`
	Unit        domain.UnitID        `json:"unit,omitzero"`
	Fault       string               `json:"fault"`
	Due         domain.Date          `json:"due,omitzero"`
}

func (Opened) Kind() domain.Kind { return "traceback.opened.v1" }

func (e Opened) Apply(t *Traceback, act domain.Act) {
	t.Status, t.Cause, t.Case, t.Enforcement, t.Plan, t.Target = StatusOpen, e.Cause, e.Case, e.Enforcement, e.Plan, e.Target
	t.Officers, t.Unit, t.Fault, t.Due = slices.Clip(e.Officers), e.Unit, e.Fault, e.Due
}

// Open begins to trace who answers for a fault.
type Open struct {
	// Cause is finding, overturned_act or missed_target.
	Cause Cause `json:"cause"`
	// Case is required where the cause is a finding, Enforcement where it is
	// an overturned act, Plan and Target where it is a missed target; no
	// other may be given.
	Case        domain.CaseID        `json:"case,omitzero"`
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Plan        domain.PlanID        `json:"plan,omitzero"`
	Target      string               `json:"target,omitzero"`
	// Officers, Unit: where the fault is first seen; at least one of them.
	Officers []domain.OfficerID `json:"officers,omitempty"`
	Unit     domain.UnitID      `json:"unit,omitzero"`
	// Fault says what went wrong.
	Fault string `json:"fault"`
}

func (Open) Name() domain.CommandName { return "traceback.open" }

func (Open) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleSystem} }

// Decide sets the last day for the conclusion where the rulebook has a term.
func (c Open) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if t.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this trace was opened already")
	}
	if err := domain.First(
		domain.CheckOneOf("cause", c.Cause, CauseFinding, CauseOverturnedAct, CauseMissedTarget), c.checkSource(),
		domain.CheckIDs("officers", c.Officers), domain.CheckOptionalID("unit", c.Unit), domain.CheckText("fault", c.Fault)); err != nil {
		return nil, err
	}
	if len(c.Officers) == 0 && c.Unit == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "officers", "name the officers, or the unit while none is identified")
	}
	if slices.Contains(c.Officers, domain.OfficerID(act.Actor)) {
		return nil, domain.Refuse(domain.CodeConflict, "officers", "nobody may trace their own fault; another inspector must").Under(book.Traceback.Separation)
	}
	var due domain.Date
	if !book.Traceback.Conclude.IsZero() {
		due = book.Traceback.Conclude.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	}
	return []domain.Event{Opened{c.Cause, c.Case, c.Enforcement, c.Plan, c.Target, c.Officers, c.Unit, c.Fault, due}}, nil
}

// checkSource refuses unless exactly what the cause asks for is named.
func (c Open) checkSource() error {
	sources := []struct {
		cause     Cause
		field, id string
	}{
		{CauseFinding, "case", string(c.Case)},
		{CauseOverturnedAct, "enforcement", string(c.Enforcement)},
		{CauseMissedTarget, "plan", string(c.Plan)},
		{CauseMissedTarget, "target", c.Target},
	}
	for _, s := range sources {
		if s.cause == c.Cause {
			if err := domain.CheckID(s.field, s.id); err != nil {
				return err
			}
		} else if s.id != "" {
			return domain.Refuse(domain.CodeInvalid, s.field, "does not go with the cause %s", c.Cause)
		}
	}
	return nil
}
