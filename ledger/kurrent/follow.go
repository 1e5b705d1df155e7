package kurrent

import (
	"context"
	"errors"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// buffer is how many events a read may have fetched ahead of its consumer.
const buffer = 256

var (
	// errEnd: the read has given all there is. It is the one error that ends a
	// read without being told.
	errEnd = errors.New("the end of the read")

	// errSilent: nothing came for too long.
	errSilent = errors.New("the server fell silent in the middle of a read")

	// errNoEvent: the server sent a frame without the event it is about.
	errNoEvent = errors.New("the server sent no event where one must be")
)

// item is one thing that comes from the server. Without event it only says
// that a subscription came further.
type item struct {
	event    *esdb.RecordedEvent
	caughtUp bool // of a subscription: all that is recorded was given
}

// receive waits for the next item.
type receive func() (item, error)

// step is what becomes of an item.
type step int

const (
	give step = iota // it goes to the consumer
	skip             // it does not
	note             // nor does this, but the cursor has come further by it
	last             // it goes to the consumer, and ends the read
	stop             // the read ends before it, with an error if there is one
)

// cursor is a read and how far it has come.
type cursor interface {
	// open asks the server for what lies behind the cursor.
	open(context.Context, *esdb.Client) (receive, error)
	// take moves it past an event.
	take(item) (ledger.Stored, step, error)
	// end makes the error that the read ends with; errEnd is none.
	end(error) error
}

// follow gives what a cursor yields. Where the connection breaks it opens the
// cursor again: a live one until ctx ends, any other while it comes further
// within Patience.
func (s *Store) follow(ctx context.Context, c cursor, live bool, yield func(ledger.Stored, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	for moved, rest := time.Now(), minRest; ; rest = min(2*rest, maxRest) {
		further, err := s.once(ctx, c, live, yield)
		if further {
			moved, rest = time.Now(), minRest
		}
		if err == nil {
			return
		}
		err = c.end(err)
		if errors.Is(err, errEnd) && !live {
			return
		}
		if over := s.over(ctx, live); over != nil {
			yield(ledger.Stored{}, over)
			return
		}
		if !s.again(err) || !live && time.Since(moved) > s.opts.Patience {
			yield(ledger.Stored{}, s.report(s.explain(err)))
			return
		}
		s.log.Warn("a read of the KurrentDB cluster broke off and goes on", "error", err)
		_ = sleep(ctx, rest) // over says when ctx has ended
	}
}

// over says why a read may not go on, nil if it may.
func (s *Store) over(ctx context.Context, live bool) error {
	if s.ctx.Err() != nil {
		return ledger.ErrClosed
	}
	if live {
		if err := s.Err(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// again reports whether a read that failed may go on.
func (s *Store) again(err error) bool {
	_, damaged := errors.AsType[*ledger.IntegrityError](err)
	return !damaged && judge(err).passing()
}

// once opens the cursor and gives what comes. It returns nil when the consumer
// has had enough or the cursor is through, and whether it came further.
func (s *Store) once(ctx context.Context, c cursor, live bool, yield func(ledger.Stored, error) bool) (further bool, err error) {
	if err := s.over(ctx, live); err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f, err := s.pump(ctx, c, live)
	if err != nil {
		return false, err
	}
	var broken <-chan struct{}
	var idle <-chan time.Time
	timer := time.NewTimer(s.opts.Patience)
	defer timer.Stop()
	if live {
		broken = s.broken
	} else {
		idle = timer.C
	}
	for {
		var i item
		more := true
		timer.Reset(s.opts.Patience)
		select {
		case i, more = <-f.items:
		case <-idle:
			s.drop(f.client)
			return further, errSilent
		case <-broken:
		case <-ctx.Done():
		}
		if err := s.over(ctx, live); err != nil {
			return further, err
		}
		if !more && errors.Is(f.err, errEnd) {
			return further, f.err
		}
		if !more {
			s.doubt(f.client, f.err)
			return further, f.err
		}
		e, step, err := c.take(i)
		if err != nil || step == stop {
			return further, err
		}
		if step == skip {
			continue
		}
		further = true
		if step == note {
			continue
		}
		s.saw(e.Position)
		if !yield(e, nil) || step == last {
			return further, nil
		}
	}
}

// flow is a running read: what it fetches, and why it ended.
type flow struct {
	client *client
	items  chan item
	err    error // set before items is closed
}

// pump opens a cursor in the background.
func (s *Store) pump(ctx context.Context, c cursor, live bool) (*flow, error) {
	reach := ctx
	if !live {
		var cancel context.CancelFunc
		reach, cancel = context.WithTimeout(ctx, s.opts.Patience)
		defer cancel()
	}
	cl, err := s.client(reach)
	if err != nil {
		return nil, err
	}
	f := &flow{client: cl, items: make(chan item, buffer)}
	started := cl.start(ctx, func(ctx context.Context, es *esdb.Client) error {
		next, err := c.open(ctx, es)
		for err == nil {
			var i item
			if i, err = next(); err != nil {
				break
			}
			select {
			case f.items <- i:
			case <-ctx.Done():
				err = ctx.Err()
			}
		}
		return err
	}, func(err error) {
		f.err = err
		close(f.items)
	})
	if !started {
		return nil, errRetired
	}
	return f, nil
}
