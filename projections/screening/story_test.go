package screening

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// rules are those of the default rulebook.
var rules = domain.CN2024().Warning.Screening

// last is the month with which the runs of the tests end.
const last Month = 2026*12 + 10 // November

// one is one agency.
func one(domain.UnitID) domain.UnitID { return "A" }

// story makes cases up.
type story struct {
	*rand.Rand
	cases []Case
}

func newStory(seed uint64) *story { return &story{Rand: rand.New(rand.NewPCG(seed, 0x73637265656e))} }

// month adds cases of an officer in a month, of which so many are late.
func (s *story) month(m Month, n, late int, about Case, officers ...domain.OfficerID) {
	for i := range n {
		c := about
		c.Officers, c.Decided = officers, m.First()+Day(s.IntN(28))
		c.Decision = domain.EventID(fmt.Sprintf("e%d", len(s.cases)))
		c.Late = i < late
		s.cases = append(s.cases, c)
	}
}

// hits draws how many of n come about.
func (s *story) hits(n int, share float64) int {
	x := 0
	for range n {
		if s.Float64() < share {
			x++
		}
	}
	return x
}

// usual lets officers work for the months that a run needs, each with about so
// many cases a month of which a tenth are late.
func (s *story) usual(n, cases int, about Case) {
	for i := range n {
		for m := Since(rules, last); m <= last; m++ {
			s.month(m, cases, s.hits(cases, 0.1), about, domain.OfficerID(fmt.Sprintf("peer%02d", i)))
		}
	}
}

var penalty = Case{Unit: "U1", Stream: enforcement.KindPenalty, Procedure: "P1"}

func (s *story) screen() *Screen {
	out := New(rules, Since(rules, last), last, one)
	for _, c := range s.cases {
		out.Add(c)
	}
	return out
}

func (s *story) report(t *testing.T) *Report {
	t.Helper()
	r, err := s.screen().Findings(NewWatcher(rules), last)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// of returns the findings of a code.
func (r *Report) of(code string) (out []Finding) {
	for _, f := range r.Findings {
		if f.Code == code {
			out = append(out, f)
		}
	}
	return out
}

func (r *Report) compared(code string) Compared {
	for _, c := range r.Compared {
		if c.Code == code {
			return c
		}
	}
	return Compared{}
}
