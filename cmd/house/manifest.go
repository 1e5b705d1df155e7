package house

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// ManifestFile says what a backup holds. It is written last: a backup
	// without it is not whole.
	ManifestFile = "backup.json"

	// backupFormat is the form of backup that this program writes and reads.
	backupFormat = 1

	// backupData is the folder in a backup that holds the files of the data
	// folder, under the names they have there.
	backupData = "data"

	// maxManifest bounds a manifest, in bytes: a line for each file.
	maxManifest = 64 << 20
)

// Manifest says what a backup holds.
type Manifest struct {
	Format int `json:"format"`
	// Kind is ledger, or vault for the keys of sealed identities, which lie
	// in a backup of their own.
	Kind string `json:"kind"`
	// Origin is the name of the ledger, Begun when the backup was begun: what
	// was recorded before that is in it.
	Origin string    `json:"origin"`
	Begun  time.Time `json:"begun"`
	// Elsewhere: the events lie in a cluster, which has backups of its own.
	Elsewhere bool `json:"elsewhere,omitzero"`
	// Position and Events say how far the copied ledger reaches, Signed how
	// many events the last checkpoint in the backup covers.
	Position string `json:"position,omitzero"`
	Events   int64  `json:"events"`
	Signed   int64  `json:"signed"`
	// Identities is how many keys of sealed identities there were.
	Identities int `json:"identities,omitzero"`
	// Files are in the order in which they lie in the backup.
	Files []BackupFile `json:"files"`
}

// BackupFile is one file of a backup.
type BackupFile struct {
	// Name is its path in the data folder, with slashes.
	Name   string `json:"name"`
	Mode   uint32 `json:"mode"` // permission bits
	Size   int64  `json:"size"` // in bytes
	SHA256 string `json:"sha256"`
}

const (
	kindLedger = "ledger"
	kindVault  = "vault"
)

// ErrBackup: this is no backup, or not a whole one.
var ErrBackup = errors.New("this is not a whole backup")

func (m Manifest) marshal() ([]byte, error) {
	raw, err := json.Marshal(m, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", ManifestFile, err)
	}
	return append(raw, '\n'), nil
}

func parseManifest(raw []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(raw, &m, json.RejectUnknownMembers(true)); err != nil {
		return m, fmt.Errorf("%w: %s: %w", ErrBackup, ManifestFile, err)
	}
	switch {
	case m.Format != backupFormat:
		return m, fmt.Errorf("%w: %s has format %d, this program knows %d", ErrBackup, ManifestFile, m.Format, backupFormat)
	case m.Kind != kindLedger && m.Kind != kindVault:
		return m, fmt.Errorf("%w: %s is of the unknown kind %q", ErrBackup, ManifestFile, m.Kind)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) || f.Mode&^0o777 != 0 {
			return m, fmt.Errorf("%w: %s names a file %q of mode %o", ErrBackup, ManifestFile, f.Name, f.Mode)
		}
		if inVault := strings.HasPrefix(f.Name, vaultDir+"/"); inVault != (m.Kind == kindVault) {
			return m, fmt.Errorf("%w: %s of kind %s names the file %q", ErrBackup, ManifestFile, m.Kind, f.Name)
		}
	}
	return m, nil
}

// list takes in every file below data, with its digest, in the order of
// their names. Each is brought to the disk.
func (m *Manifest) list(data string) error {
	return filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return syncDir(path)
		}
		name, err := filepath.Rel(data, path)
		if err != nil {
			return err
		}
		f, err := digestFile(path)
		f.Name = filepath.ToSlash(name)
		m.Files = append(m.Files, f)
		return err
	})
}

// digestFile reads a file and brings it to the disk.
func digestFile(path string) (BackupFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return BackupFile{}, err
	}
	defer f.Close() // what is flushed is flushed
	info, err := f.Stat()
	if err != nil {
		return BackupFile{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err == nil {
		err = f.Sync()
	}
	return BackupFile{Mode: uint32(info.Mode().Perm()), Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}
