package outlier

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Chart watches one share as its cases come: a CUSUM of the log-likelihood
// ratio between the share that is usual and the one that is to be noticed. It
// alarms where its sum reaches Limit, and begins anew. The zero sum is the
// start.
type Chart struct {
	// Usual and Sought are the two shares, Usual the smaller.
	Usual, Sought float64
	Limit         float64
	Sum           float64
}

// Odds returns the share at so many times the odds of another: twice the odds
// of 10 % are 18.2 %.
func Odds(share, times float64) float64 {
	odds := share / (1 - share) * times
	return odds / (1 + odds)
}

// Add takes what came about of some cases, and tells whether that is an alarm.
func (c *Chart) Add(x Count) bool {
	c.Sum = max(0, c.Sum+c.step(x))
	if c.Sum < c.Limit {
		return false
	}
	c.Sum = 0
	return true
}

// step is the logarithm of how much better the share that is sought explains
// what was seen.
func (c Chart) step(x Count) float64 {
	return float64(x.Hits)*math.Log(c.Sought/c.Usual) + float64(x.Of-x.Hits)*math.Log((1-c.Sought)/(1-c.Usual))
}

// Calibration says for what a limit is sought.
type Calibration struct {
	Usual, Sought float64
	// Cases is how many there are in a period, Periods how many are simulated
	// in a row.
	Cases, Periods int
	// Rate is how many false alarms a period may bring: 0.01 for one in a
	// hundred.
	Rate float64
	// Draw returns the true share of a subject under whose chart nothing is
	// wrong; nil where that is Usual itself. A share that was measured on few
	// cases is not known better than that.
	Draw func(*rand.Rand) float64
}

// calibrateOn is how many false alarms a limit is found on: enough to know the
// rate within some six per cent.
const calibrateOn = 300

// Calibrate finds the least limit under which false alarms come no more often
// than at the rate: on as many simulated subjects as bring calibrateOn of them. It fails where shares or sizes make no sense.
func Calibrate(c Calibration, r *rand.Rand) (float64, error) {
	switch {
	case !(0 < c.Usual && c.Usual < c.Sought && c.Sought < 1):
		return 0, fmt.Errorf("shares of %v and %v: the first must be the smaller, both between 0 and 1", c.Usual, c.Sought)
	case c.Cases < 1 || c.Periods < 1:
		return 0, fmt.Errorf("%d cases in each of %d periods: at least one is needed", c.Cases, c.Periods)
	case !(0 < c.Rate && c.Rate < 1):
		return 0, fmt.Errorf("%v false alarms in a period: must lie between 0 and 1", c.Rate)
	}
	subjects := max(1, int(math.Ceil(calibrateOn/(c.Rate*float64(c.Periods)))))
	steps := make([]float64, c.Cases+1) // by how many came about
	for x := range steps {
		steps[x] = Chart{Usual: c.Usual, Sought: c.Sought}.step(Count{x, c.Cases})
	}
	paths := make([]float64, 0, subjects*c.Periods)
	for range subjects {
		share := c.Usual
		if c.Draw != nil {
			share = c.Draw(r)
		}
		for range c.Periods {
			paths = append(paths, steps[hits(r, c.Cases, share)])
		}
	}
	alarms := func(limit float64) int {
		n := 0
		for at := 0; at < len(paths); at += c.Periods {
			sum := 0.0
			for _, step := range paths[at : at+c.Periods] {
				if sum = max(0, sum+step); sum >= limit {
					sum = 0
					n++
				}
			}
		}
		return n
	}
	allowed := int(c.Rate * float64(c.Periods*subjects))
	low, high := 0.0, 1.0
	for alarms(high) > allowed {
		if low, high = high, high*2; high > 1e6 {
			return 0, fmt.Errorf("no limit keeps false alarms below %v in a period", c.Rate)
		}
	}
	for range 12 {
		if mid := (low + high) / 2; alarms(mid) > allowed {
			low = mid
		} else {
			high = mid
		}
	}
	return high, nil
}

// hits draws how many of some cases come about.
func hits(r *rand.Rand, cases int, share float64) int {
	n := 0
	for range cases {
		if r.Float64() < share {
			n++
		}
	}
	return n
}

// drawBeta draws from a beta distribution.
func drawBeta(r *rand.Rand, a, b float64) float64 {
	return distuv.Beta{Alpha: a, Beta: b, Src: r}.Rand()
}
