package projections

// halves are a count of a group under a kind of rule, cut in two: those warned
// and the others, or those right and those not.
type halves struct {
	in, out int
	hidden  bool
}

func (h halves) few() bool { return h.in < SmallCell || h.out < SmallCell }

// little is so few that they lead back to somebody.
func little(n int) bool { return n > 0 && n < SmallCell }

// hideHalves hides cells of a table. The first row is of all kinds, the others are
// of one each. The first column is of all officers, for those in no group that is
// told as well; it is hidden by what it holds alone, so that the tables of all
// attributes tell the same of it. Whatever is hidden already stays so. Parts of the
// kinds add up to that of all, or overlap: then the other half says nothing more.
func hideHalves(table [][]halves, overlap bool) {
	for again := true; again; {
		again = false
		for column := range table[0] {
			again = hideKinds(table, column, overlap) || again
		}
		for _, row := range table {
			again = hideGroups(row) || again
		}
	}
}

// hideKinds hides under which kinds a group was warned where those of all kinds
// without them are few; and the next smallest, where those that are not told are.
func hideKinds(table [][]halves, column int, overlap bool) (done bool) {
	all := table[0][column]
	if all.hidden {
		return false
	}
	rest := all
	kinds := table[1:]
	for _, row := range kinds {
		if c := &row[column]; !c.hidden && (little(all.in-c.in) || !overlap && little(all.out-c.out)) {
			c.hidden, done = true, true
		}
		if c := row[column]; !c.hidden {
			rest.in, rest.out = rest.in-c.in, rest.out-c.out
		}
	}
	for little(rest.in) || !overlap && little(rest.out) {
		var next *halves
		for _, row := range kinds {
			if c := &row[column]; !c.hidden && (next == nil || c.in < next.in) {
				next = c
			}
		}
		if next == nil {
			break
		}
		next.hidden, done = true, true
		rest.in, rest.out = rest.in+next.in, rest.out+next.out
	}
	return done
}

// hideGroups hides the groups of a row of whom either half is small; and so many
// of the next smallest that what all have together tells nothing of these.
func hideGroups(row []halves) (done bool) {
	all, groups := &row[0], row[1:]
	hide := func(c *halves) { done, c.hidden = done || !c.hidden, true }
	if all.hidden || all.few() {
		for i := range row {
			hide(&row[i])
		}
		return done
	}
	cells, pool := 0, halves{}
	add := func(c *halves) {
		hide(c)
		cells, pool.in, pool.out = cells+1, pool.in+c.in, pool.out+c.out
	}
	for i := range groups {
		if c := &groups[i]; c.hidden || c.few() {
			add(c)
		}
	}
	for cells > 0 && (cells < 2 || pool.in < 2*SmallCell || pool.out < 2*SmallCell) {
		var next *halves
		for i := range groups {
			if c := &groups[i]; !c.hidden && (next == nil || c.in < next.in) {
				next = c
			}
		}
		if next == nil {
			break
		}
		add(next)
	}
	return done
}

// suppress hides of how many of a group it was warned where it could be worked
// out of too few, be it from another kind of rule or another attribute; left is
// whoever is in no group that is told, by kind. What is known of the warnings
// about a group goes with it.
func (f *Fairness) suppress(left []FairnessGroup) {
	var warned, known [][]halves
	for i := range f.Of {
		of := &f.Of[i]
		groups := append([]*FairnessGroup{&of.All}, pointersTo(of.Groups)...)
		if f.LeftOut {
			groups = append(groups, &left[i])
		}
		var w, k []halves
		for j, g := range groups {
			gone := j > len(of.Groups)
			w = append(w, halves{g.Warned.Count, g.Officers - g.Warned.Count, gone})
			k = append(k, halves{g.hits, g.Known.Count - g.hits, gone})
		}
		warned, known = append(warned, w), append(known, k)
	}
	hideHalves(warned, true)
	for i, row := range warned {
		for j, c := range row {
			known[i][j].hidden = known[i][j].hidden || c.hidden
		}
	}
	hideHalves(known, false)
	for i := range f.Of {
		of := &f.Of[i]
		for j, g := range append([]*FairnessGroup{&of.All}, pointersTo(of.Groups)...) {
			if warned[i][j].hidden {
				g.Warned = Bucket{Suppressed: true}
			}
			if known[i][j].hidden {
				g.Known, g.hits = Bucket{Suppressed: true}, 0
			}
		}
	}
}
