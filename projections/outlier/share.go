package outlier

import (
	"cmp"
	"math"
	"slices"
)

// Count is how often something came about (Hits) of how often it could (Of).
type Count struct{ Hits, Of int }

// Share is how a share is spread over peers: by a beta distribution of that
// mean, where Spread is the correlation within a peer (ρ = 1/(α+β+1)); 0 where
// peers do not differ beyond chance.
type Share struct {
	Mean, Spread float64
	// Doubt is how far the spread may be from what was measured: its standard
	// error. It grows as peers are few.
	Doubt float64
	// Peers is how many it was measured on, Cases how many cases they had.
	Peers, Cases int
}

// trimAt is how seldom a count is to come about not to be counted among the
// peers that it is compared with: trouble in a group must not widen what is
// taken for usual there. Of peers among whom nothing is wrong it leaves out one
// in five hundred.
const trimAt = 0.001

// maxTrim is the largest part of a group that is left out so.
const maxTrim = 0.1

// FitShares measures how a share is spread within groups of peers: each group
// has a mean of its own, and all have one spread, for which a single group is
// seldom large enough (moments with weights by Kleinman 1973). Members without
// exposure say nothing. What comes about once in a thousand is left out and the
// rest measured again. The answers are in the order of the groups; a group
// without exposure has Peers 0.
func FitShares(groups [][]Count) []Share {
	kept := make([][]Count, len(groups))
	for i, g := range groups {
		for _, c := range g {
			if c.Of > 0 {
				kept[i] = append(kept[i], c)
			}
		}
	}
	fits := fitShares(kept, 1)
	trimmed := make([][]Count, len(kept))
	for _, limit := range trimRounds {
		for i, g := range kept {
			trimmed[i] = trim(g, limit, func(c Count) float64 { return fits[i].extreme(c) })
		}
		again := fitShares(trimmed, trimmedVariance)
		for i := range again {
			again[i].Peers, again[i].Cases = fits[i].Peers, fits[i].Cases
		}
		fits = again
	}
	return fits
}

// trimmedVariance is what part of the variance of a normal distribution is left
// when trimAt is left out on either side: 1 - 2zφ(z)/(1-2·trimAt) for its z.
const trimmedVariance = 0.979

// maxSpread bounds a spread: at 1 a share would be none or all.
const maxSpread = 0.99

// trimRounds are the limits of the rounds. The first takes more away, so that who
// is far out does not hide by widening the spread; what it took wrongly comes
// back in the next.
var trimRounds = []float64{0.02, trimAt, trimAt, trimAt}

