package outlier

import (
	"math"
	"math/rand/v2"
	"sync"
)

// Shares is one measure of many spells over time. A spell is a subject in a
// group of peers: who changes posts begins another. Periods has for each spell
// what came about in each period, such as a month; all have as many.
type Shares struct {
	Groups  []int // of each spell, from 0
	Periods [][]Count
}

// total adds up the periods of a spell in [from, to).
func total(periods []Count, from, to int) Count {
	var sum Count
	for _, c := range periods[from:to] {
		sum.Hits += c.Hits
		sum.Of += c.Of
	}
	return sum
}

// Fit measures the groups over the periods [from, to).
func (s Shares) Fit(from, to int) []Share {
	groups := 0
	for _, g := range s.Groups {
		groups = max(groups, g+1)
	}
	members := make([][]Count, groups)
	for i, g := range s.Groups {
		members[g] = append(members[g], total(s.Periods[i], from, to))
	}
	return FitShares(members)
}

// Tails returns of each spell how seldom its count over the periods [from, to)
// comes about among its peers.
func (s Shares) Tails(from, to int) []float64 {
	fits := s.Fit(from, to)
	tails := make([]float64, len(s.Groups))
	for i, g := range s.Groups {
		tails[i] = fits[g].Tail(total(s.Periods[i], from, to))
	}
	return tails
}

// Watch is how changes of a share are looked for.
type Watch struct {
	// Learn is how many periods tell what is usual for a spell, together with
	// its peers.
	Learn int
	// Times is the change of the odds that is sought: 2 for a share that about
	// doubles.
	Times float64
	// Rate is how many false alarms a period may bring for one spell.
	Rate float64
	// Seed makes the simulations of the limits come out alike.
	Seed uint64
}

// Watcher looks for changes, and keeps the limits that it has found. It is safe
// for concurrent use.
type Watcher struct {
	Watch
	mu     sync.Mutex
	limits map[cell]float64
}

// NewWatcher returns one that has found no limit yet.
func NewWatcher(w Watch) *Watcher { return &Watcher{Watch: w, limits: map[cell]float64{}} }

// Alarms returns the periods in which the chart of each spell alarmed. What is
// usual for a spell is its share in the periods learnt from, shrunken towards
// its peers; how far that may be from its true share is part of the limit.
// Spells without cases in what was learnt go by their peers alone.
func (w *Watcher) Alarms(s Shares) ([][]int, error) {
	out := make([][]int, len(s.Groups))
	if len(s.Periods) == 0 || len(s.Periods[0]) <= w.Learn {
		return out, nil
	}
	periods := len(s.Periods[0]) - w.Learn
	fits := s.Fit(0, w.Learn)
	for i, g := range s.Groups {
		later := s.Periods[i][w.Learn:]
		cases := total(later, 0, periods).Of
		if cases == 0 || fits[g].Peers == 0 {
			continue
		}
		mean, deviation := fits[g].Posterior(total(s.Periods[i], 0, w.Learn))
		at := cellOf(mean, deviation, float64(cases)/float64(periods))
		at.periods = periods
		limit, err := w.limit(at)
		if err != nil {
			return nil, err
		}
		chart := Chart{Usual: at.share(), Sought: Odds(at.share(), w.Times), Limit: limit}
		for p, c := range later {
			if chart.Add(c) {
				out[i] = append(out[i], w.Learn+p)
			}
		}
	}
	return out, nil
}

// cell holds spells that are alike enough to have one limit. Each part is
// rounded to steps of its logarithm: the share up, since a chart whose share is
// set too low alarms too often.
type cell struct{ usual, known, cases, periods int }

const (
	usualStep = 0.1 // of the logarithm of the odds
	knownStep = 0.7
	casesStep = 0.5
)

func cellOf(mean, deviation, cases float64) cell {
	mean = min(max(mean, 0.001), 0.9)
	// What a beta distribution of that deviation was measured on, in cases.
	known := 1e6
	if deviation > 0 {
		known = min(max(mean*(1-mean)/(deviation*deviation)-1, 1), known)
	}
	return cell{
		usual: int(math.Ceil(math.Log(mean/(1-mean)) / usualStep)),
		known: int(math.Floor(math.Log(known) / knownStep)),
		cases: int(math.Round(math.Log(max(cases, 1)) / casesStep)),
	}
}

func (c cell) share() float64 {
	odds := math.Exp(float64(c.usual) * usualStep)
	return odds / (1 + odds)
}

// limit returns the limit of a cell, found when it is first asked for.
func (w *Watcher) limit(c cell) (float64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if limit, ok := w.limits[c]; ok {
		return limit, nil
	}
	share, known := c.share(), math.Exp(float64(c.known)*knownStep)
	limit, err := Calibrate(Calibration{
		Usual: share, Sought: Odds(share, w.Times), Cases: max(1, int(math.Round(math.Exp(float64(c.cases)*casesStep)))), Periods: c.periods, Rate: w.Rate,
		Draw: func(r *rand.Rand) float64 { return drawBeta(r, share*known, (1-share)*known) },
	}, rand.New(rand.NewPCG(w.Seed, uint64(int64(c.usual)<<32^int64(c.known)<<16^int64(c.cases)))))
	if err == nil {
		w.limits[c] = limit
	}
	return limit, err
}
