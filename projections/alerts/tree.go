package alerts

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
)

// placed says below which unit one lies from a day on.
type placed struct {
	Parent domain.UnitID `json:",omitzero"`
	From   Day
}

// stretch is a time in which something was so, To its first day without; 0
// while it has no end.
type stretch struct{ From, To Day }

func unitMatter(id string) string { return "unit " + id }

// lies notes below which unit the event's unit lies from the day on.
func (x *scene) lies(parent domain.UnitID, from Day) {
	m := x.around.Matter(unitMatter(x.r.Act.Subject))
	m.Placed = append(m.Placed, placed{parent, from})
	slices.SortStableFunc(m.Placed, func(a, b placed) int { return int(a.From - b.From) })
}

// moved notes on which days units were moved.
func (x *scene) moved() {
	m := x.around.Matter("moves")
	if i, met := slices.BinarySearch(m.Moves, x.day); !met {
		m.Moves = slices.Insert(m.Moves, i, x.day)
	}
}

// under tells whether, on the day, the unit was the other or lay below it.
// Before a unit was there it is taken to lie where it first lay.
func (x *scene) under(unit, top domain.UnitID, on Day) bool {
	return indicators.Under(func(id domain.UnitID) domain.UnitID {
		var parent domain.UnitID
		for i, p := range x.around.Look(unitMatter(string(id))).Placed {
			if i == 0 || p.From <= on {
				parent = p.Parent
			}
		}
		return parent
	}, unit, top)
}

// serves notes in which unit the officer serves from the day on.
func (x *scene) serves(unit domain.UnitID, on domain.Date) {
	x.own(Note{What: "serves", On: x.on(on), Unit: unit})
}

// served are the times in which an officer served in the unit or below it,
// those that meet as one; at any, where it is "". The notes of the matter tell
// where the officer served, and when not.
func (x *scene) served(m *Matter, top domain.UnitID) (out []stretch) {
	moves := x.around.Look("moves").Moves
	in := func(unit domain.UnitID, from, to Day) {
		for from != to {
			next := to
			if i, _ := slices.BinarySearch(moves, from+1); i < len(moves) && (to == 0 || moves[i] < to) {
				next = moves[i]
			}
			switch n := len(out); {
			case top != "" && !x.under(unit, top, from):
			case n > 0 && out[n-1].To == from:
				out[n-1].To = next
			default:
				out = append(out, stretch{from, next})
			}
			if next == 0 {
				return
			}
			from = next
		}
	}
	var unit domain.UnitID
	since, here := Day(0), false
	for _, n := range m.Notes {
		switch {
		case n.What == "back" && !here && unit != "":
			since, here = n.On, true
		case n.What == "serves", n.What == "gone":
			if here {
				in(unit, since, n.On)
			}
			if here = n.What == "serves"; here {
				unit, since = n.Unit, n.On
			}
		}
	}
	if here {
		in(unit, since, 0)
	}
	return out
}

// unitOn returns the unit in which the officer served on the day.
func (m *Matter) unitOn(on Day) (unit domain.UnitID) {
	for _, n := range m.of("serves") {
		if unit == "" || n.On <= on {
			unit = n.Unit
		}
	}
	return unit
}
