package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/graphql/plan"
)

func TestASubscriptionHasARootAndItsItemsAreExecuted(t *testing.T) {
	tick := graphql.NewObject(graphql.ObjectConfig{Name: "Tick", Fields: graphql.Fields{
		"n": {Type: graphql.Int, Resolve: func(p graphql.ResolveParams) (any, error) { return p.Source, nil }}}})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{
		Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{"a": {Type: graphql.Int}}}),
		Subscription: graphql.NewObject(graphql.ObjectConfig{Name: "Subscription", Fields: graphql.Fields{
			"ticks": {Type: tick, Args: graphql.FieldConfigArgument{"every": {Type: graphql.Int, DefaultValue: 3}},
				Resolve: func(p graphql.ResolveParams) (any, error) { return p.Info.RootValue, nil }}}})})
	if err != nil {
		t.Fatal(err)
	}
	x, err := plan.New(&schema, plan.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text      string
		variables map[string]any
		args      map[string]any
		data      string
	}{
		{"subscription { t: ticks { n } }", nil, map[string]any{"every": 3}, `{"t":{"n":7}}`},
		{"subscription { ticks(every: 5) { n } }", nil, map[string]any{"every": 5}, `{"ticks":{"n":7}}`},
		{"subscription($e: Int) { ...A } fragment A on Subscription { ticks(every: $e) { n } }", map[string]any{"e": 9}, map[string]any{"every": 9}, `{"ticks":{"n":7}}`},
	} {
		document, err := parser.Parse(parser.ParseParams{Source: c.text})
		if err != nil {
			t.Fatal(err)
		}
		p, err := x.Plan(c.text, document, document.Definitions[0].(*ast.OperationDefinition))
		if err != nil {
			t.Fatal(err)
		}
		field, args, err := p.Root(c.variables)
		if err != nil || field.Name != "ticks" || !cmp.Equal(args, c.args) {
			t.Errorf("%s: %v, %v, %v", c.text, field, args, err)
		}
		result, err := p.Execute(t.Context(), 7, c.variables)
		if err != nil || string(result.Data) != c.data || len(result.Errors) > 0 {
			t.Errorf("%s: %s, %v", c.text, result.Data, err)
		}
	}
}
