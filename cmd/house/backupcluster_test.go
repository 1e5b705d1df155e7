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

// The vault of a folder whose events are in a cluster is backed up as any; the
// erasures that came since wait for the next start, which reads them. Replicas
// have it elsewhere, and are not told that it was backed up.
func TestTheVaultBesideACluster(t *testing.T) {
	cfg := began(t)
	cfg.Write = false
	backup := func(cfg Config, to string) error {
		h := opened(t, cfg)
		defer closed(t, h)
		_, err := h.Backup(t.Context(), BackupConfig{Dir: filepath.Join(to, "all"), Vault: filepath.Join(to, "vault")})
		return err
	}
	to := t.TempDir()
	shared := cfg
	shared.Replicas = "postgres://127.0.0.1:1/nobody" // is not asked
	if err := errors.Join(backup(cfg, to), backup(shared, t.TempDir())); err != nil {
		t.Fatal(err) // the second has not come to move its keys
	}
	r, err := Restore(t.Context(), RestoreConfig{Dir: filepath.Join(t.TempDir(), "again"), From: filepath.Join(to, "all"), Vault: filepath.Join(to, "vault")})
	if err != nil || r.Vault == nil || !r.Elsewhere || r.Vault.Identities != 1 || r.Erased != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if err := os.RemoveAll(filepath.Join(cfg.Dir, vaultDir)); err != nil {
		t.Fatal(err)
	}
	none := t.TempDir()
	if err := backup(shared, none); !errors.Is(err, ErrNoVault) {
		t.Errorf("a vault that is elsewhere is backed up: %v", err)
	}
	if left, err := os.ReadDir(none); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}
