package house

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func TestReplicasShareTheKeysOfSealedIdentities(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Database(t)
	cfg := began(t)
	second, third := another(t, cfg), another(t, cfg)
	a, b := replicate(t, cfg, postgres), replicate(t, second, postgres)
	place := reporterPlace("C1")
	opens := func(h *House) error {
		t.Helper()
		on, err := h.reporterOn(t.Context(), place.Stream, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.open(on.sealed, place)
		return err
	}
	for _, h := range []*House{a, b} {
		if err := opens(h); err != nil {
			t.Errorf("it does not open: %v", err)
		}
		if own, err := seal.Folder(filepath.Join(h.Dir, vaultDir)).List(); err != nil || len(own) > 0 {
			t.Errorf("the folder keeps %v: %v", own, err)
		}
	}
	// Recorded, and the replica dies before it destroys the key.
	if _, err := a.Recorder.Record(t.Context(), domain.Instruction{ID: "erase", Command: complaint.EraseReporter{Ground: "个人信息保护法 art. 47"},
		Act: domain.Act{Subject: "C1", Actor: "T1", Role: domain.RoleIntake}}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(opens(b), b.finishErasures(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, h := range []*House{a, b} {
		if err := opens(h); !errors.Is(err, seal.ErrNoKey) {
			t.Errorf("after the erasure: %v", err)
		}
	}
	// A folder from before the erasure brings the key, and it is erased again.
	c := replicate(t, third, postgres)
	if err := opens(c); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("an older folder brings back what was erased: %v", err)
	}
}

// A dump keeps what is erased in the file of its table: that is told, keeps no
// replica from its work, and is made up for.
func TestAReplicaStartsBesideADump(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Database(t)
	cfg := began(t)
	second := another(t, cfg)
	a := replicate(t, cfg, postgres)
	dump, err := pgx.Connect(t.Context(), postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close(context.WithoutCancel(t.Context()))
	if _, err := dump.Exec(t.Context(), "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM pg_class"); err != nil {
		t.Fatal(err)
	}
	_, _, err = a.Submit(t.Context(), []byte(`{"id":"e","command":"complaint.erase_reporter","subject":"C1","actor":"T1","role":"intake","data":{"ground":"on request"}}`))
	if !errors.Is(err, cluster.ErrRemains) {
		t.Fatalf("it is not told: %v", err)
	}
	b := replicate(t, second, postgres)
	if keys, err := b.vault.Keys(); err != nil || len(keys) > 0 {
		t.Errorf("the vault has %v, %v", keys, err)
	}
	if state, err := b.SealState(t.Context()); err != nil || state.Remains != 1 || state.Keys != 0 {
		t.Errorf("%+v, %v", state, err)
	}
	if _, err := dump.Exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := b.finishErasures(t.Context()); err != nil {
		t.Error(err)
	}
	if state, err := b.SealState(t.Context()); err != nil || state.Remains != 0 {
		t.Errorf("%+v, %v", state, err)
	}
}

func TestAReplicaMakesNoSealKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Database(t)
	cfg := began(t)
	if err := os.Remove(filepath.Join(cfg.Dir, sealFile)); err != nil {
		t.Fatal(err)
	}
	a := replicate(t, cfg, postgres)
	if _, err := a.MakeSealKey(); err == nil || !strings.Contains(err.Error(), "key new --seal") {
		t.Errorf("got %v", err)
	}
}
