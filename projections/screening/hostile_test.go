package screening

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// TestHostileNamesStayApart: whatever is in the ids, they are not mixed up, and
// what is said of them can be recorded.
func TestHostileNamesStayApart(t *testing.T) {
	for _, name := range []string{"", " ", "a\x1fb", "a\nb", "\xff\xfe", "%s%d%!", "<script>", "\u202eevil", "officer\x00", strings.Repeat("长", 4000), "'; drop table", "{{.}}", "\u200b"} {
		s := newStory(21)
		about := Case{Unit: domain.UnitID(name), Stream: enforcement.Kind(name), Procedure: domain.NormID(name), Party: name + "p", Like: name}
		for i := range 20 {
			for m := last - 11; m <= last; m++ {
				s.month(m, 20, 2, about, domain.OfficerID(fmt.Sprintf("%s%d", name, i)))
			}
		}
		for m := last - 11; m <= last; m++ {
			s.month(m, 20, 12, about, domain.OfficerID(name))
		}
		r := s.report(t)
		found := r.of("peers.late")
		if len(found) != 1 || found[0].Officer != domain.OfficerID(name) || string(found[0].Unit) != name || found[0].Of != 240 {
			t.Fatalf("%q: %+v", name, found)
		}
		for _, text := range []string{found[0].Baseline, found[0].Peers, found[0].Explanation, found[0].BaselineChinese, found[0].PeersChinese, found[0].ExplanationChinese} {
			if err := domain.CheckText("text", text); err != nil || !utf8.ValidString(text) {
				t.Errorf("%q: %v", name, err)
			}
		}
		if c := r.compared("peers.late"); c.Spells != 21 {
			t.Errorf("%q: %d spells, there are 21", name, c.Spells)
		}
	}
}

// TestIdsThatRunTogetherAreNotMixedUp: "a"+"bc" is not "ab"+"c".
func TestIdsThatRunTogetherAreNotMixedUp(t *testing.T) {
	screen := New(rules, Since(rules, last), last, one)
	for _, c := range []Case{
		{Unit: "a", Procedure: "bc", Officers: []domain.OfficerID{"o"}},
		{Unit: "ab", Procedure: "c", Officers: []domain.OfficerID{"o"}},
		{Unit: "o", Procedure: "o", Officers: []domain.OfficerID{"o"}},
		{Unit: "o", Procedure: "", Officers: []domain.OfficerID{"o"}, Stream: "o"},
	} {
		c.Decided = last.First()
		if !screen.Add(c) {
			t.Errorf("%+v does not count", c)
		}
	}
	if n := len(screen.rest().spells); n != 4 {
		t.Errorf("%d spells of four", n)
	}
}

// TestNoUnitOfAnAgency: where the tree knows no root, a unit is its own agency.
func TestAUnitWithoutARootIsItsOwnAgency(t *testing.T) {
	screen := New(rules, Since(rules, last), last, func(domain.UnitID) domain.UnitID { return "" })
	asked := 0
	screen.agency = func(domain.UnitID) domain.UnitID { asked++; return "" }
	for _, unit := range []domain.UnitID{"U1", "U2", "U1"} {
		screen.Add(Case{Unit: unit, Officers: []domain.OfficerID{"o"}, Decided: last.First()})
	}
	if r := screen.rest(); r.groups != 2 || asked != 2 {
		t.Errorf("%d groups of two units, asked %d times", r.groups, asked)
	}
}

// TestWhoIsOnACaseTwiceCountsOnce, and a case counts for each of two officers.
func TestWhoIsOnACaseTwiceCountsOnce(t *testing.T) {
	screen := New(rules, Since(rules, last), last, one)
	screen.Add(Case{Unit: "U", Officers: []domain.OfficerID{"a", "b", "a"}, Decided: last.First(), Party: "w"})
	r := screen.rest()
	r.sum(r.over(last))
	for i := range r.spells {
		if c := r.total(i, 0, r.over(last)); c.Of != 1 {
			t.Errorf("spell %d: %+v", i, c)
		}
	}
	if len(r.spells) != 2 {
		t.Errorf("%d spells", len(r.spells))
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "a", "\xff", strings.Repeat("é", 100), "a\u202eb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := plain(s)
		if text == "" || len(text) > domain.MaxID || domain.CheckText("id", text) != nil {
			t.Errorf("%q becomes %q", s, text)
		}
	})
}
