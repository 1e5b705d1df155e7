package notarytest_test

import (
	"testing"

	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/notarytest"
)

func TestSharedInMemory(t *testing.T) {
	notarytest.RunShared(t, func(*testing.T) func() notary.Shared {
		s := notarytest.NewShared()
		return func() notary.Shared { return s }
	})
}
