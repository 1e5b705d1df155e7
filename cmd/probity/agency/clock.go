package agency

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Clock tells simulated time. Build moves it, never backwards. Now is safe
// for concurrent use.
type Clock struct{ micros atomic.Int64 }

// NewClock returns a clock that stands at the Unix epoch until it is moved.
func NewClock() *Clock { return new(Clock) }

// Now returns the simulated time in UTC, in microseconds.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

func (c *Clock) set(t time.Time) { c.micros.Store(max(c.micros.Load(), t.UnixMicro())) }

// office knows when people are at work: on working days of the rulebook's
// calendar, from 8:30 to 12:00 and from 13:30 to 17:30.
type office struct{ cal domain.Calendar }

func (o office) open(d domain.Date) bool { return o.cal.IsWorkday(d) }

// next returns the first day at work that is not before d.
func (o office) next(d domain.Date) domain.Date {
	for !o.open(d) {
		d = d.AddDays(1)
	}
	return d
}

// on returns some moment at work on the first such day not before d.
func (o office) on(d domain.Date, rng *rand.Rand) time.Time {
	minute := 8*60 + 35 + rng.IntN(200) // 8:35 to 11:55
	if rng.IntN(2) == 1 {
		minute = 13*60 + 32 + rng.IntN(225) // 13:32 to 17:17
	}
	return o.at(o.next(d), minute, rng)
}

// after returns the moment so many minutes of work after t: later that day,
// or the next morning at work when the day is over.
func (o office) after(t time.Time, minutes int, rng *rand.Rand) time.Time {
	t = t.Add(time.Duration(minutes) * time.Minute)
	local := t.In(o.cal.Zone)
	minute := local.Hour()*60 + local.Minute()
	day := o.cal.Day(t)
	switch {
	case o.open(day) && minute >= 12*60 && minute < 13*60+30:
		return t.Add(90 * time.Minute)
	case o.open(day) && minute >= 8*60+30 && minute < 17*60+30:
		return t
	}
	if minute >= 8*60+30 || !o.open(day) {
		day = o.next(day.AddDays(1))
	}
	return o.at(day, 8*60+32+rng.IntN(60), rng)
}

// at returns the minute of the day, at some second and microsecond of it.
func (o office) at(d domain.Date, minute int, rng *rand.Rand) time.Time {
	return d.In(o.cal.Zone).Add(time.Duration(minute)*time.Minute + time.Duration(rng.IntN(60_000_000))*time.Microsecond)
}
