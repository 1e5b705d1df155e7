package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestConfirmingAFinding(t *testing.T) {
	confirm := misconduct.ConfirmFinding{}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a leader confirms exactly what was proposed", Given: judged,
			When: confirm, As: leader,
			Then: []domain.Event{misconduct.FindingConfirmed{Findings: found}},
		},
		{
			Name: "the proposer does not confirm", Given: judged,
			When: confirm, As: domaintest.By("inspector-he", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
		},
		{
			Name: "nor does the other investigator", Given: judged,
			When: confirm, As: domaintest.By("inspector-lin", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor one who investigated before", Given: append(past(sentBack...), replaced, proposed),
			When: confirm, As: domaintest.By("inspector-lin", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor who is under inquiry", Given: judged,
			When: confirm, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "what was rejected is not confirmed", Given: sentBack,
			When: confirm, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: confirm, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector does not confirm", Given: judged,
			When: confirm, As: outsider,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRejectingAFinding(t *testing.T) {
	reject := misconduct.RejectFinding{Reason: "ask the giver"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a leader sends it back", Given: judged,
			When: reject, As: leader,
			Then: []domain.Event{misconduct.FindingRejected{Reason: "ask the giver"}},
		},
		{
			Name: "with a reason", Given: judged,
			When: misconduct.RejectFinding{}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "the proposer does not", Given: judged,
			When: reject, As: domaintest.By("inspector-he", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor who is under inquiry", Given: judged,
			When: reject, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a confirmed finding is not sent back", Given: final,
			When: reject, As: second,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: reject, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector does not reject", Given: judged,
			When: reject, As: outsider,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDismissing(t *testing.T) {
	dismiss := misconduct.Dismiss{Reason: "no gift"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a case that only just opened is dismissed", Given: past(opened),
			When: dismiss, As: leader,
			Then: []domain.Event{misconduct.Dismissed{Officers: []domain.OfficerID{"P7", "P8"}, Reason: "no gift"}},
		},
		{
			Name: "and one whose finding is proposed", Given: judged,
			When: dismiss, As: leader,
			Then: []domain.Event{misconduct.Dismissed{Officers: []domain.OfficerID{"P7", "P8"}, Reason: "no gift"}},
		},
		{
			Name: "but none whose finding is confirmed", Given: final,
			When: dismiss, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "with a reason", Given: underInquiry,
			When: misconduct.Dismiss{}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "an investigator does not", Given: underInquiry,
			When: dismiss, As: domaintest.By("inspector-he", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor who is under inquiry", Given: underInquiry,
			When: dismiss, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "there must be a case",
			When: dismiss, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector does not dismiss", Given: underInquiry,
			When: dismiss, As: outsider,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
