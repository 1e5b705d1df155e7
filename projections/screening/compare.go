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
	for i := range r.spells {
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
			out.found = append(out.found, comparison{i, fit.Tail(c)})
		}
	}
	out.say = func(x comparison, f Finding) []Finding {
		fit, c := &fits[r.group[x.at]], r.total(x.at, share, over)
		f.Hits, f.Of, f.PeersOf, f.Cases = c.Hits, c.Of, fit.Peers-1, fit.Cases-c.Of
		r.whose(&f, x.at)
		r.say(&f, fit.Mean)
		return []Finding{f}
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
	var own []row[money]
	for _, p := range r.amountsOf {
		own = in(own[:0], r.amounts.rows[p.from:p.to], from, to)
		for i := range own {
			l := &scales[own[i].what]
			l.n, l.spells = l.n+int(own[i].n), l.spells+1
			l.sum, l.squares = l.sum.plus(wide{lo: own[i].value.sum}), l.squares.plus(own[i].value.squares)
		}
	}
	for i := range scales {
		scales[i].settle()
	}
	samples := make([]outlier.Sample, len(r.amountsOf)) // by number
	for n, p := range r.amountsOf {
		own = in(own[:0], r.amounts.rows[p.from:p.to], from, to)
		samples[n] = r.sample(own, scales)
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
			out.found = append(out.found, comparison{i, spread.Tail(s)})
		}
	}
	out.say = func(x comparison, f Finding) []Finding {
		s, g := samples[r.spells[x.at]], r.group[x.at]
		f.Of, f.PeersOf, f.Cases = s.N, spreads[g].Members-1, cases[g]-s.N
		r.whose(&f, x.at)
		r.say(&f, s.Mean)
		return []Finding{f}
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
		s, q := l.about(uint64(a.n), wide{lo: a.value.sum}, a.value.squares)
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
