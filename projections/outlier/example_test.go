package outlier_test

import (
	"fmt"

	"github.com/probity-ledger/probity/projections/outlier"
)

func Example() {
	peers := []outlier.Count{{Hits: 9, Of: 100}, {Hits: 12, Of: 110}, {Hits: 7, Of: 90}, {Hits: 11, Of: 100}, {Hits: 10, Of: 105}, {Hits: 8, Of: 95}}
	share := outlier.FitShares([][]outlier.Count{peers})[0]
	for _, c := range []outlier.Count{{Hits: 13, Of: 100}, {Hits: 30, Of: 100}, {Hits: 3, Of: 10}} {
		fmt.Printf("%d of %d: a tail of %.1g\n", c.Hits, c.Of, share.Tail(c))
	}
	// Output:
	// 13 of 100: a tail of 0.2
	// 30 of 100: a tail of 3e-05
	// 3 of 10: a tail of 0.06
}
