package projections_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

// walk reads a whole list page by page.

func TestFilters(t *testing.T) {
	v := agency(t).built()
	r := v.As(auditor)
	ctx := context.Background()
	yes, no := true, false
	events := func(f projections.EventFilter) (out []string) {
		l, err := r.Timeline(ctx, domain.OfficerID("P1").Ref(), f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range l.Items {
			out = append(out, string(e.Kind)+" as "+strings.Join(e.As, "+"))
		}
		return out
	}
	complaints := func(f projections.ComplaintFilter) (out []string) {
		l, err := r.Complaints(ctx, f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range l.Items {
			out = append(out, string(c.ID))
		}
		return out
	}
	findings := func(f projections.FindingFilter) (out []string) {
		l, err := r.Findings(ctx, f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l.Items {
			out = append(out, x.Category+" "+x.Result)
		}
		return out
	}
	officers := func(f projections.OfficerFilter) (out []string) {
		l, err := r.Officers(ctx, f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l.Items {
			out = append(out, string(x.ID))
		}
		return out
	}
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"timeline by kind", events(projections.EventFilter{Kinds: []domain.Kind{misconduct.Opened{}.Kind()}}),
			[]string{"misconduct.opened.v2 as officers", "misconduct.opened.v2 as officers"}},
		{"timeline by field", events(projections.EventFilter{As: []string{"subject"}, OccurredTo: at("2023-01-31"), Order: projections.RecordedAsc}),
			[]string{"officer.enrolled.v1 as subject", "officer.appointed.v1 as subject", "officer.certificate_issued.v1 as subject", "officer.training_completed.v1 as subject"}},
		{"timeline by actor and time", events(projections.EventFilter{Actor: "I2", OccurredFrom: at("2024-01-01")}), []string{"misconduct.opened.v2 as officers"}},
		{"timeline by role", events(projections.EventFilter{Role: domain.RoleIntake}), []string{"complaint.received.v1 as officers"}},
		{"timeline of what was imported", events(projections.EventFilter{Imported: &yes}), nil},
		{"complaints newest first", complaints(projections.ComplaintFilter{}), []string{"C4", "C3", "C2", "C1", "X1"}},
		{"complaints of a unit and below", complaints(projections.ComplaintFilter{Unit: "D1"}), []string{"C4", "C2", "C1"}},
		{"complaints imported", complaints(projections.ComplaintFilter{Imported: &yes}), []string{"X1"}},
		{"complaints decided here without findings", complaints(projections.ComplaintFilter{Imported: &no, WithoutFindings: true}), []string{"C4", "C3", "C2"}},
		{"complaints by result", complaints(projections.ComplaintFilter{Result: "unfounded"}), []string{"C3"}},
		{"complaints by category, place and officer", complaints(projections.ComplaintFilter{Category: "delay", Place: "north gate", Officer: "P2"}), []string{"C3"}},
		{"complaints by days of receipt", complaints(projections.ComplaintFilter{ReceivedFrom: domain.MustDate("2023-03-07"), ReceivedTo: domain.MustDate("2023-03-08")}), []string{"C3", "C2"}},
		{"complaints overdue", complaints(projections.ComplaintFilter{DueBefore: domain.MustDate("2024-01-01")}), []string{"C4", "C2"}},
		{"complaints of a handler", complaints(projections.ComplaintFilter{Handler: "H2"}), []string{"C4", "C3"}},
		{"findings by result", findings(projections.FindingFilter{Result: "sustained"}), []string{"delay sustained", "courtesy sustained"}},
		{"findings against nobody known", findings(projections.FindingFilter{Unidentified: true}), []string{"courtesy not_sustained"}},
		{"findings by discipline and complaint", findings(projections.FindingFilter{Discipline: "training_counselling", Complaint: "X1"}), []string{"courtesy sustained"}},
		{"officers by part of the latin name", officers(projections.OfficerFilter{Name: "ZHANG"}), []string{"P1"}},
		{"officers by part of the chinese name", officers(projections.OfficerFilter{Name: "娜"}), []string{"P2"}},
		{"officers by name order", officers(projections.OfficerFilter{SortByName: true}), []string{"P2", "P3", "P1", "I1"}},
		{"officers with two findings", officers(projections.OfficerFilter{MinFindings: 2}), []string{"P2"}},
		{"officers of a unit and below", officers(projections.OfficerFilter{Unit: "D1"}), []string{"I1", "P1", "P3"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestSearch(t *testing.T) {
	v := agency(t).built()
	ctx := context.Background()
	search := func(p projections.Principal, text string, types ...string) string {
		l, err := v.As(p).Search(ctx, text, types, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, h := range l.Items {
			out = append(out, h.Ref.String())
		}
		if n, err := l.TotalCount(ctx); err != nil || n != len(out) {
			t.Errorf("%q: counted %d, %v; listed %v", text, n, err, out)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		who  projections.Principal
		text string
		want string
	}{
		{auditor, "张", "officer-P1"},
		{auditor, "zhang wei", "officer-P1"},
		{auditor, "ｚｈａｎｇ", "officer-P1"},
		{auditor, "wei zhang", "officer-P1"},
		{auditor, "稽查", "unit-D2 post-K2"},
		{auditor, "file", "misconduct-C1 complaint-C3"}, // the shorter text first
		{auditor, "100%", "complaint-C4"},
		{auditor, "_", ""},
		{auditor, "' OR 1=1 --", ""},
		{as(domain.RoleInspector, "I1", "D1"), "100%", ""},
		{as(domain.RoleHR, "R1", projections.AllUnits), "file", ""},
		{as(domain.RolePublic, ""), "zhang", ""},
	} {
		if got := search(c.who, c.text); got != c.want {
			t.Errorf("%s searches %q: got %q, want %q", c.who.Role, c.text, got, c.want)
		}
	}
	if got := search(auditor, "delay", "complaint"); got != "complaint-C1 complaint-C3" {
		t.Errorf("complaints about delay: %q", got)
	}
	r := v.As(auditor)
	first, err := r.Search(ctx, "w", nil, projections.Page{First: 1})
	if err != nil || !first.HasNextPage {
		t.Fatal(first, err)
	}
	second, err := r.Search(ctx, "w", nil, projections.Page{First: 1, After: first.Cursor(0)})
	if err != nil || len(second.Items) != 1 || second.Items[0].Ref == first.Items[0].Ref {
		t.Errorf("the second page is %v, %v; the first was %v", second.Items, err, first.Items)
	}
	for _, text := range []string{"", "  ", strings.Repeat("x", 201)} {
		if _, err := r.Search(ctx, text, nil, projections.Page{}); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("searching %d bytes: %v", len(text), err)
		}
	}
	if _, err := r.Search(ctx, "x", []string{"secret"}, projections.Page{}); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("searching an unknown type: %v", err)
	}
}

func TestListsAreLoadedInBatches(t *testing.T) {
	v := agency(t).built()
	r := v.As(as(domain.RoleInspector, "I2", "D1", "D2"))
	ctx := context.Background()
	if _, err := r.Officers(ctx, projections.OfficerFilter{}, projections.Page{}); err != nil {
		t.Fatal(err)
	}
	warm := r.Statements()
	ids := []domain.OfficerID{"P1", "P2", "P3", "I1"}
	officers, err1 := r.OfficersByID(ctx, ids)
	counts, err2 := r.OfficerCounts(ctx, ids)
	found, err3 := r.FindingsByOfficer(ctx, ids)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	if n := r.Statements() - warm; n != 3 {
		t.Errorf("three batches took %d statements", n)
	}
	want := map[domain.OfficerID]projections.OfficerCounts{
		"P1": {Complaints: 1, Findings: 1, Sanctions: 1}, "P2": {Complaints: 2, Findings: 2, Sanctions: 1, Rewards: 1},
		"P3": {Complaints: 1}, "I1": {Complaints: 1},
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if len(officers) != 4 || len(found["P2"]) != 2 {
		t.Errorf("officers %v, findings %v", officers, found)
	}
	if list, err := r.Complaints(ctx, projections.ComplaintFilter{}, projections.Page{}); err != nil || len(list.Items) == 0 || len(list.Items[0].Officers) == 0 {
		t.Errorf("complaints without officers: %v, %v", list, err)
	}
	if n := r.Statements() - warm; n != 5 {
		t.Errorf("a page of complaints with their officers took %d statements, want 2", n-3)
	}
}

func TestFacetsAndStatistics(t *testing.T) {
	h := agency(t)
	h.on("2024-05-20")
	for i := range 7 {
		h.do("importer:M", fmt.Sprintf("Y%d", i), complaint.Import{ReceivedOn: domain.MustDate("2019-05-04"), Category: "delay", Summary: "old", Unit: "D2"})
	}
	v := h.built()
	ctx := context.Background()
	got, err := v.As(auditor).FindingFacets(ctx, projections.FindingFilter{}, projections.ByResult)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "sustained", Count: 2}, {Value: "not_sustained", Count: 1}, {Value: "pending", Count: 1}}, got); diff != "" {
		t.Errorf("findings by result (-want +got):\n%s", diff)
	}
	sources, err := v.As(auditor).FindingFacets(ctx, projections.FindingFilter{Imported: new(true)}, projections.BySource)
	if err != nil || len(sources) != 3 {
		t.Errorf("distinct source rows: %v, %v", sources, err)
	}
	if _, err := v.As(auditor).FindingFacets(ctx, projections.FindingFilter{}, "name; DROP TABLE findings"); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("an unknown facet: %v", err)
	}
	whole, err := v.As(auditor).Statistics(ctx, projections.StatisticsFilter{})
	if err != nil {
		t.Fatal(err)
	}
	public, err := v.As(as(domain.RolePublic, "")).Statistics(ctx, projections.StatisticsFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "courtesy", Count: 1}, {Value: "delay", Count: 9}, {Value: "favour", Count: 1}, {Value: "rudeness", Count: 1}}, whole.ComplaintsByCategory); diff != "" {
		t.Errorf("an auditor's statistics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "courtesy", Suppressed: true}, {Value: "delay", Suppressed: true}, {Value: "favour", Suppressed: true}, {Value: "rudeness", Suppressed: true}}, public.ComplaintsByCategory); diff != "" {
		t.Errorf("the public's statistics (-want +got):\n%s", diff)
	}
	if _, err := v.As(as(domain.RolePublic, "")).Statistics(ctx, projections.StatisticsFilter{Unit: "W1"}); domain.RefusalCode(err) != domain.CodeForbidden {
		t.Errorf("public statistics of one window: %v", err)
	}
	if nobody, err := v.As(projections.Principal{}).Statistics(ctx, projections.StatisticsFilter{}); err != nil || nobody.Totals != nil {
		t.Errorf("nobody's statistics: %v, %v", nobody, err)
	}
	own, err := v.As(as(domain.RoleInspector, "I2", "D1")).Statistics(ctx, projections.StatisticsFilter{})
	if err != nil || !slices.Contains(own.Totals, projections.Bucket{Value: "complaints", Count: 3}) {
		t.Errorf("an inspector's totals: %v, %v", own.Totals, err)
	}
}

func TestUnitTreesThatRunInARingEnd(t *testing.T) {
	h := newHouse(t).on("2023-01-09")
	h.people()
	h.on("2023-02-01")
	// Of a ring of three no command sees more than two.
	h.do("hr:R1", "S1", unit.Establish{UnitName: "后台", UnitKind: unit.KindSection, Parent: "W1"})
	h.do("hr:R1", "D1", moveTo("S1"))
	r := h.built().As(as(domain.RoleInspector, "I9", "W1"))
	l, err := r.Officers(context.Background(), projections.OfficerFilter{Unit: "D1"}, projections.Page{})
	if err != nil || len(l.Items) != 3 {
		t.Errorf("officers in the ring: %v, %v", l, err)
	}
}
