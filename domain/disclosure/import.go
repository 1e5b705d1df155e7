package disclosure

import "github.com/probity-ledger/probity/domain"

// Imported: an item that was public before this ledger, or elsewhere.
type Imported struct {
	Title       string               `json:"title"`
	Category    string               `json:"category,omitzero"`
	Medium      Medium               `json:"medium,omitzero"`
	Unit        domain.UnitID        `json:"unit,omitzero"`
	PublishedOn domain.Date          `json:"publishedOn,omitzero"`
	URL         string               `json:"url,omitzero"`
	Place       string               `json:"place,omitzero"`
	About       domain.EnforcementID `json:"about,omitzero"`
}

func (Imported) Kind() domain.Kind { return "disclosure.imported.v1" }

func (e Imported) Apply(i *Item, act domain.Act) {
	i.Status, i.Medium, i.Unit, i.On, i.About = StatusPublished, e.Medium, e.Unit, e.PublishedOn, e.About
}

// Import files an item that is public already. It can be corrected and
// withdrawn like any other.
type Import struct {
	Title    string `json:"title"`
	Category string `json:"category,omitzero"`
	// Medium as of Require; empty where the source does not say.
	Medium      Medium               `json:"medium,omitzero"`
	Unit        domain.UnitID        `json:"unit,omitzero"`
	PublishedOn domain.Date          `json:"publishedOn,omitzero"`
	URL         string               `json:"url,omitzero"`
	Place       string               `json:"place,omitzero"`
	About       domain.EnforcementID `json:"about,omitzero"`
}

func (Import) Name() domain.CommandName { return "disclosure.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(i Item, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	_, err := upToNow("publishedOn", c.PublishedOn, act, book)
	if err := domain.First(i.fresh(), domain.CheckText("title", c.Title), domain.CheckOptionalText("category", c.Category),
		domain.CheckOneOf("medium", c.Medium, append(Media(), "")...), domain.CheckOptionalID("unit", c.Unit), err,
		checkURL(c.URL), domain.CheckOptionalText("place", c.Place), domain.CheckOptionalID("about", c.About)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}
