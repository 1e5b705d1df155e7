package guard_test

import (
	"fmt"

	"github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/graphql/guard"
)

func ExampleGuard_Check() {
	officer := graphql.NewObject(graphql.ObjectConfig{Name: "Officer", Fields: graphql.Fields{
		"name": {Type: graphql.String},
	}})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{
		Name: "Query", Fields: graphql.Fields{"officer": {Type: officer}},
	})})
	if err != nil {
		panic(err)
	}
	g, err := guard.New(&schema, guard.DefaultLimits())
	if err != nil {
		panic(err)
	}
	_, err = g.Check("{officer{...A}} fragment A on Officer{...B} fragment B on Officer{...A}", "", nil)
	for _, refusal := range guard.AsErrors(err) {
		fmt.Println(refusal.Code, refusal.Message, refusal.Locations)
	}
	checked, err := g.Check("{officer{name}}", "", nil)
	fmt.Println(checked.Cost.Total, err)
	// Output:
	// QUERY_FRAGMENT_CYCLE fragments form a cycle: A → B → A [{1 67}]
	// 2 <nil>
}
