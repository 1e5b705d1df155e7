package domain

import "slices"

// WarningThreshold names a part of the WarningRules that somebody may propose
// to change.
type WarningThreshold string

// The parts. ThresholdNewRule is none: what a new rule looks for comes with a
// program, and is in no rulebook.
const (
	ThresholdPattern     WarningThreshold = "pattern"
	ThresholdAmounts     WarningThreshold = "amounts"
	ThresholdNear        WarningThreshold = "near"
	ThresholdTestControl WarningThreshold = "test_control"
	ThresholdAtOnce      WarningThreshold = "at_once"
	ThresholdAcknowledge WarningThreshold = "acknowledge"
	ThresholdHandle      WarningThreshold = "handle"
	ThresholdScreening   WarningThreshold = "screening"
	ThresholdNewRule     WarningThreshold = "new_rule"
)

// WarningThresholds lists them.
func WarningThresholds() []WarningThreshold {
	return []WarningThreshold{ThresholdPattern, ThresholdAmounts, ThresholdNear, ThresholdTestControl, ThresholdAtOnce,
		ThresholdAcknowledge, ThresholdHandle, ThresholdScreening, ThresholdNewRule}
}

// Ruled tells whether the threshold is that of one rule.
func (t WarningThreshold) Ruled() bool { return t == ThresholdPattern || t == ThresholdNewRule }

// Of names the threshold, with the rule where it is that of one.
func (t WarningThreshold) Of(rule string) string {
	if rule == "" {
		return string(t)
	}
	return string(t) + " of " + rule
}

// Unchanged tells whether both rules hold the same number there, whatever its
// source; the rule's code counts where the threshold is that of one. A new
// rule, and what is no threshold, is never unchanged.
func (t WarningThreshold) Unchanged(rule string, before, after *WarningRules) bool {
	switch t {
	case ThresholdPattern:
		x, was := before.Pattern(rule)
		y, is := after.Pattern(rule)
		return was == is && x.Times == y.Times && x.Within.same(y.Within)
	case ThresholdAmounts:
		return slices.Equal(unsourced(before.Amounts), unsourced(after.Amounts))
	case ThresholdNear:
		return before.Near == after.Near
	case ThresholdTestControl:
		return before.TestControl.same(after.TestControl)
	case ThresholdAtOnce:
		return before.AtOnce == after.AtOnce
	case ThresholdAcknowledge:
		return before.Acknowledge.same(after.Acknowledge)
	case ThresholdHandle:
		return before.Handle.same(after.Handle)
	case ThresholdScreening:
		x, y := before.Screening, after.Screening
		x.Source, y.Source = "", ""
		return x == y
	}
	return false
}

// same tells whether both terms are equally long.
func (t Term) same(o Term) bool { return t.Length == o.Length && t.Unit == o.Unit }

func unsourced(list []AmountLimit) []AmountLimit {
	out := make([]AmountLimit, len(list))
	for i, l := range list {
		l.Source = ""
		out[i] = l
	}
	return out
}
