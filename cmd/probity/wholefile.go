package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// wholeFile is a file that has its name only once it is whole and on the disk.
type wholeFile struct {
	*bufio.Writer
	f    *os.File
	path string
}

// createWhole begins a file that will lie at path, over an older one.
func createWhole(path string) (*wholeFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.partial")
	if err != nil {
		return nil, hinted{fmt.Errorf("write %s: %w", path, err), "the folder must be there, and writable"}
	}
	return &wholeFile{bufio.NewWriterSize(f, 256<<10), f, path}, nil
}

// commit puts the file in its place.
func (w *wholeFile) commit() error {
	err := errors.Join(w.Flush(), w.f.Sync(), w.f.Close())
	if err == nil {
		err = os.Rename(w.f.Name(), w.path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", w.path, err)
	}
	w.f = nil
	return nil
}

// drop removes what was not put in its place.
func (w *wholeFile) drop() {
	if w.f != nil {
		_ = w.f.Close()
		_ = os.Remove(w.f.Name())
	}
}

// beside is the path of a file beside another: records-posts.csv.
func beside(path, what string) string {
	ending := filepath.Ext(path)
	return strings.TrimSuffix(path, ending) + "-" + what + ending
}
