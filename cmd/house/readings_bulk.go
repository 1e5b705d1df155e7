package house

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

const (
	// bulkMark ends the name of a journal of many files read at once. It is
	// whole, and on the disk, as soon as it has its name.
	bulkMark = "-bulk"
	// bulkJournals is how many of them may wait to be recorded.
	bulkJournals = 512
	// BulkReadings is how many readings are noted at once at most.
	BulkReadings = 2000
)

// NoteReadings takes down that the principal reads the record files of the
// officers, BulkReadings of them at most, and why, as NoteReading does of one.
// They are on the disk when it returns. A house that is open for reading alone
// leaves them to whoever has the folder open for writing: a running server
// records them within a minute, else the next program that opens it.
//
// Errors are those of NoteReading. None of the files may be shown then.
func (h *House) NoteReadings(_ context.Context, who projections.Principal, officers []domain.OfficerID, why string, at time.Time) error {
	if len(officers) == 0 {
		return nil
	}
	if len(officers) > BulkReadings {
		return fmt.Errorf("note %d readings at once: at most %d", len(officers), BulkReadings)
	}
	at = at.UTC().Truncate(time.Microsecond)
	note := access.Note{Reader: domain.ActorID(who.Subject), Role: who.Role, Why: why, Count: 1, From: at, To: at}
	if _, err := note.Decide(access.File{}, domain.Act{OccurredAt: at}, nil); err != nil {
		return err
	}
	var lines bytes.Buffer
	for _, id := range officers {
		line, err := json.Marshal(reading{id, note.Reader, note.Role, why, at})
		if err != nil {
			return fmt.Errorf("note a reading: %w", err)
		}
		lines.Write(append(line, '\n'))
	}
	j := h.journal
	if j == nil {
		j = &journal{dir: filepath.Join(h.Dir, readingsDir)}
	}
	return j.writeBulk(lines.Bytes())
}

// BulkWaiting returns how many journals of files read at once wait to be
// recorded, and how many may at most. Beyond it NoteReadings fails with
// ErrReadingsWait.
func (h *House) BulkWaiting() (waiting, most int, err error) {
	names, err := (&journal{dir: filepath.Join(h.Dir, readingsDir)}).bulk()
	if err != nil {
		err = fmt.Errorf("find the readings that are not recorded: %w", err)
	}
	return len(names), bulkJournals, err
}

// writeBulk puts a journal of its own in place.
func (j *journal) writeBulk(lines []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return fmt.Errorf("note a reading: %w", ledger.ErrClosed)
	}
	waiting, err := j.bulk()
	if err != nil {
		return noRoom(err)
	}
	if len(waiting) >= bulkJournals {
		return ErrReadingsWait
	}
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return noRoom(err)
	}
	var id [8]byte
	rand.Read(id[:]) // never fails
	name := fmt.Sprintf("%016x-%s%s", time.Now().UnixNano(), hex.EncodeToString(id[:]), bulkMark)
	if err := putWhole(j.dir, name, lines); err != nil {
		return noRoom(err)
	}
	j.waiting = append(j.waiting, name)
	return nil
}

// putWhole writes a file that has its name only once it is on the disk.
func putWhole(dir, name string, content []byte) error {
	partial := filepath.Join(dir, partialMark+name)
	f, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(partial, filepath.Join(dir, name))
	}
	if err != nil {
		_ = os.Remove(partial)
		return err
	}
	return syncDir(dir)
}

// partialMark begins the name of a file in the making. What a crash leaves of
// one is of files that were not shown.
const partialMark = "."

// partialAge is after how long nobody is taken to be writing such a file any
// more: a program beside the one that opens the folder may.
const partialAge = 10 * time.Minute

func abandoned(partial fs.DirEntry) bool {
	info, err := partial.Info()
	return err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > partialAge
}

// bulk lists the journals of this kind in the folder, by name.
func (j *journal) bulk() ([]string, error) {
	entries, err := os.ReadDir(j.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, bulkMark) && !strings.HasPrefix(name, partialMark) {
			out = append(out, name)
		}
	}
	return out, nil
}
