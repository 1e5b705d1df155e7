package screening

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/outlier"
)

// acts are given out by lot among officers, about some of two hundred parties.
func (s *story) lot(officers, acts int) {
	for m := last - 11; m <= last; m++ {
		for range acts {
			c := penalty
			c.Party = fmt.Sprintf("party%d", s.IntN(200))
			s.month(m, 1, 0, c, domain.OfficerID(fmt.Sprintf("O%d", s.IntN(officers))))
		}
	}
}

func TestWhoMeetsTooOften(t *testing.T) {
	s := newStory(41)
	s.lot(6, 60)
	if found := s.report(t).of("peers.meetings"); len(found) != 0 {
		t.Errorf("by lot: %+v", found)
	}
	for _, party := range []string{"friend", "cousin"} {
		for m := last - 11; m <= last; m++ {
			c := penalty
			c.Party = party
			s.month(m, 1, 0, c, "O3")
		}
	}
	screen, w := s.screen(), NewWatcher(rules)
	r, err := screen.Findings(w, last)
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]Finding{}
	for _, f := range r.of("peers.meetings") {
		met[f.Party] = f
		if f.Officer != "O3" || f.Procedure != "" || f.PeersOf != 5 {
			t.Errorf("%+v", f)
		}
		if again, ok, err := screen.Stands(w, f.Key()); !ok || err != nil || again.Party != f.Party {
			t.Errorf("%s does not stand: %v", f.Party, err)
		}
	}
	for _, party := range []string{"friend", "cousin"} {
		f := met[party]
		own, all := 0, 0
		for _, c := range s.cases {
			if c.Decided >= f.From && c.Decided <= f.To {
				if all++; c.Officers[0] == "O3" {
					own++
				}
			}
		}
		if f.Hits != 12 || f.Of != 12 || f.Cases != all || f.Tail < outlier.Meetings(12, own, 12, all) {
			t.Errorf("%s: %+v", party, f)
		}
	}
	if len(met) != 2 {
		t.Errorf("%d parties", len(met))
	}
}

func TestWhoWorksAloneMeetsEverybody(t *testing.T) {
	s := newStory(42)
	s.lot(1, 40)
	got := s.report(t).compared("peers.meetings")
	if got.Spells != 0 || len(got.Left) != 1 || got.Left[0].Spells != 1 || got.Left[0].Why != "nobody else decides in this stream of the unit" {
		t.Errorf("%+v", got)
	}
	// Acts about nobody are no meetings.
	s = newStory(43)
	s.usual(10, 10, penalty)
	if got := s.report(t).compared("peers.meetings"); got.Spells != 0 || len(got.Left) != 0 {
		t.Errorf("%+v", got)
	}
}
