package screening

import (
	"math"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/outlier"
)

func watch(rules domain.ScreeningRules) outlier.Watch {
	return outlier.Watch{Periods: rules.Window, Times: float64(rules.Times), Rate: float64(rules.Alarms) / 10_000 / sharesNumber, Seed: 1}
}

// NewWatcher returns what looks for changes by the rules. Keep it for later
// runs: it keeps the limits that it has found. It is safe for concurrent use.
func NewWatcher(rules domain.ScreeningRules) *outlier.Watcher {
	return outlier.NewWatcher(watch(rules))
}

// changed is the chart of one spell that is out.
type changed struct {
	place        int
	chart        outlier.Change
	fresh        bool // it was not out the month before
	counts       outlier.Count
	peers, cases int
}

// changing is what one share was watched for.
type changing struct {
	found   []changed
	watched int
	// expected is how many false alarms are to be expected of it in the month.
	expected float64
	left     [reasons]int
	err      error
}

// changes looks in each share for charts that are out at the end of a month.
//
// The months of the window are watched; what was usual is learnt from those
// before, together with peers. So what has changed for good is what is usual
// once it was watched for as long as that.
func (r *run) changes(w *outlier.Watcher, end Month, report *Report) error {
	for _, t := range []stretch{r.over(end), r.over(end - 1), r.learnt(end), r.learnt(end - 1)} {
		r.sum(t)
	}
	some := make([]changing, sharesNumber)
	now, before := r.sharing(end), r.sharing(end-1)
	var work []func()
	for share := range some {
		work = append(work, func() { some[share] = r.watch(w, share, end, now, before) })
	}
	together(work)
	alarms, expected := 0, 0.0
	for _, c := range some {
		if c.err != nil {
			return c.err
		}
		for i := range c.found {
			if c.found[i].fresh {
				alarms++
			}
		}
		expected += c.expected
	}
	for share, c := range some {
		m := all[sharesNumber+2+share]
		for _, x := range c.found {
			f := Finding{Measure: m, End: end, To: end.Last(), Hits: x.counts.Hits, Of: x.counts.Of, PeersOf: x.peers, Cases: x.cases,
				Tail: x.chart.Rate, Discovery: min(1, expected/float64(max(1, alarms))), Score: int(math.Round(100 * x.chart.Sum / math.Ln10)),
				From: (r.over(end).from + Month(x.chart.From)).First()}
			r.whose(&f, x.place)
			r.say(&f, x.chart.Usual)
			if x.fresh {
				report.Findings = append(report.Findings, f)
			} else {
				report.ongoing = append(report.ongoing, f)
			}
		}
		report.Compared = append(report.Compared, r.count(m, c.watched, c.left))
	}
	return nil
}

// sharing counts the spells of each officer that decided anything in what is
// watched: they share the officer's false alarms.
func (r *run) sharing(end Month) []int {
	over := r.over(end)
	out := make([]int, r.officers)
	for i := range r.spells {
		if r.worked(i, over) {
			out[r.officer[i]]++
		}
	}
	return out
}

func (r *run) watch(w *outlier.Watcher, share int, end Month, now, before []int) changing {
	var out changing
	over := r.over(end)
	for i := range r.spells {
		if !r.worked(i, over) {
			continue
		}
		if r.total(i, share, over).Of == 0 {
			out.left[noExposure]++
			continue
		}
		chart, fit, own, err := r.chart(w, share, i, end, now)
		if err != nil {
			out.err = err
			return out
		}
		if fit == nil {
			out.left[fewPeers]++
			continue
		}
		out.watched++
		out.expected += chart.Rate
		if !chart.Out {
			continue
		}
		earlier, _, _, err := r.chart(w, share, i, end-1, before)
		if err != nil {
			out.err = err
			return out
		}
		peers := fit.Peers
		if own.Of > 0 {
			peers--
		}
		x := changed{place: i, chart: chart, fresh: !earlier.Out, peers: peers, cases: fit.Cases - own.Of}
		for _, c := range r.months(nil, i, share, over)[chart.From:] {
			x.counts.Hits += c.Hits
			x.counts.Of += c.Of
		}
		out.found = append(out.found, x)
	}
	return out
}

// chart runs the chart of a spell up to a month. fit is what its peers and it
// were used to, nil where they are too few, own what it had itself.
func (r *run) chart(w *outlier.Watcher, share, place int, end Month, sharing []int) (chart outlier.Change, fit *outlier.Share, own outlier.Count, err error) {
	learnt := r.learnt(end)
	fit, own = &r.fits(share, learnt)[r.group[place]], r.total(place, share, learnt)
	peers := fit.Peers
	if own.Of > 0 {
		peers--
	}
	if peers < r.rules.Peers {
		return chart, nil, own, nil
	}
	var buffer [64]outlier.Count
	usual, deviation := fit.Usual(own)
	chart, err = w.Look(usual, deviation, r.months(buffer[:0], place, share, r.over(end)), sharing[r.officer[place]])
	return chart, fit, own, err
}
