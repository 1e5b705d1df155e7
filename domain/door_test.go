package domain_test

import (
	"errors"

	"github.com/probity-ledger/probity/domain"
)

// The room of the kernel's own tests: a door that is painted.
var doors = domain.NewAggregate("door", "门", []domain.EventOf[door]{painted{}}, []domain.CommandOf[door]{paint{}})

type door struct{ Coats int }

// hand is a nested struct with a reference.
type hand struct {
	Officer domain.OfficerID `json:"painter,omitzero"`
	Hours   int              `json:"hours"`
}

// painted holds references in every form an event may.
type painted struct {
	Unit    domain.UnitID        `json:"unit,omitzero"`
	Posts   []domain.PostID      `json:"posts,omitempty"`
	Lead    hand                 `json:"lead"`
	Helpers []hand               `json:"helpers,omitempty"`
	Actor   domain.ActorID       `json:"client,omitzero"`
	Colour  string               `json:"colour"`
	On      domain.Date          `json:"on,omitzero"`
	Papers  []domain.Evidence    `json:"papers,omitempty"`
	Before  domain.ComplaintID   `json:"before,omitzero"`
	Again   []domain.ComplaintID `json:"again,omitempty"`
}

func (painted) Kind() domain.Kind { return "door.painted.v1" }

func (e painted) Apply(d *door, act domain.Act) { d.Coats++ }

// paint decides what its colour says.
type paint struct {
	Colour string `json:"colour"`
}

func (paint) Name() domain.CommandName { return "door.paint" }

func (paint) By() []domain.Role { return []domain.Role{domain.RoleHR} }

var errBroken = errors.New("brush is broken")

func (c paint) Decide(d door, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	switch c.Colour {
	case "none":
		return nil, nil
	case "broken":
		return nil, errBroken
	case "":
		return nil, domain.Refuse(domain.CodeInvalid, "colour", "is required").Under("house rules")
	}
	if err := domain.CheckText("colour", c.Colour); err != nil {
		return nil, err
	}
	d.Coats = 99 // the copy of the state is its own
	return []domain.Event{painted{Colour: c.Colour}}, nil
}

// Contradictions, for NewAggregate.

type twin struct{ painted }

func (twin) Apply(*door, domain.Act) {}

type foreign struct{}

func (foreign) Kind() domain.Kind       { return "window.opened.v1" }
func (foreign) Apply(*door, domain.Act) {}

type foreignPaint struct{ paint }

func (foreignPaint) Name() domain.CommandName { return "window.open" }

type twinPaint struct{ paint }

type text string

func (text) Kind() domain.Kind       { return "door.texted.v1" }
func (text) Apply(*door, domain.Act) {}
