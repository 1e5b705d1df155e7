package projections_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/projections"
)

// graded records the risks of K1: r1 is graded high at all three levels, has
// a control that passed and one that was never tested, and waits for a
// re-rating; r2 is graded by the unit alone. r1 of K2 is high as well, with a
// control that failed.
func (h *house) graded() *house {
	h.on("2023-04-03")
	h.do("hr:R1", "K1", post.ListPower{Power: "p1", PowerName: "release", LegalBasis: "customs law 28"})
	h.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r1", Power: "p1", Description: "cash"})
	h.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r2", Description: "files"})
	h.do("hr:R1", "K2", post.IdentifyRisk{Risk: "r1", Description: "tips"})
	most, least := post.Factors{Nature: 5, Scope: 5, Discretion: 5, Likelihood: 5, Harm: 5}, post.Factors{Nature: 1, Scope: 1, Discretion: 1, Likelihood: 1, Harm: 1}
	for _, k := range []string{"K1", "K2"} {
		h.do("hr:R1", k, post.GradeRisk{Risk: "r1", Level: post.LevelUnit, Factors: least})
		h.do("leader:L1", k, post.GradeRisk{Risk: "r1", Level: post.LevelSection, Factors: most})
		h.do("leader:L2", k, post.GradeRisk{Risk: "r1", Level: post.LevelLeadership, Factors: most})
		h.do("hr:R1", k, post.AdoptControl{Risk: "r1", Control: "c1", Description: "two keys"})
	}
	h.do("hr:R1", "K1", post.AdoptControl{Risk: "r1", Control: "c2", Description: "camera"})
	h.on("2023-05-04")
	h.do("inspector:I2", "K1", post.TestControl{Control: "c1", Passed: true, Evidence: paper})
	h.do("inspector:I2", "K2", post.TestControl{Control: "c1", Note: "one key opens it"})
	h.on("2024-05-06")
	h.do("hr:R1", "K1", post.RequireRerating{Cause: "new law", Due: domain.MustDate("2024-05-20")})
	h.do("hr:R1", "K1", post.GradeRisk{Risk: "r2", Level: post.LevelUnit, Factors: least})
	return h
}

