package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func hold(t *testing.T, c *cluster.Cluster, rules bool, streams ...string) ledger.Held {
	t.Helper()
	h, err := c.Locks().Hold(t.Context(), streams, rules)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Release(false) })
	return h
}

// waits tells whether the holding has to wait.
func waits(t *testing.T, c *cluster.Cluster, rules bool, streams ...string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	h, err := c.Locks().Hold(ctx, streams, rules)
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Release(false); err != nil {
		t.Error(err)
	}
	return false
}

func TestStreamsAreHeldByOne(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	other, err := cluster.Open(t.Context(), url, cluster.Options{Origin: "another"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	h := hold(t, a, false, "officer-1", "case-7", "officer-1")
	for _, c := range []struct {
		name    string
		who     *cluster.Cluster
		rules   bool
		streams []string
		waits   bool
	}{
		{"the same stream", b, false, []string{"case-7"}, true},
		{"one of them among others", b, false, []string{"a", "officer-1", "z"}, true},
		{"in the same process", a, false, []string{"case-7"}, true},
		{"others", b, false, []string{"officer-2"}, false},
		{"none", b, false, nil, false},
		{"the rules", b, true, []string{"rulebook-x"}, true},
		{"the same of another ledger", other, false, []string{"case-7"}, false},
		{"the rules of another ledger", other, true, []string{"case-7"}, false},
	} {
		if got := waits(t, c.who, c.rules, c.streams...); got != c.waits {
			t.Errorf("%s: waits %v", c.name, got)
		}
	}
	if err := errors.Join(h.Check(t.Context()), h.Release(false), h.Release(false)); err != nil {
		t.Error(err)
	}
	if waits(t, b, false, "case-7") || waits(t, b, true, "case-7") {
		t.Error("what is released is held still")
	}
}

func TestWhoWaitedGetsTheStream(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	h := hold(t, a, false, "s")
	got := make(chan error)
	go func() {
		h, err := b.Locks().Hold(t.Context(), []string{"s"}, false)
		if err == nil {
			err = h.Release(false)
		}
		got <- err
	}()
	select {
	case err := <-got:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	if err := h.Release(false); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestRulesAreChangedAlone(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	before := hold(t, a, false, "s")
	if n := before.Rules(); n != 0 {
		t.Errorf("%d changes at the beginning", n)
	}
	if err := before.Release(false); err != nil {
		t.Fatal(err)
	}
	h := hold(t, a, true, "rulebook-x")
	if !waits(t, b, false, "s") || !waits(t, b, false) || !waits(t, b, true, "s") {
		t.Error("somebody held something while rules were changed")
	}
	counted := make(chan int64)
	go func() { // begins to wait before the change is over, and must see it
		h, err := b.Locks().Hold(t.Context(), []string{"s"}, false)
		if err != nil {
			t.Error(err)
			counted <- -1
			return
		}
		defer h.Release(false)
		counted <- h.Rules()
	}()
	time.Sleep(100 * time.Millisecond)
	if err := h.Release(true); err != nil {
		t.Fatal(err)
	}
	if n := <-counted; n == 0 {
		t.Error("who waited sees no change")
	}
}

func TestAChangeCountsThoughItsProcessDied(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	hold(t, a, true, "rulebook-x")
	hangUpOn(t, url, "a")
	if n := hold(t, b, false, "s").Rules(); n == 0 {
		t.Error("a change that was cut short is not counted")
	}
}

func TestABrokenSessionIsToldByCheck(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	h := hold(t, a, false, "s")
	hangUpOn(t, url, "a")
	if err := h.Check(t.Context()); !errors.Is(err, ledger.ErrLocksLost) {
		t.Errorf("of a session that the server ended, Check says %v", err)
	}
	if err := h.Release(true); err == nil {
		t.Error("what could not be released was released")
	}
	if waits(t, b, false, "s") {
		t.Error("the stream is held still")
	}
	if waits(t, a, false, "s") {
		t.Error("the member does not hold anything any more")
	}
}

func TestWaitingLeavesNothingBehind(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	h := hold(t, a, false, "s")
	for range 12 { // more often than there are sessions
		if !waits(t, b, false, "r", "s") {
			t.Fatal("it did not wait")
		}
	}
	// What the server granted to nobody is given back.
	within(t, 5*time.Second, "r is free", func() {
		for waits(t, a, false, "r") {
		}
	})
	if err := h.Release(false); err != nil {
		t.Fatal(err)
	}
	if waits(t, a, false, "r", "s") {
		t.Error("who gave up waiting holds streams")
	}
}

func TestHoldersNeverWaitForEachOther(t *testing.T) {
	url := pgtest.Database(t)
	members := []*cluster.Cluster{member(t, url, "a"), member(t, url, "b"), member(t, url, "c")}
	var streams []string
	for i := range 6 {
		streams = append(streams, fmt.Sprintf("s-%d", i))
	}
	var held [6]atomic.Int32
	var all atomic.Int32
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 1))
			for range 25 {
				some := r.Perm(len(streams))[:1+r.IntN(4)]
				rules := r.IntN(20) == 0
				var names []string
				for _, s := range some {
					names = append(names, streams[s])
				}
				h, err := members[i%3].Locks().Hold(t.Context(), names, rules)
				if err != nil {
					t.Error(err)
					return
				}
				if n := all.Add(1); rules && n != 1 {
					t.Errorf("rules were changed beside %d others", n-1)
				}
				for _, s := range some {
					if held[s].Add(1) != 1 {
						t.Errorf("%s was held twice", streams[s])
					}
				}
				for _, s := range some {
					held[s].Add(-1)
				}
				all.Add(-1)
				if err := h.Release(rules); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestLocksPassTheSuite(t *testing.T) {
	ledgertest.RunLocks(t, func(t *testing.T) func() ledgertest.Replica {
		url := pgtest.Database(t)
		n := 0
		return func() ledgertest.Replica {
			n++
			name := fmt.Sprintf("process-%d", n)
			l := &remembering{Locks: member(t, url, name).Locks()}
			t.Cleanup(l.release)
			return ledgertest.Replica{Locks: l, Kill: func() { hangUpOn(t, url, name) }}
		}
	})
}

// remembering are locks that give back at the end what those who were killed
// hold, for a member closes only then.
type remembering struct {
	ledger.Locks
	mu    sync.Mutex
	holds []ledger.Held
}

func (l *remembering) Hold(ctx context.Context, streams []string, rules bool) (ledger.Held, error) {
	h, err := l.Locks.Hold(ctx, streams, rules)
	if err == nil {
		l.mu.Lock()
		l.holds = append(l.holds, h)
		l.mu.Unlock()
	}
	return h, err
}

func (l *remembering) release() {
	for _, h := range l.holds {
		_ = h.Release(false)
	}
}
