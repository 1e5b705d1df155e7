package house

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
)

const (
	// sealFile is the master key that wraps the keys in the vault, or the URI
	// of one in a key management service.
	sealFile = "seal.key"
	// vaultDir holds the keys of sealed identities. Something is removed from
	// it, so it is backed up apart (docs/sealed.md).
	vaultDir = "vault"
	// erasuresFile lies in the vault, so that it goes back with it: the
	// position up to which the erasures of the ledger are carried out there.
	erasuresFile = "erasures.done"
)

// vault opens what a house seals with. The master key is read when first
// needed, and made when the first identity is sealed.
type vault struct {
	*seal.Vault
	files      *files // what is sealed by the keys besides
	marks      erasureMarks
	shared     bool // with other replicas
	dir        string
	passphrase func(first bool) ([]byte, error)

	mu     sync.Mutex // guards all below
	master *seal.Master
	made   bool // this start made the master key
	owed   bool // an erasure failed: the next start makes up for it
}

// NewSealKey tells that this start made the master key of sealed identities.
func (h *House) NewSealKey() bool {
	h.vault.mu.Lock()
	defer h.vault.mu.Unlock()
	return h.vault.made
}

// MakeSealKey makes the master key of sealed identities where there is none,
// and returns where it lies. A house that records alone makes it by itself when
// it is first needed; replicas are given one.
func (h *House) MakeSealKey() (path string, err error) {
	_, err = h.vault.keeper(true)
	return filepath.Join(h.Dir, sealFile), err
}

// newVault is the vault of the house. From here on the passphrase is asked
// for once, whatever is opened with it.
func (h *House) newVault(cfg *Config) *vault {
	if ask := cfg.Passphrase; ask != nil {
		var known []byte
		cfg.Passphrase = func(first bool) (p []byte, err error) {
			if known == nil {
				known, err = ask(first)
			}
			return known, err
		}
	}
	v := &vault{dir: h.Dir, passphrase: cfg.Passphrase, files: newFiles(Config{Dir: h.Dir, Files: cfg.Files}, cfg.Replicas != "")}
	if v.passphrase == nil {
		v.passphrase = func(bool) ([]byte, error) { return nil, seal.ErrPassphrase }
	}
	return v
}

// open names the ledger whose vault it is.
func (v *vault) open(origin string) {
	v.Vault = seal.NewVault(filepath.Join(v.dir, vaultDir), origin, v.keeper)
	v.marks = folderMarks(filepath.Join(v.dir, vaultDir))
}

// keeper reads the master key, and makes it where it is the first.
func (v *vault) keeper(first bool) (*seal.Master, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.master != nil {
		return v.master, nil
	}
	path := filepath.Join(v.dir, sealFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && first {
		v.master, err = v.makeMaster(path)
		v.made = err == nil
		return v.master, err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: without it no identity can be opened; put it back from its backup", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the seal key: %w", err)
	}
	var passphrase []byte
	if seal.IsEncrypted(raw) {
		if passphrase, err = v.passphrase(false); err != nil {
			return nil, err
		}
	}
	if v.master, err = seal.ParseMaster(raw, passphrase); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v.master, nil
}

// makeMaster makes the master key, encrypted where the signing key is, under
// the same passphrase.
func (v *vault) makeMaster(path string) (*seal.Master, error) {
	if v.shared {
		return nil, fmt.Errorf("%s is missing: replicas are given one and the same; make it with 'probity key new --seal' in one folder, before it is a replica, and copy it into that of each", path)
	}
	if keys, err := v.Keys(); err != nil || len(keys) > 0 {
		return nil, errors.Join(err, fmt.Errorf("%s is missing, but the vault holds keys that it wraps: put it back from its backup", path))
	}
	signing, err := os.ReadFile(filepath.Join(v.dir, keyFile))
	if err != nil {
		return nil, fmt.Errorf("make the seal key: %w", err)
	}
	var passphrase []byte
	if ledger.KeyIsEncrypted(signing) {
		if passphrase, err = v.passphrase(false); err != nil {
			return nil, err
		}
	}
	master, err := seal.NewMaster()
	if err != nil {
		return nil, err
	}
	raw, err := master.Marshal(passphrase)
	if err != nil {
		return nil, err
	}
	if err := writeFile(path, raw, 0o600); err != nil {
		return nil, err
	}
	return master, nil
}

// erase destroys a key whose erasure is recorded, and removes what only it
// opened.
func (v *vault) erase(key string) error {
	err := v.Destroy(key)
	if err == nil || errors.Is(err, cluster.ErrRemains) {
		err = errors.Join(err, v.files.erase(key))
	}
	if err == nil {
		return nil
	}
	v.mu.Lock()
	v.owed = true
	v.mu.Unlock()
	if errors.Is(err, cluster.ErrRemains) {
		return fmt.Errorf("the erasure is recorded, and nobody finds the key any more; the replica that leads tries again each minute to clear the file of its table: %w", err)
	}
	return fmt.Errorf("the erasure is recorded, but not carried out yet; the next start tries again: %w", err)
}

