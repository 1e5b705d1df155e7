package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestConcluding(t *testing.T) {
	unfounded := complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "the recording is clear"}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "the handler finds it substantiated against an officer of the unit complained about", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "shouted", Officers: []domain.OfficerID{"P7"}, Opinion: "on the recording"}, As: handler,
			Then: []domain.Event{complaint.Concluded{Result: complaint.ResultSubstantiated, Conduct: "shouted", Unit: "U3", Officers: []domain.OfficerID{"P7"}, Opinion: "on the recording"}},
		},
		{
			Name: "a newly named officer is named with a reason", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultPartly, Conduct: "shouted", Unit: "U4", Officers: []domain.OfficerID{"P8"}, NamingReason: "P8 was at the window", Opinion: "on the recording"}, As: handler,
			Then: []domain.Event{complaint.Concluded{Result: complaint.ResultPartly, Conduct: "shouted", Unit: "U4", Officers: []domain.OfficerID{"P8"}, NamingReason: "P8 was at the window", Opinion: "on the recording"}},
		},
		{
			Name: "and not without", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultPartly, Conduct: "shouted", Officers: []domain.OfficerID{"P7", "P8"}, Opinion: "on the recording"}, As: handler,
			Refused: domain.CodeInvalid, Field: "namingReason",
		},
		{
			Name: "the unit answers while no officer is identified", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "shouted", Opinion: "voices on the recording"}, As: handler,
			Then: []domain.Event{complaint.Concluded{Result: complaint.ResultSubstantiated, Conduct: "shouted", Unit: "U3", Opinion: "voices on the recording"}},
		},
		{
			Name: "somebody answers for what is substantiated", Given: past(named, admissible, accepted, assigned),
			When: complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "took a gift", Opinion: "admitted"}, As: handler,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "what is substantiated names the conduct", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultSubstantiated, Officers: []domain.OfficerID{"P7"}, Opinion: "on the recording"}, As: handler,
			Refused: domain.CodeInvalid, Field: "conduct",
		},
		{
			Name: "what is unfounded makes nobody responsible", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultUnfounded, Officers: []domain.OfficerID{"P7"}, Opinion: "on the recording"}, As: handler,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "the last day is in time", Given: handled,
			When: unfounded, As: late(handler, "2024-05-03"),
			Then: []domain.Event{complaint.Concluded{Result: complaint.ResultUnfounded, Unit: "U3", Opinion: "the recording is clear"}},
		},
		{
			Name: "a late conclusion is recorded, and shows", Given: handled,
			When: unfounded, As: late(handler, "2024-05-10"),
			Then: []domain.Event{complaint.Concluded{Result: complaint.ResultUnfounded, Unit: "U3", Opinion: "the recording is clear", DaysLate: 7}},
		},
		{
			Name: "an extension gives more time", Given: append(past(handled...), extended),
			When: unfounded, As: late(handler, "2024-06-03"),
			Then: []domain.Event{complaint.Concluded{Result: complaint.ResultUnfounded, Unit: "U3", Opinion: "the recording is clear", DaysLate: 1}},
		},
		{
			Name: "without a handler there is no conclusion", Given: append(past(handled...), recused),
			When: unfounded, As: handler,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "only the assigned handler concludes", Given: handled,
			When: unfounded, As: other,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "the handler is not the one found responsible", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "shouted", Officers: []domain.OfficerID{"handler-qian"}, NamingReason: "it was me", Opinion: "admitted"}, As: handler,
			Refused: domain.CodeConflict, Field: "officers",
		},
		{
			Name: "who is complained about does not conclude", Given: past(received, admissible, accepted, domaintest.Past{Act: leader, Event: complaint.HandlerAssigned{Handler: "P7"}}),
			When: unfounded, As: domaintest.By("P7", domain.RoleHandler),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an unknown result is refused", Given: handled,
			When: complaint.Conclude{Result: "proved", Opinion: "on the recording"}, As: handler,
			Refused: domain.CodeInvalid, Field: "result",
		},
		{
			Name: "a conclusion carries an opinion", Given: handled,
			When: complaint.Conclude{Result: complaint.ResultUnfounded}, As: handler,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "a complaint is concluded once", Given: concluded,
			When: unfounded, As: handler,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: unfounded, As: handler,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader does not conclude", Given: handled,
			When: unfounded, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAnswering(t *testing.T) {
	namedConcluded := past(named, admissible, accepted, assigned, unproved)
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "the handler answers", Given: concluded,
			When: complaint.Answer{Answer: "it could not be proved"}, As: handler,
			Then: []domain.Event{complaint.Answered{Answer: "it could not be proved"}},
		},
		{
			Name: "a real-name reporter is answered in fifteen working days", Given: namedConcluded,
			When: complaint.Answer{Answer: "it could not be proved"}, As: late(intake, "2024-03-25"),
			Then: []domain.Event{complaint.Answered{Answer: "it could not be proved"}},
		},
		{
			Name: "a later answer to a real name shows", Given: namedConcluded,
			When: complaint.Answer{Answer: "it could not be proved"}, As: late(intake, "2024-03-26"),
			Then: []domain.Event{complaint.Answered{Answer: "it could not be proved", DaysLate: 1}},
		},
		{
			Name: "an answer needs a conclusion", Given: handled,
			When: complaint.Answer{Answer: "soon"}, As: handler,
			Refused: domain.CodeState,
		},
		{
			Name: "another handler does not answer", Given: concluded,
			When: complaint.Answer{Answer: "it could not be proved"}, As: other,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "an answer says something", Given: concluded,
			When: complaint.Answer{}, As: handler,
			Refused: domain.CodeInvalid, Field: "answer",
		},
		{
			Name: "there must be a complaint",
			When: complaint.Answer{Answer: "hello"}, As: handler,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not answer", Given: concluded,
			When: complaint.Answer{Answer: "it was nothing"}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a leader does not answer", Given: concluded,
			When: complaint.Answer{Answer: "it could not be proved"}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRating(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "the reporter rates the handling", Given: told,
			When: complaint.Rate{Grade: complaint.GradeFairlyGood}, As: reporter,
			Then: []domain.Event{complaint.SatisfactionRated{Grade: complaint.GradeFairlyGood}},
		},
		{
			Name: "also under review", Given: underReview,
			When: complaint.Rate{Grade: complaint.GradeNeedsStrengthening}, As: reporter,
			Then: []domain.Event{complaint.SatisfactionRated{Grade: complaint.GradeNeedsStrengthening}},
		},
		{
			Name: "once for an answer", Given: append(past(told...), rated),
			When: complaint.Rate{Grade: complaint.GradeVerySatisfied}, As: reporter,
			Refused: domain.CodeState,
		},
		{
			Name: "not before the answer", Given: concluded,
			When: complaint.Rate{Grade: complaint.GradeVerySatisfied}, As: reporter,
			Refused: domain.CodeState,
		},
		{
			Name: "in one of four grades", Given: told,
			When: complaint.Rate{Grade: "5"}, As: reporter,
			Refused: domain.CodeInvalid, Field: "grade",
		},
		{
			Name: "there must be a complaint",
			When: complaint.Rate{Grade: complaint.GradeAverage}, As: reporter,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not rate", Given: told,
			When: complaint.Rate{Grade: complaint.GradeVerySatisfied}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does the handler", Given: told,
			When: complaint.Rate{Grade: complaint.GradeVerySatisfied}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
