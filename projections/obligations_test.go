package projections_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/projections"
)

// obliged lists what a principal sees of the obligations, one line each, on
// the day the tests ask.
func obliged(t testing.TB, r *projections.Reader, f projections.ObligationFilter) []string {
	t.Helper()
	var out []string
	var after string
	for {
		l, err := r.Obligations(context.Background(), f, projections.Page{First: 7, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range l.Items {
			out = append(out, fmt.Sprintf("%s %s %s due %s %d%% %s late %d by %s", o.Subject(), o.Clock, o.Part, o.Due, o.Share, o.State, o.Late, o.Who))
		}
		if !l.HasNextPage {
			if n, err := l.TotalCount(context.Background()); err != nil || n != len(out) {
				t.Errorf("%d listed, %d counted, %v", len(out), n, err)
			}
			return out
		}
		after = l.Cursor(len(l.Items) - 1)
	}
}

// watch records an agency with clocks of several rooms. Tests ask on
// 2024-06-03.
func watch(t testing.TB) *house {
	h := newHouse(t)
	h.people()
	h.on("2024-05-20")
	h.complain("C1", "H1", "W1", "delay", "held back", "P1")
	h.on("2024-03-04")
	h.complain("C2", "H2", "D2", "rudeness", "shouted")
	h.on("2024-04-02")
	h.do("handler:H2", "C2", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "nothing"})
	h.on("2024-04-01")
	h.do("hr:R1", "K3", post.Define{Title: "查验岗", Unit: "D2"})
	h.do("leader:L1", "K3", post.SetRotationRule{Years: 3})
	h.do("hr:R1", "P2", officer.Appoint{Post: "K3", Unit: "D2"})
	h.do("leader:L1", "PL1", plan.Draft{Title: "2024", From: domain.MustDate("2024-04-01"), To: domain.MustDate("2024-12-31"), Unit: "A", Owner: "P3",
		Stages: []plan.Stage{{Stage: "S1", Ends: domain.MustDate("2024-06-30")}}})
	h.do("leader:L1", "PL1", plan.SetTarget{Target: "T1", Title: "train", Due: domain.MustDate("2024-06-10"), Unit: "D2", Officer: "P2", Stage: "S1"})
	return h
}

func TestObligationsAreWhatIsOwed(t *testing.T) {
	r := watch(t).built().As(auditor)
	for _, x := range []struct {
		name   string
		filter projections.ObligationFilter
		want   []string
	}{
		{"what is owed within a unit and below it", projections.ObligationFilter{Unit: "D1"}, []string{
			"complaint-C1 complaint.handle  due 2024-07-19 23% open late 0 by H1",
			"officer-P1 officer.certificate  due 2028-01-09 27% open late 0 by ",
			"officer-P1 officer.rotation  due 2033-01-09 13% open late 0 by ",
		}},
		{"what one person answers for", projections.ObligationFilter{Who: "P2"}, []string{"plan-PL1 plan.target T1 due 2024-06-10 90% open late 0 by P2"}},
		{"a post's stricter rule of rotation", projections.ObligationFilter{Clock: "officer.rotation", DueBefore: domain.MustDate("2028-01-01")},
			[]string{"officer-P2 officer.rotation  due 2027-04-01 5% open late 0 by "}},
		{"what is done", projections.ObligationFilter{State: projections.ObligationStopped, Unit: "D2"}, []string{
			"complaint-C2 complaint.route  due 2024-03-19 0% stopped late 0 by ",
			"complaint-C2 complaint.handle  due 2024-05-03 48% stopped late 0 by H2",
		}},
		{"most of the term used", projections.ObligationFilter{ShareAtLeast: 90}, []string{"plan-PL1 plan.target T1 due 2024-06-10 90% open late 0 by P2"}},
		{"nothing is late", projections.ObligationFilter{State: projections.ObligationLate}, nil},
		{"of one matter", projections.ObligationFilter{Subject: domain.Ref{Type: "complaint", ID: "C1"}}, []string{"complaint-C1 complaint.handle  due 2024-07-19 23% open late 0 by H1"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, obliged(t, r, x.filter)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := r.Obligations(context.Background(), projections.ObligationFilter{State: "soon"}, projections.Page{}); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("an unknown state: %v", err)
	}
}

// Late and lapsed are told apart, and the share in SQL is the share in Go.
func TestObligationsOnTheLateSide(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.on("2024-03-04")
	h.complain("C1", "H1", "W1", "delay", "held back")
	h.on("2024-03-06")
	h.complain("C2", "H1", "W1", "delay", "held back")
	h.do("handler:H1", "C2", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "nothing"})
	h.do("handler:H1", "C2", complaint.Answer{Answer: "nothing"})
	r := h.built().As(auditor)
	want := []string{"complaint-C1 complaint.handle  due 2024-05-03 151% late late 31 by H1"}
	if diff := cmp.Diff(want, obliged(t, r, projections.ObligationFilter{State: projections.ObligationLate})); diff != "" {
		t.Errorf("late (-want +got):\n%s", diff)
	}
	if got := obliged(t, r, projections.ObligationFilter{State: projections.ObligationLapsed}); len(got) != 1 || got[0] != "complaint-C2 complaint.ask_review  due 2024-04-05 296% lapsed late 0 by " {
		t.Errorf("lapsed: %v", got)
	}
	for share := 1; share < 200; share += 7 {
		all := obligationsOf(t, r, projections.ObligationFilter{})
		all = slices.DeleteFunc(all, func(o projections.Obligation) bool { return o.Share < share })
		if diff := cmp.Diff(all, obligationsOf(t, r, projections.ObligationFilter{ShareAtLeast: share})); diff != "" {
			t.Errorf("at least %d %% (-told +filtered):\n%s", share, diff)
		}
	}
}

func obligationsOf(t testing.TB, r *projections.Reader, f projections.ObligationFilter) []projections.Obligation {
	t.Helper()
	l, err := r.Obligations(context.Background(), f, projections.Page{First: projections.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	return append([]projections.Obligation{}, l.Items...)
}

func TestObligationsAreSeenWhereTheirMatterIs(t *testing.T) {
	v := watch(t).built()
	for _, x := range []struct {
		who  projections.Principal
		want []string
	}{
		{as(domain.RoleHandler, "H1"), []string{"complaint-C1"}},
		{as(domain.RoleHandler, "H2"), nil},
		{as(domain.RoleHR, "R1", "D2"), []string{"plan-PL1", "officer-P2"}},
		{as(domain.RoleInspector, "I2", "D1"), []string{"plan-PL1", "complaint-C1", "officer-P1"}},
		{as(domain.RoleOfficer, "P2"), []string{"plan-PL1", "officer-P2"}},
		{as(domain.RolePublic, ""), nil},
	} {
		t.Run(string(x.who.Role)+" "+x.who.Subject, func(t *testing.T) {
			var got []string
			for _, o := range obligationsOf(t, v.As(x.who), projections.ObligationFilter{}) {
				if s := o.Subject().Stream(); !slices.Contains(got, s) {
					got = append(got, s)
				}
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The register, kept from group to group and read back from the file, holds
// what the clocks make of the whole history at once.
func TestObligationsAreTheClocksOfTheHistory(t *testing.T) {
	h := agency(t).random(3, 400)
	var past []domain.Recorded
	for s, err := range h.store.ReadAll(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		past = append(past, d.Recorded)
	}
	want := map[string]string{}
	for _, c := range clocks.Fold(domain.CN2024(), past) {
		want[c.ID()] = fmt.Sprint(c.Started, c.Due, c.Who, c.Unit, c.Stopped, c.Stop, c.Extended, c.Officer, c.Post)
	}
	r, got := h.built().As(auditor), map[string]string{}
	for _, state := range []projections.ObligationState{projections.ObligationOpen, projections.ObligationLate, projections.ObligationLapsed, projections.ObligationStopped} {
		page := projections.Page{First: projections.MaxPage}
		for {
			l, err := r.Obligations(context.Background(), projections.ObligationFilter{State: state}, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range l.Items {
				got[o.ID] = fmt.Sprint(o.Started, o.Due, o.Who, o.Unit, o.Stopped, o.StoppedBy, o.Extended, o.Officer, o.Post)
			}
			if !l.HasNextPage {
				break
			}
			page.After = l.Cursor(len(l.Items) - 1)
		}
	}
	if len(want) < 20 {
		t.Fatalf("the history has %d clocks only", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-folded +kept):\n%s", diff)
	}
}

// Views folded under one default rulebook say nothing under another.
func TestViewsOfAnotherDefaultRulebookAreBuiltAgain(t *testing.T) {
	h := agency(t)
	dir := t.TempDir()
	v := h.viewsIn(dir)
	if err := v.CatchUp(t.Context(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	opts := h.options()
	other := *opts.Book
	other.Version, other.Complaint.Handle.Length = "2", 10
	opts.Book, opts.ReadOnly = &other, true
	if _, err := open(t, dir, h.codec, opts); err == nil || !strings.Contains(err.Error(), "rebuild") {
		t.Errorf("opened for reading: %v", err)
	}
	opts.ReadOnly = false
	v, err := open(t, dir, h.codec, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if at, err := v.Position(t.Context()); err != nil || at != 0 {
		t.Errorf("at position %s, %v", at, err)
	}
}
