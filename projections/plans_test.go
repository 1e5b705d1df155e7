package projections_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/projections"
)

// paper is a piece of evidence.
var paper = []domain.Evidence{{Digest: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", MediaType: "application/pdf", Size: 1}}

// planned records the plan PL1 of unit D1. Of the targets of its first stage
// t1 was met, t2 met late, t3 was explained and excused and t4 held to
// account; t5 of the second stage is open, and overdue by today.
func (h *house) planned() *house {
	h.on("2024-01-08")
	h.do("leader:L1", "PL1", plan.Draft{Title: "integrity 2024", From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-12-31"), Unit: "D1", Owner: "P3",
		Stages: []plan.Stage{{Stage: "s1", Title: "spring", Ends: domain.MustDate("2024-03-29")}, {Stage: "s2", Ends: domain.MustDate("2024-12-31")}}})
	for _, t := range []struct {
		code, stage, due string
		officer          domain.OfficerID
	}{
		{"t1", "s1", "2024-03-01", "P1"}, {"t2", "s1", "2024-03-01", "P1"}, {"t3", "s1", "2024-03-15", "P3"}, {"t4", "s1", "2024-03-15", "P1"}, {"t5", "s2", "2024-06-01", "P3"},
	} {
		h.do("leader:L1", "PL1", plan.SetTarget{Target: t.code, Title: "target " + t.code, Due: domain.MustDate(t.due), Unit: "W1", Officer: t.officer, Stage: t.stage})
	}
	h.do("leader:L1", "PL1", plan.Adopt{})
	h.on("2024-02-20")
	h.do("leader:L1", "PL1", plan.ReportProgress{Target: "t5", Percent: 30})
	h.do("leader:L1", "PL1", plan.MeetTarget{Target: "t1", Evidence: paper})
	h.on("2024-03-05")
	h.do("leader:L1", "PL1", plan.MeetTarget{Target: "t2", Evidence: paper})
	h.on("2024-03-18")
	h.do("inspector:I2", "PL1", plan.MissTarget{Target: "t3"})
	h.do("inspector:I2", "PL1", plan.MissTarget{Target: "t4"})
	h.do("leader:L1", "PL1", plan.ExplainMiss{Target: "t3", Explanation: "flood"})
	h.do("leader:L1", "PL1", plan.ExcuseMiss{Target: "t3", Reason: "accepted"})
	h.do("leader:L1", "PL1", plan.HoldToAccount{Target: "t4", Reason: "no reason given"})
	h.on("2024-03-29")
	lines := []plan.Comparison{{Target: "t1"}, {Target: "t2"}, {Target: "t3"}, {Target: "t4", Remark: "see the trace"}}
	h.do("leader:L1", "PL1", plan.FileStageReport{Stage: "s1", Lines: lines})
	h.do("leader:L2", "PL1", plan.DeliberateStageReport{Stage: "s1", Outcome: plan.OutcomeReturned, Remarks: "say more"})
	h.do("leader:L1", "PL1", plan.FileStageReport{Stage: "s1", Lines: lines})
	h.do("leader:L2", "PL1", plan.DeliberateStageReport{Stage: "s1", Outcome: plan.OutcomePassed})
	h.do("leader:L2", "PL1", plan.CloseStage{Stage: "s1"})
	h.do("importer:M", "PL0", plan.Import{Title: "integrity 2014", Unit: "D2", From: domain.MustDate("2014-01-01"), Targets: 9, Met: 7})
	return h
}

func TestThePlanBoardComparesEveryTarget(t *testing.T) {
	h := newHouse(t)
	h.people()
	r := h.planned().built().As(auditor)
	p, err := r.Plan(context.Background(), "PL1")
	if err != nil || p == nil {
		t.Fatal(p, err)
	}
	type board struct {
		Due, Result, Said string
		Officer           domain.OfficerID
		Percent, Late     int
		Overdue           bool
	}
	got := map[string]board{}
	for _, x := range p.Targets {
		got[x.Code] = board{x.Due.String(), x.Result, x.Explanation + "/" + x.Decision, x.Officer, x.Percent, x.DaysLate, x.Overdue}
	}
	want := map[string]board{
		"t1": {"2024-03-01", "met", "/", "P1", 100, 0, false},
		"t2": {"2024-03-01", "late", "/", "P1", 100, 4, false},
		"t3": {"2024-03-15", "excused", "flood/accepted", "P3", 0, 0, false},
		"t4": {"2024-03-15", "accountable", "/no reason given", "P1", 0, 0, false},
		"t5": {"2024-06-01", "open", "/", "P3", 30, 0, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the board (-want +got):\n%s", diff)
	}
	s1 := p.Stages[0]
	if s1.Status != "closed" || len(s1.Reports) != 2 || s1.Reports[0].Outcome != "returned" || s1.Reports[0].Remarks != "say more" ||
		s1.Reports[1].Outcome != "passed" || len(s1.Reports[1].Lines) != 4 || s1.Reports[1].Lines[3].Remark != "see the trace" {
		t.Errorf("the first stage: %+v", s1)
	}
	if p.Stages[1].Status != "open" || p.Status != "adopted" {
		t.Errorf("the plan is %s, its second stage %+v", p.Status, p.Stages[1])
	}
}

func TestPlansAreFilteredAndSeenWithinScope(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.planned().built()
	all := as(domain.RoleLeader, "L1", projections.AllUnits)
	for _, c := range []struct {
		name   string
		who    projections.Principal
		filter projections.PlanFilter
		want   string
	}{
		{"the latest period comes first", all, projections.PlanFilter{}, "PL1 PL0"},
		{"by a result that one of its targets has", all, projections.PlanFilter{Result: "accountable"}, "PL1"},
		{"not by a result that none has", all, projections.PlanFilter{Result: "missed"}, ""},
		{"by whoever answers for a target", all, projections.PlanFilter{Officer: "P1"}, "PL1"},
		{"by unit, with those below", all, projections.PlanFilter{Unit: "A"}, "PL1 PL0"},
		{"old ones alone", all, projections.PlanFilter{Imported: new(true)}, "PL0"},
		{"a leader sees the plans in scope", as(domain.RoleLeader, "L1", "D2"), projections.PlanFilter{}, "PL0"},
		{"a plan is in scope by those who answer for its targets", as(domain.RoleInspector, "I9", "W1"), projections.PlanFilter{}, "PL1"},
		{"hr sees the plans in scope", as(domain.RoleHR, "R1", "D1"), projections.PlanFilter{}, "PL1"},
		{"an officer sees the plans they are named in", as(domain.RoleOfficer, "P1"), projections.PlanFilter{}, "PL1"},
		{"and no others", as(domain.RoleOfficer, "P2"), projections.PlanFilter{}, ""},
		{"a handler sees none", as(domain.RoleHandler, "H1", projections.AllUnits), projections.PlanFilter{}, ""},
		{"nor does the public", as(domain.RolePublic, ""), projections.PlanFilter{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := v.As(c.who)
			got := both(t, []string{"PL0", "PL1"},
				func(id string) (*projections.Plan, error) { return r.Plan(context.Background(), domain.PlanID(id)) },
				func() (*projections.List[projections.Plan], error) {
					return r.Plans(context.Background(), projections.PlanFilter{}, projections.Page{})
				}, func(p projections.Plan) string { return string(p.ID) })
			l, err := r.Plans(context.Background(), c.filter, projections.Page{})
			if err != nil {
				t.Fatal(err)
			}
			if ids := idsOf(l.Items, func(p projections.Plan) string { return string(p.ID) }); ids != c.want {
				t.Errorf("listed %q, want %q of %v", ids, c.want, got)
			}
		})
	}
}
