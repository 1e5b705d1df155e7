package kurrent

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// The tests here are named for what the client does to who trusts it; each
// shows that the store holds against it.

func TestTheClientDoesNotSendThatItWantsTheLeader(t *testing.T) {
	leader := kurrenttest.Start(t, kurrenttest.Options{})
	follower := leader.Follower(t)
	s := start(t, Options{URL: follower.URL()})
	follower.Lag() // what a caller who does not insist on the leader would read
	at := mustAppend(t, s, "a", ledger.NoStream, entries(2)...)
	if got := mustRead(t, s.ReadStream(t.Context(), "a", 0)); len(got) != 2 {
		t.Errorf("reading the stream gave %d events, want 2", len(got))
	}
	if got := mustRead(t, s.ReadAll(t.Context(), ledger.Start)); len(got) != 2 {
		t.Errorf("reading everything gave %d events, want 2", len(got))
	}
	if head, err := s.Head(t.Context()); err != nil || head != at.Position {
		t.Errorf("the head is %s, %v, want %s", head, err, at.Position)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for e, err := range s.Subscribe(ctx, ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Revision == 1 {
			break
		}
	}
}

// settle waits, half a minute at most, until the clients that tests before left
// to end by themselves have done so: one that still connects makes goroutines
// that are nobody's leak.
func settle() {
	for range 60 {
		if goleak.Find() == nil { // looks for about half a second
			return
		}
	}
}

func TestTheClientDiesOfOneFailedDiscoveryAndItsCallersHang(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	settle()
	server := kurrenttest.Start(t, kurrenttest.Options{})
	before := goleak.IgnoreCurrent()
	s := start(t, Options{URL: server.URL(), Patience: time.Second})
	mustAppend(t, s, "a", ledger.NoStream, entries(1)...)
	for range 5 {
		server.Kill()
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				defer cancel()
				began := time.Now()
				if i%2 == 0 {
					if _, err := s.Append(ctx, fmt.Sprintf("b-%d", i), ledger.NoStream, entries(1)); !errors.Is(err, ledger.ErrUnknownOutcome) {
						t.Errorf("an append without a server ended with %v", err)
					}
				} else if _, err := collect(s.ReadStream(ctx, "a", 0)); err == nil {
					t.Error("a read without a server succeeded")
				}
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("a call took %s, its context had 200 ms", took)
				}
			})
		}
		wg.Wait()
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		if got := mustRead(t, s.ReadStream(t.Context(), "a", 0)); len(got) != 1 {
			t.Fatalf("after the server came back a read gave %v", got)
		}
	}
	mustAppend(t, s, "a", 0, entries(1)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	goleak.VerifyNone(t, before)
}

func TestTheClientHangsWhereManyCallsFailAtOnce(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	settle()
	server := kurrenttest.Start(t, kurrenttest.Options{})
	before := goleak.IgnoreCurrent()
	s := start(t, Options{URL: server.URL()})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 64 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				stream := fmt.Sprintf("s-%d-%s", w, uuid.NewString())
				if _, err := s.Append(t.Context(), stream, ledger.NoStream, entries(1)); err != nil && !errors.Is(err, ledger.ErrUnknownOutcome) {
					t.Errorf("an append ended with %v", err)
				}
			}
		})
	}
	for range 10 {
		time.Sleep(30 * time.Millisecond)
		server.Kill()
		time.Sleep(20 * time.Millisecond)
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	goleak.VerifyNone(t, before) // a call that hangs in the client is a goroutine
}

func TestTheClientPanicsWhenItIsClosedDuringCalls(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	for range 20 {
		server := kurrenttest.Start(t, kurrenttest.Options{})
		s := start(t, Options{URL: server.URL()})
		var wg sync.WaitGroup
		for w := range 16 {
			wg.Go(func() {
				for i := ledger.Revision(0); ; i++ {
					if _, err := s.Append(t.Context(), fmt.Sprintf("s-%d", w), i-1, entries(1)); err != nil {
						if !errors.Is(err, ledger.ErrClosed) && !errors.Is(err, ledger.ErrUnknownOutcome) {
							t.Errorf("an append ended with %v", err)
						}
						return
					}
					for range s.ReadAll(t.Context(), ledger.Start) {
					}
				}
			})
		}
		time.Sleep(5 * time.Millisecond)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
	}
}

