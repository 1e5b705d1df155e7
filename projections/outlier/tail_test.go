package outlier

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func close(got, want, within float64) bool { return math.Abs(got-want) <= within*math.Abs(want) }

// rising returns x (x+1) … (x+n-1), the rising factorial.
func rising(x *big.Rat, n int) *big.Rat {
	out := big.NewRat(1, 1)
	for i := range n {
		out.Mul(out, new(big.Rat).Add(x, big.NewRat(int64(i), 1)))
	}
	return out
}

func binomial(n, k int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
}

func float(r *big.Rat) float64 { v, _ := r.Float64(); return v }

func TestATailOfSharesIsExact(t *testing.T) {
	// A beta-binomial of α = 2, β = 18: mean 0.1, spread 1/21; in fractions.
	share := Share{Mean: 0.1, Spread: 1.0 / 21, Peers: 9}
	a, b := big.NewRat(2, 1), big.NewRat(18, 1)
	for _, n := range []int{1, 7, 40} {
		tail := new(big.Rat)
		for x := n; x >= 0; x-- {
			p := binomial(n, x)
			p.Mul(p, rising(a, x)).Mul(p, rising(b, n-x)).Quo(p, rising(big.NewRat(20, 1), n))
			tail.Add(tail, p)
			if got, want := share.Tail(Count{x, n}), float(tail); !close(got, want, 1e-9) {
				t.Errorf("%d of %d: %g, want %g", x, n, got, want)
			}
		}
	}
	// Without spread it is the binomial distribution.
	plain := Share{Mean: 0.25, Peers: 9}
	tail := new(big.Rat)
	for x := 30; x >= 0; x-- {
		p := binomial(30, x)
		for i := range 30 {
			if i < x {
				p.Mul(p, big.NewRat(1, 4))
			} else {
				p.Mul(p, big.NewRat(3, 4))
			}
		}
		tail.Add(tail, p)
		if got, want := plain.Tail(Count{x, 30}), float(tail); !close(got, want, 1e-9) {
			t.Errorf("%d of 30: %g, want %g", x, got, want)
		}
	}
	if got := plain.Lower(Count{0, 30}); !close(got, math.Pow(0.75, 30), 1e-9) {
		t.Errorf("none of 30: %g", got)
	}
}

func TestATailOfRatesIsExact(t *testing.T) {
	// A gamma of shape 3 and rate 6 over 4 months: a negative binomial of size 3
	// and p = 4/10; in fractions.
	rate := Rate{Mean: 0.5, Variance: 3.0 / 36, Peers: 9}
	below := new(big.Rat)
	for x := range 30 {
		want := new(big.Rat).Sub(big.NewRat(1, 1), below)
		if got := rate.Tail(Events{x, 4}); !close(got, float(want), 1e-9) {
			t.Errorf("%d in 4 months: %g, want %g", x, got, float(want))
		}
		p := binomial(x+2, 2)
		p.Mul(p, big.NewRat(27, 125)) // (6/10)³
		for range x {
			p.Mul(p, big.NewRat(2, 5))
		}
		below.Add(below, p)
	}
	poisson := Rate{Mean: 2, Peers: 9}
	if got, want := poisson.Tail(Events{1, 1.5}), 1-math.Exp(-3); !close(got, want, 1e-12) {
		t.Errorf("one or more of a Poisson count: %g, want %g", got, want)
	}
}

func TestMeetingsAreExact(t *testing.T) {
	tail := new(big.Rat)
	for x := 8; x >= 0; x-- { // 8 of own, 20 of others, 50 acts
		p := binomial(20, x)
		p.Mul(p, binomial(30, 8-x)).Quo(p, binomial(50, 8))
		tail.Add(tail, p)
		if got, want := Meetings(x, 8, 20, 50), float(tail); !close(got, want, 1e-9) {
			t.Errorf("%d together: %g, want %g", x, got, want)
		}
	}
	// Who has done nearly everything meets everybody.
	if got := Meetings(4, 48, 5, 50); !close(got, float(new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Quo(binomial(5, 3), binomial(50, 48)))), 1e-9) {
		t.Errorf("4 of 5 for who did 48 of 50: %g", got)
	}
	for name, got := range map[string]float64{"more together than there are": Meetings(6, 5, 9, 20), "nobody acted": Meetings(0, 0, 0, 0), "own beyond all": Meetings(1, 9, 2, 5)} {
		if got != 0 {
			t.Errorf("%s: %g", name, got)
		}
	}
}

func TestTailsFarOutAreNotZero(t *testing.T) {
	for name, got := range map[string]float64{
		"binomial":          Share{Mean: 0.01, Peers: 9}.Tail(Count{100, 200}),
		"beta-binomial":     Share{Mean: 0.01, Spread: 1e-4, Peers: 9}.Tail(Count{100, 200}),
		"negative binomial": Rate{Mean: 0.1, Variance: 0.0001, Peers: 9}.Tail(Events{100, 12}),
	} {
		if got <= 0 || got > 1e-60 {
			t.Errorf("%s: %g", name, got)
		}
	}
}

