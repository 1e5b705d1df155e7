package screening

import (
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

func TestWhoIsLateFarMoreOftenStandsOut(t *testing.T) {
	s := newStory(1)
	s.usual(20, 20, penalty)
	for m := Since(rules, last); m <= last; m++ {
		s.month(m, 20, 8, penalty, "slow")
	}
	r := s.report(t)
	found := r.of("peers.late")
	if len(found) != 1 || len(r.Findings) != 1 {
		t.Fatalf("%d are late, %d stand out in all", len(found), len(r.Findings))
	}
	f := found[0]
	if f.Officer != "slow" || f.Unit != "U1" || f.Procedure != "P1" || f.Stream != enforcement.KindPenalty || f.Hits != 96 || f.Of != 240 || f.PeersOf != 20 || f.Cases != 4800 {
		t.Errorf("%+v", f)
	}
	if f.From != (last-11).First() || f.To != last.Last() || f.To.Date().String() != "2026-11-30" || f.Tail > 1e-6 || f.Discovery > 0.0125 || f.Score < 600 {
		t.Errorf("%s to %s, tail %g, discovery %g, score %d", f.From.Date(), f.To.Date(), f.Tail, f.Discovery, f.Score)
	}
	for text, parts := range map[string][]string{
		f.Explanation:        {"Of 240 acts of slow in unit U1 by procedure P1 from 2025-12-01 to 2026-11-30, 96 (40.0 %) missed a term", "20 other officers", "4,800 acts", "does not mean"},
		f.ExplanationChinese: {"96件（40.0%）", "其他20名人员", "并不意味着", "误报"},
		f.Baseline:           {"of 240 acts"},
	} {
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%q does not say %q", text, part)
			}
		}
	}
	evidence := 0
	for _, c := range s.cases {
		if f.Rests(&c) {
			if evidence++; !c.Late || c.Officers[0] != "slow" {
				t.Errorf("rests on %+v", c)
			}
		}
	}
	if evidence != f.Hits {
		t.Errorf("rests on %d cases, %d counted", evidence, f.Hits)
	}
}

func TestAChangeIsNoticedOnce(t *testing.T) {
	s := newStory(2)
	s.usual(20, 20, penalty)
	began := last - 4
	for m := Since(rules, last); m <= last; m++ {
		late := 1
		if m >= began {
			late = 7
		}
		s.month(m, 20, late, penalty, "turned")
	}
	screen, w := New(rules, Since(rules, last-5), last, one), NewWatcher(rules)
	for _, c := range s.cases {
		screen.Add(c)
	}
	var noticed []Finding
	for end := last - 5; end <= last; end++ {
		r, err := screen.Findings(w, end)
		if err != nil {
			t.Fatal(err)
		}
		noticed = append(noticed, r.of("change.late")...)
	}
	if len(noticed) != 1 {
		t.Fatalf("noticed %d times", len(noticed))
	}
	f := noticed[0]
	if f.Officer != "turned" || f.End < began || f.End > began+3 || MonthOf(f.From) < began-2 || MonthOf(f.From) > began || f.To != f.End.Last() || f.Hits < 7 || f.Discovery <= 0 {
		t.Errorf("%s from %s to %s: %+v", f.End, f.From.Date(), f.To.Date(), f)
	}
	if !strings.Contains(f.Explanation, "was noticed at the end of "+f.End.String()) || !strings.Contains(f.ExplanationChinese, "察觉上升") {
		t.Error(f.Explanation, f.ExplanationChinese)
	}
	// It is still there, as was noticed then.
	k := f.Key()
	if again, ok, err := screen.Stands(w, k); err != nil || !ok || again.Key() != k {
		t.Errorf("%v %v", ok, err)
	}
	k.End = last
	if _, ok, err := screen.Stands(w, k); err != nil || !ok {
		t.Errorf("a change that goes on is not seen at the end: %v", err)
	}
	k.Officer = "peer00"
	if _, ok, err := screen.Stands(w, k); err != nil || ok {
		t.Errorf("nothing was found of a peer: %v", err)
	}
}

// TestWhatIsRecordedLateChangesAPastMonth: cases that were not known when it was
// found take the ground away.
func TestWhatIsRecordedLateChangesAPastMonth(t *testing.T) {
	s := newStory(3)
	s.usual(20, 20, penalty)
	for m := last - 11; m <= last; m++ {
		s.month(m, 10, 4, penalty, "slow")
	}
	w := NewWatcher(rules)
	before := s.screen()
	r, err := before.Findings(w, last)
	if err != nil || len(r.of("peers.late")) != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	k := r.of("peers.late")[0].Key()
	// Two hundred cases in time of the same months, handed in afterwards.
	for m := last - 11; m <= last; m++ {
		s.month(m, 20, 0, penalty, "slow")
	}
	if _, ok, err := s.screen().Stands(w, k); err != nil || ok {
		t.Errorf("it stands still (%v)", err)
	}
	// The same screen takes them too.
	for _, c := range s.cases[len(s.cases)-240:] {
		before.Add(c)
	}
	if _, ok, err := before.Stands(w, k); err != nil || ok {
		t.Errorf("it stands still in the screen that it was found in (%v)", err)
	}
}

