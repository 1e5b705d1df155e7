package projections

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func cellsHidden(table [][]halves) (out []string) {
	for _, row := range table {
		line := ""
		for _, c := range row {
			line += map[bool]string{true: "x", false: "."}[c.hidden]
		}
		out = append(out, line)
	}
	return out
}

func TestWhatCouldBeSubtractedIsHidden(t *testing.T) {
	of := func(in, out int) halves { return halves{in: in, out: out} }
	left := func(in, out int) halves { return halves{in, out, true} }
	for _, c := range []struct {
		name    string
		table   [][]halves
		overlap bool
		want    string
	}{
		{"large groups", [][]halves{{of(60, 140), of(30, 70), of(30, 70)}}, true, "[...]"},
		{"two of three left out, by the table of the other attribute", [][]halves{{of(20, 80), of(18, 79), left(2, 1)}}, true, "[.xx]"},
		{"and the next smallest goes with them", [][]halves{{of(60, 140), of(38, 100), of(20, 39), left(2, 1)}}, true, "[..xx]"},
		{"a kind without three of a group", [][]halves{{of(60, 140), of(30, 70), of(30, 70)}, {of(50, 150), of(27, 73), of(23, 77)}}, true, "[... .xx]"},
		{"a kind without three of all", [][]halves{{of(60, 140), of(30, 70), of(30, 70)}, {of(57, 143), of(29, 71), of(28, 72)}}, true, "[... xxx]"},
		{"the third kind, by the two others", [][]halves{{of(60, 140)}, {of(30, 170)}, {of(28, 172)}, {of(2, 198)}}, true, "[. . x x]"},
		{"two right under a kind, though ten are known", [][]halves{{of(40, 60)}, {of(38, 30)}, {of(2, 30)}}, false, "[. x x]"},
		{"nothing under the other kinds", [][]halves{{of(40, 60), of(20, 30), of(20, 30)}, {of(40, 60), of(20, 30), of(20, 30)}}, false, "[... ...]"},
	} {
		hideHalves(c.table, c.overlap)
		if got := fmt.Sprint(cellsHidden(c.table)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Whatever the counts are: no group that is hidden, no kind of a group and nobody
// who is left out can be worked out to be few from what is told.
func TestNoDifferenceIsSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 2000 {
		table, columns := make([][]halves, 1+1+r.IntN(3)), 3+r.IntN(3)
		for i := range table {
			table[i] = make([]halves, columns)
		}
		for i := 1; i < len(table); i++ {
			for j := 1; j < len(table[0]); j++ {
				c := halves{r.IntN(40), r.IntN(40), j == len(table[0])-1}
				if c.hidden {
					c.in, c.out = c.in%4, c.out%4
				}
				table[i][j] = c
				for _, sum := range []*halves{&table[0][j], &table[i][0], &table[0][0]} {
					sum.in, sum.out = sum.in+c.in, sum.out+c.out
				}
				table[0][j].hidden = c.hidden
			}
		}
		hideHalves(table, false)
		for i, row := range table {
			pool, told := row[0], 0
			for _, c := range row[1:] {
				if !c.hidden {
					told, pool.in, pool.out = told+1, pool.in-c.in, pool.out-c.out
				}
			}
			if told > 0 && (row[0].hidden || pool.in < 2*SmallCell || pool.out < 2*SmallCell) {
				t.Fatalf("table %d, row %d tells of a pool of %+v: %+v", n, i, pool, row)
			}
		}
		for j := range table[0] {
			rest := table[0][j]
			for _, row := range table[1:] {
				if c := row[j]; !c.hidden {
					if all := table[0][j]; !all.hidden && (little(all.in-c.in) || little(all.out-c.out)) {
						t.Fatalf("table %d, column %d: %+v of %+v", n, j, c, all)
					}
					rest.in, rest.out = rest.in-c.in, rest.out-c.out
				}
			}
			if !rest.hidden && (little(rest.in) || little(rest.out)) {
				t.Fatalf("table %d, column %d leaves %+v", n, j, rest)
			}
		}
	}
}
