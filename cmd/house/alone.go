package house

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// ErrForeign: another process records into the same ledger. What guards look
// at in other streams is kept still within one process alone.
var ErrForeign = errors.New("another process records into this ledger")

// alone notices that another process records into a store on a server, where
// no lock of a folder can keep it out: it goes along with what is recorded,
// and records no more itself once it meets an event that it did not send.
// Two processes that begin beside each other go on together for the one
// append that tells them, no longer.
type alone struct {
	store  ledger.Store
	cancel context.CancelFunc
	ended  chan struct{} // the watch has ended
	over   chan struct{} // nothing is recorded any more

	mu    sync.Mutex // guards what follows
	sent  map[uuid.UUID]bool
	at    ledger.Position // what was met so far
	cause error           // why over is closed
}

// watchAlone begins behind a position.
func watchAlone(store ledger.Store, after ledger.Position) *alone {
	ctx, cancel := context.WithCancel(context.Background())
	a := &alone{store: store, cancel: cancel, ended: make(chan struct{}), over: make(chan struct{}), sent: map[uuid.UUID]bool{}, at: after}
	go func() {
		defer close(a.ended)
		a.watch(ctx, after)
	}()
	return a
}

func (a *alone) watch(ctx context.Context, after ledger.Position) {
	for s, err := range a.store.Subscribe(ctx, after) {
		if ctx.Err() != nil {
			return
		}
		if err == nil && !a.met(s) {
			err = fmt.Errorf("%w: event %s at position %s (%s revision %d) is not of this process; stop one of the two, or let them share views in PostgreSQL (--views postgres://…)",
				ErrForeign, s.ID, s.Position, s.Stream, s.Revision)
		}
		if err != nil {
			a.end(err)
			return
		}
	}
}

// met tells whether the event was sent by this process.
func (a *alone) met(s ledger.Stored) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at = s.Position
	mine := a.sent[s.ID]
	delete(a.sent, s.ID)
	return mine
}

func (a *alone) end(cause error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cause == nil {
		a.cause = cause
		close(a.over)
	}
}

// wait returns why nothing is recorded any more.
func (a *alone) wait(ctx context.Context) error {
	select {
	case <-a.over:
		return a.err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// err is why nothing is recorded any more, nil while this process is alone.
func (a *alone) err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.cause
}

func (a *alone) append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	a.mu.Lock()
	if err := a.cause; err != nil {
		a.mu.Unlock()
		return ledger.Appended{}, err
	}
	for _, e := range entries {
		a.sent[e.ID] = true
	}
	a.mu.Unlock()
	done, err := a.store.Append(ctx, stream, expected, entries)
	// What failed in another way may still turn up.
	if errors.Is(err, ledger.ErrTooLarge) || errors.Is(err, ledger.ErrBadAppend) {
		a.forget(entries)
	}
	a.mu.Lock()
	met := err == nil && done.Position <= a.at // a repeat of what was met long ago
	a.mu.Unlock()
	if met {
		a.forget(entries)
	}
	return done, err
}

func (a *alone) forget(entries []ledger.Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range entries {
		delete(a.sent, e.ID)
	}
}

func (a *alone) close() {
	a.cancel()
	<-a.ended
}
