package graphql_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestSearchIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ search(text: "held back", first: 2) { totalCount nodes { type id title text passage { text found } object { __typename } } } }`)
	want := `{"search":{"totalCount":2,"nodes":[` +
		`{"type":"CASE","id":"C1","title":null,"text":"held a file back","passage":[{"text":"held","found":true},{"text":" a file ","found":false},{"text":"back","found":true}],"object":{"__typename":"Case"}},` +
		`{"type":"COMPLAINT","id":"C1","title":"delay","text":"declaration held back for a week\nnorth gate","passage":[{"text":"declaration ","found":false},{"text":"held","found":true},{"text":" ","found":false},{"text":"back","found":true},{"text":" for a week\nnorth gate","found":false}],"object":{"__typename":"Complaint"}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = a.ask(t, inspector, `{ search(text: "sustained", types: [FINDING]) { nodes { type object { ... on Finding { result officer { id } } } } }
		risk: search(text: "two keys") { nodes { type id object { ... on PostRisk { post { id } } } } } }`)
	if want := `{"search":{"nodes":[{"type":"FINDING","object":{"result":"SUSTAINED","officer":{"id":"P1"}}}]},` +
		`"risk":{"nodes":[{"type":"POST_RISK","id":"K1/r1","object":{"post":{"id":"K1"}}}]}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, who := range []domain.Role{domain.RolePublic, domain.RoleHR, domain.RoleOverseer, domain.RoleOfficer} {
		if got := a.ask(t, as(who, "P9", "A"), `{ search(text: "held back") { totalCount nodes { id } } }`); got != `{"search":{"totalCount":0,"nodes":[]}}` {
			t.Errorf("%s: %s", who, got)
		}
	}
	if got := a.ask(t, public, `{ search(text: "* ^ \"") { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`); got != `{"search":{"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}` {
		t.Error(got)
	}
	a.batched(t, `{ search(text: "王", first: %d, types: [OFFICER]) { nodes { object { ... on Officer { unit { id } } } } } }`)
}
