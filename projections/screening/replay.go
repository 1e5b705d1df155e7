package screening

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/outlier"
)

// Replay tells what the nightly run would have raised on events that were
// recorded, under other rulebooks than theirs perhaps, and what was raised. It
// runs at the end of each month, on what was recorded by then and by the rules
// of the day after. What people did with a warning is no part of it: all that
// was found of a series is one warning.
//
// It holds all acts in memory, and serves one goroutine.
type Replay struct {
	shelf    *domain.Shelf
	cases    map[string]*Case
	decided  map[Month][]*Case
	parents  map[domain.UnitID]domain.UnitID
	watchers map[domain.ScreeningRules]*outlier.Watcher
	begun    bool
	last     Month // that was judged

	warnings map[string]*Would
	order    []*Would
	raised   []Did
}

// Would is a warning that would have been raised.
type Would struct {
	ID domain.WarningID
	// On is the day of the run.
	On Day
	Finding
	// Times is in how many months more was found of it.
	Times int
	known map[domain.EventID]bool
}

// Did is a warning of a finding that was raised.
type Did struct {
	ID   domain.WarningID
	On   Day
	Code string
}

// NewReplay begins a replay under the rulebooks of a shelf.
func NewReplay(shelf *domain.Shelf) *Replay {
	return &Replay{shelf: shelf, cases: map[string]*Case{}, decided: map[Month][]*Case{}, parents: map[domain.UnitID]domain.UnitID{},
		watchers: map[domain.ScreeningRules]*outlier.Watcher{}, warnings: map[string]*Would{}}
}

// Add plays one event, the next in the order of the ledger.
func (p *Replay) Add(r domain.Recorded) error {
	today := indicators.DayOf(p.shelf.Day(r.Act.RecordedAt))
	if err := p.Until(today); err != nil {
		return err
	}
	switch e := r.Event.(type) {
	case unit.Established:
		p.parents[domain.UnitID(r.Act.Subject)] = e.Parent
	case unit.Moved:
		p.parents[domain.UnitID(r.Act.Subject)] = e.Parent
	case unit.Imported:
		p.parents[domain.UnitID(r.Act.Subject)] = e.Parent
	case warning.Raised:
		if code, _, ok := SeriesOf(domain.WarningID(r.Act.Subject)); ok && code == e.Rule && r.Act.Role == domain.RoleSystem {
			p.raised = append(p.raised, Did{domain.WarningID(r.Act.Subject), today, code})
		}
	}
	p.fold(r)
	return nil
}

func (p *Replay) fold(r domain.Recorded) {
	if r.Event.Kind().Room() != enforcement.Room.Name || r.Act.Imported() {
		return
	}
	c := p.cases[r.Act.Subject]
	if c == nil {
		c = &Case{}
		p.cases[r.Act.Subject] = c
	}
	was := c.Decided
	if c.Fold(r, indicators.DayOf(p.shelf.Day(r.Act.OccurredAt))) && was == 0 && c.Decided != 0 {
		m := MonthOf(c.Decided)
		p.decided[m] = append(p.decided[m], c)
	}
}

// Until runs over the months that are over on the day and were not judged.
// Where the clock was put back, months that are judged too early are again.
func (p *Replay) Until(today Day) error {
	end := LastWhole(today)
	if !p.begun {
		p.begun, p.last = true, end
	}
	for p.last < end {
		p.last++
		if err := p.run(p.last); err != nil {
			return err
		}
	}
	p.last = end
	return nil
}

func (p *Replay) run(end Month) error {
	on := (end + 1).First()
	rules := p.shelf.On(on.Date()).Warning.Screening
	if rules == (domain.ScreeningRules{}) {
		return nil
	}
	if p.watchers[rules] == nil {
		p.watchers[rules] = NewWatcher(rules)
	}
	above := func(u domain.UnitID) domain.UnitID { return p.parents[u] }
	from := Since(rules, end)
	screen := New(rules, from, end, func(u domain.UnitID) domain.UnitID { return indicators.Top(above, u) })
	for m := from; m <= end; m++ {
		for _, c := range p.decided[m] {
			screen.Add(*c)
		}
	}
	report, err := screen.Findings(p.watchers[rules], end)
	if err != nil {
		return fmt.Errorf("compare the months up to %s: %w", end, err)
	}
	for i := range report.Findings {
		p.raise(&report.Findings[i], on)
	}
	return nil
}

func (p *Replay) raise(f *Finding, on Day) {
	series := f.Key().Series()
	w := p.warnings[series]
	fresh := false
	if w == nil {
		w = &Would{ID: f.Key().WarningID(), On: on, Finding: *f, known: map[domain.EventID]bool{}}
		p.warnings[series], fresh = w, true
		p.order = append(p.order, w)
	}
	for m := MonthOf(f.From); m <= MonthOf(f.To); m++ {
		for _, c := range p.decided[m] {
			if f.Rests(c) && !w.known[c.Decision] {
				w.known[c.Decision], fresh = true, true
			}
		}
	}
	if fresh || f.Score > w.Score {
		w.Times++
		w.Score, w.Explanation, w.ExplanationChinese = max(w.Score, f.Score), f.Explanation, f.ExplanationChinese
	}
}

// Would lists what would have been raised, by measure and day.
func (p *Replay) Would() []*Would {
	out := slices.Clone(p.order)
	slices.SortStableFunc(out, func(a, b *Would) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.On, b.On)) })
	return out
}

// Did lists what was raised, in the order of the ledger.
func (p *Replay) Did() []Did { return p.raised }
