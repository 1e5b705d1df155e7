package embedded

import (
	"testing"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

func TestStore(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Store { return open(t, t.TempDir(), Options{}) })
	ledgertest.RunDurable(t, func(t *testing.T, dir string) ledger.Store { return open(t, dir, Options{}) })
}

// open opens a ledger that is closed when the test ends, if not before.
func open(t testing.TB, dir string, opts Options) *Store {
	t.Helper()
	s, err := Open(dir, opts)
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close %s: %v", dir, err)
		}
	})
	return s
}
