package guard

import (
	"strconv"
	"testing"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// long is a custom scalar as the schema has one: whole numbers of 64 bits,
// written as number or string.
var long = graphql.NewScalar(graphql.ScalarConfig{
	Name:      "Long",
	Serialize: func(v any) any { return v },
	ParseValue: func(v any) any {
		switch v := v.(type) {
		case int64:
			return v
		case string:
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				return n
			}
		}
		return nil
	},
	ParseLiteral: func(v ast.Value) any {
		if v, ok := v.(*ast.IntValue); ok {
			if n, err := strconv.ParseInt(v.Value, 10, 64); err == nil {
				return n
			}
		}
		return nil
	},
})

var grade = graphql.NewEnum(graphql.EnumConfig{Name: "Grade", Values: graphql.EnumValueConfigMap{
	"EXCELLENT": {Value: 1}, "COMPETENT": {Value: 2},
}})

var filter = graphql.NewInputObject(graphql.InputObjectConfig{Name: "Filter", Fields: graphql.InputObjectConfigFieldMap{
	"unit":  {Type: graphql.NewNonNull(graphql.String)},
	"grade": {Type: graphql.NewNonNull(grade), DefaultValue: 2},
	"years": {Type: graphql.NewList(graphql.NewNonNull(graphql.Int))},
}})

// testSchema is a small agency with everything that a document can abuse.
func testSchema(t testing.TB) *graphql.Schema {
	t.Helper()
	paging := graphql.FieldConfigArgument{
		"first": {Type: graphql.Int}, "last": {Type: graphql.Int}, "after": {Type: graphql.String},
	}
	record := graphql.NewInterface(graphql.InterfaceConfig{
		Name:   "Record",
		Fields: graphql.Fields{"id": {Type: graphql.NewNonNull(graphql.ID)}},
	})
	officer := graphql.NewObject(graphql.ObjectConfig{
		Name: "Officer", Interfaces: []*graphql.Interface{record}, IsTypeOf: func(graphql.IsTypeOfParams) bool { return true },
		Fields: graphql.Fields{
			"id": {Type: graphql.NewNonNull(graphql.ID)}, "name": {Type: graphql.String}, "grade": {Type: grade},
		},
	})
	connection := graphql.NewObject(graphql.ObjectConfig{Name: "OfficerConnection", Fields: graphql.Fields{
		"total": {Type: graphql.Int},
		"nodes": {Type: graphql.NewList(officer)},
		"edges": {Type: graphql.NewList(graphql.NewObject(graphql.ObjectConfig{Name: "OfficerEdge", Fields: graphql.Fields{
			"cursor": {Type: graphql.String}, "node": {Type: officer},
		}}))},
	}})
	officer.AddFieldConfig("chief", &graphql.Field{Type: officer})
	officer.AddFieldConfig("peers", &graphql.Field{Type: graphql.NewNonNull(graphql.NewList(officer))})
	officer.AddFieldConfig("staff", &graphql.Field{Type: connection, Args: paging})
	query := graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"hello":    {Type: graphql.String},
		"officer":  {Type: officer, Args: graphql.FieldConfigArgument{"id": {Type: graphql.ID}}},
		"officers": {Type: connection, Args: paging},
		"record":   {Type: record},
		"search": {Type: graphql.NewList(officer), Args: graphql.FieldConfigArgument{
			"filter": {Type: filter}, "tags": {Type: graphql.NewList(graphql.String)},
			"grade": {Type: grade}, "position": {Type: long}, "share": {Type: graphql.Float}, "open": {Type: graphql.Boolean},
		}},
	}})
	mutation := graphql.NewObject(graphql.ObjectConfig{Name: "Mutation", Fields: graphql.Fields{
		"file": {Type: graphql.String},
	}})
	subscription := graphql.NewObject(graphql.ObjectConfig{Name: "Subscription", Fields: graphql.Fields{
		"happened": {Type: officer},
	}})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: query, Mutation: mutation, Subscription: subscription})
	if err != nil {
		t.Fatal(err)
	}
	return &schema
}

func testGuard(t testing.TB) *Guard {
	t.Helper()
	g, err := New(testSchema(t), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return g
}
