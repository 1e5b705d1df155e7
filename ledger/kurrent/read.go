package kurrent

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// ReadStream implements [ledger.Store].
func (s *Store) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return s.readStream(ctx, stream, max(from, 0), math.MaxInt64)
}

func (s *Store) readStream(ctx context.Context, stream string, from ledger.Revision, count int) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		c := &streamCursor{Store: s, stream: stream, next: from, count: uint64(count)}
		s.follow(ctx, c, false, yield)
	}
}

// ReadAll implements [ledger.Store]. A read of $all through the client brings
// along what others keep on the same server, since it cannot filter; so this is
// a subscription, which can, and ends when it has caught up.
func (s *Store) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		s.follow(ctx, &allCursor{Store: s, after: after}, false, yield)
	}
}

// Subscribe implements [ledger.Store]. When the connection breaks or the
// server drops it, it goes on behind the last event it gave.
func (s *Store) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		s.follow(ctx, &allCursor{Store: s, after: after, live: true}, true, yield)
	}
}

// Head returns the position of the last event of the ledger, Start when there
// is none. It reads backwards over what others wrote behind it, but not
// farther than to what this store has seen.
func (s *Store) Head(ctx context.Context) (ledger.Position, error) {
	c := &headCursor{Store: s, known: ledger.Position(s.seen.Load())}
	err := error(nil)
	s.follow(ctx, c, false, func(_ ledger.Stored, e error) bool { err = e; return e == nil })
	if err != nil {
		return ledger.Start, fmt.Errorf("head of the ledger: %w", err)
	}
	return max(c.known, c.found), nil
}

// ours reports whether an event lies in a stream of this ledger.
func (s *Store) ours(e *esdb.RecordedEvent) bool {
	return len(e.StreamID) >= len(s.opts.Prefix) && e.StreamID[:len(s.opts.Prefix)] == s.opts.Prefix
}

// streamCursor reads one stream.
type streamCursor struct {
	*Store
	stream string
	next   ledger.Revision
	count  uint64 // of events still wanted
}

func (c *streamCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return reading(client.ReadStream(ctx, c.opts.Prefix+c.stream, esdb.ReadStreamOptions{From: esdb.Revision(uint64(c.next))}, c.count))
}

func (c *streamCursor) take(i item) (ledger.Stored, step, error) {
	e, err := decode(c.opts.Prefix, i.event)
	if err != nil {
		return e, stop, err
	}
	if e.Revision != c.next {
		return e, stop, &ledger.IntegrityError{Position: e.Position, Stream: e.Stream, Revision: c.next,
			What: fmt.Sprintf("the event is missing; the next one there is has revision %d", e.Revision)}
	}
	c.next++
	if c.count--; c.count == 0 {
		return e, last, nil
	}
	return e, give, nil
}

// end makes the error that a read of a stream ends with: that there is none
// means that there are no events.
func (c *streamCursor) end(err error) error {
	switch judge(err) {
	case absent:
		return errEnd
	case deleted:
		return &ledger.IntegrityError{Stream: c.stream, Revision: c.next, What: "the stream was deleted for good"}
	}
	return err
}

// allCursor reads everything behind a position, and then, if it is live, what
// comes.
type allCursor struct {
	*Store
	after ledger.Position
	live  bool
}

// place is a position as the server is told it.
func place(p ledger.Position) esdb.AllPosition {
	if p == ledger.Start {
		return esdb.Start{}
	}
	return esdb.Position{Commit: uint64(p), Prepare: uint64(p)}
}

func (c *allCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return subscribing(client.SubscribeToAll(ctx, subscription(c.after, esdb.StreamFilterType, c.opts.Prefix)))
}

// take drops what was given before: an event may come twice, and where reads
// begin with the event they are asked to begin at, subscriptions begin behind.
func (c *allCursor) take(i item) (ledger.Stored, step, error) {
	if i.caughtUp && !c.live {
		return ledger.Stored{}, stop, nil
	}
	if i.event == nil || !c.ours(i.event) || ledger.Position(i.event.Position.Commit) <= c.after {
		return ledger.Stored{}, skip, nil
	}
	e, err := decode(c.opts.Prefix, i.event)
	if err != nil {
		return e, stop, err
	}
	c.after = e.Position
	return e, give, nil
}

func (c *allCursor) end(err error) error { return err }

// headCursor looks for the last event of ours.
type headCursor struct {
	*Store
	known, found ledger.Position
}

func (c *headCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return reading(client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.End{}, Direction: esdb.Backwards}, math.MaxInt64))
}

func (c *headCursor) take(i item) (ledger.Stored, step, error) {
	at := ledger.Position(i.event.Position.Commit)
	if at <= c.known {
		return ledger.Stored{}, stop, nil
	}
	if !c.ours(i.event) {
		return ledger.Stored{}, skip, nil
	}
	e, err := decode(c.opts.Prefix, i.event)
	c.found = e.Position
	return e, stop, err
}

func (c *headCursor) end(err error) error { return err }

// reading is a read as a source of items.
func reading(r *esdb.ReadStream, err error) (receive, error) {
	if err != nil {
		return nil, early(err)
	}
	return func() (item, error) {
		e, err := r.Recv()
		switch {
		case err == io.EOF: // as the client gives it at the end of the answer, and nowhere else
			return item{}, errEnd
		case err != nil:
			return item{}, early(err)
		case e.Event == nil:
			return item{}, errNoEvent
		}
		return item{event: e.Event}, nil
	}, nil
}
