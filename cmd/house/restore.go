package house

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// unfinishedFile stands in a folder while a backup is put back there. A folder
// that has it is not opened.
const unfinishedFile = "restore.unfinished"

// ErrUnfinished: a backup was being put back, and that did not come to its end.
var ErrUnfinished = errors.New("a restore did not come to its end here")

// RestoreConfig says what is put back, and where.
type RestoreConfig struct {
	// Dir is the data folder; it must not exist, or be empty.
	Dir string
	// From is a backup: a folder, or a file with a tar stream. Stream is read
	// in its place where it is not nil.
	From   string
	Stream io.Reader
	// Vault is the backup of the vault; empty goes without one.
	Vault string
}

// Restored says what was put back.
type Restored struct {
	Manifest
	// Vault is the manifest of the vault, nil where there is none.
	Vault *Manifest
	// Erased is how many erasures were carried out on the vault again.
	Erased int
}

// Restore puts a backup back into an empty folder: every file as it was, by
// its digest, none missing and none added. Erasures that the ledger tells of
// are carried out on the vault. Signatures are not checked here.
//
// Where it fails, what it wrote is removed; a folder in which it was killed is
// refused by all (ErrUnfinished). Errors: ErrBackup for what is no whole
// backup, and what reading and writing give.
func Restore(ctx context.Context, cfg RestoreConfig) (_ Restored, err error) {
	if err := emptyDir(cfg.Dir); err != nil {
		return Restored{}, err
	}
	marker := filepath.Join(cfg.Dir, unfinishedFile)
	if err := writeFile(marker, nil, 0o600); err != nil {
		return Restored{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clearDir(cfg.Dir))
		}
	}()
	var r Restored
	if r.Manifest, err = unpack(ctx, cfg.From, cfg.Stream, cfg.Dir, kindLedger); err != nil {
		return r, err
	}
	if cfg.Vault != "" {
		vault, err := unpack(ctx, cfg.Vault, nil, cfg.Dir, kindVault)
		if err != nil {
			return r, err
		}
		if vault.Origin != r.Origin {
			return r, fmt.Errorf("%w: the vault is of the ledger %s, the rest of %s", ErrBackup, vault.Origin, r.Origin)
		}
		r.Vault = &vault
		if r.Erased, err = eraseAgain(ctx, cfg.Dir); err != nil {
			return r, err
		}
	}
	if err := os.Remove(marker); err != nil {
		return r, err
	}
	return r, syncDir(cfg.Dir)
}

// clearDir empties a folder that was empty when the restore began.
func clearDir(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// unpack writes the files of a backup into dir and compares them with its
// manifest.
func unpack(ctx context.Context, from string, stream io.Reader, dir, kind string) (Manifest, error) {
	got := map[string]BackupFile{}
	m, err := eachFile(from, stream, func(name string, r io.Reader) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if strings.HasPrefix(name, vaultDir+"/") != (kind == kindVault) {
			return fmt.Errorf("%w of a %s: it holds %s", ErrBackup, kind, name)
		}
		f, err := unpackFile(dir, name, r)
		got[name] = f
		return err
	})
	if err != nil {
		return m, err
	}
	if m.Kind != kind {
		return m, fmt.Errorf("%w of a %s, but of a %s", ErrBackup, kind, m.Kind)
	}
	for _, want := range m.Files {
		f, there := got[want.Name]
		switch {
		case !there:
			return m, fmt.Errorf("%w: %s is missing", ErrBackup, want.Name)
		case f.Size != want.Size || f.SHA256 != want.SHA256:
			return m, fmt.Errorf("%w: %s is not the file that was backed up (%d bytes, sha256 %s; want %d, %s)",
				ErrBackup, want.Name, f.Size, f.SHA256, want.Size, want.SHA256)
		}
		if err := os.Chmod(filepath.Join(dir, filepath.FromSlash(want.Name)), fs.FileMode(want.Mode)); err != nil {
			return m, err
		}
		delete(got, want.Name)
	}
	for name := range got {
		return m, fmt.Errorf("%w: %s was added to it", ErrBackup, name)
	}
	return m, syncTree(dir)
}

// unpackFile writes one file, and brings it to the disk.
func unpackFile(dir, name string, r io.Reader) (BackupFile, error) {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return BackupFile{}, fmt.Errorf("%w: it names %q", ErrBackup, name)
	}
	path := filepath.Join(dir, local)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return BackupFile{}, err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return BackupFile{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(out, sum), r)
	if err == nil {
		err = out.Sync()
	}
	return BackupFile{Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}, errors.Join(err, out.Close())
}

// syncTree makes the names of all files survive a power cut.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncDir(path)
	})
}

// eraseAgain destroys the keys whose erasure the ledger tells of, and returns
// how many that were. A ledger that lies elsewhere carries them out at the
// next start.
func eraseAgain(ctx context.Context, dir string) (int, error) {
	if _, err := os.Stat(filepath.Join(dir, ledgerFile)); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	h, err := openReading(Config{Dir: dir, Restored: true})
	if err != nil {
		return 0, err
	}
	h.vault = h.newVault(&Config{})
	h.vault.open(h.Codec.Origin())
	before, err := h.vault.Keys()
	if err == nil {
		err = h.finishErasures(ctx)
	}
	after, bad := h.vault.Keys()
	return len(before) - len(after), errors.Join(err, bad, h.Close())
}
