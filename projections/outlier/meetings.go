package outlier

import "math"

// Meetings returns how probable it is that two meet so often or more by chance:
// of all acts of a stream, one of the two had a share of own, the other of
// others, and together they had so many. It is exact, by the hypergeometric
// distribution, for acts that are given out without regard to whom they are
// about.
func Meetings(together, own, others, all int) float64 {
	last := min(own, others)
	if all <= 0 || own < 0 || others < 0 || own > all || others > all || together > last {
		return 0
	}
	least := max(0, own+others-all)
	if together <= least {
		return 1
	}
	n, k, m := float64(own), float64(others), float64(all)
	x := float64(together)
	at := logChoose(k, x) + logChoose(m-k, n-x) - logChoose(m, n)
	return upper(together, last, n*k/m, at, func(i int) float64 {
		j := float64(i)
		under := m - k - n + j
		if under <= 0 {
			return math.Inf(1)
		}
		return (k - j + 1) / j * (n - j + 1) / under
	})
}
