package screening

import (
	"cmp"
	"math"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/outlier"
)

// find is one run: everything compared with peers is judged together, so that
// what it reports is false to no larger part than the rulebook says; changes by
// their own rate.
func (r *run) find(w *outlier.Watcher, end Month) (*Report, error) {
	report := &Report{From: r.over(end).from.First(), To: end.Last()}
	some := r.compare(end)
	var tails []float64
	for _, c := range some {
		for i := range c.found {
			tails = append(tails, c.found[i].tail)
		}
	}
	adjusted := outlier.Adjust(tails)
	limit, reported := float64(r.rules.Discovery)/10_000, 0
	for _, q := range adjusted {
		if q <= limit {
			reported++
		}
	}
	// What a comparison is reported by.
	within := float64(reported) * limit / float64(max(1, len(tails)))
	at := 0
	for _, c := range some {
		for _, x := range c.found {
			if q := adjusted[at]; q <= limit {
				f := Finding{Measure: c.measure, End: end, From: report.From, To: report.To, Tail: x.tail, Discovery: q, Score: score(x.tail)}
				if c.measure.way == meetings {
					f.Tail = within
				}
				report.Findings = append(report.Findings, c.say(x, f)...)
			}
			at++
		}
		report.Compared = append(report.Compared, r.count(c.measure, len(c.found), c.left))
	}
	if err := r.changes(w, end, report); err != nil {
		return nil, err
	}
	for _, f := range [][]Finding{report.Findings, report.ongoing} {
		slices.SortFunc(f, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Officer, b.Officer), cmp.Compare(a.Unit, b.Unit),
				cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Procedure, b.Procedure), cmp.Compare(a.Party, b.Party))
		})
	}
	return report, nil
}

// officerOf is the word of the officer of a spell or seat.
func (r *run) officerOf(m *Measure, at int) uint32 {
	if m.way == meetings {
		return r.Screen.seats.all[at].officer - 1
	}
	return r.Screen.spells.all[r.spells[at]].officer
}

func (r *run) whose(f *Finding, place int) {
	s := r.Screen.spells.all[r.spells[place]]
	f.Officer, f.Unit = domain.OfficerID(r.words.all[s.officer]), domain.UnitID(r.words.all[s.unit])
	f.Stream, f.Procedure = enforcement.Kind(r.words.all[s.stream]), domain.NormID(r.words.all[s.procedure])
}

// score is 100 times the logarithm to base 10 of one in how many.
func score(tail float64) int { return int(math.Round(-100 * math.Log10(max(tail, 1e-300)))) }

func (r *run) count(m *Measure, spells int, left [reasons]int) Compared {
	out := Compared{Measure: m, Spells: spells}
	for why, n := range left {
		if n > 0 {
			english, chinese := r.why(reason(why))
			out.Left = append(out.Left, Left{english, chinese, n})
		}
	}
	return out
}
