package indicators

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
)

// report is what the facts about a complaint are derived from.
type report struct {
	Unit      domain.UnitID    `json:",omitzero"`
	Concluded Day              `json:",omitzero"`
	Result    complaint.Result `json:",omitzero"`
}

// reported is a complaint about a post.
type reported struct {
	Complaint string
	On        Day
	Unit      domain.UnitID `json:",omitzero"`
}

// mostReports bounds what is remembered of the complaints of one category about one post.
const mostReports = 200

// complaint folds what happens to a complaint.
func (x *scene) complaint() {
	if x.r.Act.Imported() {
		return
	}
	m := x.own()
	if m.Complaint == nil {
		m.Complaint = &report{}
	}
	c := m.Complaint
	switch e := x.r.Event.(type) {
	case complaint.Received:
		c.Unit = e.Unit
		if e.Post != "" {
			x.repeat(e.Post, e.Category, reported{x.r.Act.Subject, x.day, e.Unit})
		}
	case complaint.Transferred:
		if e.ToUnit != "" {
			c.Unit = e.ToUnit
		}
	case complaint.Concluded:
		if c.Unit == "" {
			c.Unit = e.Unit
		}
		c.Concluded, c.Result = x.day, e.Result
		x.concluded(m)
	case complaint.ReviewDecided:
		x.varied(m, e.Outcome, e.Result)
	case complaint.RereviewDecided:
		x.varied(m, e.Outcome, e.Result)
	case complaint.Reopened:
		c.Concluded = 0
		x.set(m, "concluded")
	case complaint.SatisfactionRated:
		x.set(m, "rated", happened("D3.bad", c.Unit, x.day, counted(e.Grade == complaint.GradeNeedsStrengthening), 1))
	}
}

// varied lets the result of a review stand on the day of the conclusion.
func (x *scene) varied(m *Matter, o complaint.Outcome, r complaint.Result) {
	if o == complaint.OutcomeVaried && m.Complaint.Concluded != 0 {
		m.Complaint.Result = r
		x.concluded(m)
	}
}

func (x *scene) concluded(m *Matter) {
	c := m.Complaint
	borne := c.Result == complaint.ResultSubstantiated || c.Result == complaint.ResultPartly
	x.set(m, "concluded", happened("I3.substantiated", c.Unit, c.Concluded, counted(borne), 1))
}

// repeat tells which complaints about a post came shortly after another of the
// same category: what was put right once came back. At a busy counter any two
// complaints are near each other, and that says nothing. One received before
// those on record may make the next of them a repeat.
func (x *scene) repeat(about domain.PostID, category string, c reported) {
	term := x.book.Indicators.Repeat
	if term.IsZero() {
		return
	}
	m := x.around.Matter("complaints of " + category + " about " + string(about))
	m.Reports = inPlace(m.Reports, c, func(a, b reported) int { return cmp.Compare(a.On, b.On) })
	at := slices.Index(m.Reports, c)
	for i := at; i < min(at+2, len(m.Reports)); i++ {
		r, again := m.Reports[i], false
		if i > 0 {
			before := m.Reports[i-1]
			again = r.On <= DayOf(term.After(before.On.Date(), x.book.Calendar))
		}
		x.set(m, r.Complaint, happened("I3.repeats", r.Unit, r.On, counted(again), 1))
	}
	for len(m.Reports) > mostReports {
		delete(m.Standing, m.Reports[0].Complaint) // it stands for good
		m.Reports = m.Reports[1:]
	}
}
