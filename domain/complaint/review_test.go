package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestAskingForAReview(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a review is asked for on the thirtieth day after the answer", Given: told,
			When: complaint.AskReview{Ground: "there was a witness"}, As: late(reporter, "2024-04-03"),
			Then: []domain.Event{complaint.ReviewAsked{Ground: "there was a witness"}},
		},
		{
			Name: "and not on the next", Given: told,
			When: complaint.AskReview{Ground: "there was a witness"}, As: late(reporter, "2024-04-04"),
			Refused: domain.CodeTooLate, Rule: "信访工作条例 art. 35",
		},
		{
			Name: "nor by saying that it was the day before", Given: told,
			When: complaint.AskReview{Ground: "there was a witness"}, As: saidBefore(reporter, "2024-04-04", "2024-04-03"),
			Refused: domain.CodeTooLate, Rule: "信访工作条例 art. 35",
		},
		{
			Name: "what intake files counts from the day it was handed in", Given: told,
			When: complaint.AskReview{Ground: "there was a witness"}, As: saidBefore(intake, "2024-04-04", "2024-04-03"),
			Then: []domain.Event{complaint.ReviewAsked{Ground: "there was a witness"}},
		},
		{
			Name: "without an answer there is no review", Given: concluded,
			When: complaint.AskReview{Ground: "slow"}, As: reporter,
			Refused: domain.CodeState,
		},
		{
			Name: "a request has a ground", Given: told,
			When: complaint.AskReview{}, As: reporter,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "there must be a complaint",
			When: complaint.AskReview{Ground: "slow"}, As: reporter,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not ask", Given: told,
			When: complaint.AskReview{Ground: "too hard"}, As: domaintest.By("P7", domain.RolePublic),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does the handler", Given: told,
			When: complaint.AskReview{Ground: "too hard"}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDecidingAReview(t *testing.T) {
	uphold := complaint.DecideReview{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}
	substantiated := past(received, admissible, accepted, assigned,
		domaintest.Past{Act: handler, Event: complaint.Concluded{Result: complaint.ResultSubstantiated, Conduct: "shouted", Officers: []domain.OfficerID{"P8"}, Opinion: "recorded"}},
		answered, reviewAsked)
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "another person upholds", Given: underReview,
			When: uphold, As: leader,
			Then: []domain.Event{complaint.ReviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}},
		},
		{
			Name: "a late decision is recorded, and shows", Given: underReview,
			When: uphold, As: late(inspector, "2024-04-05"),
			Then: []domain.Event{complaint.ReviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded", DaysLate: 2}},
		},
		{
			Name: "overturning opens the complaint again", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeOverturned, Opinion: "a witness was not heard"}, As: leader,
			Then: []domain.Event{
				complaint.ReviewDecided{Outcome: complaint.OutcomeOverturned, Opinion: "a witness was not heard"},
				complaint.Reopened{By: day("2024-05-03")},
			},
		},
		{
			Name: "a variation says what stands now", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultUnfounded, Opinion: "disproved"}, As: leader,
			Then: []domain.Event{complaint.ReviewDecided{Outcome: complaint.OutcomeVaried, Result: complaint.ResultUnfounded, Opinion: "disproved"}},
		},
		{
			Name: "a variation without a result is refused", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeVaried, Opinion: "disproved"}, As: leader,
			Refused: domain.CodeInvalid, Field: "result",
		},
		{
			Name: "a variation to what stands already is refused", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultNotSubstantiated, Opinion: "the same"}, As: leader,
			Refused: domain.CodeInvalid, Field: "result",
		},
		{
			Name: "a result goes with a variation alone", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeUpheld, Result: complaint.ResultUnfounded, Opinion: "disproved"}, As: leader,
			Refused: domain.CodeInvalid, Field: "result",
		},
		{
			Name: "no review bears out what no conclusion did", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultPartly, Opinion: "a witness was heard"}, As: leader,
			Refused: domain.CodeRule, Field: "result",
		},
		{
			Name: "what was substantiated may become partly so", Given: substantiated,
			When: complaint.DecideReview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultPartly, Opinion: "not shouted, but rude"}, As: leader,
			Then: []domain.Event{complaint.ReviewDecided{Outcome: complaint.OutcomeVaried, Result: complaint.ResultPartly, Opinion: "not shouted, but rude"}},
		},
		{
			Name: "the handler does not review", Given: underReview,
			When: uphold, As: domaintest.By("handler-qian", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor", Rule: "信访工作条例 art. 35",
		},
		{
			Name: "an officer found responsible does not review", Given: substantiated,
			When: uphold, As: domaintest.By("P8", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an unknown outcome is refused", Given: underReview,
			When: complaint.DecideReview{Outcome: "fine", Opinion: "well founded"}, As: leader,
			Refused: domain.CodeInvalid, Field: "outcome",
		},
		{
			Name: "a decision carries an opinion", Given: underReview,
			When: complaint.DecideReview{Outcome: complaint.OutcomeUpheld}, As: leader,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "nobody reviews unasked", Given: told,
			When: uphold, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: uphold, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "intake does not review", Given: underReview,
			When: uphold, As: intake,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAskingForARereview(t *testing.T) {
	reviewed := append(past(underReview...), upheld)
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a re-review is asked for on the thirtieth day", Given: reviewed,
			When: complaint.AskRereview{Ground: "still"}, As: late(reporter, "2024-04-03"),
			Then: []domain.Event{complaint.RereviewAsked{Ground: "still"}},
		},
		{
			Name: "and not on the next", Given: reviewed,
			When: complaint.AskRereview{Ground: "still"}, As: late(reporter, "2024-04-04"),
			Refused: domain.CodeTooLate, Rule: "信访工作条例 art. 36",
		},
		{
			Name: "it needs a decided review", Given: underReview,
			When: complaint.AskRereview{Ground: "still"}, As: reporter,
			Refused: domain.CodeState,
		},
		{
			Name: "a request has a ground", Given: reviewed,
			When: complaint.AskRereview{}, As: reporter,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "there must be a complaint",
			When: complaint.AskRereview{Ground: "still"}, As: reporter,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not ask", Given: reviewed,
			When: complaint.AskRereview{Ground: "still"}, As: domaintest.By("P7", domain.RolePublic),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a leader does not ask", Given: reviewed,
			When: complaint.AskRereview{Ground: "still"}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDecidingARereview(t *testing.T) {
	uphold := complaint.DecideRereview{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a third person upholds, for good", Given: underRereview,
			When: uphold, As: second,
			Then: []domain.Event{complaint.RereviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}},
		},
		{
			Name: "a late decision is recorded, and shows", Given: underRereview,
			When: uphold, As: late(second, "2024-04-04"),
			Then: []domain.Event{complaint.RereviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded", DaysLate: 1}},
		},
		{
			Name: "overturning opens the complaint again", Given: underRereview,
			When: complaint.DecideRereview{Outcome: complaint.OutcomeOverturned, Opinion: "a witness was not heard"}, As: second,
			Then: []domain.Event{
				complaint.RereviewDecided{Outcome: complaint.OutcomeOverturned, Opinion: "a witness was not heard"},
				complaint.Reopened{By: day("2024-05-03")},
			},
		},
		{
			Name: "a variation says what stands now", Given: underRereview,
			When: complaint.DecideRereview{Outcome: complaint.OutcomeVaried, Opinion: "disproved"}, As: second,
			Refused: domain.CodeInvalid, Field: "result",
		},
		{
			Name: "the reviewer does not re-review", Given: underRereview,
			When: uphold, As: leader,
			Refused: domain.CodeConflict, Field: "actor", Rule: "信访工作条例 art. 36",
		},
		{
			Name: "the handler does not re-review", Given: underRereview,
			When: uphold, As: domaintest.By("handler-qian", domain.RoleInspector),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "who is complained about does not re-review", Given: underRereview,
			When: uphold, As: domaintest.By("P7", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nobody re-reviews unasked", Given: append(past(underReview...), upheld),
			When: uphold, As: second,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: uphold, As: second,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "intake does not re-review", Given: underRereview,
			When: uphold, As: intake,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
