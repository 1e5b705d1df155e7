package complaint_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestReceiving(t *testing.T) {
	sheet := domain.Evidence{Digest: "sha256:" + strings.Repeat("a", 64), MediaType: "application/pdf", Size: 9}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a complaint is received with channel, category and summary",
			When: complaint.Receive{Channel: complaint.ChannelMedia, Category: "delay", Summary: "goods held", Place: "gate 2", Unit: "U3", Post: "inspection-1",
				Officers: []domain.OfficerID{"P7", "P8"}, RealName: true, Evidence: []domain.Evidence{sheet}}, As: intake,
			Then: []domain.Event{complaint.Received{Channel: complaint.ChannelMedia, Category: "delay", Summary: "goods held", Place: "gate 2", Unit: "U3", Post: "inspection-1",
				Officers: []domain.OfficerID{"P7", "P8"}, RealName: true, Evidence: []domain.Evidence{sheet}}},
		},
		{
			Name: "the public may complain of nobody known by name",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held"}, As: reporter,
			Then: []domain.Event{complaint.Received{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held"}},
		},
		{
			Name: "a complaint is received once", Given: past(received),
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held"}, As: intake,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "an unknown channel is refused",
			When: complaint.Receive{Channel: "pigeon", Category: "delay", Summary: "goods held"}, As: intake,
			Refused: domain.CodeInvalid, Field: "channel",
		},
		{
			Name: "a complaint without a category is refused",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Summary: "goods held"}, As: intake,
			Refused: domain.CodeInvalid, Field: "category",
		},
		{
			Name: "a complaint without a summary is refused",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay"}, As: intake,
			Refused: domain.CodeInvalid, Field: "summary",
		},
		{
			Name: "an officer is named once",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held", Officers: []domain.OfficerID{"P7", "P7"}}, As: intake,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "a unit's id is well formed",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held", Unit: "no spaces"}, As: intake,
			Refused: domain.CodeInvalid, Field: "unit",
		},
		{
			Name: "evidence carries a digest",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held", Evidence: []domain.Evidence{{}}}, As: intake,
			Refused: domain.CodeInvalid, Field: "evidence",
		},
		{
			Name: "a handler does not receive",
			When: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held"}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAcknowledging(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "receipt is acknowledged", Given: past(received),
			When: complaint.Acknowledge{}, As: intake,
			Then: []domain.Event{complaint.Acknowledged{}},
		},
		{
			Name: "and not twice", Given: past(received, acknowledged),
			When: complaint.Acknowledge{}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "a real-name reporter is told of the acceptance as well", Given: past(named, acknowledged, admissible, accepted),
			When: complaint.Acknowledge{}, As: late(intake, "2024-03-25"),
			Then: []domain.Event{complaint.Acknowledged{}},
		},
		{
			Name: "telling a real-name reporter late shows", Given: past(named, acknowledged, admissible, accepted),
			When: complaint.Acknowledge{}, As: late(intake, "2024-03-27"),
			Then: []domain.Event{complaint.Acknowledged{DaysLate: 2}},
		},
		{
			Name: "an anonymous reporter is told of the receipt alone", Given: past(received, acknowledged, admissible, accepted),
			When: complaint.Acknowledge{}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "a conclusion is answered, not acknowledged", Given: concluded,
			When: complaint.Acknowledge{}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: complaint.Acknowledge{}, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about takes no step", Given: past(received),
			When: complaint.Acknowledge{}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "a leader does not acknowledge", Given: past(received),
			When: complaint.Acknowledge{}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestWithdrawing(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a complaint being handled is withdrawn", Given: handled,
			When: complaint.Withdraw{Reason: "settled"}, As: reporter,
			Then: []domain.Event{complaint.Withdrawn{Reason: "settled"}},
		},
		{
			Name: "what is concluded stays concluded", Given: concluded,
			When: complaint.Withdraw{Reason: "settled"}, As: reporter,
			Refused: domain.CodeState,
		},
		{
			Name: "a withdrawn complaint is over", Given: past(received, withdrawn),
			When: complaint.Withdraw{Reason: "settled"}, As: reporter,
			Refused: domain.CodeState,
		},
		{
			Name: "a withdrawal has a reason", Given: past(received),
			When: complaint.Withdraw{}, As: reporter,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "there must be a complaint",
			When: complaint.Withdraw{Reason: "settled"}, As: reporter,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not withdraw it", Given: past(received),
			When: complaint.Withdraw{Reason: "settled"}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does the handler", Given: handled,
			When: complaint.Withdraw{Reason: "settled"}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestImporting(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a complaint of old is filed in the source's words",
			When: complaint.Import{ReceivedOn: day("2016-01-19"), Category: "DEPARTMENTAL VIOLATIONS", Summary: "an incident", Place: "1700"}, As: importer,
			Then: []domain.Event{complaint.Imported{ReceivedOn: day("2016-01-19"), Category: "DEPARTMENTAL VIOLATIONS", Summary: "an incident", Place: "1700"}},
		},
		{
			Name: "it is filed once", Given: past(imported),
			When: complaint.Import{ReceivedOn: day("2016-01-19"), Category: "conduct", Summary: "of old"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "it has a day",
			When: complaint.Import{Category: "conduct", Summary: "of old"}, As: importer,
			Refused: domain.CodeInvalid, Field: "receivedOn",
		},
		{
			Name: "the day is not to come",
			When: complaint.Import{ReceivedOn: day("2024-03-05"), Category: "conduct", Summary: "of old"}, As: importer,
			Refused: domain.CodeInvalid, Field: "receivedOn",
		},
		{
			Name: "it has a category",
			When: complaint.Import{ReceivedOn: day("2016-01-19"), Summary: "of old"}, As: importer,
			Refused: domain.CodeInvalid, Field: "category",
		},
		{
			Name: "the officers' ids are well formed",
			When: complaint.Import{ReceivedOn: day("2016-01-19"), Category: "conduct", Summary: "of old", Officers: []domain.OfficerID{"#VALUE!"}}, As: importer,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "history stays history", Given: past(imported),
			When: complaint.Screen{Admissible: true, Ground: "again"}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "intake does not import",
			When: complaint.Import{ReceivedOn: day("2016-01-19"), Category: "conduct", Summary: "of old"}, As: intake,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
