package projections_test

import (
	"context"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
)

// supervised records the inspection IN1 of W1, about P1, by P2 and P5, and
// the warnings WA1 about P3, dismissed, and WA2 about W1, which IN1 may follow.
func (h *house) supervised() *house {
	h.on("2024-04-15")
	for _, id := range []string{"P5", "P6"} {
		h.do("hr:R1", id, officer.Enroll{FullName: "监督 " + id, Unit: "A"})
	}
	h.do("inspector:I2", "IN1", inspection.Open{Powers: []inspection.Power{inspection.PowerExamine}, Unit: "W1", Officers: []domain.OfficerID{"P1"},
		Supervisors: []domain.OfficerID{"P5", "P6"}, Basis: "yearly"})
	h.do("inspector:P5", "IN1", inspection.Observe{Code: "o1", Text: "no receipts", Severity: inspection.SeveritySerious, Officer: "P1", Evidence: paper})
	h.do("inspector:P5", "IN1", inspection.OrderRectification{Code: "r1", Unit: "W1", Due: domain.MustDate("2024-05-15"), Text: "give receipts"})
	h.do("inspector:I2", "WA1", warning.Raise{Rule: "rotation", Version: "1", Officer: "P3", Unit: "D1", Score: 90, Explanation: "nine years in one post", Baseline: "10 years", Peers: "D1"})
	h.do("inspector:I2", "WA1", warning.Acknowledge{Note: "seen"})
	h.do("inspector:I2", "WA1", warning.Review{Opinion: "known"})
	h.do("inspector:I2", "WA1", warning.Dismiss{Reason: "rotation is planned"})
	h.do("inspector:I2", "WA2", warning.Raise{Rule: "delay", Version: "1", Unit: "W1", Score: 70, Explanation: "three late answers", Baseline: "1", Peers: "windows"})
	return h
}

func TestWarningsAndInspectionsAreForThoseInCharge(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.supervised().built()
	ctx := context.Background()
	for _, c := range []struct {
		name                  string
		who                   projections.Principal
		inspections, warnings string
	}{
		{"an auditor sees them all", auditor, "IN1", "WA1 WA2"},
		{"a leader sees those in scope", as(domain.RoleLeader, "L1", "W1"), "IN1", "WA2"},
		{"an inspector sees none about themselves", as(domain.RoleInspector, "P1", "A"), "", "WA1 WA2"},
		{"nor about a relation", as(domain.RoleInspector, "I1", "A"), "IN1", "WA2"},
		{"a supervisor sees what they inspect", as(domain.RoleInspector, "P5", "W1"), "IN1", "WA2"},
		{"hr sees none", as(domain.RoleHR, "R1", projections.AllUnits), "", ""},
		{"a handler sees none", as(domain.RoleHandler, "H1", projections.AllUnits), "", ""},
		{"an officer sees none", as(domain.RoleOfficer, "P1"), "", ""},
		{"an overseer sees none", as(domain.RoleOverseer, "O"), "", ""},
		{"the public sees none", as(domain.RolePublic, ""), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := v.As(c.who)
			inspections := both(t, []string{"IN1"}, func(id string) (*projections.Inspection, error) { return r.Inspection(ctx, domain.InspectionID(id)) },
				func() (*projections.List[projections.Inspection], error) {
					return r.Inspections(ctx, projections.InspectionFilter{}, projections.Page{})
				}, func(x projections.Inspection) string { return string(x.ID) })
			warnings := both(t, []string{"WA1", "WA2"}, func(id string) (*projections.Warning, error) { return r.Warning(ctx, domain.WarningID(id)) },
				func() (*projections.List[projections.Warning], error) {
					return r.Warnings(ctx, projections.WarningFilter{}, projections.Page{})
				}, func(x projections.Warning) string { return string(x.ID) })
			if got := strings.Join(inspections, " "); got != c.inspections {
				t.Errorf("inspections %q, want %q", got, c.inspections)
			}
			if got := strings.Join(warnings, " "); got != c.warnings {
				t.Errorf("warnings %q, want %q", got, c.warnings)
			}
			streams := strings.Join(eventsSeen(t, r), " ")
			for _, id := range []string{"inspection-IN1", "warning-WA1", "warning-WA2"} {
				_, name, _ := strings.Cut(id, "-")
				if seen := strings.Contains(c.inspections+" "+c.warnings, name); strings.Contains(streams, id) != seen {
					t.Errorf("events of %s are seen: %v, want %v", id, !seen, seen)
				}
			}
		})
	}
}

func TestWarningsAndInspectionsTellTheirLife(t *testing.T) {
	h := newHouse(t)
	h.people()
	r, ctx := h.supervised().built().As(auditor), context.Background()
	x, err := r.Inspection(ctx, "IN1")
	if err != nil || x == nil || x.Defects != 1 || x.Unaccepted != 1 || x.Observations[0].Severity != "serious" || x.Rectifications[0].Due.String() != "2024-05-15" ||
		len(x.Supervisors) != 2 || x.Basis != "yearly" {
		t.Errorf("the inspection: %+v, %v", x, err)
	}
	w, err := r.Warning(ctx, "WA1")
	if err != nil || w == nil || w.Status != "dismissed" || w.Reason != "rotation is planned" || w.AcknowledgedOn.String() != "2024-04-15" || w.Opinion != "known" || w.Times != 1 {
		t.Errorf("the warning: %+v, %v", w, err)
	}
	l, err := r.Warnings(ctx, projections.WarningFilter{Rule: "delay", Unit: "A"}, projections.Page{})
	if err != nil || idsOf(l.Items, func(w projections.Warning) string { return string(w.ID) }) != "WA2" {
		t.Errorf("by rule: %+v, %v", l, err)
	}
}
