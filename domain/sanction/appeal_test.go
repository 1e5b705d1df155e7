package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/sanction"
)

var (
	appealed      = domaintest.Past{Act: on(officer, "2024-04-01"), Event: sanction.Appealed{Officer: "P7", Stage: sanction.StageAppeal, Ground: "the gifts were returned"}}
	decidedUpheld = domaintest.Past{Act: on(leader, "2024-04-30"), Event: sanction.AppealDecided{Officer: "P7", Stage: sanction.StageAppeal, Outcome: sanction.OutcomeUpheld, Opinion: "late"}}
	decidedVaried = domaintest.Past{Act: on(leader, "2024-04-30"), Event: sanction.AppealDecided{Officer: "P7", Stage: sanction.StageAppeal, Outcome: sanction.OutcomeVaried, Opinion: "returned in part"}}
	rereview      = domaintest.Past{Act: on(officer, "2024-05-20"), Event: sanction.Appealed{Officer: "P7", Stage: sanction.StageRereview, Ground: "not heard"}}
	rereviewed    = domaintest.Past{Act: on(leader, "2024-07-01"), Event: sanction.AppealDecided{Officer: "P7", Stage: sanction.StageRereview, Outcome: sanction.OutcomeUpheld, Opinion: "heard"}}
	overturned    = domaintest.Past{Act: on(leader, "2024-04-30"), Event: sanction.Overturned{Officer: "P7", Ground: "another person", LiftsRestriction: true}}
)

// varied is the demerit made a warning: six months from the first day.
var varied = sanction.Varied{
	Rulebook: "cn-2024", RulebookVersion: "1",
	Officer: "P7", Case: "C1", Measure: domain.MeasureWarning, Months: 6,
	From: domain.MustDate("2024-03-04"), Until: domain.MustDate("2024-09-04"),
	BarsPromotion: true, BarsHonours: true, RestoresRank: true,
}

