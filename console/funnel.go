package console

import "math"

// The limits of a funnel plot: the share of whoever is like all others lies
// between those of 95 % in nineteen of twenty, between those of 99.8 % in 499 of
// 500 (D. J. Spiegelhalter, Funnel plots for comparing institutional performance,
// Statistics in Medicine 24 (2005), pages 1185 to 1202).
const (
	tail95  = 0.025
	tail998 = 0.001
)

// lowerLimit is the share of n below which a count of Binomial(n, p) lies with a
// probability of at most tail: r/n is smaller exactly where P(R ≤ r) ≤ tail.
// Between whole counts it is interpolated as in appendix A.1.1 there.
func lowerLimit(n int, p, tail float64) float64 {
	if n <= 0 || p <= 0 {
		return 0
	}
	mean, spread := float64(n)*p, math.Sqrt(float64(n)*p*(1-p))
	r := max(0, int(mean-12*spread-12)) // what lies below is less than any tail asked for
	mass, sum := binomial(n, r, p), 0.0
	for ; r < n; r++ {
		if sum += mass; sum >= tail {
			return max(0, (float64(r)-(sum-tail)/mass)/float64(n))
		}
		if mass *= float64(n-r) / float64(r+1) * p / (1 - p); p >= 1 {
			break // all lies on n
		}
	}
	return (float64(n) - 1 + tail) / float64(n)
}

// upperLimit is the share above which a count lies with a probability of at most
// tail: the lower one of those that are not counted.
func upperLimit(n int, p, tail float64) float64 {
	if n <= 0 {
		return 1
	}
	return 1 - lowerLimit(n, 1-p, tail)
}

// binomial is the probability of exactly r of n.
func binomial(n, r int, p float64) float64 {
	if p <= 0 || p >= 1 {
		if p <= 0 && r == 0 || p >= 1 && r == n {
			return 1
		}
		return 0
	}
	all, _ := math.Lgamma(float64(n + 1))
	some, _ := math.Lgamma(float64(r + 1))
	rest, _ := math.Lgamma(float64(n - r + 1))
	return math.Exp(all - some - rest + float64(r)*math.Log(p) + float64(n-r)*math.Log1p(-p))
}

// place tells where a count lies among the limits: "out998" beyond those of
// 99.8 %, "out95" beyond those of 95 %, "in" between them.
func placeInFunnel(n, count int, p float64) string {
	share := float64(count) / float64(n)
	beyond := func(tail float64) bool {
		return share < lowerLimit(n, p, tail) || share > upperLimit(n, p, tail)
	}
	switch {
	case beyond(tail998):
		return "out998"
	case beyond(tail95):
		return "out95"
	}
	return "in"
}
