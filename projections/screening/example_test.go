package screening_test

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

func Example() {
	rules := domain.CN2024().Warning.Screening
	end := screening.LastWhole(indicators.DayOf(domain.MustDate("2026-12-01")))
	screen := screening.New(rules, screening.Since(rules, end), end, func(domain.UnitID) domain.UnitID { return "customs" })
	// Twenty-one officers decide ten acts a month. One is late with four of them,
	// the others with one.
	for month := screening.Since(rules, end); month <= end; month++ {
		for officer := range 21 {
			for act := range 10 {
				screen.Add(screening.Case{
					Unit: "port", Stream: "penalty", Procedure: "P1", Officers: []domain.OfficerID{domain.OfficerID(fmt.Sprintf("O%d", officer))},
					Decided: month.First(), Decision: domain.EventID(fmt.Sprintf("%s-%d-%d", month, officer, act)),
					Late: act == 0 || act < 4 && officer == 7,
				})
			}
		}
	}
	report, err := screen.Findings(screening.NewWatcher(rules), end)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Println(f.Chinese, f.Officer, f.Hits, "of", f.Of)
		fmt.Println("Expected:", f.Baseline)
		fmt.Println("Peers:", f.Peers)
	}
	// Output:
	// 超期比例高于同类人员 O7 48 of 120
	// Expected: 12.0 of 120 acts, as among peers (10.0 %)
	// Peers: 20 other officers by the same procedure in the same agency, with 2,400 acts
}
