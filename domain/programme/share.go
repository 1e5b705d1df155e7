package programme

import "fmt"

// Share is a part of a whole in hundredths of a per cent: 6292 is 62.92 %.
type Share int

// ShareOf returns the share of the part, rounded half up; 0 of no whole. The
// part is not negative.
func ShareOf(part, whole int) Share {
	if whole <= 0 {
		return 0
	}
	return Share((2*10_000*part + whole) / (2 * whole))
}

// String writes the share in per cent, "62.92 %".
func (s Share) String() string { return fmt.Sprintf("%d.%02d %%", int(s)/100, int(s)%100) }

// Cell is one count of a table and its share of the whole. A suppressed cell
// shows neither.
type Cell struct {
	Count      int
	Share      Share
	Suppressed bool
}

// Table is what may be shown of counts that make up a whole.
type Table struct {
	// Whole is their sum; 0 where Suppressed tells that it is too small to
	// show anything.
	Whole      int
	Suppressed bool
	Cells      []Cell
}

// Tabulate makes of counts what may be shown of them. Counts under the least
// are suppressed, also a count of nobody, which says something of everybody.
// So are further ones, the smallest first, until at least two are suppressed
// that together reach the least: or else the whole less the others would tell
// them (complementary suppression). Shares are each rounded by themselves and
// need not add up to 100 %.
func Tabulate(counts []int, least int) Table {
	t := Table{Cells: make([]Cell, len(counts))}
	for _, n := range counts {
		t.Whole += n
	}
	hidden, sum := 0, 0
	hide := func(i int) {
		t.Cells[i].Suppressed = true
		hidden, sum = hidden+1, sum+counts[i]
	}
	for i, n := range counts {
		if n < least {
			hide(i)
		}
	}
	for hidden > 0 && (hidden < 2 || sum < least) {
		i := smallest(counts, t.Cells)
		if i < 0 {
			break
		}
		hide(i)
	}
	for i, n := range counts {
		if !t.Cells[i].Suppressed {
			t.Cells[i] = Cell{Count: n, Share: ShareOf(n, t.Whole)}
		}
	}
	if t.Whole < least {
		t.Whole, t.Suppressed = 0, true
	}
	return t
}

// smallest returns the place of the smallest count that is still shown; -1
// when there is none.
func smallest(counts []int, cells []Cell) int {
	at := -1
	for i, n := range counts {
		if !cells[i].Suppressed && (at < 0 || n < counts[at]) {
			at = i
		}
	}
	return at
}

// Together adds up cells of the table, each named once by its place: the
// share of the sum, not the sum of the shares. It is suppressed when one of
// them is.
func (t Table) Together(places ...int) Cell {
	var out Cell
	for _, i := range places {
		if t.Cells[i].Suppressed {
			return Cell{Suppressed: true}
		}
		out.Count += t.Cells[i].Count
	}
	out.Share = ShareOf(out.Count, t.Whole)
	return out
}
