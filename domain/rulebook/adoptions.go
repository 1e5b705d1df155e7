package rulebook

import (
	"cmp"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Adoptions is what the events of all rulebooks of a ledger say together:
// which version of which rulebook the agency lives by on a day. The zero
// Adoptions is that of a ledger that adopted none.
//
// Of several rulebooks in force on a day it is the one whose period began
// last, and of those the one recorded last: whoever adopts another rulebook
// from a day on lives by it from that day, whether or not the former one was
// superseded in so many words. Imported versions are told, and not lived by.
type Adoptions struct {
	rooms    map[domain.RulebookID]*Rulebook
	recorded map[adopted]time.Time
}

type adopted struct {
	rulebook domain.RulebookID
	version  string
}

// Apply folds an event of any rulebook; all others change nothing. It tells
// whether the event may change what is in force.
func (a *Adoptions) Apply(r domain.Recorded) bool {
	id := domain.RulebookID(r.Act.Subject)
	switch e := r.Event.(type) {
	case Adopted:
		a.note(id, e.Version, r.Act.RecordedAt)
	case Amended:
		a.note(id, e.Version, r.Act.RecordedAt)
	case Superseded:
	default:
		return false
	}
	if a.rooms == nil {
		a.rooms = map[domain.RulebookID]*Rulebook{}
	}
	if a.rooms[id] == nil {
		a.rooms[id] = &Rulebook{}
	}
	Room.Apply(a.rooms[id], r.Event, r.Act)
	return true
}

func (a *Adoptions) note(id domain.RulebookID, version string, at time.Time) {
	if a.recorded == nil {
		a.recorded = map[adopted]time.Time{}
	}
	a.recorded[adopted{id, version}] = at
}

// Period is a run of days on which the agency lives by one version.
type Period struct {
	Rulebook domain.RulebookID
	Version
}

// Adopted lists every version adopted, the earliest period first. Periods of
// different rulebooks may overlap; see Periods.
func (a *Adoptions) Adopted() []Period {
	var out []Period
	for id, r := range a.rooms {
		for _, v := range r.Versions {
			out = append(out, Period{id, v})
		}
	}
	slices.SortFunc(out, a.compare)
	return out
}

// compare puts first what gives way to the other where both are in force.
func (a *Adoptions) compare(x, y Period) int {
	return cmp.Or(cmp.Compare(x.From.String(), y.From.String()),
		a.recorded[adopted{x.Rulebook, x.Version.Version}].Compare(a.recorded[adopted{y.Rulebook, y.Version.Version}]),
		cmp.Compare(x.Rulebook, y.Rulebook))
}

// Periods cuts what is adopted into periods that do not overlap, the
// earliest first. A rulebook may come back when another has ended.
func (a *Adoptions) Periods() []Period {
	all := a.Adopted()
	var cuts []domain.Date
	for _, p := range all {
		cuts = append(cuts, p.From)
		if !p.To.IsZero() {
			cuts = append(cuts, p.To.AddDays(1))
		}
	}
	slices.SortFunc(cuts, func(x, y domain.Date) int { return cmp.Compare(x.String(), y.String()) })
	cuts = slices.Compact(cuts)
	var out []Period
	for i, from := range cuts {
		in, ok := inForce(all, from)
		if !ok {
			continue
		}
		to := domain.Date{}
		if i+1 < len(cuts) {
			to = cuts[i+1].AddDays(-1)
		}
		if last := len(out) - 1; last >= 0 && out[last].Rulebook == in.Rulebook && out[last].Version.Version == in.Version.Version && out[last].To == from.AddDays(-1) {
			out[last].To = to
			continue
		}
		in.From, in.To = from, to
		out = append(out, in)
	}
	return out
}

// inForce returns the last of the list that is in force on the day.
func inForce(all []Period, day domain.Date) (Period, bool) {
	for _, p := range slices.Backward(all) {
		if p.on(day) {
			return p, true
		}
	}
	return Period{}, false
}

// Shelf puts what is adopted on a shelf, each book as open gives it and with
// the days that the ledger gives it. Before the first day of all, base is in
// force: what the agency lived by before it adopted any.
func (a *Adoptions) Shelf(base *domain.Rulebook, open func(Period) (*domain.Rulebook, error)) (*domain.Shelf, error) {
	periods := a.Periods()
	if len(periods) == 0 {
		return domain.ShelfOf(base), nil
	}
	before := *base
	before.ValidTo = periods[0].From.AddDays(-1)
	if before.ValidFrom.After(before.ValidTo) {
		before.ValidFrom = before.ValidTo
	}
	books := []*domain.Rulebook{&before}
	for _, p := range periods {
		book, err := open(p)
		if err != nil {
			return nil, err
		}
		placed := *book
		placed.ID, placed.Version, placed.ValidFrom, placed.ValidTo = string(p.Rulebook), p.Version.Version, p.From, p.To
		books = append(books, &placed)
	}
	return domain.NewShelf(books...)
}
