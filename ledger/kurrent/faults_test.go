package kurrent

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

func TestMain(m *testing.M) {
	kurrenttest.Main()
	os.Exit(m.Run())
}

func TestStoreDisturbed(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	ledgertest.RunDisturbed(t, func(t *testing.T) (ledger.Store, func()) {
		server := kurrenttest.Start(t, kurrenttest.Options{})
		faults := []func(){
			func() { server.LoseAcks(1) },
			func() { server.LoseRequests(1) },
			func() { server.TimeOut(1) },
			func() { server.Unavailable(2) },
			func() { server.NotLeader(1, nil) },
			func() { server.Duplicate(5) },
			func() { server.Slow(time.Duration(rand.IntN(3)) * time.Millisecond) },
			server.DropSubscriptions,
			server.CutConnections,
			func() {
				server.Kill()
				if err := server.Restart(); err != nil {
					t.Error(err)
				}
			},
		}
		left := 12 // more would leave too much unknown to be judged
		return start(t, Options{URL: server.URL(), Deadline: time.Second}), func() {
			if left--; left >= 0 {
				faults[rand.IntN(len(faults))]()
			}
		}
	})
}

// chain appends n events to a stream, one after the other, and repeats each
// until its outcome is known. It notes what was acknowledged.
func chain(t *testing.T, s ledger.Store, stream string, n int, done *acknowledged) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for i := range ledger.Revision(n) {
		batch := entries(1)
		for {
			got, err := s.Append(ctx, stream, i-1, batch)
			if err == nil {
				done.add(ledger.Stored{Position: got.Position, Stream: stream, Revision: got.Revision, ID: batch[0].ID, Envelope: batch[0].Envelope})
				break
			}
			if !errors.Is(err, ledger.ErrUnknownOutcome) || ctx.Err() != nil {
				t.Errorf("append %d to %s: %v", i, stream, err)
				return
			}
		}
	}
}

// acknowledged is what a store said it had recorded.
type acknowledged struct {
	mu     sync.Mutex
	events map[uuid.UUID]ledger.Stored
}

func (a *acknowledged) add(e ledger.Stored) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.events == nil {
		a.events = make(map[uuid.UUID]ledger.Stored)
	}
	a.events[e.ID] = e
}

// check fails unless a store holds just what was acknowledged, each once.
func (a *acknowledged) check(t *testing.T, s ledger.Store) {
	t.Helper()
	got := mustRead(t, s.ReadAll(t.Context(), ledger.Start))
	if len(got) != len(a.events) {
		t.Errorf("%d events are recorded, %d were acknowledged", len(got), len(a.events))
	}
	for _, e := range got {
		want := a.events[e.ID]
		if e.Position != want.Position || e.Stream != want.Stream || e.Revision != want.Revision || string(e.Envelope) != string(want.Envelope) {
			t.Errorf("recorded is %+v, acknowledged was %+v", e, want)
		}
	}
}

func TestNothingIsLostOrDoubledWhenTheServerIsKilled(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	server := kurrenttest.StartProcess(t, "127.0.0.1:0", filepath.Join(t.TempDir(), "events"))
	s := start(t, Options{URL: server.URL(), Deadline: 2 * time.Second})
	var done acknowledged
	followed := make(chan []ledger.Stored, 1)
	const writers, each = 6, 100
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		var got []ledger.Stored
		for e, err := range s.Subscribe(ctx, ledger.Start) {
			if err != nil {
				t.Errorf("the subscription ended: %v", err)
				break
			}
			if got = append(got, e); len(got) == writers*each {
				break
			}
		}
		followed <- got
	}()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() { chain(t, s, fmt.Sprintf("s-%d", w), each, &done) })
	}
	quiet := make(chan struct{})
	go func() {
		wg.Wait()
		close(quiet)
	}()
	for kills := 0; ; kills++ {
		select {
		case <-quiet:
		case <-time.After(100 * time.Millisecond):
			server.Kill()
			server.Start()
			continue
		}
		t.Logf("the server was killed %d times", kills)
		break
	}
	done.check(t, s)
	all := mustRead(t, s.ReadAll(t.Context(), ledger.Start))
	got := <-followed
	for i := range got {
		if i >= len(all) || got[i].ID != all[i].ID || got[i].Position != all[i].Position {
			t.Fatalf("the subscription gave %+v as event %d of %d", got[i], i, len(all))
		}
	}
}

