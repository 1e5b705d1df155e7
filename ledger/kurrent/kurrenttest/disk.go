package kurrenttest

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"

	"github.com/google/uuid"
)

// disk is the file that keeps a log: frames of length, checksum and a gob
// that stands for itself. One frame is one append, or one scavenge, so a kill
// leaves whole ones; what a cut last frame held was never acknowledged.
type disk struct {
	file *os.File
	err  error // the first write that failed; the log then takes no more
}

// frame is what one frame holds.
type frame struct {
	Stream   string
	Revision int64
	Created  int64
	Events   []frameEvent
	// Scavenged is the time of a scavenge; the frame then holds no events.
	Scavenged time.Time
}

type frameEvent struct {
	Position   uint64
	ID         uuid.UUID
	Kind       string
	JSON       bool
	Data, Meta []byte
}

// openDisk reads a file into an empty log, and leaves it ready for more.
func openDisk(path string, l *log) (*disk, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the events: %w", err)
	}
	whole, err := load(f, l)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the events of %s: %w", path, err), f.Close())
	}
	clear(l.known) // a server that starts remembers none
	return &disk{file: f}, nil
}

// load reads frames until one is not whole, and returns how many bytes the
// whole ones take.
func load(f *os.File, l *log) (whole int64, err error) {
	text, err := io.ReadAll(f)
	if err != nil {
		return 0, err
	}
	for len(text) >= 8 {
		n, sum := binary.BigEndian.Uint32(text), binary.BigEndian.Uint32(text[4:])
		if uint64(len(text)) < 8+uint64(n) || crc32.ChecksumIEEE(text[8:8+n]) != sum {
			break
		}
		var fr frame
		if err := gob.NewDecoder(bytes.NewReader(text[8 : 8+n])).Decode(&fr); err != nil {
			return 0, err
		}
		fr.apply(l)
		text, whole = text[8+n:], whole+8+int64(n)
	}
	return whole, nil
}

// apply does to a log what the frame was written for.
func (fr *frame) apply(l *log) {
	if !fr.Scavenged.IsZero() {
		l.sweep(fr.Scavenged)
	}
	for i, e := range fr.Events {
		l.add(&record{
			position: e.Position, stream: fr.Stream, revision: fr.Revision + int64(i), id: e.ID,
			kind: e.Kind, json: e.JSON, created: fr.Created, data: e.Data, meta: e.Meta,
		})
	}
}

// write keeps the records of one append.
func (d *disk) write(records []*record) {
	fr := frame{Stream: records[0].stream, Revision: records[0].revision, Created: records[0].created}
	for _, r := range records {
		fr.Events = append(fr.Events, frameEvent{r.position, r.id, r.kind, r.json, r.data, r.meta})
	}
	d.put(fr)
}

func (d *disk) put(fr frame) {
	b := bytes.NewBuffer(make([]byte, 8))
	if err := gob.NewEncoder(b).Encode(fr); err != nil {
		d.err = errors.Join(d.err, err)
	}
	text := b.Bytes()
	binary.BigEndian.PutUint32(text, uint32(len(text)-8))
	binary.BigEndian.PutUint32(text[4:], crc32.ChecksumIEEE(text[8:]))
	if d.err == nil {
		_, d.err = d.file.Write(text)
	}
}

func (d *disk) close() error { return errors.Join(d.err, d.file.Close()) }
