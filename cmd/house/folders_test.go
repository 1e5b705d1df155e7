package house

import (
	"io/fs"
	"os"
	"sync"
	"testing"
	"testing/fstest"
)

// beginning is a data folder that is made once, by a closed house, and of which
// each test has a copy of its own: making keys, store and views takes longer
// than the rest of many a test.
type beginning struct {
	make func(t *testing.T, dir string)

	mu    sync.Mutex // guards files
	files fstest.MapFS
}

// in returns the folder of a copy.
func (b *beginning) in(t *testing.T) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.files == nil {
		dir := t.TempDir()
		b.make(t, dir)
		b.files = filesIn(t, dir)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, b.files); err != nil {
		t.Fatal(err)
	}
	return dir
}

func filesIn(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// fresh is a folder with plain keys, in which nothing is recorded yet.
var fresh = beginning{make: func(t *testing.T, dir string) {
	h := opened(t, Config{Dir: dir, Write: true, PlainKey: true})
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	closed(t, h)
}}
