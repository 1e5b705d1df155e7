package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestLodgingEvidence(t *testing.T) {
	lodge := misconduct.LodgeEvidence{Evidence: []domain.Evidence{sheet}, Note: "the receipt"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "evidence is filed by its digest", Given: underInquiry,
			When: lodge, As: inspector,
			Then: []domain.Event{misconduct.EvidenceLodged{Evidence: []domain.Evidence{sheet}, Note: "the receipt"}},
		},
		{
			Name: "investigators come first", Given: past(opened),
			When: lodge, As: inspector,
			Refused: domain.CodeIncomplete, Rule: "公职人员政务处分法 art. 42",
		},
		{
			Name: "there is some evidence", Given: underInquiry,
			When: misconduct.LodgeEvidence{Note: "nothing"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "evidence",
		},
		{
			Name: "the digest is well formed", Given: underInquiry,
			When: misconduct.LodgeEvidence{Evidence: []domain.Evidence{{Digest: "sha256:1"}}, Note: "the receipt"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "evidence",
		},
		{
			Name: "a note says what it shows", Given: underInquiry,
			When: misconduct.LodgeEvidence{Evidence: []domain.Evidence{sheet}}, As: inspector,
			Refused: domain.CodeInvalid, Field: "note",
		},
		{
			Name: "after the confirmation none is filed", Given: final,
			When: lodge, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: lodge, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry files it", Given: underInquiry,
			When: lodge, As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does hr", Given: underInquiry,
			When: lodge, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestTakingAMeasure(t *testing.T) {
	take := misconduct.TakeMeasure{Officer: "P7", Measure: "off duty", Until: day("2024-03-31")}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a measure is taken while the inquiry runs", Given: past(opened),
			When: take, As: leader,
			Then: []domain.Event{misconduct.MeasureTaken{Officer: "P7", Measure: "off duty", Until: day("2024-03-31")}},
		},
		{
			Name: "it does not end before it begins", Given: past(opened),
			When: misconduct.TakeMeasure{Officer: "P7", Measure: "off duty", Until: day("2024-03-03")}, As: leader,
			Refused: domain.CodeInvalid, Field: "until",
		},
		{
			Name: "it is against somebody under inquiry", Given: past(opened),
			When: misconduct.TakeMeasure{Officer: "P9", Measure: "off duty"}, As: leader,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "it is named", Given: past(opened),
			When: misconduct.TakeMeasure{Officer: "P7"}, As: leader,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "after the confirmation a sanction takes its place", Given: final,
			When: take, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: take, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry takes it", Given: past(opened),
			When: take, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does hr", Given: past(opened),
			When: take, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestGivingNotice(t *testing.T) {
	notice := misconduct.GiveNotice{Officer: "P7", ReplyBy: day("2024-03-11")}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an officer is told, with a day to reply by", Given: underInquiry,
			When: notice, As: inspector,
			Then: []domain.Event{misconduct.NoticeGiven{Officer: "P7", By: day("2024-03-11")}},
		},
		{
			Name: "investigators come first", Given: past(opened),
			When: notice, As: inspector,
			Refused: domain.CodeIncomplete, Rule: "公职人员政务处分法 art. 42",
		},
		{
			Name: "the day to reply by is not past", Given: underInquiry,
			When: misconduct.GiveNotice{Officer: "P7", ReplyBy: day("2024-03-01")}, As: inspector,
			Refused: domain.CodeInvalid, Field: "by",
		},
		{
			Name: "only who is under inquiry gets notice", Given: underInquiry,
			When: misconduct.GiveNotice{Officer: "P9"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "a dismissed case gives none", Given: past(opened, dismissed),
			When: notice, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: notice, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry gives it", Given: underInquiry,
			When: notice, As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does a leader", Given: underInquiry,
			When: notice, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestHearingAStatement(t *testing.T) {
	hear := misconduct.HearStatement{Officer: "P7", Statement: "it was a loan"}
	informed := append(past(underInquiry...), notified)
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a statement is heard after notice", Given: informed,
			When: hear, As: inspector,
			Then: []domain.Event{misconduct.StatementHeard{Officer: "P7", Statement: "it was a loan"}},
		},
		{
			Name: "a waiver is recorded", Given: informed,
			When: misconduct.HearStatement{Officer: "P7", Waived: true}, As: inspector,
			Then: []domain.Event{misconduct.StatementHeard{Officer: "P7", Waived: true}},
		},
		{
			Name: "silence is no waiver", Given: informed,
			When: misconduct.HearStatement{Officer: "P7"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "statement",
		},
		{
			Name: "notice comes first", Given: underInquiry,
			When: hear, As: inspector,
			Refused: domain.CodeIncomplete, Field: "officer", Rule: "公职人员政务处分法 art. 43",
		},
		{
			Name: "further conduct needs a notice of its own", Given: append(past(informed...), heard, further),
			When: hear, As: inspector,
			Refused: domain.CodeIncomplete, Field: "officer",
		},
		{
			Name: "only who is under inquiry is heard", Given: informed,
			When: misconduct.HearStatement{Officer: "P9", Statement: "I saw it"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "investigators come first", Given: past(opened),
			When: hear, As: inspector,
			Refused: domain.CodeIncomplete, Rule: "公职人员政务处分法 art. 42",
		},
		{
			Name: "after the confirmation there is the appeal", Given: final,
			When: hear, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: hear, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry records it", Given: informed,
			When: hear, As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does a leader", Given: informed,
			When: hear, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestReferringToTheProsecutor(t *testing.T) {
	refer := misconduct.ReferToProsecutor{Officer: "P7", Offence: "bribery"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a suspected crime is referred while the inquiry runs", Given: underInquiry,
			When: refer, As: inspector,
			Then: []domain.Event{misconduct.ReferredToProsecutor{Officer: "P7", Offence: "bribery"}},
		},
		{
			Name: "and after its confirmation", Given: final,
			When: refer, As: leader,
			Then: []domain.Event{misconduct.ReferredToProsecutor{Officer: "P7", Offence: "bribery"}},
		},
		{
			Name: "only who is under inquiry is referred", Given: underInquiry,
			When: misconduct.ReferToProsecutor{Officer: "P9", Offence: "bribery"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "the offence is named", Given: underInquiry,
			When: misconduct.ReferToProsecutor{Officer: "P7"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "offence",
		},
		{
			Name: "an inquiry that has not begun refers nobody", Given: past(opened),
			When: refer, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: refer, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry refers", Given: underInquiry,
			When: misconduct.ReferToProsecutor{Officer: "P8", Offence: "bribery"}, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does hr", Given: underInquiry,
			When: refer, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
