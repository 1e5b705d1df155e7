// Package hookstest is the suite that every [hooks.Keeper] must pass.
package hookstest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger"
)

// Run holds a keeper to its contract. again returns one that another process
// would have of the same place, as the first process died.
func Run(t *testing.T, k hooks.Keeper, again func() hooks.Keeper) {
	t.Helper()
	ctx := t.Context()
	load := func(k hooks.Keeper, want hooks.State) {
		t.Helper()
		got, found, err := k.Load(ctx, "pay")
		if err != nil || !found {
			t.Fatalf("loaded: %v, %v", found, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("what is kept (-want +got):\n%s", diff)
		}
	}
	asked := func(k hooks.Keeper, want *hooks.Ask) {
		t.Helper()
		got, found, err := k.Asked(ctx, "pay")
		if err != nil || found != (want != nil) {
			t.Fatalf("asked: %v, %v", found, err)
		}
		if want != nil {
			if diff := cmp.Diff(*want, got); diff != "" {
				t.Fatalf("what is asked (-want +got):\n%s", diff)
			}
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	if _, found, err := k.Load(ctx, "pay"); found || err != nil {
		t.Fatalf("nothing is kept, and %v, %v", found, err)
	}
	asked(k, nil)
	must(k.Ask(ctx, "pay", hooks.Ask{Retry: true})) // of one that sent nothing yet
	if _, found, err := k.Load(ctx, "pay"); found || err != nil {
		t.Fatalf("asked is not kept, and %v, %v", found, err)
	}

	at := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	s := hooks.State{Position: 7, Attempt: hooks.Attempt{ID: "a", Count: 2, Next: at, Why: "answered with status 500", Through: 9, Recorded: at}}
	must(k.Save(ctx, "pay", s))
	must(k.Save(ctx, "other", hooks.State{Position: 1}))
	load(k, s)
	s.Position = 8
	must(k.Reach(ctx, "pay", 8))
	load(k, s)
	load(again(), s)
	s = hooks.State{Position: 3, Stopped: "gone", Since: at, Dead: []hooks.Dead{{ID: "a", Kind: "officer.enrolled.v1", After: 6, Position: 7, Attempts: 10, At: at, Why: "EOF"}}}
	must(k.Save(ctx, "pay", s)) // back, as a replay does
	load(again(), s)

	// What is asked stays until it is answered, and what is asked meanwhile
	// comes after it.
	asked(k, &hooks.Ask{Retry: true})
	p, q := ledger.Position(5), ledger.Position(0)
	must(k.Ask(ctx, "pay", hooks.Ask{Replay: &p}))
	must(again().Ask(ctx, "pay", hooks.Ask{Replay: &q, Retry: true}))
	asked(again(), &hooks.Ask{Retry: true})
	must(k.Answered(ctx, "pay"))
	asked(k, &hooks.Ask{Replay: &q, Retry: true})
	must(k.Answered(ctx, "pay"))
	asked(k, nil)
	load(k, s)
	if got, found, err := k.Load(ctx, "other"); err != nil || !found || got.Position != 1 {
		t.Fatalf("of the other is kept %+v, %v, %v", got, found, err)
	}
}
