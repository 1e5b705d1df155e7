package kurrent

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// watch looks at all that happens to our streams behind a position, until the
// store closes or a failure is found.
func (s *Store) watch(after ledger.Position) {
	s.follow(s.ctx, &watchCursor{s, after}, true, func(_ ledger.Stored, err error) bool {
		if s.ctx.Err() == nil && s.Err() == nil {
			s.log.Error("what happens on the KurrentDB server is no longer watched", "error", err)
		}
		return false
	})
}

// watchCursor goes along everything that touches our streams and gives
// nothing.
type watchCursor struct {
	*Store
	after ledger.Position
}

func (c *watchCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return subscribing(client.SubscribeToAll(ctx,
		subscription(c.after, esdb.StreamFilterType, c.opts.Prefix, metadataMark+c.opts.Prefix, scavengeMark)))
}

func (c *watchCursor) take(i item) (ledger.Stored, step, error) {
	if i.event == nil || ledger.Position(i.event.Position.Commit) <= c.after {
		return ledger.Stored{}, skip, nil
	}
	if _, err := c.inspect(i.event); err != nil {
		return ledger.Stored{}, stop, err
	}
	c.after = ledger.Position(i.event.Position.Commit)
	if c.ours(i.event) {
		c.saw(c.after)
	}
	return ledger.Stored{}, skip, nil
}

func (c *watchCursor) end(err error) error { return err }

// checkCursor looks at the settings that streams have got so far, and ends
// when it has caught up.
type checkCursor struct {
	*Store
	after    ledger.Position
	failures map[string]error // by stream
}

func (c *checkCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return subscribing(client.SubscribeToAll(ctx, subscription(c.after, esdb.EventFilterType, metadataType, tombstoneType)))
}

// take keeps the last word on each stream: a limit that was taken back no
// longer counts, a deletion cannot be taken back.
func (c *checkCursor) take(i item) (ledger.Stored, step, error) {
	if i.caughtUp {
		return ledger.Stored{}, stop, nil
	}
	if ledger.Position(i.event.Position.Commit) <= c.after {
		return ledger.Stored{}, skip, nil
	}
	c.after = ledger.Position(i.event.Position.Commit)
	switch stream, failure := c.inspect(i.event); {
	case failure != nil && i.event.EventType == tombstoneType:
		return ledger.Stored{}, stop, failure
	case failure != nil:
		c.failures[stream] = failure
	default:
		delete(c.failures, stream)
	}
	return ledger.Stored{}, skip, nil
}

func (c *checkCursor) end(err error) error { return err }

// checkStreams looks at the settings of all our streams.
func (s *Store) checkStreams(ctx context.Context) error {
	c := &checkCursor{Store: s, after: s.opts.CheckedTo, failures: make(map[string]error)}
	var err error
	s.follow(ctx, c, true, func(_ ledger.Stored, e error) bool { err = e; return false })
	if err != nil {
		return err
	}
	for _, failure := range c.failures {
		return s.report(failure)
	}
	return nil
}
