package house

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// WriteArchive writes a backup as one tar stream, the manifest last, so that
// one that was cut short is known as such.
func WriteArchive(w io.Writer, dir string) error {
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	out := tar.NewWriter(w)
	for _, f := range m.Files {
		if err := archiveFile(out, dir, backupData+"/"+f.Name, f.Mode); err != nil {
			return err
		}
	}
	if err := archiveFile(out, dir, ManifestFile, 0o600); err != nil {
		return err
	}
	return out.Close()
}

func archiveFile(out *tar.Writer, dir, name string, mode uint32) error {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	defer f.Close() // only read
	info, err := f.Stat()
	if err == nil {
		err = out.WriteHeader(&tar.Header{Name: name, Mode: int64(mode), Size: info.Size(), ModTime: info.ModTime()})
	}
	if err == nil {
		_, err = io.Copy(out, f)
	}
	return err
}

func readManifest(dir string) (Manifest, error) {
	raw, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%w: %s has no %s, which is written last", ErrBackup, dir, ManifestFile)
	}
	if err != nil {
		return Manifest{}, err
	}
	return parseManifest(raw)
}

// eachFile reads a backup, a folder or a tar stream, and gives every file in
// it, with its name in the data folder, to take. It returns the manifest,
// with which the files are yet to be compared.
func eachFile(from string, stream io.Reader, take func(name string, r io.Reader) error) (Manifest, error) {
	if stream != nil {
		return eachInStream(stream, take)
	}
	info, err := os.Stat(from)
	if err != nil {
		return Manifest{}, err
	}
	if info.IsDir() {
		return eachInFolder(from, take)
	}
	f, err := os.Open(from)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close() // only read
	return eachInStream(f, take)
}

// eachInFolder reads what the manifest names, and nothing else that may have
// come into the folder by reading the copy where it lies.
func eachInFolder(dir string, take func(name string, r io.Reader) error) (Manifest, error) {
	m, err := readManifest(dir)
	for _, file := range m.Files {
		if err != nil {
			return m, err
		}
		err = takeFile(filepath.Join(dir, backupData, filepath.FromSlash(file.Name)), file.Name, take)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil // found missing by whoever compares
		}
	}
	return m, err
}

func takeFile(path, name string, take func(name string, r io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(take(name, f), f.Close())
}

// eachInStream takes what was packed by hand as well: folders, and the
// manifest in any place.
func eachInStream(r io.Reader, take func(name string, r io.Reader) error) (Manifest, error) {
	var manifest []byte
	in := tar.NewReader(r)
	for {
		h, err := in.Next()
		switch {
		case errors.Is(err, io.EOF) && manifest != nil:
			return parseManifest(manifest)
		case errors.Is(err, io.EOF):
			return Manifest{}, fmt.Errorf("%w: it ends before its %s, which is written last", ErrBackup, ManifestFile)
		case err != nil:
			return Manifest{}, fmt.Errorf("%w: %w", ErrBackup, err)
		case h.Typeflag == tar.TypeDir:
			continue
		case h.Typeflag != tar.TypeReg:
			return Manifest{}, fmt.Errorf("%w: %s is no file", ErrBackup, h.Name)
		}
		name, data := strings.CutPrefix(path.Clean(h.Name), backupData+"/")
		switch {
		case data:
			err = take(name, in)
		case name == ManifestFile && manifest == nil:
			manifest, err = io.ReadAll(io.LimitReader(in, maxManifest))
		default:
			err = fmt.Errorf("%w: %s is no part of one", ErrBackup, h.Name)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%w: it was cut short: %w", ErrBackup, err)
		}
		if err != nil {
			return Manifest{}, err
		}
	}
}
