package kurrent

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// grace is how long Close lets appends go on that were accepted before it.
const grace = 5 * time.Second

// Store is a ledger on a KurrentDB server or cluster. Make one with Open.
type Store struct {
	opts Options
	conf *esdb.Configuration
	log  *slog.Logger

	ctx    context.Context // ends when Close begins
	cancel context.CancelFunc
	hard   context.Context // ends when Close waits for appends no longer
	stop   context.CancelFunc
	broken chan struct{} // closed when an integrity failure was found

	// seen is the highest position of an event of ours that was met so far.
	seen      atomic.Uint64
	connected atomic.Int64 // how often the leader was

	// single and several say whether the server answers an append of one or
	// several entries with the position of the last; see accept.
	single, several atomic.Int32

	background sync.WaitGroup // dials, the watch, clients being disposed of
	appends    sync.WaitGroup // appends under way; entered with mu held
	closed     chan struct{}  // closed when Close has ended

	// mu guards the following.
	mu    sync.Mutex
	ended bool // Close has begun
	last  *dialing
	rest  time.Duration // before the next look for the leader
	why   error         // why the last one failed
	fault error         // the *ledger.IntegrityError that was found first: why broken is closed
}

var _ ledger.Store = (*Store)(nil)

func newStore(o Options) (*Store, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	conf, err := configure(o)
	if err != nil {
		return nil, err
	}
	s := &Store{opts: o, conf: conf, log: o.Logger, broken: make(chan struct{}), closed: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.hard, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Err returns nil, or the *ledger.IntegrityError for which the store no longer
// takes appends. Reads go on, so that what is there can be looked at.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// report makes an integrity failure known: it is logged, ends subscriptions
// and refuses appends from now on. It returns its argument.
func (s *Store) report(err error) error {
	if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
		return err
	}
	s.mu.Lock()
	first := s.fault == nil
	if first {
		s.fault = err
		close(s.broken)
	}
	s.mu.Unlock()
	if first {
		s.log.Error("the KurrentDB server does not hold what was recorded; no more is recorded", "error", err)
	}
	return err
}

// saw remembers the position of an event of ours.
func (s *Store) saw(p ledger.Position) {
	for at := s.seen.Load(); uint64(p) > at; at = s.seen.Load() {
		if s.seen.CompareAndSwap(at, uint64(p)) {
			return
		}
	}
}

// begin counts an append in, unless the store is closed or broken.
func (s *Store) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended:
		return ledger.ErrClosed
	case s.fault != nil:
		return s.fault
	}
	s.appends.Add(1)
	return nil
}

// Close implements [ledger.Store]. Appends under way get a few seconds to
// end, and then an unknown outcome; reads end at once.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.ended
	s.ended = true
	last := s.last
	s.mu.Unlock()
	if again {
		<-s.closed
		return nil
	}
	defer close(s.closed)
	timer := time.AfterFunc(grace, s.stop)
	defer timer.Stop()
	s.cancel()
	s.appends.Wait()
	s.stop()
	if last != nil {
		<-last.done // its context has ended
		if last.client != nil {
			s.dispose(last.client)
		}
	}
	s.background.Wait()
	return nil
}
