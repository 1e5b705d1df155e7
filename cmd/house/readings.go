package house

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// readingsDir holds the journals of readings that are not in the ledger yet.
const readingsDir = "readings"

const (
	// journalGroups and journalBytes bound one journal; one that is full is
	// recorded before its minute is over.
	journalGroups = 1000
	journalBytes  = 16 << 20
	// waitingJournals is how many may wait to be recorded. Beyond it readings
	// are refused, so that what cannot be recorded does not fill the disk.
	waitingJournals = 16
)

// ErrReadingsWait: so many readings wait to be recorded that no more are
// taken. The log says why they cannot be recorded.
var ErrReadingsWait = errors.New("too many readings of record files wait to be recorded")

// reading is one line of a journal.
type reading struct {
	Officer domain.OfficerID `json:"officer"`
	By      domain.ActorID   `json:"by"`
	Role    domain.Role      `json:"role"`
	Why     string           `json:"why"`
	At      time.Time        `json:"at,omitzero"`
}

// group is what readings are noted together by: all but the time.
func (x reading) group() reading {
	x.At = time.Time{}
	return x
}

// journal takes readings of record files down, one line each, until they are
// recorded; see readings_record.go for how.
//
// A reading is written by one write to a file and not flushed: it outlives
// the program, while a power cut may lose the last second or so. A journal
// that is closed is never written to again, and is flushed before anything of
// it is recorded. What is recorded of it follows from its name and content,
// so recording it again, after a crash, adds nothing.
type journal struct {
	dir string

	mu      sync.Mutex // guards what follows
	file    *os.File   // being written; nil until the next reading
	size    int64
	groups  map[reading]bool // in the file
	unsaved bool             // something was written since the file was flushed
	waiting []string         // closed journals, oldest first
	closed  bool

	recording sync.Mutex    // held while waiting journals are recorded
	full      chan struct{} // a journal was closed for being full
}

// openJournal finds the journals that an earlier run left, and removes what is
// none.
func openJournal(dir string) (*journal, error) {
	j := &journal{dir: filepath.Join(dir, readingsDir), full: make(chan struct{}, 1)}
	entries, err := os.ReadDir(j.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("find the readings that are not recorded: %w", err)
	}
	for _, e := range entries { // by name, which is by age
		switch {
		case !strings.HasPrefix(e.Name(), partialMark):
			j.waiting = append(j.waiting, e.Name())
		case abandoned(e):
			_ = os.Remove(filepath.Join(j.dir, e.Name())) // the next start tries again
		}
	}
	return j, nil
}

// NoteReading takes down that the principal reads the record file of the
// officer, and why. It is recorded within a minute, with others of the same
// reader for the same reason, while RunReadings runs, and at the end. The
// house must be open for writing.
//
// Errors: *domain.Refusal when the reading could not be recorded as it is
// (field by, role or why), ErrReadingsWait, [ledger.ErrFull],
// [ledger.ErrReadOnly], [ledger.ErrClosed] and what else keeps a file from
// being written. The file must not be shown then.
func (h *House) NoteReading(_ context.Context, who projections.Principal, officer domain.OfficerID, why string, at time.Time) error {
	at = at.UTC().Truncate(time.Microsecond) // as events have it
	note := access.Note{Reader: domain.ActorID(who.Subject), Role: who.Role, Why: why, Count: 1, From: at, To: at}
	if err := domain.CheckID("officer", officer); err != nil {
		return err
	}
	if _, err := note.Decide(access.File{}, domain.Act{OccurredAt: at}, nil); err != nil {
		return err
	}
	return h.journal.write(reading{officer, note.Reader, note.Role, why, at})
}

func (j *journal) write(x reading) error {
	line, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("note a reading: %w", err)
	}
	line = append(line, '\n')
	group := x.group()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return fmt.Errorf("note a reading: %w", ledger.ErrClosed)
	}
	if j.file != nil && (j.size+int64(len(line)) > journalBytes || len(j.groups) == journalGroups && !j.groups[group]) {
		j.close()
		select {
		case j.full <- struct{}{}:
		default:
		}
	}
	if j.file == nil {
		if err := j.begin(); err != nil {
			return noRoom(err)
		}
	}
	if _, err := j.file.Write(line); err != nil {
		// What was written of the line is no line: it has no end. Should it
		// stay, nothing may come behind it.
		if j.file.Truncate(j.size) != nil {
			j.close()
		}
		return noRoom(err)
	}
	j.size += int64(len(line))
	j.groups[group], j.unsaved = true, true
	return nil
}

// begin opens a new journal. The caller holds mu.
func (j *journal) begin() error {
	waiting := 0
	for _, name := range j.waiting {
		if !strings.HasSuffix(name, bulkMark) {
			waiting++
		}
	}
	if waiting >= waitingJournals {
		return ErrReadingsWait
	}
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return err
	}
	var id [8]byte
	rand.Read(id[:]) // never fails
	name := fmt.Sprintf("%016x-%s", time.Now().UnixNano(), hex.EncodeToString(id[:]))
	file, err := os.OpenFile(filepath.Join(j.dir, name), os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	j.file, j.size, j.groups, j.unsaved = file, 0, map[reading]bool{}, false
	return nil
}

// close ends the journal being written. The caller holds mu.
func (j *journal) close() {
	if j.file == nil {
		return
	}
	j.waiting = append(j.waiting, filepath.Base(j.file.Name()))
	_ = j.file.Close() // it is flushed, and so found out, before it is recorded
	j.file, j.groups = nil, nil
}

// end closes the journal for good.
func (j *journal) end() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.close()
	j.closed = true
}

// flush brings to the disk what was written.
func (j *journal) flush() error {
	j.mu.Lock()
	file, unsaved := j.file, j.unsaved
	j.unsaved = false
	j.mu.Unlock()
	if file == nil || !unsaved {
		return nil
	}
	if err := file.Sync(); !errors.Is(err, os.ErrClosed) { // closed meanwhile, to be recorded
		return err
	}
	return nil
}

// list returns the names of the journals that wait, those that programs beside
// this one put there among them.
func (j *journal) list() ([]string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	bulk, err := j.bulk()
	if err != nil {
		return nil, fmt.Errorf("find the readings that are not recorded: %w", err)
	}
	for _, name := range bulk {
		if !slices.Contains(j.waiting, name) {
			j.waiting = append(j.waiting, name)
		}
	}
	return slices.Clone(j.waiting), nil
}

// drop removes a journal that is recorded.
func (j *journal) drop(name string) error {
	if err := os.Remove(filepath.Join(j.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove readings that are recorded: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiting = slices.DeleteFunc(j.waiting, func(w string) bool { return w == name })
	return nil
}

// noRoom says what keeps a reading from being noted in the words of the
// ledger, where it has any.
func noRoom(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		err = fmt.Errorf("%w: %w", ledger.ErrFull, err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		err = fmt.Errorf("%w: %w", ledger.ErrReadOnly, err)
	}
	return fmt.Errorf("note a reading: %w", err)
}
