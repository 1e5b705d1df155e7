package graphql_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

type obligations struct {
	Obligations struct {
		TotalCount int
		Nodes      []obligation
	}
}

type obligation struct {
	Clock, What, Term, Source, Role, State, StartedOn, Due string
	Subject                                                struct{ Type, ID string }
	Who                                                    string
	ShareUsed, DaysLate, TolledDays                        int
	StartedBy                                              struct{ Kind string }
}

func TestObligationsAreAnswered(t *testing.T) {
	auditor := projections.Principal{Role: domain.RoleAuditor, Subject: "X"}
	got := answer[obligations](t, shared(), auditor,
		`{ obligations(filter: {clock: "officer.certificate", unit: "D1"}, first: 1) { totalCount nodes {
			clock what term source role state startedOn due subject { type id } who shareUsed daysLate tolledDays startedBy { kind } } } }`)
	if got.Obligations.TotalCount == 0 || len(got.Obligations.Nodes) != 1 {
		t.Fatalf("answered %+v", got)
	}
	o := got.Obligations.Nodes[0]
	want := obligation{Clock: "officer.certificate", What: "renew the enforcement certificate", Term: "执法证到期", Source: "common practice", Role: "HR", State: "OPEN",
		StartedOn: o.StartedOn, Due: o.Due, ShareUsed: o.ShareUsed}
	want.Subject, want.StartedBy.Kind = o.Subject, "officer.certificate_issued.v1"
	if diff := cmp.Diff(want, o); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if o.Subject.Type != "OFFICER" || o.ShareUsed <= 0 || o.ShareUsed >= 100 || o.Due <= o.StartedOn {
		t.Errorf("answered %+v", o)
	}
}

func TestObligationsAreScopedAndNarrowed(t *testing.T) {
	type count = struct{ Obligations struct{ TotalCount int } }
	all := answer[count](t, shared(), projections.Principal{Role: domain.RoleAuditor, Subject: "X"}, `{ obligations { totalCount } }`).Obligations.TotalCount
	none := answer[count](t, shared(), public, `{ obligations { totalCount } }`).Obligations.TotalCount
	if all == 0 || none != 0 {
		t.Errorf("an auditor counts %d, the public %d", all, none)
	}
	parts := answer[struct{ Late, Open struct{ TotalCount int } }](t, shared(), projections.Principal{Role: domain.RoleAuditor, Subject: "X"},
		`{ late: obligations(filter: {state: LATE}) { totalCount } open: obligations(filter: {state: OPEN}) { totalCount } }`)
	if parts.Late.TotalCount+parts.Open.TotalCount != all {
		t.Errorf("%d late and %d open are not the %d that are owed", parts.Late.TotalCount, parts.Open.TotalCount, all)
	}
}
