package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// taken tells whether a watch was woken, and that its sign and what Take
// tells are one.
func taken(t *testing.T, w *projections.Watch) (at, from ledger.Position, relevant bool) {
	t.Helper()
	signed := len(w.Woken()) > 0
	at, from, relevant = w.Take()
	if signed != relevant {
		t.Errorf("woken: %t, relevant: %t", signed, relevant)
	}
	if len(w.Woken()) > 0 {
		t.Error("still woken after Take")
	}
	return at, from, relevant
}

func TestWatchesAreWokenByWhatConcernsThemAlone(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.built()
	training := officer.TrainingCompleted{}.Kind()
	watches := map[string]*projections.Watch{}
	for name, i := range map[string]projections.Interest{
		"anything": {}, "P1": {Ref: domain.Ref{Type: "officer", ID: "P1"}}, "P2": {Ref: domain.Ref{Type: "officer", ID: "P2"}},
		"training": {Kinds: []domain.Kind{training, complaint.Received{}.Kind()}}, "accepted": {Kinds: []domain.Kind{complaint.Accepted{}.Kind()}},
		"training of P1": {Ref: domain.Ref{Type: "officer", ID: "P1"}, Kinds: []domain.Kind{training}},
		"clocks":         {Clocks: true}, "the leader L1": {Ref: domain.ActorID("L1").Ref()},
	} {
		w, err := v.Watch(i)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		watches[name] = w
	}
	woken := func() string {
		var out []string
		for _, name := range []string{"anything", "P1", "P2", "training", "accepted", "training of P1", "clocks", "the leader L1"} {
			if _, _, relevant := taken(t, watches[name]); relevant {
				out = append(out, name)
			}
		}
		return strings.Join(out, ", ")
	}
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() {}, ""},
		{func() { h.do("hr:R1", "P1", officer.CompleteTraining{Course: "c", Hours: 1}) }, "anything, P1, training, training of P1"},
		{func() { h.do("hr:R1", "P2", officer.CompleteTraining{Course: "c", Hours: 1}) }, "anything, P2, training"},
		{func() { h.complain("C9", "H1", "W1", "delay", "s", "P2") }, "anything, P2, training, accepted, clocks, the leader L1"},
	} {
		step.do()
		h.catchUp(v)
		if got := woken(); got != step.want {
			t.Errorf("woken: %s; want %s", got, step.want)
		}
	}

	// Where a group begins and ends is told, and several groups are one.
	before, _, _ := watches["P2"].Take()
	h.do("hr:R1", "P1", officer.CompleteTraining{Course: "c", Hours: 1})
	h.catchUp(v)
	between := ok(v.Position(t.Context()))
	for range 2 {
		h.do("hr:R1", "P2", officer.CompleteTraining{Course: "c", Hours: 1})
		h.catchUp(v)
	}
	at, from, relevant := taken(t, watches["P2"])
	if now := ok(v.Position(t.Context())); !relevant || from != between || from <= before || at != now {
		t.Errorf("from %d to %d, %t; want from %d to %d", from, at, relevant, between, now)
	}
	// After a rebuild everybody has to look.
	if err := v.Rebuild(t.Context(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	if got := woken(); got != "anything, P1, P2, training, accepted, training of P1, clocks, the leader L1" {
		t.Errorf("woken by a rebuild: %s", got)
	}
	for _, w := range watches {
		w.Close()
		w.Close()
	}
	h.do("hr:R1", "P1", officer.CompleteTraining{Course: "c", Hours: 1})
	h.catchUp(v)
	if got := woken(); got != "" {
		t.Errorf("woken after the end: %s", got)
	}
}

func ok[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// moved lists what happened to obligations, one line each.
func moved(t testing.TB, r *projections.Reader, unit domain.UnitID, most int) []string {
	t.Helper()
	var out []string
	after := ledger.Position(0)
	for {
		list, more, err := r.ObligationEvents(context.Background(), unit, after, 1<<40, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Position <= after {
				t.Errorf("position %d after %d", e.Position, after)
			}
			after = e.Position
			for _, m := range e.Moves {
				out = append(out, fmt.Sprintf("%s %s %s", m.Move, m.Obligation.Subject(), m.Obligation.Clock))
			}
		}
		if !more {
			return out
		}
	}
}

func TestWhatMovesAnObligationIsKept(t *testing.T) {
	h := watch(t)
	v := h.built()
	owed := obligationsOf(t, v.As(auditor), projections.ObligationFilter{Subject: domain.Ref{Type: "complaint", ID: "C1"}})
	if len(owed) != 1 {
		t.Fatalf("owed on C1: %v", owed)
	}
	c := clocks.Clock{Name: owed[0].Clock, Start: owed[0].Start, Due: owed[0].Due}
	h.on("2024-05-28")
	h.do("system:system", string(c.WarningID()), warning.Raise{Rule: clocks.RuleCode(c.Name), Version: "1", Unit: "W1", Score: int(clocks.Second), Explanation: "x"})
	h.do("leader:L1", "C1", complaint.AssignHandler{Handler: "H2"})
	h.do("system:system", string(c.WarningID()), warning.Raise{Rule: clocks.RuleCode(c.Name), Version: "1", Unit: "W1", Score: int(clocks.Last), Explanation: "x"})
	h.do("handler:H2", "C1", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "nothing"})
	h.catchUp(v)
	var of []string
	for _, line := range moved(t, v.As(auditor), "D1", 1) {
		if strings.Contains(line, "complaint-C1") {
			of = append(of, line)
		}
	}
	want := []string{"started complaint-C1 complaint.route", "started complaint-C1 complaint.handle", "settled complaint-C1 complaint.route",
		"changed complaint-C1 complaint.handle", // somebody handles it
		"nearing complaint-C1 complaint.handle", "changed complaint-C1 complaint.handle", "due complaint-C1 complaint.handle",
		"settled complaint-C1 complaint.handle"}
	if diff := cmp.Diff(want, of); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// From day to day, at once, and however many are asked for, it is the same;
	// and nobody is told of what they may not see.
	all := moved(t, v.As(auditor), "", 500)
	rebuilt := h.views()
	h.catchUp(rebuilt)
	for _, most := range []int{1, 2, 7, 500} {
		if diff := cmp.Diff(all, moved(t, rebuilt.As(auditor), "", most)); diff != "" {
			t.Errorf("rebuilt, %d at a time:\n%s", most, diff)
		}
	}
	if got := moved(t, v.As(as(domain.RoleHandler, "H9")), "", 500); got != nil {
		t.Errorf("a handler of nothing is told %v", got)
	}
	if got := moved(t, v.As(as(domain.RolePublic, "")), "", 500); got != nil {
		t.Errorf("the public is told %v", got)
	}
}
