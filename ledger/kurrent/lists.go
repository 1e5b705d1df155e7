package kurrent

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// Last returns the last event of the ledger, false when there is none. Like
// Head it reads backwards over what others wrote behind it.
func (s *Store) Last(ctx context.Context) (last ledger.Stored, found bool, err error) {
	s.follow(ctx, &lastOfOurs{s, &last, &found}, false, func(_ ledger.Stored, e error) bool { err = e; return false })
	if err != nil {
		return ledger.Stored{}, false, fmt.Errorf("last event of the ledger: %w", err)
	}
	return last, found, nil
}

// lastOfOurs looks for the last event of ours and keeps it.
type lastOfOurs struct {
	*Store
	last  *ledger.Stored
	found *bool
}

func (c *lastOfOurs) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return (&headCursor{Store: c.Store}).open(ctx, client)
}

func (c *lastOfOurs) take(i item) (ledger.Stored, step, error) {
	if !c.ours(i.event) {
		return ledger.Stored{}, skip, nil
	}
	e, err := decode(c.opts.Prefix, i.event)
	*c.last, *c.found = e, err == nil
	return e, stop, err
}

func (c *lastOfOurs) end(err error) error { return err }

// Streams lists the streams whose names begin with the prefix and that got an
// event behind the position, in the order of their names. The server passes
// over its log for it and sends the events of those streams alone.
func (s *Store) Streams(ctx context.Context, prefix string, after ledger.Position) ([]string, error) {
	c := &nameCursor{Store: s, prefix: prefix, after: after, names: map[string]bool{}}
	var err error
	s.follow(ctx, c, false, func(_ ledger.Stored, e error) bool { err = e; return false })
	if err != nil {
		return nil, fmt.Errorf("list streams: %w", err)
	}
	return slices.Sorted(maps.Keys(c.names)), nil
}

// nameCursor notes the streams whose events it passes, and ends when it has
// caught up.
type nameCursor struct {
	*Store
	prefix string
	after  ledger.Position
	names  map[string]bool
}

func (c *nameCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	return subscribing(client.SubscribeToAll(ctx, subscription(c.after, esdb.StreamFilterType, c.opts.Prefix+c.prefix)))
}

func (c *nameCursor) take(i item) (ledger.Stored, step, error) {
	if i.caughtUp {
		return ledger.Stored{}, stop, nil
	}
	if i.event == nil || !c.ours(i.event) {
		return ledger.Stored{}, skip, nil
	}
	c.after = max(c.after, ledger.Position(i.event.Position.Commit))
	c.names[strings.TrimPrefix(i.event.StreamID, c.opts.Prefix)] = true
	return ledger.Stored{}, note, nil
}

func (c *nameCursor) end(err error) error { return err }
