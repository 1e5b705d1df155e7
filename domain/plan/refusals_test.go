package plan_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/plan"
)

func TestNoMissOfAnUnknownTargetIsExcused(t *testing.T) {
	domaintest.Run(t, plan.Room, []domaintest.Scenario{{
		Name: "a target that was never set", Given: running(),
		When: plan.ExcuseMiss{Target: "T9", Reason: "the flood"}, As: leader,
		Refused: domain.CodeIncomplete, Field: "target",
	}})
}
