package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// fault is what goes wrong with one append.
type fault int

const (
	noFault fault = iota
	lostBefore
	unknownRecorded
	unknownNot
	slow
)

// faults hands out what was drawn, one after another, and no fault at the end.
type faults struct {
	drawn []fault
	next  atomic.Int64
}

func (f *faults) take() fault {
	if n := int(f.next.Add(1)) - 1; n < len(f.drawn) {
		return f.drawn[n]
	}
	return noFault
}

// haunt makes a replica's appends and locks fail as was drawn. Locks are lost
// where they may be: before an append is sent, or sent again.
func (r *replica) haunt(f *faults) {
	r.locks.Checked = func(lose func()) {
		if f.take() == lostBefore {
			lose()
		}
	}
	r.store.append = func(do func() (ledger.Appended, error)) (ledger.Appended, error) {
		what := f.take()
		if what == slow {
			time.Sleep(200 * time.Microsecond)
		}
		if what == unknownNot {
			return ledger.Appended{}, ledger.ErrUnknownOutcome
		}
		done, err := do()
		if err == nil && what == unknownRecorded {
			err = ledger.ErrUnknownOutcome
		}
		return done, err
	}
}

// Whatever several replicas are told at the same time, at whichever of them,
// and whatever becomes of their locks and appends: no rule over several
// aggregates is broken, every event is decided by the rules in force where it
// lies, what was acknowledged is recorded once with what follows from it, and
// what was refused is not recorded.
func TestReplicasKeepTheRulesWhateverFails(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newReplicas(t)
		n := rapid.IntRange(2, 4).Draw(rt, "replicas")
		var all []*replica
		for i := range n {
			f := &faults{drawn: rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 9), func(n int) fault { return fault(n % 5) }), 0, 30).Draw(rt, fmt.Sprint("faults of ", i))}
			cached := rapid.SampledFrom([]int{1, 5, 1000}).Draw(rt, "cached")
			r := b.start(t, func(cfg *ledger.RecorderConfig) {
				cfg.CachedEvents = cached
				cfg.Reactions = []domain.Reaction{{Name: "lamp", On: "guard.came_back.v1", Then: func(domain.Recorded) []domain.Instruction {
					return []domain.Instruction{{Command: light{"back", 1}, Act: domain.Act{Subject: "L1"}}}
				}}}
			})
			r.haunt(f)
			all = append(all, r)
		}
		var wg sync.WaitGroup
		outcomes := make([]map[string]error, 6)
		instructions := map[string]domain.Instruction{}
		for w := range outcomes {
			outcomes[w] = map[string]error{}
			var mine []domain.Instruction
			for i := range rapid.IntRange(1, 12).Draw(rt, "commands") {
				in := drawInstruction(rt, fmt.Sprintf("%d-%d", w, i))
				instructions[in.ID] = in
				mine = append(mine, in)
			}
			at := rapid.SliceOfN(rapid.IntRange(0, n-1), len(mine), len(mine)).Draw(rt, "at")
			wg.Go(func() {
				for i, in := range mine {
					var err error
					for try := range 20 { // as a client does, at whichever replica
						b.clock.move(time.Microsecond)
						if _, err = all[(at[i]+try)%n].Record(t.Context(), in); err == nil || domain.RefusalCode(err) != "" {
							break
						}
						if !errors.Is(err, ledger.ErrUnknownOutcome) && !errors.Is(err, ledger.ErrLocksLost) {
							t.Errorf("%s: %v", in.ID, err)
						}
					}
					outcomes[w][in.ID] = err
				}
			})
		}
		wg.Wait()
		weigh(rt, b.events(t), outcomes, instructions)
	})
}

func drawInstruction(rt *rapid.T, id string) domain.Instruction {
	one := rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "one")
	two := guardID(rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "two"))
	switch rapid.IntRange(0, 9).Draw(rt, "what") {
	case 0:
		return by(id, "S", enacted{id})
	case 1, 2:
		return by(id, one, judge{})
	case 3, 4, 5:
		return by(id, one, comeBack{two})
	}
	return by(id, one, leave{two})
}

// weigh plays the ledger in its order.
func weigh(rt *rapid.T, events []ledger.Decoded, outcomes []map[string]error, instructions map[string]domain.Instruction) {
	checkRules(rt, events)
	away, recorded := map[string]bool{}, map[domain.EventID]bool{}
	back, lamps := 0, 0
	for _, d := range events {
		recorded[d.ID] = true
		switch e := d.Event.(type) {
		case left:
			if away[d.Act.Subject] || away[string(e.Other)] {
				rt.Fatalf("position %s: %s left, away are %v", d.Position, d.Act.Subject, away)
			}
			away[d.Act.Subject] = true
		case cameBack:
			away[d.Act.Subject] = false
			back++
		case lit:
			lamps++
		}
	}
	if back != lamps {
		rt.Errorf("%d came back, and that was followed %d times", back, lamps)
	}
	acknowledged := 0
	for _, o := range outcomes {
		for id, err := range o {
			in := instructions[id]
			stream := domain.Ref{Type: in.Command.Name().Room(), ID: in.Act.Subject}.Stream()
			is := recorded[domain.EventID(ledger.EventIDOf(stream, id, 0).String())]
			if want := err == nil; is != want {
				rt.Errorf("%s is on file: %t, and it was told %v", id, is, err)
			}
			if err == nil {
				acknowledged++
			}
		}
	}
	if acknowledged+lamps != len(events) {
		rt.Errorf("%d acknowledged with %d effects, but %d events", acknowledged, lamps, len(events))
	}
}
