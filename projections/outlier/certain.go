package outlier

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is how often an interval of this package holds what it is about.
const Confidence = 0.95

// Interval returns between which shares the true one lies, by what was seen:
// exactly (Clopper and Pearson 1934), so in at least so many of a hundred cases
// as Confidence says. Of nothing it is 0 to 1.
func (c Count) Interval() (low, high float64) {
	const tail = (1 - Confidence) / 2
	hits, rest := float64(c.Hits), float64(c.Of-c.Hits)
	low, high = 0, 1
	if hits > 0 {
		low = distuv.Beta{Alpha: hits, Beta: rest + 1}.Quantile(tail)
	}
	if rest > 0 {
		high = distuv.Beta{Alpha: hits + 1, Beta: rest}.Quantile(1 - tail)
	}
	return low, high
}

// Wait is how long something waited, or has waited so far.
type Wait struct {
	Long  int64
	Ended bool
}

// Waited returns how long a part of all waits at most, 0.5 for the median. What
// still waits counts for as long as it has (Kaplan and Meier 1958): to leave it
// out would praise whoever leaves the hard ones lying. ok is false where too
// many wait still to tell, or where there is nothing.
func Waited(waits []Wait, part float64) (long int64, ok bool) {
	sorted := slices.SortedFunc(slices.Values(waits), func(a, b Wait) int {
		return cmp.Or(cmp.Compare(a.Long, b.Long), cmp.Compare(ended(b), ended(a))) // what ended then had not been waiting longer
	})
	left := 1.0
	for i, w := range sorted {
		if !w.Ended {
			continue
		}
		at := float64(len(sorted) - i)
		if left *= (at - 1) / at; left <= 1-part+1e-12 {
			return w.Long, true
		}
	}
	return 0, false
}

func ended(w Wait) int {
	if w.Ended {
		return 1
	}
	return 0
}
