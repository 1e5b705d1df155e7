package plan

import "github.com/probity-ledger/probity/domain"

// MostStages and MostTargets bound a plan, so that the report on a stage fits
// one event: stages of a plan, and targets of a stage.
const (
	MostStages  = 24
	MostTargets = 100
)

// Stage is a part of the plan's period, at whose end targets are compared.
type Stage struct {
	// Stage is its code, unique in the plan.
	Stage string `json:"stage"`
	Title string `json:"title,omitzero"`
	// Ends is its last day.
	Ends domain.Date `json:"ends"`
}

// Drafted: a plan for a period was put forward.
type Drafted struct {
	Title  string           `json:"title"`
	From   domain.Date      `json:"from"`
	To     domain.Date      `json:"to"`
	Unit   domain.UnitID    `json:"unit"`
	Owner  domain.OfficerID `json:"owner"`
	Stages []Stage          `json:"stages"`
}

func (Drafted) Kind() domain.Kind { return "plan.drafted.v1" }

func (e Drafted) Apply(p *Plan, act domain.Act) {
	p.Status, p.Unit, p.Owner, p.From, p.To = StatusDrafted, e.Unit, e.Owner, e.From, e.To
	p.Stages = nil
	for _, s := range e.Stages {
		p.Stages = append(p.Stages, StageState{Code: s.Stage, Ends: s.Ends, Status: StageOpen})
	}
}

// Draft puts a plan forward, with the stages its period is divided into.
type Draft struct {
	Title string `json:"title"`
	// From and To are the first and last day of its period.
	From domain.Date   `json:"from"`
	To   domain.Date   `json:"to"`
	Unit domain.UnitID `json:"unit"`
	// Owner keeps the plan.
	Owner domain.OfficerID `json:"owner"`
	// Stages in the order of their ends, 1 to MostStages.
	Stages []Stage `json:"stages"`
}

func (Draft) Name() domain.CommandName { return "plan.draft" }

func (Draft) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c Draft) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if p.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this plan is on file already")
	}
	if err := domain.First(domain.CheckText("title", c.Title), checkPeriod(c.From, c.To),
		domain.CheckID("unit", c.Unit), domain.CheckID("owner", c.Owner), c.checkStages()); err != nil {
		return nil, err
	}
	return []domain.Event{Drafted(c)}, nil
}

// checkStages refuses stages that do not follow one another in the period.
func (c Draft) checkStages() error {
	if n := len(c.Stages); n < 1 || n > MostStages {
		return domain.Refuse(domain.CodeInvalid, "stages", "there are %d; a plan has 1 to %d", n, MostStages)
	}
	last, seen := c.From, map[string]bool{}
	for i, s := range c.Stages {
		if err := domain.First(domain.CheckID("stages", s.Stage), domain.CheckOptionalText("stages", s.Title)); err != nil {
			return err
		}
		if seen[s.Stage] {
			return domain.Refuse(domain.CodeInvalid, "stages", "two are called %s", s.Stage)
		}
		if s.Ends.IsZero() || s.Ends.Before(last) || s.Ends.After(c.To) || (i > 0 && s.Ends == last) {
			return domain.Refuse(domain.CodeInvalid, "stages", "stage %s ends on %q; stages end one after the other, within the plan's period", s.Stage, s.Ends)
		}
		last, seen[s.Stage] = s.Ends, true
	}
	return nil
}

// checkPeriod refuses a period that has no first or last day, or ends before
// it begins.
func checkPeriod(from, to domain.Date) error {
	if from.IsZero() {
		return domain.Refuse(domain.CodeInvalid, "from", "is required")
	}
	if to.Before(from) {
		return domain.Refuse(domain.CodeInvalid, "to", "%q is no day on or after %s", to, from)
	}
	return nil
}

// Adopted: the leadership made the plan binding.
type Adopted struct {
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Adopted) Kind() domain.Kind { return "plan.adopted.v1" }

func (e Adopted) Apply(p *Plan, act domain.Act) { p.Status = StatusAdopted }

// Adopt makes a drafted plan binding.
type Adopt struct {
	// Evidence is such as the minutes of the meeting.
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Adopt) Name() domain.CommandName { return "plan.adopt" }

func (Adopt) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Adopt) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.in("adopted", StatusDrafted), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	return []domain.Event{Adopted(c)}, nil
}

// TargetSet: a unit and a person are to reach something by a day.
type TargetSet struct {
	Target  string           `json:"target"`
	Title   string           `json:"title"`
	Due     domain.Date      `json:"due"`
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Stage   string           `json:"stage"`
	Measure string           `json:"measure,omitzero"`
}

func (TargetSet) Kind() domain.Kind { return "plan.target_set.v1" }

