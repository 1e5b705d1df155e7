package alerts

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
)

// Replay tells what the rules would have raised on events that were recorded,
// under other rulebooks than theirs perhaps, and what was raised. It holds in
// memory what the views keep in tables. Warnings that were raised are told
// apart from those that would have been: what people did with a warning is no
// part of it, so every hit of a subject whose warning would be open belongs to
// that one for good.
//
// It serves one goroutine.
type Replay struct {
	shelf   *domain.Shelf
	keeper  *Keeper
	matters map[string]*Matter
	units   map[domain.OfficerID]domain.UnitID
	roll    []domain.OfficerID

	standing map[int64]Hit
	waiting  []int64
	warnings map[string]*Would
	order    []*Would
	raised   []Did
}

// Would is a warning that would have been raised.
type Would struct {
	ID domain.WarningID
	On Day
	Hit
	// Times is how often the rule found more of it.
	Times int
	known map[domain.EventID]bool
}

// Did is a warning of one of the rules that was raised.
type Did struct {
	ID   domain.WarningID
	On   Day
	Rule string
}

// NewReplay begins a replay under the rulebooks of a shelf.
func NewReplay(shelf *domain.Shelf) *Replay {
	return &Replay{shelf: shelf, keeper: NewKeeper(shelf), matters: map[string]*Matter{}, units: map[domain.OfficerID]domain.UnitID{},
		standing: map[int64]Hit{}, warnings: map[string]*Would{}}
}

// Add plays one event, the next in the order of the ledger.
func (p *Replay) Add(r domain.Recorded, at ledger.Position) {
	today := indicators.DayOf(p.shelf.Day(r.Act.RecordedAt))
	p.Until(today)
	p.learn(r)
	if e, ok := warning.Now(r.Event).(warning.Raised); ok {
		if byCode[e.Rule] != nil && !r.Act.Imported() {
			p.raised = append(p.raised, Did{domain.WarningID(r.Act.Subject), today, e.Rule})
		}
		return // what was warned of must not keep from being raised here
	}
	if r.Event.Kind().Room() == warning.Room.Name {
		return
	}
	for _, c := range p.keeper.Fold(r, at, p) {
		switch c.What {
		case Established:
			p.standing[c.Seq] = c.Hit
			p.waiting = append(p.waiting, c.Seq)
		case Superseded:
			delete(p.standing, c.Seq)
		}
	}
	p.Until(today)
}

// Until lets what has come due by the day be raised.
func (p *Replay) Until(today Day) {
	p.waiting = slices.DeleteFunc(p.waiting, func(seq int64) bool {
		h, ok := p.standing[seq]
		if !ok {
			return true
		}
		if h.From > today {
			return false
		}
		if h.Until == 0 || h.Until > today {
			p.raise(h, today)
		}
		return true
	})
}

func (p *Replay) raise(h Hit, today Day) {
	w := p.warnings[h.Subject()]
	if w == nil {
		w = &Would{ID: h.WarningID(h.Evidence[0]), On: today, Hit: h, Times: 1, known: map[domain.EventID]bool{}}
		p.warnings[h.Subject()] = w
		p.order = append(p.order, w)
	} else if slices.ContainsFunc(h.Evidence, func(e domain.EventID) bool { return !w.known[e] }) {
		w.Times++
		w.Score, w.Explanation, w.ExplanationChinese = max(w.Score, h.Score), h.Explanation, h.ExplanationChinese
	}
	for _, e := range h.Evidence {
		w.known[e] = true
	}
}

// Would lists what would have been raised, by rule and day.
func (p *Replay) Would() []*Would {
	out := slices.Clone(p.order)
	slices.SortStableFunc(out, func(a, b *Would) int { return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.On, b.On)) })
	return out
}

// Did lists what was raised, in the order of the ledger.
func (p *Replay) Did() []Did { return p.raised }

// learn takes in where people serve.
func (p *Replay) learn(r domain.Recorded) {
	id := domain.OfficerID(r.Act.Subject)
	switch e := r.Event.(type) {
	case officer.Enrolled:
		p.units[id] = e.Unit
	case officer.Imported:
		p.units[id] = e.Unit
	case officer.Appointed:
		p.units[id] = e.Unit
	case officer.Rotated:
		p.units[id] = e.Unit
	}
	if r.Event.Kind().Room() == officer.Room.Name && !r.Act.Imported() {
		if i, met := slices.BinarySearch(p.roll, id); !met {
			p.roll = slices.Insert(p.roll, i, id)
		}
	}
}

// Matter, Look, UnitOf and Roll answer the keeper.

func (p *Replay) Matter(name string) *Matter {
	if p.matters[name] == nil {
		p.matters[name] = &Matter{}
	}
	return p.matters[name]
}

func (p *Replay) Look(name string) *Matter                 { return p.Matter(name) }
func (p *Replay) UnitOf(id domain.OfficerID) domain.UnitID { return p.units[id] }
func (p *Replay) Roll() []domain.OfficerID                 { return p.roll }
