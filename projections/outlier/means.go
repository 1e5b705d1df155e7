package outlier

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Sample is what one member decided: N amounts, each as its distance from the
// mean of like cases, in standard deviations of these; Mean of these distances
// and the Sum of their Squares about it.
type Sample struct {
	N             int
	Mean, Squares float64
}

// SampleOf gathers distances.
func SampleOf(distances []float64) Sample {
	s := Sample{N: len(distances)}
	for _, d := range distances {
		s.Mean += d / float64(len(distances))
	}
	for _, d := range distances {
		s.Squares += (d - s.Mean) * (d - s.Mean)
	}
	return s
}

// Spread is how amounts are spread: the variance of one member's amounts
// (Within), and that between members beyond it (Between).
type Spread struct {
	Within, Between float64
	Members         int
}

// FitMeans measures it, by the moments of DerSimonian and Laird 1986. What lies
// beyond all likelihood is left out and the rest measured again.
func FitMeans(members []Sample) Spread {
	spread := fitMeans(members)
	all := spread.Members
	for _, limit := range trimRounds {
		spread = fitMeans(trim(members, limit, func(m Sample) float64 { return spread.Tail(m) / 2 }))
	}
	spread.Members = all
	return spread
}

func fitMeans(members []Sample) Spread {
	var out Spread
	var cases, squares float64
	for _, m := range members {
		if m.N > 0 {
			out.Members++
			cases += float64(m.N)
			squares += m.Squares
		}
	}
	freedom := cases - float64(out.Members)
	if freedom < 1 {
		return out
	}
	out.Within = squares / freedom
	var q, weights, square float64
	mean := 0.0
	for _, m := range members {
		mean += float64(m.N) * m.Mean / cases
	}
	if out.Within == 0 {
		return out
	}
	for _, m := range members {
		w := float64(m.N) / out.Within
		q += w * (m.Mean - mean) * (m.Mean - mean)
		weights += w
		square += w * w
	}
	if room := weights - square/weights; room > 0 {
		out.Between = max(0, (q-float64(out.Members-1))/room)
	}
	return out
}

// Tail returns how probable a mean so far from that of like cases is, on
// either side, for one more member with as many cases.
func (s Spread) Tail(m Sample) float64 {
	v := s.Between
	if m.N > 0 {
		v += s.Within / float64(m.N)
	}
	if m.N == 0 || v <= 0 || s.Members < 2 {
		return 1
	}
	// What is least known of the variance is that between members.
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(s.Members - 1)}
	return min(1, 2*t.CDF(-math.Abs(m.Mean)/math.Sqrt(v)))
}
