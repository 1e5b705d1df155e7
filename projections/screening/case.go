package screening

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/indicators"
)

// Day numbers days, as package indicators does.
type Day = indicators.Day

// Case is one administrative act as it is compared. It counts once it was
// decided: on the day of the decision, for each officer on it.
type Case struct {
	Unit      domain.UnitID      `json:"u,omitzero"`
	Stream    enforcement.Kind   `json:"k,omitzero"`
	Procedure domain.NormID      `json:"p,omitzero"`
	Officers  []domain.OfficerID `json:"o,omitempty"`
	// Party is the digest of who it is about.
	Party string `json:"w,omitzero"`

	// Decided is the day of the decision, 0 before it; Decision the event.
	Decided  Day            `json:"d,omitzero"`
	Decision domain.EventID `json:"e,omitzero"`
	// Late: a step or the decision missed its term. Skipped: a step was left
	// out, or made up for afterwards.
	Late    bool `json:"l,omitzero"`
	Skipped bool `json:"s,omitzero"`
	// Like names its like cases, those under the same tier of the same
	// benchmark; "" where none bounds it. Outside: decided outside that tier.
	Like    string `json:"t,omitzero"`
	Outside bool   `json:"x,omitzero"`
	Amount  int64  `json:"n,omitzero"`
	// Reviewed by reconsideration or a court; Overturned: or varied.
	Reviewed   bool `json:"r,omitzero"`
	Overturned bool `json:"v,omitzero"`
}

// Fold works one event about the act into the case, and tells whether that
// changed it. day is the day of the event.
func (c *Case) Fold(r domain.Recorded, day Day) bool {
	if r.Act.Imported() {
		return false
	}
	on := func(d domain.Date) Day {
		if d.IsZero() {
			return day
		}
		return indicators.DayOf(d)
	}
	switch e := r.Event.(type) {
	case enforcement.Opened:
		c.Unit, c.Stream, c.Procedure, c.Officers, c.Party = e.Unit, e.ActKind, e.Procedure, e.Officers, e.Party
	case enforcement.OfficersReplaced:
		if c.Decided == 0 {
			c.Officers = e.Officers
		}
	case enforcement.StepTaken:
		c.Late, c.Skipped = c.Late || e.DaysLate > 0, c.Skipped || e.MadeUp
	case enforcement.StepOverridden:
		c.Skipped = true
	case enforcement.Decided:
		c.Decided, c.Decision = on(e.On), r.ID
		c.Unit, c.Stream = e.Unit, e.ActKind
		if len(e.Officers) > 0 {
			c.Officers = slices.Clone(e.Officers)
		}
		c.Late, c.Skipped = c.Late || e.DaysLate > 0, c.Skipped || e.Overrides > 0
		if e.Tier != "" {
			c.Like = likeness(e)
			c.Outside, c.Amount = e.Deviated, e.Amount
		}
	case enforcement.Reviewed:
		c.Reviewed = true
		c.Overturned = c.Overturned || e.Outcome != enforcement.ResultUpheld
	default:
		return false
	}
	return true
}

func likeness(e enforcement.Decided) string {
	return fmt.Sprintf("%s/%d/%s/%s", e.Benchmark, e.BenchmarkVersion, e.Clause, e.Tier)
}
