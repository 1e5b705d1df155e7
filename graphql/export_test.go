package graphql

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	gql "github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/projections"
)

// DoCounted is Do, and tells how many SQL statements it took.
func (s *Service) DoCounted(ctx context.Context, who projections.Principal, req overhttp.Request) (*overhttp.Response, int) {
	reader := s.config.Views.As(who)
	response := s.do(ctx, reader, nil, req)
	return response, reader.Statements()
}

// RefusedAt is the step at which the guard refuses a request; 0 when it does
// not, or when the body holds no request.
func (s *Service) RefusedAt(body string) guard.Step {
	var req struct {
		Query     string
		Variables map[string]any
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	if len(body) > overhttp.DefaultMaxBody || !utf8.ValidString(body) || decoder.Decode(&req) != nil {
		return 0
	}
	_, err := s.guard.Check(req.Query, "", req.Variables)
	if refusals := guard.AsErrors(err); len(refusals) > 0 {
		return refusals[0].Step
	}
	return 0
}

// DoUnguarded executes a document as it is, once as always and once without
// telling the executor what fields' values their sources hold.
func (s *Service) DoUnguarded(ctx context.Context, who projections.Principal, text string) (typed, asked *plan.Result, err error) {
	document, err := parser.Parse(parser.ParseParams{Source: text, Options: parser.ParseOptions{NoSource: true}})
	if err != nil {
		return nil, nil, err
	}
	untold, err := plan.New(&s.schema, plan.Config{Leaves: leaves})
	if err != nil {
		return nil, nil, err
	}
	var out [2]*plan.Result
	for i, x := range []*plan.Executor{s.plans, untold} {
		p, err := x.Compile(document, document.Definitions[0].(*ast.OperationDefinition))
		if err != nil {
			return nil, nil, err
		}
		if out[i], err = p.Execute(ctx, newRequest(ctx, s.config.Views.As(who), s), nil); err != nil {
			return nil, nil, err
		}
	}
	return out[0], out[1], nil
}

// Everything writes a query for each field of the query that takes no
// arguments, with all that can be asked below it in so many steps.
func (s *Service) Everything(steps int) []string {
	var out []string
	for _, f := range slices.Sorted(maps.Keys(s.schema.QueryType().Fields())) {
		if text := everything(s.schema.QueryType().Fields()[f], steps); text != "" {
			out = append(out, "{ "+text+"}")
		}
	}
	return out
}

func everything(f *gql.FieldDefinition, steps int) string {
	for _, a := range f.Args {
		if _, required := a.Type.(*gql.NonNull); required {
			return ""
		}
	}
	switch t := gql.GetNamed(f.Type).(type) {
	case *gql.Object:
		below := ""
		for _, name := range slices.Sorted(maps.Keys(t.Fields())) {
			if steps > 0 {
				below += everything(t.Fields()[name], steps-1)
			}
		}
		if below == "" {
			return ""
		}
		return f.Name + " { " + below + "} "
	case *gql.Union:
		return f.Name + " { __typename } "
	}
	return f.Name + " "
}

// WaitForViews sets how long views that are behind are waited for.
func (s *Service) WaitForViews(patience time.Duration) { s.patience = patience }

// FailLoading makes every field called name fail with err, or panic with it
// when panics is set, in place of what it does.
func (s *Service) FailLoading(name string, err error, panics bool) {
	field := s.schema.QueryType().Fields()[name]
	field.Resolve = loading(func(*request, gql.ResolveParams) (any, error) {
		if panics {
			panic(err)
		}
		return nil, err
	})
}

// EnumWords returns the domain's words of every enum by its name.
func EnumWords() map[string][]string {
	b := newBuilder(nil)
	b.declareEnums()
	b.declareRoomEnums()
	out := map[string][]string{}
	for name, e := range b.declared {
		for _, v := range e.values {
			out[name] = append(out[name], v.word)
		}
	}
	return out
}
