package outlier

import "math"

// upper returns P(X ≥ x) of a distribution on 0, 1, 2… given the logarithm of
// its probability at x and the ratios of each probability to the one before,
// where nothing lies beyond last. It sums the side on which x lies, so that a
// tail of 1e-30 is as exact as one of a half.
func upper(x, last int, mean float64, logAt float64, ratio func(k int) float64) float64 {
	if x <= 0 {
		return 1
	}
	if x > last {
		return 0
	}
	at := math.Exp(logAt)
	if float64(x) > mean {
		sum, term := 1.0, 1.0
		for k := x + 1; k <= last; k++ {
			term *= ratio(k)
			sum += term
			if term < 1e-17*sum {
				break
			}
		}
		return min(1, math.Exp(logAt+math.Log(sum)))
	}
	sum, term := 0.0, at
	for k := x; k >= 1; k-- {
		r := ratio(k)
		if r == 0 {
			break
		}
		term /= r
		sum += term
		if term < 1e-17*sum {
			break
		}
	}
	return max(0, min(1, 1-sum))
}

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

func logBeta(a, b float64) float64 { return logGamma(a) + logGamma(b) - logGamma(a+b) }

func logChoose(n, k float64) float64 { return logGamma(n+1) - logGamma(k+1) - logGamma(n-k+1) }