func TestTheLedgerFollowsTheLeader(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	leader := kurrenttest.Start(t, kurrenttest.Options{})
	nodes := []*kurrenttest.Server{leader, leader.Follower(t), leader.Follower(t)}
	for name, url := range map[string]string{"the cluster is named": leader.ClusterURL(), "one follower is named": nodes[2].URL()} {
		t.Run(name, func(t *testing.T) {
			nodes[0].Elect()
			s := start(t, Options{URL: url, Prefix: newPrefix()})
			var done acknowledged
			var wg sync.WaitGroup
			for w := range 4 {
				wg.Go(func() { chain(t, s, fmt.Sprintf("s-%d", w), 60, &done) })
			}
			for i := range 6 {
				time.Sleep(20 * time.Millisecond)
				nodes[(i+1)%3].Elect()
			}
			wg.Wait()
			done.check(t, s)
		})
	}
}

func TestTheLeaderDies(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	first := kurrenttest.Start(t, kurrenttest.Options{})
	second, third := first.Follower(t), first.Follower(t)
	s := start(t, Options{URL: first.ClusterURL()})
	var done acknowledged
	chain(t, s, "a", 3, &done)
	first.Kill()
	time.AfterFunc(300*time.Millisecond, second.Elect)
	chain(t, s, "b", 3, &done)
	second.Kill()
	time.AfterFunc(300*time.Millisecond, third.Elect)
	chain(t, s, "c", 3, &done)
	done.check(t, s)
}

func TestASlowServerLosesNothing(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL(), Deadline: 30 * time.Millisecond})
	server.Slow(20 * time.Millisecond)
	var done acknowledged
	chain(t, s, "a", 10, &done)
	server.Slow(0)
	done.check(t, s)
}

func TestAReadThatStallsEndsInTime(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL(), Patience: 200 * time.Millisecond})
	mustAppend(t, s, "a", ledger.NoStream, entries(1)...)
	for name, stall := range map[string]func() (mend func()){
		"not ready": func() func() { server.Unavailable(-1); return func() { server.Unavailable(0) } },
		"frozen":    server.Freeze,
	} {
		mend := stall()
		for which, read := range map[string]func() error{
			"stream": func() error { _, err := collect(s.ReadStream(t.Context(), "a", 0)); return err },
			"all":    func() error { _, err := collect(s.ReadAll(t.Context(), ledger.Start)); return err },
			"head":   func() error { _, err := s.Head(t.Context()); return err },
		} {
			began := time.Now()
			if read() == nil {
				t.Errorf("%s, %s: it succeeded", name, which)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%s, %s: it took %s", name, which, took)
			}
		}
		mend()
		// So little patience may end before a slow machine has found the server.
		for began := time.Now(); ; {
			if _, err := collect(s.ReadStream(t.Context(), "a", 0)); err == nil {
				break
			} else if time.Since(began) > 10*time.Second {
				t.Fatalf("%s, and mended: %v", name, err)
			}
		}
	}
}

// TestRealServer runs the suite against the server that the environment names,
// each ledger under a prefix of its own.
func TestRealServer(t *testing.T) {
	url := os.Getenv(realServer)
	if url == "" {
		t.Skipf("%s names no server", realServer)
	}
	ledgertest.Run(t, func(t *testing.T) ledger.Store {
		return start(t, Options{URL: url, Prefix: newPrefix()})
	})
	ledgertest.RunDurable(t, durable(url, 0))
}
