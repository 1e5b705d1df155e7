package screening

import (
	"fmt"
	"math"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// TestWhereNothingIsWrongHardlyAnythingIsFound: officers who differ by habits that
// never change, in a year of monthly runs.
func TestWhereNothingIsWrongHardlyAnythingIsFound(t *testing.T) {
	const officers, runs = 150, 12
	s := newStory(31)
	first := Since(rules, last-runs+1)
	for i := range officers {
		habit, pace := 0.1*math.Exp(0.4*s.NormFloat64()), 5+s.IntN(30)
		about := Case{Unit: domain.UnitID(fmt.Sprintf("U%d", i%5)), Stream: "penalty", Procedure: domain.NormID(fmt.Sprintf("P%d", i%3)), Like: "x"}
		for m := first; m <= last; m++ {
			for range s.IntN(2 * pace) {
				c := about
				c.Skipped, c.Outside, c.Amount = s.Float64() < habit/3, s.Float64() < habit/2, int64(100_000+10_000*s.NormFloat64())
				c.Party = fmt.Sprintf("w%d", s.IntN(300))
				s.month(m, 1, s.hits(1, habit), c, domain.OfficerID(fmt.Sprintf("O%03d", i)))
			}
		}
	}
	screen, w := New(rules, first, last, one), NewWatcher(rules)
	for _, c := range s.cases {
		screen.Add(c)
	}
	changes, reporting := 0, 0
	for end := last - runs + 1; end <= last; end++ {
		r, err := screen.Findings(w, end)
		if err != nil {
			t.Fatal(err)
		}
		compared := false
		for _, f := range r.Findings {
			if f.OfChange() {
				changes++
			} else {
				compared = true
				t.Logf("%s: %s", end, f.Explanation)
			}
		}
		if compared {
			reporting++
		}
	}
	// Three of the four measures have exposure.
	if expected := 0.75 * float64(rules.Alarms) / 10_000 * officers * runs; float64(changes) > expected+3*math.Sqrt(expected) {
		t.Errorf("%d changes, at most %.1f are stated", changes, expected)
	}
	if reporting > 1 {
		t.Errorf("%d of %d runs report somebody among peers", reporting, runs)
	}
	t.Logf("%d changes in %d officer-months", changes, officers*runs)
}
