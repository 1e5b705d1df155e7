package house

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

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
	v := &vault{dir: h.Dir, passphrase: cfg.Passphrase}
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

// erase destroys a key whose erasure is recorded.
func (v *vault) erase(key string) error {
	err := v.Destroy(key)
	if err != nil {
		v.mu.Lock()
		v.owed = true
		v.mu.Unlock()
		err = fmt.Errorf("the erasure is recorded, but not carried out yet; the next start tries again: %w", err)
	}
	return err
}

// finishErasures destroys the keys whose erasure the ledger tells of and the
// vault has not seen: after a crash between the two, when an older vault was
// put back, or when the event was recorded past Record. It needs no
// passphrase, and reads what came since the last time alone.
func (h *House) finishErasures(ctx context.Context) error {
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	keys, err := h.vault.Keys() // after the head: a key that comes now is erased behind it
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return h.vault.marks.settle(ctx, head)
	}
	done, err := h.erasuresDone(ctx, head)
	if err != nil {
		return err
	}
	kind := []byte(complaint.ReporterErased{}.Kind())
	for s, err := range h.Store.ReadAll(ctx, done) {
		if err != nil {
			return fmt.Errorf("find erasures to carry out: %w", err)
		}
		done = s.Position
		envelope, err := ledger.OpenEnvelope(s.Envelope)
		if err == nil && !bytes.Contains(envelope.Payload, kind) {
			continue
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			return err
		}
		if e, ok := d.Event.(complaint.ReporterErased); ok {
			if err := h.vault.erase(e.Key); err != nil {
				return err
			}
		}
	}
	return h.vault.marks.settle(ctx, done)
}

// closeErasures is finishErasures at the end of a run. One that failed before
// was told then, and is left to the next start.
func (h *House) closeErasures(ctx context.Context) error {
	h.vault.mu.Lock()
	owed := h.vault.owed
	h.vault.mu.Unlock()
	if owed {
		return nil
	}
	return h.finishErasures(ctx)
}

// erasuresDone is the position up to which nothing is owed; the start of the
// ledger where the vault does not say, or the ledger is shorter.
func (h *House) erasuresDone(ctx context.Context, head ledger.Position) (ledger.Position, error) {
	done, err := h.vault.marks.done(ctx)
	if done > head {
		done = ledger.Start
	}
	return done, err
}

// erasureMarks keep, beside the keys, up to where erasures are carried out.
type erasureMarks interface {
	done(ctx context.Context) (ledger.Position, error)
	settle(ctx context.Context, done ledger.Position) error
}

// folderMarks keep it in the vault of a folder; nothing where there is none.
type folderMarks string

func (f folderMarks) done(context.Context) (ledger.Position, error) {
	raw, err := os.ReadFile(filepath.Join(string(f), erasuresFile))
	n, bad := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil || bad != nil {
		return ledger.Start, nil
	}
	return ledger.Position(n), nil
}

func (f folderMarks) settle(_ context.Context, done ledger.Position) error {
	if _, err := os.Stat(string(f)); err != nil {
		return nil
	}
	return writeFile(filepath.Join(string(f), erasuresFile), []byte(done.String()+"\n"), 0o600)
}

// SealState is how what seals identities lies in the folder.
type SealState struct {
	// Path of the master key.
	Path string
	// Keys is how many identities can be opened.
	Keys int
	// Plain tells that the master key is in a file and not encrypted.
	Plain bool
}

// SealState looks at the vault and its master key, without opening either.
// The error says what is missing; the state is nil where nothing was sealed.
func (h *House) SealState() (*SealState, error) {
	s := &SealState{Path: filepath.Join(h.Dir, sealFile)}
	keys, err := seal.NewVault(filepath.Join(h.Dir, vaultDir), h.Codec.Origin(), nil).Keys()
	if err != nil {
		return nil, err
	}
	s.Keys = len(keys)
	raw, err := os.ReadFile(s.Path)
	if errors.Is(err, fs.ErrNotExist) && s.Keys == 0 {
		return nil, nil
	}
	if err != nil {
		return s, fmt.Errorf("the vault holds %d keys, and what they are wrapped by cannot be read: %w; put %s back from its backup", s.Keys, err, sealFile)
	}
	s.Plain = bytes.HasPrefix(bytes.TrimSpace(raw), []byte("-----BEGIN")) && !seal.IsEncrypted(raw)
	return s, nil
}
