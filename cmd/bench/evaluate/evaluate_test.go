package evaluate

import (
	"errors"
	"io/fs"
	"math"
	"reflect"
	"testing"

	"github.com/probity-ledger/probity/cmd/bench/planted"
	"github.com/probity-ledger/probity/projections/screening"
)

func TestTheEngineFindsMoreThanCountingAndTheSameAgain(t *testing.T) {
	c := planted.Standard()
	w := screening.NewWatcher(rules)
	s, err := Planted(c, 1, rules, w)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Planted(c, 1, rules, w)
	if err != nil || !reflect.DeepEqual(s, again) {
		t.Errorf("the same seeds are judged otherwise a second time (%v)", err)
	}
	if s.Precision[0].At.Value < 2*s.Precision[1].At.Value || s.Precision[0].At.Value < 0.3 {
		t.Errorf("%+v", s.Precision)
	}
	for _, f := range s.Found {
		if f.Part.Low > f.Part.Value || f.Part.High < f.Part.Value || f.Part.High > 1 {
			t.Errorf("%+v", f)
		}
	}
}

func TestTheDetectorSeesNothingOfWhatIsPlanted(t *testing.T) {
	officers := planted.New(planted.Standard(), 3)
	told, err := look(officers, rules).rank(36)
	if err != nil {
		t.Fatal(err)
	}
	for i := range officers {
		officers[i].Trouble, officers[i].Onset = planted.None, 99
	}
	if again, err := look(officers, rules).rank(36); err != nil || !reflect.DeepEqual(told, again) {
		t.Error("who is in trouble changes what is seen")
	}
}

func TestDelays(t *testing.T) {
	for _, c := range []struct {
		months []int
		onset  int
		want   float64
	}{{nil, 5, -1}, {[]int{3, 4}, 5, -1}, {[]int{3, 9, 5}, 5, 1}, {[]int{12}, 5, 8}} {
		if got := delay(c.months, c.onset); got != c.want {
			t.Errorf("reported in %v, began in %d: %v", c.months, c.onset, got)
		}
	}
	if before([]int{1, 4, 5}, 5) != 2 || half([]float64{9, 1, 5}) != 5 || half(nil) != 0 {
		t.Error("counting")
	}
}

func TestAnEstimateHoldsWhatItIsOf(t *testing.T) {
	values := make([]float64, 400)
	for i := range values {
		values[i] = float64(i % 2)
	}
	e := estimate(len(values), 1, func(cases []int) float64 { return mean(values, cases) })
	if e.Value != 0.5 || math.Abs(e.Low-0.451) > 0.01 || math.Abs(e.High-0.549) > 0.01 { // ± 1.96/(2√400)
		t.Errorf("%+v", e)
	}
}

// TestChicagoIsWhatWasPublished holds the facts that the data's README tells.
func TestChicagoIsWhatWasPublished(t *testing.T) {
	c, err := LoadChicago("../../../../shared/data/chicago")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the public records are not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(c.officers) != 33693 {
		t.Errorf("%d officers, 33,693 are published", len(c.officers))
	}
	cut := c.rank(2008)
	if len(cut.people) != 13826 {
		t.Errorf("%d officers had served for a year at the beginning of 2008", len(cut.people))
	}
	// What was not known then changes nothing.
	start := first1January(2008)
	for i := range c.officers {
		kept := c.officers[i].reports[:0:0]
		for _, a := range c.officers[i].reports {
			if a.made < start {
				if a.closed >= start {
					a.upheld = !a.upheld
				}
				kept = append(kept, a)
			}
		}
		c.officers[i].reports = kept
	}
	if then := c.rank(2008); !reflect.DeepEqual(cut.ranks, then.ranks) {
		t.Error("the ranking looks ahead")
	}
}
