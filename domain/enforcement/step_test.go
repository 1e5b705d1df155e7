package enforcement_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
)

func TestTakingSteps(t *testing.T) {
	lapsed := certified("U1")
	lapsed.Certificate.ValidTo = day("2024-03-10")
	run(t, []domaintest.Scenario{
		{
			Name: "two officers investigate", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2", Note: "scales", Evidence: []domain.Evidence{report}}, As: on(first, "2024-03-05"),
			Then: []domain.Event{enforcement.StepTaken{Step: "investigate", StepKind: norm.StepInvestigate, Officer: "P1", Second: "P2", On: day("2024-03-05"), Note: "scales", Evidence: []domain.Evidence{report}}},
		},
		{
			Name: "a notice announces an amount", Given: past(opened, investigated),
			When: enforcement.TakeStep{Step: "notify", Amount: 60_000}, As: on(first, "2024-03-11"),
			Then: []domain.Event{notified.Event},
		},
		{
			Name: "a skipped step is named", Given: past(opened, investigated),
			When: enforcement.TakeStep{Step: "statement"}, As: on(first, "2024-03-12"),
			Refused: domain.CodeIncomplete, Field: "step", Rule: "norm N1, version 2",
		},
		{
			Name: "nothing is served before the decision", Given: ready,
			When: enforcement.TakeStep{Step: "serve"}, As: on(first, "2024-03-15"),
			Refused: domain.CodeIncomplete, Field: "step",
		},
		{
			Name: "an optional step is not made up for", Given: past(opened, investigated, notified),
			When: enforcement.TakeStep{Step: "preserve", Second: "P2"}, As: on(first, "2024-03-12"),
			Refused: domain.CodeState, Field: "step",
		},
		{
			Name: "no step is taken twice", Given: past(opened, investigated),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2"}, As: on(first, "2024-03-06"),
			Refused: domain.CodeExists, Field: "step",
		},
		{
			Name: "the procedure has no other steps", Given: past(opened),
			When: enforcement.TakeStep{Step: "dance"}, As: first,
			Refused: domain.CodeInvalid, Field: "step", Rule: "norm N1, version 2",
		},
		{
			Name: "the decision is no step to tick off", Given: ready,
			When: enforcement.TakeStep{Step: "decide"}, As: on(leader, "2024-03-20"),
			Refused: domain.CodeInvalid, Field: "step",
		},
		{
			Name: "only a notice announces an amount", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2", Amount: 5}, As: first,
			Refused: domain.CodeInvalid, Field: "amount",
		},
		{
			Name: "nobody investigates a penalty alone", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate"}, As: first,
			Refused: domain.CodeRule, Field: "second", Rule: "行政处罚法 art. 42",
		},
		{
			Name: "where the procedure asks for two, two are needed", Given: past(permit),
			When: enforcement.TakeStep{Step: "check"}, As: first,
			Refused: domain.CodeRule, Field: "second",
		},
		{
			Name: "the same person twice is one", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Second: "P1"}, As: first,
			Refused: domain.CodeInvalid, Field: "second",
		},
		{
			Name: "the second may record it", Given: past(permit),
			When: enforcement.TakeStep{Step: "check", Officer: "P1", Second: "P2"}, As: other,
			Then: []domain.Event{checked.Event},
		},
		{
			Name: "nobody records a step of others", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Officer: "P1", Second: "P2"}, As: leader,
			Refused: domain.CodeForbidden, Field: "officer",
		},
		{
			Name: "who is not on the case does not investigate", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Second: "P3"}, As: first,
			Refused: domain.CodeForbidden, Field: "second",
		},
		{
			Name: "a certificate that ran out during the case stops the officer", Given: past(opened, investigated),
			When: enforcement.TakeStep{Step: "notify"}, As: on(first, "2024-03-11"), Sees: p1(lapsed),
			Refused: domain.CodeRule, Field: "officer", Rule: "art. 42",
		},
		{
			Name: "an interest declared during the case does too", Given: past(opened, investigated),
			When: enforcement.TakeStep{Step: "notify"}, As: on(first, "2024-03-11"), Sees: p1(certified("U1", officer.Interest{Nature: "loan", With: party})),
			Refused: domain.CodeConflict, Field: "officer", Rule: "行政处罚法",
		},
		{
			Name: "who investigated does not review", Given: past(opened, investigated, notified, heard),
			When: enforcement.TakeStep{Step: "review"}, As: on(first, "2024-03-13"),
			Refused: domain.CodeConflict, Field: "officer", Rule: "norm N1, version 2",
		},
		{
			Name: "another person does, without a certificate", Given: past(opened, investigated, notified, heard),
			When: enforcement.TakeStep{Step: "review"}, As: on(lawyer, "2024-03-13"),
			Then: []domain.Event{reviewed.Event},
		},
		{
			Name: "a step is not dated back before the one it follows", Given: past(opened, investigated),
			When: enforcement.TakeStep{Step: "notify", On: day("2024-03-04")}, As: on(first, "2024-03-11"),
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "nor before the opening", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2", On: day("2024-03-03")}, As: first,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "nor into the future", Given: past(opened),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2", On: day("2024-03-05")}, As: first,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "service within seven working days is in time", Given: final,
			When: enforcement.TakeStep{Step: "serve"}, As: on(first, "2024-03-29"),
			Then: []domain.Event{enforcement.StepTaken{Step: "serve", StepKind: norm.StepServe, Officer: "P1", On: day("2024-03-29")}},
		},
		{
			Name: "later service shows its delay", Given: final,
			When: enforcement.TakeStep{Step: "serve"}, As: on(first, "2024-04-01"),
			Then: []domain.Event{enforcement.StepTaken{Step: "serve", StepKind: norm.StepServe, Officer: "P1", On: day("2024-04-01"), DaysLate: 3}},
		},
		{
			Name: "so does publication", Given: ended,
			When: enforcement.TakeStep{Step: "publish"}, As: on(third, "2024-04-02"),
			Then: []domain.Event{enforcement.StepTaken{Step: "publish", StepKind: norm.StepPublish, Officer: "P3", On: day("2024-04-02"), DaysLate: 4}},
		},
		{
			Name: "after the decision nothing before it is taken", Given: past(opened, terminated),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2"}, As: on(first, "2024-03-21"),
			Refused: domain.CodeState, Field: "step",
		},
	})
}

