package screening

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Month numbers months from January of the year 0, which is 0.
type Month int

// MonthOf returns the month of a day.
func MonthOf(d Day) Month {
	at := d.Date().In(time.UTC)
	return Month(at.Year()*12 + int(at.Month()) - 1)
}

// LastWhole returns the last month that is over on a day: the one to judge.
func LastWhole(today Day) Month { return MonthOf(today) - 1 }

// Since returns the first month whose cases a run needs that ends with a month.
// No earlier run needs less, so who asks for several ends gives the first.
func Since(rules domain.ScreeningRules, end Month) Month {
	// Whether a change is new is told by the chart of the month before.
	return end - Month(rules.Window+max(rules.Learn, 0))
}

// First is its first day.
func (m Month) First() Day {
	return Day(time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Last is its last day.
func (m Month) Last() Day { return (m + 1).First() - 1 }

// String is the month as in 2026-11.
func (m Month) String() string { return m.First().Date().String()[:7] }
