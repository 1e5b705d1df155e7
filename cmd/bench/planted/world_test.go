package planted

import (
	"reflect"
	"testing"
)

func TestAnAgencyHoldsItsTroubles(t *testing.T) {
	c := Standard()
	officers := New(c, 1)
	if !reflect.DeepEqual(officers, New(c, 1)) || reflect.DeepEqual(officers, New(c, 2)) {
		t.Error("a seed does not make one agency")
	}
	found := map[Kind][]Officer{}
	for _, o := range officers {
		found[o.Trouble] = append(found[o.Trouble], o)
		if (o.Trouble == None) != (o.Onset == c.Months) {
			t.Errorf("%q from month %d on", o.Trouble, o.Onset)
		}
	}
	for _, k := range Kinds() {
		if len(found[k]) != c.Each {
			t.Errorf("%d officers with %s", len(found[k]), k)
		}
	}
	share := func(o Officer, m Measure, from, to int) float64 {
		hits, of := 0.0, 0.0
		for _, month := range o.Acts[from:to] {
			for _, a := range month {
				of++
				if a.Came[m] {
					hits++
				}
			}
		}
		return hits / of
	}
	for _, o := range found[Skipping] {
		if before, after := share(o, Skipped, 0, o.Onset), share(o, Skipped, o.Onset, c.Months); after < 1.5*before {
			t.Errorf("steps skipped: %g before, %g after", before, after)
		}
	}
	if a, b := found[Collusion][0], found[Collusion][1]; a.Unit != b.Unit || a.Stream != b.Stream {
		t.Error("two who collude do not work side by side")
	}
	c.Each = 0
	for _, o := range New(c, 1) {
		if o.Trouble != None {
			t.Error("a null run has trouble")
		}
	}
}
