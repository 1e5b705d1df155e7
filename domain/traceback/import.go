package traceback

import "github.com/probity-ledger/probity/domain"

// Imported: a trace concluded before this ledger, or elsewhere.
type Imported struct {
	Officers    []domain.OfficerID `json:"officers,omitempty"`
	Unit        domain.UnitID      `json:"unit,omitzero"`
	Case        domain.CaseID      `json:"case,omitzero"`
	Fault       string             `json:"fault"`
	Opinion     string             `json:"opinion,omitzero"`
	ConcludedOn domain.Date        `json:"concludedOn,omitzero"`
}

func (Imported) Kind() domain.Kind { return "traceback.imported.v1" }

func (e Imported) Apply(t *Traceback, act domain.Act) {
	t.Status, t.Officers, t.Unit, t.Case, t.Fault = StatusImported, e.Officers, e.Unit, e.Case, e.Fault
}

// Import files a trace of old, in the source's own words.
type Import struct {
	// Officers, Unit: who answered for the fault; at least one of them.
	Officers    []domain.OfficerID `json:"officers,omitempty"`
	Unit        domain.UnitID      `json:"unit,omitzero"`
	Case        domain.CaseID      `json:"case,omitzero"`
	Fault       string             `json:"fault"`
	Opinion     string             `json:"opinion,omitzero"`
	ConcludedOn domain.Date        `json:"concludedOn,omitzero"`
}

func (Import) Name() domain.CommandName { return "traceback.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if t.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this trace is on file already")
	}
	if len(c.Officers) == 0 && c.Unit == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "officers", "name the officers or the unit")
	}
	if err := domain.First(domain.CheckIDs("officers", c.Officers), domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("case", c.Case),
		domain.CheckText("fault", c.Fault), domain.CheckOptionalText("opinion", c.Opinion)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