func TestTheRiskRegisterTellsTheWholeOfARisk(t *testing.T) {
	h := newHouse(t)
	h.people()
	got, err := h.graded().built().As(auditor).PostRisk(context.Background(), "K1/r1")
	if err != nil || got == nil {
		t.Fatal(got, err)
	}
	day := domain.MustDate
	least, most := post.Factors{Nature: 1, Scope: 1, Discretion: 1, Likelihood: 1, Harm: 1}, post.Factors{Nature: 5, Scope: 5, Discretion: 5, Likelihood: 5, Harm: 5}
	want := &projections.PostRisk{
		ID: "K1/r1", Post: "K1", Unit: "W1", PostStatus: "open", Code: "r1", Power: "p1", Description: "cash", FoundOn: day("2023-04-03"),
		// (5 + 5 + 5 + 3 × 5) × 5. The re-rating is due before the first of the
		// year has passed, which was on 3 April 2024.
		Grade: "high", Score: 150, GradedOn: day("2023-04-03"), Due: day("2024-04-03"), Pending: true, Overdue: true,
		Effective: 1, LastTest: day("2023-05-04"),
		Gradings: []projections.RiskGrading{
			{Level: "unit", Factors: least, Score: 6, Grade: "low", By: "R1", On: day("2023-04-03")},
			{Level: "section", Factors: most, Score: 150, Grade: "high", By: "L1", On: day("2023-04-03")},
			{Level: "leadership", Factors: most, Score: 150, Grade: "high", By: "L2", On: day("2023-04-03")},
		},
		Controls: []projections.RiskControl{
			{Control: post.Control{Code: "c1", Risk: "r1", Adopter: "R1", Tested: true, Passed: true}, Description: "two keys",
				AdoptedOn: day("2023-04-03"), TestedOn: day("2023-05-04"), TestedBy: "I2"},
			{Control: post.Control{Code: "c2", Risk: "r1", Adopter: "R1"}, Description: "camera", AdoptedOn: day("2023-04-03")},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the risk (-want +got):\n%s", diff)
	}
}

func TestTheRiskRegisterIsNarrowed(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.graded()
	h.on("2024-05-27")
	h.do("hr:R1", "K2", post.Close{})
	v := h.built()
	yes, no := true, false
	for _, c := range []struct {
		name   string
		who    projections.Principal
		filter projections.PostRiskFilter
		want   string
	}{
		{"all", auditor, projections.PostRiskFilter{}, "K1/r1 K1/r2 K2/r1"},
		{"of a unit", auditor, projections.PostRiskFilter{Unit: "D1"}, "K1/r1 K1/r2"},
		{"of a post", auditor, projections.PostRiskFilter{Post: "K2"}, "K2/r1"},
		{"of a power", auditor, projections.PostRiskFilter{Power: "p1"}, "K1/r1"},
		{"high", auditor, projections.PostRiskFilter{Grade: "high"}, "K1/r1 K2/r1"},
		{"never graded by all levels", auditor, projections.PostRiskFilter{Ungraded: &yes}, "K1/r2"},
		{"waiting for a re-rating", auditor, projections.PostRiskFilter{Pending: &yes}, "K1/r1 K1/r2"},
		{"overdue, which a closed post is not", auditor, projections.PostRiskFilter{Overdue: &yes}, "K1/r1 K1/r2"},
		{"not overdue", auditor, projections.PostRiskFilter{Overdue: &no}, "K2/r1"},
		{"high without a control that passed", auditor, projections.PostRiskFilter{Untested: &yes}, "K2/r1"},
		{"the others", auditor, projections.PostRiskFilter{Untested: &no}, "K1/r1 K1/r2"},
		{"of posts that stand", auditor, projections.PostRiskFilter{PostStatus: "open"}, "K1/r1 K1/r2"},
		{"an inspector in scope", as(domain.RoleInspector, "I9", "D2"), projections.PostRiskFilter{}, "K2/r1"},
		{"a leader in scope", as(domain.RoleLeader, "L1", "W1"), projections.PostRiskFilter{}, "K1/r1 K1/r2"},
		{"hr in scope", as(domain.RoleHR, "R1", projections.AllUnits), projections.PostRiskFilter{}, "K1/r1 K1/r2 K2/r1"},
		{"intake in scope", as(domain.RoleIntake, "T1", "D2"), projections.PostRiskFilter{}, "K2/r1"},
		{"a handler sees none", as(domain.RoleHandler, "H1"), projections.PostRiskFilter{}, ""},
		{"an officer sees none, nor of their own post", as(domain.RoleOfficer, "P1"), projections.PostRiskFilter{}, ""},
		{"an overseer sees none", as(domain.RoleOverseer, "O"), projections.PostRiskFilter{}, ""},
		{"the public sees none", as(domain.RolePublic, ""), projections.PostRiskFilter{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := v.As(c.who)
			l, err := r.PostRisks(context.Background(), c.filter, projections.Page{})
			if err != nil {
				t.Fatal(err)
			}
			if got := idsOf(l.Items, func(x projections.PostRisk) string { return x.ID }); got != c.want {
				t.Errorf("risks %q, want %q", got, c.want)
			}
			if n, err := l.TotalCount(context.Background()); err != nil || n != len(l.Items) {
				t.Errorf("the list counts %d, %v", n, err)
			}
		})
	}
}

func TestARequiredReratingBringsTheDayForward(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.graded()
	h.on("2024-05-07")
	for by, level := range map[string]post.Level{"hr:R1": post.LevelUnit, "leader:L1": post.LevelSection} {
		h.do(by, "K1", post.GradeRisk{Risk: "r1", Level: level, Factors: post.Factors{Nature: 1, Scope: 1, Discretion: 1, Likelihood: 1, Harm: 1}})
	}
	r := h.built().As(auditor)
	half, err := r.PostRisk(context.Background(), "K1/r1")
	if err != nil || !half.Gradings[0].Open || !half.Gradings[1].Open || half.Gradings[2].Open || half.Grade != "high" {
		t.Errorf("within the round: %+v, %v", half, err)
	}
	r2, err := r.PostRisk(context.Background(), "K1/r2")
	if err != nil || r2.Due.String() != "2024-05-20" || !r2.Pending || r2.Grade != "" {
		t.Errorf("a risk that was never graded: %+v, %v", r2, err)
	}
	h.do("leader:L2", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelLeadership, Factors: post.Factors{Nature: 1, Scope: 1, Discretion: 1, Likelihood: 1, Harm: 1}})
	done, err := h.built().As(auditor).PostRisk(context.Background(), "K1/r1")
	if err != nil || done.Grade != "low" || done.Score != 6 || done.Pending || done.Overdue || done.Due.String() != "2025-05-07" || done.Gradings[0].Open {
		t.Errorf("after it: %+v, %v", done, err)
	}
}

func TestTheRisksOfAPostAndTheirControls(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.graded().built()
	got, err := v.As(as(domain.RoleInspector, "I9", "W1")).PostRisksByPost(context.Background(), []domain.PostID{"K1", "K2"})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	risks := got["K1"].Risks
	if len(risks) != 2 || risks[0].Effective != 1 || len(risks[0].Controls) != 2 || risks[1].Effective != 0 || len(got["K1"].Powers) != 1 {
		t.Errorf("the risks: %+v", risks)
	}
	if got, err := v.As(as(domain.RoleOfficer, "P1")).PostRisksByPost(context.Background(), []domain.PostID{"K1"}); err != nil || len(got) > 0 {
		t.Errorf("an officer is told the risks of a post: %v, %v", got, err)
	}
}
