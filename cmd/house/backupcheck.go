package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/probity-ledger/probity/ledger/embedded"
)

// now is the clock of the house.
func (h *House) now() time.Time {
	if h.cfg.Now == nil {
		return time.Now().UTC()
	}
	return h.cfg.Now().UTC()
}

// compare opens the copy as any reader would and compares every event in it
// with its log's last checkpoint, so that a backup is known to be good when it
// is made.
func (b *backup) compare(ctx context.Context) error {
	if b.m.Elsewhere {
		return nil
	}
	copied, err := Open(Config{Dir: b.data})
	if err == nil {
		err = b.compareWith(ctx, copied)
		err = errors.Join(err, copied.Close())
	}
	if err != nil {
		return fmt.Errorf("the copy is not good: %w", err)
	}
	for _, suffix := range []string{"-wal", "-shm"} { // left by reading
		if err := os.Remove(filepath.Join(b.data, ledgerFile+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (b *backup) compareWith(ctx context.Context, copied *House) error {
	err := b.compareHead(ctx)
	if err != nil || copied.Notary == nil {
		return err
	}
	signed, _ := copied.Notary.Signed()
	progress := b.progress("comparing with the log")
	b.m.Signed, err = copied.Notary.Check(ctx, func(done int64) {
		if progress != nil {
			progress(done, signed.Size)
		}
	})
	return err
}

// compareHead counts the events of the copy.
func (b *backup) compareHead(ctx context.Context) error {
	s, err := embedded.Open(b.data, embedded.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	at, events, err := s.Head(ctx)
	if err == nil && (at.String() != b.m.Position || events != b.m.Events) {
		err = fmt.Errorf("it reaches to position %s, not %s", at, b.m.Position)
	}
	if err == nil {
		err = s.CheckHead(ctx)
	}
	return errors.Join(err, s.Close())
}

// journals are those of readings, held open from before the ledger is copied.
// One that is recorded and removed meanwhile can still be read to its end, so
// that of each reading the copy has the journal, the event, or both, which
// come to the same.
type journals struct {
	dir   string
	names []string // in the order of opening
	files map[string]*os.File
}

func openJournals(dir string) *journals {
	j := &journals{dir: filepath.Join(dir, readingsDir), files: map[string]*os.File{}}
	j.more()
	return j
}

// more opens the journals that are not open yet. One that cannot be found any
// more is recorded; one in the making is of files that were not shown.
func (j *journals) more() {
	entries, _ := os.ReadDir(j.dir) // no folder: nobody read a file yet
	for _, e := range entries {
		if j.files[e.Name()] != nil || strings.HasPrefix(e.Name(), partialMark) {
			continue
		}
		if f, err := os.Open(filepath.Join(j.dir, e.Name())); err == nil {
			j.files[e.Name()], j.names = f, append(j.names, e.Name())
		}
	}
}

func (j *journals) copyTo(dir string) error {
	if len(j.names) == 0 {
		return nil
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for _, name := range j.names {
		if err := copyOpen(j.files[name], filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func (j *journals) close() {
	for _, f := range j.files {
		_ = f.Close() // only read
	}
}

// emptyDir makes a folder, or makes sure that an existing one is empty.
func emptyDir(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s is not empty (%s…): nothing in it is overwritten", dir, entries[0].Name())
	}
	return err
}

// within tells whether a path is that of the folder or lies in it, links
// followed as far as it exists.
func within(path, dir string) (bool, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return false, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return false, err
	}
	rest := ""
	for {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			path = filepath.Join(real, rest)
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return false, err
		}
		path, rest = filepath.Dir(path), filepath.Join(filepath.Base(path), rest)
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}
