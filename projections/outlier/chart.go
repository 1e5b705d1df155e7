package outlier

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Chart watches one share as its cases come: a CUSUM of the log-likelihood
// ratio between the share that is usual and the one that is to be noticed. The
// zero sum is the start. It is out where its sum reaches a limit, and alarms in
// the period in which it comes to be.
type Chart struct {
	// Usual and Sought are the two shares, Usual the smaller.
	Usual, Sought float64
	Sum           float64
}

// Odds returns the share at so many times the odds of another: twice the odds
// of 10 % are 18.2 %.
func Odds(share, times float64) float64 {
	odds := share / (1 - share) * times
	return odds / (1 + odds)
}

// Add takes what came about of some cases.
func (c *Chart) Add(x Count) { c.Sum = max(0, c.Sum+c.step(x)) }

// step is the logarithm of how much better the share that is sought explains
// what was seen.
func (c Chart) step(x Count) float64 {
	return float64(x.Hits)*math.Log(c.Sought/c.Usual) + float64(x.Of-x.Hits)*math.Log((1-c.Sought)/(1-c.Usual))
}

// Calibration says for what a limit is sought.
type Calibration struct {
	Usual, Sought float64
	// Cases is how many there are in all Periods together, spread evenly.
	Cases, Periods int
	// Rate is how often a chart may alarm falsely in the last of the periods:
	// 0.01 for one in a hundred.
	Rate float64
	// Known is on how many cases the usual share was measured: the true share of
	// a subject under whose chart nothing is wrong is spread about it by a beta
	// distribution (α+β = Known). 0: it is Usual itself.
	Known float64
}

const (
	// calibrateOn is how many subjects a limit is found on.
	calibrateOn = 16_000
	// They are drawn in turn as they are and, so that alarms are not too rare to be
	// counted, from shares that are so many standard deviations higher; each is
	// weighed by how much likelier what was drawn is as they are than in the mixture
	// of all (importance sampling), which is never more than there are arms.
	arms, armBy = 4, 1.5
	// leastLimit: no chart alarms of what a change makes less than so much
	// likelier, in logarithms.
	leastLimit = 1.5
)

// Calibrate finds by simulation the least limit under which false alarms come
// no more often than at the rate, and none above it more often. It fails where
// shares or sizes make no sense.
func Calibrate(c Calibration, r *rand.Rand) (float64, error) {
	switch {
	case !(0 < c.Usual && c.Usual < c.Sought && c.Sought < 1):
		return 0, fmt.Errorf("shares of %v and %v: the first must be the smaller, both between 0 and 1", c.Usual, c.Sought)
	case c.Cases < 1 || c.Periods < 1:
		return 0, fmt.Errorf("%d cases in %d periods: at least one is needed", c.Cases, c.Periods)
	case !(c.Known >= 0):
		return 0, fmt.Errorf("a share known from %v cases: must not be negative", c.Known)
	case !(0 < c.Rate && c.Rate < 1):
		return 0, fmt.Errorf("%v false alarms in a period: must lie between 0 and 1", c.Rate)
	}
	return limitOf(c.paths(r), c.Rate), nil
}

// path is how the sum of a chart went in the last period. It alarms of limits
// above before and not above after.
type path struct{ before, after, weight float64 }

// paths simulates charts of subjects with whom nothing is wrong, and returns
// those that rose in the last period; the weights of all would add up to 1.
func (c Calibration) paths(r *rand.Rand) []path {
	up, down := math.Log(c.Sought/c.Usual), math.Log((1-c.Sought)/(1-c.Usual))
	var shares [arms]float64
	spread := 1 / float64(c.Cases)
	if c.Known > 0 {
		spread += 1 / c.Known
	}
	by := armBy * math.Sqrt(spread/(c.Usual*(1-c.Usual))) // of the logarithm of the odds
	for k := range shares {
		shares[k] = Odds(c.Usual, math.Exp(min(by*float64(k), 3)))
	}
	weights := c.weights(shares)
	var out []path
	for i := range calibrateOn {
		share := shares[i%arms]
		if c.Known > 0 {
			share = min(max(drawBeta(r, share*c.Known, (1-share)*c.Known), 1e-9), 1-1e-9)
		}
		d := drawsOf(share)
		p, all, done := path{}, 0, 0
		for at := range c.Periods {
			upTo := (at + 1) * c.Cases / c.Periods
			n := upTo - done
			x := d.draw(r, n)
			all, done = all+x, upTo
			p.before = p.after
			p.after = max(0, p.after+float64(x)*up+float64(n-x)*down)
		}
		if p.after > p.before && p.after >= leastLimit {
			p.weight = weights[all] / calibrateOn
			out = append(out, p)
		}
	}
	return out
}

