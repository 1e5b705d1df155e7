package outlier

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWhatIsUsualIsKnownNoBetterThanPeersAllow: true shares lie about what is
// said to be usual not much further than is said, also where a dozen peers tell
// it; the posterior of a spread that is taken as known says far too little.
func TestWhatIsUsualIsKnownNoBetterThanPeersAllow(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, c := range []struct{ members, cases int }{{12, 30}, {12, 200}, {60, 30}} {
		var usual, posterior float64
		subjects := 0
		for range 6000 / c.members {
			group, shares := make([]Count, c.members), make([]float64, c.members)
			for i := range group {
				shares[i] = betaDraw(r, 6, 54)
				group[i] = Count{drawHits(r, c.cases, shares[i]), c.cases}
			}
			fit := FitShares([][]Count{group})[0]
			for i, own := range group {
				mean, deviation := fit.Usual(own)
				usual += (shares[i] - mean) * (shares[i] - mean) / (deviation * deviation)
				if mean, deviation = fit.Posterior(own); deviation > 0 {
					posterior += (shares[i] - mean) * (shares[i] - mean) / (deviation * deviation)
				} else {
					posterior += 100
				}
				subjects++
			}
		}
		usual, posterior = usual/float64(subjects), posterior/float64(subjects)
		t.Logf("%d peers with %d cases: squared distances are %.2f × what is said; %.2f × without doubt", c.members, c.cases, usual, posterior)
		if usual > 1.6 || usual < 0.6 || posterior < 2*usual {
			t.Errorf("%d peers with %d cases: squared distances are %.2f × what is said", c.members, c.cases, usual)
		}
	}
}

func TestWhatIsUsualAmongManyIsThePosterior(t *testing.T) {
	fit := Share{Mean: 0.1, Spread: 0.02, Peers: 1e6, Cases: 1e8}
	for _, own := range []Count{{0, 0}, {3, 10}, {40, 400}} {
		mean, deviation := fit.Usual(own)
		if m, d := fit.Posterior(own); !close(mean, m, 1e-9) || !close(deviation, d, 1e-3) {
			t.Errorf("%v: %g ± %g, the posterior is %g ± %g", own, mean, deviation, m, d)
		}
	}
	if mean, deviation := (Share{}).Usual(Count{1, 2}); mean != 0 || deviation != 0 || math.IsNaN(deviation) {
		t.Errorf("without peers: %g ± %g", mean, deviation)
	}
}

// TestWhoIsFarOutInASmallGroupHides holds what docs/early-warning.md says of it:
// officers with 92 acts each, of whom the others had 5 to 9 marks.
func TestWhoIsFarOutInASmallGroupHides(t *testing.T) {
	for _, c := range []struct {
		members, far int
		want         float64
	}{{5, 1, 1.0 / 12}, {10, 1, 1.0 / 40}, {12, 1, 1.0 / 900_000}, {12, 2, 1.0 / 20}, {20, 2, 1.0 / 2_400_000}} {
		group := make([]Count, c.members)
		for i := range group {
			if group[i] = (Count{5 + i%5, 92}); i < c.far {
				group[i].Hits = 28
			}
		}
		if got := FitShares([][]Count{group})[0].Tail(group[0]); !close(got, c.want, 0.1) {
			t.Errorf("%d of %d far out: %.3g, want some %.3g", c.far, c.members, got, c.want)
		}
	}
}
