package denial

import (
	"fmt"
	"os"
	"sync"
)

// DefaultFileSize is at how many bytes a File is turned over.
const DefaultFileSize = 8 << 20

// File is a file of records that is turned over at a size: what is there
// becomes path.1, in place of an earlier one.
type File struct {
	path string
	max  int64

	mu   sync.Mutex // guards what follows
	file *os.File
	size int64
}

// OpenFile opens a file to append to, or makes it with mode 0600. A max of
// zero is DefaultFileSize.
func OpenFile(path string, max int64) (*File, error) {
	if max == 0 {
		max = DefaultFileSize
	}
	f := &File{path: path, max: max}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("open the file of denials: %w", err)
	}
	return f, nil
}

func (f *File) open() error {
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return err
	}
	f.file, f.size = file, info.Size()
	return nil
}

// Write appends one record. A record that fails is lost; the next tries anew.
func (f *File) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file != nil && f.size > 0 && f.size+int64(len(p)) > f.max {
		f.file.Close()
		f.file = nil
		if err := os.Rename(f.path, f.path+".1"); err != nil {
			return 0, err
		}
	}
	if f.file == nil {
		if err := f.open(); err != nil {
			return 0, err
		}
	}
	n, err := f.file.Write(p)
	f.size += int64(n)
	return n, err
}

// Close closes the file. Nothing may be written afterwards.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}
