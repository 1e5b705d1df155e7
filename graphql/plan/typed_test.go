package plan_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/graphql/plan"
)

// things is a list that is taken item by item.
type things []*thing

func (l things) Len() int     { return len(l) }
func (l things) At(i int) any { return l[i] }

// knowing is the executor of a world that is told of most of its fields how to
// come by their values: by appending them, by appending something and giving
// up, by panicking, and by getting them.
func knowing(schema graphql.Schema) *subject {
	appends := func(write func([]byte, *thing) ([]byte, bool)) plan.Typed {
		return plan.Typed{Append: func(dst []byte, source any) ([]byte, bool) { return write(dst, source.(*thing)) }}
	}
	gets := func(get func(*thing) any) plan.Typed {
		return plan.Typed{Get: func(source any) any { return get(source.(*thing)) }}
	}
	next := func(x *thing, kind string) *thing { return &thing{kind, x.n + 1} }
	givesUp := appends(func(dst []byte, _ *thing) ([]byte, bool) { return append(dst, `"half`...), false })
	fields := map[string]plan.Typed{
		"name": appends(func(dst []byte, x *thing) ([]byte, bool) { return plan.AppendText(dst, "名\"\n"+x.kind), true }),
		"none": appends(func(dst []byte, _ *thing) ([]byte, bool) { return append(dst, "null"...), true }),
		"id": appends(func(dst []byte, x *thing) ([]byte, bool) {
			return append(strconv.AppendInt(append(dst, '"'), int64(x.n), 10), '"'), true
		}),
		"int":      appends(func(dst []byte, x *thing) ([]byte, bool) { return strconv.AppendInt(dst, int64(x.n), 10), true }),
		"flag":     appends(func(dst []byte, x *thing) ([]byte, bool) { return strconv.AppendBool(dst, x.n%2 == 0), x.n < 3 }),
		"blue":     appends(func(dst []byte, _ *thing) ([]byte, bool) { return append(dst, `"BLUE"`...), true }),
		"float":    appends(func(_ []byte, x *thing) ([]byte, bool) { panic(x) }),
		"fail":     givesUp,
		"mustFail": givesUp,
		"mustNull": givesUp,
		"words":    gets(func(*thing) any { return []string{"x", "\xff", ""} }),
		"a":        gets(func(x *thing) any { return next(x, "A") }),
		"b":        gets(func(x *thing) any { return next(x, "B") }),
		"wrong":    gets(func(x *thing) any { return next(x, "B") }),
		"nothing":  gets(func(*thing) any { return (*thing)(nil) }),
		"as":       gets(func(x *thing) any { return things{next(x, "A"), next(x, "A")} }),
		"named":    gets(func(x *thing) any { return things{next(x, "A"), nil, next(x, "B")} }),
		"panics":   gets(func(*thing) any { panic("aghast") }),
	}
	s := &subject{schema: &schema}
	s.executor = ok(plan.New(s.schema, plan.Config{
		Typed:     map[string]map[string]plan.Typed{"Query": fields, "A": fields, "B": fields},
		Recovered: func(cause any, _ []byte) error { return fmt.Errorf("%v", cause) },
	}))
	return s
}

// unlike holds an executor that is told of fields against one that asks the
// resolvers. It is empty where they agree to the byte.
func unlike(t testing.TB, told, asking *subject, text string, variables map[string]any) string {
	t.Helper()
	root := &thing{"Query", 0}
	got, want := told.execute(t, text, root, variables), asking.execute(t, text, root, variables)
	if diff := cmp.Diff(answered{string(want.Data), said(want)}, answered{string(got.Data), said(got)}); diff != "" {
		return fmt.Sprintf("%s\n(-resolvers +typed):\n%s", text, diff)
	}
	return ""
}

type answered struct {
	Data   string
	Errors []string
}

