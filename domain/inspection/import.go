package inspection

import "github.com/probity-ledger/probity/domain"

// Imported: an inspection made before this ledger, or elsewhere.
type Imported struct {
	Unit     domain.UnitID      `json:"unit,omitzero"`
	Officers []domain.OfficerID `json:"officers,omitempty"`
	OpenedOn domain.Date        `json:"openedOn,omitzero"`
	ClosedOn domain.Date        `json:"closedOn,omitzero"`
	Basis    string             `json:"basis,omitzero"`
	// Conclusion is the source's own word.
	Conclusion string `json:"conclusion"`
	// Defects counts what was found wrong.
	Defects int `json:"defects,omitzero"`
}

func (Imported) Kind() domain.Kind { return "inspection.imported.v1" }

func (e Imported) Apply(s *Inspection, act domain.Act) {
	s.Status, s.Unit, s.Officers = StatusImported, e.Unit, e.Officers
}

// Import files an inspection of old.
type Import struct {
	Unit       domain.UnitID      `json:"unit,omitzero"`
	Officers   []domain.OfficerID `json:"officers,omitempty"`
	OpenedOn   domain.Date        `json:"openedOn,omitzero"`
	ClosedOn   domain.Date        `json:"closedOn,omitzero"`
	Basis      string             `json:"basis,omitzero"`
	Conclusion string             `json:"conclusion"`
	Defects    int                `json:"defects,omitzero"`
}

func (Import) Name() domain.CommandName { return "inspection.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this inspection is on file already")
	}
	if err := domain.First(domain.CheckOptionalID("unit", c.Unit), domain.CheckIDs("officers", c.Officers),
		domain.CheckOptionalText("basis", c.Basis), domain.CheckText("conclusion", c.Conclusion)); err != nil {
		return nil, err
	}
	if c.Defects < 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "defects", "is negative")
	}
	return []domain.Event{Imported(c)}, nil
}
