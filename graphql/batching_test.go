package graphql_test

import (
	"testing"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// counted answers a query and returns the number of SQL statements it took,
// those included that were answered from memory.
func counted(t *testing.T, query string, variables map[string]any) int {
	t.Helper()
	response, n := shared().service.DoCounted(t.Context(), auditor, overhttp.Request{Query: query, Variables: variables})
	if len(response.Errors) > 0 {
		t.Fatalf("errors: %+v", response.Errors)
	}
	return n
}

// An officer's file with a timeline takes so many statements however long the
// timeline and the lists of the file are: one for each kind of object that is
// reached, each loaded once for the whole answer.
func TestAFileWithItsTimelineIsReadInAFixedNumberOfStatements(t *testing.T) {
	file := `query File($id: ID!, $first: Int!) { officer(id: $id) { name unit { id } post { id }
		recordFile { posts { post { name } unit { name } } courses { event { kind } } sanctions { sanction { id } case { id } event { kind } }
			findings { case { id } complaint { id } unit { id } event { kind } } complaints { unit { id } event { kind } } head { events } }
		timeline(first: $first) { totalCount nodes { as event { id kind actor data cause { kind cause { id } } subject { object { ... on Officer { name } ... on Case { status } } } } } } } }`
	few, many := counted(t, file, map[string]any{"id": "P1", "first": 3}), counted(t, file, map[string]any{"id": "P1", "first": 50})
	if many > few+2 { // causes and subjects of kinds that the first three lack
		t.Errorf("%d statements with a timeline of 3, %d with one of 50", few, many)
	}
	if many > 20 {
		t.Errorf("%d statements for a file of which 9 kinds of object are asked, in up to 3 steps", many)
	}
	plain := `query File($id: ID!, $first: Int!) { officer(id: $id) { name
		recordFile { posts { from to } courses { course on } sanctions { measure } findings { result } head { events } }
		timeline(first: $first) { nodes { as event { id kind actor occurredAt data } } } } }`
	for _, first := range []int{1, 10, 50} {
		// The officer; that the file may be seen, what it was folded from, and
		// whether it still stands; the timeline.
		if n := counted(t, plain, map[string]any{"id": "P1", "first": first}); n > 5 {
			t.Errorf("%d statements for the file and a timeline of %d", n, first)
		}
	}
}

// Fifty officers with their unit, post, findings, sanctions and rewards: one
// statement for each of these, and one for the list.
func TestFiftyOfficersWithTheirMattersTakeOneStatementForEachRelation(t *testing.T) {
	query := `query Q($n: Int!) { officers(first: $n) { nodes { id name unit { id name } post { id } findings { id result } sanctions { id status } rewards { id } counts { findings } } } }`
	few, many := counted(t, query, map[string]any{"n": 2}), counted(t, query, map[string]any{"n": 50})
	if few != many || many != 7 {
		t.Errorf("%d statements for 2 officers, %d for 50, want 7 for either", few, many)
	}
}
