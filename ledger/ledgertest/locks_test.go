package ledgertest_test

import (
	"testing"

	"github.com/probity-ledger/probity/ledger/ledgertest"
)

func TestLocksInMemory(t *testing.T) {
	ledgertest.RunLocks(t, func(*testing.T) func() ledgertest.Replica {
		place := ledgertest.NewLocks()
		return func() ledgertest.Replica {
			p := place.Process()
			return ledgertest.Replica{Locks: p, Kill: p.Lose}
		}
	})
}
