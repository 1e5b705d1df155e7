package projections_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// every returns all events that the reader sees, in the order of the ledger.
func every(t *testing.T, r *projections.Reader, f projections.EventFilter) []projections.Event {
	t.Helper()
	f.Order = projections.RecordedAsc
	var out []projections.Event
	p := projections.Page{First: projections.MaxPage}
	for {
		l, err := r.Events(context.Background(), f, p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l.Items...)
		if !l.HasNextPage {
			return out
		}
		p.After = l.Cursor(len(l.Items) - 1)
	}
}

// followed walks the events in memory: what each chain must hold.
func followed(all []projections.Event, root projections.Event, depth int, back bool) []string {
	var out []string
	at := []projections.Event{root}
	for d := 1; d <= depth; d++ {
		var next []projections.Event
		for _, e := range all {
			if slices.ContainsFunc(at, func(b projections.Event) bool { return back && e.ID == b.Cause || !back && e.Cause == b.ID }) {
				next = append(next, e)
				out = append(out, fmt.Sprintf("%012d %d %s", e.Position, d, e.Kind))
			}
		}
		at = next
	}
	if !back {
		slices.Sort(out)
	}
	return out
}

func chainLines(l *projections.List[projections.ChainEvent]) []string {
	var out []string
	for _, c := range l.Items {
		out = append(out, fmt.Sprintf("%012d %d %s", c.Position, c.Depth, c.Kind))
	}
	return out
}

func TestChainsHoldWhatIsSeenOfCauseAndEffect(t *testing.T) {
	v := agency(t).random(3, 200).built()
	ctx := context.Background()
	longest := 0
	for _, who := range []projections.Principal{auditor, as(domain.RoleInspector, "I1", "D1"), as(domain.RoleHR, "R1", projections.AllUnits), as(domain.RoleOfficer, "P1"), as(domain.RolePublic, "")} {
		r := v.As(who)
		all := every(t, r, projections.EventFilter{})
		for _, depth := range []int{1, 2, projections.MaxDepth} {
			var of []projections.ChainOf
			for _, e := range all {
				of = append(of, projections.ChainOf{Event: e.ID, Depth: depth, Page: projections.Page{First: projections.MaxPage}})
			}
			before := r.Statements()
			effects, err := r.Effects(ctx, of)
			if err != nil {
				t.Fatal(err)
			}
			causes, err := r.Causes(ctx, of)
			if err != nil {
				t.Fatal(err)
			}
			if n := r.Statements() - before; n > 2 {
				t.Fatalf("%d chains took %d statements", len(of), n)
			}
			for i, e := range all {
				down, up := followed(all, e, depth, false), followed(all, e, depth, true)
				longest = max(longest, len(down))
				if diff := cmp.Diff(down, chainLines(effects[of[i]])); diff != "" {
					t.Fatalf("%s: effects of %s to depth %d:\n%s", who.Role, e.Kind, depth, diff)
				}
				if diff := cmp.Diff(up, chainLines(causes[of[i]])); diff != "" {
					t.Fatalf("%s: causes of %s to depth %d:\n%s", who.Role, e.Kind, depth, diff)
				}
				if n, err := effects[of[i]].TotalCount(ctx); err != nil || n != len(down) {
					t.Fatalf("%s: %s has %d effects and counts %d, %v", who.Role, e.Kind, len(down), n, err)
				}
			}
			if n := r.Statements() - before; len(of) > 0 && n != 3 {
				t.Errorf("with every count %d chains took %d statements", len(of), n)
			}
		}
	}
	if longest < 3 {
		t.Errorf("the longest chain has %d events: too few to tell anything", longest)
	}
}

func TestAChainIsPagedBothWays(t *testing.T) {
	r := agency(t).built().As(auditor)
	ctx := context.Background()
	confirmed := every(t, r, projections.EventFilter{Kinds: []domain.Kind{"misconduct.finding_confirmed.v2"}})
	whole := projections.ChainOf{Event: confirmed[0].ID, Depth: projections.DefaultDepth, Page: projections.Page{First: 100}}
	ask := func(of projections.ChainOf) *projections.List[projections.ChainEvent] {
		t.Helper()
		got, err := r.Effects(ctx, []projections.ChainOf{of})
		if err != nil {
			t.Fatal(err)
		}
		return got[of]
	}
	want := chainLines(ask(whole))
	if len(want) < 3 {
		t.Fatalf("too short a chain: %v", want)
	}
	var forward, backward []string
	for p := (projections.Page{First: 2}); ; {
		l := ask(projections.ChainOf{Event: whole.Event, Depth: whole.Depth, Page: p})
		forward = append(forward, chainLines(l)...)
		if !l.HasNextPage {
			break
		}
		p.After = l.Cursor(len(l.Items) - 1)
	}
	for p := (projections.Page{Last: 2}); ; {
		l := ask(projections.ChainOf{Event: whole.Event, Depth: whole.Depth, Page: p})
		backward = append(chainLines(l), backward...)
		if !l.HasPreviousPage {
			break
		}
		p.Before = l.Cursor(0)
	}
	if diff := cmp.Diff(want, forward); diff != "" {
		t.Errorf("forwards:\n%s", diff)
	}
	if diff := cmp.Diff(want, backward); diff != "" {
		t.Errorf("backwards:\n%s", diff)
	}
	for _, depth := range []int{0, -1, projections.MaxDepth + 1} {
		if _, err := r.Effects(ctx, []projections.ChainOf{{Event: whole.Event, Depth: depth}}); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
	if got := ask(projections.ChainOf{Event: "no event", Depth: 1}); len(got.Items) != 0 {
		t.Errorf("no event has effects: %v", got.Items)
	}
}

func TestEventsAreNarrowedByCauseAndRulebook(t *testing.T) {
	r := agency(t).built().As(auditor)
	all := every(t, r, projections.EventFilter{})
	caused := map[domain.EventID]int{}
	for _, e := range all {
		caused[e.Cause]++
		if e.Rulebook != "cn-2024" {
			t.Fatalf("%s was decided under %q", e.Kind, e.Rulebook)
		}
	}
	for _, e := range all {
		if n := len(every(t, r, projections.EventFilter{Cause: e.ID})); n != caused[e.ID] {
			t.Errorf("%s brought about %d events, told %d", e.Kind, caused[e.ID], n)
		}
	}
	for book, want := range map[string]int{"cn-2024": len(all), "cn-2024/1": len(all), "cn-2024/2": 0, "cn": 0, "cn-2024x": 0, "%": 0, "cn-202_": 0} {
		if n := len(every(t, r, projections.EventFilter{Rulebook: book})); n != want {
			t.Errorf("under %q: %d events, want %d", book, n, want)
		}
	}
	if n := len(every(t, r, projections.EventFilter{Cause: domain.EventID(strings.Repeat("x", 36))})); n != 0 {
		t.Errorf("what is no event brought about %d", n)
	}
}
