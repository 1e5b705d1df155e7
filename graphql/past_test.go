package graphql_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestObjectsAreAskedAsOfAnEarlierMoment(t *testing.T) {
	a := whole()
	for _, c := range []struct{ query, want string }{
		{`{ complaint(id: "C1", recordedAsOf: "2023-03-20T00:00:00Z") { status result handler concludedOn officers { id } } now: complaint(id: "C1") { status result } }`,
			`{"complaint":{"status":"ACCEPTED","result":null,"handler":"H1","concludedOn":null,"officers":[{"id":"P1"}]},"now":{"status":"ANSWERED","result":"SUBSTANTIATED"}}`},
		{`{ complaint(id: "C1", recordedAsOf: "2023-03-01T00:00:00Z") { id } zero: complaint(id: "C1", recordedAsOf: "0001-01-02T00:00:00Z") { id } first: unit(id: "A", asOfPosition: "1") { name } none: unit(id: "D1", asOfPosition: "1") { id } }`,
			`{"complaint":null,"zero":null,"first":{"name":"海关"},"none":null}`},
		{`{ case(id: "C1", recordedAsOf: "2023-04-20T00:00:00Z") { status decidedOn officers { id } } sanction(id: "` + theSanction + `", recordedAsOf: "2023-05-20T00:00:00Z") { status measure from } }`,
			`{"case":{"status":"UNDER_INQUIRY","decidedOn":null,"officers":[{"id":"P1"}]},"sanction":{"status":"APPROVED","measure":"demerit","from":null}}`},
		{`{ plan(id: "PL1", recordedAsOf: "2024-02-01T00:00:00Z") { status targets { code result overdue } } later: plan(id: "PL1", recordedAsOf: "2024-03-10T00:00:00Z") { targets { code result overdue } } }`,
			`{"plan":{"status":"ADOPTED","targets":[{"code":"t1","result":"MET","overdue":false},{"code":"t2","result":"OPEN","overdue":false}]},"later":{"targets":[{"code":"t1","result":"MET","overdue":false},{"code":"t2","result":"OPEN","overdue":true}]}}`},
		{`{ enforcement(id: "E1", recordedAsOf: "2024-03-10T00:00:00Z") { status review deviated reviews { outcome } } norm(id: "NB", recordedAsOf: "2024-01-01T00:00:00Z") { id } warning(id: "none", recordedAsOf: "2024-01-01T00:00:00Z") { id } }`,
			`{"enforcement":{"status":"DECIDED","review":null,"deviated":true,"reviews":[]},"norm":null,"warning":null}`},
		{`{ post(id: "K1", recordedAsOf: "2024-01-01T00:00:00Z") { name grade } officer(id: "P1", recordedAsOf: "2023-01-09T09:00:07Z") { name post { id } certificate { number } } }`,
			`{"post":{"name":"窗口岗","grade":null},"officer":{"name":"张伟","post":null,"certificate":null}}`},
		{`{ officer(id: "P1") { recordFile(asOfPosition: "7") { day posts { postId } } } }`, `{"officer":{"recordFile":{"day":"2023-01-09","posts":[]}}}`},
	} {
		if got := a.ask(t, auditor, c.query); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.query, got, c.want)
		}
	}
	// A norm was a draft once: whoever does not see its history does not see
	// that draft either. What may not be seen today was never seen.
	for who, query := range map[domain.Role]string{
		domain.RoleOfficer: `{ x: norm(id: "NB", recordedAsOf: "2024-02-01T09:00:05Z") { id } }`,
		domain.RoleHR:      `{ x: complaint(id: "C1", recordedAsOf: "2023-03-20T00:00:00Z") { id } }`,
		domain.RolePublic:  `{ x: disclosure(id: "DC1", recordedAsOf: "2024-04-09T00:00:00Z") { id } }`,
	} {
		if got := a.ask(t, as(who, "P9", "A"), query); got != `{"x":null}` {
			t.Errorf("%s: %s", who, got)
		}
	}
	if sdl := a.service.SDL(); strings.Count(sdl, "asOfPosition: Long") != 22 {
		t.Errorf("%d questions take a place to answer as of, want those of 18 rooms, of carriers, of the record file and of scorecards", strings.Count(sdl, "asOfPosition: Long"))
	}
}

// P1 and P2 are on the acts E1…E3, with certificates of five years from 2023
// and 2024.
func TestActsWithSomebodyWithoutACertificate(t *testing.T) {
	a := whole()
	query := `{ a: enforcements(filter: {uncertifiedOn: "2028-01-09"}) { totalCount } b: enforcements(filter: {uncertifiedOn: "2028-01-10"}) { totalCount nodes { id } } }`
	if got := a.ask(t, auditor, query); got != `{"a":{"totalCount":0},"b":{"totalCount":3,"nodes":[{"id":"E3"},{"id":"E2"},{"id":"E1"}]}}` {
		t.Error(got)
	}
	// P2 is on the acts, and is told nothing of the certificate of P1.
	if got := a.ask(t, as(domain.RoleOfficer, "P2"), query); got != `{"a":{"totalCount":0},"b":{"totalCount":0,"nodes":[]}}` {
		t.Error(got)
	}
	if got := a.ask(t, as(domain.RoleOfficer, "P1"), `{ b: enforcements(filter: {uncertifiedOn: "2028-01-10"}) { totalCount } }`); got != `{"b":{"totalCount":3}}` {
		t.Error(got)
	}
}
