package screening

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// Measure is one thing that is compared, and the code of the warnings raised
// of it.
type Measure struct {
	// Code is that of the warnings, Version the form of the comparison.
	Code    string
	Version string
	Name    string
	Chinese string
	Article domain.Article
	// Finds says what it finds, Not what that does not mean.
	Finds, Not               string
	FindsChinese, NotChinese string
	// Counts tells of a share whether the case is among those that could (of),
	// and whether it counts (hit). Nil for amounts and meetings.
	Counts func(*Case) (hit, of bool)
}

// Finding is what stands out.
type Finding struct {
	*Measure
	Unit      domain.UnitID
	Officer   domain.OfficerID
	Procedure domain.NormID
	Stream    enforcement.Kind
	// Party is whom the officer meets too often, for meetings.
	Party string
	// From and To are the first day and the last of what was judged. Of a change,
	// To is the end of the month in which it was noticed.
	From, To Day
	// Hits of the exposure Of counted; of amounts, Of decisions.
	Hits, Of int
	// PeersOf is how many peers were compared, Cases what these decided.
	PeersOf, Cases int
	// Tail is how seldom such a count comes about among such peers, Discovery
	// the part of false ones that a report down to this one would have.
	Tail, Discovery float64
	// Score is graver the higher: 100 times the logarithm to base 10 of one in
	// how many.
	Score int
	// What a warning of it states, in plain words and in Chinese.
	Baseline, Peers, Explanation string
	ExplanationChinese           string
}
