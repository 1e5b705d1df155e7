package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// chainLoader loads chains of cause and effect.
type chainLoader = loader[projections.ChainOf, *projections.List[projections.ChainEvent]]

// defineChain lets events be followed to what led to them, and to what came
// of them.
func (b *builder) defineChain() {
	type link = projections.ChainEvent
	node := b.object("ChainEvent", "An event on a chain of cause and effect.")
	b.define(node,
		number("depth", "How many links away it is from the event that was asked about: 1 is the next.", func(c *link) int { return c.Depth }),
		plain("event", "The event.", must(b.event), func(c *link) any { return &c.Event }))
	page := connection[link](b, "Chain", "A page of a chain of cause and effect.", node)
	depth := argument{name: "depth", typ: gql.Int, absent: projections.DefaultDepth, doc: "How many links to follow at most, 1 to 50."}
	b.define(b.event,
		chained("causes", "What led to it, the nearest cause first and the root last, as far as you may see on.", page, depth,
			func(r *request) *chainLoader { return &r.rooms().causes }),
		chained("effects", "Everything that followed from it, in the order of the ledger. What followed from something you may not see is left out with it.", page, depth,
			func(r *request) *chainLoader { return &r.rooms().effects }))
}

// chained is a chain of an event, loaded for a whole list of them at once.
func chained(name, doc string, page *gql.Object, depth argument, from func(*request) *chainLoader) field {
	return field{name: name, doc: doc, typ: page, args: paged(depth), resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		in := input(p.Args)
		part, err := in.page()
		if err != nil {
			return nil, err
		}
		if in.number("depth") < 1 {
			return nil, domain.Refuse(domain.CodeInvalid, "depth", "must lie between 1 and %d", projections.MaxDepth)
		}
		key, l := projections.ChainOf{Event: p.Source.(*event).ID, Depth: in.number("depth"), Page: part}, from(r)
		l.want(key)
		return func() (any, error) {
			list, _, err := l.get(r.ctx, key)
			if err != nil || list == nil {
				return nil, err
			}
			return &connected[projections.ChainEvent]{list, nil}, nil
		}, nil
	})}
}
