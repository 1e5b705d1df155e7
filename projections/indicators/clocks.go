package indicators

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
)

// measure is what a clock counts for.
type measure struct {
	indicator string
	// held counts the clock as a stock while it runs: as one past its last
	// day or, where fresh, as one that is not. Otherwise it counts as a flow,
	// as kept or not, on the day it was stopped or ran out.
	held, fresh bool
}

// measures are the clocks that count.
var measures = map[string]measure{
	"plan.target": {indicator: "I1.on_time"},

	"complaint.route":            {indicator: "I3.clocks"},
	"complaint.acknowledge":      {indicator: "I3.clocks"},
	"complaint.feedback":         {indicator: "I3.clocks"},
	"complaint.handle":           {indicator: "I3.clocks"},
	"complaint.notify_real_name": {indicator: "I3.clocks"},
	"complaint.answer_real_name": {indicator: "I3.clocks"},
	"complaint.decide_review":    {indicator: "I3.clocks"},
	"complaint.decide_rereview":  {indicator: "I3.clocks"},

	"inspection.rectify":       {indicator: "I4.accepted"},
	"disclosure.publish":       {indicator: "I5.on_time"},
	"disclosure.withdraw":      {indicator: "I5.overturned_public", held: true},
	"activity.refresh_carrier": {indicator: "I8.fresh", held: true, fresh: true},
	"post.rerate":              {indicator: "I9.overdue", held: true},
	"post.rerating_called":     {indicator: "I9.overdue", held: true},

	"enforcement.decide":       {indicator: "D2.in_time"},
	"enforcement.serve":        {indicator: "D2.in_time"},
	"enforcement.publish":      {indicator: "D2.in_time"},
	"enforcement.fault_review": {indicator: "D6.reviewed"},
	"sanction.execute":         {indicator: "D7.filed"},
	"norm.review":              {indicator: "D9.overdue", held: true},
	"norm.close_gap":           {indicator: "D9.gaps", held: true},
}

// undone are the kinds of event that end what was owed without its being
// done.
var undone = func() map[domain.Kind]bool {
	out := map[domain.Kind]bool{}
	for _, e := range []domain.Event{complaint.Withdrawn{}, complaint.TransferContested{}, disclosure.Withdrawn{}, inspection.Closed{},
		activity.CarrierRetired{}, post.Closed{}, plan.Closed{}, norm.Repealed{}, enforcement.Reviewed{}, enforcement.Closed{}} {
		out[e.Kind()] = true
	}
	return out
}()

// clocks sets the facts of the clocks that the event moved.
func (x *scene) clocks(moved []clocks.Clock) {
	for i := range moved {
		c := &moved[i]
		if as, ok := measures[c.Name]; ok {
			x.set(x.own(), c.ID(), x.clock(as, c)...)
		}
	}
}

func (x *scene) clock(as measure, c *clocks.Clock) []Fact {
	due, stopped := DayOf(c.Due), DayOf(c.Stopped)
	paused := c.Open() && !c.TolledSince.IsZero()
	if as.held {
		end := Ever
		if !c.Open() {
			end = stopped
		}
		past := due + 1
		if paused {
			past = end
		}
		var out []Fact
		if from, to := DayOf(c.Started), min(past, end); from < to {
			out = append(out, Fact{Indicator: as.indicator, Unit: c.Unit, From: from, To: to, Hits: counted(as.fresh), Of: 1})
		}
		if from := max(past, DayOf(c.Started)); from < end {
			out = append(out, Fact{Indicator: as.indicator, Unit: c.Unit, From: from, To: end, Hits: counted(!as.fresh), Of: 1})
		}
		return out
	}
	switch {
	case paused:
		return nil // nobody knows when it will run out
	case c.Open():
		return []Fact{{Indicator: as.indicator, Unit: c.Unit, From: due, To: due + 1, Of: 1}}
	case c.Late > 0:
		return []Fact{{Indicator: as.indicator, Unit: c.Unit, From: due, To: due + 1, Of: 1}}
	case undone[x.r.Event.Kind()]:
		return nil
	}
	return []Fact{happened(as.indicator, c.Unit, stopped, 1, 1)}
}
