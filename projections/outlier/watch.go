package outlier

import (
	"math"
	"math/rand/v2"
	"sync"
)

// Watch is how changes of a share are looked for.
type Watch struct {
	// Periods is over how many periods a chart runs, the last of them the one
	// of which it is asked.
	Periods int
	// Times is the change of the odds that is sought: 2 for a share that about
	// doubles.
	Times float64
	// Rate is how many false alarms a period may bring for one subject.
	Rate float64
	// Seed makes the simulations of the limits come out alike.
	Seed uint64
}

// Watcher looks for changes, and keeps the limits that it has found. It is safe
// for concurrent use.
type Watcher struct {
	Watch
	mu     sync.Mutex
	limits map[cell]*limit
}

type limit struct {
	once sync.Once
	at   float64
	err  error
}

// NewWatcher returns one that has found no limit yet.
func NewWatcher(w Watch) *Watcher { return &Watcher{Watch: w, limits: map[cell]*limit{}} }

// Change is what a chart shows at the end of its periods.
type Change struct {
	// Out tells whether the sum reaches the limit.
	Out        bool
	Sum, Limit float64
	// Usual is the share that the chart took for usual, Rate how many false
	// alarms a period may bring for it.
	Usual, Rate float64
	// From is the period after which the sum was last nothing: where the change
	// seems to have begun.
	From int
}

// Look runs a chart over what came about in the periods. What is usual is what
// is known of the share from before, with the deviation up to which it is known
// (see [Share.Usual]); how far that may be from the true share is part of
// the limit. Among is how many charts of the subject share the rate.
func (w *Watcher) Look(usual, deviation float64, periods []Count, among int) (Change, error) {
	out := Change{}
	cases, begin := 0, 0
	for i, c := range periods {
		if cases += c.Of; cases == 0 {
			begin = i + 1
		}
	}
	if cases == 0 {
		return out, nil
	}
	// Who has worked for fewer periods is judged as if it had been all.
	at := cellOf(usual, deviation, float64(cases)/float64(len(periods)-begin)*float64(w.Periods), among)
	out.Usual, out.Rate = at.share(), w.Rate/at.among()
	chart := Chart{Usual: out.Usual, Sought: Odds(out.Usual, w.Times)}
	for i, c := range periods {
		if chart.Add(c); chart.Sum == 0 {
			out.From = i + 1
		}
	}
	if out.Sum = chart.Sum; out.Sum < leastLimit {
		out.Limit = leastLimit
		return out, nil
	}
	var err error
	out.Limit, err = w.limit(at)
	out.Out = err == nil && out.Sum >= out.Limit
	return out, err
}

// cell holds charts that are alike enough to have one limit. Each part is
// rounded to steps of its logarithm: the share up, since a chart whose share is
// set too low alarms too often.
type cell struct{ usual, known, cases, shared int }

const (
	// kept is what part of the rate limits are found for: months differ in how
	// many cases they have, and what is usual is measured anew each month, which
	// the simulation does not do.
	kept      = 0.9
	usualStep = 0.05 // of the logarithm of the odds
	knownStep = 0.7
	casesStep = 0.5
)

func cellOf(mean, deviation, cases float64, among int) cell {
	mean = min(max(mean, 0.001), 0.9)
	// What a beta distribution of that deviation was measured on, in cases.
	known := 1e6
	if deviation > 0 {
		known = min(max(mean*(1-mean)/(deviation*deviation)-1, 1), known)
	}
	return cell{
		usual:  int(math.Ceil(math.Log(mean/(1-mean)) / usualStep)),
		known:  int(math.Floor(math.Log(known) / knownStep)),
		cases:  int(math.Round(math.Log(max(cases, 1)) / casesStep)),
		shared: int(math.Ceil(math.Log2(float64(max(among, 1))))),
	}
}

func (c cell) share() float64 {
	odds := math.Exp(float64(c.usual) * usualStep)
	return odds / (1 + odds)
}

// among is how many charts share the rate, up to the next power of two.
func (c cell) among() float64 { return math.Exp2(float64(c.shared)) }

// limit returns the limit of a cell, found when it is first asked for.
func (w *Watcher) limit(c cell) (float64, error) {
	w.mu.Lock()
	l := w.limits[c]
	if l == nil {
		l = &limit{}
		w.limits[c] = l
	}
	w.mu.Unlock()
	l.once.Do(func() {
		share, known := c.share(), math.Exp(float64(c.known)*knownStep)
		l.at, l.err = Calibrate(Calibration{
			Usual: share, Sought: Odds(share, w.Times), Cases: max(1, int(math.Round(math.Exp(float64(c.cases)*casesStep)))), Periods: w.Periods, Rate: kept * w.Rate / c.among(),
			Known: known,
		}, rand.New(rand.NewPCG(w.Seed, uint64(int64(c.usual)<<32^int64(c.known)<<16^int64(c.cases)))))
	})
	return l.at, l.err
}
