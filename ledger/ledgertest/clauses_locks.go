package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/ledger"
)

// Replica is one process' locks in a test, and what ends its holds as the
// death of the process would: nobody releases anything.
type Replica struct {
	Locks ledger.Locks
	Kill  func()
}

// RunLocks proves every promise of the [ledger.Locks] contract. newPlace makes
// a place for locks, of which nobody holds any, and returns what makes the
// locks of one more process there.
func RunLocks(t *testing.T, newPlace func(t *testing.T) func() Replica) {
	t.Helper()
	for _, c := range []struct {
		sentence string
		prove    func(t *testing.T, next func() Replica)
	}{
		{"a stream has one holder at a time, in whichever process", proveOneHolder},
		{"other streams are held at the same time", proveOthersRun},
		{"who gives up waiting holds nothing", proveGivingUp},
		{"who changes the rules holds alone", proveRulesAlone},
		{"a change of the rules is counted, also when its holder is killed", proveRulesCounted},
		{"who is killed holds nothing any more, and Check says so", proveKilled},
		{"sets that overlap in any way never wait for each other for ever", proveNoDeadlock},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, before) }) // after what newPlace cleans up
			c.prove(t, newPlace(t))
		})
	}
}

// soon is how long something is waited for that must happen, brief how long
// for something that must not.
const (
	soon  = 20 * time.Second
	brief = 50 * time.Millisecond
)

func mustHold(t *testing.T, l ledger.Locks, rules bool, streams ...string) ledger.Held {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	h, err := l.Hold(ctx, streams, rules)
	if err != nil {
		t.Fatalf("hold %v: %v", streams, err)
	}
	return h
}

func mustWait(t *testing.T, l ledger.Locks, rules bool, streams ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), brief)
	defer cancel()
	if h, err := l.Hold(ctx, streams, rules); err == nil {
		t.Errorf("%v (rules: %t) was given while another holds it", streams, rules)
		mustRelease(t, h)
	} else if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting ended with %v, want the error of the context", err)
	}
}

func mustRelease(t *testing.T, h ledger.Held) {
	t.Helper()
	if err := h.Release(false); err != nil {
		t.Errorf("release: %v", err)
	}
}

func proveOneHolder(t *testing.T, next func() Replica) {
	a, b := next(), next()
	h := mustHold(t, a.Locks, false, "officer-1", "unit-1")
	mustWait(t, b.Locks, false, "officer-1")
	mustWait(t, a.Locks, false, "unit-1", "unit-2")
	if err := h.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	mustRelease(t, h)
	mustRelease(t, mustHold(t, b.Locks, false, "officer-1", "unit-1"))
}

func proveOthersRun(t *testing.T, next func() Replica) {
	a, b := next(), next()
	odd := []string{"officer-\x00", "officer-\xff", "漢"}
	h := mustHold(t, a.Locks, false, append([]string{"officer-1"}, odd...)...)
	other := mustHold(t, b.Locks, false, "officer-2")
	third := mustHold(t, a.Locks, false, "officer-3")
	mustRelease(t, h)
	mustWait(t, a.Locks, false, "officer-2")
	mustRelease(t, third)
	mustRelease(t, other)
}

func proveGivingUp(t *testing.T, next func() Replica) {
	a, b := next(), next()
	h := mustHold(t, a.Locks, false, "m")
	mustWait(t, b.Locks, false, "a", "m", "z")
	mustWait(t, b.Locks, true, "q")
	mustRelease(t, mustHold(t, a.Locks, false, "a", "q", "z"))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Locks.Hold(ended, []string{"x"}, false); !errors.Is(err, context.Canceled) {
		t.Errorf("a hold for who has gone: %v", err)
	}
	mustRelease(t, h)
}

func proveRulesAlone(t *testing.T, next func() Replica) {
	a, b := next(), next()
	h := mustHold(t, a.Locks, false, "officer-1")
	mustWait(t, b.Locks, true, "rulebook-1")
	mustWait(t, a.Locks, true, "rulebook-1")
	// Others keep coming; the rules have their turn all the same.
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	for i := range 4 {
		busy.Go(func() {
			for ctx.Err() == nil {
				if h, err := a.Locks.Hold(ctx, []string{fmt.Sprint("busy-", i)}, false); err == nil {
					_ = h.Release(false) // asked of mustRelease elsewhere
				}
			}
		})
	}
	mustRelease(t, h)
	maker := mustHold(t, b.Locks, true, "rulebook-1")
	stop()
	busy.Wait()
	mustWait(t, a.Locks, false, "officer-1")
	mustWait(t, a.Locks, true, "rulebook-2")
	if err := maker.Release(true); err != nil {
		t.Errorf("release: %v", err)
	}
	mustRelease(t, mustHold(t, a.Locks, false, "officer-1"))
}

func proveRulesCounted(t *testing.T, next func() Replica) {
	a, b := next(), next()
	number := func(l ledger.Locks) int64 {
		h := mustHold(t, l, false, "officer-1")
		defer mustRelease(t, h)
		return h.Rules()
	}
	before := number(a.Locks)
	if again := number(b.Locks); again != before {
		t.Errorf("two processes count %d and %d changes", before, again)
	}
	maker := mustHold(t, b.Locks, true, "rulebook-1")
	counted := maker.Rules()
	if err := maker.Release(true); err != nil {
		t.Fatal(err)
	}
	if counted == before || number(a.Locks) != counted {
		t.Errorf("%d before a change, %d for who made it, %d after it", before, counted, number(a.Locks))
	}
	doomed := next()
	mustHold(t, doomed.Locks, true, "rulebook-1")
	doomed.Kill()
	if now := number(a.Locks); now == counted {
		t.Error("a change whose holder was killed is not counted")
	}
}

func proveKilled(t *testing.T, next func() Replica) {
	a, b := next(), next()
	h := mustHold(t, a.Locks, false, "officer-1")
	a.Kill()
	other := mustHold(t, b.Locks, false, "officer-1")
	if err := h.Check(t.Context()); !errors.Is(err, ledger.ErrLocksLost) {
		t.Errorf("check of lost locks: %v", err)
	}
	_ = h.Release(false) // its error says that there was nothing to release
	mustWait(t, next().Locks, false, "officer-1")
	mustRelease(t, other)
}

func proveNoDeadlock(t *testing.T, next func() Replica) {
	names := []string{"a", "b", "c", "d", "e", "f"}
	var holders [6]atomic.Int32
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	var g errgroup.Group
	for range 3 {
		l := next().Locks
		for range 3 {
			g.Go(func() error {
				for i := range 30 {
					picked := rand.Perm(len(names))[:1+rand.IntN(3)]
					slices.Sort(picked)
					var streams []string
					for _, n := range picked {
						streams = append(streams, names[n])
					}
					h, err := l.Hold(ctx, streams, i%10 == 9)
					if err != nil {
						return err
					}
					for _, n := range picked {
						if holders[n].Add(1) != 1 {
							return fmt.Errorf("%s has two holders", names[n])
						}
					}
					for _, n := range picked {
						holders[n].Add(-1)
					}
					if err := h.Release(false); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}
