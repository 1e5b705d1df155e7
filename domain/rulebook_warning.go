package domain

import "slices"

// WarningRules govern a raised alert 预警 and what raises it.
type WarningRules struct {
	// Acknowledge is how long a warning may wait for someone to take it up
	// before it is escalated; zero means no such rule.
	Acknowledge Term
	// Handle is how long a warning may wait, once somebody took it up or it was
	// escalated, to be acted on or dismissed before it goes further up; zero
	// means no such rule.
	Handle Term
	// Separation is the source of "nobody judges a warning about themselves".
	Separation string

	// Patterns say how often, within which time, what a rule looks for must
	// be met. A rule that looks for repeats and is not listed is silent.
	Patterns []WarningPattern
	// Amounts are those from which an act needs a higher approval. An act of
	// a stream that is not listed has none.
	Amounts []AmountLimit
	// Near is from how many per cent of such an amount on a lower one lies
	// just below it; zero means no such rule.
	Near       int
	NearSource string
	// TestControl is how long a post may be of high risk without a control
	// that passed its test; zero means no such rule.
	TestControl Term
	// AtOnce is how many warnings one rule may raise in a day, so that none
	// is hidden among many; zero means any number.
	AtOnce       int
	AtOnceSource string
	// Screening sets when the statistics of early warning report.
	Screening ScreeningRules
}

// ScreeningRules say when what stands out statistically is reported; the zero
// value, never.
type ScreeningRules struct {
	// Window is over how many whole months peers are compared, Learn how many
	// tell what is usual for an officer before changes are looked for.
	Window int
	Learn  int
	// Peers is the least number of peers with exposure.
	Peers int
	// Discovery is the expected part of false ones among what a run reports of
	// comparisons, in ten-thousandths.
	Discovery int
	// Times is the change of odds that is looked for: 2 for a share that about
	// doubles. Alarms is how many false alarms of change ten thousand
	// officer-months may bring, over all measures.
	Times  int
	Alarms int
	Source string
}

// WarningPattern says of a rule how often, within which time, what it looks
// for must be met.
type WarningPattern struct {
	// Rule is its code.
	Rule   string
	Times  int
	Within Term
}

// AmountLimit is the amount from which an act needs a higher approval.
type AmountLimit struct {
	// Stream is the kind of act; Party is person or organisation, "" for both.
	Stream string
	Party  string
	// Amount in fen.
	Amount int64
	Source string
}

// Pattern returns the rule's pattern, if there is one.
func (r WarningRules) Pattern(rule string) (WarningPattern, bool) {
	i := slices.IndexFunc(r.Patterns, func(p WarningPattern) bool { return p.Rule == rule })
	if i < 0 {
		return WarningPattern{}, false
	}
	return r.Patterns[i], true
}

// Amount returns the limit of acts of the stream with such a party, if there
// is one.
func (r WarningRules) Amount(stream, party string) (AmountLimit, bool) {
	i := slices.IndexFunc(r.Amounts, func(l AmountLimit) bool { return l.Stream == stream && (l.Party == "" || l.Party == party) })
	if i < 0 {
		return AmountLimit{}, false
	}
	return r.Amounts[i], true
}
