package rulebook_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// Whatever is commanded in whatever order, one version at most is in force on
// a day, and no day that is past changes.
func TestNoOrderOfCommandsMakesVersionsOverlap(t *testing.T) {
	reached := map[domain.Kind]int{}
	next := domain.Sight{domain.RulebookID("other").Ref(): &rulebook.Rulebook{Versions: []rulebook.Version{{Version: "1", From: day("2000-01-01")}}}}
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		some := func() domain.Date { return day("2023-06-01").AddDays(rnd.IntN(900)) }
		maybe := func() domain.Date {
			if rnd.IntN(2) == 0 {
				return domain.Date{}
			}
			return some()
		}
		state := rulebook.Room.NewState().(*rulebook.Rulebook)
		for i := range 30 {
			version, file := fmt.Sprint(i), "sha256:"+fmt.Sprintf("%064d", i)
			moves := []struct {
				act domain.Act
				c   domain.Command
			}{
				{leader, rulebook.Adopt{Version: version, Digest: file, ValidFrom: some(), ValidTo: maybe()}},
				{leader, rulebook.Amend{Version: version, Digest: file, From: some(), To: maybe(), Reason: "r"}},
				{leader, rulebook.Supersede{Successor: "other", From: some()}},
				{importer, rulebook.Import{Version: version, ValidFrom: some(), ValidTo: some()}},
			}
			m := moves[rnd.IntN(len(moves))]
			act := domaintest.At(m.act, domaintest.On("2024-03-04"))
			act.Sees = &next
			events, err := rulebook.Room.Decide(state, m.c, act, domain.CN2024())
			if err != nil && domain.RefusalCode(err) == "" {
				t.Fatalf("%s: %v", m.c.Name(), err)
			}
			before := *state
			for _, e := range events {
				reached[e.Kind()]++
				rulebook.Room.Apply(state, e, act)
			}
			check(t, seed, m.c, before, *state)
		}
	}
	for _, e := range rulebook.Room.Events {
		if reached[e.Kind] == 0 {
			t.Errorf("no draw reached %s", e.Kind)
		}
	}
}

// check counts the versions of every day, and compares the days that are past
// where something changed that was in force.
func check(t *testing.T, seed uint64, c domain.Command, before, after rulebook.Rulebook) {
	t.Helper()
	for d := day("2023-06-01"); d.Before(day("2025-12-01")); d = d.AddDays(1) {
		n := 0
		for _, v := range after.Versions {
			if !d.Before(v.From) && (v.To.IsZero() || !d.After(v.To)) {
				n++
			}
		}
		if n > 1 {
			t.Fatalf("seed %d: after %s %d versions are in force on %s", seed, c.Name(), n, d)
		}
		was, had := before.InForce(d)
		is, _ := after.InForce(d)
		if had && d.Before(day("2024-03-04")) && was.Version != is.Version {
			t.Fatalf("seed %d: %s changed the past: on %s %q was in force, and now %q", seed, c.Name(), d, was.Version, is.Version)
		}
	}
}
