package ledgertest

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/probity-ledger/probity/ledger"
)

// Memory is a [ledger.Store] that keeps everything in memory.
type Memory struct {
	mu      sync.Mutex
	events  []ledger.Stored  // in order of position; only ever appended to
	streams map[string][]int // indexes into events, by stream and revision
	changed chan struct{}    // closed and replaced by every append and by Close
	closed  bool
}

var _ ledger.Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() ledger.Store {
	return &Memory{streams: make(map[string][]int), changed: make(chan struct{})}
}

// Append implements [ledger.Store]. It copies the envelopes.
func (m *Memory) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.stopped(ctx); err != nil {
		return ledger.Appended{}, err
	}
	if err := ledger.CheckAppend(stream, expected, entries); err != nil {
		return ledger.Appended{}, err
	}
	at := ledger.Revision(len(m.streams[stream])) - 1
	if at != expected {
		return m.repeated(stream, expected, at, entries)
	}
	for _, entry := range entries {
		at++
		m.streams[stream] = append(m.streams[stream], len(m.events))
		m.events = append(m.events, ledger.Stored{
			Position: ledger.Position(len(m.events) + 1),
			Stream:   stream,
			Revision: at,
			ID:       entry.ID,
			Envelope: slices.Clone(entry.Envelope),
		})
	}
	close(m.changed)
	m.changed = make(chan struct{})
	return ledger.Appended{Revision: at, Position: ledger.Position(len(m.events))}, nil
}

// repeated answers an append that is not at the end of its stream. The caller
// holds mu.
func (m *Memory) repeated(stream string, expected, at ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	wrong := fmt.Errorf("%w: %s is at %d, expected was %d", ledger.ErrWrongRevision, stream, at, expected)
	last := expected + ledger.Revision(len(entries))
	if last > at {
		return ledger.Appended{}, wrong
	}
	for i, entry := range entries {
		was := m.events[m.streams[stream][int(expected)+1+i]]
		if was.ID != entry.ID || !bytes.Equal(was.Envelope, entry.Envelope) {
			return ledger.Appended{}, wrong
		}
	}
	return ledger.Appended{Revision: last, Position: m.events[m.streams[stream][last]].Position}, nil
}

// ReadStream implements [ledger.Store].
func (m *Memory) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for next := max(from, 0); ; next++ {
			event, ok, err := m.inStream(ctx, stream, next)
			if err != nil {
				yield(ledger.Stored{}, err)
				return
			}
			if !ok || !yield(event, nil) {
				return
			}
		}
	}
}

// ReadAll implements [ledger.Store].
func (m *Memory) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for next := after; ; next++ {
			event, ok, _, err := m.after(ctx, next)
			if err != nil {
				yield(ledger.Stored{}, err)
				return
			}
			if !ok || !yield(event, nil) {
				return
			}
		}
	}
}

// Subscribe implements [ledger.Store].
func (m *Memory) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for next := after; ; {
			event, ok, changed, err := m.after(ctx, next)
			switch {
			case err != nil:
				yield(ledger.Stored{}, err)
				return
			case ok:
				if !yield(event, nil) {
					return
				}
				next++
			default:
				select {
				case <-changed:
				case <-ctx.Done():
				}
			}
		}
	}
}

// Close implements [ledger.Store].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		close(m.changed)
	}
	return nil
}

// stopped says why no more may be done. The caller holds mu.
func (m *Memory) stopped(ctx context.Context) error {
	if m.closed {
		return ledger.ErrClosed
	}
	return ctx.Err()
}

func (m *Memory) inStream(ctx context.Context, stream string, at ledger.Revision) (_ ledger.Stored, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.stopped(ctx); err != nil {
		return ledger.Stored{}, false, err
	}
	if at >= ledger.Revision(len(m.streams[stream])) {
		return ledger.Stored{}, false, nil
	}
	return give(m.events[m.streams[stream][at]]), true, nil
}

// after returns the event behind a position; when there is none yet, a
// channel that is closed when there may be.
func (m *Memory) after(ctx context.Context, at ledger.Position) (_ ledger.Stored, ok bool, changed <-chan struct{}, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.stopped(ctx); err != nil {
		return ledger.Stored{}, false, nil, err
	}
	if at >= ledger.Position(len(m.events)) {
		return ledger.Stored{}, false, m.changed, nil
	}
	return give(m.events[at]), true, nil, nil
}

// give copies the envelope, so that no caller can change what is recorded.
func give(e ledger.Stored) ledger.Stored {
	e.Envelope = slices.Clone(e.Envelope)
	return e
}
