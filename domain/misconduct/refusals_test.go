package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestNothingIsDecidedOnAppealBeforeAFinding(t *testing.T) {
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an open case has no appeal", Given: past(opened),
			When: misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, As: second,
			Refused: domain.CodeState,
		},
		{
			Name: "nor a re-review", Given: past(opened),
			When: misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, As: second,
			Refused: domain.CodeState,
		},
	})
}

func TestNothingIsTolledOnceACaseIsOver(t *testing.T) {
	over := append(past(opened, dismissed), domaintest.Past{Act: leader, Event: misconduct.Archived{}})
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an archived case is not tolled", Given: over,
			When: misconduct.BeginTolling{Officer: "P7", Ground: "criminal_case", Reason: "charged"}, As: inspector, Book: affairs(),
			Refused: domain.CodeState,
		},
		{
			Name: "nor does its tolling end", Given: over,
			When: misconduct.EndTolling{Officer: "P7"}, As: inspector, Book: affairs(),
			Refused: domain.CodeState,
		},
	})
}
