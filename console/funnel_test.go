package console

import (
	"fmt"
	"math"
	"testing"
)

// Exact tails of binomial tables decide which counts lie beyond a limit.
func TestFunnelLimitsAreExact(t *testing.T) {
	for _, tt := range []struct {
		n           int
		p           float64
		tail        float64
		least, most int // counts that are within
	}{
		// P(R ≤ 1) = 0.0107, P(R ≤ 2) = 0.0547 of ten tosses of a coin.
		{10, 0.5, tail95, 2, 8}, {10, 0.5, tail998, 1, 9},
		// P(R ≤ 5) = 0.0207, P(R ≤ 6) = 0.0577; P(R ≤ 3) = 0.0013, P(R ≤ 2) = 0.0002.
		{20, 0.5, tail95, 6, 14}, {20, 0.5, tail998, 3, 17},
		// P(R ≥ 4) = 0.0113, P(R ≥ 3) = 0.0755; P(R ≥ 6) = 0.0001, P(R ≥ 5) = 0.0026; nothing is less than none.
		{20, 0.05, tail95, 0, 3}, {20, 0.05, tail998, 0, 5},
		// P(R ≤ 39) = 0.0176, P(R ≤ 40) = 0.0284.
		{100, 0.5, tail95, 40, 60},
		// P(R ≥ 1) = 0.01.
		{1, 0.01, tail95, 0, 0}, {1, 0.01, tail998, 0, 1},
		{5, 0, tail998, 0, 0}, {5, 1, tail998, 5, 5},
	} {
		t.Run(fmt.Sprintf("%d of %v at %v", tt.n, tt.p, tt.tail), func(t *testing.T) {
			low, high := lowerLimit(tt.n, tt.p, tt.tail), upperLimit(tt.n, tt.p, tt.tail)
			for count := range tt.n + 1 {
				share := float64(count) / float64(tt.n)
				if in, want := share >= low && share <= high, count >= tt.least && count <= tt.most; in != want {
					t.Errorf("%d is within [%.4f, %.4f]: %v", count, low, high, in)
				}
			}
		})
	}
	// α = (0.0546875 − 0.025) / 0.0439453125 of the second count, as in appendix A.1.1.
	if got, want := lowerLimit(10, 0.5, tail95), (2-0.675556)/10; math.Abs(got-want) > 1e-6 {
		t.Errorf("the lower limit is %v, want %v", got, want)
	}
}

// Whatever the share, a funnel narrows as more is counted, the limits of 99.8 %
// lie around those of 95 %, and the exact tail decides.
func TestFunnelsNarrow(t *testing.T) {
	for _, p := range []float64{1e-6, 0.003, 0.1, 0.5, 0.84, 0.999} {
		before := math.Inf(1)
		for _, n := range []int{1, 5, 30, 200, 2_000, 50_000, 1_000_000} {
			l98, l95, u95, u98 := lowerLimit(n, p, tail998), lowerLimit(n, p, tail95), upperLimit(n, p, tail95), upperLimit(n, p, tail998)
			if !(0 <= l98 && l98 <= l95 && l95 < u95 && u95 <= u98 && u98 <= 1) {
				t.Errorf("n %d p %v: %v %v %v %v", n, p, l98, l95, u95, u98)
			}
			if l95 > p || u95 < p || u98-l98 > before {
				t.Errorf("n %d p %v: [%v, %v] after a width of %v", n, p, l98, u98, before)
			}
			before = u98 - l98
			// Far from the edges it is the normal limit, but for what a count is apart.
			if float64(n)*p > 500 && float64(n)*(1-p) > 500 {
				spread := math.Sqrt(p * (1 - p) / float64(n))
				if math.Abs(u95-(p+1.959964*spread)) > spread*0.05+1/float64(n) || math.Abs(l98-(p-3.090232*spread)) > spread*0.1+1/float64(n) {
					t.Errorf("n %d p %v: %v and %v are not near the normal limits", n, p, u95, l98)
				}
			}
			if n > 200 {
				continue
			}
			for count := range n + 1 {
				below, above := 0.0, 0.0
				for r := range n + 1 {
					if r <= count {
						below += binomial(n, r, p)
					}
					if r >= count {
						above += binomial(n, r, p)
					}
				}
				want := "in"
				if min(below, above) <= tail998 {
					want = "out998"
				} else if min(below, above) <= tail95 {
					want = "out95"
				}
				if got := placeInFunnel(n, count, p); got != want {
					t.Errorf("%d of %d at %v is %s, want %s (%v below, %v above)", count, n, p, got, want, below, above)
				}
			}
		}
	}
}
