package house

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/ledger"
)

const (
	// recordReadingsEvery is how often readings are recorded, flushReadingsEvery
	// how often those that wait are brought to the disk.
	recordReadingsEvery = time.Minute
	flushReadingsEvery  = time.Second

	// longestLine is more than a line of a journal can be.
	longestLine = 8*domain.MaxText + 4096
)

// RunReadings records the readings of record files as they come, and what an
// earlier run left, until ctx ends, whose error it returns. What is then left
// is recorded by Close. What cannot be recorded is logged and tried again; an
// integrity failure ends it.
func (h *House) RunReadings(ctx context.Context, log *slog.Logger) error {
	record, flush := time.NewTicker(recordReadingsEvery), time.NewTicker(flushReadingsEvery)
	defer record.Stop()
	defer flush.Stop()
	for {
		if err := h.RecordReadings(ctx); err != nil {
			if _, bad := errors.AsType[*ledger.IntegrityError](err); bad || ctx.Err() != nil {
				return err
			}
			log.Error("readings of record files wait to be recorded", "err", err)
		}
		for due := false; !due; {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-record.C:
				due = true
			case <-h.journal.full:
				due = true
			case <-flush.C:
				if err := h.journal.flush(); err != nil {
					log.Error("readings of record files do not reach the disk", "err", err)
				}
			}
		}
	}
}

// RecordReadings records all readings noted so far. A journal of which
// something is refused, as by a clock that was set back, is tried again the
// next time; the others are recorded all the same.
func (h *House) RecordReadings(ctx context.Context) error {
	return h.RecordReadingsTold(ctx, func(int, int) {})
}

// RecordReadingsTold is RecordReadings, and tells after each journal how many of
// how many it has tried.
func (h *House) RecordReadingsTold(ctx context.Context, told func(done, of int)) error {
	j := h.journal
	j.recording.Lock()
	defer j.recording.Unlock()
	j.mu.Lock()
	j.close()
	j.mu.Unlock()
	waiting, err := j.list()
	if err != nil {
		return err
	}
	var refused error
	for i, name := range waiting {
		err := h.recordJournal(ctx, name)
		if err == nil {
			err = j.drop(name)
		}
		if err != nil && domain.RefusalCode(err) == "" {
			return errors.Join(refused, err)
		}
		refused = errors.Join(refused, err)
		told(i+1, len(waiting))
	}
	return refused
}

// recordAtOnce is of how many officers readings are recorded at once, so that
// the ledger makes one append of many.
const recordAtOnce = 64

// recordJournal records one journal, each group of readings as one event, those
// of an officer in their order. The ids of the instructions follow from the name
// of the journal and the place of the group in it.
func (h *House) recordJournal(ctx context.Context, name string) error {
	groups, notes, err := readJournal(filepath.Join(h.journal.dir, name))
	if err != nil {
		return fmt.Errorf("read the readings in %s: %w", name, err)
	}
	places := map[domain.OfficerID][]int{}
	var officers []domain.OfficerID
	for i, x := range groups {
		if places[x.Officer] == nil {
			officers = append(officers, x.Officer)
		}
		places[x.Officer] = append(places[x.Officer], i)
	}
	var mu sync.Mutex // guards refused
	var refused error
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(recordAtOnce)
	for _, id := range officers {
		g.Go(func() error {
			for _, i := range places[id] {
				_, err := h.Recorder.Record(ctx, domain.Instruction{
					ID: fmt.Sprintf("readings:%s:%d", name, i), Command: notes[i],
					Act: domain.Act{Subject: string(id), Actor: domain.ActorSystem, Role: domain.RoleSystem},
				})
				if err == nil {
					continue
				}
				err = fmt.Errorf("record who read the file of %s: %w", id, err)
				if domain.RefusalCode(err) == "" {
					return err
				}
				mu.Lock()
				refused = errors.Join(refused, err)
				mu.Unlock()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return refused
}

// readJournal brings a closed journal to the disk and groups its readings, in
// the order in which the groups began. What is no whole line, as a power cut
// may leave at the end, is passed over: nobody was shown anything on it, or
// the power cut took it.
func readJournal(path string) (groups []reading, notes []access.Note, err error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	if err := errors.Join(file.Sync(), syncDir(filepath.Dir(path))); err != nil {
		return nil, nil, err
	}
	at := map[reading]int{}
	lines := bufio.NewReaderSize(file, longestLine)
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return groups, notes, nil
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue // no line of ours, and its rest is none either
		}
		if err != nil {
			return nil, nil, err
		}
		var x reading
		if json.Unmarshal(line, &x, json.RejectUnknownMembers(true)) != nil || x.At.IsZero() {
			continue
		}
		group := x.group()
		i, known := at[group]
		if !known {
			i = len(groups)
			at[group] = i
			groups = append(groups, group)
			notes = append(notes, access.Note{Reader: x.By, Role: x.Role, Why: x.Why, From: x.At, To: x.At})
		}
		note := &notes[i]
		note.Count++
		if x.At.Before(note.From) {
			note.From = x.At
		}
		if x.At.After(note.To) {
			note.To = x.At
		}
	}
}
