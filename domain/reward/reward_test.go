package reward_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/reward"
)

var (
	hr     = domaintest.By("hr-li", domain.RoleHR)
	second = domaintest.By("hr-wu", domain.RoleHR)
	leader = domaintest.By("leader-chen", domain.RoleLeader)
)

var (
	nominated  = domaintest.Past{Act: hr, Event: reward.Nominated{Officer: "P7", Honour: "commendation", Merit: "10,000 declarations without a complaint"}}
	verified   = domaintest.Past{Act: second, Event: reward.Verified{Opinion: "borne out by the register"}}
	publicised = domaintest.Past{Act: hr, Event: reward.Publicised{Medium: "notice board", ObjectionsEnd: domain.MustDate("2024-03-11")}}
	objected   = domaintest.Past{Act: second, Event: reward.Objected{Ground: "the register was kept by a colleague"}}
)

func TestReward(t *testing.T) {
	domaintest.Run(t, reward.Room, []domaintest.Scenario{
		{
			Name: "a nomination names person, honour and merit",
			When: reward.Nominate{Officer: "P7", Honour: "commendation", Merit: "diligence"}, As: hr, Sees: on(serving),
			Then: []domain.Event{reward.Nominated{Officer: "P7", Honour: "commendation", Merit: "diligence"}},
		},
		{
			Name: "a person or a unit, not both",
			When: reward.Nominate{Officer: "P7", Unit: "U1", Honour: "commendation", Merit: "diligence"}, As: hr,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "an honour the rulebook does not have is refused",
			When: reward.Nominate{Officer: "P7", Honour: "golden_watch", Merit: "diligence"}, As: hr,
			Refused: domain.CodeInvalid, Field: "honour",
		},
		{
			Name: "nobody nominates themselves",
			When: reward.Nominate{Officer: "hr-li", Honour: "commendation", Merit: "diligence"}, As: hr,
			Refused: domain.CodeConflict, Field: "officer",
		},
		{
			Name: "an officer may not nominate",
			When: reward.Nominate{Officer: "P7", Honour: "commendation", Merit: "diligence"}, As: domaintest.By("P1", domain.RoleOfficer),
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "the nominator cannot verify", Given: []domaintest.Past{nominated},
			When: reward.Verify{Opinion: "fine"}, As: hr,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an unverified nomination is not publicised", Given: []domaintest.Past{nominated},
			When: reward.Publicise{Medium: "notice board"}, As: hr,
			Refused: domain.CodeState,
		},
		{
			Name: "publication runs five working days", Given: []domaintest.Past{nominated, verified},
			When: reward.Publicise{Medium: "notice board"}, As: hr,
			Then: []domain.Event{reward.Publicised{Medium: "notice board", ObjectionsEnd: domain.MustDate("2024-03-11")}},
		},
		{
			Name: "an objection after the period is too late", Given: []domaintest.Past{nominated, verified, publicised},
			When: reward.Object{Ground: "late"}, As: domaintest.At(second, domaintest.On("2024-03-12")),
			Refused: domain.CodeTooLate,
		},
		{
			Name: "a grant within the period is too early", Given: []domaintest.Past{nominated, verified, publicised},
			When: reward.Grant{}, As: domaintest.At(leader, domaintest.On("2024-03-11")),
			Refused: domain.CodeTooEarly,
		},
		{
			Name: "a grant with an open objection is incomplete", Given: []domaintest.Past{nominated, verified, publicised, objected},
			When: reward.Grant{}, As: domaintest.At(leader, domaintest.On("2024-03-12")),
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "a grant after the period goes to the nominee", Given: []domaintest.Past{nominated, verified, publicised, objected,
				{Act: hr, Event: reward.ObjectionAnswered{Answer: "the register is signed by the nominee"}}},
			When: reward.Grant{}, As: domaintest.At(leader, domaintest.On("2024-03-12")), Sees: on(serving),
			Then: []domain.Event{reward.Granted{Officer: "P7", Honour: "commendation"}},
		},
		{
			Name: "what was never nominated cannot be granted",
			When: reward.Grant{}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "only a granted reward is revoked", Given: []domaintest.Past{nominated},
			When: reward.Revoke{Reason: "deceit"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "an honour of old is filed by the importer",
			When: reward.Import{Officer: "P7", Honour: "Officer of the Year"}, As: domaintest.By("import", domain.RoleImporter),
			Then: []domain.Event{reward.Imported{Officer: "P7", Honour: "Officer of the Year"}},
		},
	})
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, reward.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, reward.Room) }
