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
	first := DayNumber(firstDay)
	const asItsWeekday, free, work = 0, 1, 2
	days := make([]byte, DayNumber(lastDay)-first+1)
	set := func(d domain.Date, as byte) {
		if i := DayNumber(d) - first; i >= 0 && i < len(days) {
			days[i] = as
		}
	}
	for d, holiday := range cal.Holidays {
		if holiday {
			set(d, free)
		}
	}
	for d, made := range cal.MakeUpDays {
		if made {
			set(d, work)
		}
	}
	c := &Counter{cal: cal, work: make([]int, len(days))}
	n, weekday := 0, firstDay.Weekday()
	for i, as := range days {
		weekend := weekday == time.Saturday || weekday == time.Sunday
		if as == work || as == asItsWeekday && !weekend {
			n++
		}
		c.work[i] = n
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