// weights tells by how many hits there are in all how much likelier they are as
// the subjects are than in the mixture of the shares. In what order they come
// makes no difference.
func (c Calibration) weights(shares [arms]float64) []float64 {
	chance := func(share float64, hits int) float64 { // its logarithm, up to what is alike
		x, n := float64(hits), float64(c.Cases)
		if c.Known == 0 {
			return x*math.Log(share) + (n-x)*math.Log1p(-share)
		}
		a, b := share*c.Known, (1-share)*c.Known
		return logBeta(a+x, b+n-x) - logBeta(a, b)
	}
	out := make([]float64, c.Cases+1)
	for hits := range out {
		own, mixed := chance(c.Usual, hits), 0.0
		for _, share := range shares {
			mixed += math.Exp(chance(share, hits)-own) / arms
		}
		out[hits] = 1 / mixed
	}
	return out
}

// limitOf goes down from the highest sum to where alarms would be too many.
func limitOf(paths []path, rate float64) float64 {
	type turn struct{ at, weight float64 }
	turns := make([]turn, 0, 2*len(paths))
	for _, p := range paths {
		turns = append(turns, turn{p.after, p.weight}, turn{p.before, -p.weight})
	}
	slices.SortFunc(turns, func(a, b turn) int {
		switch {
		case a.at > b.at:
			return -1
		case a.at < b.at:
			return 1
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	alarms := 0.0
	for _, t := range turns {
		if t.at < leastLimit {
			break
		}
		if alarms += t.weight; alarms > rate {
			return t.at * (1 + 1e-9) // above the sums that are just as high
		}
	}
	return leastLimit
}

// draws draws how many of some cases come about, for one share.
type draws struct {
	share, odds float64
	// ready for two numbers of cases, one of them odd and one even.
	ready [2]struct {
		n, mode int     // the likeliest
		atMode  float64 // and how likely that is
	}
}

func drawsOf(share float64) draws { return draws{share: share, odds: share / (1 - share)} }

// draw goes outwards from the likeliest until the chances add up to what was
// drawn.
func (d *draws) draw(r *rand.Rand, n int) int {
	if n == 0 {
		return 0
	}
	of := &d.ready[n%2]
	if n != of.n {
		of.n, of.mode = n, int(float64(n+1)*d.share)
		x, m := float64(of.mode), float64(n)
		of.atMode = m * math.Log1p(-d.share)
		if of.mode > 0 {
			of.atMode += logChoose(m, x) + x*math.Log(d.odds)
		}
		of.atMode = math.Exp(of.atMode)
	}
	u := r.Float64() - of.atMode
	low, high := of.mode, of.mode
	below, above := of.atMode, of.atMode
	for u >= 0 && (low > 0 || high < n) {
		if low > 0 {
			below *= float64(low) / float64(n-low+1) / d.odds
			low--
			if u -= below; u < 0 {
				return low
			}
		}
		if high < n {
			above *= float64(n-high) / float64(high+1) * d.odds
			high++
			if u -= above; u < 0 {
				return high
			}
		}
	}
	return of.mode
}

// drawBeta draws from a beta distribution.
func drawBeta(r *rand.Rand, a, b float64) float64 {
	return distuv.Beta{Alpha: a, Beta: b, Src: r}.Rand()
}
