package projections_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/projections"
)

// traced walks the trace of the target t4 of PL1 to its end: P1 answers
// directly, P3 as their leader; the link to P2 is cleared.
func (h *house) traced() *house {
	const id = "target:PL1:t4"
	h.on("2024-04-08")
	h.do("inspector:I2", id, traceback.Trace{Link: "L1", Officer: "P1", Post: "K1", Unit: "W1", Step: "training", Duty: "hold the course",
		Stage: traceback.StageInProcess, Liability: traceback.LiabilityDirect, Intent: traceback.IntentNegligence, Weight: 60})
	h.do("inspector:I2", id, traceback.Trace{Link: "L2", Officer: "P3", Unit: "D1", Duty: "see that it is held",
		Stage: traceback.StageExPost, Liability: traceback.LiabilityLeading, Intent: traceback.IntentNegligence, Weight: 30, Because: []string{"L1"}})
	h.do("inspector:I2", id, traceback.Trace{Link: "L3", Officer: "P2", Unit: "D2", Duty: "inspect",
		Stage: traceback.StageExPost, Liability: traceback.LiabilitySupervisory, Intent: traceback.IntentNegligence, Because: []string{"L1", "L2"}})
	h.do("inspector:I3", id, traceback.Clear{Link: "L3", Reason: "on leave"})
	h.do("leader:L2", id, traceback.Conclude{Opinion: "two answer"})
	h.do("leader:L2", id, traceback.HandOn{Link: "L1", To: traceback.ToSanction, Measure: domain.MeasureWarning})
	h.do("leader:L2", id, traceback.Excuse{Link: "L2", Reason: "slight"})
	h.do("leader:L2", id, traceback.Close{})
	return h
}

func TestATraceIsReturnedAsItsWholeGraph(t *testing.T) {
	h := newHouse(t)
	h.people()
	r := h.planned().traced().built().As(auditor)
	ctx := context.Background()
	x, err := r.Traceback(ctx, "target:PL1:t4")
	if err != nil || x == nil {
		t.Fatal(x, err)
	}
	var nodes, edges []string
	for _, n := range x.Nodes {
		nodes = append(nodes, strings.Join([]string{n.ID, n.Text, string(n.Link.Officer), string(n.Link.Liability), n.Measure, n.Reason}, "|"))
	}
	for _, e := range x.Edges {
		edges = append(edges, e.From+">"+e.To)
	}
	if diff := cmp.Diff([]string{
		"fault|no reason given||||", "step:training|training||||", "link:L1|hold the course|P1|direct|warning|",
		"link:L2|see that it is held|P3|leading||slight", "link:L3|inspect|P2|supervisory||on leave",
	}, nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"fault>step:training", "step:training>link:L1", "link:L1>link:L2", "link:L1>link:L3", "link:L2>link:L3"}, edges); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
	if s, err := r.Sanction(ctx, x.Nodes[2].Sanction); err != nil || s == nil || s.Officer != "P1" {
		t.Errorf("the link leads to sanction %+v, %v", s, err)
	}
	if x.Status != "closed" || x.Opinion != "two answer" || x.ConcludedOn.String() != "2024-04-08" {
		t.Errorf("the trace: %+v", x)
	}
	byPlan, err := r.TracebacksByPlan(ctx, []domain.PlanID{"PL1"})
	if err != nil || len(byPlan["PL1"]) != 1 {
		t.Errorf("the plan leads to %+v, %v", byPlan, err)
	}
}

func TestTracesAreKeptFromThoseTheyConcern(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.planned().traced().built()
	const id = "target:PL1:t4"
	for _, c := range []struct {
		name string
		who  projections.Principal
		sees bool
	}{
		{"an auditor of the unit sees it", as(domain.RoleAuditor, "X", "W1"), true},
		{"an inspector sees it where a link names an officer in scope", as(domain.RoleInspector, "I9", "D2"), true},
		{"a leader sees it", as(domain.RoleLeader, "L1", "A"), true},
		{"an inspector who is traced does not", as(domain.RoleInspector, "P3", "A"), false},
		{"nor does one who is related to somebody traced", as(domain.RoleInspector, "I1", "A"), false},
		{"hr does not", as(domain.RoleHR, "R1", projections.AllUnits), false},
		{"a handler does not", as(domain.RoleHandler, "H1", projections.AllUnits), false},
		{"an officer does not, traced or not", as(domain.RoleOfficer, "P1"), false},
		{"the public does not", as(domain.RolePublic, ""), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := v.As(c.who)
			got := both(t, []string{id},
				func(id string) (*projections.Traceback, error) {
					return r.Traceback(context.Background(), domain.TracebackID(id))
				},
				func() (*projections.List[projections.Traceback], error) {
					return r.Tracebacks(context.Background(), projections.TracebackFilter{Officer: "P2"}, projections.Page{})
				}, func(x projections.Traceback) string { return string(x.ID) })
			if (len(got) == 1) != c.sees {
				t.Errorf("sees %v", got)
			}
			if streams := strings.Join(eventsSeen(t, r), " "); strings.Contains(streams, "traceback-"+id) != c.sees {
				t.Errorf("sees events of %s", streams)
			}
		})
	}
}
