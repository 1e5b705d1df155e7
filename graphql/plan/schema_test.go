package plan_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/graphql/plan"
)

// thing is the source of every object of the test schema: an A or a B.
type thing struct {
	kind string
	n    int
}

// world is a schema in which every object leads to every other, with all that
// a resolver may do. Whatever it gives depends on the source alone. With eager
// set, what is lazy otherwise is not.
func world(eager bool) graphql.Schema {
	color := graphql.NewEnum(graphql.EnumConfig{Name: "Color", Values: graphql.EnumValueConfigMap{
		"RED": {Value: "red"}, "BLUE": {Value: 7}}})
	in := graphql.NewInputObject(graphql.InputObjectConfig{Name: "In", Fields: graphql.InputObjectConfigFieldMap{
		"n": {Type: graphql.Int, DefaultValue: 3}, "color": {Type: color}, "words": {Type: graphql.NewList(graphql.NewNonNull(graphql.String))},
		"must": {Type: graphql.NewNonNull(graphql.Boolean)}}})
	even := graphql.NewScalar(graphql.ScalarConfig{Name: "Even",
		Serialize: func(v any) any {
			if n := v.(int); n%2 == 0 {
				return fmt.Sprint(n)
			}
			return nil
		},
		ParseValue: func(v any) any { return v }, ParseLiteral: func(ast.Value) any { return 2 }})
	var a, b *graphql.Object
	var named *graphql.Interface
	var either *graphql.Union
	fields := graphql.FieldsThunk(func() graphql.Fields { return worldFields(eager, color, in, even, a, b, named, either) })
	named = graphql.NewInterface(graphql.InterfaceConfig{Name: "Named",
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			return graphql.Fields{"name": {Type: graphql.NewNonNull(graphql.String)}, "a": {Type: a}, "named": {Type: graphql.NewList(named)}}
		}),
		ResolveType: func(p graphql.ResolveTypeParams) *graphql.Object {
			if p.Value.(*thing).kind == "A" {
				return a
			}
			return b
		}})
	interfaces := graphql.InterfacesThunk(func() []*graphql.Interface { return []*graphql.Interface{named} })
	is := func(kind string) graphql.IsTypeOfFn {
		return func(p graphql.IsTypeOfParams) bool { return p.Value.(*thing).kind == kind }
	}
	a = graphql.NewObject(graphql.ObjectConfig{Name: "A", Fields: fields, Interfaces: interfaces, IsTypeOf: is("A")})
	b = graphql.NewObject(graphql.ObjectConfig{Name: "B", Fields: fields, Interfaces: interfaces, IsTypeOf: is("B")})
	either = graphql.NewUnion(graphql.UnionConfig{Name: "Either", Types: []*graphql.Object{a, b}}) // by IsTypeOf
	query := graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: fields})
	return ok(graphql.NewSchema(graphql.SchemaConfig{Query: query}))
}

func worldFields(eager bool, color *graphql.Enum, in *graphql.InputObject, even *graphql.Scalar, a, b *graphql.Object, named *graphql.Interface, either *graphql.Union) graphql.Fields {
	must, list := graphql.NewNonNull, graphql.NewList
	field := func(t graphql.Output, get func(*thing) (any, error)) *graphql.Field {
		return &graphql.Field{Type: t, Resolve: func(p graphql.ResolveParams) (any, error) { return get(p.Source.(*thing)) }}
	}
	value := func(t graphql.Output, get func(*thing) any) *graphql.Field {
		return field(t, func(x *thing) (any, error) { return get(x), nil })
	}
	lazy := func(t graphql.Output, get func(*thing) (any, error)) *graphql.Field {
		if eager {
			return field(t, get)
		}
		return value(t, func(x *thing) any { return func() (any, error) { return get(x) } })
	}
	next := func(x *thing, kind string) *thing { return &thing{kind, x.n + 1} }
	mixed := func(x *thing) any { return []any{next(x, "A"), nil, next(x, "B")} }
	return graphql.Fields{
		"name":      value(must(graphql.String), func(x *thing) any { return "名\"\n" + x.kind }),
		"none":      value(graphql.String, func(*thing) any { return nil }),
		"pointer":   value(graphql.String, func(*thing) any { return (*string)(nil) }),
		"id":        value(must(graphql.ID), func(x *thing) any { return x.n }),
		"int":       value(graphql.Int, func(x *thing) any { return x.n }),
		"text":      value(graphql.Int, func(*thing) any { return "12" }),
		"float":     value(graphql.Float, func(x *thing) any { return float64(x.n) * 1e-7 }),
		"large":     value(graphql.Float, func(*thing) any { return 1.5e300 }),
		"flag":      value(graphql.Boolean, func(x *thing) any { return x.n%2 == 0 }),
		"color":     value(color, func(*thing) any { return "red" }),
		"blue":      value(must(color), func(*thing) any { return 7 }),
		"even":      value(even, func(*thing) any { return 4 }),
		"numbers":   value(list(list(graphql.Int)), func(*thing) any { return [][]int{{1, 2}, {}, nil} }),
		"words":     value(list(must(graphql.String)), func(*thing) any { return &[]string{"x", "\xff", ""} }),
		"a":         value(a, func(x *thing) any { return next(x, "A") }),
		"b":         value(must(b), func(x *thing) any { return next(x, "B") }),
		"wrong":     value(a, func(x *thing) any { return next(x, "B") }),
		"nothing":   value(a, func(*thing) any { return (*thing)(nil) }),
		"as":        value(must(list(must(a))), func(x *thing) any { return []*thing{next(x, "A"), next(x, "A")} }),
		"named":     value(list(named), mixed),
		"either":    value(list(either), mixed),
		"lazyA":     lazy(a, func(x *thing) (any, error) { return next(x, "A"), nil }),
		"lazyB":     lazy(must(b), func(x *thing) (any, error) { return next(x, "B"), nil }),
		"lazyNames": lazy(list(must(named)), func(x *thing) (any, error) { return []*thing{next(x, "B"), next(x, "A")}, nil }),
		"lazyNone":  lazy(list(must(named)), func(*thing) (any, error) { return nil, nil }),
		"lazyAs":    lazy(must(list(must(a))), func(x *thing) (any, error) { return []*thing{next(x, "A"), next(x, "A")}, nil }),
		"lazyMust":  lazy(must(graphql.Int), func(x *thing) (any, error) { return nil, errors.New("must not fail") }),
		"lazyInt":   lazy(graphql.Int, func(x *thing) (any, error) { return x.n, nil }),
		"lazyFail":  lazy(a, func(*thing) (any, error) { return nil, errors.New("lazy failure") }),
		"lazyItems": value(list(graphql.Int), func(*thing) any {
			return []any{func() (any, error) { return 1, nil }, func() (any, error) { return nil, errors.New("item") }, 3}
		}),
		"fail":     field(graphql.String, func(*thing) (any, error) { return nil, errors.New("failure") }),
		"panics":   field(list(a), func(*thing) (any, error) { panic("aghast") }),
		"mustFail": field(must(graphql.Int), func(*thing) (any, error) { return nil, errors.New("must not fail") }),
		"mustNull": value(must(graphql.Int), func(*thing) any { return nil }),
		"holes":    value(list(must(graphql.Int)), func(*thing) any { return []any{1, nil, 2} }),
		"notList":  value(list(graphql.Int), func(*thing) any { return 5 }),
		"echo": {Type: graphql.String, Args: graphql.FieldConfigArgument{
			"n": {Type: graphql.Int, DefaultValue: 9}, "s": {Type: graphql.String}, "f": {Type: graphql.Float}, "b": {Type: graphql.Boolean},
			"id": {Type: graphql.ID}, "color": {Type: color, DefaultValue: "red"}, "in": {Type: in}, "list": {Type: list(graphql.String)}},
			Resolve: func(p graphql.ResolveParams) (any, error) { return string(ok(json.Marshal(given(p.Args)))), nil }},
	}
}

