package clocks

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
)

// Fold returns every clock of a history under one rulebook, in the order in
// which they started: the open ones and the stopped ones.
func Fold(book *domain.Rulebook, events []domain.Recorded) []Clock {
	return fold(NewKeeper(book), events)
}

func fold(k *Keeper, events []domain.Recorded) []Clock {
	matters, around := map[domain.Ref]*Matter{}, known{map[domain.OfficerID]domain.UnitID{}, map[domain.PostID]int{}}
	var order []string
	clocks := map[string]Clock{}
	for _, r := range events {
		ref := domain.Ref{Type: r.Event.Kind().Room(), ID: r.Act.Subject}
		m := matters[ref]
		if m == nil {
			m = &Matter{}
			matters[ref] = m
		}
		for _, c := range k.Apply(m, r, around) {
			if _, ok := clocks[c.ID()]; !ok {
				order = append(order, c.ID())
			}
			clocks[c.ID()] = c
		}
		if ref.Type == officer.Room.Name && m.Unit != "" {
			around.units[domain.OfficerID(ref.ID)] = m.Unit
		}
		if e, ok := r.Event.(post.RotationRuleSet); ok {
			around.years[domain.PostID(ref.ID)] = e.Years
		}
	}
	out := make([]Clock, len(order))
	for i, id := range order {
		out[i] = clocks[id]
	}
	return out
}

// known is what a history told of officers and posts.
type known struct {
	units map[domain.OfficerID]domain.UnitID
	years map[domain.PostID]int
}

func (a known) UnitOf(o domain.OfficerID) domain.UnitID { return a.units[o] }
func (a known) RotationYears(p domain.PostID) int       { return a.years[p] }
