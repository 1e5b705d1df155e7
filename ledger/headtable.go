package ledger

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// A record of a head table: the key, the hash of the last payload, when it was
// recorded, the revision, and a byte that tells it from an empty slot.
const (
	headRecord   = 64
	headHash     = len(headKey{})
	headRecorded = headHash + len(Hash{})
	headRevision = headRecorded + 8
	headPresent  = headRevision + 4
)

const (
	// smallTable is with how many slots a table begins; up to memorySlots it
	// is in memory.
	smallTable  = 1 << 10
	memorySlots = 1 << 20

	// headWindow is how many slots are read from a file at once.
	headWindow = 16
)

// headTable is a hash table with linear probing. A key's first slot is given
// by its first bits, so that records in their order are almost sorted: the
// table is written out, and grows, in one walk. What has outgrown the memory
// given to it is in a temporary file.
type headTable struct {
	slots  int64 // a power of two
	used   int64
	inMem  int64 // slots that may be in memory
	memory []byte
	file   *os.File
	// window holds the slots of the file from first on.
	window []byte
	first  int64
}

func newHeadTable(slots, inMemory int64) (*headTable, error) {
	t := &headTable{slots: slots, inMem: inMemory}
	if slots <= inMemory {
		t.memory = make([]byte, slots*headRecord)
		return t, nil
	}
	f, err := os.CreateTemp("", "probity-heads-*")
	if err != nil {
		return nil, fmt.Errorf("keep where the streams end: %w", err)
	}
	_ = os.Remove(f.Name()) // gone when it is closed; where that cannot be, close removes it
	t.file, t.first = f, -1
	return t, nil
}

func (t *headTable) close() error {
	if t.file == nil {
		return nil
	}
	name := t.file.Name()
	err := t.file.Close()
	if removed := os.Remove(name); removed != nil && !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	t.file = nil
	return err
}

// home returns the first slot of a key.
func (t *headTable) home(key []byte) int64 {
	return int64(binary.BigEndian.Uint32(key)>>1) * t.slots >> 31
}

// find returns the slot of a key and its record; nil, and the slot where it
// belongs, when there is none. The record is good until the next call.
func (t *headTable) find(key headKey) (slot int64, record []byte, err error) {
	for slot = t.home(key[:]); ; slot = (slot + 1) & (t.slots - 1) {
		if record, err = t.at(slot); err != nil || record[headPresent] == 0 {
			return slot, nil, err
		}
		if headKey(record) == key {
			return slot, record, nil
		}
	}
}

func (t *headTable) at(slot int64) ([]byte, error) {
	if t.file == nil {
		return t.memory[slot*headRecord:][:headRecord], nil
	}
	if i := slot - t.first; t.first < 0 || i < 0 || i >= int64(len(t.window)/headRecord) {
		if cap(t.window) == 0 {
			t.window = make([]byte, headWindow*headRecord)
		}
		t.window = t.window[:min(headWindow, t.slots-slot)*headRecord]
		if _, err := t.file.ReadAt(t.window, slot*headRecord); err != nil {
			t.first = -1
			return nil, fmt.Errorf("read where the streams end: %w", err)
		}
		t.first = slot
	}
	return t.window[(slot-t.first)*headRecord:][:headRecord], nil
}

// set puts a record into a slot that find returned, and counts it when it is
// new. The table grows when it is three quarters full.
func (t *headTable) set(slot int64, record *[headRecord]byte, fresh bool) error {
	if t.file == nil {
		copy(t.memory[slot*headRecord:], record[:])
	} else {
		if _, err := t.file.WriteAt(record[:], slot*headRecord); err != nil {
			return fmt.Errorf("keep where the streams end: %w", err)
		}
		if i := slot - t.first; t.first >= 0 && i >= 0 && i < int64(len(t.window)/headRecord) {
			copy(t.window[i*headRecord:], record[:])
		}
	}
	if !fresh {
		return nil
	}
	if t.used++; 4*t.used > 3*t.slots {
		return t.grow()
	}
	return nil
}

// each yields the records in the order of their keys.
func (t *headTable) each(yield func(record []byte) error) error {
	var in io.Reader = bytes.NewReader(t.memory)
	if t.file != nil {
		in = bufio.NewReaderSize(io.NewSectionReader(t.file, 0, t.slots*headRecord), 1<<20)
	}
	// Between two empty slots the records are those of their keys, in any
	// order; only what found no room at the end stands at the beginning.
	var run, wrapped [][headRecord]byte
	flush := func() error {
		slices.SortFunc(run, func(a, b [headRecord]byte) int { return bytes.Compare(a[:headHash], b[:headHash]) })
		for i := range run {
			if err := yield(run[i][:]); err != nil {
				return err
			}
		}
		run = run[:0]
		return nil
	}
	for slot := range t.slots {
		var r [headRecord]byte
		if _, err := io.ReadFull(in, r[:]); err != nil {
			return fmt.Errorf("read where the streams end: %w", err)
		}
		switch {
		case r[headPresent] == 0:
			if err := flush(); err != nil {
				return err
			}
		case t.home(r[:]) > slot:
			wrapped = append(wrapped, r)
		default:
			run = append(run, r)
		}
	}
	run = append(run, wrapped...)
	return flush()
}

// grow doubles the table. Records that come in the order of their keys go
// into the first free slot from their home on, one after another.
func (t *headTable) grow() error {
	to, err := newHeadTable(2*t.slots, t.inMem)
	if err != nil {
		return err
	}
	var out io.Writer = &sliceWriter{to.memory}
	var file *bufio.Writer
	if to.file != nil {
		file = bufio.NewWriterSize(to.file, 1<<20)
		out = file
	}
	var empty [headRecord]byte
	next := int64(0)
	var over [][headRecord]byte // what finds no room at the end
	fill := func(upTo int64) (err error) {
		for ; next < upTo && err == nil; next++ {
			_, err = out.Write(empty[:])
		}
		return err
	}
	err = t.each(func(record []byte) error {
		if next == to.slots {
			over = append(over, [headRecord]byte(record))
			return nil
		}
		if err := fill(to.home(record)); err != nil {
			return err
		}
		next++
		_, err := out.Write(record)
		return err
	})
	if err == nil {
		err = fill(to.slots)
	}
	if file != nil && err == nil {
		err = file.Flush()
	}
	for i := 0; i < len(over) && err == nil; i++ {
		var slot int64
		if slot, _, err = to.find(headKey(over[i][:])); err == nil {
			err = to.set(slot, &over[i], false)
		}
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep where the streams end: %w", err), to.close())
	}
	to.used = t.used
	err = t.close()
	*t = *to
	return err
}

// sliceWriter writes into memory of the right length.
type sliceWriter struct{ rest []byte }

func (w *sliceWriter) Write(p []byte) (int, error) {
	n := copy(w.rest, p)
	w.rest = w.rest[n:]
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}
