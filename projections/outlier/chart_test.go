package outlier

import (
	"math"
	"math/rand/v2"
	"testing"
)

// drawHits draws case by case how many of some come about.
func drawHits(r *rand.Rand, cases int, share float64) int {
	n := 0
	for range cases {
		if r.Float64() < share {
			n++
		}
	}
	return n
}

// falseAlarms simulates the charts of subjects with whom nothing is wrong, and
// returns how often they alarm in the last period.
func falseAlarms(r *rand.Rand, subjects int, c Calibration, limit float64) float64 {
	alarms := 0
	for range subjects {
		share := c.Usual
		if c.Known > 0 {
			share = drawBeta(r, c.Usual*c.Known, (1-c.Usual)*c.Known)
		}
		chart, before := Chart{Usual: c.Usual, Sought: c.Sought}, 0.0
		for i := range c.Periods {
			n := (i+1)*c.Cases/c.Periods - i*c.Cases/c.Periods
			before = chart.Sum
			chart.Add(Count{drawHits(r, n, share), n})
		}
		if before < limit && chart.Sum >= limit {
			alarms++
		}
	}
	return float64(alarms) / float64(subjects)
}

// TestALimitKeepsItsRate simulates without the weights by which limits are
// found, and with another generator.
func TestALimitKeepsItsRate(t *testing.T) {
	for name, c := range map[string]Calibration{
		"twenty cases a month":           {Usual: 0.1, Cases: 240, Known: 0},
		"known from three hundred cases": {Usual: 0.1, Cases: 240, Known: 300},
		"hardly known":                   {Usual: 0.1, Cases: 240, Known: 30},
		"seldom":                         {Usual: 0.02, Cases: 240, Known: 80},
		"often":                          {Usual: 0.4, Cases: 120, Known: 150},
		"two cases a month":              {Usual: 0.1, Cases: 24, Known: 50},
		"a hundred cases a month":        {Usual: 0.1, Cases: 1200, Known: 300},
	} {
		c.Sought, c.Periods, c.Rate = Odds(c.Usual, 2), 12, 0.005
		limit, err := Calibrate(c, rand.New(rand.NewPCG(7, 8)))
		if err != nil {
			t.Fatal(err)
		}
		const subjects = 40_000
		rate := falseAlarms(rand.New(rand.NewPCG(9, 10)), subjects, c, limit)
		within := 3.5 * math.Sqrt(c.Rate/subjects) // and what the limit itself is uncertain by
		if rate > 1.15*c.Rate+within || rate < 0.6*c.Rate-within {
			t.Errorf("%s: %g false alarms a month under a limit of %.2f, calibrated for %g", name, rate, limit, c.Rate)
		}
	}
}

func TestAChartSeesADoubledShare(t *testing.T) {
	c := Calibration{Usual: 0.1, Sought: 0.2, Cases: 240, Periods: 12, Rate: 0.01}
	limit, err := Calibrate(c, rand.New(rand.NewPCG(7, 8)))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(9, 10))
	seen, delay := 0, 0
	for range 2000 {
		chart := Chart{Usual: c.Usual, Sought: c.Sought}
		for month := range 12 { // 240 cases
			if chart.Add(Count{drawHits(r, 20, 0.2), 20}); chart.Sum >= limit {
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
	c := Calibration{Usual: 0.1, Sought: 0.2, Cases: 240, Periods: 12, Rate: 0.01}
	sure, err := Calibrate(c, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	c.Known = 50
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
		"known from nothing":   func(c *Calibration) { c.Known = math.NaN() },
	} {
		c := fine
		change(&c)
		if limit, err := Calibrate(c, rand.New(rand.NewPCG(1, 1))); err == nil {
			t.Errorf("%s: a limit of %g", name, limit)
		}
	}
}

func TestDrawsAreOfTheirShare(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct {
		n     int
		share float64
	}{{1, 0.5}, {20, 0.1}, {20, 0.95}, {400, 0.3}, {5000, 0.01}, {50, 1e-9}, {50, 1 - 1e-9}} {
		d := drawsOf(c.share)
		const times = 20_000
		sum, squares := 0.0, 0.0
		for range times {
			x := float64(d.draw(r, c.n))
			sum, squares = sum+x, squares+x*x
		}
		n := float64(c.n)
		mean, variance := sum/times, n*c.share*(1-c.share)
		got := squares/times - mean*mean
		if math.Abs(mean-n*c.share) > 4*math.Sqrt(variance/times)+1e-6 || math.Abs(got-variance) > 0.06*variance+1e-4 {
			t.Errorf("%d cases of %g: mean %g, variance %g", c.n, c.share, mean, got)
		}
	}
}

func TestOdds(t *testing.T) {
	if got := Odds(0.1, 2); !close(got, 2.0/11, 1e-12) {
		t.Errorf("twice the odds of 10 %% are %g", got)
	}
}

func TestAWatcherLooks(t *testing.T) {
	w := NewWatcher(Watch{Periods: 12, Times: 2, Rate: 0.00125, Seed: 1})
	months := make([]Count, 12)
	for i := range months {
		months[i] = Count{2, 20}
	}
	quiet, err := w.Look(0.1, 0.02, months, 1)
	if err != nil || quiet.Out {
		t.Errorf("what is usual: %+v, %v", quiet, err)
	}
	for i := range 5 {
		months[7+i].Hits = 7
	}
	loud, err := w.Look(0.1, 0.02, months, 1)
	if err != nil || !loud.Out || loud.From != 7 || loud.Sum < loud.Limit {
		t.Errorf("thirty-five per cent for five months: %+v, %v", loud, err)
	}
	if shared, err := w.Look(0.1, 0.02, months, 5); err != nil || shared.Limit <= loud.Limit || shared.Rate != loud.Rate/8 {
		t.Errorf("five charts of one subject share its rate: %+v beside %+v, %v", shared, loud, err)
	}
	again, err := NewWatcher(w.Watch).Look(0.1, 0.02, months, 1)
	if err != nil || again != loud {
		t.Errorf("another watcher sees %+v, %v", again, err)
	}
	for name, months := range map[string][]Count{"no periods": nil, "no cases": make([]Count, 12)} {
		if c, err := w.Look(0.1, 0.02, months, 1); err != nil || c.Out {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if c, err := w.Look(1, 0, []Count{{5, 5}}, 0); err != nil || c.Out {
		t.Errorf("what always comes about has not changed: %+v, %v", c, err)
	}
}
