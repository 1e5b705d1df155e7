package warning

import "github.com/probity-ledger/probity/domain"

// Imported: an alert that another system raised.
type Imported struct {
	Rule        string           `json:"rule"`
	Unit        domain.UnitID    `json:"unit,omitzero"`
	Post        domain.PostID    `json:"post,omitzero"`
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Explanation string           `json:"explanation,omitzero"`
	RaisedOn    domain.Date      `json:"raisedOn,omitzero"`
	Outcome     string           `json:"outcome,omitzero"`
}

func (Imported) Kind() domain.Kind { return "warning.imported.v1" }

func (e Imported) Apply(w *Warning, act domain.Act) {
	w.Status, w.Rule, w.Unit, w.Post, w.Officer, w.Explanation = StatusImported, e.Rule, e.Unit, e.Post, e.Officer, e.Explanation
}

// Import files an alert of old, in the source's own words.
type Import struct {
	Rule string `json:"rule"`
	// Unit, Post, Officer: whom it is about; at least one of them.
	Unit        domain.UnitID    `json:"unit,omitzero"`
	Post        domain.PostID    `json:"post,omitzero"`
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Explanation string           `json:"explanation,omitzero"`
	RaisedOn    domain.Date      `json:"raisedOn,omitzero"`
	Outcome     string           `json:"outcome,omitzero"`
}

func (Import) Name() domain.CommandName { return "warning.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if w.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this warning is on file already")
	}
	if c.Unit == "" && c.Post == "" && c.Officer == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "unit", "say whom it is about: a unit, a post or an officer")
	}
	if err := domain.First(domain.CheckText("rule", c.Rule), domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("post", c.Post),
		domain.CheckOptionalID("officer", c.Officer), domain.CheckOptionalText("explanation", c.Explanation), domain.CheckOptionalText("outcome", c.Outcome)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
