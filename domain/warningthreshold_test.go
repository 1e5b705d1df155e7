package domain_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// Each threshold is unchanged between a rulebook and itself, and is changed by
// its own number alone, whatever source that number has.
func TestAThresholdIsChangedByItsNumberAlone(t *testing.T) {
	day := domain.Term{Length: 1, Unit: domain.Days, Source: "order 1"}
	changes := map[domain.WarningThreshold]func(*domain.WarningRules){
		domain.ThresholdPattern: func(w *domain.WarningRules) {
			for i := range w.Patterns {
				w.Patterns[i].Times++
			}
		},
		domain.ThresholdAmounts:     func(w *domain.WarningRules) { w.Amounts[0].Amount++ },
		domain.ThresholdNear:        func(w *domain.WarningRules) { w.Near-- },
		domain.ThresholdTestControl: func(w *domain.WarningRules) { w.TestControl = day },
		domain.ThresholdAtOnce:      func(w *domain.WarningRules) { w.AtOnce++ },
		domain.ThresholdAcknowledge: func(w *domain.WarningRules) { w.Acknowledge = day },
		domain.ThresholdHandle:      func(w *domain.WarningRules) { w.Handle = day },
		domain.ThresholdScreening:   func(w *domain.WarningRules) { w.Screening.Peers++ },
	}
	sources := func(w *domain.WarningRules) {
		for i := range w.Patterns {
			w.Patterns[i].Within.Source = "another"
		}
		for i := range w.Amounts {
			w.Amounts[i].Source = "another"
		}
		w.TestControl.Source, w.Acknowledge.Source, w.Handle.Source, w.Screening.Source = "another", "another", "another", "another"
	}
	const rule = "amount.split"
	for _, changed := range domain.WarningThresholds() {
		change := changes[changed]
		if change == nil {
			if changed != domain.ThresholdNewRule {
				t.Errorf("nothing changes %s", changed)
			}
			continue
		}
		before, after := domain.CN2024().Warning, domain.CN2024().Warning
		sources(&after)
		if !changed.Unchanged(rule, &before, &after) {
			t.Errorf("another source changes %s", changed)
		}
		change(&after)
		for _, x := range domain.WarningThresholds() {
			if want := x != changed && x != domain.ThresholdNewRule; x.Unchanged(rule, &before, &after) != want {
				t.Errorf("a change of %s: %s is unchanged: %v, want %v", changed, x, !want, want)
			}
		}
	}
	before, after := domain.CN2024().Warning, domain.CN2024().Warning
	after.Patterns = after.Patterns[1:]
	if domain.ThresholdPattern.Unchanged("amount.near_limit", &before, &after) || !domain.ThresholdPattern.Unchanged(rule, &before, &after) {
		t.Error("a pattern that is taken out is changed, and no other is")
	}
	if domain.ThresholdNewRule.Unchanged("no.such", &before, &before) || domain.WarningThreshold("mood").Unchanged("", &before, &before) {
		t.Error("what is in no rulebook is called unchanged")
	}
}
