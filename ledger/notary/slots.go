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
)

// The file of signed checkpoints has two slots that take turns, so that one
// is whole at any moment, whatever becomes of the other while it is written.
// Neither grows the file, so that putting one on the disk takes a single
// flush.
const (
	slotSize  = MaxCheckpoint + 1024
	slotMagic = "PBTLOG\x00\x01"
	slotHead  = len(slotMagic) + 8 + 8 + 4
)

// slot is what one slot holds.
type slot struct {
	// turn rises by one with each slot written.
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

// readSlots returns the newest whole slot; false when none was ever written.
// A file in which something stands and nothing is whole is not what a crash
// leaves behind: only the very first slot may be torn while the second is
// still blank.
func readSlots(f *os.File) (slot, bool, error) {
	var newest slot
	var found, blank bool
	for i := range int64(2) {
		b := make([]byte, slotSize)
		n, err := f.ReadAt(b, i*slotSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return slot{}, false, fmt.Errorf("read the last checkpoint: %w", err)
		}
		if s, ok := decodeSlot(b[:n]); ok && (!found || s.turn > newest.turn) {
			newest, found = s, true
		}
		blank = len(bytes.Trim(b[:n], "\x00")) == 0
	}
	if !found && !blank {
		return slot{}, false, errDamagedSlots
	}
	return newest, found, nil
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

// writeSlot puts a slot on the disk.
func writeSlot(f *os.File, s slot) error {
	b, err := s.encode()
	if err != nil {
		return err
	}
	// The first turn is 1 and takes the first slot.
	if _, err := f.WriteAt(b, int64((s.turn+1)%2)*slotSize); err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	if err := syncData(f); err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	return nil
}
