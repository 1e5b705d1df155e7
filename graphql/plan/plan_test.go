package plan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/graphql/plan"
)

func TestMembersStandInTheOrderInWhichTheyAreAsked(t *testing.T) {
	root := &thing{"Query", 0}
	for _, c := range []struct{ text, want string }{
		{`{ int flag id name: __typename int }`, `{"int":0,"flag":true,"id":"0","name":"Query"}`},
		{`{ a { ...L id } } fragment L on Named { a { id } x: __typename }`, `{"a":{"a":{"id":"2"},"x":"A","id":"1"}}`},
		{`{ lazyA { id } int b { lazyA { id } id } }`, `{"lazyA":{"id":"1"},"int":0,"b":{"lazyA":{"id":"2"},"id":"1"}}`},
		{`query ($f: Boolean!) { int @include(if: $f) flag int }`, `{"flag":true,"int":0}`},
		{`query ($f: Boolean!) { flag int @skip(if: $f) ... @include(if: $f) { flag } }`, `{"flag":true,"int":0}`},
	} {
		variables := map[string]any{"f": false}
		if !strings.Contains(c.text, "$f") {
			variables = nil
		}
		if got := string(theWorld.execute(t, c.text, root, variables).Data); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

// A tree of places that may be null (a) or not (b), with lazy values that
// fail (lazyMust) in some.
func TestNullGoesToTheNearestParentThatTakesIt(t *testing.T) {
	root := &thing{"Query", 0}
	for _, c := range []struct {
		name, text, want string
		errors           []string
	}{
		{"to the object", `{ a { id lazyMust } id }`, `{"a":null,"id":"0"}`, []string{"a lazyMust: must not fail"}},
		{"past objects that may not be null", `{ a { b { lazyB { b { lazyMust } } } } id }`, `{"a":null,"id":"0"}`, []string{"a b lazyB b lazyMust: must not fail"}},
		{"to the root", `{ id b { lazyB { lazyMust } } }`, `null`, []string{"b lazyB lazyMust: must not fail"}},
		{"to the lazy value", `{ lazyA { id lazyMust } id }`, `{"lazyA":null,"id":"0"}`, []string{"lazyA lazyMust: must not fail"}},
		{"to an inner object and then to an outer one", `{ a { a { lazyMust } lazyMust id } id }`, `{"a":null,"id":"0"}`,
			[]string{"a a lazyMust: must not fail", "a lazyMust: must not fail"}},
		{"once for an object that has gone already", `{ a { x: lazyMust y: lazyMust } z: a { id } }`, `{"a":null,"z":{"id":"1"}}`, []string{"a x: must not fail"}},
		{"to two objects side by side", `{ x: a { lazyMust } id y: a { id lazyMust } z: lazyInt }`, `{"x":null,"id":"0","y":null,"z":0}`,
			[]string{"x lazyMust: must not fail", "y lazyMust: must not fail"}},
		{"to an item of a list", `{ named { name ... on A { lazyMust } } }`, `{"named":[null,null,{"name":"名\"\nB"}]}`, []string{"named 0 lazyMust: must not fail"}},
		{"to a list whose items may not be null", `{ a { as { lazyMust } } lazyNames { ... on B { lazyMust } } id }`, `{"a":null,"lazyNames":null,"id":"0"}`,
			[]string{"a as 0 lazyMust: must not fail", "lazyNames 0 lazyMust: must not fail"}},
		{"at once where nothing is lazy", `{ a { b { mustFail lazyMust } } id }`, `{"a":null,"id":"0"}`, []string{"a b mustFail: must not fail"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := theWorld.execute(t, c.text, root, nil)
			if diff := cmp.Diff(told{c.want, c.errors}, told{string(got.Data), said(got)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatHasGoneIsNotResolvedAnyMore(t *testing.T) {
	resolved := 0
	inner := graphql.NewObject(graphql.ObjectConfig{Name: "Inner", Fields: graphql.Fields{
		"count": field(graphql.Int, func() (any, error) { resolved++; return resolved, nil })}})
	must := graphql.NewNonNull(graphql.Int)
	lazy := field(graphql.Int, func() (any, error) { return func() (any, error) { resolved++; return 1, nil }, nil })
	deep := graphql.NewObject(graphql.ObjectConfig{Name: "Deep", Fields: graphql.Fields{"lazy": lazy}})
	outer := graphql.NewObject(graphql.ObjectConfig{Name: "Outer", Fields: graphql.Fields{
		"fail": constant(must, later(nil, nil)), "failNow": constant(must, nil), "inner": constant(inner, later(1, nil)),
		"lazy": lazy, "deep": constant(deep, later(1, nil)), "now": constant(inner, 1)}})
	s := objects(graphql.Fields{"outer": constant(outer, 1)}, nil)
	for _, text := range []string{`{ outer { fail inner { count } } }`, `{ outer { lazy failNow now { count } } }`, `{ outer { deep { lazy } fail } }`} {
		if got := s.ours(t, text, nil); got.Data != `{"outer":null}` || len(got.Errors) != 1 || resolved != 0 {
			t.Errorf("%s: %+v, %d resolved", text, got, resolved)
		}
	}
}

func TestErrorsStandInTheOrderOfTheirPlaces(t *testing.T) {
	text := `{
  z: lazyFail { id }
  y: lazyNames { fail: name a { x: fail fail } }
  b: fail
  fail
  a: panics { id }
}`
	for range 5 {
		r := theWorld.execute(t, text, &thing{"Query", 0}, nil)
		want := []string{"z: lazy failure", "y 0 a x: failure", "y 0 a fail: failure", "y 1 a x: failure", "y 1 a fail: failure", "b: failure", "fail: failure", "a: aghast"}
		if diff := cmp.Diff(want, said(r)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		for i, word := range []string{"z:", "x:", "fail }", "x:"} {
			if at := r.Errors[i].Offsets; len(at) != 1 || !strings.HasPrefix(text[at[0]:], word) {
				t.Errorf("error %d at %v, want %s", i, at, word)
			}
		}
	}
}

func TestMergedFieldsAreLocatedWhereTheyAreAsked(t *testing.T) {
	text := `query ($f: Boolean!) { fail @include(if: $f) ...F @skip(if: $f) ...F fail } fragment F on Query { fail }`
	r := theWorld.execute(t, text, &thing{"Query", 0}, map[string]any{"f": false})
	if diff := cmp.Diff([]int{strings.LastIndex(text, "fail"), strings.Index(text, "fail }")}, r.Errors[0].Offsets); diff != "" {
		t.Errorf("offsets (-want +got):\n%s", diff)
	}
}

func TestPanicsAnywhereAreErrorsOfTheirField(t *testing.T) {
	scalar := graphql.NewScalar(graphql.ScalarConfig{Name: "Bad", Serialize: func(any) any { panic("scalar") }})
	object := graphql.NewObject(graphql.ObjectConfig{Name: "Object", Fields: graphql.Fields{"x": constant(graphql.Int, 1)},
		IsTypeOf: func(graphql.IsTypeOfParams) bool { panic("type") }})
	union := graphql.NewUnion(graphql.UnionConfig{Name: "Union", Types: []*graphql.Object{object}, ResolveType: func(graphql.ResolveTypeParams) *graphql.Object { panic("union") }})
	none := graphql.NewUnion(graphql.UnionConfig{Name: "None", Types: []*graphql.Object{object}, ResolveType: func(graphql.ResolveTypeParams) *graphql.Object { return nil }})
	cause := errors.New("resolver")
	schema := ok(graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"resolver": field(graphql.Int, func() (any, error) { panic(cause) }), "lazy": constant(graphql.Int, func() (any, error) { panic("lazy") }),
		"scalar": constant(graphql.NewList(scalar), []int{1}), "object": constant(object, 1), "union": constant(union, 1), "none": constant(none, 1),
		"oddInt": constant(graphql.Int, func() {}), "one": constant(graphql.Int, 1)}})}))
	s := over(schema)
	s.executor = ok(plan.New(s.schema, plan.Config{}))
	r := s.execute(t, `{ resolver lazy scalar object { x } union { __typename } none { __typename } oddInt one }`, nil, nil)
	if want := `{"resolver":null,"lazy":null,"scalar":[null],"object":null,"union":null,"none":null,"oddInt":null,"one":1}`; string(r.Data) != want {
		t.Errorf("data %s", r.Data)
	}
	want := []string{"resolver: panic: resolver", "lazy: panic: lazy", "scalar 0: panic: scalar", "object: panic: type", "union: panic: union"}
	if diff := cmp.Diff(want, said(r)[:5]); diff != "" || len(r.Errors) != 7 {
		t.Errorf("%d errors (-want +got):\n%s", len(r.Errors), diff)
	}
	var p *plan.Panic
	if !errors.As(r.Errors[0], &p) || !errors.Is(r.Errors[0], cause) || !strings.Contains(string(p.Stack), "TestPanics") {
		t.Errorf("the first is %#v", r.Errors[0].Err)
	}
}

func TestVariablesThatAreNotRightAreRefused(t *testing.T) {
	for _, c := range []struct {
		text      string
		variables map[string]any
		says      string
	}{
		{`query ($n: Int!) { id @skip(if: true) echo(n: $n) }`, nil, "variable $n of type Int! is required"},
		{`query ($n: Int!) { echo(n: $n) }`, map[string]any{"n": nil}, "variable $n: must not be null (Int!)"},
		{`query ($n: Int) { echo(n: $n) }`, map[string]any{"n": "x"}, "variable $n: is no Int"},
		{`query ($in: In) { echo(in: $in) }`, map[string]any{"in": map[string]any{}}, "variable $in.must: is required (Boolean!)"},
		{`query ($in: In) { echo(in: $in) }`, map[string]any{"in": map[string]any{"must": true, "words": []any{"a", nil}}}, "variable $in.words[1]: must not be null (String!)"},
		{`query ($in: In) { echo(in: $in) }`, map[string]any{"in": map[string]any{"must": true, "color": "GREEN"}}, "variable $in.color: is no Color"},
		{`query ($in: In) { echo(in: $in) }`, map[string]any{"in": map[string]any{"must": true, "more": 1}}, `variable $in: In has no field "more"`},
		{`query ($b: Boolean = true) { id @skip(if: $b) }`, map[string]any{"b": nil}, "variable $b is null; @skip and @include take true or false"},
	} {
		_, err := theWorld.plan(t, c.text).Execute(context.Background(), &thing{}, c.variables)
		var input *plan.InputError
		if !errors.As(err, &input) || input.Message != c.says {
			t.Errorf("%s: %v, want %s", c.text, err, c.says)
		}
	}
}

func TestAbsentVariablesTakeDefaultsAndNullDoesNot(t *testing.T) {
	var got map[string]any
	s := objects(graphql.Fields{"f": {Type: graphql.Int, Args: graphql.FieldConfigArgument{
		"a": {Type: graphql.Int, DefaultValue: 1}, "b": {Type: graphql.NewList(graphql.Int)}, "c": {Type: graphql.NewList(graphql.Int)}, "d": {Type: graphql.Int}},
		Resolve: func(p graphql.ResolveParams) (any, error) { got = p.Args; return nil, nil }}}, nil)
	for _, c := range []struct{ given, want map[string]any }{
		{nil, map[string]any{"a": 1, "b": []any{nil, 2}}},
		{map[string]any{"x": nil, "y": nil}, map[string]any{"a": nil, "b": []any{nil, 2}, "c": nil}},
		{map[string]any{"x": 5, "y": 6}, map[string]any{"a": 5, "b": []any{5, 2}, "c": []any{6}}},
	} {
		s.execute(t, `query ($x: Int, $y: [Int]) { f(a: $x, b: [$x, 2], c: $y) }`, nil, c.given)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.given, diff)
		}
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	schema := world(false)
	s := over(schema)
	s.executor = ok(plan.New(s.schema, plan.Config{CachedPlans: 3, CachedFields: 10}))
	first := s.plan(t, `{ id }`)
	if s.plan(t, `{ id }`) != first {
		t.Error("a plan was not kept")
	}
	s.plan(t, `{ id name int a { id name int flag color } }`) // nine fields: the first must go for the next
	s.plan(t, `{ int flag }`)
	if s.plan(t, `{ id }`) == first {
		t.Error("more fields are kept than allowed")
	}
	big := `{ id name int flag color a { id name int flag color } }`
	if one, again := s.plan(t, big), s.plan(t, big); one == again {
		t.Error("a plan with more fields than allowed is kept")
	}
	long := "{ id } #" + strings.Repeat(" ", 9000)
	if one, again := s.plan(t, long), s.plan(t, long); one == again {
		t.Error("the plan of a long text is kept")
	}
	document := ok(s.parse(`query A { id } query B { int }`))
	for i, want := range []string{`{"id":"0"}`, `{"int":0}`} {
		p := ok(s.executor.Plan(`query A { id } query B { int }`, document, document.Definitions[i].(*ast.OperationDefinition)))
		if got := ok(p.Execute(context.Background(), &thing{}, nil)); string(got.Data) != want {
			t.Errorf("operation %d: %s", i, got.Data)
		}
	}
}

// Written out, this has 2^40 fields, and the last fragment leads back to the
// first. The guard refuses both; compiling them ends all the same.
func TestFragmentsAreCompiledOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString("{ a { ...F0 } } ")
	for i := range 40 {
		fmt.Fprintf(&b, "fragment F%d on A { x: a { ...F%d } y: a { ...F%d } } ", i, (i+1)%40, (i+1)%40)
	}
	document := ok(parser.Parse(parser.ParseParams{Source: b.String()}))
	if _, err := theWorld.executor.Compile(document, operationOf(document)); err != nil {
		t.Error(err)
	}
}

func TestPlansAreSharedByRequests(t *testing.T) {
	const text = `query ($n: Int, $t: Boolean!) { a { lazyNames { name ... on B { x: echo(n: $n) } } } id @include(if: $t) lazyFail { id } }`
	p := theWorld.plan(t, text)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				r, err := p.Execute(context.Background(), &thing{"Query", 0}, map[string]any{"n": i, "t": j%2 == 0})
				if err != nil || len(r.Errors) != 1 || strings.Contains(string(r.Data), `"id"`) != (j%2 == 0) || !strings.Contains(string(r.Data), fmt.Sprintf(`\"n\":%d`, i)) {
					t.Errorf("%v: %s", err, r.Data)
					return
				}
			}
		})
	}
	all.Wait()
}
