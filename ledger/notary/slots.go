package notary

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// The file of signed checkpoints has two slots, so that one is whole on the
// disk at any moment, whatever becomes of the other while it is written.
// Neither grows the file, so that putting one on the disk takes a single
// flush.
const (
	slotSize  = MaxCheckpoint + 1024
	slotMagic = "PBTLOG\x00\x01"
	slotHead  = len(slotMagic) + 8 + 8 + 4
)

// slot is what one slot holds.
type slot struct {
	// turn rises by one with each slot put.
	turn uint64
	// synced is how many leaves were on the disk, nodes and all.
	synced int64
	// note is the signed checkpoint.
	note []byte
}

func (s slot) encode() ([]byte, error) {
	if len(s.note) > MaxCheckpoint {
		return nil, fmt.Errorf("checkpoint of %d bytes, at most %d are kept", len(s.note), MaxCheckpoint)
	}
	b := make([]byte, 0, slotHead+len(s.note)+sha256.Size)
	b = append(b, slotMagic...)
	b = binary.BigEndian.AppendUint64(b, s.turn)
	b = binary.BigEndian.AppendUint64(b, uint64(s.synced))
	b = binary.BigEndian.AppendUint32(b, uint32(len(s.note)))
	b = append(b, s.note...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

// decodeSlot returns false for what is not a whole slot.
func decodeSlot(b []byte) (slot, bool) {
	if len(b) < slotHead+sha256.Size || !bytes.HasPrefix(b, []byte(slotMagic)) {
		return slot{}, false
	}
	head := b[len(slotMagic):]
	s := slot{turn: binary.BigEndian.Uint64(head), synced: int64(binary.BigEndian.Uint64(head[8:]))}
	length := int(binary.BigEndian.Uint32(head[16:]))
	if length > MaxCheckpoint || len(b) < slotHead+length+sha256.Size || s.synced < 0 {
		return slot{}, false
	}
	end := slotHead + length
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:end+sha256.Size]) {
		return slot{}, false
	}
	s.note = bytes.Clone(b[slotHead:end])
	return s, true
}

// readSlots returns the newest whole slot and which of the two it is; false
// when none was ever written. A file in which something stands and nothing is
// whole is not what a crash leaves behind: only the very first slot may be
// torn while the second is still blank.
func readSlots(f *os.File) (newest slot, at int64, found bool, err error) {
	var blank bool
	for i := range int64(2) {
		b := make([]byte, slotSize)
		n, err := f.ReadAt(b, i*slotSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return slot{}, 0, false, fmt.Errorf("read the last checkpoint: %w", err)
		}
		if s, ok := decodeSlot(b[:n]); ok && (!found || s.turn > newest.turn) {
			newest, at, found = s, i, true
		}
		blank = len(bytes.Trim(b[:n], "\x00")) == 0
	}
	if !found && !blank {
		return slot{}, 0, false, errDamagedSlots
	}
	return newest, at, found, nil
}

// reserveSlots brings a file of slots to its full length once, so that no slot
// ever grows it.
func reserveSlots(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Size() >= 2*slotSize {
		return err
	}
	if _, err := f.WriteAt(make([]byte, 2*slotSize-info.Size()), info.Size()); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(f.Name()))
}

var errDamagedSlots = errors.New("the file of the last signed checkpoints is damaged")

// slotFile writes a file of slots. It is for one goroutine at a time.
//
// What is put is in the file at once, where it outlives this process, and on
// the disk after the next flush. Until then it may be put over and over: the
// slot that was flushed last is not touched before another one is on the disk.
// So a power cut, which may leave of what was not flushed the old bytes, the
// new, or a mixture, leaves that slot or a newer one.
type slotFile struct {
	f    *os.File
	turn uint64 // of the newest slot
	at   int64  // where it is
	// since is when the oldest slot that is not on the disk was put; zero
	// when the newest is on the disk.
	since time.Time
}

// openSlots opens the file for writing, makes it if there is none, and
// returns the newest slot, which then is on the disk.
func openSlots(path string) (s *slotFile, newest slot, found bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, slot{}, false, err
	}
	s = &slotFile{f: f, at: 1}
	err = reserveSlots(f)
	if err == nil {
		newest, s.at, found, err = readSlots(f)
	}
	switch {
	case err != nil:
	case found: // a process that was killed may have put it without a flush
		s.turn = newest.turn
		err = syncData(f)
	default:
		s.at = 1 // the first goes into the first
	}
	if err != nil {
		return nil, slot{}, false, errors.Join(err, f.Close())
	}
	return s, newest, found, nil
}

// put makes it the newest slot. It does not wait for the disk, except for the
// very first, beside which there is no other.
func (s *slotFile) put(next slot) error {
	next.turn = s.turn + 1
	b, err := next.encode()
	if err != nil {
		return err
	}
	at := s.at
	if s.since.IsZero() {
		at = 1 - s.at
	}
	if _, err := s.f.WriteAt(b, at*slotSize); err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	s.turn, s.at = next.turn, at
	if s.since.IsZero() {
		s.since = time.Now()
	}
	if s.turn == 1 {
		return s.flush()
	}
	return nil
}

// flush waits until the newest slot is on the disk. After it has failed
// nobody knows what is there: nothing must be put any more.
func (s *slotFile) flush() error {
	if s.since.IsZero() {
		return nil
	}
	if err := syncData(s.f); err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	s.since = time.Time{}
	return nil
}
