package officer_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

// Every refusal of the room is met by a case.
func TestMain(m *testing.M) {
	domaintest.Main(m, officer.Room,
		// It names no number.
		domaintest.Refusal{Command: "officer.restore_certificate", Code: domain.CodeInvalid, Field: "number"},
		// A certificate that another sanction withholds is not given back; nothing is refused.
		domaintest.Refusal{Command: "officer.restrict", Code: domain.CodeRule},
		// The same.
		domaintest.Refusal{Command: "officer.lift_restriction", Code: domain.CodeRule},
	)
}
