package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/sanction"
)

func TestAVariedSanctionStaysOnTheLadder(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{{
		Name: "a milder measure has its own length", Given: effective(appealed),
		When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "returned in part", Measure: domain.MeasureWarning, Months: 12}, As: on(leader, "2024-04-30"),
		Refused: domain.CodeRule, Field: "months",
	}})
}
