package plan_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
)

// field is a field without arguments whose value is what get gives.
func field(t graphql.Output, get func() (any, error)) *graphql.Field {
	return &graphql.Field{Type: t, Resolve: func(graphql.ResolveParams) (any, error) { return get() }}
}

func constant(t graphql.Output, value any) *graphql.Field {
	return field(t, func() (any, error) { return value, nil })
}

func later(value any, err error) any { return func() (any, error) { return value, err } }

// told is an answer in comparable form: the data, and the errors by their
// paths.
type told struct {
	Data   string
	Errors []string
}

func (s *subject) ours(t *testing.T, text string, variables map[string]any) told {
	t.Helper()
	r := s.execute(t, text, nil, variables)
	return told{string(r.Data), said(r)}
}

func (s *subject) theirs(t *testing.T, text string, variables map[string]any) told {
	t.Helper()
	r := s.library(t, text, nil, variables)
	raw, err := json.Marshal(r.Data)
	out := told{Data: string(raw)}
	if err != nil {
		out.Data = "no JSON"
	}
	for _, e := range r.Errors {
		out.Errors = append(out.Errors, say(e.Message, e.Path))
	}
	return out
}

// TestWhereTheLibraryIsWrong also says what the library does, so that one that
// has been put right is noticed and leaves the list of the package comment.
func TestWhereTheLibraryIsWrong(t *testing.T) {
	color := graphql.NewEnum(graphql.EnumConfig{Name: "Color", Values: graphql.EnumValueConfigMap{"RED": {Value: "red"}}})
	secret := struct{ Secret string }{"shown"}
	inner := graphql.NewObject(graphql.ObjectConfig{Name: "Inner", Fields: graphql.Fields{
		"must": constant(graphql.NewNonNull(graphql.Int), later(nil, errors.New("late"))),
	}})
	defaulted := &graphql.Field{Type: graphql.String, Args: graphql.FieldConfigArgument{
		"n": {Type: graphql.Int, DefaultValue: 9}}, Resolve: func(p graphql.ResolveParams) (any, error) { return fmt.Sprint(p.Args), nil }}
	required := &graphql.Field{Type: graphql.String, Args: graphql.FieldConfigArgument{
		"n": {Type: graphql.NewNonNull(graphql.Int)}}, Resolve: func(p graphql.ResolveParams) (any, error) { return fmt.Sprint(p.Args), nil }}
	s := objects(graphql.Fields{
		"inner": constant(inner, 1), "one": constant(graphql.Int, 1), "defaulted": defaulted, "required": required,
		"both": field(inner, func() (any, error) { return secret, errors.New("failed") }),
		"long": constant(graphql.Int, 1<<40), "infinite": constant(graphql.Float, math.Inf(1)), "nan": constant(graphql.Float, math.NaN()),
		"green": constant(color, "green"), "again": constant(graphql.Int, later(later(4, nil), nil)),
		"panics": field(graphql.Int, func() (any, error) { panic(7) }),
	}, nil)
	null := map[string]any{"n": nil}
	for _, c := range []struct {
		name, text   string
		variables    map[string]any
		ours, theirs told
	}{
		{"a lazy value that fails where null may not stand", `{ one inner { must } }`, nil,
			told{`{"one":1,"inner":null}`, []string{"inner must: late"}}, told{`null`, []string{"inner must: late"}}},
		{"a value beside an error", `{ both { must } }`, nil,
			told{`{"both":null}`, []string{"both: failed"}}, told{`{"both":{"Secret":"shown"}}`, []string{"both: failed"}}},
		{"an Int beyond 32 bits", `{ long }`, nil,
			told{`{"long":null}`, []string{"long: Int cannot represent a value of type int"}}, told{`{"long":null}`, nil}},
		{"infinity", `{ infinite }`, nil,
			told{`{"infinite":null}`, []string{"infinite: write a scalar: json: unsupported value: +Inf"}}, told{"no JSON", nil}},
		{"no number", `{ nan }`, nil,
			told{`{"nan":null}`, []string{"nan: write a scalar: json: unsupported value: NaN"}}, told{`{"nan":null}`, nil}},
		{"an unknown enum value", `{ green }`, nil,
			told{`{"green":null}`, []string{"green: Color cannot represent a value of type string"}}, told{`{"green":null}`, nil}},
		{"an Int beyond 32 bits in the document", `{ defaulted(n: 4294967297) }`, nil,
			told{`{"defaulted":null}`, []string{"defaulted: argument n: expected Int, found 4294967297"}}, told{`{"defaulted":"map[n:4294967297]"}`, nil}},
		{"null for an argument with a default", `query ($n: Int) { defaulted(n: $n) }`, null,
			told{`{"defaulted":"map[n:<nil>]"}`, nil}, told{`{"defaulted":"map[n:9]"}`, nil}},
		{"null for a variable with a default", `query ($n: Int = 2) { defaulted(n: $n) }`, null,
			told{`{"defaulted":"map[n:<nil>]"}`, nil}, told{`{"defaulted":"map[n:2]"}`, nil}},
		{"null where an argument takes none", `query ($n: Int = 2) { required(n: $n) }`, null,
			told{`{"required":null}`, []string{"required: argument n of type Int! must not be null, as variable $n is"}}, told{`{"required":"map[n:2]"}`, nil}},
		{"a lazy value that gives another", `{ again }`, nil, told{`{"again":4}`, nil}, told{"no JSON", nil}},
		{"a panic that is neither error nor string", `{ panics }`, nil,
			told{`{"panics":null}`, []string{"panics: 7"}}, told{`{"panics":null}`, []string{"panics: An unknown error occurred."}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ours := s.ours(t, c.text, c.variables)
			if diff := cmp.Diff(c.ours, ours); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.theirs, s.theirs(t, c.text, c.variables)); diff != "" {
				t.Errorf("the library no longer does that (-listed +now):\n%s", diff)
			}
		})
	}
}

