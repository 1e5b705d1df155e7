// Package unit is the room of one node of the organisation tree (单位): an
// agency, a department, a section or a window.
//
// An agency is the root of a tree; every other unit has a parent, which
// exists and is open when the unit is put under it. A unit knows its parent
// only, and a command sees its new parent only: of two units neither can come
// to lie under the other twice, but a ring of three or more is not seen here.
// Whoever walks the tree must stop at a unit already met.
package unit

import (
	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("unit", "单位",
	[]domain.EventOf[Unit]{
		Established{}, Renamed{}, Moved{}, Closed{}, Imported{},
	},
	[]domain.CommandOf[Unit]{
		Establish{}, Rename{}, Move{}, Close{}, Import{},
	})

// Kind tells what a unit is.
type Kind string

// The kinds of unit, from the root of the tree to where the public is met.
const (
	KindAgency     Kind = "agency"     // 机关
	KindDepartment Kind = "department" // 部门
	KindSection    Kind = "section"    // 科室
	KindWindow     Kind = "window"     // 窗口
)

// Kinds lists every kind of unit, in the order of the constants.
func Kinds() []Kind { return []Kind{KindAgency, KindDepartment, KindSection, KindWindow} }

// Status is where in its life a unit stands.
type Status string

// The life of a unit.
const (
	StatusNone   Status = ""
	StatusOpen   Status = "open"
	StatusClosed Status = "closed"
)

// Unit is the state of one unit.
type Unit struct {
	Status Status
	Name   string
	NameEn string
	// Kind is empty when an imported unit did not say.
	Kind   Kind
	Parent domain.UnitID
	// Since and Until are the first and last day, zero when not said.
	Since domain.Date
	Until domain.Date
}

// open refuses unless the unit exists and is not closed.
func (u Unit) open(verb string) error {
	switch u.Status {
	case StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such unit; establish it first")
	case StatusClosed:
		return domain.Refuse(domain.CodeState, "", "a unit that is closed cannot be %s", verb)
	}
	return nil
}

// Standing refuses a unit that does not exist or is closed, for commands that
// put something into it. field is the one of the command that names the unit.
// A unit of old records stands like any other.
func (u Unit) Standing(field string, id domain.UnitID) error {
	switch u.Status {
	case StatusNone:
		return domain.Refuse(domain.CodeNotFound, field, "there is no unit %s; establish or import it first", id)
	case StatusClosed:
		return domain.Refuse(domain.CodeState, field, "unit %s is closed", id)
	}
	return nil
}

// fresh refuses when the unit has a history already.
func (u Unit) fresh() error {
	if u.Status != StatusNone {
		return domain.Refuse(domain.CodeExists, "subject", "this unit is on file already as %q", u.Name)
	}
	return nil
}

func checkKind(k Kind) error {
	return domain.CheckOneOf("kind", k, Kinds()...)
}

// checkParent refuses a parent that is malformed or the unit itself.
func checkParent(parent domain.UnitID, act domain.Act) error {
	if parent == domain.UnitID(act.Subject) {
		return domain.Refuse(domain.CodeInvalid, "parent", "a unit cannot be its own parent")
	}
	return domain.CheckID("parent", parent)
}

// under refuses to put the unit under a parent that does not stand, or that
// lies under the unit itself.
func under(parent domain.UnitID, act domain.Act) error {
	p := domain.See[Unit](act, parent)
	if err := p.Standing("parent", parent); err != nil {
		return err
	}
	if p.Parent == domain.UnitID(act.Subject) {
		return domain.Refuse(domain.CodeInvalid, "parent", "%s lies under this unit; the two would lie under each other", parent)
	}
	return nil
}

// checkOn refuses a day that has not come yet when the act took place.
func checkOn(on domain.Date, act domain.Act, book *domain.Rulebook) error {
	if today := book.Calendar.Day(act.OccurredAt); on.After(today) {
		return domain.Refuse(domain.CodeInvalid, "on", "%s lies after the day of the act, %s", on, today)
	}
	return nil
}
