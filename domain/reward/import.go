package reward

import "github.com/probity-ledger/probity/domain"

// Imported: an honour conferred before this ledger, or elsewhere.
type Imported struct {
	Officer   domain.OfficerID `json:"officer,omitzero"`
	Unit      domain.UnitID    `json:"unit,omitzero"`
	Honour    string           `json:"honour"`
	Merit     string           `json:"merit,omitzero"`
	GrantedOn domain.Date      `json:"grantedOn,omitzero"`
}

func (Imported) Kind() domain.Kind { return "reward.imported.v1" }

func (e Imported) Apply(r *Reward, act domain.Act) {
	r.Status, r.Officer, r.Unit, r.Honour = StatusGranted, e.Officer, e.Unit, e.Honour
}

// Import files an honour of old. Its kind is the source's own word.
type Import struct {
	Officer   domain.OfficerID `json:"officer,omitzero"`
	Unit      domain.UnitID    `json:"unit,omitzero"`
	Honour    string           `json:"honour"`
	Merit     string           `json:"merit,omitzero"`
	GrantedOn domain.Date      `json:"grantedOn,omitzero"`
}

func (Import) Name() domain.CommandName { return "reward.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if r.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this reward is on file already")
	}
	if (c.Officer == "") == (c.Unit == "") {
		return nil, domain.Refuse(domain.CodeInvalid, "officer", "name either an officer or a unit")
	}
	if err := domain.First(domain.CheckOptionalID("officer", c.Officer), domain.CheckOptionalID("unit", c.Unit),
		domain.CheckText("honour", c.Honour), domain.CheckOptionalText("merit", c.Merit)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