// coded is an error with extensions.
type coded struct{ code string }

func (c *coded) Error() string              { return "coded" }
func (c *coded) Extensions() map[string]any { return map[string]any{"code": c.code} }

func TestExtensionsOfAnErrorAreKept(t *testing.T) {
	s := objects(graphql.Fields{
		"now":   field(graphql.Int, func() (any, error) { return nil, fmt.Errorf("wrapped: %w", &coded{"X"}) }),
		"later": constant(graphql.Int, later(nil, &coded{"Y"})),
	}, nil)
	r := s.execute(t, `{ now later }`, nil, nil)
	for i, want := range []string{"X", "Y"} {
		if got := r.Errors[i].Extensions()["code"]; got != want {
			t.Errorf("%s: extensions.code %v, want %s", r.Errors[i], got, want)
		}
	}
	if ext := s.library(t, `{ later }`, nil, nil).Errors[0].Extensions; ext != nil {
		t.Errorf("the library now keeps %v", ext)
	}
}

func TestEachFieldOfAMutationIsFinishedBeforeTheNext(t *testing.T) {
	var log []string
	step := func(name string) *graphql.Field {
		result := graphql.NewObject(graphql.ObjectConfig{Name: "Result" + name, Fields: graphql.Fields{
			"deep": field(graphql.Int, func() (any, error) {
				log = append(log, name+" deep")
				return later(nil, nil), nil
			})}})
		return field(result, func() (any, error) {
			log = append(log, name)
			return func() (any, error) { log = append(log, name+" later"); return 1, nil }, nil
		})
	}
	s := objects(graphql.Fields{"x": constant(graphql.Int, 1)}, graphql.Fields{"a": step("a"), "b": step("b"), "c": step("c")})
	const text = `mutation { __typename c { deep } a { deep } x: b { deep } }`
	if got := s.ours(t, text, nil); got.Data != `{"__typename":"Mutation","c":{"deep":null},"a":{"deep":null},"x":{"deep":null}}` {
		t.Errorf("%+v", got)
	}
	want := []string{"c", "c later", "c deep", "a", "a later", "a deep", "b", "b later", "b deep"}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	log = nil
	s.library(t, text, nil, nil)
	if cmp.Equal(want, log) {
		t.Error("the library now has this order")
	}
}

// loaded loads keys as a request's loader does: all that wait, when one is
// asked for.
type loaded struct{ waiting, loads int }

func (l *loaded) want() any {
	l.waiting++
	return func() (any, error) {
		if l.waiting > 0 {
			l.waiting, l.loads = 0, l.loads+1
		}
		return 1, nil
	}
}

func TestALoaderLoadsOnceAWave(t *testing.T) {
	var l loaded
	var node *graphql.Object
	node = graphql.NewObject(graphql.ObjectConfig{Name: "Node", Fields: graphql.FieldsThunk(func() graphql.Fields {
		return graphql.Fields{"id": constant(graphql.Int, 1), "up": field(node, func() (any, error) { return l.want(), nil })}
	})})
	s := objects(graphql.Fields{"nodes": constant(graphql.NewList(node), make([]int, 20)), "node": constant(node, 1)}, nil)
	// Wave 1: up of the nodes, and a, which lies higher; then 2 and 3.
	const text = `{ nodes { up { up { up { id } } } } a: node { up { id } } }`
	s.execute(t, text, nil, nil)
	if l.loads != 3 {
		t.Errorf("%d loads, want 3", l.loads)
	}
	l = loaded{}
	if s.library(t, text, nil, nil); l.loads <= 3 {
		t.Errorf("the library now needs %d loads", l.loads)
	}
}

func TestExecutionEndsWithItsContext(t *testing.T) {
	var cancel context.CancelFunc
	calls := 0
	node := graphql.NewObject(graphql.ObjectConfig{Name: "Node", Fields: graphql.Fields{
		"now": field(graphql.Int, func() (any, error) {
			if calls++; calls == 3 {
				cancel()
			}
			return nil, errors.New("lost in the end")
		}),
		"later": field(graphql.Int, func() (any, error) {
			return func() (any, error) {
				if calls++; calls == 3 {
					cancel()
				}
				return 1, nil
			}, nil
		}),
	}})
	tick := graphql.NewScalar(graphql.ScalarConfig{Name: "Tick", Serialize: func(any) any {
		if calls++; calls == 3 {
			cancel()
		}
		return 1
	}})
	s := objects(graphql.Fields{"nodes": constant(graphql.NewList(node), make([]int, 100)), "ticks": constant(graphql.NewList(tick), make([]int, 100)),
		"numbers": constant(graphql.NewList(graphql.Int), func() []any {
			var out []any
			for range 100 {
				out = append(out, later(1, nil))
			}
			return out
		}())}, nil)
	for _, text := range []string{`{ nodes { now } }`, `{ nodes { later } }`, `{ nodes { x: now y: now } }`, `{ ticks }`} {
		var ctx context.Context
		ctx, cancel = context.WithCancel(context.Background())
		defer cancel()
		calls = 0
		result, err := s.plan(t, text).Execute(ctx, nil, nil)
		if !errors.Is(err, context.Canceled) || result != nil || calls != 3 {
			t.Errorf("%s: error %v, result %v after %d calls", text, err, result, calls)
		}
	}
	past, done := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer done()
	if _, err := s.plan(t, `{ numbers }`).Execute(past, nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}
