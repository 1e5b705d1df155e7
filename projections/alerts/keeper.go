package alerts

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
)

// Keeper folds events into hits under the rulebooks of a shelf.
type Keeper struct{ shelf *domain.Shelf }

// NewKeeper makes the keeper of all rules.
func NewKeeper(shelf *domain.Shelf) *Keeper { return &Keeper{shelf} }

// Change is a hit that was established, or superseded; or how far one is
// warned of.
type Change struct {
	What ChangeKind
	// Seq and Hit are those of the hit. Hit is empty where it is told of.
	Seq int64
	Hit Hit
	// Told: all it rests on was warned of. Of a lapsed warning: it is so.
	Told bool
	// Open: a warning of its rule and subject is open, which it belongs to.
	Open bool
	// Warning is the one that lost its ground, or has it again.
	Warning domain.WarningID
}

// ChangeKind is what a Change is.
type ChangeKind int

// The kinds of change.
const (
	Established ChangeKind = iota
	Superseded
	Warned
	Grounded
)

// scene is one event as it is folded.
type scene struct {
	shelf   *domain.Shelf
	r       domain.Recorded
	at      ledger.Position
	day     Day
	around  Around
	rule    *Rule
	touched []string
	place   int64
	changes []Change
	whom    []string
}

// Cares tells whether events of the kind matter to any rule.
func Cares(kind domain.Kind) bool {
	room := kind.Room()
	return len(byKind[kind]) > 0 || room == norm.Room.Name || room == warning.Room.Name || room == unit.Room.Name || kind == enforcement.Opened{}.Kind()
}

// Fold works one event, which lies at the position, into the matters and
// returns what it changed. It is total: no order of events makes it fail.
func (k *Keeper) Fold(r domain.Recorded, at ledger.Position, around Around) []Change {
	if !Cares(r.Event.Kind()) {
		return nil
	}
	x := &scene{shelf: k.shelf, r: r, at: at, around: around, day: indicators.DayOf(k.shelf.Day(r.Act.OccurredAt))}
	x.know()
	for _, h := range byKind[r.Event.Kind()] {
		x.rule, x.touched = h.rule, x.touched[:0]
		h.does(x, r.Event)
		for _, key := range x.touched {
			m := x.matter(key)
			x.set(m, h.rule.judge(x, m))
		}
	}
	x.warned()
	x.tell()
	return x.changes
}

// imported tells history that nobody here judged.
func (x *scene) imported() bool { return x.r.Act.Imported() }

// matter is what the rule knows under a key.
func (x *scene) matter(key string) *Matter { return x.around.Matter(x.rule.Code + " " + key) }

// note keeps what the event tells, in the matter of the key, which is judged
// anew.
func (x *scene) note(key string, n Note) {
	n.Event, n.At = x.r.ID, int64(x.at)
	if n.On == 0 {
		n.On = x.day
	}
	x.matter(key).note(n)
	x.touch(key)
}

// touch lets the matter of the key be judged anew.
func (x *scene) touch(key string) {
	if !slices.Contains(x.touched, key) {
		x.touched = append(x.touched, key)
	}
}

// on returns the day of a date, or that of the event where there is none.
func (x *scene) on(d domain.Date) Day {
	if d.IsZero() {
		return x.day
	}
	return indicators.DayOf(d)
}

// book returns the rulebook in force on the day.
func (x *scene) book(on Day) *domain.Rulebook { return x.shelf.On(on.Date()) }

// after returns the last day of a term that begins on the day.
func (x *scene) after(term domain.Term, on Day) Day {
	return indicators.DayOf(term.After(on.Date(), x.book(on).Calendar))
}

// set says which hits of the matter stand from this event on.
func (x *scene) set(m *Matter, hits []Hit) {
	kept := make([]Standing, 0, len(hits))
	for _, s := range m.Standing {
		if slices.ContainsFunc(hits, func(h Hit) bool { return same(h, s.Hit) }) {
			kept = append(kept, s)
			continue
		}
		x.changes = append(x.changes, Change{What: Superseded, Seq: s.Seq, Hit: s.Hit})
		x.leave(s)
	}
	for _, h := range hits {
		h.Rule = x.rule.Code
		if len(h.Evidence) == 0 || h.Unit == "" && h.Post == "" && h.Officer == "" ||
			slices.ContainsFunc(kept, func(s Standing) bool { return same(h, s.Hit) }) {
			continue
		}
		s := Standing{Seq: int64(x.at)*indicators.PerEvent + x.place, Hit: h}
		x.place++
		kept = append(kept, s)
		x.changes = append(x.changes, Change{What: Established, Seq: s.Seq, Hit: h})
		x.join(s)
	}
	m.Standing = kept
}

// same tells whether two hits of one rule and matter say the same.
func same(a, b Hit) bool {
	if !slices.Equal(a.Evidence, b.Evidence) {
		return false
	}
	a.Evidence, b.Evidence, a.Rule, b.Rule = nil, nil, "", ""
	return a.Unit == b.Unit && a.Post == b.Post && a.Officer == b.Officer && a.From == b.From && a.Until == b.Until &&
		a.Score == b.Score && a.Exposure == b.Exposure && a.Baseline == b.Baseline && a.Explanation == b.Explanation &&
		a.BaselineChinese == b.BaselineChinese && a.ExplanationChinese == b.ExplanationChinese
}
