package graphql_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestAnEventIsFollowedBothWays(t *testing.T) {
	a := shared()
	got := a.ask(t, inspector, `{ events(filter: {kinds: ["complaint.concluded.v1"]}) { nodes { causes { nodes { depth } }
		effects(depth: 2) { totalCount nodes { depth event { kind cause { kind } } } pageInfo { hasNextPage } } direct: effects(depth: 1, first: 1) { nodes { event { kind } } } } } }`)
	want := `{"events":{"nodes":[{"causes":{"nodes":[]},"effects":{"totalCount":2,"nodes":[` +
		`{"depth":1,"event":{"kind":"misconduct.opened.v2","cause":{"kind":"complaint.concluded.v1"}}},` +
		`{"depth":2,"event":{"kind":"officer.inquiry_opened.v1","cause":{"kind":"misconduct.opened.v2"}}}],"pageInfo":{"hasNextPage":false}},` +
		`"direct":{"nodes":[{"event":{"kind":"misconduct.opened.v2"}}]}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// An officer sees that a sanction was proposed against them, not the
	// finding that led to it, nor what led to that.
	query := `{ timeline(ref: {type: SANCTION, id: "` + theSanction + `"}, order: RECORDED_ASC, first: 1) { nodes { event { kind causes { nodes { depth event { kind } } } } } } }`
	if got := a.ask(t, as(domain.RoleOfficer, "P1"), query); got != `{"timeline":{"nodes":[{"event":{"kind":"sanction.proposed.v2","causes":{"nodes":[]}}}]}}` {
		t.Error(got)
	}
	if got := a.ask(t, inspector, query); got != `{"timeline":{"nodes":[{"event":{"kind":"sanction.proposed.v2","causes":{"nodes":[{"depth":1,"event":{"kind":"misconduct.finding_confirmed.v2"}}]}}}]}}` {
		t.Error(got)
	}
	a.batched(t, `{ events(first: %d) { nodes { causes { totalCount nodes { event { id } } } effects { totalCount nodes { event { cause { id } } } } } } }`)
	for _, depth := range []string{"0", "51", "-1"} {
		if got := code(t, a.try(auditor, `{ events(first: 1) { nodes { effects(depth: `+depth+`) { totalCount } } } }`)); got != "BAD_USER_INPUT" {
			t.Errorf("depth %s: %s", depth, got)
		}
	}
	if got := a.ask(t, auditor, `{ timeline(ref: {type: CASE, id: "C1"}, filter: {rulebook: "cn-2024/7"}) { totalCount } all: timeline(ref: {type: CASE, id: "C1"}, filter: {rulebook: "cn-2024"}) { totalCount } }`); got != `{"timeline":{"totalCount":0},"all":{"totalCount":11}}` {
		t.Error(got)
	}
}
