package kurrent

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// The client logs right before it forgets its connection, and in these words;
// if it did not, calls could hang in it.
func TestAClientIsRetiredBeforeItForgetsItsConnection(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	for name, call := range map[string]func(context.Context, *esdb.Client) error{
		"append": func(ctx context.Context, c *esdb.Client) error {
			_, err := c.AppendToStream(ctx, "x", esdb.AppendToStreamOptions{}, esdb.EventData{EventType: "x"})
			return err
		},
		"read": first,
		"subscribe": func(ctx context.Context, c *esdb.Client) error {
			_, err := c.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{})
			return err
		},
	} {
		c, err := s.client(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		server.Unavailable(-1)
		retired := make(chan bool, 1)
		err = c.do(t.Context(), func(ctx context.Context, es *esdb.Client) error {
			err := call(ctx, es)
			retired <- c.isRetired()
			return err
		})
		server.Unavailable(0)
		if err == nil || !<-retired {
			t.Errorf("%s: failed with %v and left the client in use", name, err)
		}
		if c.begin() {
			t.Errorf("%s: a retired client lets a call in", name)
		}
	}
}

func TestAClientIsNotRetiredWhileACallAsksForItsConnection(t *testing.T) {
	c := &client{idle: make(chan struct{})}
	asking, connected := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	c.start(t.Context(), func(ctx context.Context, _ *esdb.Client) error {
		close(asking)
		<-connected
		_, cancel := context.WithDeadline(ctx, time.Now().Add(time.Hour)) // as the client does
		defer cancel()
		<-ctx.Done()
		return ctx.Err()
	}, func(err error) { ended <- err })
	<-asking
	retired := make(chan struct{})
	go func() {
		c.retire()
		close(retired)
	}()
	select {
	case <-retired:
		t.Fatal("it was retired")
	case <-time.After(20 * time.Millisecond):
	}
	close(connected)
	<-retired // though the call still runs
	select {
	case <-c.idle:
		t.Fatal("it is idle while a call runs")
	default:
	}
}

func TestAPositionIsSeenOnlyForwards(t *testing.T) {
	var s Store
	for _, p := range []ledger.Position{3, 9, 4} {
		s.saw(p)
	}
	if got := s.seen.Load(); got != 9 {
		t.Fatalf("got %d", got)
	}
}
