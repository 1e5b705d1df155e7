package house

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

func establish(t *testing.T, h *House, id string) {
	t.Helper()
	_, err := h.Recorder.Record(t.Context(), domain.Instruction{
		ID: "establish " + id, Command: unit.Establish{UnitName: "海关", UnitKind: "agency"},
		Act: domain.Act{Subject: id, Actor: "hr-li", Role: domain.RoleHR},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever kind of key signs events, checkpoints are signed with Ed25519, by a
// key that is as closed as the first, and a copy verifies with what it brings
// to trust.
func TestTheLogOfEveryKindOfKey(t *testing.T) {
	t.Parallel()
	for alg, plain := range map[ledger.Algorithm]bool{ledger.Ed25519: true, ledger.ECDSAP256: false, ledger.RSA3072: true} {
		t.Run(string(alg), func(t *testing.T) {
			dir := t.TempDir()
			cfg := Config{Dir: dir, Write: true, Algorithm: alg, PlainKey: plain, Passphrase: func(bool) ([]byte, error) { return []byte("correct horse"), nil }}
			for i, id := range []string{"hq", "d1"} {
				h, err := Open(cfg)
				if err != nil {
					t.Fatal(err)
				}
				establish(t, h, id)
				if err := h.Close(); err != nil {
					t.Fatal(err)
				}
				if h, err = Open(Config{Dir: dir}); err != nil {
					t.Fatal(err)
				}
				if head, _ := h.Notary.Head(); head.Size != int64(i+1) {
					t.Errorf("the checkpoint covers %d events", head.Size)
				}
				verifyCopy(t, h)
				h.Close()
			}
			_, err := os.Stat(filepath.Join(dir, notaryKeyFile))
			if own := err == nil; own != (alg != ledger.Ed25519) {
				t.Errorf("a key of its own for checkpoints: %t", own)
			}
			if alg == ledger.Ed25519 {
				return
			}
			raw, err := os.ReadFile(filepath.Join(dir, notaryKeyFile))
			if err != nil || ledger.KeyIsEncrypted(raw) == plain {
				t.Errorf("the key of the ledger is plain: %t, that of checkpoints is not as it is (%v)", plain, err)
			}
			if err := os.Remove(filepath.Join(dir, notaryKeyFile)); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(cfg); err == nil || !strings.Contains(err.Error(), "back from its backup") {
				t.Errorf("without the key of checkpoints: %v", err)
			}
		})
	}
}

func verifyCopy(t *testing.T, h *House) {
	t.Helper()
	dir := t.TempDir()
	if _, err := h.ExportLog(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, notary.KeysFile))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := notary.ParseTrust(raw)
	if err != nil {
		t.Fatal(err)
	}
	src, err := notary.OpenSource(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := notary.VerifyLog(context.Background(), src, notary.VerifyConfig{Trust: trust, Catalog: catalog.New()}); err != nil {
		t.Error(err)
	}
}

func TestALogThatIsAheadOfTheLedgerIsNotGoneOnFrom(t *testing.T) {
	dir := t.TempDir()
	cfg := Config{Dir: dir, Write: true, PlainKey: true}
	h, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	establish(t, h, "hq")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(filepath.Join(dir, ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	if h, err = Open(cfg); err != nil {
		t.Fatal(err)
	}
	establish(t, h, "d1")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ledger.db-wal", "ledger.db-shm"} {
		os.Remove(filepath.Join(dir, name))
	}
	if err := os.WriteFile(filepath.Join(dir, ledgerFile), old, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Open(cfg)
	failure, ok := errors.AsType[*ledger.IntegrityError](err)
	if !errors.Is(err, ErrNotAsSigned) || !ok || failure.Position != 2 {
		t.Fatalf("an older ledger.db under the newer log: %v", err)
	}
}