func TestNothingIsSaidWithoutExposureOrPeers(t *testing.T) {
	share, rate, spread := FitShares([][]Count{nil, {{0, 0}}}), FitRates([][]Events{nil, {{0, 0}}}), FitMeans(nil)
	for i := range share {
		if p := share[i].Tail(Count{5, 5}); p != 1 {
			t.Errorf("a share without peers has a tail of %g", p)
		}
		if p := rate[i].Tail(Events{5, 5}); p != 1 {
			t.Errorf("a rate without peers has a tail of %g", p)
		}
	}
	known := FitShares([][]Count{{{1, 10}, {2, 10}, {0, 10}}})[0]
	if p := known.Tail(Count{0, 0}); p != 1 {
		t.Errorf("who did nothing has a tail of %g", p)
	}
	if p := spread.Tail(Sample{N: 3, Mean: 9}); p != 1 {
		t.Errorf("a mean without peers has a tail of %g", p)
	}
	// One peer alone is judged by the mean of one, and all that is lost is power.
	alone := FitShares([][]Count{{{3, 10}}})[0]
	if p := alone.Tail(Count{3, 10}); p < 0.3 {
		t.Errorf("who is the only peer stands out by %g", p)
	}
}

// drawn makes a group whose shares are spread by a beta distribution of 2 and 18.
func drawn(r *rand.Rand, members, cases int) []Count {
	group := make([]Count, members)
	for i := range group {
		n := 1 + r.IntN(2*cases)
		group[i] = Count{drawHits(r, n, betaDraw(r, 2, 18)), n}
	}
	return group
}

// betaDraw draws from a beta distribution of whole parameters.
func betaDraw(r *rand.Rand, a, b int) float64 {
	gamma := func(n int) float64 {
		sum := 0.0
		for range n {
			sum += r.ExpFloat64()
		}
		return sum
	}
	x := gamma(a)
	return x / (x + gamma(b))
}

func TestFitsFindWhatWasDrawn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	groups := make([][]Count, 40)
	for i := range groups {
		groups[i] = drawn(r, 50, 60)
	}
	mean := 0.0
	fits := FitShares(groups)
	for _, f := range fits {
		mean += f.Mean / float64(len(fits))
	}
	if !close(mean, 0.1, 0.05) || !close(fits[0].Spread, 1.0/21, 0.15) {
		t.Errorf("mean %g and spread %g, drawn were 0.1 and %g", mean, fits[0].Spread, 1.0/21)
	}
	// A member with few cases is drawn to the peers, one with many is not.
	few, unsure := fits[0].Posterior(Count{2, 2})
	many, sure := fits[0].Posterior(Count{2000, 2000})
	if few > 0.35 || many < 0.95 || unsure < sure {
		t.Errorf("2 of 2 is shrunken to %g ± %g, 2000 of 2000 to %g ± %g", few, unsure, many, sure)
	}
	rates := make([][]Events, 40)
	for i := range rates {
		rates[i] = make([]Events, 50)
		for j := range rates[i] {
			time := 1 + 20*r.Float64()
			rates[i][j] = Events{poissonDraw(r, time*(r.ExpFloat64()+r.ExpFloat64())/10), time} // gamma of 2, mean 0.2
		}
	}
	mean = 0
	found := FitRates(rates)
	for _, f := range found {
		mean += f.Mean / float64(len(found))
	}
	if !close(mean, 0.2, 0.05) || !close(found[0].Variance/(found[0].Mean*found[0].Mean), 0.5, 0.15) {
		t.Errorf("mean %g and squared variation %g, drawn were 0.2 and 0.5", mean, found[0].Variance/(found[0].Mean*found[0].Mean))
	}
}

func poissonDraw(r *rand.Rand, mean float64) int {
	n := 0
	for at := r.ExpFloat64(); at < mean; at += r.ExpFloat64() {
		n++
	}
	return n
}

// TestTailsKeepTheirWord: among peers with whom nothing is wrong, a tail lies
// below a limit no more often than it says, also in groups of ten.
func TestTailsKeepTheirWord(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, members := range []int{10, 50} {
		below, of := map[float64]int{}, 0
		for range 60 {
			groups := make([][]Count, 500/members)
			for i := range groups {
				groups[i] = drawn(r, members, 40)
			}
			for i, f := range FitShares(groups) {
				for _, c := range groups[i] {
					of++
					for _, limit := range []float64{0.05, 0.01, 0.001} {
						if f.Tail(c) <= limit {
							below[limit]++
						}
					}
				}
			}
		}
		for limit, n := range below {
			if got := float64(n) / float64(of); got > 1.25*limit+3*math.Sqrt(limit/float64(of)) {
				t.Errorf("groups of %d: %g of tails are below %g", members, got, limit)
			}
		}
		t.Logf("groups of %d: of %d tails below 0.05, 0.01, 0.001: %d, %d, %d", members, of, below[0.05], below[0.01], below[0.001])
	}
}

// TestTroubleDoesNotHideItself: who is far out does not widen what is usual.
func TestTroubleDoesNotHideItself(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	group := drawn(r, 50, 60)
	before := FitShares([][]Count{group})[0]
	after := FitShares([][]Count{append(group, Count{70, 80}, Count{60, 80})})[0]
	if p := after.Tail(Count{70, 80}); p > 1e-6 || after.Spread > 1.3*before.Spread {
		t.Errorf("two far out: tail %g, spread %g before and %g after", p, before.Spread, after.Spread)
	}
}
