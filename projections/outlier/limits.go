package outlier

import "sort"

// Limits returns between which counts of that exposure lie: one is below low
// exactly where Lower of it is less than tail, and above high exactly where Tail
// is. Between whole counts they are interpolated, as for a funnel plot
// (Spiegelhalter 2005, Statistics in Medicine 24:1185, appendix A.1.1), whose
// usual limits have tails of 0.025 and 0.001. Without peers nothing is outside.
func (s Share) Limits(of int, tail float64) (low, high float64) {
	if of <= 0 || s.Peers == 0 {
		return 0, float64(max(0, of))
	}
	mirror := s
	mirror.Mean = 1 - s.Mean
	return s.lowest(of, tail), float64(of) - mirror.lowest(of, tail)
}

func (s Share) lowest(of int, tail float64) float64 {
	k := sort.Search(of, func(k int) bool { return s.Lower(Count{k, of}) >= tail })
	at, before := s.Lower(Count{k, of}), 0.0
	if k > 0 {
		before = s.Lower(Count{k - 1, of})
	}
	return max(0, float64(k)-(at-tail)/(at-before))
}

// Chance is the same share, as if peers did not differ but by chance.
func (s Share) Chance() Share {
	s.Spread, s.Doubt = 0, 0
	return s
}
