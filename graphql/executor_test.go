package graphql_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

func TestNullWhereAConditionTakesNoneIsRefused(t *testing.T) {
	r := shared().try(auditor, `query ($x: Boolean = true) { me @skip(if: $x) { role } }`, "x", nil)
	if got := code(t, r); got != "BAD_USER_INPUT" || r.HasData {
		t.Errorf("code %s, data %s", got, r.Data)
	}
}

func TestNullWhereAnArgumentTakesNoneIsAnErrorOfTheField(t *testing.T) {
	r := shared().try(auditor, "query ($id: ID = \"P1\") {\n unit(id: \"A\") { id } officer(id: $id) { id }\n}", "id", nil)
	want := []overhttp.Error{{Message: "argument id of type ID! must not be null, as variable $id is", Path: []any{"officer"},
		Locations: []overhttp.Location{{Line: 2, Column: 23}}, Extensions: map[string]any{"code": "BAD_USER_INPUT"}}}
	if diff := cmp.Diff(want, r.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if got := string(r.Data.(json.RawMessage)); got != `{"unit":{"id":"A"},"officer":null}` {
		t.Errorf("data %s", got)
	}
}

func TestErrorsStandInTheOrderOfTheAnswer(t *testing.T) {
	r := shared().try(auditor, `{ z: officers(first: 0) { totalCount } unit(id: "A") { m: officers(last: 0) { totalCount } } a: events(first: 0) { totalCount } }`)
	var paths [][]any
	for _, e := range r.Errors {
		paths = append(paths, e.Path)
	}
	if diff := cmp.Diff([][]any{{"z"}, {"unit", "m"}, {"a"}}, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// Of everything that can be asked without arguments: what a field tells the
// executor of its value is what its resolver gives.
func TestTypedFieldsAnswerAsTheirResolversDo(t *testing.T) {
	queries := shared().service.Everything(4)
	if len(queries) < 20 {
		t.Errorf("%d queries", len(queries))
	}
	answers := 0
	for _, query := range queries {
		typed, asked, err := shared().service.DoUnguarded(t.Context(), auditor, query)
		if err != nil {
			t.Fatalf("%v: %.200s", err, query)
		}
		if diff := cmp.Diff(string(asked.Data), string(typed.Data)); diff != "" {
			t.Errorf("%.200s (-resolvers +typed):\n%s", query, diff)
		}
		if len(typed.Errors) != len(asked.Errors) {
			t.Errorf("%.200s: errors %v and %v", query, typed.Errors, asked.Errors)
		}
		answers += len(typed.Data)
	}
	if answers < 100_000 {
		t.Errorf("only %d bytes were compared", answers)
	}
}
