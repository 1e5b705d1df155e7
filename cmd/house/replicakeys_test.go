package house

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// A ledger whose key signs no checkpoints has another key for them, which
// replicas are given as well.
func TestAReplicaMakesNoKeyOfCheckpointsOfItsOwn(t *testing.T) {
	postgres := pgtest.Database(t)
	cfg := onServer(t, kurrenttest.Start(t, kurrenttest.Options{}))
	cfg.Algorithm, cfg.Log = ledger.ECDSAP256, slog.New(slog.DiscardHandler)
	h := opened(t, cfg)
	do(t, h, "U1", "R1", domain.RoleHR, unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	closed(t, h)
	without := another(t, cfg)
	for _, name := range []string{notaryKeyFile, notaryPubFile} {
		if err := os.Remove(filepath.Join(without.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	replicate(t, cfg, postgres) // which has it, works
	without.Replicas, without.Views = postgres, postgres
	if _, err := Open(without); !errors.Is(err, ErrReplica) || !strings.Contains(err.Error(), notaryKeyFile) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(without.Dir, notaryKeyFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it made one: %v", err)
	}
}
