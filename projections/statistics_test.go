package projections_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// Two tables that overlap can be subtracted, and what is left is a table of
// its own in which nothing is suppressed.
func TestWhoSeesOnlyCountsGetsNoTablesToSubtract(t *testing.T) {
	v := agency(t).built()
	ctx := context.Background()
	public := v.As(as(domain.RolePublic, ""))
	overseer := v.As(as(domain.RoleOverseer, "O1", "D1"))
	day := domain.MustDate("2023-03-01")
	for name, ask := range map[string]struct {
		who    *projections.Reader
		filter projections.StatisticsFilter
		want   domain.Code
	}{
		"the public, up to a day":                {public, projections.StatisticsFilter{ReceivedTo: day}, domain.CodeForbidden},
		"the public, from a day":                 {public, projections.StatisticsFilter{ReceivedFrom: day}, domain.CodeForbidden},
		"the public, a unit":                     {public, projections.StatisticsFilter{Unit: "D1"}, domain.CodeForbidden},
		"the public, everything":                 {public, projections.StatisticsFilter{}, ""},
		"an overseer, up to a day":               {overseer, projections.StatisticsFilter{ReceivedTo: day}, domain.CodeForbidden},
		"an overseer, a window of their agency":  {overseer, projections.StatisticsFilter{Unit: "W1"}, domain.CodeForbidden},
		"an overseer, an agency in scope":        {overseer, projections.StatisticsFilter{Unit: "D1"}, ""},
		"an overseer, everything they are given": {overseer, projections.StatisticsFilter{}, ""},
		"an auditor, a window up to a day":       {v.As(auditor), projections.StatisticsFilter{Unit: "W1", ReceivedTo: day}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ask.who.Statistics(ctx, ask.filter); domain.RefusalCode(err) != ask.want {
				t.Errorf("%v, want %q", err, ask.want)
			}
		})
	}
}

// The public knows the total, so the hidden cells together are known: they
// must not be so few that each of them is known with them.
func TestHiddenCellsTogetherDoNotGiveOneAway(t *testing.T) {
	for name, c := range map[string]struct{ counts, want []int }{
		"nothing small":                     {[]int{9, 5, 7}, []int{9, 5, 7}},
		"one small cell takes the next":     {[]int{2, 9, 20}, []int{0, 0, 20}},
		"two of one are seen in their sum":  {[]int{1, 1, 9, 20}, []int{0, 0, 0, 20}},
		"two of four are seen in their sum": {[]int{4, 4, 9, 20}, []int{0, 0, 0, 20}},
		"until enough are hidden":           {[]int{1, 1, 5, 6, 20}, []int{0, 0, 0, 0, 20}},
		"all, when there is no other":       {[]int{1, 1, 1, 9}, []int{0, 0, 0, 0}},
		"one cell alone":                    {[]int{3}, []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			var list []projections.Bucket
			for _, n := range c.counts {
				list = append(list, projections.Bucket{Count: n})
			}
			projections.Suppress(list)
			var got []int
			for i, b := range list {
				got = append(got, b.Count)
				if b.Suppressed != (c.want[i] == 0) {
					t.Errorf("cell %d of %d: suppressed is %v", i, c.counts[i], b.Suppressed)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
