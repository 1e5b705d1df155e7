package screening

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// Key names a finding: what was found, of whom, and in the run that ended with
// which month. A finding of the same name for another End is the same matter.
type Key struct {
	Code      string           `json:"c"`
	Unit      domain.UnitID    `json:"u"`
	Officer   domain.OfficerID `json:"o"`
	Stream    enforcement.Kind `json:"k,omitzero"`
	Procedure domain.NormID    `json:"p,omitzero"`
	Party     string           `json:"w,omitzero"`
	End       Month            `json:"m"`
}

// Finding is what stands out.
type Finding struct {
	*Measure
	Unit    domain.UnitID
	Officer domain.OfficerID
	Stream  enforcement.Kind
	// Procedure is "" for meetings, which are counted over all of a stream.
	Procedure domain.NormID
	// Party is whom the officer meets too often, for meetings.
	Party string
	// End is the month with which the run ended that found it.
	End Month
	// From and To are the first day and the last of what was judged, whole
	// months. Of a change, From is where it seems to have begun, To the end of
	// the month in which it was noticed.
	From, To Day
	// Hits of the exposure Of counted; of amounts, Of decisions.
	Hits, Of int
	// PeersOf is how many others were compared, Cases what these decided.
	PeersOf, Cases int
	// Tail is how seldom such a count comes about among such peers, Discovery
	// the part of false ones that a report down to this one would have. Of a
	// change, Tail is how many false alarms its chart may bring in a month,
	// Discovery what part of the changes of the run is to be expected false.
	Tail, Discovery float64
	// Score is graver the higher: 100 times the logarithm to base 10 of one in
	// how many; of a change, of how many times likelier it makes what was seen.
	Score int
	// What a warning of it states, in plain words and in Chinese. The explanation
	// holds the others, and what it does not mean.
	Baseline, Peers, Explanation                      string
	BaselineChinese, PeersChinese, ExplanationChinese string
}

// Key names the finding.
func (f *Finding) Key() Key {
	return Key{f.Code, f.Unit, f.Officer, f.Stream, f.Procedure, f.Party, f.End}
}

// Rests tells whether a case is among the evidence of the finding: one of the
// officer's in what was judged that counted; for amounts all under a benchmark,
// for meetings those with the party.
func (f *Finding) Rests(c *Case) bool {
	if c.Decided == 0 || c.Decided < f.From || c.Decided > f.To || c.Unit != f.Unit || c.Stream != f.Stream || !slices.Contains(c.Officers, f.Officer) {
		return false
	}
	switch {
	case f.way == meetings:
		return c.Party == f.Party
	case c.Procedure != f.Procedure:
		return false
	case f.way == amounts:
		return c.Like != ""
	}
	hit, of := f.Counts(c)
	return hit && of
}

// Report is what one run found.
type Report struct {
	// From and To are the first day and the last over which peers were compared.
	From, To Day
	// Findings has the gravest first. What stands out among peers is found in
	// every run anew, a change in the month in which it is noticed.
	Findings []Finding
	// Compared says of each measure how many were compared, so that nothing is
	// hidden.
	Compared []Compared

	ongoing []Finding // changes that were noticed before
}

// Compared says of how many spells (of meetings, officers in a stream of a unit)
// something was compared.
type Compared struct {
	*Measure
	Spells int
	Left   []Left
}

// Left are spells that were not compared.
type Left struct {
	Why, WhyChinese string
	Spells          int
}
