package outlier

import (
	"math/rand/v2"
	"testing"
)

func TestAdjustIsBenjaminiAndHochbergs(t *testing.T) {
	// The example of their paper of 1995: 15 tails, of which the first four are
	// reported at 0.05.
	tails := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	reported := 0
	for i, q := range Adjust(tails) {
		if q <= 0.05 {
			reported++
		}
		if q < tails[i] {
			t.Errorf("%g is adjusted to %g", tails[i], q)
		}
	}
	if reported != 4 {
		t.Errorf("%d are reported, the paper reports 4", reported)
	}
	if got := Adjust([]float64{0.5, 0.01, 0.5}); got[1] != 0.03 || got[0] != 0.5 || got[2] != 0.5 {
		t.Errorf("%v", got)
	}
	if Adjust(nil) == nil || Smallest() != 1 || Smallest(0.2, 0.01, 0.9) != 0.03 || Smallest(0.6, 0.7) != 1 {
		t.Error("nothing to adjust")
	}
}

func TestFalseDiscoveriesStayBelowTheLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	false_, runs := 0.0, 2000
	for range runs {
		tails := make([]float64, 100)
		for i := range tails {
			if tails[i] = r.Float64(); i < 10 {
				tails[i] /= 1000
			}
		}
		reported, wrong := 0, 0
		for i, q := range Adjust(tails) {
			if q <= 0.1 {
				if reported++; i >= 10 {
					wrong++
				}
			}
		}
		if reported > 0 {
			false_ += float64(wrong) / float64(reported)
		}
	}
	if got := false_ / float64(runs); got > 0.1 || got < 0.05 {
		t.Errorf("%g of what is reported is false, 0.09 is to be expected", got)
	}
}

func TestMeansStandOutBeyondWhatPeersDiffer(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	members := make([]Sample, 200)
	for i := range members {
		own := 0.3 * r.NormFloat64()
		distances := make([]float64, 5+r.IntN(60))
		for j := range distances {
			distances[j] = own + r.NormFloat64()
		}
		members[i] = SampleOf(distances)
	}
	s := FitMeans(members)
	if !close(s.Within, 1, 0.05) || !close(s.Between, 0.09, 0.35) {
		t.Errorf("within %g and between %g, drawn were 1 and 0.09", s.Within, s.Between)
	}
	below := 0
	for _, m := range members {
		if s.Tail(m) <= 0.05 {
			below++
		}
	}
	if below > 22 {
		t.Errorf("%d of 200 lie below 0.05", below)
	}
	if p, q := s.Tail(Sample{N: 60, Mean: 1.5}), s.Tail(Sample{N: 60, Mean: -1.5}); p > 1e-4 || p != q {
		t.Errorf("1.5 deviations over 60 acts: %g up, %g down", p, q)
	}
	if p := s.Tail(Sample{N: 1, Mean: 1.5}); p < 0.1 {
		t.Errorf("1.5 deviations in one act: %g", p)
	}
}
