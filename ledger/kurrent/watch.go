package kurrent

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// watch looks at what the server itself records about our streams behind a
// position, until the store closes or a failure is found.
func (s *Store) watch(after ledger.Position) {
	s.follow(s.ctx, &watchCursor{s, after}, true, func(_ ledger.Stored, err error) bool {
		if s.ctx.Err() == nil && s.Err() == nil {
			s.log.Error("what happens on the KurrentDB server is no longer watched", "error", err)
		}
		return false
	})
}

// sweep reads all that is recorded behind a position, a while after it was:
// what is not ours is found even if nobody else reads it. To be sent every
// event at once would slow down appends by a third.
func (s *Store) sweep(after ledger.Position) {
	for sleep(s.ctx, s.opts.SweepEvery) == nil && s.Err() == nil {
		for e, err := range s.ReadAll(s.ctx, after) {
			if err != nil {
				if s.ctx.Err() == nil && s.Err() == nil {
					s.log.Warn("what was recorded on the KurrentDB server could not be looked at; it will be later", "error", err)
				}
				break
			}
			after = e.Position
		}
	}
}

// watchCursor goes along what the server records of itself and gives nothing.
type watchCursor struct {
	*Store
	after ledger.Position
}

func (c *watchCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return subscribing(client.SubscribeToAll(ctx, subscription(c.after, esdb.EventFilterType, metadataType, tombstoneType, scavengeMark)))
}

func (c *watchCursor) take(i item) (ledger.Stored, step, error) {
	if i.event == nil || ledger.Position(i.event.Position.Commit) <= c.after {
		return ledger.Stored{}, skip, nil
	}
	if _, err := c.inspect(i.event); err != nil {
		return ledger.Stored{}, stop, err
	}
	c.after = ledger.Position(i.event.Position.Commit)
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
	if i.event == nil || ledger.Position(i.event.Position.Commit) <= c.after {
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
	return ledger.Stored{}, note, nil
}

func (c *checkCursor) end(err error) error { return err }

// checkStreams looks at the settings of all our streams. Only when all of them
// were seen does a limit count: it may have been taken back.
func (s *Store) checkStreams(ctx context.Context) error {
	c := &checkCursor{Store: s, after: s.opts.CheckedTo, failures: make(map[string]error)}
	var err error
	s.follow(ctx, c, false, func(_ ledger.Stored, e error) bool { err = e; return false })
	switch {
	case errors.Is(err, errSilent):
		return fmt.Errorf("%w, before it said that a subscription had caught up; if it always does, it is too old: EventStoreDB 23.10 or KurrentDB is needed", err)
	case err != nil:
		return fmt.Errorf("look at the settings of the streams: %w", err)
	}
	for _, stream := range slices.Sorted(maps.Keys(c.failures)) {
		return s.report(c.failures[stream])
	}
	return nil
}
