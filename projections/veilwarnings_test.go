package projections

import "testing"

// What was taken up is told beside what waits, so that of what is open, and of
// what was noted late, no few may be left over.
func TestNoPartOfARuleIsLeftOver(t *testing.T) {
	n := func(count int) Bucket { return Bucket{Count: count} }
	for _, c := range []struct {
		name                          string
		acted, dismissed, open, noted int
		hides                         string // of acted on, dismissed, open, noted later
	}{
		{"two are taken up and open", 12, 10, 14, 10, ".xx."},
		{"none is", 12, 10, 12, 10, "...."},
		{"six are", 12, 10, 18, 10, "...."},
		{"all but three of those taken up were noted late", 12, 10, 12, 19, "...x"},
		{"all of them were", 12, 10, 12, 22, "...x"},
	} {
		w := WarningScore{Versions: []string{"1", "2"}, Waiting: n(12), Acknowledged: n(c.acted + c.dismissed + c.open - 12), Raised: n(c.acted + c.dismissed + c.open),
			ActedOn: n(c.acted), Dismissed: n(c.dismissed), Open: n(c.open), NotedLater: n(c.noted)}
		w.suppress()
		got := ""
		for _, b := range []Bucket{w.ActedOn, w.Dismissed, w.Open, w.NotedLater} {
			got += map[bool]string{true: "x", false: "."}[b.Suppressed]
		}
		if got != c.hides || w.Versions != nil {
			t.Errorf("%s: %s, want %s; versions %q", c.name, got, c.hides, w.Versions)
		}
	}
}
