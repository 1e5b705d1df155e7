package indicators_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
)

// told is an event that was recorded: on which day it happened, to what, and
// by whom where that matters.
type told struct {
	on      string
	subject string
	event   domain.Event
	by      domain.ActorID
	old     bool // imported
}

// story is a history as it is folded, and every fact it ever established.
type story struct {
	book    *domain.Rulebook
	keeper  *indicators.Keeper
	clocks  *clocks.Keeper
	open    map[string]*clocks.Matter
	matters map[string]*indicators.Matter
	units   map[domain.OfficerID]domain.UnitID
	parents map[domain.UnitID]domain.UnitID
	facts   []row
	last    ledger.Position
}

type row struct {
	indicators.Standing
	superseded ledger.Position
}

func newStory() *story {
	book := domain.CN2024()
	return &story{book: book, keeper: indicators.NewKeeper(book), clocks: clocks.NewKeeper(book), open: map[string]*clocks.Matter{},
		matters: map[string]*indicators.Matter{}, units: map[domain.OfficerID]domain.UnitID{}, parents: map[domain.UnitID]domain.UnitID{}}
}

func (s *story) Matter(name string) *indicators.Matter {
	if s.matters[name] == nil {
		s.matters[name] = &indicators.Matter{}
	}
	return s.matters[name]
}
func (s *story) Look(name string) *indicators.Matter     { return s.Matter(name) }
func (s *story) UnitOf(o domain.OfficerID) domain.UnitID { return s.units[o] }
func (s *story) Parent(u domain.UnitID) domain.UnitID    { return s.parents[u] }
func (s *story) RotationYears(domain.PostID) int         { return 0 }

// fold records what is told, in its order.
func (s *story) fold(t *testing.T, list []told) *story {
	t.Helper()
	for _, x := range list {
		s.last++
		at := domain.MustDate(x.on).In(s.book.Calendar.Zone).Add(9 * time.Hour)
		if x.by == "" {
			x.by = "someone"
		}
		r := domain.Recorded{ID: domain.EventID(fmt.Sprintf("e%d", s.last)), Event: x.event,
			Act: domain.Act{Subject: x.subject, Actor: x.by, Role: domain.RoleLeader, OccurredAt: at, RecordedAt: at}}
		if x.old {
			r.Act.Source = "sha256:" + strings.Repeat("0", 64)
		}
		room := x.event.Kind().Room()
		switch e := x.event.(type) {
		case officer.Enrolled:
			s.units[domain.OfficerID(x.subject)] = e.Unit
		case unit.Established:
			s.parents[domain.UnitID(x.subject)] = e.Parent
		}
		stream := room + "-" + x.subject
		if s.open[stream] == nil {
			s.open[stream] = &clocks.Matter{}
		}
		for _, c := range s.keeper.Fold(r, s.last, s.clocks.Apply(s.open[stream], r, s), s) {
			s.change(t, c)
		}
	}
	return s
}

func (s *story) change(t *testing.T, c indicators.Change) {
	t.Helper()
	if indicators.Find(c.Indicator) == nil {
		t.Fatalf("a fact of %q, which is no indicator", c.Indicator)
	}
	if !c.Ended && c.Seq/indicators.PerEvent != int64(s.last) {
		t.Fatalf("event %d establishes fact %d", s.last, c.Seq)
	}
	for i := range s.facts {
		if s.facts[i].Seq == c.Seq {
			if !c.Ended || s.facts[i].superseded != 0 {
				t.Fatalf("fact %d changes twice", c.Seq)
			}
			s.facts[i].superseded = s.last
			return
		}
	}
	if c.Ended {
		t.Fatalf("fact %d ends and never stood", c.Seq)
	}
	s.facts = append(s.facts, row{Standing: c.Standing})
}

// sum adds up what counts for the unit in the period, as the event at the
// position left it; today is the day of asking.
func (s *story) sum(indicator string, of domain.UnitID, from, to, today string, known ledger.Position) indicators.Value {
	d := indicators.Find(indicator)
	first, asked := indicators.DayOf(domain.MustDate(from)), indicators.DayOf(domain.MustDate(today))
	until := min(indicators.DayOf(domain.MustDate(to)), asked)
	var sum indicators.Sum
	for _, f := range s.facts {
		if f.Indicator != indicator || f.Unit != of || f.Seq >= (int64(known)+1)*indicators.PerEvent || f.superseded != 0 && f.superseded <= known {
			continue
		}
		counts := first <= f.From && f.From <= until && f.To <= asked
		if d.Stock {
			counts = f.From <= until && until < f.To
		}
		if counts {
			sum.Hits, sum.Of = sum.Hits+f.Hits, sum.Of+f.Of
		}
	}
	return d.Evaluate(sum, s.book)
}

// shown is a value in short: "hits/of", and "!" where its warning is met.
func shown(v indicators.Value) string {
	out := fmt.Sprintf("%d/%d", v.Hits, v.Sum.Of)
	if v.Warning.Met {
		out += "!"
	}
	return out
}

func ledgerPosition(n int) ledger.Position { return ledger.Position(n) }
