package house

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// The events of a cluster are backed up by the cluster; the folder beside it
// is backed up here, and both together are the ledger again.
func TestABackupOfAFolderWhoseEventsAreInACluster(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg := Config{Dir: t.TempDir(), Write: true, PlainKey: true, Store: server.URL()}
	h, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	establish(t, h, "hq")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.Write = false
	if h, err = Open(cfg); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	to := filepath.Join(t.TempDir(), "b")
	m, err := h.Backup(t.Context(), BackupConfig{Dir: to})
	if err != nil || !m.Elsewhere {
		t.Fatalf("%+v, %v", m, err)
	}
	if _, err := os.Stat(filepath.Join(to, backupData, ledgerFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the backup has a store: %v", err)
	}
	again := Config{Dir: filepath.Join(t.TempDir(), "again"), Write: true, PlainKey: true, Store: server.URL()}
	r, err := Restore(t.Context(), RestoreConfig{Dir: again.Dir, From: to})
	if err != nil || !r.Elsewhere {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := Open(Config{Dir: again.Dir}); !errors.Is(err, ErrStore) && !errors.Is(err, ErrNoLedger) {
		t.Errorf("opened without its store: %v", err)
	}
	back, err := Open(again)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if report, err := ledger.Verify(t.Context(), back.Store, ledger.VerifyConfig{Codec: back.Codec, Keys: back.Keys}); err != nil || report.Events != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	establish(t, back, "d1")
	if err := back.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if covered, err := back.Notary.Check(t.Context(), nil); err != nil || covered != 2 {
		t.Errorf("the log covers %d of 2: %v", covered, err)
	}
}