func TestWhoChangesPostsIsJudgedInEach(t *testing.T) {
	s := newStory(4)
	s.usual(20, 20, penalty)
	other := penalty
	other.Unit = "U2"
	for m := last - 11; m <= last; m++ {
		if m < last-5 {
			s.month(m, 20, 9, penalty, "moved")
		} else {
			s.month(m, 20, 1, other, "moved")
		}
	}
	r := s.report(t)
	found := r.of("peers.late")
	if len(found) != 1 || found[0].Unit != "U1" || found[0].Of != 120 || found[0].Hits != 54 {
		t.Fatalf("%+v", found)
	}
	if c := r.compared("peers.late"); c.Spells != 22 {
		t.Errorf("%d spells were compared, of 20 peers and two of one officer", c.Spells)
	}
	for _, c := range s.cases {
		if found[0].Rests(&c) && c.Unit != "U1" {
			t.Errorf("rests on a case of the other unit")
		}
	}
}

func TestTooFewPeersAreNotComparedAndCounted(t *testing.T) {
	for name, tt := range map[string]struct {
		peers int
		want  int
	}{"nobody": {-1, 0}, "alone": {0, 0}, "four peers": {4, 0}, "five peers": {5, 6}} {
		s := newStory(5)
		for m := last - 11; m <= last; m++ {
			for i := range tt.peers {
				s.month(m, 20, 2, penalty, domain.OfficerID(fmt.Sprintf("peer%d", i)))
			}
			if tt.peers >= 0 {
				s.month(m, 20, 15, penalty, "slow")
			}
		}
		r := s.report(t)
		c := r.compared("peers.late")
		if c.Spells != tt.want || len(r.Findings) > 0 {
			t.Errorf("%s: %d compared, want %d; found %+v", name, c.Spells, tt.want, r.Findings)
		}
		left := 0
		for _, l := range c.Left {
			left += l.Spells
			if l.Why == "" || l.WhyChinese == "" {
				t.Errorf("%s: left out without a reason", name)
			}
		}
		if c.Spells+left != tt.peers+1 {
			t.Errorf("%s: %d compared and %d left, of %d", name, c.Spells, left, tt.peers+1)
		}
	}
	// Peers in another agency are none.
	s := newStory(6)
	s.usual(20, 20, penalty)
	there := penalty
	there.Unit = "X1"
	for m := last - 11; m <= last; m++ {
		s.month(m, 20, 15, there, "slow")
	}
	screen := New(rules, Since(rules, last), last, func(u domain.UnitID) domain.UnitID { return u[:1] })
	for _, c := range s.cases {
		screen.Add(c)
	}
	r, err := screen.Findings(NewWatcher(rules), last)
	if err != nil || len(r.Findings) != 0 {
		t.Errorf("%+v %v", r.Findings, err)
	}
}

func TestNothingToCompare(t *testing.T) {
	screen := New(rules, Since(rules, last), last, one)
	w := NewWatcher(rules)
	r, err := screen.Findings(w, last)
	if err != nil || len(r.Findings) != 0 || len(r.Compared) != len(Measures()) {
		t.Errorf("an empty screen: %+v %v", r, err)
	}
	if order, err := screen.Order(last); err != nil || len(order) != 0 {
		t.Errorf("an empty order: %v %v", order, err)
	}
	on := last.First()
	for name, c := range map[string]Case{
		"not decided":     {Unit: "U1", Officers: []domain.OfficerID{"O"}},
		"by nobody":       {Unit: "U1", Decided: on},
		"before":          {Unit: "U1", Officers: []domain.OfficerID{"O"}, Decided: Since(rules, last).First() - 1},
		"afterwards":      {Unit: "U1", Officers: []domain.OfficerID{"O"}, Decided: last.Last() + 1},
		"long before":     {Unit: "U1", Officers: []domain.OfficerID{"O"}, Decided: -1 << 40},
		"in a far future": {Unit: "U1", Officers: []domain.OfficerID{"O"}, Decided: 1 << 40},
	} {
		if screen.Add(c) {
			t.Errorf("a case %s counts", name)
		}
	}
	first := Case{Unit: "U1", Officers: []domain.OfficerID{"O", "O"}, Decided: Since(rules, last).First(), Decision: "e1"}
	if !screen.Add(first) || screen.Add(first) {
		t.Error("a case met again counts again, or not even once")
	}
	first.Decided, first.Decision = last.Last(), "e2"
	if !screen.Add(first) {
		t.Error("the last day does not count")
	}
	r, err = screen.Findings(w, last)
	if c := r.compared("peers.late"); err != nil || c.Spells != 0 || len(c.Left) != 1 || c.Left[0].Spells != 1 {
		t.Errorf("one officer alone: %+v %v", c, err)
	}
	if _, err := screen.Findings(w, last+1); err == nil {
		t.Error("months that the screen does not hold are judged")
	}
	if _, err := screen.Findings(w, last-1); err == nil {
		t.Error("months that the screen does not hold are judged")
	}
	other := rules
	other.Alarms *= 2
	if _, err := screen.Findings(NewWatcher(other), last); err == nil {
		t.Error("a watcher of other rules is taken")
	}
	if _, err := screen.Findings(nil, last); err == nil {
		t.Error("no watcher is taken")
	}
	silent := New(domain.ScreeningRules{}, last-30, last, one)
	if r, err := silent.Findings(nil, last); err != nil || len(r.Findings) != 0 || silent.Add(first) {
		t.Errorf("without rules: %+v %v", r, err)
	}
	if _, ok, err := silent.Stands(nil, Key{End: last}); ok || err != nil {
		t.Error("without rules something stands", err)
	}
}
