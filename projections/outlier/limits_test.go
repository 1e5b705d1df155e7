package outlier

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Exact tails of binomial tables decide which counts lie beyond a limit.
func TestLimitsAreThoseOfTables(t *testing.T) {
	for _, c := range []struct {
		n           int
		p           float64
		tail        float64
		least, most int // counts that are within
	}{
		// P(R ≤ 1) = 0.0107, P(R ≤ 2) = 0.0547 of ten tosses of a coin.
		{10, 0.5, 0.025, 2, 8}, {10, 0.5, 0.001, 1, 9},
		// P(R ≤ 5) = 0.0207, P(R ≤ 6) = 0.0577; P(R ≤ 3) = 0.0013, P(R ≤ 2) = 0.0002.
		{20, 0.5, 0.025, 6, 14}, {20, 0.5, 0.001, 3, 17},
		// P(R ≥ 4) = 0.0113, P(R ≥ 3) = 0.0755; P(R ≥ 6) = 0.0001, P(R ≥ 5) = 0.0026; nothing is less than none.
		{20, 0.05, 0.025, 0, 3}, {20, 0.05, 0.001, 0, 5},
		// P(R ≤ 39) = 0.0176, P(R ≤ 40) = 0.0284.
		{100, 0.5, 0.025, 40, 60},
		// P(R ≥ 1) = 0.01.
		{1, 0.01, 0.025, 0, 0}, {1, 0.01, 0.001, 0, 1},
	} {
		t.Run(fmt.Sprintf("%d of %v at %v", c.n, c.p, c.tail), func(t *testing.T) {
			low, high := Share{Mean: c.p, Peers: 9}.Limits(c.n, c.tail)
			for count := range c.n + 1 {
				if in, want := float64(count) >= low && float64(count) <= high, count >= c.least && count <= c.most; in != want {
					t.Errorf("%d is within [%.4f, %.4f]: %v", count, low, high, in)
				}
			}
		})
	}
	// α = (0.0546875 − 0.025) / 0.0439453125 of the second count, as in appendix A.1.1.
	if low, _ := (Share{Mean: 0.5, Peers: 9}).Limits(10, 0.025); math.Abs(low-(2-0.675556)) > 1e-6 {
		t.Errorf("the lower limit is %v", low)
	}
}

// Whatever the share and the spread, the exact tail decides what is outside; a
// wider spread, or a doubtful one, widens the limits, and they narrow towards
// what peers differ by, as more is counted.
func TestTheExactTailDecidesWhatIsOutside(t *testing.T) {
	for _, p := range []float64{1e-6, 0.003, 0.1, 0.5, 0.84, 0.999} {
		for _, spread := range []float64{0, 0.001, 0.02, 0.3} {
			for _, doubt := range []float64{0, 0.01} {
				s := Share{Mean: p, Spread: spread, Doubt: doubt, Peers: 30}
				before := math.Inf(1)
				for _, n := range []int{1, 5, 30, 200, 3000} {
					l98, h98 := s.Limits(n, 0.001)
					l95, h95 := s.Limits(n, 0.025)
					if !(0 <= l98 && l98 <= l95 && l95 < h95 && h95 <= h98 && h98 <= float64(n)) {
						t.Fatalf("%+v of %d: %v %v %v %v", s, n, l98, l95, h95, h98)
					}
					if wide := (h98 - l98) / float64(n); wide > before+1e-9 {
						t.Errorf("%+v of %d: %v wide after %v", s, n, wide, before)
					} else {
						before = wide
					}
					if cl, ch := s.Chance().Limits(n, 0.001); usual(p, n) && (cl < l98-1e-9 || ch > h98+1e-9) {
						t.Errorf("%+v of %d: [%v, %v] by chance alone, [%v, %v] among peers", s, n, cl, ch, l98, h98)
					}
					for k := 0; k <= n; k += 1 + n/100 {
						c := Count{k, n}
						if got, want := float64(k) < l95 || float64(k) > h95, s.Lower(c) < 0.025 || s.Tail(c) < 0.025; got != want {
							t.Errorf("%+v: %d of %d is outside: %v, %v and %v", s, k, n, got, s.Lower(c), s.Tail(c))
						}
					}
				}
			}
		}
	}
	if low, high := (Share{}).Limits(7, 0.025); low != 0 || high != 7 {
		t.Errorf("without peers the limits are %v and %v", low, high)
	}
	if low, high := (Share{Mean: 0.1, Peers: 3}).Limits(0, 0.025); low != 0 || high != 0 {
		t.Errorf("without exposure the limits are %v and %v", low, high)
	}
}

// usual tells whether counts are expected on both sides; where hardly any is, a
// spread makes none more likely as well.
func usual(p float64, n int) bool { return float64(n)*min(p, 1-p) > 2 }

// Peers who differ without anything being wrong are outside as often as is
// stated, and not as often as chance alone would have it.
func TestPeersWhoDifferAreOutsideAsOftenAsStated(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 1))
	outside, byChance, of := 0, 0, 0
	for range 60 {
		var peers []Count
		for range 60 {
			// Shares of 10 % that differ by a correlation of 0.02: Beta(4.9, 44.1).
			p, n := beta(rnd, 4.9, 44.1), 150+rnd.IntN(300)
			c := Count{0, n}
			for range n {
				if rnd.Float64() < p {
					c.Hits++
				}
			}
			peers = append(peers, c)
		}
		fit := FitShares([][]Count{peers})[0]
		for _, c := range peers {
			of++
			if low, high := fit.Limits(c.Of, 0.025); float64(c.Hits) < low || float64(c.Hits) > high {
				outside++
			}
			if low, high := fit.Chance().Limits(c.Of, 0.025); float64(c.Hits) < low || float64(c.Hits) > high {
				byChance++
			}
		}
	}
	part, alone := float64(outside)/float64(of), float64(byChance)/float64(of)
	t.Logf("outside the limits of 95 %%: %.3f; by chance alone: %.3f", part, alone)
	if part < 0.03 || part > 0.06 {
		t.Errorf("%.3f lie outside limits of 95 %%", part)
	}
	if alone < 3*part {
		t.Errorf("%.3f lie outside those of chance alone, %.3f outside those of peers", alone, part)
	}
}

// beta draws from Beta(a, b) by two gamma variates (Marsaglia and Tsang 2000).
func beta(rnd *rand.Rand, a, b float64) float64 {
	gamma := func(a float64) float64 {
		d := a - 1.0/3
		for {
			x := rnd.NormFloat64()
			v := 1 + x/math.Sqrt(9*d)
			if v = v * v * v; v > 0 && math.Log(rnd.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
				return d * v
			}
		}
	}
	x, y := gamma(a), gamma(b)
	return x / (x + y)
}
