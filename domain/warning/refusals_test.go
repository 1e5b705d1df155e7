package warning_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/warning"
)

func TestNothingFollowsOnWhatWasNeverRaised(t *testing.T) {
	for _, c := range warning.Room.Commands {
		if c.Name == "warning.raise" || c.Name == "warning.import" {
			continue
		}
		command, as := c.Value(c.New()), domaintest.By("someone", c.By[0])
		domaintest.Run(t, warning.Room, []domaintest.Scenario{{
			Name: string(c.Name), When: command, As: as, Refused: domain.CodeNotFound, Field: "subject",
		}})
	}
}
