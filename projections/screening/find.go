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
	over := stretch{end - Month(r.rules.Window) + 1, end}
	report := &Report{From: over.from.First(), To: end.Last()}
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
	at := 0
	for _, c := range some {
		for i := range c.found {
			if q := adjusted[at]; q <= limit {
				report.Findings = append(report.Findings, r.compared(&c, &c.found[i], over, q, float64(reported)*limit/float64(len(tails)))...)
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

// compared makes the finding of a comparison; of a seat, one for each party
// whose tail lies within what the seat was reported by (Benjamini and Bogomolov
// 2014).
func (r *run) compared(c *compared, x *comparison, over stretch, q, within float64) []Finding {
	f := Finding{Measure: c.measure, End: over.to, From: over.from.First(), To: over.to.Last(), Hits: x.counts.Hits, Of: x.counts.Of,
		PeersOf: x.peers, Cases: x.cases, Tail: x.tail, Discovery: q, Score: score(x.tail)}
	if c.measure.way != meetings {
		r.whose(&f, x.at)
		r.say(&f, x.usual)
		return []Finding{f}
	}
	seat := r.Screen.seats.all[x.at]
	f.Officer, f.Unit, f.Stream = domain.OfficerID(r.words.all[seat.officer-1]), domain.UnitID(r.words.all[seat.unit]), enforcement.Kind(r.words.all[seat.stream])
	acts := 0
	for _, m := range c.met[x.first:x.last] {
		acts += m.n
	}
	var out []Finding
	for _, m := range c.met[x.first:x.last] {
		if m.tail > max(within, x.tail) {
			continue
		}
		one := f
		one.Party, one.Hits, one.Of, one.Tail, one.Score = r.words.all[m.party], m.n, m.of, m.tail, score(m.tail)
		r.say(&one, float64(acts)*float64(m.of)/float64(x.cases))
		out = append(out, one)
	}
	return out
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
