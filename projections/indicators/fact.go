package indicators

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Day numbers days from 1 January 1970, which is 0.
type Day int64

// Ever is the end of what has no end.
const Ever Day = 1 << 30

// DayOf numbers a date. The zero date gives 0.
func DayOf(d domain.Date) Day {
	if d.IsZero() {
		return 0
	}
	return Day(d.In(time.UTC).Unix() / 86400)
}

// Date is the date of the day.
func (d Day) Date() domain.Date { return domain.DateOf(time.Unix(int64(d)*86400, 0).UTC()) }

// Fact is one case of an indicator.
type Fact struct {
	Indicator string        `json:"i"`
	Unit      domain.UnitID `json:"u,omitzero"`
	// From and To: a stock holds from the day From up to the day before To. A
	// flow counts on the day From, and is certain from the day To on.
	From Day `json:"f"`
	To   Day `json:"t"`
	// Hits of the exposure Of count. For a spread, Hits is an amount and Label
	// names its like.
	Hits  int64  `json:"h,omitzero"`
	Of    int64  `json:"n"`
	Label string `json:"l,omitzero"`
}

// Standing is a fact that no later event has superseded.
type Standing struct {
	// Seq is the fact's number: see Change.
	Seq int64 `json:"s"`
	Fact
}

// PerEvent is more than the facts that one event establishes: Seq divided by
// it is the position of that event.
const PerEvent = 1 << 20

// Change is a fact that was established or, where Ended, superseded.
type Change struct {
	Standing
	Ended bool
}

// happened is a fact of a flow that is certain on its day.
func happened(indicator string, unit domain.UnitID, on Day, hits, of int64) Fact {
	return Fact{Indicator: indicator, Unit: unit, From: on, To: on, Hits: hits, Of: of}
}

// counted is 1 for yes.
func counted(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