// given leaves nulls out: the library does not tell them from absence.
func given(args any) any {
	switch args := args.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, v := range args {
			if v != nil {
				out[name] = given(v)
			}
		}
		return out
	case []any:
		out := make([]any, len(args))
		for i, v := range args {
			out[i] = given(v)
		}
		return out
	}
	return args
}

func ok[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// subject is a schema and its executor.
type subject struct {
	schema   *graphql.Schema
	executor *plan.Executor
	// The document parsed last: a test has both sides execute one.
	text     string
	document *ast.Document
	// unchecked says that documents are not validated, which takes longer
	// than everything else.
	unchecked bool
}

// over makes the executor of a schema. A panic has its cause for a message, as
// the library has it.
func over(schema graphql.Schema) *subject {
	s := &subject{schema: &schema}
	s.executor = ok(plan.New(s.schema, plan.Config{Recovered: func(cause any, _ []byte) error { return fmt.Errorf("%v", cause) }}))
	return s
}

// objects is a schema with a query, and a mutation where it is not nil.
func objects(query, mutation graphql.Fields) *subject {
	config := graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: query})}
	if mutation != nil {
		config.Mutation = graphql.NewObject(graphql.ObjectConfig{Name: "Mutation", Fields: mutation})
	}
	return over(ok(graphql.NewSchema(config)))
}

// parse returns a document that is valid.
func (s *subject) parse(text string) (*ast.Document, error) {
	if s.document != nil && s.text == text {
		return s.document, nil
	}
	document, err := parser.Parse(parser.ParseParams{Source: text, Options: parser.ParseOptions{NoSource: true}})
	if err != nil {
		return nil, err
	}
	if !s.unchecked {
		if v := graphql.ValidateDocument(s.schema, document, nil); !v.IsValid {
			return nil, v.Errors[0]
		}
	}
	s.text, s.document = text, document
	return document, nil
}

func (s *subject) plan(t testing.TB, text string) *plan.Plan {
	t.Helper()
	document, err := s.parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	p, err := s.executor.Plan(text, document, operationOf(document))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

func operationOf(document *ast.Document) *ast.OperationDefinition {
	return document.Definitions[0].(*ast.OperationDefinition)
}

func (s *subject) execute(t testing.TB, text string, root any, variables map[string]any) *plan.Result {
	t.Helper()
	result, err := s.plan(t, text).Execute(context.Background(), root, variables)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return result
}

// library has the library execute a document.
func (s *subject) library(t testing.TB, text string, root any, variables map[string]any) *graphql.Result {
	t.Helper()
	document, err := s.parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return graphql.Execute(graphql.ExecuteParams{Schema: *s.schema, Root: root, AST: document, Args: variables})
}

// said is what the errors of a result say, with their paths.
func said(result *plan.Result) []string {
	var out []string
	for _, e := range result.Errors {
		out = append(out, say(e.Error(), e.Path))
	}
	return out
}

func say(message string, path []any) string {
	return strings.Trim(fmt.Sprint(path), "[]") + ": " + message
}
