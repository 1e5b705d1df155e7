package alerts

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
)

// Day numbers days, as package indicators does.
type Day = indicators.Day

// Note is what a rule keeps of one event.
type Note struct {
	Event domain.EventID `json:"e"`
	// At is the position of the event: of two on one day, the one recorded
	// first comes first.
	At int64 `json:"a"`
	On Day   `json:"d"`
	// What it tells, in the rule's own words; Key is replaced by a later note
	// of the same What and Key, which keeps its day.
	What string `json:"w,omitzero"`
	Key  string `json:"k,omitzero"`

	Unit    domain.UnitID    `json:"u,omitzero"`
	Post    domain.PostID    `json:"p,omitzero"`
	Officer domain.OfficerID `json:"o,omitzero"`
	Amount  int64            `json:"n,omitzero"`
	Text    string           `json:"t,omitzero"`
	Until   Day              `json:"l,omitzero"`
	// Passing: one of many, of which the last ones are kept.
	Passing bool `json:"z,omitzero"`
}

// mostNotes bounds the passing notes that a matter keeps.
const mostNotes = 100

// Matter is what hits are judged by, and those that stand; or what several
// rules know of an act, a text or a warning. The zero Matter is one without
// history. It may be kept as JSON.
type Matter struct {
	Notes    []Note     `json:",omitempty"`
	Standing []Standing `json:",omitempty"`

	Act   *act   `json:",omitzero"`
	Text  *text  `json:",omitzero"`
	Lists []list `json:",omitempty"`
	Whom  *whom  `json:",omitzero"`
	// Placed is where a unit lay, Moves the days on which any was moved.
	Placed  []placed `json:",omitempty"`
	Moves   []Day    `json:",omitempty"`
	Warning string   `json:",omitzero"` // the subject of a warning of ours
}

// Standing is a hit that no later event has superseded and a later one may.
type Standing struct {
	// Seq is the hit's number, as that of a fact: the position of the event
	// that established it, times indicators.PerEvent, and its place.
	Seq int64 `json:"q"`
	Hit
}

// note puts a note into its place.
func (m *Matter) note(n Note) {
	if n.Key != "" {
		if i := slices.IndexFunc(m.Notes, func(o Note) bool { return o.What == n.What && o.Key == n.Key }); i >= 0 {
			n.On = m.Notes[i].On
			m.Notes = slices.Delete(m.Notes, i, i+1)
		}
	}
	i, _ := slices.BinarySearchFunc(m.Notes, n, func(a, b Note) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.At, b.At), -1) })
	m.Notes = slices.Insert(m.Notes, i, n)
	if n.Passing {
		m.trim()
	}
}

// trim drops the older half of the passing notes where there are too many, and
// the hits that rest on them, which stand for good.
func (m *Matter) trim() {
	passing := 0
	for i := range m.Notes {
		if m.Notes[i].Passing {
			passing++
		}
	}
	if passing <= mostNotes {
		return
	}
	gone, drop := map[domain.EventID]bool{}, passing-mostNotes/2
	m.Notes = slices.DeleteFunc(m.Notes, func(n Note) bool {
		if !n.Passing || drop == 0 {
			return false
		}
		drop--
		gone[n.Event] = true
		return true
	})
	m.Standing = slices.DeleteFunc(m.Standing, func(s Standing) bool {
		return slices.ContainsFunc(s.Evidence, func(e domain.EventID) bool { return gone[e] })
	})
}

// of returns the notes that tell this.
func (m *Matter) of(what string) (out []Note) {
	for _, n := range m.Notes {
		if n.What == what {
			out = append(out, n)
		}
	}
	return out
}

// Around is what the fold sees beyond the event.
type Around interface {
	// Matter returns the matter of that name to be changed, a zero one when
	// there is none; Look returns it to be looked at.
	Matter(name string) *Matter
	Look(name string) *Matter
	// UnitOf returns the unit in which an officer serves, "" when unknown.
	UnitOf(domain.OfficerID) domain.UnitID
	// Roll lists the officers of whom something was decided here.
	Roll() []domain.OfficerID
}
