package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyExt ends the name of a data key's file.
const keyExt = ".key"

// Folder is a shelf of one process: a folder with a file for each key. It is
// made with the first.
//
// A key is destroyed by overwriting its file, writing that through to the
// medium, and removing it. A medium that keeps old blocks (a flash drive, a
// copying file system, a snapshot) may hold the wrapped key a while longer.
func Folder(dir string) Shelf { return folder(dir) }

type folder string

func (f folder) path(id string) string { return filepath.Join(string(f), id+keyExt) }

func (f folder) Put(id string, wrapped []byte) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return fmt.Errorf("make the vault: %w", err)
	}
	return writeNew(f.path(id), wrapped)
}

func (f folder) Get(id string) ([]byte, error) {
	wrapped, err := os.ReadFile(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoKey
	}
	return wrapped, err
}

func (f folder) Has(id string) (bool, error) {
	_, err := os.Stat(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (f folder) Destroy(id string) error {
	err := overwrite(f.path(id))
	if err == nil {
		err = os.Remove(f.path(id))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncDir(string(f))
	}
	return err
}

func (f folder) List() ([]string, error) {
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), keyExt); ok && isKeyID(id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// writeNew writes a file that was not there, and its name, to the medium.
func writeNew(path string, raw []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncDir(filepath.Dir(path))
}

// overwrite puts random bytes in the place of a file's content.
func overwrite(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = io.CopyN(f, rand.Reader, info.Size())
	}
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
