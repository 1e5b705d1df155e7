package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
)

const (
	// earlierShare is how full of readings that wait the folder may be, as a part
	// of what it takes, before an export records them first.
	earlierShare = 4
	// serverRecords is how long an export waits for a server, which records each
	// minute.
	serverRecords = 3 * time.Minute
)

// recordEarlierReadings records what earlier exports noted, where it is much and
// nobody else does. That it cannot is a warning as long as there is room.
func (a *app) recordEarlierReadings(ctx context.Context, h *house.House) {
	waiting, most, err := h.BulkWaiting()
	if err == nil && waiting >= most/earlierShare {
		err = a.recordReadings(ctx, waiting)
	}
	if err != nil && !errors.Is(err, ledger.ErrLocked) {
		fmt.Fprintf(a.stderr, "warning: readings of earlier exports wait, %d pages of at most %d: %v\n", waiting, most, err)
	}
}

// noteReadings notes, and makes room where too many readings wait.
func (a *app) noteReadings(ctx context.Context, h *house.House, note func() error) error {
	err := note()
	for until := time.Now().Add(serverRecords); errors.Is(err, house.ErrReadingsWait); err = note() {
		waiting, _, failed := h.BulkWaiting()
		if failed != nil {
			return failed
		}
		failed = a.recordReadings(ctx, waiting)
		switch {
		case errors.Is(failed, ledger.ErrLocked) && time.Now().Before(until): // whoever holds the folder records them
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
			}
		case failed != nil:
			return fmt.Errorf("%w, and cannot be: %w", err, failed)
		}
	}
	return err
}

// recordReadings opens the folder for recording, and records the readings that
// wait there. It fails with [ledger.ErrLocked] where another process records.
func (a *app) recordReadings(ctx context.Context, waiting int) (err error) {
	h, err := a.openWriting(ctx, false)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	fmt.Fprintf(a.stderr, "recording the readings of earlier exports first: %d pages\n", waiting)
	bar := a.progress("pages of readings", waiting)
	defer bar.done()
	return h.RecordReadingsTold(ctx, func(done, _ int) { bar.set(done) })
}
