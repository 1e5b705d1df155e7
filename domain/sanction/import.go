package sanction

import "github.com/probity-ledger/probity/domain"

// Imported: a measure decided before this ledger, or elsewhere.
type Imported struct {
	Officer domain.OfficerID `json:"officer"`
	Case    domain.CaseID    `json:"case,omitzero"`
	// Measure is the source's own word; Canonical what it is on our ladder,
	// where the source's word has a counterpart.
	Measure   string         `json:"measure"`
	Canonical domain.Measure `json:"canonical,omitzero"`
	From      domain.Date    `json:"from,omitzero"`
	Until     domain.Date    `json:"until,omitzero"`
}

func (Imported) Kind() domain.Kind { return "sanction.imported.v1" }

func (e Imported) Apply(s *Sanction, act domain.Act) {
	s.Status, s.Officer, s.Case, s.Measure, s.From, s.Until = StatusImported, e.Officer, e.Case, e.Canonical, e.From, e.Until
}

// Import files a measure of old. It counts in the record file, and nothing
// follows from it.
type Import struct {
	Officer domain.OfficerID `json:"officer"`
	Case    domain.CaseID    `json:"case,omitzero"`
	// Measure is the source's own word; Canonical the measure of the ladder
	// it stands for, if any.
	Measure   string         `json:"measure"`
	Canonical domain.Measure `json:"canonical,omitzero"`
	From      domain.Date    `json:"from,omitzero"`
	Until     domain.Date    `json:"until,omitzero"`
}

func (Import) Name() domain.CommandName { return "sanction.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

// Decide checks form only: old history is judged by no rule of ours.
func (c Import) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this sanction is on file already")
	}
	if err := domain.First(domain.CheckID("officer", c.Officer), domain.CheckOptionalID("case", c.Case), domain.CheckText("measure", c.Measure)); err != nil {
		return nil, err
	}
	if _, _, ok := book.Sanction.Rung(c.Canonical); c.Canonical != "" && !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "canonical", "%q is not on the ladder of %s", c.Canonical, book.ID)
	}
	if !c.Until.IsZero() && c.Until.Before(c.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "until", "%s lies before from, %s", c.Until, c.From)
	}
	return []domain.Event{Imported(c)}, nil
}
