package complaint

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Imported: a complaint received before this ledger, or elsewhere.
type Imported struct {
	ReceivedOn domain.Date        `json:"receivedOn"`
	Category   string             `json:"category"`
	Summary    string             `json:"summary"`
	Place      string             `json:"place,omitzero"`
	Unit       domain.UnitID      `json:"unit,omitzero"`
	Post       domain.PostID      `json:"post,omitzero"`
	Officers   []domain.OfficerID `json:"officers,omitempty"`
}

func (Imported) Kind() domain.Kind { return "complaint.imported.v1" }

func (e Imported) Apply(c *Complaint, act domain.Act) {
	c.Status, c.Unit, c.Post, c.Officers = StatusImported, e.Unit, e.Post, slices.Clip(e.Officers)
}

// Import files a complaint of old. It stays history: no step follows.
type Import struct {
	ReceivedOn domain.Date `json:"receivedOn"`
	// Category is the source's own word.
	Category string             `json:"category"`
	Summary  string             `json:"summary"`
	Place    string             `json:"place,omitzero"`
	Unit     domain.UnitID      `json:"unit,omitzero"`
	Post     domain.PostID      `json:"post,omitzero"`
	Officers []domain.OfficerID `json:"officers,omitempty"`
}

func (Import) Name() domain.CommandName { return "complaint.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this complaint is on file already")
	}
	today := book.Calendar.Day(act.RecordedAt)
	if c.ReceivedOn.IsZero() || c.ReceivedOn.After(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "receivedOn", "must be a day up to today, %s", today)
	}
	if err := domain.First(domain.CheckText("category", c.Category), domain.CheckText("summary", c.Summary),
		domain.CheckOptionalText("place", c.Place), domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("post", c.Post),
		domain.CheckIDs("officers", c.Officers)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
