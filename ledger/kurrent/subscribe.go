package kurrent

import (
	"errors"
	"fmt"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// searchWindow is how many events of others the server passes over before it
// says how far it has come.
const searchWindow = 500

// subscription asks for what lies behind a position in streams, or is of
// types, that begin with one of the prefixes.
func subscription(after ledger.Position, kind esdb.FilterType, prefixes ...string) esdb.SubscribeToAllOptions {
	return esdb.SubscribeToAllOptions{
		From: place(after), MaxSearchWindow: searchWindow,
		Filter: &esdb.SubscriptionFilter{Type: kind, Prefixes: prefixes},
	}
}

// subscribing is a subscription as a source of items. Where a checkpoint lies
// is passed over: it is resumed behind the last event, which is certain.
func subscribing(sub *esdb.Subscription, err error) (receive, error) {
	if err != nil {
		return nil, early(err)
	}
	return func() (item, error) {
		switch m := sub.Recv(); {
		case m.SubscriptionDropped != nil:
			return item{}, fmt.Errorf("the subscription was dropped: %w", early(m.SubscriptionDropped.Error))
		case m.EventAppeared == nil:
			return item{caughtUp: m.CaughtUp != nil}, nil
		case m.EventAppeared.Event == nil:
			return item{}, errNoEvent
		default:
			return item{event: m.EventAppeared.Event}, nil
		}
	}, nil
}

// early is why an answer ended, or did not begin, where its end was not due:
// the connection is then in doubt.
func early(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %v", io.ErrUnexpectedEOF, err)
	}
	return err
}
