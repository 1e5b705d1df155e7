package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// Every refusal of the room is met by a case.
func TestMain(m *testing.M) {
	domaintest.Main(m, complaint.Room,
		// What is concluded had a handler.
		domaintest.Refusal{Command: "complaint.answer", Code: domain.CodeIncomplete},
	)
}
