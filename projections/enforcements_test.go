package projections_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

// ruled records the norms NP, a procedure of two steps, NB, a benchmark, and
// NX, a draft. NB has an open and a closed gap, and is acknowledged by P1.
func (h *house) ruled() *house {
	h.on("2023-02-01")
	h.do("hr:R1", "P2", officer.IssueCertificate{Number: "N2"})
	h.do("hr:R1", "NP", norm.Draft{Title: "levies", NormKind: norm.KindProcedure, Unit: "A", Owner: "P3", Steps: []norm.Step{
		{Code: "check", StepName: "check", StepKind: norm.StepOther, TwoOfficers: true},
		{Code: "decide", StepName: "decide", StepKind: norm.StepDecide, Requires: []string{"check"}},
	}})
	h.do("hr:R1", "NB", norm.Draft{Title: "how much", NormKind: norm.KindBenchmark, Unit: "D1", Owner: "P3", Clauses: []norm.Clause{{Code: "12", Text: "stalls"}}, Tiers: []norm.Tier{
		{Code: "light", Clause: "12", Factors: "first time", MinAmount: 100, MaxAmount: 1000}}})
	h.do("hr:R1", "NX", norm.Draft{Title: "smoking", NormKind: norm.KindInternalRule, Unit: "A", Owner: "P3", Clauses: []norm.Clause{{Code: "1", Text: "nobody smokes"}}})
	h.do("leader:L1", "NP", norm.Adopt{From: domain.MustDate("2023-02-02")})
	h.do("leader:L1", "NB", norm.Adopt{From: domain.MustDate("2023-02-02")})
	h.on("2023-02-03")
	h.do("officer:P1", "NB", norm.Acknowledge{Officer: "P1", Version: 1})
	h.do("inspector:I2", "NB", norm.FindGap{Gap: "g1", Text: "no range for repeats"})
	h.do("inspector:I2", "NB", norm.FindGap{Gap: "g2", Text: "misprint"})
	return h
}

// enforced records four levies under NB by P1 and P2 of W1 and D2, of 200,
// 200, 800 and, outside the tier, 50; the last was overturned. E5 is open.
func (h *house) enforced() *house {
	for i, amount := range []int64{200, 200, 800, 50, 0} {
		id, unit := []string{"E1", "E2", "E3", "E4", "E5"}[i], domain.UnitID("W1")
		if i > 1 {
			unit = "D2"
		}
		h.on("2024-03-04")
		h.do("leader:L1", id, enforcement.Open{ActKind: enforcement.KindLevy, Unit: unit, Procedure: "NP", Benchmark: "NB", PartyKind: enforcement.PartyPerson,
			Party: paper[0].Digest, Officers: []domain.OfficerID{"P1", "P2"}, Matter: "stall " + id})
		if amount == 0 {
			continue
		}
		h.do("officer:P1", id, enforcement.TakeStep{Step: "check", Second: "P2"})
		if amount < 100 {
			h.do("officer:P1", id, enforcement.AskDeviation{Tier: "light", Amount: amount, Reason: "poor"})
			h.do("leader:L2", id, enforcement.Deviate{})
		}
		h.do("leader:L1", id, enforcement.Decide{Outcome: enforcement.OutcomeLevied, Tier: "light", Factor: "first time", Amount: amount, Opinion: "so"})
	}
	h.on("2024-04-08")
	h.do("inspector:I2", "E4", enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "too little"})
	h.do("inspector:I2", "E4", enforcement.ReviewFault{Found: true, Officers: []domain.OfficerID{"P1"}, Opinion: "careless"})
	return h
}

// disclosed records items of D1: DC1 published late, DC2 overdue, and DC3
// published and withdrawn.
func (h *house) disclosed() *house {
	h.on("2024-04-10")
	for _, id := range []string{"DC1", "DC2", "DC3"} {
		h.do("hr:R1", id, disclosure.Require{Title: "duties " + id, Category: "powers", Medium: disclosure.MediumWebsite, Unit: "D1", Deadline: domain.MustDate("2024-05-10")})
	}
	h.do("hr:R1", "DC3", disclosure.Publish{URL: "https://example.test/3", Evidence: paper})
	h.do("leader:L1", "DC3", disclosure.Withdraw{Reason: "wrong"})
	h.on("2024-05-13")
	h.do("hr:R1", "DC1", disclosure.Publish{URL: "https://example.test/1", Evidence: paper})
	h.do("hr:R1", "DC1", disclosure.Correct{Reason: "misprint", Evidence: paper})
	return h
}

