package index

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The files of the folder.
const (
	// SecretFile holds the secret that blinds the values, in base64. A copy
	// of the log for those who may read everything has it as well.
	SecretFile = "index-secret"

	// KeptFile holds the last root signed and its checkpoint; in a copy it is
	// called [CopyFile].
	KeptFile = "signed"

	refsFile    = "refs"
	touchesFile = "touches"
	signedFile  = KeptFile
)

// touchSize is the length of a record of touches: the number of the key, and
// the index of the event.
const touchSize = 4 + 8

// errShort: the files do not hold what the signed index covers.
var errShort = errors.New("the files of the index end before its last root")

// errWrite: the files could not be written.
var errWrite = errors.New("write the index")

// disk holds the files. What was written never changes, so that a reader may
// read up to the last root signed while one writes.
type disk struct {
	dir           string
	refs, touches *os.File
	// What waits to be written, and how far the files go.
	newRefs, newTouches []byte
	refsEnd, touchesEnd int64
}

func openDisk(dir string, write bool) (_ *disk, err error) {
	flags := os.O_RDONLY
	if write {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("open the index: %w", err)
		}
		flags = os.O_RDWR | os.O_CREATE
	}
	d := &disk{dir: dir}
	for name, f := range map[string]**os.File{refsFile: &d.refs, touchesFile: &d.touches} {
		if *f, err = os.OpenFile(filepath.Join(dir, name), flags, 0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("open the index: %w", err), d.close())
		}
	}
	return d, nil
}

func (d *disk) close() error {
	var err error
	for _, f := range []*os.File{d.refs, d.touches} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

func (d *disk) putRef(key Hash) { d.newRefs = append(d.newRefs, key[:]...) }

func (d *disk) putTouch(number int32, index int64) {
	d.newTouches = binary.BigEndian.AppendUint32(d.newTouches, uint32(number))
	d.newTouches = binary.BigEndian.AppendUint64(d.newTouches, uint64(index))
}

// flush writes what waits, touches last. It does not wait for the disk: what
// a crash takes is read from the store again.
func (d *disk) flush() error {
	_, err := d.refs.WriteAt(d.newRefs, d.refsEnd)
	if err == nil {
		d.refsEnd += int64(len(d.newRefs))
		_, err = d.touches.WriteAt(d.newTouches, d.touchesEnd)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errWrite, err)
	}
	d.touchesEnd += int64(len(d.newTouches))
	d.newRefs, d.newTouches = d.newRefs[:0], d.newTouches[:0]
	return nil
}

// cut drops what is beyond so many keys and touches.
func (d *disk) cut(refs, touches int64) error {
	d.refsEnd, d.touchesEnd = refs*int64(len(Hash{})), touches*touchSize
	if err := errors.Join(d.refs.Truncate(d.refsEnd), d.touches.Truncate(d.touchesEnd)); err != nil {
		return fmt.Errorf("%w: %w", errWrite, err)
	}
	return nil
}

// replay puts what the files hold of the first size events into a trie, and
// returns how many touches that are. Each event touches something, so a gap
// in their indices is damage.
func (d *disk) replay(t *trie, size int64) (touches int64, err error) {
	refs := bufio.NewReaderSize(io.NewSectionReader(d.refs, 0, 1<<62), 1<<18)
	in := bufio.NewReaderSize(io.NewSectionReader(d.touches, 0, 1<<62), 1<<18)
	at := int64(-1)
	for {
		var b [touchSize]byte
		if _, err := io.ReadFull(in, b[:]); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			return 0, fmt.Errorf("read the index: %w", err)
		}
		number, index := binary.BigEndian.Uint32(b[:]), int64(binary.BigEndian.Uint64(b[4:]))
		if index >= size {
			break
		}
		if index != at && index != at+1 || int(number) > len(t.leaves) {
			return 0, errShort
		}
		if int(number) < len(t.leaves) {
			t.touchNumber(int32(number), index)
		} else {
			var key Hash
			if _, err := io.ReadFull(refs, key[:]); err != nil {
				return 0, errShort
			}
			if _, twice := t.number[key]; twice {
				return 0, errShort
			}
			t.touch(key, index)
		}
		at = index
		touches++
	}
	if at != size-1 {
		return 0, errShort
	}
	return touches, nil
}

// indices lists the events below size that touch the key of that number, of
// which there are count.
func (d *disk) indices(number int32, size, count int64) ([]int64, error) {
	want := binary.BigEndian.AppendUint32(nil, uint32(number))
	out := make([]int64, 0, count)
	block := make([]byte, touchSize<<14)
	for at := int64(0); int64(len(out)) < count; at += int64(len(block)) {
		n, err := d.touches.ReadAt(block, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the index: %w", err)
		}
		for b := block[:n-n%touchSize]; len(b) > 0; b = b[touchSize:] {
			if bytes.Equal(b[:4], want) {
				if index := int64(binary.BigEndian.Uint64(b[4:])); index < size && int64(len(out)) < count {
					out = append(out, index)
				}
			}
		}
		if n < len(block) {
			break
		}
	}
	if int64(len(out)) != count {
		return nil, errUnfit
	}
	return out, nil
}

// readSigned returns the last root signed; nil when there is none.
func (d *disk) readSigned() ([]byte, error) { return readSigned(d.dir) }

func readSigned(dir string) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(dir, signedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return raw, err
}

func (d *disk) writeSigned(raw []byte) error {
	return replace(filepath.Join(d.dir, signedFile), raw, 0o644, false)
}

// replace writes a small file so that a reader sees the old one or the new.
func replace(path string, raw []byte, mode os.FileMode, wait bool) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("%w: %w", errWrite, err)
	}
	_, err = f.Write(raw)
	if wait && err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err == nil && wait {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errWrite, err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// secret reads the secret, or makes one where there is none and it may.
func (d *disk) secret(write bool) (Hash, error) {
	path := filepath.Join(d.dir, SecretFile)
	raw, err := os.ReadFile(path)
	if err == nil {
		s, err := ParseSecret(raw)
		if err != nil {
			return Hash{}, fmt.Errorf("%s: %w; put it back from a backup", path, err)
		}
		return s, nil
	}
	if !errors.Is(err, fs.ErrNotExist) || !write {
		return Hash{}, fmt.Errorf("read the secret of the index: %w", err)
	}
	var s Hash
	if _, err := rand.Read(s[:]); err != nil {
		return Hash{}, fmt.Errorf("make the secret of the index: %w", err)
	}
	return s, d.writeSecret(s)
}

func (d *disk) writeSecret(s Hash) error {
	return replace(filepath.Join(d.dir, SecretFile), marshalSecret(s), 0o600, true)
}

func marshalSecret(s Hash) []byte { return []byte(s.String() + "\n") }

// ParseSecret reads a file of the secret.
func ParseSecret(raw []byte) (Hash, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSuffix(string(raw), "\n"))
	if err != nil || len(b) != len(Hash{}) {
		return Hash{}, errors.New("this is not the secret of an index")
	}
	return Hash(b), nil
}
