package kurrenttest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// told writes what a subscription tells, n messages of it: the text of an
// event of a user, "live" for caught up, "@" for a checkpoint.
func told(t *testing.T, sub *esdb.Subscription, n int) string {
	t.Helper()
	var out []string
	for len(out) < n {
		e := sub.Recv()
		switch {
		case e.EventAppeared != nil && strings.HasPrefix(e.EventAppeared.Event.StreamID, "$"):
		case e.EventAppeared != nil:
			out = append(out, string(e.EventAppeared.Event.Data))
		case e.CaughtUp != nil:
			out = append(out, "live")
		case e.CheckPointReached != nil:
			out = append(out, "@")
		default:
			t.Fatalf("after %q: %v", out, e.SubscriptionDropped)
		}
	}
	return strings.Join(out, " ")
}

func subscribeAll(t *testing.T, c *esdb.Client, o esdb.SubscribeToAllOptions) *esdb.Subscription {
	t.Helper()
	sub, err := c.SubscribeToAll(ctxOf(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

func TestSubscribeToAll(t *testing.T) {
	s, c := filled(t)
	events := s.Admin().Events()
	third := events[len(events)-3].Position
	tests := []struct {
		name string
		from esdb.AllPosition
		want string
	}{
		{"from the end", esdb.End{}, "live"},
		{"behind a position", esdb.Position{Commit: third, Prepare: third}, "3 4 new live"},
		{"from the start", esdb.Start{}, "0 1 2 3 4 new new live"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sub := subscribeAll(t, c, esdb.SubscribeToAllOptions{From: tt.from})
			if got := told(t, sub, len(strings.Fields(tt.want))); got != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
			}
			mustAppend(t, c, "b", esdb.Any{}, event("new"))
			if got := told(t, sub, 1); got != "new" {
				t.Errorf("told %q", got)
			}
		})
	}
}

func TestSubscribeToAllWithAFilter(t *testing.T) {
	_, c := filled(t)
	for i := range 10 {
		mustAppend(t, c, fmt.Sprint("other-", i), esdb.NoStream{}, event("no"))
	}
	sub := subscribeAll(t, c, esdb.SubscribeToAllOptions{
		From: esdb.Start{}, MaxSearchWindow: 4, CheckpointInterval: 1,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"a", "c"}},
	})
	// 3 events of the server, 5 of "a", 10 others: a checkpoint after every
	// fourth, and one before it is live.
	if got, want := told(t, sub, 11), "0 @ 1 2 3 4 @ @ @ @ live"; got != want {
		t.Fatalf("told %q, want %q", got, want)
	}
	for range 3 {
		mustAppend(t, c, "other", esdb.Any{}, event("no"))
	}
	at := mustAppend(t, c, "c", esdb.Any{}, event("yes"))
	if got := told(t, sub, 1); got != "yes" {
		t.Fatalf("told %q", got)
	}
	if e := sub.Recv(); e.CheckPointReached == nil || e.CheckPointReached.Commit != at.CommitPosition {
		t.Errorf("got %+v, want a checkpoint at %d", e, at.CommitPosition)
	}
	byType := subscribeAll(t, c, esdb.SubscribeToAllOptions{
		From: esdb.Start{}, Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: `^\$`},
	})
	for range 3 {
		if e := byType.Recv(); e.EventAppeared == nil || !strings.HasPrefix(e.EventAppeared.Event.EventType, "$") {
			t.Fatalf("got %+v", e)
		}
	}
}

func TestSubscribeToStream(t *testing.T) {
	s, c := filled(t)
	sub, err := c.SubscribeToStream(ctxOf(t), "a", esdb.SubscribeToStreamOptions{From: esdb.Revision(2)})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	mustAppend(t, c, "b", esdb.Any{}, event("other"))
	if got := told(t, sub, 3); got != "3 4 live" {
		t.Fatalf("told %q", got)
	}
	mustAppend(t, c, "a", esdb.Any{}, event("5"), event("6"))
	if got := told(t, sub, 2); got != "5 6" {
		t.Fatalf("told %q", got)
	}
	if err := s.Admin().Tombstone("a"); err != nil {
		t.Fatal(err)
	}
	if e := sub.Recv(); e.SubscriptionDropped == nil || !strings.Contains(e.SubscriptionDropped.Error.Error(), "is deleted") {
		t.Errorf("got %+v", e)
	}
	fromEnd, err := c.SubscribeToStream(ctxOf(t), "b", esdb.SubscribeToStreamOptions{From: esdb.End{}})
	if err != nil {
		t.Fatal(err)
	}
	defer fromEnd.Close()
	mustAppend(t, c, "b", esdb.Any{}, event("new"))
	if got := told(t, fromEnd, 2); got != "live new" {
		t.Errorf("told %q", got)
	}
}

func TestManySubscriptionsSeeAllInOrder(t *testing.T) {
	_, c := filled(t)
	var subs []*esdb.Subscription
	for range 8 {
		subs = append(subs, subscribeAll(t, c, esdb.SubscribeToAllOptions{From: esdb.End{}}))
	}
	for _, sub := range subs {
		if got := told(t, sub, 1); got != "live" {
			t.Fatalf("told %q", got)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 200 {
			mustAppend(t, c, fmt.Sprint("s-", i%7), esdb.Any{}, event(fmt.Sprint(i)))
		}
	}()
	for _, sub := range subs {
		for i := range 200 {
			if got := told(t, sub, 1); got != fmt.Sprint(i) {
				t.Fatalf("event %d is %q", i, got)
			}
		}
	}
	<-done
}