// finishErasures destroys the keys whose erasure the ledger tells of and the
// vault has not seen: after a crash between the two, when an older vault was
// put back, or when the event was recorded past Record. It needs no
// passphrase, and reads what came since the last time alone.
func (h *House) finishErasures(ctx context.Context) error {
	was, err := h.vault.marks.Erased(ctx) // before the keys: what is brought later is not said to be looked at
	if err != nil {
		return err
	}
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	keys, err := h.vault.Keys() // after the head: a key that comes now is erased behind it
	if err != nil {
		return err
	}
	files, err := h.vault.files.any()
	if err != nil {
		return err
	}
	if len(keys) > 0 || files {
		if head, err = h.eraseAfter(ctx, owedAfter(was, head)); err != nil {
			return err
		}
	}
	return errors.Join(h.vault.marks.SetErased(ctx, was, head), h.vault.marks.Purge(ctx))
}

// eraseAfter carries out the erasures behind a position, and returns that of
// the last event.
func (h *House) eraseAfter(ctx context.Context, done ledger.Position) (ledger.Position, error) {
	kind := []byte(complaint.ReporterErased{}.Kind())
	for s, err := range h.Store.ReadAll(ctx, done) {
		if err != nil {
			return done, fmt.Errorf("find erasures to carry out: %w", err)
		}
		done = s.Position
		envelope, err := ledger.OpenEnvelope(s.Envelope)
		if err == nil && !bytes.Contains(envelope.Payload, kind) {
			continue
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			return done, err
		}
		if e, ok := d.Event.(complaint.ReporterErased); ok {
			// What a deletion leaves behind is kept in mind apart.
			if err := h.vault.erase(e.Key); err != nil && !errors.Is(err, cluster.ErrRemains) {
				return done, err
			}
		}
	}
	return done, nil
}

// startErasures is finishErasures at the start, closeErasures at the end of a
// run. One that failed before was told then, and is left to the next start.
func (h *House) startErasures(ctx context.Context) error {
	return h.orRemains(h.finishErasures(ctx))
}

func (h *House) closeErasures(ctx context.Context) error {
	h.vault.mu.Lock()
	owed := h.vault.owed
	h.vault.mu.Unlock()
	if owed {
		return nil
	}
	return h.orRemains(h.finishErasures(ctx))
}

// orRemains tells of keys that nobody finds and a file may hold still, and goes
// on: whoever leads sees to them.
func (h *House) orRemains(err error) error {
	if !errors.Is(err, cluster.ErrRemains) {
		return err
	}
	cmp.Or(h.cfg.Log, slog.Default()).Warn("an erasure is not at its end", "err", err)
	return nil
}

// erasureMarks keep, beside the keys, up to where erasures are carried out. A
// [cluster.Cluster] does for replicas, folderMarks for a folder.
type erasureMarks interface {
	Erased(ctx context.Context) (cluster.Erased, error)
	// SetErased notes that they are up to done. Where others looked, or brought
	// keys, since was was read, what they noted stands.
	SetErased(ctx context.Context, was cluster.Erased, done ledger.Position) error
	// Purge clears what destroyed keys left behind.
	Purge(ctx context.Context) error
}

// owedAfter is the position behind which erasures may be owed; the start of
// the ledger where that is shorter.
func owedAfter(e cluster.Erased, head ledger.Position) ledger.Position {
	if e.Done > head {
		return ledger.Start
	}
	return e.Done
}

// folderMarks keep it in the vault of a folder, whose one process is alone;
// nothing where there is none.
type folderMarks string

// Erased implements [erasureMarks].
func (f folderMarks) Erased(context.Context) (cluster.Erased, error) {
	raw, err := os.ReadFile(filepath.Join(string(f), erasuresFile))
	n, bad := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil || bad != nil {
		return cluster.Erased{}, nil
	}
	return cluster.Erased{Done: ledger.Position(n)}, nil
}

// SetErased implements [erasureMarks].
func (f folderMarks) SetErased(_ context.Context, _ cluster.Erased, done ledger.Position) error {
	if _, err := os.Stat(string(f)); err != nil {
		return nil
	}
	return writeFile(filepath.Join(string(f), erasuresFile), []byte(done.String()+"\n"), 0o600)
}

// Purge implements [erasureMarks]: a key's file is overwritten as it goes.
func (f folderMarks) Purge(context.Context) error { return nil }
