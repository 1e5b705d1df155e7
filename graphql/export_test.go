package graphql

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

// DoCounted is Do, and tells how many SQL statements it took.
func (s *Service) DoCounted(ctx context.Context, who projections.Principal, req overhttp.Request) (*overhttp.Response, int) {
	reader := s.config.Views.As(who)
	response := s.do(ctx, reader, nil, req)
	return response, reader.Statements()
}

// DoByLibrary has the library execute a request, up to the maps it answers
// with. It is what plans are measured against.
func (s *Service) DoByLibrary(ctx context.Context, who projections.Principal, req overhttp.Request) (*gql.Result, error) {
	checked, err := s.guard.Check(req.Query, req.OperationName, req.Variables)
	if err != nil {
		return nil, err
	}
	return gql.Execute(gql.ExecuteParams{Schema: s.schema, Root: newRequest(ctx, s.config.Views.As(who), s), AST: checked.Document, Args: checked.Variables}), nil
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
