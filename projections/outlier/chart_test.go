package outlier

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestAChartKeepsItsRateAndSeesADoubledShare(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	c := Calibration{Usual: 0.1, Sought: 0.2, Cases: 20, Periods: 36, Rate: 0.01}
	limit, err := Calibrate(c, r)
	if err != nil {
		t.Fatal(err)
	}
	// Another generator: the rate is kept by subjects that the limit was not
	// found on.
	r = rand.New(rand.NewPCG(9, 10))
	alarms, months := 0, 0
	for range 3000 {
		chart := Chart{Usual: c.Usual, Sought: c.Sought, Limit: limit}
		for range c.Periods {
			months++
			if chart.Add(Count{hits(r, c.Cases, c.Usual), c.Cases}) {
				alarms++
			}
		}
	}
	if rate := float64(alarms) / float64(months); rate > 0.0115 || rate < 0.005 {
		t.Errorf("%g false alarms a month, calibrated for 0.01", rate)
	}
	seen, delay := 0, 0
	for range 2000 {
		chart := Chart{Usual: c.Usual, Sought: c.Sought, Limit: limit}
		for month := range 12 { // 240 cases
			if chart.Add(Count{hits(r, c.Cases, 0.2), c.Cases}) {
				seen++
				delay += month + 1
				break
			}
		}
	}
	if power := float64(seen) / 2000; power < 0.9 {
		t.Errorf("a share that doubles is seen within 240 cases %g of the time", power)
	}
	t.Logf("limit %.2f; seen in %d of 2000, after %.1f months", limit, seen, float64(delay)/float64(seen))
}

func TestALimitKnowsHowLittleIsKnown(t *testing.T) {
	c := Calibration{Usual: 0.1, Sought: 0.2, Cases: 20, Periods: 24, Rate: 0.01}
	sure, err := Calibrate(c, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	c.Draw = func(r *rand.Rand) float64 { return betaDraw(r, 5, 45) }
	unsure, err := Calibrate(c, rand.New(rand.NewPCG(1, 1)))
	if err != nil || unsure < 1.5*sure {
		t.Errorf("limits of %g and %g where the share is measured on fifty cases (%v)", sure, unsure, err)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	fine := Calibration{Usual: 0.1, Sought: 0.2, Cases: 20, Periods: 12, Rate: 0.01}
	for name, change := range map[string]func(*Calibration){
		"nothing is usual":     func(c *Calibration) { c.Usual = 0 },
		"less is sought":       func(c *Calibration) { c.Sought = 0.05 },
		"everything is sought": func(c *Calibration) { c.Sought = 1 },
		"no cases":             func(c *Calibration) { c.Cases = 0 },
		"no periods":           func(c *Calibration) { c.Periods = 0 },
		"no alarm at all":      func(c *Calibration) { c.Rate = 0 },
		"not a number":         func(c *Calibration) { c.Rate = math.NaN() },
	} {
		c := fine
		change(&c)
		if limit, err := Calibrate(c, rand.New(rand.NewPCG(1, 1))); err == nil {
			t.Errorf("%s: a limit of %g", name, limit)
		}
	}
}

func TestOdds(t *testing.T) {
	if got := Odds(0.1, 2); !close(got, 2.0/11, 1e-12) {
		t.Errorf("twice the odds of 10 %% are %g", got)
	}
}
