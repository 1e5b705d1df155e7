package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/terms"
)

// declareSearch declares what can be searched: the aggregates with texts, and
// what lies within them.
func (b *builder) declareSearch() {
	var values []enumValue
	docs := map[string]string{"finding": "A finding of a case.", "post_risk": "A risk of a post 岗位风险点."}
	for _, known := range b.refType.values {
		docs[known.word] = known.doc
	}
	for _, typ := range projections.SearchedTypes() {
		value := v(typ, docs[typ])
		if typ == "misconduct" {
			value = value.as("CASE")
		}
		values = append(values, value)
	}
	b.searchType = b.enum("SearchType", "What can be searched.", values...)
}

func (b *builder) defineSearch() {
	b.define(b.query, rooted("search", "Looks for text in everything you may see and nothing else, in Chinese as in any script. Words stand with spaces between them; "+
		"all must be there, in any order, and each may be the beginning of a longer one. What stands between double quotes is found as it stands. "+
		"Case, accents and full-width forms do not count, other signs only part words. The best answers come first. "+
		"Of more than 1,000 answers those 1,000 are taken, ranked and counted whose objects came into the ledger last: a totalCount of 1,000 says that there may be more.", b.hits,
		paged(
			arg("text", gql.NewNonNull(gql.String), "What to look for, up to 200 bytes: parts of names in either script, ids, or of any text on file."),
			arg("types", gql.NewList(gql.NewNonNull(b.searchType.typ)), "Only objects of these types."),
		),
		func(r *request, in input) (any, error) {
			return listed(in, in.text("text"), func(text string, p projections.Page) (*projections.List[projections.Hit], error) {
				return r.reader.Search(r.ctx, text, in.texts("types"), p)
			})
		}))
	part := b.object("SearchPart", "A piece of a passage.")
	b.define(part,
		word("text", "The text, as it is on file.", func(p *terms.Part) string { return p.Text }),
		flag("found", "It is what was looked for.", func(p *terms.Part) bool { return p.Found }))
	b.define(b.hit,
		choice("type", "What was found.", b.searchType, func(h *projections.Hit) string { return h.Ref.Type }),
		id("id", "Its id.", func(h *projections.Hit) string { return h.Ref.ID }),
		text("title", "What it is called; null where it has no title.", func(h *projections.Hit) string { return h.Title }),
		text("text", "The passage where the words stand, or the title where they stand in its id alone.", func(h *projections.Hit) string {
			out := ""
			for _, p := range h.Passage {
				out += p.Text
			}
			return out
		}),
		listing("passage", "The same passage in pieces, some 120 characters together.", part, func(h *projections.Hit) []terms.Part { return h.Passage }),
		field{name: "object", doc: "What was found.", typ: b.found, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
			return r.foundObject(p.Source.(*projections.Hit).Ref)
		})})
}

// foundObject is the lazy object behind a hit.
func (r *request) foundObject(ref domain.Ref) (any, error) {
	switch ref.Type {
	case "finding":
		return one(r, &r.rooms().findings, ref.ID)
	case "post_risk":
		return one(r, &r.rooms().risks, ref.ID)
	}
	return r.object(ref)
}
