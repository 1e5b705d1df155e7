package link_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest/link"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// open opens the store over the line.
func open(t *testing.T, server *kurrenttest.Process) *kurrent.Store {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	s, err := kurrent.Open(ctx, kurrent.Options{URL: server.URL(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNothingIsLostOrDoubledOnABadLine(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	link.Isolate(t, nothingIsLostOrDoubled)
}

// weather is what befalls the line and the server while others work.
func weather(l *link.Link, server *kurrenttest.Process) {
	for _, befalls := range []func(){
		func() { l.Delay(20 * time.Millisecond) },
		l.Cut, // shorter than the writers' patience
		l.Mend,
		func() { l.Lose(100) },
		func() { l.Lose(0) },
		l.CutBack, // appends are recorded, and nobody hears it
		l.Mend,
		func() { server.Kill(); server.Start() },
		l.Cut, // longer than it
		func() {},
		func() {},
		l.Mend,
		func() { l.Delay(0) },
	} {
		time.Sleep(400 * time.Millisecond)
		befalls()
	}
}

func nothingIsLostOrDoubled(t *testing.T) {
	l, server := far(t)
	s := open(t, server)
	over := make(chan struct{})
	var writers sync.WaitGroup
	acknowledged := make([]map[uuid.UUID]ledger.Appended, 6)
	for w := range acknowledged {
		acknowledged[w] = make(map[uuid.UUID]ledger.Appended)
		writers.Go(func() { write(t, s, fmt.Sprintf("stream-%d", w), acknowledged[w], over) })
	}
	subscribed, stop := context.WithCancel(t.Context())
	defer stop()
	seen := make(chan []ledger.Stored, 1)
	last := make(chan uuid.UUID, 1)
	go func() { seen <- watch(subscribed, t, s, last) }()

	weather(l, server)
	close(over)
	writers.Wait()
	end := ledger.Entry{ID: uuid.New(), Envelope: []byte("end")}
	if _, err := s.Append(t.Context(), "end", ledger.NoStream, []ledger.Entry{end}); err != nil {
		t.Fatalf("on a line that is whole again: %v", err)
	}
	last <- end.ID

	recorded := make(map[uuid.UUID]ledger.Stored)
	var all []ledger.Stored
	for e, err := range s.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if was, ok := recorded[e.ID]; ok {
			t.Errorf("%s is recorded twice: %+v and %+v", e.ID, was, e)
		}
		recorded[e.ID] = e
		all = append(all, e)
	}
	n := 0
	for _, a := range acknowledged {
		for id, done := range a {
			if e := recorded[id]; e.Position != done.Position || e.Revision != done.Revision {
				t.Errorf("acknowledged as %+v, recorded as %+v", done, e)
			}
			n++
		}
	}
	if n+1 != len(all) {
		t.Errorf("%d appends were acknowledged and %d are recorded; all were repeated until they were known", n+1, len(all))
	}
	if diff := cmp.Diff(all, <-seen); diff != "" {
		t.Errorf("what was read and what a subscription saw (-read +seen):\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	carried, dropped := l.Packets()
	t.Logf("%d appends; %d packets were carried and %d dropped", n, carried, dropped)
}

// patience is how long a writer waits for one answer, and grace how much
// longer a call may take before it counts as hanging: the machine may be busy.
const (
	patience = time.Second
	grace    = 3 * time.Second
)

// write appends one event after another, repeating each until its outcome is
// known, and notes what was acknowledged.
func write(t *testing.T, s ledger.Store, stream string, acknowledged map[uuid.UUID]ledger.Appended, over <-chan struct{}) {
	for at := ledger.NoStream; ; {
		select {
		case <-over:
			return
		default:
		}
		e := ledger.Entry{ID: uuid.New(), Envelope: []byte(stream)}
		for known := false; !known; {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			began := time.Now()
			done, err := s.Append(ctx, stream, at, []ledger.Entry{e})
			cancel()
			if took := time.Since(began); took > patience+grace {
				t.Errorf("an append that had %v took %v", patience, took)
			}
			switch {
			case err == nil:
				acknowledged[e.ID], at, known = done, done.Revision, true
			case errors.Is(err, ledger.ErrWrongRevision):
				t.Errorf("the only writer of %s is told %v", stream, err)
				return
			}
		}
	}
}

// watch subscribes until the last event has come, and again from the last
// position when the subscription breaks.
func watch(ctx context.Context, t *testing.T, s ledger.Store, last <-chan uuid.UUID) (seen []ledger.Stored) {
	after, end := ledger.Start, uuid.Nil
	for ctx.Err() == nil {
		for e, err := range s.Subscribe(ctx, after) {
			if err != nil {
				t.Logf("the subscription goes on after %v", err)
				break
			}
			seen, after = append(seen, e), e.Position
			if e.Stream == "end" {
				end = <-last
			}
			if e.ID == end {
				return seen
			}
		}
	}
	return seen
}

func TestHistoriesOnABadLine(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	link.Isolate(t, func(t *testing.T) {
		ledgertest.RunDisturbed(t, func(t *testing.T) (ledger.Store, func()) {
			l, server := far(t)
			l.Delay(2 * time.Millisecond)
			cuts := []func(){l.Cut, l.CutBack}
			return open(t, server), func() {
				cuts[0]()
				cuts[0], cuts[1] = cuts[1], cuts[0]
				time.Sleep(30 * time.Millisecond)
				l.Mend()
				time.Sleep(60 * time.Millisecond)
			}
		})
	})
}
