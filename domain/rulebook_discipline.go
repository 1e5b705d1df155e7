package domain

import (
	"cmp"
	"slices"
)

// The rules of this file are those that the law of whistleblowing and the
// practice of police internal affairs have and cn-2024 has not. Zero values
// mean that there is no such rule.

// ReportingRules govern what a person is told who reports a breach from
// within the service.
type ReportingRules struct {
	Acknowledge Term // receipt is acknowledged to the reporter
	Feedback    Term // from the acknowledgement: what was or will be done
	// FeedbackMost is the longest term in duly justified cases.
	FeedbackMost Term
	// Confidentiality, Retaliation, BurdenOfProof and Records are the sources
	// of these rules.
	Confidentiality string
	Retaliation     string
	BurdenOfProof   string
	Records         string
}

// FindingRules say what may be found, and how sure one must be.
type FindingRules struct {
	// Results lists the findings that may be made; empty means any.
	Results []string
	// Standard is the standard of proof.
	Standard string
	Source   string
}

// Allows tells whether a finding of that result may be made.
func (r FindingRules) Allows(result string) bool {
	return len(r.Results) == 0 || slices.Contains(r.Results, result)
}

// LimitationRules bound how long an inquiry may take before nothing may be
// imposed any more.
type LimitationRules struct {
	// Complete runs from the discovery of the conduct to the notice of the
	// proposed measure.
	Complete Term
	// Tolling lists what stops it from running.
	Tolling []Tolling
}

// Tolling is a ground on which a term does not run.
type Tolling struct {
	Ground string
	About  string
	Source string
}

// Span is a run of days, the first and the last of them included.
type Span struct {
	From, To Date
}

// Last returns the last day of the limitation for conduct discovered on the
// day, and whether there is one. Days on which it was tolled while it was
// still running are added, each once.
func (r LimitationRules) Last(discovered Date, cal Calendar, tolled ...Span) (Date, bool) {
	if r.Complete.IsZero() {
		return Date{}, false
	}
	spans := slices.SortedFunc(slices.Values(tolled), func(a, b Span) int { return cmp.Compare(a.From.String(), b.From.String()) })
	last := r.Complete.After(discovered, cal)
	counted := discovered // up to and including this day everything is counted
	for _, s := range spans {
		from := s.From
		if !from.After(counted) {
			from = counted.AddDays(1)
		}
		if from.After(last) || s.To.Before(from) {
			continue
		}
		last = last.AddDays(s.To.DaysPast(from) + 1)
		counted = s.To
	}
	return last, true
}

// MatrixRules are a discipline matrix: the range of measures by the class of
// the conduct and the number of earlier sustained findings.
type MatrixRules struct {
	Classes []OffenceClass
	// Lookback is how long an earlier finding counts.
	Lookback Term
	Source   string
}

// OffenceClass is a row of the matrix.
type OffenceClass struct {
	Class string
	About string
	// Steps are the ranges for none, one, two… earlier findings; the last
	// holds for all beyond.
	Steps []MatrixStep
}

// MatrixStep is a range of the ladder, the lightest and the heaviest measure
// included.
type MatrixStep struct {
	Least Measure
	Most  Measure
}

// Range returns the range for conduct of the class after so many earlier
// findings, and whether the matrix has one.
func (r MatrixRules) Range(class string, priors int) (MatrixStep, bool) {
	i := slices.IndexFunc(r.Classes, func(c OffenceClass) bool { return c.Class == class })
	if i < 0 || len(r.Classes[i].Steps) == 0 || priors < 0 {
		return MatrixStep{}, false
	}
	steps := r.Classes[i].Steps
	return steps[min(priors, len(steps)-1)], true
}
