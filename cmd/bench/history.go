package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
)

// history is a ledger with a past: several departments over the years, every
// event decided by the rules.
type history struct {
	dir    string
	store  *embedded.Store
	events int64
	agency domain.UnitID // at the top of it; "" for departments
}

// history returns the ledger that verify, rebuild and the queries share.
func (s *suite) history(ctx context.Context) (*history, error) {
	if s.past != nil {
		return s.past, nil
	}
	h, err := s.build(ctx, pick(s, 60_000, 12_000), pick(s, 20, 4))
	s.past = h
	return h, err
}

// build makes a ledger of at least so many events. Departments act side by
// side, each in the order of its own time.
func (s *suite) build(ctx context.Context, events, departments int) (*history, error) {
	dir, err := s.dataFolder()
	if err != nil {
		return nil, err
	}
	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return nil, err
	}
	counted := &countingStore{Store: store}
	start := time.Now()
	if err := newDepartment(s, departments, counted).found(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	stop := make(chan struct{})
	g.Go(func() error { s.tell("made", &counted.events, events, stop); return nil })
	g.Go(func() error {
		defer close(stop)
		g, ctx := errgroup.WithContext(ctx)
		for i := range departments {
			g.Go(func() error { return newDepartment(s, i, counted).live(ctx, events/departments) })
		}
		return g.Wait()
	})
	if err := g.Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("make up a history: %w", err), store.Close())
	}
	made := counted.events.Load()
	s.progress("made %s events in %.1f s", figure(float64(made)), time.Since(start).Seconds())
	return &history{dir: dir, store: store, events: made}, nil
}

// tell reports progress until stopped.
func (s *suite) tell(done string, count *atomic.Int64, of int, stop <-chan struct{}) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.progress("%s %s of %s events", done, figure(float64(count.Load())), figure(float64(of)))
		case <-stop:
			return
		}
	}
}

// telling reports progress while something is done.
func (s *suite) telling(done string, count *atomic.Int64, of int, do func() error) error {
	stop := make(chan struct{})
	defer close(stop)
	go s.tell(done, count, of, stop)
	return do()
}

// dataFolder makes a data folder as 'probity serve' expects it, with the key
// of this run, unencrypted.
func (s *suite) dataFolder() (string, error) {
	signer, err := s.key()
	if err != nil {
		return "", err
	}
	private, err := ledger.MarshalKey(s.private, nil)
	if err != nil {
		return "", err
	}
	public, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		return "", err
	}
	dir, err := s.folder("data")
	if err != nil {
		return "", err
	}
	for name, content := range map[string][]byte{"ledger.key": private, "ledger.pub": public, "origin": []byte(origin + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// message returns what is signed of an event from the midst of the history.
func (h *history) message(ctx context.Context) ([]byte, error) {
	for stored, err := range h.store.ReadAll(ctx, ledger.Position(h.events/2)) {
		if err != nil {
			return nil, err
		}
		env, err := ledger.OpenEnvelope(stored.Envelope)
		return ledger.PAE(env.Payload), err
	}
	return nil, errors.New("the history is empty")
}

// countingStore counts the events appended.
type countingStore struct {
	ledger.Store
	events atomic.Int64
}

func (c *countingStore) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	done, err := c.Store.Append(ctx, stream, expected, entries)
	if err == nil {
		c.events.Add(int64(len(entries)))
	}
	return done, err
}

// readingStore counts the events read.
type readingStore struct {
	ledger.Store
	events atomic.Int64
}

func (r *readingStore) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for e, err := range r.Store.ReadAll(ctx, after) {
			r.events.Add(1)
			if !yield(e, err) {
				return
			}
		}
	}
}
