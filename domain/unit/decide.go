package unit

import (
	"github.com/probity-ledger/probity/domain"
)

// Established: the unit was set up. On is the day from which it existed;
// absent, it is the day the event occurred.
type Established struct {
	UnitName   string        `json:"name"`
	UnitNameEn string        `json:"nameEn,omitzero"`
	UnitKind   Kind          `json:"kind"`
	Parent     domain.UnitID `json:"parent,omitzero"`
	On         domain.Date   `json:"on,omitzero"`
}

func (Established) Kind() domain.Kind { return "unit.established.v1" }

func (e Established) Apply(u *Unit, act domain.Act) {
	u.Status, u.Name, u.NameEn, u.Kind, u.Parent, u.Since = StatusOpen, e.UnitName, e.UnitNameEn, e.UnitKind, e.Parent, e.On
}

// Establish sets a unit up.
type Establish struct {
	UnitName   string `json:"name"`
	UnitNameEn string `json:"nameEn,omitzero"`
	// UnitKind is agency, department, section or window.
	UnitKind Kind `json:"kind"`
	// Parent is the unit above; an agency has none, every other unit one.
	Parent domain.UnitID `json:"parent,omitzero"`
	// On is the day from which the unit exists, if not the day of the act.
	On domain.Date `json:"on,omitzero"`
}

func (Establish) Name() domain.CommandName { return "unit.establish" }

func (Establish) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Establish) Reads(u Unit, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Parent}
}

// Decide refuses a unit that exists, an agency under a parent and any other
// unit without one that stands.
func (c Establish) Decide(u Unit, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(u.fresh(), domain.CheckText("name", c.UnitName), domain.CheckOptionalText("nameEn", c.UnitNameEn),
		checkKind(c.UnitKind), checkOn(c.On, act, book)); err != nil {
		return nil, err
	}
	if c.UnitKind == KindAgency {
		if c.Parent != "" {
			return nil, domain.Refuse(domain.CodeInvalid, "parent", "an agency is the root of its tree and has no parent")
		}
		return []domain.Event{Established(c)}, nil
	}
	if err := checkParent(c.Parent, act); err != nil {
		return nil, err
	}
	if err := under(c.Parent, act); err != nil {
		return nil, err
	}
	return []domain.Event{Established(c)}, nil
}

// Renamed: the unit has a new name.
type Renamed struct {
	UnitName   string `json:"name"`
	UnitNameEn string `json:"nameEn,omitzero"`
}

func (Renamed) Kind() domain.Kind { return "unit.renamed.v1" }

func (e Renamed) Apply(u *Unit, act domain.Act) { u.Name, u.NameEn = e.UnitName, e.UnitNameEn }

// Rename gives the unit a new name; both names are replaced.
type Rename struct {
	UnitName   string `json:"name"`
	UnitNameEn string `json:"nameEn,omitzero"`
}

func (Rename) Name() domain.CommandName { return "unit.rename" }

func (Rename) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

// Decide refuses the names the unit has already.
func (c Rename) Decide(u Unit, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(u.open("renamed"), domain.CheckText("name", c.UnitName), domain.CheckOptionalText("nameEn", c.UnitNameEn)); err != nil {
		return nil, err
	}
	if c.UnitName == u.Name && c.UnitNameEn == u.NameEn {
		return nil, domain.Refuse(domain.CodeInvalid, "name", "is the name the unit has already")
	}
	return []domain.Event{Renamed(c)}, nil
}

// Moved: the unit lies under another parent.
type Moved struct {
	Parent domain.UnitID `json:"parent"`
}

func (Moved) Kind() domain.Kind { return "unit.moved.v1" }

func (e Moved) Apply(u *Unit, act domain.Act) { u.Parent = e.Parent }

// Move puts the unit under another parent.
type Move struct {
	Parent domain.UnitID `json:"parent"`
}

func (Move) Name() domain.CommandName { return "unit.move" }

func (Move) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Move) Reads(u Unit, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Parent}
}

// Decide refuses to move an agency, a move to where the unit lies, and one
// under a unit that does not stand or lies under this one.
func (c Move) Decide(u Unit, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(u.open("moved"), checkParent(c.Parent, act)); err != nil {
		return nil, err
	}
	if u.Kind == KindAgency {
		return nil, domain.Refuse(domain.CodeState, "", "an agency is the root of its tree and cannot be moved")
	}
	if c.Parent == u.Parent {
		return nil, domain.Refuse(domain.CodeInvalid, "parent", "is the parent the unit has already")
	}
	if err := under(c.Parent, act); err != nil {
		return nil, err
	}
	return []domain.Event{Moved(c)}, nil
}

// Closed: the unit was dissolved; On was its last day.
type Closed struct {
	On     domain.Date `json:"on"`
	Reason string      `json:"reason"`
}

func (Closed) Kind() domain.Kind { return "unit.closed.v1" }

func (e Closed) Apply(u *Unit, act domain.Act) { u.Status, u.Until = StatusClosed, e.On }

// Close dissolves the unit.
type Close struct {
	// On is its last day; absent, the day of the act.
	On     domain.Date `json:"on,omitzero"`
	Reason string      `json:"reason"`
}

func (Close) Name() domain.CommandName { return "unit.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

// Decide refuses a last day before the unit's first.
func (c Close) Decide(u Unit, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if c.On.IsZero() {
		c.On = book.Calendar.Day(act.OccurredAt)
	}
	if err := domain.First(u.open("closed"), domain.CheckText("reason", c.Reason), checkOn(c.On, act, book)); err != nil {
		return nil, err
	}
	if c.On.Before(u.Since) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s lies before the unit was established, %s", c.On, u.Since)
	}
	return []domain.Event{Closed(c)}, nil
}

// Imported: a unit known from old records.
type Imported struct {
	UnitName   string        `json:"name"`
	UnitNameEn string        `json:"nameEn,omitzero"`
	UnitKind   Kind          `json:"kind,omitzero"`
	Parent     domain.UnitID `json:"parent,omitzero"`
}

func (Imported) Kind() domain.Kind { return "unit.imported.v1" }

func (e Imported) Apply(u *Unit, act domain.Act) {
	u.Status, u.Name, u.NameEn, u.Kind, u.Parent = StatusOpen, e.UnitName, e.UnitNameEn, e.UnitKind, e.Parent
}

// Import files a unit of old records, which may not say what kind it is nor
// where it belongs.
type Import struct {
	UnitName   string        `json:"name"`
	UnitNameEn string        `json:"nameEn,omitzero"`
	UnitKind   Kind          `json:"kind,omitzero"`
	Parent     domain.UnitID `json:"parent,omitzero"`
}

func (Import) Name() domain.CommandName { return "unit.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

// Decide checks form only: old history is judged by no rule of ours.
func (c Import) Decide(u Unit, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(u.fresh(), domain.CheckText("name", c.UnitName), domain.CheckOptionalText("nameEn", c.UnitNameEn)); err != nil {
		return nil, err
	}
	if c.UnitKind != "" {
		if err := checkKind(c.UnitKind); err != nil {
			return nil, err
		}
	}
	if c.Parent != "" {
		if err := checkParent(c.Parent, act); err != nil {
			return nil, err
		}
	}
	return []domain.Event{Imported(c)}, nil
}
