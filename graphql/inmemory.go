package graphql

import (
	"context"
	"log/slog"
	"net/http"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

// InMemory answers questions for objects that it is given, by the types,
// resolvers, guard and executor of a Service: what an answer costs without the
// views. Its query has recordFile(id) and timeline(id). It asks nobody who they
// are, and is for measuring.
type InMemory struct {
	service *Service
	reader  *projections.Reader // nothing asks it
}

// Held is what an InMemory holds of one officer. It must not change.
type Held struct {
	File   *record.File
	Events []projections.Event
}

// NewInMemory makes one that holds the objects by the officers' ids.
func NewInMemory(held map[domain.OfficerID]Held) (*InMemory, error) {
	b := newBuilder(catalog.New())
	schema, err := b.schema(func() { b.defineInMemory(held) })
	if err != nil {
		return nil, err
	}
	s, err := assemble(Config{Log: slog.New(slog.DiscardHandler)}, b, schema)
	if err != nil {
		return nil, err
	}
	return &InMemory{s, new(projections.Reader)}, nil
}

// defineInMemory gives the query other fields.
func (b *builder) defineInMemory(held map[domain.OfficerID]Held) {
	b.fields[b.query.Name()] = nil
	about := []argument{arg("id", gql.NewNonNull(gql.ID), "The officer's id.")}
	b.define(b.query,
		field{name: "recordFile", doc: "The record file.", typ: b.recordFile, args: about, resolve: func(p gql.ResolveParams) (any, error) {
			return found(held[domain.OfficerID(input(p.Args).text("id"))].File, nil)
		}},
		field{name: "timeline", doc: "The events.", typ: b.events, args: about, resolve: func(p gql.ResolveParams) (any, error) {
			h, ok := held[domain.OfficerID(input(p.Args).text("id"))]
			if !ok {
				return nil, nil
			}
			return &connected[projections.Event]{List: &projections.List[projections.Event]{Items: h.Events}}, nil
		}})
}

// Do answers one request, as Service.Do does.
func (m *InMemory) Do(ctx context.Context, req overhttp.Request) *overhttp.Response {
	return m.service.do(ctx, m.reader, nil, req)
}

// Handler serves requests over HTTP.
func (m *InMemory) Handler() (http.Handler, error) {
	return overhttp.New(overhttp.Config{Execute: m.Do, Logger: m.service.config.Log})
}
