package ledgertest

import (
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) ledger.Store { return NewMemory() })
}