func TestAppeal(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "the person appeals on the last day of the month from service", Given: effective(served),
			When: sanction.Appeal{Ground: "the gifts were returned"}, As: on(officer, "2024-04-08"),
			Then: []domain.Event{appealed.Event},
		},
		{
			Name: "a day later is too late", Given: effective(served),
			When: sanction.Appeal{Ground: "the gifts were returned"}, As: on(officer, "2024-04-09"),
			Refused: domain.CodeTooLate, Rule: "art. 55",
		},
		{
			Name: "nor by saying that it was the day before", Given: effective(served),
			When: sanction.Appeal{Ground: "the gifts were returned"}, As: saidBefore(officer, "2024-04-09", "2024-04-08"),
			Refused: domain.CodeTooLate, Rule: "art. 55",
		},
		{
			Name: "what HR files counts from the day it was handed in", Given: effective(served),
			When: sanction.Appeal{Ground: "the gifts were returned"}, As: saidBefore(hr, "2024-04-09", "2024-04-08"),
			Then: []domain.Event{appealed.Event},
		},
		{
			Name: "before service the term has not begun", Given: effective(),
			When: sanction.Appeal{Ground: "the gifts were returned"}, As: on(officer, "2024-08-01"),
			Then: []domain.Event{appealed.Event},
		},
		{
			Name: "HR files a paper appeal for the person", Given: effective(served),
			When: sanction.Appeal{Ground: "the gifts were returned"}, As: on(hr, "2024-04-01"),
			Then: []domain.Event{appealed.Event},
		},
		{
			Name: "another officer cannot appeal", Given: effective(served),
			When: sanction.Appeal{Ground: "unjust"}, As: stranger,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "a ground is required", Given: effective(served),
			When: sanction.Appeal{}, As: officer,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "a second appeal while one is open is refused", Given: effective(served, appealed),
			When: sanction.Appeal{Ground: "again"}, As: on(officer, "2024-04-02"),
			Refused: domain.CodeState, Rule: "art. 55",
		},
		{
			Name: "a second appeal after the decision is refused", Given: effective(appealed, decidedUpheld),
			When: sanction.Appeal{Ground: "again"}, As: on(officer, "2024-05-02"),
			Refused: domain.CodeState, Rule: "art. 55",
		},
		{
			Name: "a proposal cannot be appealed", Given: chain(notified, heard, approved),
			When: sanction.Appeal{Ground: "unjust"}, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "an overturned sanction cannot be appealed", Given: effective(overturned),
			When: sanction.Appeal{Ground: "unjust"}, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown sanction cannot be appealed",
			When: sanction.Appeal{Ground: "unjust"}, As: officer,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector does not appeal", Given: effective(),
			When: sanction.Appeal{Ground: "unjust"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRereview(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "the re-review is asked for on the last day of the month from the decision", Given: effective(appealed, decidedUpheld),
			When: sanction.AskRereview{Ground: "not heard"}, As: on(officer, "2024-05-30"),
			Then: []domain.Event{rereview.Event},
		},
		{
			Name: "a day later is too late", Given: effective(appealed, decidedUpheld),
			When: sanction.AskRereview{Ground: "not heard"}, As: on(officer, "2024-05-31"),
			Refused: domain.CodeTooLate, Rule: "art. 49",
		},
		{
			Name: "it follows a variation too", Given: effective(appealed, decidedVaried, domaintest.Past{Act: on(leader, "2024-04-30"), Event: varied}),
			When: sanction.AskRereview{Ground: "not heard"}, As: on(hr, "2024-05-02"),
			Then: []domain.Event{rereview.Event},
		},
		{
			Name: "without an appeal it is incomplete", Given: effective(served),
			When: sanction.AskRereview{Ground: "not heard"}, As: officer,
			Refused: domain.CodeIncomplete, Rule: "art. 55",
		},
		{
			Name: "while the appeal is open it is incomplete", Given: effective(appealed),
			When: sanction.AskRereview{Ground: "not heard"}, As: on(officer, "2024-04-02"),
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "a second one is refused", Given: effective(appealed, decidedUpheld, rereview),
			When: sanction.AskRereview{Ground: "again"}, As: on(officer, "2024-05-21"),
			Refused: domain.CodeState,
		},
		{
			Name: "after its decision nothing is left", Given: effective(appealed, decidedUpheld, rereview, rereviewed),
			When: sanction.AskRereview{Ground: "again"}, As: on(officer, "2024-07-02"),
			Refused: domain.CodeState,
		},
		{
			Name: "another officer cannot ask", Given: effective(appealed, decidedUpheld),
			When: sanction.AskRereview{Ground: "not heard"}, As: on(stranger, "2024-05-02"),
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "a ground is required", Given: effective(appealed, decidedUpheld),
			When: sanction.AskRereview{}, As: on(officer, "2024-05-02"),
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "a proposal cannot be re-reviewed", Given: chain(),
			When: sanction.AskRereview{Ground: "unjust"}, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown sanction cannot be re-reviewed",
			When: sanction.AskRereview{Ground: "unjust"}, As: officer,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader does not ask", Given: effective(appealed, decidedUpheld),
			When: sanction.AskRereview{Ground: "unjust"}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDecideAppeal(t *testing.T) {
	at := on(leader, "2024-04-30")
	// The demerit for two acts, so that its length may vary.
	long := demerit
	long.Months, long.Until = 24, domain.MustDate("2026-03-04")
	twoDemerits := []domaintest.Past{
		{Act: inspector, Event: sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 24, Conduct: "gifts", Acts: deeds(2, domain.MeasureDemerit)}},
		{Act: leader, Event: long}, appealed,
	}
	shorter := sanction.Varied{
		Rulebook: "cn-2024", RulebookVersion: "1",
		Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, From: demerit.From, Until: demerit.Until,
		BarsPromotion: true, BarsPayRise: true, BarsHonours: true, RestoresRank: true,
	}
	fromDemotion := varied
	fromDemotion.RestoresCertificate = true
	afterRereview := sanction.AppealDecided{Officer: "P7", Stage: sanction.StageRereview, Outcome: sanction.OutcomeOverturned, Opinion: "another person"}

	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "upheld, the measure stays", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "late"}, As: at,
			Then: []domain.Event{decidedUpheld.Event},
		},
		{
			Name: "varied, the milder measure follows in the same append, counted from the first day", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "returned in part", Measure: domain.MeasureWarning}, As: at,
			Then: []domain.Event{decidedVaried.Event, varied},
		},
		{
			Name: "varied, the period alone becomes shorter", Given: twoDemerits,
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "returned in part", Months: 12}, As: at,
			Then: []domain.Event{decidedVaried.Event, shorter},
		},
		{
			Name: "varied, what only the old measure held is given back", Given: chain(demoted, appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "returned in part", Measure: domain.MeasureWarning}, As: at,
			Then: []domain.Event{decidedVaried.Event, fromDemotion},
		},
		{
			Name: "varied to a measure without effect, the restriction ends", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "returned in part", Measure: domain.MeasureEducation}, As: at,
			Then: []domain.Event{decidedVaried.Event, sanction.Varied{Rulebook: "cn-2024", RulebookVersion: "1", Officer: "P7", Case: "C1", Measure: domain.MeasureEducation, From: demerit.From, LiftsRestriction: true}},
		},
		{
			Name: "overturned on re-review, nothing is held any more", Given: chain(demoted, appealed, decidedUpheld, rereview),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "another person"}, As: on(leader, "2024-07-01"),
			Then: []domain.Event{afterRereview, sanction.Overturned{Officer: "P7", Ground: "another person", LiftsRestriction: true, RestoresCertificate: true}},
		},
		{
			Name: "overturned after its release, nothing is left to lift", Given: effective(appealed, decidedUpheld, rereview, released),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "another person"}, As: on(leader, "2025-04-01"),
			Then: []domain.Event{afterRereview, sanction.Overturned{Officer: "P7", Ground: "another person"}},
		},
		{
			Name: "a heavier measure is refused", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "worse", Measure: domain.MeasureMajor}, As: at,
			Refused: domain.CodeRule, Field: "measure", Rule: "art. 55",
		},
		{
			Name: "the same measure is no variation", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "same", Measure: domain.MeasureDemerit}, As: at,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "a variation must say what the sanction becomes", Given: twoDemerits,
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "milder"}, As: at,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "a measure that is not on the ladder is refused", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "odd", Measure: "flogging"}, As: at,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "a measure without a variation is refused", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "odd", Measure: domain.MeasureWarning}, As: at,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "an unknown outcome is refused", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: "postponed", Opinion: "odd"}, As: at,
			Refused: domain.CodeInvalid, Field: "outcome",
		},
		{
			Name: "an opinion is required", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld}, As: at,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "without an open appeal there is nothing to decide", Given: effective(appealed, decidedUpheld),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "again"}, As: at,
			Refused: domain.CodeState,
		},
		{
			Name: "a proposal has no appeal", Given: chain(),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "none"}, As: at,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown sanction has no appeal",
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "none"}, As: at,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody decides on their own appeal", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "mine"}, As: selfLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an inspector does not decide", Given: effective(appealed),
			When: sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "none"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
