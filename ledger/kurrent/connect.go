package kurrent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// dialTimeout bounds one look for the leader.
	dialTimeout = 15 * time.Second

	// redirects is how often a new client may be sent on to the leader.
	redirects = 5

	// The rest between two looks for the leader, doubled each time.
	minRest, maxRest = 50 * time.Millisecond, 2 * time.Second

	// callsEnd is how long calls may take to end once the store has.
	callsEnd = 20 * time.Second
)

// dialing is one look for the leader, which all callers share.
type dialing struct {
	done   chan struct{} // closed when it has ended; then client or err is set
	client *client
	err    error
}

// client returns a client that is connected to the leader. It waits for one
// as long as ctx allows, and gives up at once where waiting cannot help.
func (s *Store) client(ctx context.Context) (*client, error) {
	for {
		d := s.dialing()
		select {
		case <-d.done:
		case <-ctx.Done():
			return nil, s.unreached(ctx)
		}
		if d.err == nil || errors.Is(d.err, ledger.ErrClosed) || !judge(d.err).passing() {
			return d.client, d.err
		}
		if ctx.Err() != nil {
			return nil, s.unreached(ctx)
		}
	}
}

// unreached is why no client came before ctx ended.
func (s *Store) unreached(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == nil {
		return fmt.Errorf("no leader of the cluster %s is reached: %w", Redact(s.opts.URL), ctx.Err())
	}
	return fmt.Errorf("no leader of the cluster %s is reached: %w (last: %v)", Redact(s.opts.URL), ctx.Err(), s.why)
}

// dialing returns the look for the leader that runs, the last one if its
// client is still good, or else a new one.
func (s *Store) dialing() *dialing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.last; d != nil {
		select {
		case <-d.done:
			if d.err == nil && !d.client.isRetired() {
				return d
			}
			if !s.ended {
				s.give(d)
			}
		default:
			return d
		}
	}
	d := &dialing{done: make(chan struct{})}
	if s.ended {
		d.err = ledger.ErrClosed
		close(d.done)
		return d
	}
	s.last = d
	rest := s.rest
	s.background.Go(func() {
		defer close(d.done)
		_ = sleep(s.ctx, rest) // dial says when ctx has ended
		d.client, d.err = s.dial()
		s.noteLook(d.err)
	})
	return d
}

// noteLook remembers how a look for the leader ended, and how long to rest
// before the next one.
func (s *Store) noteLook(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.why = err
	if err == nil {
		s.rest = 0
		return
	}
	s.rest = min(max(2*s.rest, minRest), maxRest)
	if s.ctx.Err() == nil {
		s.log.Warn("no leader of the KurrentDB cluster is reached", "error", err, "again in", s.rest)
	}
}

// doubt gives up a client whose call failed in a way that may lie in its
// connection.
func (s *Store) doubt(c *client, err error) {
	if v := judge(err); (v == uncertain || v == unsent) && !errors.Is(err, context.Canceled) {
		s.drop(c)
	}
}

// drop gives up a client that does not work as it should.
func (s *Store) drop(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.last; d != nil && !s.ended {
		select {
		case <-d.done:
			if d.client == c {
				s.give(d)
			}
		default:
		}
	}
}

// give gives back the client of the last look, which has ended. The caller
// holds mu.
func (s *Store) give(d *dialing) {
	s.last = nil
	if d.client != nil {
		s.background.Go(func() { s.dispose(d.client) })
	}
}

// dispose closes a client behind its last call, which may be a subscription
// that still runs: closing it under a call would panic in that call. Only when
// the store has ended and calls have not after all, is the client left alone.
func (s *Store) dispose(c *client) {
	c.retire()
	select {
	case <-c.idle:
	case <-s.hard.Done():
		timer := time.NewTimer(callsEnd)
		defer timer.Stop()
		select {
		case <-c.idle:
		case <-timer.C:
			s.log.Warn("calls to the KurrentDB server have not ended; their connection is left open", "after", callsEnd)
			return
		}
	}
	_ = c.esdb.Close() // it returns nil
}

// dial makes a client and lets it find the leader, before anybody else uses
// it: see client.
func (s *Store) dial() (*client, error) {
	c, err := newClient(*s.conf, s.log)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(s.ctx, dialTimeout)
	defer cancel()
	for range redirects {
		if err = c.do(ctx, first); err == nil {
			s.connected.Add(1)
			return c, nil
		}
		if judge(err) != elsewhere || sleep(ctx, minRest) != nil {
			break
		}
	}
	s.background.Go(func() { s.dispose(c) })
	return nil, err
}

// Connections counts how often the leader was connected to; the first time
// included.
func (s *Store) Connections() int64 { return s.connected.Load() }

// first asks the leader for the end of its log.
func first(ctx context.Context, c *esdb.Client) error {
	r, err := c.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.End{}, Direction: esdb.Backwards}, 1)
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err = r.Recv(); errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
