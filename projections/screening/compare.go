package screening

import (
	"math"
	"slices"

	"github.com/probity-ledger/probity/projections/outlier"
)

// reason is why something was not compared.
type reason int

const (
	noExposure reason = iota
	fewPeers
	noLikes
	alone
	reasons
)

// total adds up the months of a stretch; worked tells whether there was any
// case in it.
func (r *run) total(place, share int, t stretch) (c outlier.Count) {
	for _, m := range r.months(place, t) {
		c.Hits += int(m.hits[share])
		c.Of += int(m.of[share])
	}
	return c
}

func (r *run) months(place int, t stretch) []tally {
	return r.tallies[r.spells[place]][t.from-r.first : t.to-r.first+1]
}

// worked tells whether anything was decided: what is late could be of any case.
func (r *run) worked(place int, t stretch) bool { return r.total(place, 0, t).Of > 0 }

// fits measures the groups of a share over a stretch.
func (r *run) fits(share int, t stretch) []outlier.Share {
	if f, ok := r.fitted[share][t]; ok {
		return f
	}
	members := make([][]outlier.Count, r.groups)
	for i := range r.spells {
		if c := r.total(i, share, t); c.Of > 0 {
			members[r.group[i]] = append(members[r.group[i]], c)
		}
	}
	if r.fitted[share] == nil {
		r.fitted[share] = map[stretch][]outlier.Share{}
	}
	f := outlier.FitShares(members)
	r.fitted[share][t] = f
	return f
}

// compareShares compares a share with that of peers.
func (r *run) compareShares(share int, over stretch) compared {
	out := compared{measure: all[share]}
	fits := r.fits(share, over)
	for i, n := range r.spells {
		if !r.worked(i, over) {
			continue
		}
		c, fit := r.total(i, share, over), &fits[r.group[i]]
		switch {
		case c.Of == 0:
			out.left[noExposure]++
		case fit.Peers-1 < r.rules.Peers:
			out.left[fewPeers]++
		default:
			out.found = append(out.found, comparison{
				officer: r.Screen.spells.all[n].officer, at: i, counts: c, tail: fit.Tail(c),
				usual: fit.Mean, peers: fit.Peers - 1, cases: fit.Cases - c.Of,
			})
		}
	}
	return out
}

// scale is that of like cases: their mean in whole numbers, the rest of it, and
// their standard deviation.
type scale struct {
	n, spells       int
	sum, squares    wide
	whole           uint64
	rest, deviation float64
}

// compareAmounts compares the amounts of spells with those of like cases, each as
// its distance from their mean in their standard deviations.
func (r *run) compareAmounts(over stretch) compared {
	out := compared{measure: all[sharesNumber]}
	from, to := uint32(over.from-r.first), uint32(over.to-r.first)
	scales := make([]scale, len(r.Screen.likes.all))
	var own []row[money] // of the stretch, by spell and like
	for i := range r.amounts.rows {
		a := &r.amounts.rows[i]
		if a.month < from || a.month > to {
			continue
		}
		if n := len(own); n > 0 && own[n-1].who == a.who && own[n-1].what == a.what {
			own[n-1].add(a)
		} else {
			own = append(own, *a)
			scales[a.what].spells++
		}
		l := &scales[a.what]
		l.n, l.sum, l.squares = l.n+int(a.n), l.sum.plus(a.value.sum), l.squares.plus(a.value.squares)
	}
	for i := range scales {
		scales[i].settle()
	}
	samples := make([]outlier.Sample, len(r.Screen.spells.all)) // by number
	for len(own) > 0 {
		n := 1
		for n < len(own) && own[n].who == own[0].who {
			n++
		}
		samples[own[0].who] = r.sample(own[:n], scales)
		own = own[n:]
	}
	members := make([][]outlier.Sample, r.groups)
	for i, n := range r.spells {
		if samples[n].N > 0 {
			members[r.group[i]] = append(members[r.group[i]], samples[n])
		}
	}
	spreads, cases := make([]outlier.Spread, r.groups), make([]int, r.groups)
	for g, m := range members {
		spreads[g] = outlier.FitMeans(m)
		for _, s := range m {
			cases[g] += s.N
		}
	}
	for i, n := range r.spells {
		if !r.worked(i, over) {
			continue
		}
		s, spread := samples[n], &spreads[r.group[i]]
		switch {
		case s.N == 0:
			out.left[noLikes]++
		case spread.Members-1 < r.rules.Peers:
			out.left[fewPeers]++
		default:
			out.found = append(out.found, comparison{
				officer: r.Screen.spells.all[n].officer, at: i, counts: outlier.Count{Of: s.N}, tail: spread.Tail(s),
				usual: s.Mean, peers: spread.Members - 1, cases: cases[r.group[i]] - s.N,
			})
		}
	}
	return out
}

func (l *scale) settle() {
	if l.n < 2 {
		return
	}
	l.whole = l.sum.over(uint64(l.n))
	sum, squares := l.about(uint64(l.n), l.sum, l.squares)
	l.rest = sum / float64(l.n)
	l.deviation = math.Sqrt(max(0, squares/float64(l.n)-l.rest*l.rest))
}

// about moves sums to about the whole mean, exactly: Σ(x-c), Σ(x-c)².
func (l *scale) about(n uint64, sum, squares wide) (float64, float64) {
	c := l.whole
	moved := sum.minus(product(n, c))
	return moved.float(), squares.minus(sum.times(2 * c)).plus(product(c, c).times(n)).float()
}

// sample gathers the amounts of one spell. Like cases of fewer spells than are
// compared say nothing, nor do those with one amount alone.
func (r *run) sample(own []row[money], scales []scale) outlier.Sample {
	slices.SortFunc(own, func(a, b row[money]) int { return r.likes[a.what] - r.likes[b.what] })
	var n, sum, squares float64
	for _, a := range own {
		l := &scales[a.what]
		if l.spells-1 < r.rules.Peers || l.deviation == 0 {
			continue
		}
		s, q := l.about(uint64(a.n), a.value.sum, a.value.squares)
		k := float64(a.n)
		n += k
		sum += (s - k*l.rest) / l.deviation
		squares += (q - 2*l.rest*s + k*l.rest*l.rest) / (l.deviation * l.deviation)
	}
	if n == 0 {
		return outlier.Sample{}
	}
	mean := sum / n
	return outlier.Sample{N: int(n), Mean: mean, Squares: max(0, squares-n*mean*mean)}
}
