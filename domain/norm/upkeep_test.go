package norm_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/norm"
)

func TestReviewing(t *testing.T) {
	keep := norm.Review{Outcome: norm.OutcomeKeep, Opinion: "serves"}
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "the next review is due in the rulebook's term", Given: past(drafted, adopted),
			When: keep, As: on(inspector, "2025-03-04"),
			Then: []domain.Event{norm.Reviewed{Outcome: norm.OutcomeKeep, Opinion: "serves", NextBy: day("2027-03-04")}},
		},
		{
			Name: "a late review is recorded, and shows", Given: past(drafted, adopted),
			When: keep, As: on(inspector, "2026-03-09"),
			Then: []domain.Event{norm.Reviewed{Outcome: norm.OutcomeKeep, Opinion: "serves", NextBy: day("2028-03-09"), DaysLate: 5}},
		},
		{
			Name: "the next may be due earlier", Given: past(drafted, adopted),
			When: norm.Review{Outcome: norm.OutcomeKeep, Opinion: "serves", NextBy: day("2024-09-04")}, As: inspector,
			Then: []domain.Event{norm.Reviewed{Outcome: norm.OutcomeKeep, Opinion: "serves", NextBy: day("2024-09-04")}},
		},
		{
			Name: "not later", Given: past(drafted, adopted),
			When: norm.Review{Outcome: norm.OutcomeKeep, Opinion: "serves", NextBy: day("2026-03-05")}, As: inspector,
			Refused: domain.CodeRule, Field: "nextBy", Rule: "common practice",
		},
		{
			Name: "and not today", Given: past(drafted, adopted),
			When: norm.Review{Outcome: norm.OutcomeKeep, Opinion: "serves", NextBy: day("2024-03-04")}, As: inspector,
			Refused: domain.CodeInvalid, Field: "nextBy",
		},
		{
			Name: "an outcome is one of three", Given: past(drafted, adopted),
			When: norm.Review{Outcome: "fine", Opinion: "serves"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "outcome",
		},
		{
			Name: "a review has an opinion", Given: past(drafted, adopted),
			When: norm.Review{Outcome: norm.OutcomeKeep}, As: inspector,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "a draft is not reviewed", Given: past(drafted),
			When: keep, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a text",
			When: keep, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an officer does not review", Given: past(drafted, adopted),
			When: keep, As: officer,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestGaps(t *testing.T) {
	find := norm.FindGap{Gap: "g1", Text: "says nothing of travel"}
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "a gap is found, to be closed in time", Given: past(drafted, adopted),
			When: find, As: inspector,
			Then: []domain.Event{found.Event},
		},
		{
			Name: "a case brings one to light in a clause", Given: past(drafted, adopted),
			When: norm.FindGap{Gap: "g1", Text: "no limit", Clause: "4", Case: "C1", Enforcement: "E1"}, As: system,
			Then: []domain.Event{norm.GapFound{Gap: "g1", Text: "no limit", Clause: "4", Case: "C1", Enforcement: "E1", Version: 1, CloseBy: day("2024-06-02")}},
		},
		{
			Name: "the clause is one of the text", Given: past(drafted, adopted),
			When: norm.FindGap{Gap: "g1", Text: "no limit", Clause: "9"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "clause",
		},
		{
			Name: "a code is used once", Given: past(drafted, adopted, found),
			When: find, As: inspector,
			Refused: domain.CodeExists, Field: "gap",
		},
		{
			Name: "a draft is mended by another draft", Given: past(drafted),
			When: find, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a text to find a gap in",
			When: find, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a handler files no gap", Given: past(drafted, adopted),
			When: find, As: domaintest.By("handler-wu", domain.RoleHandler),
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "a later version closes it", Given: past(drafted, adopted, found, revised, renewed),
			When: norm.CloseGap{Gap: "g1"}, As: on(inspector, "2024-06-01"),
			Then: []domain.Event{mended.Event},
		},
		{
			Name: "closing it late shows", Given: past(drafted, adopted, found, revised, renewed),
			When: norm.CloseGap{Gap: "g1", Version: 2}, As: on(inspector, "2024-06-05"),
			Then: []domain.Event{norm.GapClosed{Gap: "g1", Version: 2, DaysLate: 3}},
		},
		{
			Name: "the version that has the gap does not close it", Given: past(drafted, adopted, found),
			When: norm.CloseGap{Gap: "g1"}, As: inspector,
			Refused: domain.CodeIncomplete, Field: "version",
		},
		{
			Name: "nor does one that nobody adopted", Given: past(drafted, adopted, found, revised),
			When: norm.CloseGap{Gap: "g1", Version: 2}, As: inspector,
			Refused: domain.CodeInvalid, Field: "version",
		},
		{
			Name: "a gap is closed once", Given: past(drafted, adopted, found, revised, renewed, mended),
			When: norm.CloseGap{Gap: "g1"}, As: on(inspector, "2024-06-05"),
			Refused: domain.CodeState, Field: "gap",
		},
		{
			Name: "a gap must be found first", Given: past(drafted, adopted),
			When: norm.CloseGap{Gap: "g1"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "gap",
		},
		{
			Name: "a repealed text has no gaps to close", Given: past(drafted, adopted, found, gone),
			When: norm.CloseGap{Gap: "g1"}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a text to close a gap in",
			When: norm.CloseGap{Gap: "g1"}, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an officer does not close a gap", Given: past(drafted, adopted, found),
			When: norm.CloseGap{Gap: "g1"}, As: officer,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAcknowledging(t *testing.T) {
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "an officer acknowledges the text", Given: past(drafted, adopted),
			When: norm.Acknowledge{}, As: on(officer, "2024-04-03"),
			Then: []domain.Event{known.Event},
		},
		{
			Name: "after thirty days it is late", Given: past(drafted, adopted),
			When: norm.Acknowledge{}, As: on(officer, "2024-04-05"),
			Then: []domain.Event{norm.Acknowledged{Officer: "P7", Version: 1, DaysLate: 2}},
		},
		{
			Name: "HR files what was signed on paper", Given: past(drafted, adopted),
			When: norm.Acknowledge{Officer: "P7", Version: 1}, As: hr,
			Then: []domain.Event{known.Event},
		},
		{
			Name: "a new version is acknowledged anew", Given: past(drafted, adopted, known, revised, renewed),
			When: norm.Acknowledge{}, As: on(officer, "2024-06-03"),
			Then: []domain.Event{norm.Acknowledged{Officer: "P7", Version: 2}},
		},
		{
			Name: "a version is acknowledged once", Given: past(drafted, adopted, known),
			When: norm.Acknowledge{}, As: officer,
			Refused: domain.CodeExists, Field: "version",
		},
		{
			Name: "nobody acknowledges for another", Given: past(drafted, adopted),
			When: norm.Acknowledge{Officer: "P8"}, As: officer,
			Refused: domain.CodeForbidden, Field: "officer",
		},
		{
			Name: "what is not adopted is not acknowledged", Given: past(drafted, adopted, revised),
			When: norm.Acknowledge{Version: 2}, As: officer,
			Refused: domain.CodeInvalid, Field: "version",
		},
		{
			Name: "a draft is not acknowledged", Given: past(drafted),
			When: norm.Acknowledge{}, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a text to acknowledge",
			When: norm.Acknowledge{}, As: officer,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader acknowledges in the role of an officer", Given: past(drafted, adopted),
			When: norm.Acknowledge{}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