func TestTypedFieldsAnswerAsTheirResolversDo(t *testing.T) {
	told := knowing(world(false))
	for _, text := range []string{
		`{ name none id int flag blue float __typename words }`,
		`{ float name }`, `{ name float }`, `{ x: name fail y: name }`,
		`{ a { id name a { a { a { flag int name } } } } as { id mustFail } named { name ... on A { float } } }`,
		`{ nothing { id } wrong { id } panics { id } name b { as { a { mustNull } } } }`,
		`{ lazyA { name lazyB { id as { name int } } } id }`,
		`query ($t: Boolean = true) { name @skip(if: $t) id float @include(if: $t) int as { name @skip(if: $t) id } }`,
	} {
		if diff := unlike(t, told, theWorld, text, nil); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAPanicOfATypedFieldIsTheErrorOfItsResolver(t *testing.T) {
	object := objects(graphql.Fields{
		"before": constant(graphql.Int, 1), "bad": field(graphql.Int, func() (any, error) { panic("the resolver too") }), "after": constant(graphql.Int, 2),
	}, nil)
	one := func(dst []byte, _ any) ([]byte, bool) { return append(dst, '7'), true }
	var nothing *thing
	bad := func(dst []byte, _ any) ([]byte, bool) { return strconv.AppendInt(dst, int64(nothing.n), 10), true }
	x := ok(plan.New(object.schema, plan.Config{Typed: map[string]map[string]plan.Typed{"Query": {"before": {Append: one}, "bad": {Append: bad}, "after": {Append: one}}}}))
	document := ok(object.parse(`{ before bad after }`))
	r := ok(ok(x.Compile(document, operationOf(document))).Execute(context.Background(), nil, nil))
	if got := string(r.Data); got != `{"before":7,"bad":null,"after":7}` {
		t.Errorf("data %s", got)
	}
	var p *plan.Panic
	if len(r.Errors) != 1 || !errors.As(r.Errors[0], &p) || p.Cause != "the resolver too" {
		t.Errorf("errors %v", said(r))
	}
}

// Nothing but typed leaves for a thousand objects: the context ends in the
// midst of them.
func TestTheContextIsLookedAtAmongTypedFields(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	written := 0
	item := graphql.NewObject(graphql.ObjectConfig{Name: "Item", Fields: graphql.Fields{"n": constant(graphql.Int, 1)}})
	s := objects(graphql.Fields{"list": constant(graphql.NewList(item), make([]int, 1000))}, nil)
	x := ok(plan.New(s.schema, plan.Config{Typed: map[string]map[string]plan.Typed{"Item": {"n": {Append: func(dst []byte, _ any) ([]byte, bool) {
		if written++; written == 100 {
			cancel()
		}
		return append(dst, '1'), true
	}}}}}))
	document := ok(s.parse(`{ list { n } }`))
	r, err := ok(x.Compile(document, operationOf(document))).Execute(ctx, nil, nil)
	if r != nil || !errors.Is(err, context.Canceled) || written >= 200 {
		t.Errorf("%v, %v, %d written", r, err, written)
	}
}

func TestAnAnswerStaysUntilItIsReleased(t *testing.T) {
	s := knowing(world(false))
	p := s.plan(t, `query ($n: Int) { as { id name } echo(n: $n) }`)
	lazy := s.plan(t, `query ($n: Int) { lazyA { id name } echo(n: $n) }`)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 200 {
				use := p
				if j%3 == 0 {
					use = lazy
				}
				r := ok(use.Execute(context.Background(), &thing{"Query", 0}, map[string]any{"n": i}))
				if want := fmt.Sprintf(`\"n\":%d`, i); !strings.Contains(string(r.Data), want) {
					t.Errorf("%s, want %s", r.Data, want)
				}
				if want := `{"data":` + string(r.Data) + "}\n"; string(r.Response) != want {
					t.Errorf("response %q, want %q", r.Response, want)
				}
				if j%2 == 0 {
					r.Release()
					if r.Release(); r.Data != nil || r.Response != nil {
						t.Error("a released answer can be read")
					}
				}
			}
		})
	}
	all.Wait()
}
