package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// outputs are the files of the catalogue, by their path in its folder.
type outputs map[string][]byte

// staleFiles names the files that are missing, differ, or belong to nothing
// any more, in order.
func staleFiles(dir string, want outputs) ([]string, error) {
	have, err := readAll(dir)
	if err != nil {
		return nil, err
	}
	var stale []string
	for name, b := range want {
		if old, ok := have[name]; !ok || !bytes.Equal(old, b) {
			stale = append(stale, name)
		}
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			stale = append(stale, name)
		}
	}
	slices.Sort(stale)
	return stale, nil
}

// write brings the folder to what is wanted; a file that belongs to nothing
// is removed.
func write(dir string, want outputs) error {
	stale, err := staleFiles(dir, want)
	if err != nil {
		return err
	}
	for _, name := range stale {
		path := filepath.Join(dir, filepath.FromSlash(name))
		b, wanted := want[name]
		if !wanted {
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func readAll(dir string) (outputs, error) {
	have := outputs{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		have[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return have, nil
	}
	return have, err
}
