package indicators

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Matter is what the facts of one aggregate, or of several together, are
// derived from, and the facts that stand. The zero Matter is one without
// history. It may be kept as JSON.
type Matter struct {
	// Standing are the facts by their case.
	Standing map[string][]Standing `json:",omitempty"`

	Service   *service      `json:",omitzero"`
	Post      *position     `json:",omitzero"`
	Norm      *text         `json:",omitzero"`
	Act       *act          `json:",omitzero"`
	Complaint *report       `json:",omitzero"`
	Plan      *targets      `json:",omitzero"`
	Alert     *alert        `json:",omitzero"`
	Reports   []reported    `json:",omitempty"` // about one post
	Sessions  []session     `json:",omitempty"` // of one kind and unit
	Minutes   string        `json:",omitzero"`  // whose they are
	Unit      domain.UnitID `json:",omitzero"`
	// Roll are the officers that count, Lists the lists of prohibited conduct.
	Roll  []domain.OfficerID `json:",omitempty"`
	Lists []list             `json:",omitempty"`
}

// Around is what the fold sees beyond the event.
type Around interface {
	// Matter returns the matter of that name to be changed, a zero one when
	// there is none; Look returns it to be looked at.
	Matter(name string) *Matter
	Look(name string) *Matter
	// UnitOf returns the unit in which an officer serves, "" when unknown.
	UnitOf(domain.OfficerID) domain.UnitID
	// Parent returns the unit above, "" when there is none.
	Parent(domain.UnitID) domain.UnitID
}

// set says which facts of the case stand from this event on.
func (x *scene) set(m *Matter, name string, facts ...Fact) {
	old := m.Standing[name]
	if len(old) == 0 && len(facts) == 0 {
		return
	}
	kept := make([]Standing, 0, len(facts))
	for _, s := range old {
		if slices.Contains(facts, s.Fact) {
			kept = append(kept, s)
			continue
		}
		x.changes = append(x.changes, Change{s, true})
	}
	for _, f := range facts {
		if slices.ContainsFunc(kept, func(s Standing) bool { return s.Fact == f }) {
			continue
		}
		s := Standing{int64(x.at)*PerEvent + x.place, f}
		x.place++
		kept = append(kept, s)
		x.changes = append(x.changes, Change{s, false})
	}
	if m.Standing == nil {
		m.Standing = map[string][]Standing{}
	}
	if len(kept) == 0 {
		delete(m.Standing, name)
		return
	}
	m.Standing[name] = kept
}

// under tells whether the unit is the other or lies below it.
func (x *scene) under(unit, top domain.UnitID) bool { return Under(x.around.Parent, unit, top) }

// Under tells whether a unit is the other or lies below it. Parent returns the
// unit above, "" when there is none.
func Under(parent func(domain.UnitID) domain.UnitID, unit, top domain.UnitID) bool {
	for range maxDepth {
		if unit == top {
			return true
		}
		if unit == "" {
			return false
		}
		unit = parent(unit)
	}
	return false
}

// Top returns the root of the tree in which a unit stands: its agency.
func Top(parent func(domain.UnitID) domain.UnitID, unit domain.UnitID) domain.UnitID {
	for range maxDepth {
		above := parent(unit)
		if above == "" {
			break
		}
		unit = above
	}
	return unit
}

// maxDepth ends the walk up a ring of units.
const maxDepth = 64
