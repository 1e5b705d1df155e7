package plan

import "github.com/probity-ledger/probity/domain"

// MissExplained: why a target was missed. A later explanation adds to the
// earlier.
type MissExplained struct {
	Target      string            `json:"target"`
	Unit        domain.UnitID     `json:"unit"`
	Officer     domain.OfficerID  `json:"officer"`
	Explanation string            `json:"explanation"`
	By          domain.ActorID    `json:"by"`
	Evidence    []domain.Evidence `json:"evidence,omitempty"`
}

func (MissExplained) Kind() domain.Kind { return "plan.miss_explained.v1" }

func (e MissExplained) Apply(p *Plan, act domain.Act) {
	p.changeTarget(e.Target, func(t *Target) {
		if t.Result == ResultMissed {
			t.Result = ResultExplained
		}
	})
}

// ExplainMiss says why a target was missed: the responsible officer does, or
// a leader, such as the unit's.
type ExplainMiss struct {
	Target      string            `json:"target"`
	Explanation string            `json:"explanation"`
	Evidence    []domain.Evidence `json:"evidence,omitempty"`
}

func (ExplainMiss) Name() domain.CommandName { return "plan.explain_miss" }

func (ExplainMiss) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleLeader} }

func (c ExplainMiss) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.missed(c.Target, "explained")
	if err := domain.First(err, t.ownIfOfficer(act), domain.CheckText("explanation", c.Explanation), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	return []domain.Event{MissExplained{Target: c.Target, Unit: t.Unit, Officer: t.Officer, Explanation: c.Explanation, By: act.Actor, Evidence: c.Evidence}}, nil
}

// missed returns a missed target on which nothing was decided, or refuses.
func (p Plan) missed(code, verb string) (Target, error) {
	t, err := p.target(code, verb)
	if err == nil && !t.unmet() {
		err = domain.Refuse(domain.CodeState, "target", "is %s; only a missed target is %s", t.Result, verb)
	}
	return t, err
}

// MissExcused: the leadership accepts that the target was missed. Nobody
// answers for it.
type MissExcused struct {
	Target  string           `json:"target"`
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Reason  string           `json:"reason"`
}

func (MissExcused) Kind() domain.Kind { return "plan.miss_excused.v1" }

func (e MissExcused) Apply(p *Plan, act domain.Act) {
	p.changeTarget(e.Target, func(t *Target) { t.Result = ResultExcused })
}

// ExcuseMiss accepts that a target was missed. Whoever answers for it cannot.
type ExcuseMiss struct {
	Target string `json:"target"`
	Reason string `json:"reason"`
}

func (ExcuseMiss) Name() domain.CommandName { return "plan.excuse_miss" }

func (ExcuseMiss) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c ExcuseMiss) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.missed(c.Target, "excused")
	if err := domain.First(err, domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	if act.Actor == domain.ActorID(t.Officer) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s is responsible for the target; another leader must excuse it", act.Actor).Under(book.Plan.Separation)
	}
	return []domain.Event{MissExcused{c.Target, t.Unit, t.Officer, c.Reason}}, nil
}

// MissHeldToAccount: the missed target goes to account. The trace-back
// follows from it.
type MissHeldToAccount struct {
	Target  string           `json:"target"`
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Due     domain.Date      `json:"due"`
	Reason  string           `json:"reason"`
}

func (MissHeldToAccount) Kind() domain.Kind { return "plan.miss_held_to_account.v1" }

func (e MissHeldToAccount) Apply(p *Plan, act domain.Act) {
	p.changeTarget(e.Target, func(t *Target) { t.Result = ResultAccountable })
}

// HoldToAccount lets a missed target go to account, for want of an
// explanation or because it is not accepted.
type HoldToAccount struct {
	Target string `json:"target"`
	Reason string `json:"reason"`
}

func (HoldToAccount) Name() domain.CommandName { return "plan.hold_to_account" }

func (HoldToAccount) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector, domain.RoleSystem}
}

func (c HoldToAccount) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	t, err := p.missed(c.Target, "held to account")
	if err := domain.First(err, domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{MissHeldToAccount{c.Target, t.Unit, t.Officer, t.Due, c.Reason}}, nil
}
