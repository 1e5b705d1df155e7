package domain_test

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// changed returns cn-2024 with another rule on the demerit.
func changed(change func(*domain.Rung)) *domain.Rulebook {
	book := domain.CN2024()
	book.ID = "cn-2030"
	_, i, _ := book.Sanction.Rung(domain.MeasureDemerit)
	change(&book.Sanction.Ladder[i])
	return book
}

func TestTheLighterRuleApplies(t *testing.T) {
	months := func(n int) domain.Term { return domain.Term{Length: n, Unit: domain.Months} }
	tests := []struct {
		name   string
		change func(*domain.Rung)
		want   string // the rulebook
		length int
	}{
		{"nothing changed: that of the act", func(r *domain.Rung) {}, "cn-2024", 12},
		{"a shorter period: that of the decision", func(r *domain.Rung) { r.Effect = months(9) }, "cn-2030", 9},
		{"a longer one: that of the act", func(r *domain.Rung) { r.Effect = months(18) }, "cn-2024", 12},
		{"the same in other words: that of the act", func(r *domain.Rung) { r.Effect = domain.Term{Length: 1, Unit: domain.Years} }, "cn-2024", 12},
		{"shorter by a day", func(r *domain.Rung) { r.Effect = domain.Term{Length: 364, Unit: domain.Days} }, "cn-2030", 364},
		{"pay may rise", func(r *domain.Rung) { r.BarsPayRise = false }, "cn-2030", 12},
		{"promotion is free", func(r *domain.Rung) { r.BarsPromotion = false }, "cn-2030", 12},
		{"honours are free", func(r *domain.Rung) { r.BarsHonours = false }, "cn-2030", 12},
		{"the certificate goes too", func(r *domain.Rung) { r.SuspendsCertificate = true }, "cn-2024", 12},
		{"the rank is lost", func(r *domain.Rung) { r.RestoresRank = false }, "cn-2024", 12},
		{"no formal sanction any more", func(r *domain.Rung) { r.Formal = false }, "cn-2030", 12},
		{"for good now", func(r *domain.Rung) { r.Effect, r.ForGood = domain.Term{}, true }, "cn-2024", 12},
		{"shorter, but the certificate goes: mixed, so that of the act", func(r *domain.Rung) { r.Effect, r.SuspendsCertificate = months(6), true }, "cn-2024", 12},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			book, rung, ok := domain.Lighter(domain.CN2024(), changed(tt.change), domain.MeasureDemerit)
			if !ok || book.ID != tt.want || rung.Effect.Length != tt.length {
				t.Errorf("%s for %d applies (%v), want %s for %d", book.ID, rung.Effect.Length, ok, tt.want, tt.length)
			}
		})
	}
	t.Run("what was for good and no longer is weighs less", func(t *testing.T) {
		forGood := changed(func(r *domain.Rung) { r.Effect, r.ForGood, r.RestoresRank = domain.Term{}, true, false })
		if book, rung, ok := domain.Lighter(forGood, domain.CN2024(), domain.MeasureDemerit); !ok || book.ID != "cn-2024" || rung.ForGood {
			t.Errorf("%s applies (for good %v, %v), want cn-2024", book.ID, rung.ForGood, ok)
		}
	})
}

func TestAMeasureThatOneOfTheDaysDoesNotKnowIsNotImposed(t *testing.T) {
	without := changed(func(r *domain.Rung) { r.Measure = "reprimand" })
	if book, _, ok := domain.Lighter(domain.CN2024(), without, domain.MeasureDemerit); ok || book != without {
		t.Errorf("a measure that was abolished may be imposed (%v)", ok)
	}
	act := domain.CN2024()
	if book, _, ok := domain.Lighter(act, without, "reprimand"); ok || book != act {
		t.Errorf("a measure that is newer than the act may be imposed (%v)", ok)
	}
}

// A demerit of twelve months on the day of the act has become one of nine by
// the day of the decision.
func ExampleLighter() {
	onAct, onDecision := domain.CN2024(), domain.CN2024()
	onDecision.ID = "cn-2030"
	_, i, _ := onDecision.Sanction.Rung(domain.MeasureDemerit)
	onDecision.Sanction.Ladder[i].Effect.Length = 9

	book, rung, _ := domain.Lighter(onAct, onDecision, domain.MeasureDemerit)
	fmt.Println(book.ID, rung.Effect.Length, rung.Effect.Unit)
	// Output: cn-2030 9 months
}
