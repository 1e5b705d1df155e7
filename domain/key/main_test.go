package key_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/key"
)

// Every refusal of the room is met by a case.
func TestMain(m *testing.M) { domaintest.Main(m, key.Room) }
