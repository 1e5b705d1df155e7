package programme_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/programme"
)

// Every refusal of the room is met by a case.
func TestMain(m *testing.M) {
	domaintest.Main(m, programme.Room,
		// It is the first step: nothing is missing before it.
		domaintest.Refusal{Command: "programme.assess_baseline", Code: domain.CodeIncomplete},
	)
}