// trim leaves out what is more extreme than a limit, the most extreme first.
func trim[T any](group []T, limit float64, extreme func(T) float64) []T {
	type at struct {
		i    int
		tail float64
	}
	var far []at
	for i, c := range group {
		if tail := extreme(c); tail < limit {
			far = append(far, at{i, tail})
		}
	}
	slices.SortStableFunc(far, func(a, b at) int { return cmp.Compare(a.tail, b.tail) })
	out := make([]bool, len(group))
	for _, x := range far[:min(len(far), int(maxTrim*float64(len(group))))] {
		out[x.i] = true
	}
	var kept []T
	for i, c := range group {
		if !out[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

func fitShares(groups [][]Count, seen float64) []Share {
	fits := make([]Share, len(groups))
	spread, doubt := 0.0, 0.0
	for range 8 { // weights depend on the spread; few rounds settle it
		var above, below, by, chances, freedom float64
		for i, g := range groups {
			fits[i] = meanShare(g, spread)
			p := fits[i].Mean
			pq := p * (1 - p)
			if pq == 0 || len(g) < 2 {
				continue
			}
			var total, square, chance, room float64
			for _, c := range g {
				total += weight(c.Of, spread)
			}
			for _, c := range g {
				w, n := weight(c.Of, spread), float64(c.Of)
				d := float64(c.Hits)/n - p
				square += w * d * d
				chance += w / n * (1 - w/total)
				room += w * (1 - w/total)
			}
			above += square/pq/seen - chance
			below += room - chance
			by += room
			chances += chance
			freedom += float64(len(g) - 1)
		}
		next := 0.0
		if below > 0 {
			next = max(0, min(maxSpread, above/below))
			doubt = math.Sqrt(2/freedom) * (next + chances/by)
		}
		if math.Abs(next-spread) < 1e-9 {
			break
		}
		spread = next
	}
	for i, g := range groups {
		fits[i].Spread, fits[i].Doubt = spread, doubt
		if len(g) > 1 { // one more peer differs from the mean of these, which is not known either
			fits[i].Spread = min(maxSpread, spread*(1+1/float64(len(g))))
		}
	}
	return fits
}

// weight of a member in the mean: what it tells grows with its cases, as far
// as these are not alike.
func weight(n int, spread float64) float64 { return float64(n) / (1 + float64(n-1)*spread) }

// meanShare is the mean of a group, drawn a little to a half so that a group in
// which nothing came about is not taken for one in which nothing can.
func meanShare(g []Count, spread float64) Share {
	var hits, of float64
	s := Share{Peers: len(g)}
	for _, c := range g {
		w := weight(c.Of, spread)
		hits += w * float64(c.Hits) / float64(c.Of)
		of += w
		s.Cases += c.Of
	}
	if of > 0 {
		s.Mean = (hits + 0.5) / (of + 1)
	}
	return s
}

// alphaBeta returns the parameters of the beta distribution; ok is false where
// there is no spread.
func (s Share) alphaBeta() (a, b float64, ok bool) {
	if s.Spread <= 1e-9 {
		return 0, 0, false
	}
	m := 1/s.Spread - 1
	return s.Mean * m, (1 - s.Mean) * m, true
}

// Tail returns how probable so many hits or more are for one more peer with
// that exposure: exactly, by the beta-binomial distribution, on average over
// what the spread may be.
func (s Share) Tail(c Count) float64 {
	if c.Of <= 0 || s.Peers == 0 {
		return 1
	}
	return doubtful(s.Spread, s.Doubt, maxSpread, func(spread float64) float64 {
		s.Spread = spread
		return s.tail(c)
	})
}

// doubtful averages a tail over a value that is known up to a standard error
// (Gauss-Hermite with three nodes).
func doubtful(value, doubt, most float64, tail func(float64) float64) float64 {
	if doubt == 0 {
		return tail(value)
	}
	off := doubt * math.Sqrt(3)
	return tail(value)*2/3 + tail(max(0, value-off))/6 + tail(min(most, value+off))/6
}

func (s Share) tail(c Count) float64 {
	n, mean := float64(c.Of), float64(c.Of)*s.Mean
	x := float64(c.Hits)
	a, b, ok := s.alphaBeta()
	if !ok {
		odds := s.Mean / (1 - s.Mean)
		at := logChoose(n, x) + x*math.Log(s.Mean) + (n-x)*math.Log1p(-s.Mean)
		return upper(c.Hits, c.Of, mean, at, func(k int) float64 { return (n - float64(k) + 1) / float64(k) * odds })
	}
	at := logChoose(n, x) + logBeta(x+a, n-x+b) - logBeta(a, b)
	return upper(c.Hits, c.Of, mean, at, func(k int) float64 {
		j := float64(k)
		return (n - j + 1) / j * (a + j - 1) / (n - j + b)
	})
}

// Lower is Tail for so many hits or fewer.
func (s Share) Lower(c Count) float64 {
	s.Mean = 1 - s.Mean
	return s.Tail(Count{c.Of - c.Hits, c.Of})
}

// extreme is how seldom a count comes about, on either side, if the spread is
// what was measured.
func (s Share) extreme(c Count) float64 {
	s.Doubt = 0
	return min(s.Tail(c), s.Lower(c))
}

// Usual returns what is usual for a member, as [Share.Posterior] does, and how
// sure that is where peers are few: it allows for how little is known of their
// mean and of how they are spread.
func (s Share) Usual(c Count) (mean, deviation float64) {
	off := s.Doubt * math.Sqrt(3) // nodes and weights as in doubtful
	nodes := [...]struct{ weight, spread float64 }{{2.0 / 3, s.Spread}, {1.0 / 6, max(0, s.Spread-off)}, {1.0 / 6, min(maxSpread, s.Spread+off)}}
	square := 0.0
	for _, n := range nodes {
		at := s
		at.Spread = n.spread
		m, d := at.Posterior(c)
		off := at.meanDeviation(c)
		mean += n.weight * m
		square += n.weight * (m*m + d*d + off*off)
	}
	return mean, math.Sqrt(max(0, square-mean*mean))
}

// meanDeviation is how far a posterior mean may be off because that of the
// peers is measured on these alone.
func (s Share) meanDeviation(c Count) float64 {
	if s.Peers == 0 || s.Cases == 0 {
		return 0
	}
	drawn := 1.0 // how far the member is drawn to the mean
	if s.Spread > 1e-9 {
		m := 1/s.Spread - 1
		drawn = m / (m + float64(c.Of))
	}
	return drawn * math.Sqrt(s.Mean*(1-s.Mean)*(s.Spread/float64(s.Peers)+(1-s.Spread)/float64(s.Cases)))
}

// Posterior returns a member's own share, drawn towards its peers by as much as
// it has few cases, and how sure that is: the standard deviation.
func (s Share) Posterior(c Count) (mean, deviation float64) {
	a, b, ok := s.alphaBeta()
	if !ok {
		return s.Mean, 0
	}
	a, b = a+float64(c.Hits), b+float64(c.Of-c.Hits)
	return a / (a + b), math.Sqrt(a * b / ((a + b) * (a + b) * (a + b + 1)))
}