func TestTheRegisterOfActsTellsTheirWay(t *testing.T) {
	h := newHouse(t)
	h.people()
	r := h.ruled().enforced().built().As(auditor)
	x, err := r.Enforcement(context.Background(), "E4")
	if err != nil || x == nil {
		t.Fatal(x, err)
	}
	if len(x.Steps) != 1 || x.Steps[0].Second != "P2" || x.Deviation.Approver != "L2" || !x.Deviated || x.Amount != 50 || x.MinAmount != 100 || x.MaxAmount != 1000 ||
		x.Review != "overturned" || len(x.Reviews) != 1 || !x.FaultReviewed || len(x.FaultReviews) != 1 || !x.FaultReviews[0].Found || x.Matter != "stall E4" {
		t.Errorf("the act: %+v", x)
	}
	for _, c := range []struct {
		name   string
		filter projections.EnforcementFilter
		want   string
	}{
		{"all", projections.EnforcementFilter{}, "E5 E4 E3 E2 E1"},
		{"outside the tier", projections.EnforcementFilter{Deviated: new(true)}, "E4"},
		{"overturned", projections.EnforcementFilter{Review: "overturned"}, "E4"},
		{"open", projections.EnforcementFilter{Status: "open"}, "E5"},
		{"by unit", projections.EnforcementFilter{Unit: "A"}, "E5 E4 E3 E2 E1"},
		{"by a unit below", projections.EnforcementFilter{Unit: "W1"}, "E2 E1"},
		{"by officer", projections.EnforcementFilter{Officer: "P3"}, ""},
		{"by the day of the decision", projections.EnforcementFilter{DecidedFrom: domain.MustDate("2024-03-04"), DecidedTo: domain.MustDate("2024-03-04")}, "E4 E3 E2 E1"},
	} {
		l, err := r.Enforcements(context.Background(), c.filter, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		if got := idsOf(l.Items, func(e projections.Enforcement) string { return string(e.ID) }); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheRegisterOfNorms(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.ruled().built()
	r, ctx := v.As(auditor), context.Background()
	n, err := r.Norm(ctx, "NB")
	if err != nil || n == nil {
		t.Fatal(n, err)
	}
	if n.OpenGaps != 2 || n.Latest != 1 || n.Versions[0].Tiers[0].MaxAmount != 1000 {
		t.Errorf("the norm: %+v", n)
	}
	if _, ok := n.InForce(domain.MustDate("2023-02-01")); ok {
		t.Error("it is in force before its first day")
	}
	if version, ok := n.InForce(domain.MustDate("2023-02-02")); !ok || version.Number != 1 {
		t.Errorf("in force on its first day: %+v, %v", version, ok)
	}
	got, err := r.Acknowledgements(ctx, []domain.NormID{"NB", "NP", "NX"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[domain.NormID]projections.Acknowledgement{
		"NB": {Officers: 3, Acknowledged: 1, Share: 3333}, "NP": {Officers: 4},
	}, got); diff != "" {
		t.Errorf("acknowledged (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		name   string
		who    projections.Principal
		filter projections.NormFilter
		want   string
	}{
		{"all", auditor, projections.NormFilter{}, "NB NP NX"},
		{"in force on a day", auditor, projections.NormFilter{InForceOn: domain.MustDate("2024-01-01")}, "NB NP"},
		{"not yet in force", auditor, projections.NormFilter{InForceOn: domain.MustDate("2023-01-01")}, ""},
		{"with open gaps", auditor, projections.NormFilter{OpenGaps: new(true)}, "NB"},
		{"whoever signs in sees norms, but no drafts", as(domain.RoleHandler, "H1"), projections.NormFilter{}, "NB NP"},
		{"an officer does as well", as(domain.RoleOfficer, "P1"), projections.NormFilter{}, "NB NP"},
		{"the public does not", as(domain.RolePublic, ""), projections.NormFilter{}, ""},
	} {
		l, err := v.As(c.who).Norms(ctx, c.filter, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		if got := idsOf(l.Items, func(n projections.Norm) string { return string(n.ID) }); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDisclosuresAreForEveryone(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.disclosed().built()
	for _, c := range []struct {
		name   string
		who    projections.Principal
		filter projections.DisclosureFilter
		want   string
	}{
		{"the public sees what is due and what is published", as(domain.RolePublic, ""), projections.DisclosureFilter{}, "DC2 DC1"},
		{"overdue", as(domain.RolePublic, ""), projections.DisclosureFilter{Overdue: true}, "DC2"},
		{"late", as(domain.RolePublic, ""), projections.DisclosureFilter{Late: true}, "DC1"},
		{"by the unit above", as(domain.RolePublic, ""), projections.DisclosureFilter{Unit: "A"}, "DC2 DC1"},
		{"whoever signs in sees what was withdrawn too", as(domain.RoleOfficer, "P1"), projections.DisclosureFilter{}, "DC3 DC2 DC1"},
		{"an importer sees none", as(domain.RoleImporter, "M"), projections.DisclosureFilter{}, ""},
		{"an unknown role sees none", as("root", "X"), projections.DisclosureFilter{}, ""},
	} {
		r := v.As(c.who)
		l, err := r.Disclosures(context.Background(), c.filter, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		if got := idsOf(l.Items, func(x projections.Disclosure) string { return string(x.ID) }); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if streams := strings.Join(eventsSeen(t, r), " "); strings.Contains(streams, "disclosure-") {
			t.Errorf("%s: and who acted: %s", c.name, streams)
		}
	}
	x, err := v.As(auditor).Disclosure(context.Background(), "DC1")
	if err != nil || x == nil || x.DaysLate != 3 || x.Correction != "misprint" || x.URL == "" || x.Overdue {
		t.Errorf("the item: %+v, %v", x, err)
	}
}
