package house

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
)

// BackupConfig says where a backup goes.
type BackupConfig struct {
	// Dir is a new or empty folder for everything but the vault.
	Dir string
	// Vault is another, for the keys of sealed identities; empty leaves them
	// out. Where replicas have them elsewhere it is refused (ErrNoVault).
	Vault string
	// Progress is told how much of the ledger is copied and then compared with
	// the log; may be nil.
	Progress func(what string, done, total int64)
	// LeftOut is told of files that are no part of a backup: links, whose
	// owner keeps what they point to elsewhere, and what is no file.
	LeftOut func(name string)
}

// ErrNoVault: the keys of sealed identities are not in the folder.
var ErrNoVault = errors.New("replicas have the keys of sealed identities in PostgreSQL, and none is in the data folder")

// ErrKeysChanged: the keys of the folder were exchanged while it was copied.
var ErrKeysChanged = errors.New("the keys of the data folder were changed while the backup was made: make it again")

// copier is a store that lies in the data folder.
type copier interface {
	CopyTo(ctx context.Context, path string, progress func(done, total int64)) (ledger.Position, int64, error)
}

// Backup copies the data folder, beside a server that records if there is one,
// which never waits for it. The copy is as if the server had been killed at
// one moment after Backup was called: the ledger up to there, and a log that
// claims no more. What the views show is not copied, for they are built anew.
//
// The order makes it so: how far webhooks have come and the log's checkpoints
// first, then the ledger, then the vault, whose keys come before the events
// that need them, and all else.
// The copy is opened and compared with its log before the manifest is written;
// a backup without a manifest is no backup.
func (h *House) Backup(ctx context.Context, cfg BackupConfig) (Manifest, error) {
	b := &backup{h: h, cfg: cfg, data: filepath.Join(cfg.Dir, backupData),
		m: Manifest{Format: backupFormat, Kind: kindLedger, Origin: h.Codec.Origin(), Begun: h.now()}}
	if err := b.check(); err != nil {
		return b.m, err
	}
	if err := b.take(ctx); err != nil {
		return b.m, fmt.Errorf("back up %s: %w", h.Dir, err)
	}
	if cfg.Vault != "" {
		vault := b.m
		vault.Kind, vault.Files = kindVault, nil
		if err := sealBackup(vault, cfg.Vault); err != nil {
			return b.m, err
		}
	}
	return b.m, sealBackup(b.m, cfg.Dir)
}

// sealBackup writes the manifest of a folder, the last file of a backup.
func sealBackup(m Manifest, dir string) error {
	if err := m.list(filepath.Join(dir, backupData)); err != nil {
		return fmt.Errorf("read the backup back: %w", err)
	}
	raw, err := m.marshal()
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, ManifestFile), raw, 0o600)
}

// backup is one run of [House.Backup].
type backup struct {
	h    *House
	cfg  BackupConfig
	data string // where the copies go
	m    Manifest
	keys map[string]string // digests of the key files, before
}

// check makes the folders of the backup.
func (b *backup) check() error {
	if b.cfg.Vault != "" && b.h.SharesVault() {
		if keys, err := b.h.folderKeys(); err != nil || len(keys) == 0 {
			return cmp.Or(err, ErrNoVault)
		}
	}
	for _, dir := range []string{b.cfg.Dir, b.cfg.Vault} {
		if dir == "" {
			continue
		}
		inside, err := within(dir, b.h.Dir)
		if err != nil {
			return err
		}
		if inside {
			return fmt.Errorf("%s lies in the data folder: a backup goes elsewhere, best onto another machine", dir)
		}
		if err := emptyDir(dir); err != nil {
			return err
		}
		if err := os.Mkdir(filepath.Join(dir, backupData), 0o700); err != nil {
			return err
		}
	}
	return nil
}

func (b *backup) take(ctx context.Context) (err error) {
	if b.keys, err = keyDigests(b.h.Dir); err != nil {
		return err
	}
	journals := openJournals(b.h.Dir)
	defer journals.close()
	if err := b.hooks(); err != nil {
		return err
	}
	if err := b.log(ctx); err != nil {
		return err
	}
	if err := b.ledger(ctx); err != nil {
		return err
	}
	if err := b.vault(); err != nil {
		return err
	}
	if err := b.rest(ctx); err != nil {
		return err
	}
	journals.more()
	if err := journals.copyTo(filepath.Join(b.data, readingsDir)); err != nil {
		return err
	}
	return b.compare(ctx)
}

