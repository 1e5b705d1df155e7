package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestScreening(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a complaint is screened with a ground", Given: past(received),
			When: complaint.Screen{Admissible: true, Ground: "our officer"}, As: inspector,
			Then: []domain.Event{complaint.Screened{Admissible: true, Ground: "our officer"}},
		},
		{
			Name: "a screening is corrected by another", Given: past(received, inadmissible),
			When: complaint.Screen{Admissible: true, Ground: "the court has closed it"}, As: intake,
			Then: []domain.Event{complaint.Screened{Admissible: true, Ground: "the court has closed it"}},
		},
		{
			Name: "but not once it is accepted", Given: open,
			When: complaint.Screen{Ground: "a court has it"}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "a screening has a ground", Given: past(received),
			When: complaint.Screen{Admissible: true}, As: intake,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "there must be a complaint",
			When: complaint.Screen{Ground: "a court has it"}, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not screen", Given: past(received),
			When: complaint.Screen{Ground: "nonsense"}, As: domaintest.By("P7", domain.RoleInspector),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the public does not screen", Given: past(received),
			When: complaint.Screen{Admissible: true, Ground: "mine"}, As: reporter,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAccepting(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "an admissible complaint is accepted, its conclusion due in sixty days", Given: past(received, admissible),
			When: complaint.Accept{}, As: intake,
			Then: []domain.Event{complaint.Accepted{By: day("2024-05-03")}},
		},
		{
			Name: "acceptance on the fifteenth day is in time", Given: past(received, admissible),
			When: complaint.Accept{}, As: late(intake, "2024-03-19"),
			Then: []domain.Event{complaint.Accepted{By: day("2024-05-18")}},
		},
		{
			Name: "late acceptance is done, and shows", Given: past(received, admissible),
			When: complaint.Accept{}, As: late(intake, "2024-03-21"),
			Then: []domain.Event{complaint.Accepted{By: day("2024-05-20"), DaysLate: 2}},
		},
		{
			Name: "after a contest the term for routing runs anew",
			Given: past(received, admissible, movedOut,
				domaintest.Past{Act: late(leader, "2024-03-11"), Event: contested.Event}),
			When: complaint.Accept{}, As: late(intake, "2024-03-26"),
			Then: []domain.Event{complaint.Accepted{By: day("2024-05-25")}},
		},
		{
			Name: "a unit of the agency accepts what was transferred to it", Given: past(received, admissible, movedIn),
			When: complaint.Accept{}, As: leader,
			Then: []domain.Event{complaint.Accepted{By: day("2024-05-03")}},
		},
		{
			Name: "another body accepts in its own books", Given: past(received, admissible, movedOut),
			When: complaint.Accept{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "what is inadmissible is not accepted", Given: past(received, inadmissible),
			When: complaint.Accept{}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "what is not screened is not accepted", Given: past(received),
			When: complaint.Accept{}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: complaint.Accept{}, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not accept", Given: past(received, admissible),
			When: complaint.Accept{}, As: domaintest.By("P7", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a handler does not accept", Given: past(received, admissible),
			When: complaint.Accept{}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDeclining(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "an inadmissible complaint is declined with a ground", Given: past(received, inadmissible),
			When: complaint.Decline{Ground: "a court has it"}, As: intake,
			Then: []domain.Event{complaint.Declined{Ground: "a court has it"}},
		},
		{
			Name: "declining late shows", Given: past(received, inadmissible),
			When: complaint.Decline{Ground: "a court has it"}, As: late(intake, "2024-03-20"),
			Then: []domain.Event{complaint.Declined{Ground: "a court has it", DaysLate: 1}},
		},
		{
			Name: "an admissible complaint is not declined", Given: past(received, admissible),
			When: complaint.Decline{Ground: "busy"}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "an accepted complaint is not declined", Given: open,
			When: complaint.Decline{Ground: "busy"}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "a refusal has a ground", Given: past(received, inadmissible),
			When: complaint.Decline{}, As: intake,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "there must be a complaint",
			When: complaint.Decline{Ground: "a court has it"}, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not decline", Given: past(received, inadmissible),
			When: complaint.Decline{Ground: "nonsense"}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an inspector does not decline", Given: past(received, inadmissible),
			When: complaint.Decline{Ground: "a court has it"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestTransferring(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a complaint goes to the competent unit", Given: past(received, admissible),
			When: complaint.Transfer{To: "the port office", ToUnit: "U9", Ground: "their officer"}, As: intake,
			Then: []domain.Event{complaint.Transferred{To: "the port office", ToUnit: "U9", Ground: "their officer"}},
		},
		{
			Name: "a late transfer is done, and shows", Given: past(received, inadmissible),
			When: complaint.Transfer{To: "market supervision", Ground: "their officer"}, As: late(intake, "2024-04-19"),
			Then: []domain.Event{complaint.Transferred{To: "market supervision", Ground: "their officer", DaysLate: 31}},
		},
		{
			Name: "a transfer names the body", Given: past(received, admissible),
			When: complaint.Transfer{ToUnit: "U9", Ground: "their officer"}, As: intake,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "a transfer has a ground", Given: past(received, admissible),
			When: complaint.Transfer{To: "market supervision"}, As: intake,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "what is declined is not transferred", Given: past(received, inadmissible, declined),
			When: complaint.Transfer{To: "market supervision", Ground: "their officer"}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: complaint.Transfer{To: "market supervision", Ground: "their officer"}, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not transfer", Given: past(received, admissible),
			When: complaint.Transfer{To: "market supervision", Ground: "far away"}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a handler does not transfer", Given: past(received, admissible),
			When: complaint.Transfer{To: "market supervision", Ground: "their officer"}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestContestingATransfer(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a transfer is contested on the fifth working day", Given: past(received, admissible, movedOut),
			When: complaint.ContestTransfer{Ground: "not ours"}, As: late(intake, "2024-03-11"),
			Then: []domain.Event{complaint.TransferContested{Ground: "not ours"}},
		},
		{
			Name: "but not on the sixth", Given: past(received, admissible, movedOut),
			When: complaint.ContestTransfer{Ground: "not ours"}, As: late(intake, "2024-03-12"),
			Refused: domain.CodeTooLate, Rule: "信访工作条例",
		},
		{
			Name: "nor by saying on the sixth that it was the fifth", Given: past(received, admissible, movedOut),
			When: complaint.ContestTransfer{Ground: "not ours"}, As: saidBefore(intake, "2024-03-12", "2024-03-11"),
			Refused: domain.CodeTooLate, Rule: "信访工作条例",
		},
		{
			Name: "a contest has a ground", Given: past(received, admissible, movedIn),
			When: complaint.ContestTransfer{}, As: leader,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "only a transfer is contested", Given: past(received, admissible),
			When: complaint.ContestTransfer{Ground: "not ours"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: complaint.ContestTransfer{Ground: "not ours"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not contest", Given: past(received, admissible, movedIn),
			When: complaint.ContestTransfer{Ground: "not ours"}, As: domaintest.By("P7", domain.RoleHandler),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an inspector does not contest", Given: past(received, admissible, movedIn),
			When: complaint.ContestTransfer{Ground: "not ours"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
