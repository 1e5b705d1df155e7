package reward

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Nominated: someone put a person or a unit forward.
type Nominated struct {
	Officer  domain.OfficerID  `json:"officer,omitzero"`
	Unit     domain.UnitID     `json:"unit,omitzero"`
	Honour   string            `json:"honour"`
	Merit    string            `json:"merit"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Nominated) Kind() domain.Kind { return "reward.nominated.v1" }

func (e Nominated) Apply(r *Reward, act domain.Act) {
	r.Status, r.Officer, r.Unit, r.Honour, r.Nominator = StatusNominated, e.Officer, e.Unit, e.Honour, act.Actor
}

// Nominate puts a person or a unit forward for an honour of the rulebook.
type Nominate struct {
	// Officer or Unit, exactly one.
	Officer domain.OfficerID `json:"officer,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	// Honour is one of the rulebook's honours.
	Honour string `json:"honour"`
	// Merit says what for.
	Merit    string            `json:"merit"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Nominate) Name() domain.CommandName { return "reward.nominate" }

func (Nominate) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Nominate) Reads(r Reward, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Officer}
}

func (c Nominate) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if r.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this reward was nominated already")
	}
	if (c.Officer == "") == (c.Unit == "") {
		return nil, domain.Refuse(domain.CodeInvalid, "officer", "name either an officer or a unit")
	}
	if !slices.Contains(book.Reward.Kinds, c.Honour) {
		return nil, domain.Refuse(domain.CodeInvalid, "honour", "%q is no honour of %s; it has %v", c.Honour, book.ID, book.Reward.Kinds)
	}
	if c.Officer != "" && domain.ActorID(c.Officer) == act.Actor {
		return nil, domain.Refuse(domain.CodeConflict, "officer", "nobody may nominate themselves").Under(book.Reward.Separation)
	}
	if err := domain.First(domain.CheckOptionalID("officer", c.Officer), domain.CheckOptionalID("unit", c.Unit),
		domain.CheckText("merit", c.Merit), domain.CheckEvidence("evidence", c.Evidence), worthy("officer", c.Officer, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Nominated(c)}, nil
}
