package notary

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// The files of the folder.
const (
	signedFile = "signed"
	leavesFile = "leaves"
	nodesFile  = "nodes-" // and the level
)

// leafSize is the length of a record of leaves: position and leaf hash.
const leafSize = 8 + tlog.HashSize

// leaf is one event in the log.
type leaf struct {
	position ledger.Position
	hash     tlog.Hash
}

// leafOf returns the leaf of a stored event.
func leafOf(s ledger.Stored) leaf { return leaf{s.Position, tlog.RecordHash(s.Envelope)} }

func (l leaf) append(b []byte) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(l.position)), l.hash[:]...)
}

func parseLeaf(b []byte) leaf {
	return leaf{ledger.Position(binary.BigEndian.Uint64(b)), tlog.Hash(b[8:leafSize])}
}

// disk holds the files of the tree. Records already written never change, so
// that anybody may read below the size of a signed checkpoint while one
// writes.
type disk struct {
	dir   string
	write bool
	// signed is nil for a reader, cosigned unless witnesses are asked.
	signed, cosigned *slotFile
	// last is the newest slot of signed when it was opened, if there was one.
	last  slot
	found bool
	// level[0] is leaves, the others nodes; opened when first needed by the
	// writer, and at once by a reader.
	level [tileLevels]*os.File
	// What waits to be written, and where it goes.
	waiting [tileLevels][]byte
	from    [tileLevels]int64
	dirty   [tileLevels]bool
}

func levelName(level int) string {
	if level == 0 {
		return leavesFile
	}
	return fmt.Sprintf("%s%d", nodesFile, level)
}

func recordSize(level int) int64 {
	if level == 0 {
		return leafSize
	}
	return tlog.HashSize
}

func openDisk(dir string, write bool) (_ *disk, err error) {
	d := &disk{dir: dir, write: write}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open the transparency log: %w", err), d.close())
		}
	}()
	if write {
		err = d.create()
	} else {
		err = d.readSigned()
	}
	if err != nil {
		return nil, err
	}
	for level := range d.level {
		if err := d.openLevel(level, false); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// create makes what a writer needs and does not find.
func (d *disk) create() (err error) {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	if d.signed, d.last, d.found, err = openSlots(filepath.Join(d.dir, signedFile)); err != nil {
		return asDamagedSlots(err)
	}
	return syncDir(filepath.Dir(d.dir))
}

// readSigned reads the last checkpoint, beside whoever writes.
func (d *disk) readSigned() error {
	f, err := os.Open(filepath.Join(d.dir, signedFile))
	if err != nil {
		return err
	}
	d.last, _, d.found, err = readSlots(f)
	return errors.Join(asDamagedSlots(err), f.Close())
}

func asDamagedSlots(err error) error {
	if errors.Is(err, errDamagedSlots) {
		return &ledger.IntegrityError{What: err.Error()}
	}
	return err
}

// openLevel opens the file of a level; one that does not exist stays closed
// unless it is to be made.
func (d *disk) openLevel(level int, make bool) error {
	flags := os.O_RDONLY
	if d.write {
		flags = os.O_RDWR
	}
	if make {
		flags |= os.O_CREATE
	}
	f, err := os.OpenFile(filepath.Join(d.dir, levelName(level)), flags, 0o644)
	if errors.Is(err, fs.ErrNotExist) && !make {
		return nil
	}
	if err != nil {
		return err
	}
	d.level[level] = f
	if make {
		return syncDir(d.dir)
	}
	return nil
}

// records returns how many whole records a level has on file.
func (d *disk) records(level int) (int64, error) {
	if d.level[level] == nil {
		return 0, nil
	}
	info, err := d.level[level].Stat()
	if err != nil {
		return 0, fmt.Errorf("read the transparency log: %w", err)
	}
	return info.Size() / recordSize(level), nil
}

// put appends a record to what waits for flush. Records of a level are put
// one after another.
func (d *disk) put(level int, index int64, record []byte) {
	if len(d.waiting[level]) == 0 {
		d.from[level] = index
	}
	d.waiting[level] = append(d.waiting[level], record...)
}

// drop forgets what waits to be written.
func (d *disk) drop() {
	for level := range d.waiting {
		d.waiting[level] = d.waiting[level][:0]
	}
}

// flush writes what waits; it does not wait for the disk.
func (d *disk) flush() error {
	for level, b := range d.waiting {
		if len(b) == 0 {
			continue
		}
		if d.level[level] == nil {
			if err := d.openLevel(level, true); err != nil {
				return fmt.Errorf("write the transparency log: %w", err)
			}
		}
		if _, err := d.level[level].WriteAt(b, d.from[level]*recordSize(level)); err != nil {
			return fmt.Errorf("write the transparency log: %w", err)
		}
		d.waiting[level], d.dirty[level] = b[:0], true
	}
	return nil
}

// sync waits until all that was flushed is on the disk.
func (d *disk) sync() error {
	for level, f := range d.level {
		if f == nil || !d.dirty[level] {
			continue
		}
		if err := syncData(f); err != nil {
			return fmt.Errorf("write the transparency log: %w", err)
		}
		d.dirty[level] = false
	}
	return nil
}

// cut drops all records of a level from index on.
func (d *disk) cut(size int64) error {
	for level, f := range d.level {
		if f == nil {
			continue
		}
		keep := (size >> (tileHeight * level)) * recordSize(level)
		if info, err := f.Stat(); err != nil || info.Size() <= keep {
			if err != nil {
				return fmt.Errorf("mend the transparency log: %w", err)
			}
			continue
		}
		if err := f.Truncate(keep); err != nil {
			return fmt.Errorf("mend the transparency log: %w", err)
		}
		d.dirty[level] = true
	}
	return nil
}

// errShort: a file of the tree ends before what was signed.
var errShort = errors.New("the files of the transparency log end before its last checkpoint")

// hashes reads count hashes of a tile level, from index on.
func (d *disk) hashes(level int, index int64, count int) ([]byte, error) {
	size := recordSize(level)
	b := make([]byte, int64(count)*size)
	if d.level[level] == nil {
		return nil, errShort
	}
	if _, err := d.level[level].ReadAt(b, index*size); errors.Is(err, io.EOF) {
		return nil, errShort
	} else if err != nil {
		return nil, fmt.Errorf("read the transparency log: %w", err)
	}
	if level > 0 {
		return b, nil
	}
	for i := range count {
		copy(b[i*tlog.HashSize:], b[i*leafSize+8:(i+1)*leafSize])
	}
	return b[:count*tlog.HashSize], nil
}

// leavesAt reads count leaves from index on.
func (d *disk) leavesAt(index int64, count int) ([]leaf, error) {
	b := make([]byte, count*leafSize)
	if d.level[0] == nil {
		return nil, errShort
	}
	if _, err := d.level[0].ReadAt(b, index*leafSize); errors.Is(err, io.EOF) {
		return nil, errShort
	} else if err != nil {
		return nil, fmt.Errorf("read the transparency log: %w", err)
	}
	out := make([]leaf, count)
	for i := range out {
		out[i] = parseLeaf(b[i*leafSize:])
	}
	return out, nil
}

func (d *disk) close() error {
	var err error
	for _, f := range d.level {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	for _, s := range []*slotFile{d.signed, d.cosigned} {
		if s != nil {
			err = errors.Join(err, s.f.Close())
		}
	}
	return err
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
