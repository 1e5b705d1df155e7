package graphql_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestTwoMomentsOfAnObjectAreCompared(t *testing.T) {
	a := shared()
	got := a.ask(t, inspector, `{ changes(ref: {type: SANCTION, id: "`+theSanction+`"}, from: "2023-05-20T00:00:00Z", to: "2024-01-01T00:00:00Z") {
		before { ... on Sanction { status from } } after { ... on Sanction { status from until } } events { totalCount nodes { event { kind } } } } }`)
	want := `{"changes":{"before":{"status":"APPROVED","from":null},"after":{"status":"IMPOSED","from":"2023-06-05","until":"2024-06-05"},` +
		`"events":{"totalCount":2,"nodes":[{"event":{"kind":"sanction.imposed.v2"}},{"event":{"kind":"sanction.served.v1"}}]}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, clerk, `{ changes(ref: {type: COMPLAINT, id: "C1"}, from: "2023-05-20T00:00:00Z", to: "2024-01-01T00:00:00Z") { before { __typename } after { __typename } events { totalCount } } }`); got !=
		`{"changes":{"before":null,"after":null,"events":{"totalCount":0}}}` {
		t.Error(got)
	}
	if got := code(t, a.try(auditor, `{ changes(ref: {type: COMPLAINT, id: "C1"}, from: "2024-05-20T00:00:00Z", to: "2024-01-01T00:00:00Z") { events { totalCount } } }`)); got != "BAD_USER_INPUT" {
		t.Error(got)
	}
}

func TestTwoMomentsOfARecordFileAreCompared(t *testing.T) {
	a := shared()
	query := `{ officer(id: "P1") { recordFileComparison(from: "2023-04-20T00:00:00Z", to: "2024-03-02T00:00:00Z") { before { day } after { day } changes { section difference key event { kind } } } } }`
	finding := answer[struct {
		Findings struct{ Nodes []struct{ ID string } }
	}](t, a, auditor, `{ findings(filter: {officer: "P1", imported: false}) { nodes { id } } }`).Findings.Nodes[0].ID
	got := a.ask(t, auditor, query)
	want := `{"officer":{"recordFileComparison":{"before":{"day":"2023-04-20"},"after":{"day":"2024-03-02"},"changes":[` +
		`{"section":"RESTRICTIONS","difference":"ADDED","key":"C1.P1","event":{"kind":"officer.restricted.v1"}},` +
		`{"section":"INQUIRIES","difference":"ADDED","key":"M5","event":{"kind":"officer.inquiry_opened.v1"}},` +
		`{"section":"SANCTIONS","difference":"ADDED","key":"C1.P1","event":{"kind":"sanction.imposed.v2"}},` +
		`{"section":"FINDINGS","difference":"ADDED","key":"` + finding + `","event":{"kind":"misconduct.finding_confirmed.v2"}}]}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// Personnel are told of no inquiry, and the officer of none either.
	for _, who := range []domain.Role{domain.RoleHR, domain.RoleOfficer} {
		got := a.ask(t, as(who, "P1", "A"), `{ officer(id: "P1") { recordFileComparison(from: "2024-02-20T00:00:00Z", to: "2024-03-02T00:00:00Z") { changes { section key } } } }`)
		if got != `{"officer":{"recordFileComparison":{"changes":[]}}}` {
			t.Errorf("%s: %s", who, got)
		}
	}
	if got := a.ask(t, inspector, `{ officer(id: "P1") { recordFileComparison(from: "2020-01-01T00:00:00Z", to: "2021-01-01T00:00:00Z") { changes { key } } } }`); got != `{"officer":{"recordFileComparison":null}}` {
		t.Error(got)
	}
}
