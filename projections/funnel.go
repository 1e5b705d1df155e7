package projections

import (
	"context"
	"math"

	"github.com/probity-ledger/probity/projections/outlier"
)

// Funnel shows how the shares of acts outside their tier lie among each other.
type Funnel struct {
	// Rows are those compared, most outside first.
	Rows []Discretion
	// Mean is the share of all, in hundredths of a percent, each weighed by what
	// its acts tell, and drawn a little to a half. Spread is how much those compared differ beyond chance: the
	// correlation within one of them, from 0 to 1; Doubt its standard error.
	Mean          int
	Spread, Doubt float64
	// Curve are the limits, from one act to as many as anybody decided.
	Curve []FunnelPoint
}

// FunnelPoint has the limits for so many acts: among those compared, who differ
// as they do, and were there nothing but chance.
type FunnelPoint struct {
	Decided        int
	Limits, Chance FunnelLimits
}

// FunnelLimits are the shares, in hundredths of a percent, between which 95 % and
// 99.8 % lie: beyond each lies one in forty, and one in a thousand.
type FunnelLimits struct{ Low95, High95, Low998, High998 int }

// FunnelPlace tells where a share lies among the limits.
type FunnelPlace string

// The places.
const (
	FunnelWithin    FunnelPlace = "within"
	FunnelBeyond95  FunnelPlace = "beyond_95"
	FunnelBeyond998 FunnelPlace = "beyond_998"
)

// The tails of the limits (D. J. Spiegelhalter, Statistics in Medicine 24, 2005,
// page 1185).
const (
	tail95  = 0.025
	tail998 = 0.001
)

// mostExact is up to how many acts limits are reckoned exactly. Of more, which
// place it is is exact; the limits drawn are those of so many, drawn closer as
// their standard deviation is smaller.
const mostExact = 3000

// curvePoints is how many points a curve has.
const curvePoints = 60

// Funnel compares as Discretion does, and tells the limits as well; nil where
// there is nothing to be seen.
func (r *Reader) Funnel(ctx context.Context, f EnforcementFilter, by DiscretionBy) (*Funnel, error) {
	rows, fit, err := r.discretion(ctx, f, by)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, nil
	}
	out := &Funnel{Rows: rows, Mean: hundredths(fit.Mean), Spread: fit.Spread, Doubt: fit.Doubt}
	most := 0
	for i := range rows {
		most = max(most, rows[i].Decided)
	}
	// Closest where acts are few: there the limits bend most.
	for i := range curvePoints + 1 {
		n := 1 + int(math.Round(float64(most-1)*math.Pow(float64(i)/curvePoints, 2)))
		if k := len(out.Curve); k == 0 || n > out.Curve[k-1].Decided {
			out.Curve = append(out.Curve, FunnelPoint{n, limitsOf(fit, n), limitsOf(fit.Chance(), n)})
		}
	}
	return out, nil
}

// placed tells of each row where it lies among the others.
func placed(rows []Discretion) outlier.Share {
	group := make([]outlier.Count, len(rows))
	for i := range rows {
		group[i] = outlier.Count{Hits: rows[i].Outside, Of: rows[i].Decided}
	}
	fit := outlier.FitShares([][]outlier.Count{group})[0]
	known := map[int]FunnelLimits{}
	for i, c := range group {
		limits, ok := known[c.Of]
		if !ok {
			limits = limitsOf(fit, c.Of)
			known[c.Of] = limits
		}
		rows[i].Limits, rows[i].Place = limits, FunnelWithin
		switch seldom := min(fit.Tail(c), fit.Lower(c)); {
		case seldom < tail998:
			rows[i].Place = FunnelBeyond998
		case seldom < tail95:
			rows[i].Place = FunnelBeyond95
		}
	}
	return fit
}

// limitsOf are the limits for so many acts.
func limitsOf(fit outlier.Share, n int) FunnelLimits {
	at, scale := min(n, mostExact), 1.0
	if n > at {
		deviation := func(n int) float64 { return math.Sqrt(fit.Spread + (1-fit.Spread)/float64(n)) }
		scale = deviation(n) / deviation(at)
	}
	share := func(count float64) int {
		return hundredths(max(0, min(1, fit.Mean+scale*(count/float64(at)-fit.Mean))))
	}
	low95, high95 := fit.Limits(at, tail95)
	low998, high998 := fit.Limits(at, tail998)
	return FunnelLimits{share(low95), share(high95), share(low998), share(high998)}
}

// hundredths is a share in hundredths of a percent.
func hundredths(share float64) int { return int(math.Round(share * 10000)) }
