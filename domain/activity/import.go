package activity

import "github.com/probity-ledger/probity/domain"

// Imported: an activity held before this ledger, or elsewhere. Attended of
// Expected came, both 0 where the source does not say.
type Imported struct {
	ActivityKind Kind          `json:"kind"`
	Format       Format        `json:"format,omitzero"`
	Unit         domain.UnitID `json:"unit,omitzero"`
	Topic        string        `json:"topic"`
	On           domain.Date   `json:"on,omitzero"`
	Hours        int           `json:"hours,omitzero"`
	Attended     int           `json:"attended,omitzero"`
	Expected     int           `json:"expected,omitzero"`
}

func (Imported) Kind() domain.Kind { return "activity.imported.v1" }

func (e Imported) Apply(a *Activity, act domain.Act) {
	a.Status, a.Kind, a.Format, a.Unit, a.Topic = StatusImported, e.ActivityKind, e.Format, e.Unit, e.Topic
}

// Import files an activity of old. It stays history: no step follows.
type Import struct {
	// ActivityKind and Format as of Schedule; the format is empty where the
	// source does not say.
	ActivityKind Kind          `json:"kind"`
	Format       Format        `json:"format,omitzero"`
	Unit         domain.UnitID `json:"unit,omitzero"`
	Topic        string        `json:"topic"`
	On           domain.Date   `json:"on,omitzero"`
	Hours        int           `json:"hours,omitzero"`
	Attended     int           `json:"attended,omitzero"`
	Expected     int           `json:"expected,omitzero"`
}

func (Import) Name() domain.CommandName { return "activity.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(a.fresh(), domain.CheckOneOf("kind", c.ActivityKind, Kinds()...),
		domain.CheckOneOf("format", c.Format, append(Formats(), "")...), domain.CheckOptionalID("unit", c.Unit),
		domain.CheckText("topic", c.Topic)); err != nil {
		return nil, err
	}
	if _, err := upToNow("on", c.On, act, book); err != nil {
		return nil, err
	}
	if c.Hours < 0 || c.Hours > MostHours {
		return nil, domain.Refuse(domain.CodeInvalid, "hours", "%d hours; an activity has up to %d", c.Hours, MostHours)
	}
	if c.Attended < 0 || c.Expected < 0 || (c.Expected > 0 && c.Attended > c.Expected) {
		return nil, domain.Refuse(domain.CodeInvalid, "attended", "%d of %d expected is no count", c.Attended, c.Expected)
	}
	return []domain.Event{Imported(c)}, nil
}
