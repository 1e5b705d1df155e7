package house

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger/seal"
)

const (
	// filesDir holds the files that reporters hand in, encrypted under the keys
	// in the vault: a folder for each key, a file for each digest.
	filesDir = "files"
	// newFile begins the names of files that are not whole yet.
	newFile = ".new-"
	// DefaultFilesMiB is how much all files take at most, in MiB.
	DefaultFilesMiB = 10 << 10

	maxFile          = 20 << 20  // of one file, in bytes
	maxFiles         = 10        // of one message
	maxComplaintSize = 100 << 20 // of all files of one complaint, in bytes
	maxFileName      = 255       // in bytes
	maxMediaType     = 127       // in bytes
	// usedFor is how long a count of what files take is believed, where other
	// processes may add to them.
	usedFor = time.Minute
)

// files keeps what reporters hand in. It is safe for concurrent use.
type files struct {
	dir    string // empty: nothing can be taken
	budget int64  // of all files, in bytes

	mu      sync.Mutex // guards what follows
	used    int64      // bytes
	counted time.Time
}

// errNoFiles: replicas have no folder for files in common.
var errNoFiles = intake.Refusal{Field: "files", Reason: "no files are taken here: the agency runs several servers that share no folder for them; describe what they show, or bring them along"}

// errNoRoom: all files take what they may.
var errNoRoom = intake.Refusal{Field: "files", Reason: "there is no room for more files now; hand the rest in without them, and say what they show"}

// fileHead is sealed with a file, before its content: a name may tell who
// reported, so it stands in no event.
type fileHead struct {
	Name string `json:"name"`
}

// fileField is where a file is sealed, on the stream of its complaint.
func fileField(digest string) string { return "file:" + digest }

// newFiles are those of a house: in its folder, or in one that replicas share.
func newFiles(cfg Config, replica bool) *files {
	f := &files{dir: cfg.Files.Dir, budget: cmp.Or(cfg.Files.MiB, DefaultFilesMiB) << 20}
	if f.dir == "" && !replica {
		f.dir = filepath.Join(cfg.Dir, filesDir)
	}
	return f
}

// path of a file by the data key and the digest of what it holds.
func (f *files) path(key, digest string) string {
	return filepath.Join(f.dir, key, strings.TrimPrefix(digest, "sha256:"))
}

// clean removes what a crash left half written. Others may be writing where the
// folder is shared: what is young is left to them.
func (f *files) clean(now time.Time) error {
	folders, err := os.ReadDir(f.dir)
	if f.dir == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, folder := range folders {
		list, bad := os.ReadDir(filepath.Join(f.dir, folder.Name()))
		if bad != nil {
			continue // no folder, or gone meanwhile
		}
		for _, e := range list {
			if info, bad := e.Info(); bad == nil && strings.HasPrefix(e.Name(), newFile) && now.Sub(info.ModTime()) > time.Hour {
				err = errors.Join(err, os.Remove(filepath.Join(f.dir, folder.Name(), e.Name())))
			}
		}
	}
	return err
}

// any tells whether there are files, of whichever key.
func (f *files) any() (bool, error) {
	if f.dir == "" {
		return false, nil
	}
	d, err := os.Open(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer d.Close()
	_, err = d.Readdirnames(1)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return err == nil, err
}

// erase removes the files under a key that is destroyed. Nobody could open them
// any more; that there were such files need not stay.
func (f *files) erase(key string) error {
	if f.dir == "" || !seal.IsKeyID(key) {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(f.dir, key)); err != nil {
		return fmt.Errorf("remove the files of an erased complaint: %w", err)
	}
	f.mu.Lock()
	f.counted = time.Time{}
	f.mu.Unlock()
	return nil
}

// size is what the files of a folder take, in bytes.
func size(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				n += info.Size()
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		return err
	})
	return n, err
}

// take reserves room for bytes, or refuses.
func (f *files) take(n int64, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.counted) > usedFor {
		used, err := size(f.dir)
		if err != nil {
			return fmt.Errorf("count what files take: %w", err)
		}
		f.used, f.counted = used, now
	}
	if f.used+n > f.budget {
		return errNoRoom
	}
	f.used += n
	return nil
}

// put encrypts files under the unlocked key and returns what tells of them,
// in their order, and which of them were not there before. They are on the disk
// when it returns.
func (f *files) put(u *seal.Unlocked, key string, list []intake.File, now time.Time) (told []domain.Evidence, added []string, err error) {
	if len(list) == 0 {
		return nil, nil, nil
	}
	if f.dir == "" {
		return nil, nil, errNoFiles
	}
	dir := filepath.Join(f.dir, key)
	defer func() {
		if err != nil {
			err = errors.Join(err, f.drop(key, added))
		}
	}()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make a folder for files: %w", err)
	}
	has, err := size(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, file := range list {
		e, err := evidenceOf(file)
		if err != nil {
			return nil, added, err
		}
		told = append(told, e)
		if _, err := os.Stat(f.path(key, e.Digest)); err == nil {
			continue // handed in again
		}
		if has += e.Size; has > maxComplaintSize {
			return nil, added, intake.Refusal{Field: "files", Reason: fmt.Sprintf("all files of a complaint may take %d MiB", maxComplaintSize>>20)}
		}
		if err := f.take(e.Size, now); err != nil {
			return nil, added, err
		}
		if err := f.write(u, key, file, e); err != nil {
			return nil, added, err
		}
		added = append(added, e.Digest)
	}
	return told, added, errors.Join(syncDir(dir), syncDir(f.dir))
}

// drop removes files that nothing was recorded of.
func (f *files) drop(key string, digests []string) (err error) {
	for _, digest := range digests {
		if bad := os.Remove(f.path(key, digest)); !errors.Is(bad, fs.ErrNotExist) {
			err = errors.Join(err, bad)
		}
	}
	if seal.IsKeyID(key) && f.dir != "" {
		_ = os.Remove(filepath.Join(f.dir, key)) // where it is empty
	}
	f.mu.Lock()
	f.counted = time.Time{}
	f.mu.Unlock()
	return err
}
