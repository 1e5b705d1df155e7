package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/sanction"
)

func TestAnnul(t *testing.T) {
	system := domaintest.By(domain.ActorSystem, domain.RoleSystem)
	annul := sanction.Annul{Ground: "another person did it"}
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "a proposal is withdrawn", Given: []domaintest.Past{proposed},
			When: annul, As: system,
			Then: []domain.Event{sanction.Withdrawn{Officer: "P7", Reason: "another person did it"}},
		},
		{
			Name: "an imposed sanction is overturned and gives back what it held", Given: effective(),
			When: annul, As: system,
			Then: []domain.Event{sanction.Overturned{Officer: "P7", Ground: "another person did it", LiftsRestriction: true}},
		},
		{
			Name: "what was overturned already is not annulled again", Given: effective(overturned),
			When: annul, As: system,
			Refused: domain.CodeState,
		},
		{
			Name: "what was never proposed cannot be annulled",
			When: annul, As: system,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a ground is required", Given: effective(),
			When: sanction.Annul{}, As: system,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "no person annuls: a person decides the appeal", Given: effective(),
			When: annul, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
