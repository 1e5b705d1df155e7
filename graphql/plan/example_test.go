package plan_test

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/graphql/plan"
)

func Example() {
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"greeting": {Type: graphql.String, Args: graphql.FieldConfigArgument{"to": {Type: graphql.String}},
			Resolve: func(p graphql.ResolveParams) (any, error) { return fmt.Sprintf("hello, %v", p.Args["to"]), nil }},
	}})})
	if err != nil {
		panic(err)
	}
	executor, err := plan.New(&schema, plan.Config{})
	if err != nil {
		panic(err)
	}
	const text = `query ($who: String) { b: greeting(to: $who) a: greeting(to: "all") }`
	document, err := parser.Parse(parser.ParseParams{Source: text}) // package guard would also validate it
	if err != nil {
		panic(err)
	}
	p, err := executor.Plan(text, document, document.Definitions[0].(*ast.OperationDefinition))
	if err != nil {
		panic(err)
	}
	result, err := p.Execute(context.Background(), nil, map[string]any{"who": "you"})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(result.Data), len(result.Errors))
	// Output: {"b":"hello, you","a":"hello, all"} 0
}
