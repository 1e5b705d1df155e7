package inspection_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/inspection"
)

func TestRefusalsOfLaterSteps(t *testing.T) {
	run(t, []domaintest.Scenario{
		{
			Name: "nobody unknown takes a supervision over", Given: past(onAct),
			When: inspection.ReplaceSupervisors{Supervisors: []domain.OfficerID{"I2", "I9"}, Reason: "I1 retires"}, As: leader,
			Refused: domain.CodeNotFound, Field: "supervisors",
		},
		{
			Name: "what was accepted is not verified again", Given: past(opened, ordered, reported, accepted),
			When: inspection.VerifyRectification{Code: "r1", Accepted: true}, As: head,
			Refused: domain.CodeState, Field: "code",
		},
	})
}
