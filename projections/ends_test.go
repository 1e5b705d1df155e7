package projections

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
)

// What is owed on a day is what ends on it or later: a duty until it is done, a
// right until its last day, unless a pause that began in time holds it. It is
// what Clock.LateOn says.
func TestARightEndsOnItsLastDay(t *testing.T) {
	day := domain.MustDate
	keeper := clocks.NewKeeper(domain.CN2024())
	o := &obligations{keeper: keeper}
	const duty, right = "complaint.handle", "complaint.ask_review"
	for _, tt := range []struct {
		name string
		c    clocks.Clock
		want domain.Date
	}{
		{"a duty", clocks.Clock{Name: duty, Due: day("2024-04-05")}, endless},
		{"a duty that is paused", clocks.Clock{Name: duty, Due: day("2024-04-05"), TolledSince: day("2024-05-01")}, endless},
		{"a duty that is done", clocks.Clock{Name: duty, Due: day("2024-04-05"), Stopped: day("2024-04-06")}, domain.Date{}},
		{"a right", clocks.Clock{Name: right, Due: day("2024-04-05")}, day("2024-04-05")},
		{"a right that was used", clocks.Clock{Name: right, Due: day("2024-04-05"), Stopped: day("2024-04-01")}, domain.Date{}},
		{"a right that was paused in time", clocks.Clock{Name: right, Due: day("2024-04-05"), TolledSince: day("2024-04-05")}, endless},
		{"a right that was paused too late", clocks.Clock{Name: right, Due: day("2024-04-05"), TolledSince: day("2024-04-06")}, day("2024-04-05")},
	} {
		row := o.row(&tt.c)
		if row.Ends != tt.want {
			t.Errorf("%s ends %q, want %q", tt.name, row.Ends, tt.want)
		}
		for _, today := range []domain.Date{day("2024-04-04"), day("2024-04-05"), day("2024-04-06"), day("2024-04-07"), day("2030-01-01")} {
			lapsed := row.Lapses && tt.c.LateOn(today) > 0
			if owed := row.Ends.String() >= today.String(); owed != (tt.c.Open() && !lapsed) {
				t.Errorf("%s is owed on %s: %v", tt.name, today, owed)
			}
		}
	}
}
