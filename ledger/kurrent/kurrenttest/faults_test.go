package kurrenttest_test

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// Each fault of an append: what the client says, and what is recorded.
func TestFaultsOfAnAppend(t *testing.T) {
	tests := []struct {
		name     string
		fault    func(*kurrenttest.Server)
		code     esdb.ErrorCode
		recorded int
	}{
		{"the acknowledgement is lost", func(s *kurrenttest.Server) { s.LoseAcks(1) }, esdb.ErrorUnavailable, 1},
		{"the request is lost", func(s *kurrenttest.Server) { s.LoseRequests(1) }, esdb.ErrorUnavailable, 0},
		{"the commit times out", func(s *kurrenttest.Server) { s.TimeOut(1) }, esdb.ErrorAborted, 1},
		{"the node is not ready", func(s *kurrenttest.Server) { s.Unavailable(1) }, esdb.ErrorUnavailable, 0},
		{"the node does not lead", func(s *kurrenttest.Server) { s.NotLeader(1, nil) }, esdb.ErrorCodeNotLeader, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := kurrenttest.Start(t, kurrenttest.Options{})
			c := dial(t, s.URL())
			mustAppend(t, c, "a", esdb.NoStream{}, event("0"))
			before := len(s.Admin().Events())
			tt.fault(s)
			e := event("1")
			wantCode(t, appendTo(t, c, "a", esdb.Revision(0), e), tt.code)
			if got := len(s.Admin().Events()) - before; got != tt.recorded {
				t.Errorf("%d events were recorded, want %d", got, tt.recorded)
			}
			if r := mustAppend(t, c, "a", esdb.Revision(0), e); r.NextExpectedVersion != 1 {
				t.Errorf("the repeat ended at %d", r.NextExpectedVersion)
			}
			if got := len(s.Admin().Events()) - before; got != 1 {
				t.Errorf("after the repeat there are %d events, want 1", got)
			}
		})
	}
}

func TestUnavailableUntilFurtherNotice(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	s.Unavailable(-1)
	for range 3 {
		wantCode(t, appendTo(t, c, "a", esdb.Any{}, event("x")), esdb.ErrorUnavailable)
	}
	s.Unavailable(0)
	mustAppend(t, c, "a", esdb.Any{}, event("x"))
}

func TestSlowAndFrozen(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	mustAppend(t, c, "a", esdb.Any{}, event("0"))
	s.Slow(30 * time.Millisecond)
	began := time.Now()
	mustAppend(t, c, "a", esdb.Any{}, event("1"))
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("a slow append took %v", took)
	}
	s.Slow(0)
	thaw := s.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := c.AppendToStream(ctx, "a", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event("lost"))
	wantCode(t, err, esdb.ErrorCodeDeadlineExceeded)
	done := make(chan error)
	go func() { done <- appendTo(t, c, "a", esdb.Any{}, event("2")) }()
	select {
	case err := <-done:
		t.Fatalf("a frozen server answered: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	thaw()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := streamTexts(t, c, "a"); got != "012" {
		t.Errorf("the stream is %q", got)
	}
}

func TestFaultsOfASubscription(t *testing.T) {
	s, c := filled(t)
	s.Duplicate(2)
	sub := subscribeAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}, MaxSearchWindow: 1000,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"a"}}})
	if got := told(t, sub, 9); got != "0 0 1 1 2 3 4 @ live" {
		t.Errorf("told %q", got)
	}
	s.DropSubscriptions()
	if e := sub.Recv(); e.SubscriptionDropped == nil || e.SubscriptionDropped.Error == nil {
		t.Errorf("got %+v, want that it was dropped", e)
	}
	again := subscribeAll(t, c, esdb.SubscribeToAllOptions{From: esdb.End{}})
	if got := told(t, again, 1); got != "live" {
		t.Errorf("a new one is told %q", got)
	}
	s.CutConnections()
	if e := again.Recv(); e.SubscriptionDropped == nil {
		t.Errorf("got %+v, want that it was dropped", e)
	}
}

func TestKillAndRestart(t *testing.T) {
	s, c := filled(t)
	sub := subscribeAll(t, c, esdb.SubscribeToAllOptions{From: esdb.End{}})
	if got := told(t, sub, 1); got != "live" {
		t.Fatal(got)
	}
	addr := s.Addr()
	s.Kill()
	if e := sub.Recv(); e.SubscriptionDropped == nil {
		t.Errorf("got %+v, want that it was dropped", e)
	}
	wantCode(t, appendTo(t, c, "a", esdb.Revision(4), event("5")), esdb.ErrorUnavailable)
	if err := s.Restart(); err != nil || s.Addr() != addr {
		t.Fatalf("%v, at %s, was at %s", err, s.Addr(), addr)
	}
	c = dial(t, s.URL())
	if got := streamTexts(t, c, "a"); got != "01234" {
		t.Errorf("the stream is %q", got)
	}
	mustAppend(t, c, "a", esdb.Revision(4), event("5"))
}
