package evaluate

import (
	"math/rand/v2"
	"slices"
)

// Estimate is a figure with the interval that holds it with 95 %, by resampling.
type Estimate struct{ Value, Low, High float64 }

// resamples is how often a figure is taken anew.
const resamples = 1000

// estimate takes a figure of n cases, and of as many drawn from them.
func estimate(n int, seed uint64, figure func(cases []int) float64) Estimate {
	r := rand.New(rand.NewPCG(seed, 0x626f6f74))
	cases := make([]int, n)
	for i := range cases {
		cases[i] = i
	}
	e := Estimate{Value: figure(cases)}
	again := make([]float64, resamples)
	for i := range again {
		for j := range cases {
			cases[j] = r.IntN(n)
		}
		again[i] = figure(cases)
	}
	slices.Sort(again)
	e.Low, e.High = again[resamples*25/1000], again[resamples*975/1000]
	return e
}

// mean of some of the values.
func mean(values []float64, cases []int) float64 {
	sum := 0.0
	for _, i := range cases {
		sum += values[i]
	}
	return sum / float64(len(cases))
}

// ratio of the means of some of the values.
func ratio(a, b []float64) func([]int) float64 {
	return func(cases []int) float64 { return mean(a, cases) / mean(b, cases) }
}
