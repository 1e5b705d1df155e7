package norm_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/norm"
)

// Every refusal of the room is met by a case.
func TestMain(m *testing.M) {
	domaintest.Main(m, norm.Room,
		// A norm in force is of a known kind.
		domaintest.Refusal{Command: "norm.revise", Code: domain.CodeInvalid, Field: "kind"},
	)
}
