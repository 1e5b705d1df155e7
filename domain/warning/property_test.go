package warning_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/warning"
)

// Whatever is commanded in whatever order, what is recorded keeps the rules:
// commands are drawn at random, and the history is read back.
func TestNoOrderOfCommandsBreaksAGuard(t *testing.T) {
	reached := map[domain.Kind]int{}
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
		state := warning.Room.NewState()
		acknowledged, reviewed, settled := false, false, false
		evidence := map[domain.EventID]bool{}
		for range 60 {
			moves := []domain.Command{
				with(func(c *warning.Raise) {
					c.Evidence = []domain.EventID{domain.EventID(fmt.Sprintf("e-%d", rnd.IntN(9)))}
				}),
				warning.Acknowledge{}, warning.Acknowledge{}, warning.Review{Opinion: "o"}, warning.Review{Opinion: "o"},
				warning.Escalate{To: domain.Role(pick("leader", "overseer")), Reason: "r"},
				warning.ActOn{To: warning.Target(pick("misconduct", "inspection", "complaint")), ID: "T1"},
				warning.Dismiss{Reason: "r"}, warning.RecordOutcome{Outcome: warning.Outcome(pick("true", "false"))},
			}
			act := domaintest.By(domain.ActorID(pick("P7", "inspector-wang", "leader-chen", "system")), domain.Role(pick("inspector", "leader", "system")))
			c := moves[rnd.IntN(len(moves))]
			events, err := warning.Room.Decide(state, c, act, domain.CN2024())
			if err != nil && domain.RefusalCode(err) == "" {
				t.Fatalf("%s: %v", c.Name(), err)
			}
			for _, e := range events {
				warning.Room.Apply(state, e, act)
				reached[e.Kind()]++
				if act.Actor == "P7" {
					t.Errorf("seed %d: %s by whom it is about", seed, e.Kind())
				}
				_, outcome := e.(warning.OutcomeKnown)
				if settled != outcome {
					t.Errorf("seed %d: %s, settled %v", seed, e.Kind(), settled)
				}
				switch e := e.(type) {
				case warning.Raised:
					evidence[e.Evidence[0]] = true
				case warning.Grouped:
					for _, id := range e.Evidence {
						if evidence[id] {
							t.Errorf("seed %d: %s is grouped twice", seed, id)
						}
						evidence[id] = true
					}
					reviewed = false
				case warning.Acknowledged:
					acknowledged = true
				case warning.Reviewed:
					if !acknowledged {
						t.Errorf("seed %d: reviewed before anybody took it up", seed)
					}
					reviewed = true
				case warning.ActedOn, warning.Dismissed:
					if !reviewed {
						t.Errorf("seed %d: %s without a review of all evidence", seed, e.Kind())
					}
					settled = true
				}
			}
		}
	}
	undecided := []domain.Kind{warning.Imported{}.Kind(), warning.RaisedV1{}.Kind(), warning.GroupedV1{}.Kind(), warning.EscalatedV1{}.Kind()}
	for _, e := range warning.Room.Events {
		if reached[e.Kind] == 0 && !slices.Contains(undecided, e.Kind) {
			t.Errorf("no draw reached %s", e.Kind)
		}
	}
}
