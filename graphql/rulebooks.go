package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

func (b *builder) declareRulebook() {
	b.rulebook = b.object("Rulebook", "A jurisdiction's numbers 规则: which version was adopted, by which file, and when it is in force.")
}

func (b *builder) defineRulebook() {
	type object = projections.Rulebook
	type version = projections.RulebookVersion
	versions := b.object("RulebookVersion", "One form of a rulebook, and how it came to be.")
	b.define(versions,
		word("version", "Its name.", func(x *version) string { return x.Version.Version }),
		text("digest", "The SHA-256 of its file; null where old records do not say.", func(x *version) string { return x.Digest }),
		day("from", "The first day on which it is in force.", func(x *version) domain.Date { return x.From }),
		day("to", "The last day; null until further notice.", func(x *version) domain.Date { return x.To }),
		text("reason", "What changed, of a version that amends another.", func(x *version) string { return x.Reason }),
		day("adoptedOn", "The day on which it was put in force.", func(x *version) domain.Date { return x.AdoptedOn }),
		optionalID("by", "By whom, by sign-in name.", func(x *version) domain.ActorID { return x.By }),
		related("event", "The event that did it; null when you may not see it.", b.event, loadEvent, func(x *version) domain.EventID { return x.Event }),
		flag("imported", importedDoc, func(x *version) bool { return x.Imported }))
	b.define(b.rulebook,
		id("id", "The id, the rulebook's own, as in \"cn-2024\".", func(x *object) domain.RulebookID { return x.ID }),
		day("from", "The first day of its first version.", func(x *object) domain.Date { return x.FirstFrom }),
		day("to", "The last day of its last version; null until further notice.", func(x *object) domain.Date { return x.LastTo }),
		related("supersededBy", "The rulebook that took its place.", b.rulebook, loadRulebook, func(x *object) domain.RulebookID { return x.SupersededBy }),
		flag("imported", "A version of it comes from old records.", func(x *object) bool { return x.Imported }),
		field{name: "inForce", doc: "The version in force on a day; null when there is none.", typ: versions,
			args: []argument{arg("on", scalarDate, "The day; today when absent.")},
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
				on := input(p.Args).day("on")
				if on.IsZero() {
					on = r.reader.Today()
				}
				if v, ok := p.Source.(*object).InForce(on); ok {
					return &v, nil
				}
				return nil, nil
			})},
		listing("versions", "Its versions, in the order of their periods.", versions, func(x *object) []version { return x.Versions }),
		timelineOf(b, func(x *object) domain.Ref { return x.ID.Ref() }))
	register(b, "rulebook", "rulebooks", oneAndMany{"A rulebook 规则.", "The register of rulebooks, by id.",
		"A page of rulebooks, by id.", "Narrows the register of rulebooks."}, b.rulebook,
		[]argument{
			arg("inForceOn", scalarDate, "With a version in force on this day."),
			arg("superseded", gql.Boolean, "Only those in whose place another came, or only the others."),
			arg("imported", gql.Boolean, "Only those with a version from old records, or only the others.")},
		func(r *request, id domain.RulebookID) (*object, error) { return r.reader.Rulebook(r.ctx, id) },
		func(in input) projections.RulebookFilter {
			return projections.RulebookFilter{InForceOn: in.day("inForceOn"), Superseded: in.choice("superseded"), Imported: in.choice("imported")}
		}, (*projections.Reader).Rulebooks)
}
