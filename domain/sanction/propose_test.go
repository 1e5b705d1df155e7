package sanction_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/sanction"
)

// deeds returns n acts that each draw the measure.
func deeds(n int, m domain.Measure) []sanction.Deed {
	return slices.Repeat([]sanction.Deed{{Measure: m, Conduct: "absent from the window"}}, n)
}

func TestPropose(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "a measure is proposed for the period of the ladder", Sees: inCase(found(domain.MeasureDemerit)),
			When: sanction.Propose{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Conduct: "accepted gifts"}, As: inspector,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, Conduct: "accepted gifts"}},
		},
		{
			Name: "a measure without a period has no months", Sees: onFile,
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureEducation, Conduct: "discourteous"}, As: leader,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Measure: domain.MeasureEducation, Conduct: "discourteous"}},
		},
		{
			Name: "a reaction proposes as the system",
			When: sanction.Propose{Officer: "P7", Case: "C1", Measure: domain.MeasureDismissal, Conduct: "took bribes"}, As: system,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDismissal, Conduct: "took bribes"}},
		},
		{
			Name: "two warnings together take the least period unless more is asked", Sees: inCase(found(domain.MeasureWarning)),
			When: sanction.Propose{Officer: "P7", Case: "C1", Measure: domain.MeasureWarning, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}, As: inspector,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureWarning, Months: 6, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}},
		},
		{
			Name: "two warnings together take up to the sum of their periods", Sees: inCase(found(domain.MeasureWarning)),
			When: sanction.Propose{Officer: "P7", Case: "C1", Measure: domain.MeasureWarning, Months: 12, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}, As: inspector,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureWarning, Months: 12, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}},
		},
		{
			Name: "two warnings together never take more than the sum",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Months: 13, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}, As: inspector,
			Refused: domain.CodeRule, Field: "months", Rule: "art. 15",
		},
		{
			Name: "two warnings together never take less than one period",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Months: 5, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}, As: inspector,
			Refused: domain.CodeRule, Field: "months", Rule: "art. 15",
		},
		{
			Name: "no sum goes past the cap",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureDemotion, Months: 49, Conduct: "forged papers", Acts: deeds(4, domain.MeasureDemotion)}, As: inspector,
			Refused: domain.CodeRule, Field: "months", Rule: "art. 15",
		},
		{
			Name: "one act takes the period of the ladder and no other",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Months: 12, Conduct: "absence"}, As: inspector,
			Refused: domain.CodeRule, Field: "months",
		},
		{
			Name: "several acts draw the heaviest measure, not a lighter one",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "several", Acts: append(deeds(1, domain.MeasureWarning), deeds(1, domain.MeasureDemerit)...)}, As: inspector,
			Refused: domain.CodeRule, Field: "measure", Rule: "art. 15",
		},
		{
			Name: "several acts draw the heaviest measure, not a heavier one",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureRemoval, Conduct: "several", Acts: deeds(3, domain.MeasureWarning)}, As: inspector,
			Refused: domain.CodeRule, Field: "measure", Rule: "art. 15",
		},
		{
			Name: "several acts without a measure draw the heaviest",
			When: sanction.Propose{Officer: "P7", Conduct: "several", Acts: append(deeds(1, domain.MeasureWarning), deeds(1, domain.MeasureDemerit)...)}, As: system,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Measure: domain.MeasureDemerit, Months: 12, Conduct: "several",
				Acts: append(deeds(1, domain.MeasureWarning), deeds(1, domain.MeasureDemerit)...)}},
		},
		{
			Name: "neither a measure nor acts is refused",
			When: sanction.Propose{Officer: "P7", Conduct: "absence"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "a measure that is not on the ladder is refused",
			When: sanction.Propose{Officer: "P7", Measure: "flogging", Conduct: "absence"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "an act with a measure that is not on the ladder is refused",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "absence", Acts: deeds(1, "flogging")}, As: inspector,
			Refused: domain.CodeInvalid, Field: "acts",
		},
		{
			Name: "an act without a conduct is refused",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "absence", Acts: []sanction.Deed{{Measure: domain.MeasureWarning}}}, As: inspector,
			Refused: domain.CodeInvalid, Field: "acts",
		},
		{
			Name: "more acts than one event can hold are refused",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "absences", Acts: deeds(65, domain.MeasureWarning)}, As: inspector,
			Refused: domain.CodeInvalid, Field: "acts",
		},
		{
			Name: "acts with more text than one event can hold are refused",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "absences", Acts: slices.Repeat(
				[]sanction.Deed{{Measure: domain.MeasureWarning, Conduct: strings.Repeat("x", domain.MaxText)}}, 4)}, As: inspector,
			Refused: domain.CodeInvalid, Field: "acts",
		},
		{
			Name: "a conduct is required",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning}, As: inspector,
			Refused: domain.CodeInvalid, Field: "conduct",
		},
		{
			Name: "an officer is required",
			When: sanction.Propose{Measure: domain.MeasureWarning, Conduct: "absence"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "nobody proposes their own sanction",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureEducation, Conduct: "absence"}, As: selfInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a sanction is proposed once", Given: chain(),
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "absence"}, As: inspector,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "HR may not propose",
			When: sanction.Propose{Officer: "P7", Measure: domain.MeasureWarning, Conduct: "absence"}, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestWithdraw(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "a proposal is withdrawn", Given: chain(),
			When: sanction.WithdrawProposal{Reason: "another person"}, As: inspector,
			Then: []domain.Event{sanction.Withdrawn{Officer: "P7", Reason: "another person"}},
		},
		{
			Name: "an approved one too, as long as it is not imposed", Given: chain(notified, heard, approved),
			When: sanction.WithdrawProposal{Reason: "new evidence"}, As: leader,
			Then: []domain.Event{sanction.Withdrawn{Officer: "P7", Reason: "new evidence"}},
		},
		{
			Name: "an imposed one cannot be withdrawn", Given: effective(),
			When: sanction.WithdrawProposal{Reason: "regret"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "a withdrawn one stays withdrawn", Given: chain(withdrawn),
			When: sanction.WithdrawProposal{Reason: "again"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown one cannot be withdrawn",
			When: sanction.WithdrawProposal{Reason: "none"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a reason is required", Given: chain(),
			When: sanction.WithdrawProposal{}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "nobody withdraws their own", Given: chain(),
			When: sanction.WithdrawProposal{Reason: "mine"}, As: selfLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "HR may not withdraw", Given: chain(),
			When: sanction.WithdrawProposal{Reason: "none"}, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestNoticeAndDefence(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "notice sets a last day for the defence", Given: chain(),
			When: sanction.Notify{DefenceBy: domain.MustDate("2024-03-14")}, As: inspector,
			Then: []domain.Event{sanction.Notified{Officer: "P7", DefenceBy: domain.MustDate("2024-03-14")}},
		},
		{
			Name: "notice without a last day is notice", Given: chain(),
			When: sanction.Notify{}, As: hr,
			Then: []domain.Event{sanction.Notified{Officer: "P7"}},
		},
		{
			Name: "a last day that has passed is refused", Given: chain(),
			When: sanction.Notify{DefenceBy: domain.MustDate("2024-03-03")}, As: inspector,
			Refused: domain.CodeInvalid, Field: "defenceBy", Rule: "art. 43",
		},
		{
			Name: "notice is given once", Given: chain(notified),
			When: sanction.Notify{}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "no notice of what was never proposed",
			When: sanction.Notify{}, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody gives notice to themselves", Given: chain(),
			When: sanction.Notify{}, As: selfHR,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a leader does not give notice", Given: chain(),
			When: sanction.Notify{}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "the person makes a statement", Given: chain(notified),
			When: sanction.HearDefence{Statement: "they were returned"}, As: officer,
			Then: []domain.Event{sanction.DefenceHeard{Officer: "P7", Statement: "they were returned"}},
		},
		{
			Name: "a waived defence is recorded for the person", Given: chain(notified),
			When: sanction.HearDefence{Waived: true}, As: inspector,
			Then: []domain.Event{sanction.DefenceHeard{Officer: "P7", Waived: true}},
		},
		{
			Name: "a statement and a waiver exclude each other", Given: chain(notified),
			When: sanction.HearDefence{Statement: "no", Waived: true}, As: inspector,
			Refused: domain.CodeInvalid, Field: "statement",
		},
		{
			Name: "neither a statement nor a waiver is no defence", Given: chain(notified),
			When: sanction.HearDefence{}, As: inspector,
			Refused: domain.CodeInvalid, Field: "statement",
		},
		{
			Name: "a statement over the size limit is refused", Given: chain(notified),
			When: sanction.HearDefence{Statement: strings.Repeat("x", domain.MaxText+1)}, As: officer,
			Refused: domain.CodeInvalid, Field: "statement",
		},
		{
			Name: "a defence before notice is incomplete", Given: chain(),
			When: sanction.HearDefence{Statement: "what for?"}, As: officer,
			Refused: domain.CodeIncomplete, Rule: "art. 43",
		},
		{
			Name: "a defence is heard once", Given: chain(notified, heard),
			When: sanction.HearDefence{Waived: true}, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "no defence against what was never proposed",
			When: sanction.HearDefence{Waived: true}, As: officer,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "another officer cannot waive it", Given: chain(notified),
			When: sanction.HearDefence{Waived: true}, As: stranger,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "a leader does not hear the defence", Given: chain(notified),
			When: sanction.HearDefence{Waived: true}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestApprove(t *testing.T) {
	byLeader := domaintest.Past{Act: leader, Event: proposed.Event}
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "a leader approves what an inspector proposed", Given: chain(notified, heard),
			When: sanction.Approve{}, As: leader,
			Then: []domain.Event{sanction.Approved{Officer: "P7"}},
		},
		{
			Name: "a leader approves what a reaction proposed", Given: []domaintest.Past{{Act: system, Event: proposed.Event}, notified, heard},
			When: sanction.Approve{}, As: leader,
			Then: []domain.Event{sanction.Approved{Officer: "P7"}},
		},
		{
			Name: "approval before notice is incomplete", Given: chain(),
			When: sanction.Approve{}, As: leader,
			Refused: domain.CodeIncomplete, Rule: "art. 43",
		},
		{
			Name: "approval before the defence is incomplete", Given: chain(notified),
			When: sanction.Approve{}, As: leader,
			Refused: domain.CodeIncomplete, Rule: "art. 43",
		},
		{
			Name: "the proposer cannot approve", Given: []domaintest.Past{byLeader, notified, heard},
			When: sanction.Approve{}, As: leader,
			Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
		},
		{
			Name: "the person concerned cannot approve", Given: chain(notified, heard),
			When: sanction.Approve{}, As: selfLeader,
			Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
		},
		{
			Name: "approval is given once", Given: chain(notified, heard, approved),
			When: sanction.Approve{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "what was never proposed cannot be approved",
			When: sanction.Approve{}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector may not approve", Given: chain(notified, heard),
			When: sanction.Approve{}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