// hooks copies how far webhooks have come, so that none has come further than
// the ledger of the copy goes. Positions come first: beside an older list of the
// dead, a position would pass over what was given up before it.
func (b *backup) hooks() error {
	from, to := filepath.Join(b.h.Dir, hooksDir), filepath.Join(b.data, hooksDir)
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = os.Mkdir(to, 0o700)
	}
	for _, positions := range []bool{true, false} {
		for _, e := range entries {
			switch name := e.Name(); {
			case err != nil:
				return err
			case (filepath.Ext(name) == hookPosition) != positions:
			case !e.Type().IsRegular():
				if b.cfg.LeftOut != nil {
					b.cfg.LeftOut(hooksDir + "/" + name)
				}
			default:
				if err = copyFile(filepath.Join(from, name), filepath.Join(to, name)); errors.Is(err, fs.ErrNotExist) {
					err = nil // a file under another name for a moment
				}
			}
		}
	}
	return err
}

// log copies what the log's other files must cover, the index first.
func (b *backup) log(ctx context.Context) error {
	from, to := filepath.Join(b.h.Dir, LogDir), filepath.Join(b.data, LogDir)
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(to, indexDir), 0o700); err != nil {
		return err
	}
	signed := filepath.Join(indexDir, index.KeptFile)
	if err := copyFile(filepath.Join(from, signed), filepath.Join(to, signed)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return notary.CopySigned(ctx, from, to)
}

func (b *backup) ledger(ctx context.Context) error {
	store, here := any(b.h.Store).(copier)
	if b.m.Elsewhere = !here; !here {
		return nil
	}
	at, events, err := store.CopyTo(ctx, filepath.Join(b.data, ledgerFile), b.progress("copying"))
	b.m.Position, b.m.Events = at.String(), events
	return err
}

func (b *backup) progress(what string) func(done, total int64) {
	if b.cfg.Progress == nil {
		return nil
	}
	return func(done, total int64) { b.cfg.Progress(what, done, total) }
}

// vault copies the keys of sealed identities, how far erasures are carried
// out first. One that goes missing meanwhile was erased.
func (b *backup) vault() error {
	from, to := filepath.Join(b.h.Dir, vaultDir), filepath.Join(b.cfg.Vault, backupData, vaultDir)
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	slices.SortStableFunc(entries, func(x, y fs.DirEntry) int {
		switch {
		case x.Name() == erasuresFile:
			return -1
		case y.Name() == erasuresFile:
			return 1
		}
		return 0
	})
	if b.cfg.Vault != "" && err == nil {
		err = os.Mkdir(to, 0o700)
	}
	for _, e := range entries {
		if err != nil {
			return err
		}
		if e.Name() != erasuresFile {
			b.m.Identities++
		}
		if b.cfg.Vault == "" {
			continue
		}
		err = copyFile(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return err
}

// elsewhere tells of files in the data folder that were copied already, or
// are not: what is made again, and what has a meaning to a running process
// alone.
func (b *backup) elsewhere(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{vaultDir, readingsDir, hooksDir, "LOCK"}, first) ||
		strings.HasPrefix(first, ledgerFile) || strings.HasPrefix(first, viewsFile)
}

// rest copies all other files; what is no file is left out.
func (b *backup) rest(ctx context.Context) error {
	err := filepath.WalkDir(b.h.Dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a file under another name for a moment
		}
		rel, bad := filepath.Rel(b.h.Dir, path)
		if err = errors.Join(err, bad, ctx.Err()); err != nil {
			return err
		}
		to := filepath.Join(b.data, rel)
		switch name := filepath.ToSlash(rel); {
		case rel == ".":
			return nil
		case b.elsewhere(name) && d.IsDir():
			return fs.SkipDir
		case b.elsewhere(name):
			return nil
		case d.IsDir():
			return os.MkdirAll(to, 0o700)
		case !d.Type().IsRegular():
			if b.cfg.LeftOut != nil {
				b.cfg.LeftOut(name)
			}
			return nil
		}
		if _, err := os.Lstat(to); err == nil {
			return nil // a checkpoint, copied before the ledger
		}
		if err := copyFile(path, to); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	after, err := keyDigests(b.data)
	for name, digest := range b.keys {
		if after[name] != digest {
			err = errors.Join(err, fmt.Errorf("%w (%s)", ErrKeysChanged, name))
		}
	}
	return err
}

// keyEndings are those of files of keys: in use, public, replaced, waiting.
var keyEndings = []string{".key", ".pub", ".old", ".next"}

// keyDigests are those of the files that belong together: keys, and what they
// are known by. Those that are links are not copied, and not compared.
func keyDigests(dir string) (map[string]string, error) {
	digests := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || name != originFile && !slices.Contains(keyEndings, filepath.Ext(name)) {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		digests[name] = hex.EncodeToString(sum[:])
	}
	return digests, nil
}

// copyFile copies a file that may be growing, up to where it ends now.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	return copyOpen(in, to)
}

func copyOpen(in *os.File, to string) error {
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.NewSectionReader(in, 0, info.Size()))
	return errors.Join(err, out.Close())
}
