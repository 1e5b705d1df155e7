package screening

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// TestTheOrderOfCasesDoesNotMatter, nor does it what was asked in between.
func TestTheOrderOfCasesDoesNotMatter(t *testing.T) {
	s := mixed(7, 60)
	want := s.report(t)
	if len(want.Findings) < 3 {
		t.Fatalf("%d findings are too few to compare", len(want.Findings))
	}
	order, err := s.screen().Order(last)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.Shuffle(len(s.cases), func(i, j int) { s.cases[i], s.cases[j] = s.cases[j], s.cases[i] })
		screen, w := New(rules, Since(rules, last), last, one), NewWatcher(rules)
		for i, c := range s.cases {
			slices.Reverse(c.Officers)
			if screen.Add(c); i == 1000 {
				if _, err := screen.Findings(w, last); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := screen.Findings(w, last)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("another order finds otherwise (%v)", err)
		}
		if again, err := screen.Order(last); err != nil || !reflect.DeepEqual(again, order) {
			t.Fatalf("another order of review (%v)", err)
		}
	}
}

// mixed is an agency with everything in it: officers by two procedures in four
// units, amounts, parties, and five with whom something is wrong.
func mixed(seed uint64, officers int) *story {
	s := newStory(seed)
	for i := range officers {
		id := domain.OfficerID(fmt.Sprintf("O%02d", i))
		about := Case{Unit: domain.UnitID(fmt.Sprintf("U%d", i%4)), Stream: enforcement.KindPenalty, Procedure: domain.NormID(fmt.Sprintf("P%d", i%2))}
		habit := 0.1 * (0.7 + 0.6*s.Float64())
		for m := Since(rules, last); m <= last; m++ {
			for range 10 + s.IntN(10) {
				c := about
				c.Officers = []domain.OfficerID{id}
				if s.IntN(4) == 0 {
					c.Officers = append(c.Officers, domain.OfficerID(fmt.Sprintf("O%02d", (i+4)%officers)))
				}
				c.Decision, c.Decided = domain.EventID(fmt.Sprintf("e%d", len(s.cases))), m.First()+Day(s.IntN(28))
				c.Party = fmt.Sprintf("party%d", s.IntN(200))
				c.Late, c.Skipped = s.Float64() < habit, s.Float64() < habit/2
				if s.IntN(2) == 0 {
					c.Like, c.Outside = fmt.Sprintf("b/1/c/t%d", s.IntN(3)), s.Float64() < habit/2
					c.Amount = int64(1_000_000 + 50_000*s.NormFloat64())
				}
				c.Reviewed = s.IntN(6) == 0
				c.Overturned = c.Reviewed && s.IntN(5) == 0
				switch {
				case i == 0:
					c.Late = s.IntN(2) == 0
				case i == 1 && c.Like != "":
					c.Amount += 40_000
				case i == 2 && s.IntN(4) == 0:
					c.Party = "friend"
				case i == 3 && m > last-4:
					c.Skipped = s.IntN(3) == 0
				case i == 5 && c.Reviewed:
					c.Overturned = s.IntN(4) > 0
				}
				s.cases = append(s.cases, c)
			}
		}
	}
	return s
}

func TestPlantedTroubleIsFoundAndWhatItRestsOn(t *testing.T) {
	s := mixed(8, 60)
	r := s.report(t)
	want := map[string]domain.OfficerID{"peers.late": "O00", "peers.amounts": "O01", "peers.meetings": "O02", "peers.overturned": "O05"}
	for code, officer := range want {
		found := false
		for _, f := range r.of(code) {
			found = found || f.Officer == officer
		}
		if !found {
			t.Errorf("%s does not find %s", code, officer)
		}
	}
	for _, f := range r.Findings {
		on := 0
		for i := range s.cases {
			if f.Rests(&s.cases[i]) {
				on++
			}
		}
		evidence := f.Hits
		if f.way == amounts {
			evidence = f.Of
		}
		if on != evidence || on == 0 {
			t.Errorf("%s of %s rests on %d cases, counts %d", f.Code, f.Officer, on, evidence)
		}
		for name, text := range map[string]string{"baseline": f.Baseline, "peers": f.Peers, "explanation": f.Explanation,
			"Chinese baseline": f.BaselineChinese, "Chinese peers": f.PeersChinese, "Chinese explanation": f.ExplanationChinese} {
			if text == "" || strings.Contains(text, "%!") || domain.CheckText("text", text) != nil {
				t.Errorf("%s of %s: the %s is %q", f.Code, f.Officer, name, text)
			}
		}
		t.Log(f.Score, f.Explanation, f.ExplanationChinese)
	}
}
