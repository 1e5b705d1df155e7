package plan

import "github.com/probity-ledger/probity/domain"

// ProgressReported: how far a target has come.
type ProgressReported struct {
	Target   string            `json:"target"`
	Percent  int               `json:"percent"`
	Note     string            `json:"note,omitzero"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (ProgressReported) Kind() domain.Kind { return "plan.progress_reported.v1" }

// Apply changes nothing: progress decides nothing, and is read from the
// events.
func (e ProgressReported) Apply(p *Plan, act domain.Act) {}

// ReportProgress says how far a target has come. An officer reports on their
// own targets.
type ReportProgress struct {
	Target string `json:"target"`
	// Percent done, 0 to 100. It may fall: some progress turns out to be none.
	Percent  int               `json:"percent"`
	Note     string            `json:"note,omitzero"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (ReportProgress) Name() domain.CommandName { return "plan.report_progress" }

func (ReportProgress) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c ReportProgress) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.target(c.Target, "carried out")
	if err := domain.First(err, t.ownIfOfficer(act), domain.CheckOptionalText("note", c.Note), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	if c.Percent < 0 || c.Percent > 100 {
		return nil, domain.Refuse(domain.CodeInvalid, "percent", "is %d; it runs from 0 to 100", c.Percent)
	}
	if t.Met {
		return nil, domain.Refuse(domain.CodeState, "target", "was met already")
	}
	return []domain.Event{ProgressReported(c)}, nil
}

// TargetMet: the target was reached on the day On, and this is the evidence.
// DaysLate counts calendar days after its due day, 0 when in time.
type TargetMet struct {
	Target   string            `json:"target"`
	Unit     domain.UnitID     `json:"unit"`
	Officer  domain.OfficerID  `json:"officer"`
	On       domain.Date       `json:"on"`
	DaysLate int               `json:"daysLate,omitzero"`
	Evidence []domain.Evidence `json:"evidence"`
}

func (TargetMet) Kind() domain.Kind { return "plan.target_met.v1" }

func (e TargetMet) Apply(p *Plan, act domain.Act) {
	p.changeTarget(e.Target, func(t *Target) {
		t.Met, t.DaysLate = true, e.DaysLate
		switch {
		case t.Result == ResultExcused || t.Result == ResultAccountable:
		case e.DaysLate > 0:
			t.Result = ResultLate
		default:
			t.Result = ResultMet
		}
	})
}

// MeetTarget files the evidence that a target was reached, in time or late,
// also after its stage was closed. An officer files it for their own targets.
type MeetTarget struct {
	Target string `json:"target"`
	// On is when it was reached, the day of the act when absent. Once the
	// miss is on record it lies after the due day.
	On domain.Date `json:"on,omitzero"`
	// Evidence is at least one entry.
	Evidence []domain.Evidence `json:"evidence"`
}

func (MeetTarget) Name() domain.CommandName { return "plan.meet_target" }

func (MeetTarget) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c MeetTarget) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.target(c.Target, "carried out")
	if err := domain.First(err, t.ownIfOfficer(act), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	if len(c.Evidence) == 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "evidence", "a target is met by evidence, not by word; file at least one entry").Under(book.Plan.Duty)
	}
	if t.Met {
		return nil, domain.Refuse(domain.CodeState, "target", "was met already")
	}
	today := book.Calendar.Day(act.OccurredAt)
	if c.On.IsZero() {
		c.On = today
	}
	if c.On.After(today) || c.On.Before(p.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s is no day of the plan up to the day of the act, %s", c.On, today)
	}
	if t.Result != ResultOpen && !c.On.After(t.Due) {
		return nil, domain.Refuse(domain.CodeState, "on", "the target is on record as missed on %s; what came in time is said in the explanation", t.Due)
	}
	return []domain.Event{TargetMet{Target: c.Target, Unit: t.Unit, Officer: t.Officer, On: c.On, DaysLate: c.On.DaysPast(t.Due), Evidence: c.Evidence}}, nil
}

// TargetMissed: the due day passed without evidence.
type TargetMissed struct {
	Target  string           `json:"target"`
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Due     domain.Date      `json:"due"`
}

func (TargetMissed) Kind() domain.Kind { return "plan.target_missed.v1" }

func (e TargetMissed) Apply(p *Plan, act domain.Act) {
	p.changeTarget(e.Target, func(t *Target) {
		if t.Result == ResultOpen {
			t.Result = ResultMissed
		}
	})
}

// MissTarget records that the due day passed without evidence. The clock
// gives it, or whoever compares the targets.
type MissTarget struct {
	Target string `json:"target"`
}

func (MissTarget) Name() domain.CommandName { return "plan.miss_target" }

func (MissTarget) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c MissTarget) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.target(c.Target, "carried out")
	if err != nil {
		return nil, err
	}
	if t.Result != ResultOpen {
		return nil, domain.Refuse(domain.CodeState, "target", "is %s already", t.Result)
	}
	if !book.Calendar.Day(act.OccurredAt).After(t.Due) {
		return nil, domain.Refuse(domain.CodeTooEarly, "target", "is due on %s", t.Due)
	}
	return []domain.Event{TargetMissed{Target: c.Target, Unit: t.Unit, Officer: t.Officer, Due: t.Due}}, nil
}
