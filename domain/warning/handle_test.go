package warning_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/warning"
)

func TestAcknowledgeEscalateAndReview(t *testing.T) {
	up := warning.Escalate{To: domain.RoleLeader, Reason: "nobody took it up in 5 days"}
	domaintest.Run(t, warning.Room, []domaintest.Scenario{
		{
			Name: "an inspector takes it up", Given: chain(),
			When: warning.Acknowledge{Note: "I look at the files"}, As: inspector,
			Then: []domain.Event{acknowledged.Event},
		},
		{
			Name: "it is taken up once", Given: chain(acknowledged),
			When: warning.Acknowledge{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "not by whom it is about", Given: chain(),
			When: warning.Acknowledge{}, As: selfLeader,
			Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
		},
		{
			Name: "a malformed note is refused", Given: chain(),
			When: warning.Acknowledge{Note: "\xff"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "note",
		},
		{
			Name: "there must be a warning",
			When: warning.Acknowledge{}, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "the system takes nothing up", Given: chain(),
			When: warning.Acknowledge{}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "a clock escalates what nobody took up", Given: chain(),
			When: up, As: system,
			Then: []domain.Event{escalated.Event},
		},
		{
			Name: "and on to the overseer", Given: chain(escalated, acknowledged),
			When: warning.Escalate{To: domain.RoleOverseer, Reason: "it is about our own"}, As: leader,
			Then: []domain.Event{warning.Escalated{Officer: "P7", To: domain.RoleOverseer, Reason: "it is about our own"}},
		},
		{
			Name: "without a role it goes to the next one up", Given: chain(),
			When: warning.Escalate{Reason: "nobody acted on it"}, As: system,
			Then: []domain.Event{warning.Escalated{Officer: "P7", To: domain.RoleLeader, Reason: "nobody acted on it"}},
		},
		{
			Name: "and from the leader to the overseer", Given: chain(escalated, acknowledged),
			When: warning.Escalate{Reason: "nobody acted on it"}, As: system,
			Then: []domain.Event{warning.Escalated{Officer: "P7", To: domain.RoleOverseer, Reason: "nobody acted on it"}},
		},
		{
			Name: "above whom there is nobody", Given: chain(domaintest.Past{Act: system, Event: warning.Escalated{Officer: "P7", To: domain.RoleOverseer, Reason: "nobody acted on it"}}),
			When: warning.Escalate{Reason: "nobody acted on it"}, As: system,
			Refused: domain.CodeState, Field: "to",
		},
		{
			Name: "the reason is said in Chinese too", Given: chain(),
			When: warning.Escalate{To: domain.RoleLeader, Reason: "nobody took it up", ReasonChinese: "无人受理"}, As: system,
			Then: []domain.Event{warning.Escalated{Officer: "P7", To: domain.RoleLeader, Reason: "nobody took it up", ReasonChinese: "无人受理"}},
		},
		{
			Name: "a malformed Chinese reason is refused", Given: chain(),
			When: warning.Escalate{To: domain.RoleLeader, Reason: "r", ReasonChinese: "\xff"}, As: system,
			Refused: domain.CodeInvalid, Field: "reasonChinese",
		},
		{
			Name: "not twice to the same role", Given: chain(escalated),
			When: up, As: system,
			Refused: domain.CodeState, Field: "to",
		},
		{
			Name: "the system hands nothing back down", Given: chain(escalated),
			When: warning.Escalate{To: domain.RoleInspector, Reason: "what was found no longer stands out"}, As: system,
			Refused: domain.CodeState, Field: "to",
		},
		{
			Name: "people may", Given: chain(escalated),
			When: warning.Escalate{To: domain.RoleInspector, Reason: "yours after all"}, As: leader,
			Then: []domain.Event{warning.Escalated{Officer: "P7", To: domain.RoleInspector, Reason: "yours after all"}},
		},
		{
			Name: "not to a role that deals with no warnings", Given: chain(),
			When: warning.Escalate{To: domain.RoleHR, Reason: "staff"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "with a reason", Given: chain(),
			When: warning.Escalate{To: domain.RoleLeader}, As: system,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "not by whom it is about", Given: chain(),
			When: up, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "not after it was settled", Given: chain(acknowledged, reviewed, dismissed),
			When: up, As: system,
			Refused: domain.CodeState,
		},
		{
			Name: "HR does not escalate", Given: chain(),
			When: up, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "what was taken up is reviewed", Given: chain(acknowledged),
			When: warning.Review{Opinion: "19 files without a reason"}, As: inspector,
			Then: []domain.Event{reviewed.Event},
		},
		{
			Name: "and again after a repeat", Given: chain(acknowledged, reviewed, grouped),
			When: warning.Review{Opinion: "19 files without a reason"}, As: inspector,
			Then: []domain.Event{reviewed.Event},
		},
		{
			Name: "not before it was taken up", Given: chain(),
			When: warning.Review{Opinion: "nothing in it"}, As: inspector,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "not by whom it is about", Given: chain(acknowledged),
			When: warning.Review{Opinion: "nothing in it"}, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "with an opinion", Given: chain(acknowledged),
			When: warning.Review{}, As: inspector,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "once", Given: chain(acknowledged, reviewed),
			When: warning.Review{Opinion: "nothing in it"}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "the system does not review", Given: chain(acknowledged),
			When: warning.Review{Opinion: "nothing in it"}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestActOn(t *testing.T) {
	domaintest.Run(t, warning.Room, []domaintest.Scenario{
		{
			Name: "it leads to a case", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1", Conduct: "fines outside the range"}, As: inspector,
			Then: []domain.Event{actedOn.Event},
		},
		{
			Name: "to a complaint, in the words of the warning", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: warning.TargetComplaint, ID: "K1"}, As: inspector,
			Then: []domain.Event{warning.ActedOn{To: warning.TargetComplaint, Complaint: "K1", Unit: "U1", Officer: "P7", Conduct: "19 of 214 penalties lie outside their range"}},
		},
		{
			Name: "in both languages", Given: []domaintest.Past{inChinese, acknowledged, reviewed},
			When: warning.ActOn{To: warning.TargetComplaint, ID: "K1"}, As: inspector,
			Then: []domain.Event{warning.ActedOn{To: warning.TargetComplaint, Complaint: "K1", Unit: "U1", Officer: "P7",
				Conduct: "214件处罚中有19件超出幅度 19 of 214 penalties lie outside their range"}},
		},
		{
			Name: "one about a post leads to an inspection", Given: []domaintest.Past{onPost, acknowledged, reviewed},
			When: warning.ActOn{To: warning.TargetInspection, ID: "I1"}, As: leader,
			Then: []domain.Event{warning.ActedOn{To: warning.TargetInspection, Inspection: "I1", Conduct: "no control was tested"}},
		},
		{
			Name: "and to no case, which is against somebody", Given: []domaintest.Past{onPost, acknowledged, reviewed},
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1"}, As: leader,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "not before the review", Given: chain(acknowledged),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1"}, As: inspector,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "nor before a new one after a repeat", Given: chain(acknowledged, reviewed, grouped),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1"}, As: inspector,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "to nothing else", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: "gossip", ID: "C1"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "the id is required", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: warning.TargetMisconduct}, As: inspector,
			Refused: domain.CodeInvalid, Field: "id",
		},
		{
			Name: "a malformed conduct is refused", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1", Conduct: "\xff"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "conduct",
		},
		{
			Name: "not by whom it is about", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1"}, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "once", Given: chain(acknowledged, reviewed, actedOn),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1"}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "the system opens nothing by itself", Given: chain(acknowledged, reviewed),
			When: warning.ActOn{To: warning.TargetMisconduct, ID: "C1"}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDismissAndOutcome(t *testing.T) {
	right := warning.RecordOutcome{Outcome: warning.OutcomeTrue, Note: "sustained"}
	domaintest.Run(t, warning.Room, []domaintest.Scenario{
		{
			Name: "a reviewed warning is dismissed with a reason", Given: chain(acknowledged, reviewed),
			When: warning.Dismiss{Reason: "the benchmark had changed"}, As: inspector,
			Then: []domain.Event{dismissed.Event},
		},
		{
			Name: "the reason is required", Given: chain(acknowledged, reviewed),
			When: warning.Dismiss{}, As: inspector,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "nobody dismisses a warning about themselves", Given: chain(acknowledged, reviewed),
			When: warning.Dismiss{Reason: "the benchmark had changed"}, As: self,
			Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
		},
		{
			Name: "not before the review", Given: chain(),
			When: warning.Dismiss{Reason: "the benchmark had changed"}, As: inspector,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "not after it was acted on", Given: chain(acknowledged, reviewed, actedOn),
			When: warning.Dismiss{Reason: "the benchmark had changed"}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "the system dismisses nothing", Given: chain(acknowledged, reviewed),
			When: warning.Dismiss{Reason: "old"}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "it comes out that the warning was right", Given: chain(acknowledged, reviewed, actedOn),
			When: right, As: inspector,
			Then: []domain.Event{wasRight.Event},
		},
		{
			Name: "or that its dismissal was wrong", Given: chain(acknowledged, reviewed, dismissed),
			When: right, As: inspector,
			Then: []domain.Event{wasRight.Event},
		},
		{
			Name: "a later outcome replaces the earlier", Given: chain(acknowledged, reviewed, actedOn, wasRight),
			When: warning.RecordOutcome{Outcome: warning.OutcomeFalse}, As: system,
			Then: []domain.Event{warning.OutcomeKnown{Officer: "P7", Outcome: warning.OutcomeFalse}},
		},
		{
			Name: "the same outcome is not recorded twice", Given: chain(acknowledged, reviewed, actedOn, wasRight),
			When: right, As: inspector,
			Refused: domain.CodeState, Field: "outcome",
		},
		{
			Name: "an open warning has no outcome", Given: chain(acknowledged, reviewed),
			When: right, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown outcome is refused", Given: chain(acknowledged, reviewed, actedOn),
			When: warning.RecordOutcome{Outcome: "perhaps"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "outcome",
		},
		{
			Name: "a malformed note is refused", Given: chain(acknowledged, reviewed, actedOn),
			When: warning.RecordOutcome{Outcome: warning.OutcomeTrue, Note: "\xff"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "note",
		},
		{
			Name: "not by whom it is about", Given: chain(acknowledged, reviewed, actedOn),
			When: warning.RecordOutcome{Outcome: warning.OutcomeFalse}, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "HR does not say", Given: chain(acknowledged, reviewed, actedOn),
			When: right, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
