package outlier

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Funnel is the plot of shares against their exposure with the limits between
// which they lie by chance (Spiegelhalter 2005, Statistics in Medicine 24:1185).
type Funnel struct {
	// Mean is the share of all, Dispersion by how much more they vary than
	// chance does (φ, at least 1).
	Mean, Dispersion float64
	Members          int
}

// winsor is the part at either end that counts no more than what lies next to
// it, when the dispersion is measured.
const winsor = 0.1

// NewFunnel measures the mean and the dispersion of members with exposure.
func NewFunnel(members []Count) Funnel {
	var f Funnel
	hits, of := 0, 0
	for _, c := range members {
		if c.Of > 0 {
			f.Members++
			hits += c.Hits
			of += c.Of
		}
	}
	f.Dispersion = 1
	if of == 0 {
		return f
	}
	f.Mean = float64(hits) / float64(of)
	if f.Mean == 0 || f.Mean == 1 || f.Members < 2 {
		return f
	}
	var z []float64
	for _, c := range members {
		if c.Of > 0 {
			z = append(z, (float64(c.Hits)/float64(c.Of)-f.Mean)/math.Sqrt(f.Mean*(1-f.Mean)/float64(c.Of)))
		}
	}
	slices.Sort(z)
	cut := int(winsor * float64(len(z)))
	sum := 0.0
	for _, v := range z {
		v = min(max(v, z[cut]), z[len(z)-1-cut])
		sum += v * v
	}
	f.Dispersion = max(1, sum/float64(len(z)))
	return f
}

// Limits returns between which shares of that exposure lie with that
// probability, such as 0.95 and 0.998.
func (f Funnel) Limits(of int, probability float64) (low, high float64) {
	if of <= 0 {
		return 0, 1
	}
	z := distuv.UnitNormal.Quantile(1 - (1-probability)/2)
	half := z * math.Sqrt(f.Dispersion*f.Mean*(1-f.Mean)/float64(of))
	return max(0, f.Mean-half), min(1, f.Mean+half)
}
