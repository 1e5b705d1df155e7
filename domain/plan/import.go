package plan

import "github.com/probity-ledger/probity/domain"

// Imported: a plan carried out before this ledger, or elsewhere, with how
// many targets it had and how many of them were met in time.
type Imported struct {
	Title   string           `json:"title"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Owner   domain.OfficerID `json:"owner,omitzero"`
	From    domain.Date      `json:"from,omitzero"`
	To      domain.Date      `json:"to,omitzero"`
	Targets int              `json:"targets,omitzero"`
	Met     int              `json:"met,omitzero"`
}

func (Imported) Kind() domain.Kind { return "plan.imported.v1" }

func (e Imported) Apply(p *Plan, act domain.Act) {
	p.Status, p.Unit, p.Owner, p.From, p.To = StatusImported, e.Unit, e.Owner, e.From, e.To
}

// Import files a plan of old. It stays history: no step follows.
type Import struct {
	Title string           `json:"title"`
	Unit  domain.UnitID    `json:"unit,omitzero"`
	Owner domain.OfficerID `json:"owner,omitzero"`
	From  domain.Date      `json:"from,omitzero"`
	To    domain.Date      `json:"to,omitzero"`
	// Targets is how many it had, Met how many were met in time; 0 where the
	// source does not say.
	Targets int `json:"targets,omitzero"`
	Met     int `json:"met,omitzero"`
}

func (Import) Name() domain.CommandName { return "plan.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if p.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this plan is on file already")
	}
	if err := domain.First(domain.CheckText("title", c.Title), domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("owner", c.Owner)); err != nil {
		return nil, err
	}
	if !c.To.IsZero() && c.To.Before(c.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%s lies before the first day, %s", c.To, c.From)
	}
	if c.Met < 0 || c.Met > c.Targets {
		return nil, domain.Refuse(domain.CodeInvalid, "met", "%d of %d targets is no count", c.Met, c.Targets)
	}
	return []domain.Event{Imported(c)}, nil
}
