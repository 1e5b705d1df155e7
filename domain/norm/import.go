package norm

import "github.com/probity-ledger/probity/domain"

// Imported: a text adopted before this ledger, or elsewhere, in force from
// the day From.
type Imported struct {
	Title    string            `json:"title"`
	NormKind Kind              `json:"kind"`
	Unit     domain.UnitID     `json:"unit,omitzero"`
	Owner    domain.OfficerID  `json:"owner,omitzero"`
	From     domain.Date       `json:"from"`
	Clauses  []Clause          `json:"clauses,omitempty"`
	Tiers    []Tier            `json:"tiers,omitempty"`
	Steps    []Step            `json:"steps,omitempty"`
	Document []domain.Evidence `json:"document,omitempty"`
}

func (Imported) Kind() domain.Kind { return "norm.imported.v1" }

func (e Imported) Apply(n *Norm, act domain.Act) {
	n.Status, n.Title, n.NormKind, n.Unit, n.Owner = StatusAdopted, e.Title, e.NormKind, e.Unit, e.Owner
	n.Versions = []Version{{Number: 1, From: e.From, Clauses: e.Clauses, Tiers: e.Tiers, Steps: e.Steps}}
}

// Import files a text of old as version 1. Cases here are held against it, so
// its content is checked like a draft's.
type Import struct {
	Title    string            `json:"title"`
	NormKind Kind              `json:"kind"`
	Unit     domain.UnitID     `json:"unit,omitzero"`
	Owner    domain.OfficerID  `json:"owner,omitzero"`
	From     domain.Date       `json:"from"`
	Clauses  []Clause          `json:"clauses,omitempty"`
	Tiers    []Tier            `json:"tiers,omitempty"`
	Steps    []Step            `json:"steps,omitempty"`
	Document []domain.Evidence `json:"document,omitempty"`
}

func (Import) Name() domain.CommandName { return "norm.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if n.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this text is on file already")
	}
	if c.From.IsZero() {
		return nil, domain.Refuse(domain.CodeInvalid, "from", "is required; without it nobody can say on which days the text held")
	}
	version := Version{Clauses: c.Clauses, Tiers: c.Tiers, Steps: c.Steps}
	if err := domain.First(domain.CheckText("title", c.Title), domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("owner", c.Owner),
		domain.CheckEvidence("document", c.Document), version.check(c.NormKind, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
