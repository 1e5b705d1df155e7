package enforcement_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
)

func TestWhatIsPublicOfAnActIsCalledBackWithIt(t *testing.T) {
	with := func(p ...domaintest.Past) []domaintest.Past { return append(past(ended...), p...) }
	system, june := domaintest.By(domain.ActorSystem, domain.RoleSystem), on(inspector, "2024-06-03")
	noted := func(d domain.DisclosureID) domaintest.Past {
		return domaintest.Past{Act: system, Event: enforcement.PublicationNoted{Unit: "U1", Disclosure: d}}
	}
	recalled := func(d ...domain.DisclosureID) domaintest.Past {
		return domaintest.Past{Act: june, Event: enforcement.PublicationsRecalled{Unit: "U1", Disclosures: d}}
	}
	note := enforcement.NotePublication{Disclosure: "D1"}
	overturn := enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "no hearing"}
	uphold := enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultUpheld, Ground: "lawful"}
	run(t, []domaintest.Scenario{
		{Name: "an item about it is noted", Given: with(), When: note, As: system, Then: []domain.Event{noted("D1").Event}},
		{Name: "also while it is open", Given: ready, When: note, As: june, Then: []domain.Event{noted("D1").Event}},
		{Name: "once", Given: with(noted("D1")), When: note, As: system, Refused: domain.CodeExists, Field: "disclosure"},
		{Name: "by its id", Given: with(), When: enforcement.NotePublication{Disclosure: "no id"}, As: system, Refused: domain.CodeInvalid, Field: "disclosure"},
		{Name: "where there is such an act", When: note, As: system, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "that is no history", Given: past(domaintest.Past{Act: june, Event: enforcement.Imported{ActKind: enforcement.KindPenalty, Outcome: "fined"}}),
			When: note, As: system, Refused: domain.CodeState},
		{Name: "the overturning calls every item back", Given: with(noted("D1"), noted("D2")), When: overturn, As: june,
			Then: []domain.Event{overturned.Event, recalled("D1", "D2").Event}},
		{Name: "not one that was called back with a variation", Given: with(noted("D1"), varied, recalled("D1"), noted("D2")), When: overturn, As: june,
			Then: []domain.Event{overturned.Event, recalled("D2").Event}},
		{Name: "what is published after a variation stays", Given: with(varied), When: note, As: system, Then: []domain.Event{noted("D1").Event}},
		{Name: "what is published after the overturning goes at once", Given: with(overturned), When: note, As: system,
			Then: []domain.Event{noted("D1").Event, recalled("D1").Event}},
		{Name: "what was upheld stays public", Given: with(noted("D1")), When: uphold, As: june,
			Then: []domain.Event{enforcement.Reviewed{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Body: enforcement.BodyCourt,
				Outcome: enforcement.ResultUpheld, On: day("2024-06-03"), Ground: "lawful"}}},
	})
}