func (e TargetSet) Apply(p *Plan, act domain.Act) {
	p.Targets = append(p.Targets[:len(p.Targets):len(p.Targets)],
		Target{Code: e.Target, Stage: e.Stage, Due: e.Due, Unit: e.Unit, Officer: e.Officer, Result: ResultOpen})
}

// SetTarget adds a target to a stage that is not reported on yet, before or
// after the plan is adopted.
type SetTarget struct {
	// Target is its code, unique in the plan.
	Target string `json:"target"`
	Title  string `json:"title"`
	// Due is the last day, between the day of the act and the stage's end.
	Due domain.Date `json:"due"`
	// Unit and Officer answer for it.
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Stage   string           `json:"stage"`
	// Measure says how one will see that it is reached.
	Measure string `json:"measure,omitzero"`
}

func (SetTarget) Name() domain.CommandName { return "plan.set_target" }

func (SetTarget) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c SetTarget) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.in("given targets", StatusDrafted, StatusAdopted), domain.CheckID("target", c.Target),
		domain.CheckText("title", c.Title), domain.CheckOptionalText("measure", c.Measure)); err != nil {
		return nil, err
	}
	if c.Unit == "" || c.Officer == "" {
		field := "unit"
		if c.Unit != "" {
			field = "officer"
		}
		return nil, domain.Refuse(domain.CodeRule, field, "is missing; a target has a responsible unit and a responsible person").Under(book.Plan.Duty)
	}
	stage, err := p.stage(c.Stage)
	if err := domain.First(domain.CheckID("unit", c.Unit), domain.CheckID("officer", c.Officer), err,
		stage.in("given targets", StageOpen, StageReturned)); err != nil {
		return nil, err
	}
	today := book.Calendar.Day(act.OccurredAt)
	if c.Due.Before(p.From) || c.Due.Before(today) || c.Due.After(stage.Ends) {
		return nil, domain.Refuse(domain.CodeInvalid, "due", "%q is no day from now on up to the end of stage %s, %s", c.Due, stage.Code, stage.Ends)
	}
	for _, t := range p.Targets {
		if t.Code == c.Target {
			return nil, domain.Refuse(domain.CodeExists, "target", "target %q was set already", c.Target)
		}
	}
	if len(p.of(c.Stage)) >= MostTargets {
		return nil, domain.Refuse(domain.CodeInvalid, "stage", "has %d targets, and may have no more", MostTargets)
	}
	return []domain.Event{TargetSet(c)}, nil
}

// TargetReassigned: another unit or person answers for the target from now.
type TargetReassigned struct {
	Target   string           `json:"target"`
	Unit     domain.UnitID    `json:"unit"`
	Officer  domain.OfficerID `json:"officer"`
	Former   domain.OfficerID `json:"former,omitzero"`
	Reason   string           `json:"reason"`
	Approver domain.ActorID   `json:"approver"`
}

func (TargetReassigned) Kind() domain.Kind { return "plan.target_reassigned.v1" }

func (e TargetReassigned) Apply(p *Plan, act domain.Act) {
	p.changeTarget(e.Target, func(t *Target) { t.Unit, t.Officer = e.Unit, e.Officer })
}

// ReassignTarget hands a target on, up to its due day. The leader who gives
// the command approves it, and is neither of the two persons.
type ReassignTarget struct {
	Target string `json:"target"`
	// Unit and Officer answer for it from now on.
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Reason  string           `json:"reason"`
}

func (ReassignTarget) Name() domain.CommandName { return "plan.reassign_target" }

func (ReassignTarget) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c ReassignTarget) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.target(c.Target, "changed")
	if err := domain.First(err, domain.CheckID("unit", c.Unit), domain.CheckID("officer", c.Officer), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	switch {
	case t.Result != ResultOpen:
		return nil, domain.Refuse(domain.CodeState, "target", "is %s; %s answers for it", t.Result, t.Officer)
	case book.Calendar.Day(act.OccurredAt).After(t.Due):
		return nil, domain.Refuse(domain.CodeTooLate, "target", "was due on %s; who was responsible on that day answers for it", t.Due).Under(book.Plan.Duty)
	case t.Unit == c.Unit && t.Officer == c.Officer:
		return nil, domain.Refuse(domain.CodeInvalid, "officer", "%s of %s is responsible already", c.Officer, c.Unit)
	case act.Actor == domain.ActorID(t.Officer) || act.Actor == domain.ActorID(c.Officer):
		return nil, domain.Refuse(domain.CodeConflict, "actor", "nobody hands on their own target, or one to themselves; another leader must").Under(book.Plan.Separation)
	}
	return []domain.Event{TargetReassigned{Target: c.Target, Unit: c.Unit, Officer: c.Officer, Former: t.Officer, Reason: c.Reason, Approver: act.Actor}}, nil
}