func TestHearings(t *testing.T) {
	run(t, []domaintest.Scenario{
		{
			Name: "the party asks on the fifth working day", Given: past(opened, investigated, notified),
			When: enforcement.AskHearing{}, As: on(first, "2024-03-18"),
			Then: []domain.Event{asked.Event},
		},
		{
			Name: "the sixth is too late", Given: past(opened, investigated, notified),
			When: enforcement.AskHearing{}, As: on(first, "2024-03-19"),
			Refused: domain.CodeTooLate, Field: "on", Rule: "行政处罚法 art. 64",
		},
		{
			Name: "it may be filed later than it was asked", Given: past(opened, investigated, notified),
			When: enforcement.AskHearing{On: day("2024-03-18")}, As: on(leader, "2024-03-21"),
			Then: []domain.Event{asked.Event},
		},
		{
			Name: "nobody asks before the notice", Given: past(opened, investigated),
			When: enforcement.AskHearing{}, As: first,
			Refused: domain.CodeIncomplete, Rule: "art. 64",
		},
		{
			Name: "a day before the notice is a slip", Given: past(opened, investigated, notified),
			When: enforcement.AskHearing{On: day("2024-03-08")}, As: on(first, "2024-03-18"),
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "it is asked for once", Given: past(opened, investigated, notified, asked),
			When: enforcement.AskHearing{}, As: on(first, "2024-03-18"),
			Refused: domain.CodeExists,
		},
		{
			Name: "a permit knows no hearing", Given: past(permit),
			When: enforcement.AskHearing{}, As: first,
			Refused: domain.CodeRule, Rule: "norm N2, version 1",
		},
		{
			Name: "what was held is not asked for", Given: past(opened, investigated, notified, scheduled, hearing),
			When: enforcement.AskHearing{On: day("2024-03-18")}, As: on(first, "2024-03-28"),
			Refused: domain.CodeState,
		},
		{
			Name: "the party is told seven working days ahead", Given: past(opened, investigated, notified, asked),
			When: enforcement.ScheduleHearing{HeldOn: day("2024-03-27")}, As: on(first, "2024-03-18"),
			Then: []domain.Event{scheduled.Event},
		},
		{
			Name: "six are too few", Given: past(opened, investigated, notified, asked),
			When: enforcement.ScheduleHearing{HeldOn: day("2024-03-26")}, As: on(first, "2024-03-18"),
			Refused: domain.CodeTooEarly, Field: "heldOn", Rule: "art. 64",
		},
		{
			Name: "a hearing is set after the notice", Given: past(opened, investigated),
			When: enforcement.ScheduleHearing{HeldOn: day("2024-03-27")}, As: first,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "somebody else holds it", Given: past(opened, investigated, notified, heard, asked, scheduled),
			When: enforcement.TakeStep{Step: "hearing"}, As: on(chair, "2024-03-27"),
			Then: []domain.Event{hearing.Event},
		},
		{
			Name: "no investigator chairs it", Given: past(opened, investigated, notified, heard, asked, scheduled),
			When: enforcement.TakeStep{Step: "hearing"}, As: on(other, "2024-03-27"),
			Refused: domain.CodeConflict, Field: "officer", Rule: "行政处罚法 art. 64",
		},
		{
			Name: "nor does one who was on the case before",
			Given: past(opened, domaintest.Past{Act: leader, Event: enforcement.OfficersReplaced{Officers: []domain.OfficerID{"P2", "P3"}, Reason: "ill"}},
				taken(other, "investigate", norm.StepInvestigate, "P2", "P3", "2024-03-05"), notified, asked, scheduled),
			When: enforcement.TakeStep{Step: "hearing"}, As: on(first, "2024-03-27"),
			Refused: domain.CodeConflict, Field: "officer", Rule: "行政处罚法 art. 64",
		},
		{
			Name: "not before the day that was set", Given: past(opened, investigated, notified, asked, scheduled),
			When: enforcement.TakeStep{Step: "hearing"}, As: on(chair, "2024-03-26"),
			Refused: domain.CodeTooEarly, Field: "on", Rule: "art. 64",
		},
		{
			Name: "nor without one", Given: past(opened, investigated, notified, asked),
			When: enforcement.TakeStep{Step: "hearing"}, As: on(chair, "2024-03-27"),
			Refused: domain.CodeIncomplete, Field: "step", Rule: "art. 64",
		},
		{
			Name: "a hearing asked for is not left out", Given: past(opened, investigated, notified, heard, asked),
			When: enforcement.TakeStep{Step: "review"}, As: on(lawyer, "2024-03-20"),
			Refused: domain.CodeIncomplete, Field: "step",
		},
		{
			Name: "and is held though the review came first", Given: append(past(ready...), asked, scheduled),
			When: enforcement.TakeStep{Step: "hearing"}, As: on(chair, "2024-03-27"),
			Then: []domain.Event{hearing.Event},
		},
	})
}

