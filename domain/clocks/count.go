package clocks

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Counter numbers days: calendar days one after the other, and working days
// likewise, so that the days between two dates are a subtraction. It is
// read-only once made.
type Counter struct {
	cal domain.Calendar
	// work holds, for each day from the first one, how many working days
	// there were up to and including it.
	work []int
}

// The days that a Counter knows; before and after them working days are
// counted without holidays.
var (
	firstDay = domain.Date{Year: 1990, Month: time.January, Day: 1}
	lastDay  = domain.Date{Year: 2079, Month: time.December, Day: 31}
)

// NewCounter numbers the days of a calendar.
func NewCounter(cal domain.Calendar) *Counter {
	c := &Counter{cal: cal, work: make([]int, 0, DayNumber(lastDay)-DayNumber(firstDay)+1)}
	free := map[int]bool{} // what is not as its day of the week says
	for d, holiday := range cal.Holidays {
		if holiday {
			free[DayNumber(d)] = true
		}
	}
	for d, work := range cal.MakeUpDays {
		if work {
			free[DayNumber(d)] = false
		}
	}
	n, weekday := 0, int(firstDay.Weekday())
	for i := DayNumber(firstDay); i <= DayNumber(lastDay); i++ {
		weekend := weekday == int(time.Saturday) || weekday == int(time.Sunday)
		if holiday, known := free[i]; (known && !holiday) || (!known && !weekend) {
			n++
		}
		c.work = append(c.work, n)
		weekday = (weekday + 1) % 7
	}
	return c
}

// DayNumber is the day's number among all days, whatever the calendar.
func DayNumber(d domain.Date) int { return int(d.In(time.UTC).Unix() / (24 * 60 * 60)) }

// Number returns the number of the day among all days, or of the last working
// day up to it among working days.
func (c *Counter) Number(d domain.Date, workdays bool) int {
	n := DayNumber(d)
	if !workdays {
		return n
	}
	i := n - DayNumber(firstDay)
	switch {
	case i < 0:
		return i * 5 / 7
	case i >= len(c.work):
		return c.work[len(c.work)-1] + (i-len(c.work)+1)*5/7
	}
	return c.work[i]
}

// after returns the day that comes n days, or working days, after the day.
func (c *Counter) after(d domain.Date, n int, workdays bool) domain.Date {
	if workdays {
		return c.cal.AddWorkdays(d, n)
	}
	return d.AddDays(n)
}
