package activity_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// Refusals that no scenario of the life of a session meets.
func TestRefusalsOfUnscheduledSessions(t *testing.T) {
	domaintest.Run(t, activity.Room, []domaintest.Scenario{
		{
			Name: "one that is still to come",
			When: unplanned(func(c *activity.HoldUnscheduled) { c.On = day("2024-03-05") }), As: hr,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "one without length",
			When: unplanned(func(c *activity.HoldUnscheduled) { c.Hours = 0 }), As: hr,
			Refused: domain.CodeInvalid, Field: "hours",
		},
		{
			Name: "one where more contributed than came",
			When: unplanned(func(c *activity.HoldUnscheduled) { c.Contributors = 4 }), As: hr,
			Refused: domain.CodeInvalid, Field: "contributors",
		},
	})
}
