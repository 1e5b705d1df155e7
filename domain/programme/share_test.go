package programme_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/programme"
)

func TestShareOf(t *testing.T) {
	tests := []struct {
		name        string
		part, whole int
		want        programme.Share
		text        string
	}{
		{"the survey of 2015, very satisfied", 53, 178, 2978, "29.78 %"},
		{"fairly good", 70, 178, 3933, "39.33 %"},
		{"average", 42, 178, 2360, "23.60 %"},
		{"needs strengthening", 13, 178, 730, "7.30 %"},
		{"the middle two, printed as 63.92", 112, 178, 6292, "62.92 %"},
		{"everybody", 178, 178, 10000, "100.00 %"},
		{"nobody", 0, 178, 0, "0.00 %"},
		{"a third is rounded down", 1, 3, 3333, "33.33 %"},
		{"two thirds are rounded up", 2, 3, 6667, "66.67 %"},
		{"a half is rounded up", 1, 20000, 1, "0.01 %"},
		{"less than a half is rounded down", 1, 20001, 0, "0.00 %"},
		{"of nothing there is no share", 0, 0, 0, "0.00 %"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := programme.ShareOf(tt.part, tt.whole); got != tt.want || got.String() != tt.text {
				t.Errorf("got %d (%s), want %d (%s)", got, got, tt.want, tt.text)
			}
		})
	}
}

// shown is a cell that is not suppressed.
func shown(count int, share programme.Share) programme.Cell {
	return programme.Cell{Count: count, Share: share}
}

var hidden = programme.Cell{Suppressed: true}

func TestTabulate(t *testing.T) {
	tests := []struct {
		name   string
		counts []int
		want   programme.Table
	}{
		{"the survey of 2015", []int{53, 70, 42, 13}, programme.Table{Whole: 178,
			Cells: []programme.Cell{shown(53, 2978), shown(70, 3933), shown(42, 2360), shown(13, 730)}}},
		{"a count at the limit is shown", []int{5, 95}, programme.Table{Whole: 100,
			Cells: []programme.Cell{shown(5, 500), shown(95, 9500)}}},
		{"a count below it takes the smallest other with it", []int{4, 46, 50}, programme.Table{Whole: 100,
			Cells: []programme.Cell{hidden, hidden, shown(50, 5000)}}},
		{"two that together reach the limit need no third", []int{4, 3, 43, 50}, programme.Table{Whole: 100,
			Cells: []programme.Cell{hidden, hidden, shown(43, 4300), shown(50, 5000)}}},
		{"two that do not reach it take a third with them", []int{1, 2, 47, 50}, programme.Table{Whole: 100,
			Cells: []programme.Cell{hidden, hidden, hidden, shown(50, 5000)}}},
		{"a count of nobody is small too", []int{0, 30, 30, 40}, programme.Table{Whole: 100,
			Cells: []programme.Cell{hidden, hidden, shown(30, 3000), shown(40, 4000)}}},
		{"two counts of nobody are told by the others", []int{0, 0, 40, 60}, programme.Table{Whole: 100,
			Cells: []programme.Cell{hidden, hidden, hidden, shown(60, 6000)}}},
		{"of two cells both go", []int{98, 2}, programme.Table{Whole: 100, Cells: []programme.Cell{hidden, hidden}}},
		{"where all agree nothing but the whole is shown", []int{0, 100, 0, 0}, programme.Table{Whole: 100,
			Cells: []programme.Cell{hidden, hidden, hidden, hidden}}},
		{"a whole below the limit is not shown", []int{2, 1, 1, 0}, programme.Table{Suppressed: true,
			Cells: []programme.Cell{hidden, hidden, hidden, hidden}}},
		{"a single cell is its whole", []int{100}, programme.Table{Whole: 100, Cells: []programme.Cell{shown(100, 10000)}}},
		{"no cells are no whole", nil, programme.Table{Suppressed: true, Cells: []programme.Cell{}}},
	}
	least := domain.CN2024().Programme.SmallCell
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, programme.Tabulate(tt.counts, least)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Whatever the counts: what is hidden is never one cell alone, never tells a
// sum below the limit unless nothing is shown, and no small count is shown.
func TestWhatIsHiddenCannotBeWorkedOut(t *testing.T) {
	const least = 5
	for n := range 12 * 12 * 12 * 12 {
		counts := []int{n % 12, n / 12 % 12, n / 144 % 12, n / 1728}
		hiddenCells, sum := 0, 0
		table := programme.Tabulate(counts, least)
		for i, c := range table.Cells {
			switch {
			case c.Suppressed:
				hiddenCells, sum = hiddenCells+1, sum+counts[i]
			case c.Count != counts[i] || c.Count < least:
				t.Fatalf("%v: cell %d shows %d", counts, i, c.Count)
			}
		}
		if hiddenCells == 1 || (hiddenCells > 0 && hiddenCells < len(counts) && sum < least) {
			t.Fatalf("%v: %d cells hidden, together %d", counts, hiddenCells, sum)
		}
	}
}

func TestTogether(t *testing.T) {
	table := programme.Tabulate([]int{4, 46, 50, 100}, 5)
	if got := table.Together(2, 3); got != shown(150, 7500) {
		t.Errorf("the last two are %+v, want 150 of 200", got)
	}
	if got := table.Together(1, 2); got != hidden {
		t.Errorf("with a hidden cell the sum is %+v, want it hidden", got)
	}
}

// The reference case: the middle two of 2015 were printed as 63.92 %.
func ExampleTabulate() {
	grades := programme.Tally{VerySatisfied: 53, FairlyGood: 70, Average: 42, NeedsStrengthening: 13}
	table := programme.Tabulate(grades.Counts(), domain.CN2024().Programme.SmallCell)
	middle := table.Together(1, 2)
	fmt.Println(middle.Count, "of", table.Whole, "are", middle.Share)
	// Output: 112 of 178 are 62.92 %
}
