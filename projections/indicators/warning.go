package indicators

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
)

// alert is what the facts about a warning are derived from.
type alert struct{ Raised, Due Day }

// raised notes whom a warning is about. From its last day on it counts as one
// that nobody took up, and that used its whole term.
func (x *scene) raised(e warning.Raised) {
	m := x.own()
	m.Unit = x.warned(e)
	if m.Alert != nil || e.Due.IsZero() {
		return
	}
	m.Alert = &alert{x.day, DayOf(e.Due)}
	x.waited(m, m.Alert.Due, 0, portion)
}

// warned is the unit that a warning is about: that of the officer or the post
// where it names none.
func (x *scene) warned(e warning.Raised) domain.UnitID {
	switch {
	case e.Unit != "":
		return e.Unit
	case e.Officer != "":
		return x.around.UnitOf(e.Officer)
	case e.Post != "":
		if p := x.around.Look(MatterOf("post", string(e.Post))).Post; p != nil {
			return p.Unit
		}
	}
	return ""
}

// taken counts how much of its term a warning used until it was taken up. To be
// handed on is not to be taken up.
func (x *scene) taken() {
	m := x.own()
	a := m.Alert
	if a == nil {
		return
	}
	used, term := max(0, x.day-a.Raised), max(1, a.Due-a.Raised)
	part := (2*portion*used + term) / (2 * term) // rounded half up
	if x.day > a.Due {
		x.waited(m, a.Due, 0, int64(part))
		return
	}
	x.waited(m, x.day, 1, int64(part))
}

func (x *scene) waited(m *Matter, on Day, inTime, part int64) {
	to := on
	if inTime == 0 {
		to = on + 1 // not before the day is over
	}
	x.set(m, "taken", Fact{Indicator: "D10.acknowledged", Unit: m.Unit, From: on, To: to, Hits: inTime, Of: 1},
		Fact{Indicator: "D10.term", Unit: m.Unit, From: on, To: to, Hits: part, Of: portion})
}
