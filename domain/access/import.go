package access

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Imported: readings that the log of an earlier system holds.
type Imported struct {
	Reader domain.ActorID `json:"by"`
	Role   string         `json:"role,omitzero"`
	Why    string         `json:"why,omitzero"`
	Count  int            `json:"count"`
	LastOn domain.Date    `json:"lastOn,omitzero"`
}

func (Imported) Kind() domain.Kind { return "access.imported.v1" }

func (e Imported) Apply(f *File, act domain.Act) {
	var last time.Time
	if !e.LastOn.IsZero() {
		last = e.LastOn.In(time.UTC)
	}
	f.read(e.Reader, domain.Role(e.Role), e.Count, last)
}

// Import files readings from an old log. The role is the source's own word.
type Import struct {
	// Reader is who read.
	Reader domain.ActorID `json:"by"`
	Role   string         `json:"role,omitzero"`
	Why    string         `json:"why,omitzero"`
	Count  int            `json:"count"`
	LastOn domain.Date    `json:"lastOn,omitzero"`
}

func (Import) Name() domain.CommandName { return "access.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(f File, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckID("by", c.Reader), domain.CheckOptionalText("role", c.Role),
		domain.CheckOptionalText("why", c.Why), checkCount(c.Count)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
