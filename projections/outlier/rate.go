package outlier

import "math"

// Events is how often something came about in a time, or over some other
// exposure, both of which are more than whole numbers of chances: complaints in
// months of duty.
type Events struct {
	Hits int
	Time float64
}

// Rate is how a rate is spread over peers: by a gamma distribution of that mean,
// with Variance; 0 where peers do not differ beyond chance.
type Rate struct {
	Mean, Variance float64
	// Doubt is the standard error of the variance.
	Doubt float64
	// Peers is how many it was measured on, Time their exposure.
	Peers int
	Time  float64
}

// FitRates is FitShares for rates. All groups have one coefficient of variation.
func FitRates(groups [][]Events) []Rate {
	kept := make([][]Events, len(groups))
	for i, g := range groups {
		for _, e := range g {
			if e.Time > 0 {
				kept[i] = append(kept[i], e)
			}
		}
	}
	fits := fitRates(kept, 1)
	trimmed := make([][]Events, len(kept))
	for _, limit := range trimRounds {
		for i, g := range kept {
			trimmed[i] = trim(g, limit, fits[i].tail)
		}
		again := fitRates(trimmed, trimmedVariance)
		for i := range again {
			again[i].Peers, again[i].Time = fits[i].Peers, fits[i].Time
		}
		fits = again
	}
	return fits
}

func fitRates(groups [][]Events, seen float64) []Rate {
	fits := make([]Rate, len(groups))
	var above, below, chances, freedom float64 // of the squared coefficient of variation
	for i, g := range groups {
		r := Rate{Peers: len(g)}
		hits := 0.0
		for _, e := range g {
			hits += float64(e.Hits)
			r.Time += e.Time
		}
		if r.Time > 0 {
			r.Mean = max(hits, 0.5) / r.Time // what never came about can
		}
		fits[i] = r
		if len(g) < 2 || r.Mean == 0 {
			continue
		}
		for _, e := range g {
			d := float64(e.Hits)/e.Time - r.Mean
			chance := (1 - e.Time/r.Time) / r.Mean
			above += e.Time*d*d/(r.Mean*r.Mean)/seen - chance
			below += e.Time * (1 - e.Time/r.Time)
			chances += chance
		}
		freedom += float64(len(g) - 1)
	}
	if below <= 0 {
		return fits
	}
	squared := max(0, above/below)
	doubt := math.Sqrt(2/freedom) * (squared + chances/below)
	for i, g := range groups {
		square := fits[i].Mean * fits[i].Mean
		fits[i].Variance, fits[i].Doubt = squared*square, doubt*square
		if len(g) > 1 {
			fits[i].Variance *= 1 + 1/float64(len(g))
		}
	}
	return fits
}

func (r Rate) shapeRate() (shape, rate float64, ok bool) {
	if r.Variance <= 1e-12*r.Mean*r.Mean {
		return 0, 0, false
	}
	return r.Mean * r.Mean / r.Variance, r.Mean / r.Variance, true
}

// Tail returns how probable so many hits or more are for one more peer with
// that exposure: exactly, by the negative binomial distribution, on average over
// what the variance may be.
func (r Rate) Tail(e Events) float64 {
	if e.Time <= 0 || r.Peers == 0 {
		return 1
	}
	return doubtful(r.Variance, r.Doubt, math.Inf(1), func(variance float64) float64 {
		r.Variance = variance
		return r.tail(e)
	})
}

func (r Rate) tail(e Events) float64 {
	x, mean := float64(e.Hits), e.Time*r.Mean
	const last = math.MaxInt
	shape, rate, ok := r.shapeRate()
	if !ok {
		at := x*math.Log(mean) - mean - logGamma(x+1)
		return upper(e.Hits, last, mean, at, func(k int) float64 { return mean / float64(k) })
	}
	p := e.Time / (rate + e.Time)
	at := logGamma(shape+x) - logGamma(shape) - logGamma(x+1) + shape*math.Log1p(-p) + x*math.Log(p)
	return upper(e.Hits, last, mean, at, func(k int) float64 { return (shape + float64(k) - 1) / float64(k) * p })
}
