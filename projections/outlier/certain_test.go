package outlier_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/probity-ledger/probity/projections/outlier"
)

// The limits are those printed by Clopper and Pearson, and of R's binom.test.
func TestIntervalsAreExact(t *testing.T) {
	for _, c := range []struct {
		hits, of  int
		low, high float64
	}{
		{0, 0, 0, 1},
		{0, 1, 0, 0.975},
		{1, 1, 0.025, 1},
		{0, 10, 0, 0.3084971},
		{10, 10, 0.6915029, 1},
		{5, 10, 0.1870860, 0.8129140},
		{3, 20, 0.0320709, 0.3789268},
		{50, 100, 0.3983211, 0.6016789},
	} {
		low, high := outlier.Count{Hits: c.hits, Of: c.of}.Interval()
		if math.Abs(low-c.low) > 1e-6 || math.Abs(high-c.high) > 1e-6 {
			t.Errorf("%d of %d: %.7f to %.7f, want %.7f to %.7f", c.hits, c.of, low, high, c.low, c.high)
		}
	}
}

// The tails beyond the limits have 2.5 per cent each, of whatever count: so the
// true share lies within in 95 per cent of cases or more.
func TestIntervalsHoldTheTrueShare(t *testing.T) {
	for _, n := range []int{1, 4, 17, 60} {
		for share := 0.02; share < 1; share += 0.03 {
			held := 0.0
			for k := range n + 1 {
				if low, high := (outlier.Count{Hits: k, Of: n}).Interval(); low <= share && share <= high {
					held += distuv.Binomial{N: float64(n), P: share}.Prob(float64(k))
				}
			}
			if held < outlier.Confidence-1e-9 {
				t.Errorf("of %d cases a share of %.2f lies within in %.4f of all", n, share, held)
			}
		}
	}
}

func TestWhatStillWaitsCounts(t *testing.T) {
	did := func(all ...int64) (out []outlier.Wait) {
		for _, n := range all {
			out = append(out, outlier.Wait{Long: n, Ended: true})
		}
		return out
	}
	waits := func(all ...int64) (out []outlier.Wait) {
		for _, n := range all {
			out = append(out, outlier.Wait{Long: n})
		}
		return out
	}
	for _, c := range []struct {
		name  string
		waits []outlier.Wait
		part  float64
		want  int64
		ok    bool
	}{
		{"nothing", nil, 0.5, 0, false},
		{"one", did(7), 0.5, 7, true},
		{"the middle of three, in whatever order", did(9, 1, 4), 0.5, 4, true},
		{"of four the second: half waited no longer", did(4, 3, 2, 1), 0.5, 2, true},
		{"nine in ten", did(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0.9, 9, true},
		{"what has waited longer moves the middle", append(did(1, 2, 3), waits(50, 50)...), 0.5, 3, true},
		{"what came a moment ago does not", append(did(4, 6, 8), waits(0, 0, 0)...), 0.5, 6, true},
		{"most wait still", append(did(1), waits(5, 5)...), 0.5, 0, false},
		{"all wait", waits(5, 9), 0.5, 0, false},
		{"one ended as another had waited as long", append(waits(3), did(3)...), 0.5, 3, true},
	} {
		if got, ok := outlier.Waited(c.waits, c.part); got != c.want || ok != c.ok {
			t.Errorf("%s: %d, %v; want %d, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// Waits that are cut off at a moment give nearly the median of whole ones;
// those that ended alone would give far less.
func TestCutOffWaitsDoNotShortenTheMedian(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var whole, cut, short []outlier.Wait
	for range 4000 {
		long, seen := int64(1000*r.ExpFloat64()), int64(3000*r.Float64())
		whole = append(whole, outlier.Wait{Long: long, Ended: true})
		w := outlier.Wait{Long: min(long, seen), Ended: long <= seen}
		if cut = append(cut, w); w.Ended {
			short = append(short, w)
		}
	}
	want, _ := outlier.Waited(whole, 0.5)
	got, ok := outlier.Waited(cut, 0.5)
	naive, _ := outlier.Waited(short, 0.5)
	if !ok || math.Abs(float64(got-want)) > 60 {
		t.Errorf("the median of waits cut off is %d, that of whole ones %d", got, want)
	}
	if naive > want-100 {
		t.Errorf("the median of what ended is %d, so this test shows nothing", naive)
	}
}