func TestTheClientPanicsOnAnswersItDoesNotKnow(t *testing.T) {
	c := &client{idle: make(chan struct{})}
	err := c.do(t.Context(), func(context.Context, *esdb.Client) error { panic("unreachable code") })
	if !errors.Is(err, errPanic) || judge(err) != uncertain {
		t.Fatalf("got %v", err)
	}
}

func TestTheClientsSubscriptionsEndWhenTheyAreDropped(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	const n = 200
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := range ledger.Revision(n) {
			for {
				_, err := s.Append(ctx, "a", i-1, []ledger.Entry{{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i)}), Envelope: []byte{byte(i)}}})
				if err == nil {
					break
				}
				if !errors.Is(err, ledger.ErrUnknownOutcome) || ctx.Err() != nil {
					t.Errorf("append %d: %v", i, err)
					return
				}
			}
			switch i % 20 {
			case 4:
				server.DropSubscriptions()
			case 9:
				server.Duplicate(3)
			case 14:
				server.CutConnections()
			}
		}
	})
	next := ledger.Revision(0)
	for e, err := range s.Subscribe(ctx, ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Revision != next {
			t.Fatalf("event %d came where %d must", e.Revision, next)
		}
		if next++; next == n {
			break
		}
	}
	writer.Wait() // the last append is read before it is confirmed
}

func TestTheClientsReadOfEverythingHasNoFilter(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	other := start(t, Options{URL: server.URL(), Prefix: "other-"})
	for i := range ledger.Revision(50) {
		mustAppend(t, s, "a", i-1, entries(1)...)
		mustAppend(t, other, "a", 3*i-1, entries(3)...)
		if _, err := server.Admin().Append("shop", "ordered", []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	got := mustRead(t, s.ReadAll(t.Context(), ledger.Start))
	if len(got) != 50 {
		t.Fatalf("%d events came, want 50", len(got))
	}
	for i, e := range got {
		if e.Stream != "a" || e.Revision != ledger.Revision(i) {
			t.Fatalf("event %d is %+v", i, e)
		}
	}
	if head, err := s.Head(t.Context()); err != nil || head != got[49].Position {
		t.Errorf("the head is %s, %v, want %s", head, err, got[49].Position)
	}
}

func TestTheClientFailsWhereAStreamHasNoMetadata(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"{}":                          "",
		`{"$acl":{"$r":["a","b"]}}`:   "", // the client's own reading fails on the list
		`{"$maxCount":5}`:             "$maxCount is 5",
		`{"$tb":0,"$maxAge":null}`:    "",
		`{"$acl":"x","$maxAge":3.5}`:  "$maxAge is 3.5",
		`{"$tb":9223372036854775807}`: "$tb is 9223372036854775807",
	} {
		if got, err := forgetful([]byte(text)); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", text, got, err, want)
		}
	}
	if _, err := forgetful([]byte("x")); err == nil {
		t.Error("what is not JSON is taken")
	}
}

func TestTheClientLogsToTheConsole(t *testing.T) {
	var console strings.Builder
	defer log.SetOutput(log.Writer())
	log.SetOutput(&console)
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL(), Deadline: 300 * time.Millisecond})
	server.Unavailable(3)
	for range 3 {
		_, _ = s.Append(t.Context(), "a", ledger.NoStream, entries(1)) // whatever becomes of it
	}
	if console.Len() > 0 {
		t.Errorf("the console shows %s", console.String())
	}
	if _, err := Open(t.Context(), Options{URL: "esdb://n1:2113?colour=red"}); err == nil || console.Len() > 0 {
		t.Errorf("an unknown setting gave %v and on the console %q", err, console.String())
	}
}
