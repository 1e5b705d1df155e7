package outlier

import "slices"

// Adjust returns for each tail the least part of false ones that a report
// holding it would have in expectation (Benjamini and Hochberg 1995, step up):
// what lies at or below a limit may be reported under it. It holds for tails
// that are independent or rise together.
func Adjust(tails []float64) []float64 {
	order := make([]int, len(tails))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case tails[a] > tails[b]:
			return -1
		case tails[a] < tails[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(tails))
	least := 1.0
	for i, at := range order {
		rank := float64(len(tails) - i)
		least = min(least, tails[at]*float64(len(tails))/rank)
		out[at] = least
	}
	return out
}

// Smallest returns the tail of the least of several tails of one subject
// (Bonferroni): how seldom one of them is as small as that.
func Smallest(tails ...float64) float64 {
	if len(tails) == 0 {
		return 1
	}
	return min(1, slices.Min(tails)*float64(len(tails)))
}
