package disclosure_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// Every refusal of the room is met by a case.
func TestMain(m *testing.M) { domaintest.Main(m, disclosure.Room) }
