package house

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/ledger"
)

// Rehearsal decides instructions as a ledger would, one after another, each on
// what is recorded and on what the rehearsal was given before it, and records
// nothing: what it decides lies in a file without a name, and is gone when it
// is closed or the process dies. It is safe for concurrent use.
//
// It does not foresee what others record between it and the real thing, nor
// what a store or a disk fails with. Events that change the rulebook in force
// change nothing for it.
type Rehearsal struct {
	*ledger.Recorder
	store *rehearsed
}

// Rehearse begins a rehearsal on an open house; on a ledger that is still to
// be made when h is nil. The house is closed after it. now is the clock.
func Rehearse(h *House, now func() time.Time) (*Rehearsal, error) {
	// The key signs what nobody is to see, and is gone with the process.
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		return nil, err
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		return nil, err
	}
	cfg := ledger.RecorderConfig{Signer: signer, Book: domain.CN2024(), Reactions: reactions.All(), Now: now}
	store := &rehearsed{streams: map[string]*rehearsedStream{}}
	if h == nil {
		cfg.Codec = ledger.NewCodec(catalog.New(), "rehearsal.invalid/ledger")
	} else {
		cfg.Codec, cfg.Book, store.base = h.Codec, h.Books, h.Store
	}
	if store.file, err = os.CreateTemp("", "probity-rehearsal-*"); err != nil {
		return nil, fmt.Errorf("begin the rehearsal: %w", err)
	}
	_ = os.Remove(store.file.Name()) // gone when it is closed; where that cannot be, Close removes it
	cfg.Store = store
	return &Rehearsal{ledger.NewRecorder(cfg), store}, nil
}

// Close forgets what was decided.
func (r *Rehearsal) Close() error { return r.store.Close() }

// rehearsed is a store over another, which is only read. Of a stream it takes
// from there what was there when it first looked.
type rehearsed struct {
	base ledger.Store // nil for none
	file *os.File     // of envelopes, one after another

	mu      sync.Mutex // guards all below
	streams map[string]*rehearsedStream
	size    int64 // of file
	events  ledger.Position
}

type rehearsedStream struct {
	base ledger.Revision // of the last event taken from below
	own  []rehearsedEvent
}

type rehearsedEvent struct {
	id     uuid.UUID
	at     int64
	length int
	place  ledger.Position
}

// look returns the stream, whose end below it finds when it is new.
func (s *rehearsed) look(ctx context.Context, stream string) (*rehearsedStream, error) {
	s.mu.Lock()
	known := s.streams[stream]
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found := &rehearsedStream{base: ledger.NoStream}
	if s.base != nil {
		for e, err := range s.base.ReadStream(ctx, stream, 0) {
			if err != nil {
				return nil, err
			}
			found.base = e.Revision
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known = s.streams[stream]; known == nil {
		known = found
		s.streams[stream] = known
	}
	return known, nil
}

// Append implements [ledger.Store].
func (s *rehearsed) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if err := ledger.CheckAppend(stream, expected, entries); err != nil {
		return ledger.Appended{}, err
	}
	known, err := s.look(ctx, stream)
	if err != nil {
		return ledger.Appended{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := known.base + ledger.Revision(len(known.own))
	if at != expected {
		return ledger.Appended{}, fmt.Errorf("%w: %s is at %d, expected was %d", ledger.ErrWrongRevision, stream, at, expected)
	}
	for _, e := range entries {
		if _, err := s.file.WriteAt(e.Envelope, s.size); err != nil {
			return ledger.Appended{}, fmt.Errorf("keep what was rehearsed: %w", err)
		}
		s.events++
		known.own = append(known.own, rehearsedEvent{e.ID, s.size, len(e.Envelope), s.events})
		s.size += int64(len(e.Envelope))
	}
	return ledger.Appended{Revision: at + ledger.Revision(len(entries)), Position: s.events}, nil
}

// ReadStream implements [ledger.Store].
func (s *rehearsed) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		known, err := s.look(ctx, stream)
		if err != nil {
			yield(ledger.Stored{}, err)
			return
		}
		if s.base != nil && from <= known.base {
			for e, err := range s.base.ReadStream(ctx, stream, from) {
				if err == nil && e.Revision > known.base {
					break
				}
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
		s.mu.Lock()
		own := known.own // only ever appended to
		s.mu.Unlock()
		for i := max(0, int(from-known.base)-1); i < len(own); i++ {
			e := own[i]
			out := ledger.Stored{Position: e.place, Stream: stream, Revision: known.base + 1 + ledger.Revision(i), ID: e.id, Envelope: make([]byte, e.length)}
			if _, err := s.file.ReadAt(out.Envelope, e.at); err != nil {
				yield(ledger.Stored{}, fmt.Errorf("read what was rehearsed: %w", err))
				return
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

var errRehearsal = errors.New("a rehearsal is read by stream alone")

// ReadAll implements [ledger.Store], but for reading: no recorder does.
func (s *rehearsed) ReadAll(context.Context, ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) { yield(ledger.Stored{}, errRehearsal) }
}

// Subscribe is as ReadAll.
func (s *rehearsed) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return s.ReadAll(ctx, after)
}

// Close forgets everything. The store below is not closed.
func (s *rehearsed) Close() error {
	err := s.file.Close()
	if removed := os.Remove(s.file.Name()); removed != nil && !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	return err
}
