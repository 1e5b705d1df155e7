package reward_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/reward"
)

func TestRefusalsOfEveryStep(t *testing.T) {
	given := []domaintest.Past{nominated, verified, publicised}
	domaintest.Run(t, reward.Room, []domaintest.Scenario{
		{
			Name: "a reward is nominated once", Given: given[:1],
			When: reward.Nominate{Officer: "P7", Honour: "commendation", Merit: "diligence"}, As: hr, Sees: on(serving),
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "nothing is verified that was not nominated",
			When: reward.Verify{Opinion: "fine"}, As: second,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nor publicised",
			When: reward.Publicise{Medium: "notice board"}, As: hr,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nor objected to",
			When: reward.Object{Ground: "a colleague's work"}, As: second,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "objections are taken once it is publicised", Given: given[:2],
			When: reward.Object{Ground: "a colleague's work"}, As: second,
			Refused: domain.CodeState,
		},
		{
			Name: "an objection has a ground", Given: given,
			When: reward.Object{}, As: second,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "what was not nominated is not answered for",
			When: reward.AnswerObjection{Answer: "it was not"}, As: hr,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nothing is answered where nobody objected", Given: given,
			When: reward.AnswerObjection{Answer: "it was not"}, As: hr,
			Refused: domain.CodeState,
		},
		{
			Name: "an answer says something", Given: append(given[:3:3], objected),
			When: reward.AnswerObjection{}, As: hr,
			Refused: domain.CodeInvalid, Field: "answer",
		},
		{
			Name: "who verified does not grant", Given: given,
			When: reward.Grant{}, As: domaintest.At(domaintest.By(second.Actor, domain.RoleLeader), domaintest.On("2024-03-12")),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "what was not nominated is not refused",
			When: reward.Refuse{Reason: "no merit"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nor what was granted", Given: append(given[:3:3], granted),
			When: reward.Refuse{Reason: "no merit"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "what was not nominated is not revoked",
			When: reward.Revoke{Reason: "deceit"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a reward is revoked for a reason", Given: append(given[:3:3], granted),
			When: reward.Revoke{}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "an honour of old is filed once", Given: given[:1],
			When: reward.Import{Officer: "P7", Honour: "Officer of the Year"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "the unit of an honour of old is an id",
			When: reward.Import{Unit: "no id", Honour: "Unit of the Year"}, As: importer,
			Refused: domain.CodeInvalid, Field: "unit",
		},
	})
}

var (
	importer = domaintest.By("import", domain.RoleImporter)
	granted  = domaintest.Past{Act: leader, Event: reward.Granted{Officer: "P7", Honour: "commendation"}}
)