func TestOverrides(t *testing.T) {
	biased := map[domain.Reference]any{domain.OfficerID("leader-guo"): certified("U2", officer.Interest{Nature: "spouse", With: party})}
	run(t, []domaintest.Scenario{
		{
			Name: "an officer asks to leave a step out", Given: past(opened, investigated, notified),
			When: enforcement.AskOverride{Step: "statement", Reason: "the party left"}, As: first,
			Then: []domain.Event{wanted.Event},
		},
		{
			Name: "asking changes nothing", Given: past(opened, investigated, notified, wanted),
			When: enforcement.TakeStep{Step: "review"}, As: on(lawyer, "2024-03-13"),
			Refused: domain.CodeIncomplete, Field: "step",
		},
		{
			Name: "a second person grants it", Given: past(opened, investigated, notified, wanted),
			When: enforcement.OverrideStep{Step: "statement"}, As: deputy,
			Then: []domain.Event{granted.Event},
		},
		{
			Name: "then the next step may be taken", Given: past(opened, investigated, notified, wanted, granted),
			When: enforcement.TakeStep{Step: "review"}, As: on(lawyer, "2024-03-13"),
			Then: []domain.Event{reviewed.Event},
		},
		{
			Name: "and the step itself made up for", Given: past(opened, investigated, notified, wanted, granted, reviewed),
			When: enforcement.TakeStep{Step: "statement"}, As: on(first, "2024-03-14"),
			Then: []domain.Event{enforcement.StepTaken{Step: "statement", StepKind: norm.StepStatement, Officer: "P1", On: day("2024-03-14"), MadeUp: true}},
		},
		{
			Name: "who asked does not grant", Given: past(opened, investigated, notified, domaintest.Past{Act: deputy, Event: wanted.Event}),
			When: enforcement.OverrideStep{Step: "statement"}, As: deputy,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does who is on the case", Given: past(opened, investigated, notified, wanted),
			When: enforcement.OverrideStep{Step: "statement"}, As: domaintest.By("P2", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does who has an interest", Given: past(opened, investigated, notified, wanted),
			When: enforcement.OverrideStep{Step: "statement"}, As: deputy, Sees: biased,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nothing is granted that nobody asked for", Given: past(opened, investigated, notified, wanted),
			When: enforcement.OverrideStep{Step: "notify"}, As: deputy,
			Refused: domain.CodeIncomplete, Field: "step",
		},
		{
			Name: "nor twice", Given: past(opened, investigated, notified, wanted, granted),
			When: enforcement.OverrideStep{Step: "statement"}, As: deputy,
			Refused: domain.CodeIncomplete, Field: "step",
		},
		{
			Name: "nor after the step was taken", Given: past(opened, investigated, notified, wanted, heard),
			When: enforcement.OverrideStep{Step: "statement"}, As: deputy,
			Refused: domain.CodeState, Field: "step",
		},
		{
			Name: "what was granted is not asked for again", Given: past(opened, investigated, notified, wanted, granted),
			When: enforcement.AskOverride{Step: "statement", Reason: "the party left"}, As: first,
			Refused: domain.CodeState, Field: "step",
		},
		{
			Name: "there must be such a step", Given: past(opened),
			When: enforcement.AskOverride{Step: "dance", Reason: "joy"}, As: first,
			Refused: domain.CodeInvalid, Field: "step",
		},
		{
			Name: "no act goes without its decision", Given: past(opened),
			When: enforcement.AskOverride{Step: "decide", Reason: "clear"}, As: first,
			Refused: domain.CodeRule, Field: "step",
		},
		{
			Name: "an override has a reason", Given: past(opened),
			When: enforcement.AskOverride{Step: "statement"}, As: first,
			Refused: domain.CodeInvalid, Field: "reason",
		},
	})
}
