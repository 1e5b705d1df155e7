package domain

import "slices"

// IndicatorRules say when an indicator of the scorecard warns.
type IndicatorRules struct {
	// Limits of the indicators, each of which has one at most. One without a
	// limit never warns.
	Limits []IndicatorLimit
	// Repeat is how long after a complaint another of the same category
	// about the same post counts as a repeat.
	Repeat Term
	// Appraise is how long after the end of a year an officer may wait for
	// the grade of that year.
	Appraise Term
	// Expiring is how long before its last day a certificate is about to
	// expire.
	Expiring Term
	// Tail is how unlikely chance must be, in per cent, where a limit is one
	// of chance.
	Tail int
	// TailSource is that of Tail.
	TailSource string
}

// IndicatorLimit is the value in per cent at which an indicator does not warn
// yet: the least where more is better, the most where less is.
type IndicatorLimit struct {
	// Indicator is its id, as in "I1.on_time".
	Indicator string
	Limit     int
	Source    string
}

// Limit returns the limit of the indicator, if there is one.
func (r IndicatorRules) Limit(indicator string) (IndicatorLimit, bool) {
	i := slices.IndexFunc(r.Limits, func(l IndicatorLimit) bool { return l.Indicator == indicator })
	if i < 0 {
		return IndicatorLimit{}, false
	}
	return r.Limits[i], true
}
