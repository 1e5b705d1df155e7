package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestARereviewDoesNotBearOutByVarying(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "what was not borne out needs a new conclusion", Given: underRereview,
			When: complaint.DecideRereview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultSubstantiated, Opinion: "the log says so"}, As: second,
			Refused: domain.CodeRule, Field: "result",
		},
	})
}
