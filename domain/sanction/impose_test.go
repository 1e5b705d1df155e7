package sanction_test

import (
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/sanction"
)

// ready returns the past of an approved proposal.
func ready(p sanction.Proposed) []domaintest.Past {
	return []domaintest.Past{{Act: inspector, Event: p}, notified, heard, approved}
}

func TestImpose(t *testing.T) {
	twoWarnings := sanction.Proposed{Officer: "P7", Measure: domain.MeasureWarning, Months: 9, Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}
	mixed := sanction.Proposed{Officer: "P7", Measure: domain.MeasureDemerit, Months: 12, Conduct: "several",
		Acts: append(deeds(2, domain.MeasureWarning), deeds(1, domain.MeasureDemerit)...)}
	warning := sanction.Imposed{
		Rulebook: "cn-2024", RulebookVersion: "1",
		Officer: "P7", Measure: domain.MeasureWarning, Months: 6, From: domain.MustDate("2024-03-04"), Until: domain.MustDate("2024-09-04"),
		BarsPromotion: true, BarsHonours: true, RestoresRank: true,
	}
	longWarning := warning
	longWarning.Months, longWarning.Until = 9, domain.MustDate("2024-12-04")
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "a demerit takes effect on the day of decision and lasts twelve months", Given: chain(notified, heard, approved),
			When: sanction.Impose{}, As: leader,
			Then: []domain.Event{demerit},
		},
		{
			Name: "the day of decision is that of the calendar's zone", Given: ready(sanction.Proposed{Officer: "P7", Measure: domain.MeasureCirculated, Conduct: "discourteous"}),
			When: sanction.Impose{}, As: domaintest.At(leader, domaintest.On("2024-03-04").Add(9*time.Hour)),
			Then: []domain.Event{sanction.Imposed{Rulebook: "cn-2024", RulebookVersion: "1", Officer: "P7", Measure: domain.MeasureCirculated, From: domain.MustDate("2024-03-05")}},
		},
		{
			Name: "a dismissal is for good", Given: ready(sanction.Proposed{Officer: "P7", Measure: domain.MeasureDismissal, Conduct: "took bribes"}),
			When: sanction.Impose{}, As: leader,
			Then: []domain.Event{dismissed.Event},
		},
		{
			Name: "several acts take the months that were proposed", Given: ready(twoWarnings),
			When: sanction.Impose{}, As: leader,
			Then: []domain.Event{longWarning},
		},
		{
			Name: "the defence may earn a shorter period", Given: ready(twoWarnings),
			When: sanction.Impose{Months: 6}, As: leader,
			Then: []domain.Event{warning},
		},
		{
			Name: "the defence may earn a milder measure", Given: ready(sanction.Proposed{Officer: "P7", Measure: domain.MeasureDemerit, Months: 12, Conduct: "accepted gifts"}),
			When: sanction.Impose{Measure: domain.MeasureWarning}, As: leader,
			Then: []domain.Event{warning},
		},
		{
			Name: "a milder measure of several acts may take their months", Given: ready(mixed),
			When: sanction.Impose{Measure: domain.MeasureWarning, Months: 9}, As: leader,
			Then: []domain.Event{longWarning},
		},
		{
			Name: "a defence never makes the measure heavier", Given: chain(notified, heard, approved),
			When: sanction.Impose{Measure: domain.MeasureMajor}, As: leader,
			Refused: domain.CodeRule, Field: "measure", Rule: "art. 43",
		},
		{
			Name: "a defence never makes the period longer", Given: ready(twoWarnings),
			When: sanction.Impose{Months: 12}, As: leader,
			Refused: domain.CodeRule, Field: "measure", Rule: "art. 43",
		},
		{
			Name: "a period outside the rule of combination is refused", Given: ready(twoWarnings),
			When: sanction.Impose{Months: 3}, As: leader,
			Refused: domain.CodeRule, Field: "months", Rule: "art. 15",
		},
		{
			Name: "a measure that is not on the ladder is refused", Given: chain(notified, heard, approved),
			When: sanction.Impose{Measure: "flogging"}, As: leader,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "an unapproved measure is incomplete", Given: chain(notified, heard),
			When: sanction.Impose{}, As: leader,
			Refused: domain.CodeIncomplete, Rule: "common practice",
		},
		{
			Name: "a withdrawn proposal is not imposed", Given: chain(withdrawn),
			When: sanction.Impose{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "a measure is imposed once", Given: effective(),
			When: sanction.Impose{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "what was never proposed is not imposed",
			When: sanction.Impose{}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody imposes their own", Given: chain(notified, heard, approved),
			When: sanction.Impose{}, As: selfLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an inspector may not impose", Given: chain(notified, heard, approved),
			When: sanction.Impose{}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestServe(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "the decision is served on the day of the act unless another is said", Given: effective(),
			When: sanction.Serve{}, As: on(hr, "2024-03-08"),
			Then: []domain.Event{served.Event},
		},
		{
			Name: "the decision was served on an earlier day", Given: effective(),
			When: sanction.Serve{On: domain.MustDate("2024-03-08")}, As: on(inspector, "2024-03-11"),
			Then: []domain.Event{served.Event},
		},
		{
			Name: "a day to come is refused", Given: effective(),
			When: sanction.Serve{On: domain.MustDate("2024-03-09")}, As: on(hr, "2024-03-08"),
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "a day before the decision is refused", Given: effective(),
			When: sanction.Serve{On: domain.MustDate("2024-03-03")}, As: hr,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "the decision is served once", Given: effective(served),
			When: sanction.Serve{}, As: on(hr, "2024-03-11"),
			Refused: domain.CodeState,
		},
		{
			Name: "a proposal is not served", Given: chain(),
			When: sanction.Serve{}, As: hr,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown sanction is not served",
			When: sanction.Serve{}, As: hr,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody serves themselves", Given: effective(),
			When: sanction.Serve{}, As: selfHR,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the officer does not serve", Given: effective(),
			When: sanction.Serve{}, As: officer,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestExecute(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "HR carries the measure out on the last day of the month in time", Given: effective(),
			When: sanction.Execute{Change: "pay step held"}, As: on(hr, "2024-04-04"),
			Then: []domain.Event{sanction.Executed{Officer: "P7", Change: "pay step held", On: domain.MustDate("2024-04-04")}},
		},
		{
			Name: "a day later is a day late", Given: effective(),
			When: sanction.Execute{Change: "pay step held"}, As: on(hr, "2024-04-05"),
			Then: []domain.Event{sanction.Executed{Officer: "P7", Change: "pay step held", On: domain.MustDate("2024-04-05"), DaysLate: 1}},
		},
		{
			Name: "the day of the change counts, not that of the record", Given: effective(),
			When: sanction.Execute{Change: "pay step held", On: domain.MustDate("2024-04-04")}, As: on(hr, "2024-06-01"),
			Then: []domain.Event{sanction.Executed{Officer: "P7", Change: "pay step held", On: domain.MustDate("2024-04-04")}},
		},
		{
			Name: "past the very last day it is still recorded, with its days", Given: effective(released),
			When: sanction.Execute{Change: "pay step held"}, As: on(hr, "2025-04-04"),
			Then: []domain.Event{sanction.Executed{Officer: "P7", Change: "pay step held", On: domain.MustDate("2025-04-04"), DaysLate: 365}},
		},
		{
			Name: "a varied measure is executed anew, in a term of its own", Given: effective(executed, appealed, decidedVaried, domaintest.Past{Act: on(leader, "2024-04-30"), Event: varied}),
			When: sanction.Execute{Change: "pay step back"}, As: on(hr, "2024-05-31"),
			Then: []domain.Event{sanction.Executed{Officer: "P7", Change: "pay step back", On: domain.MustDate("2024-05-31"), DaysLate: 1}},
		},
		{
			Name: "a day before the decision is refused", Given: effective(),
			When: sanction.Execute{Change: "pay step held", On: domain.MustDate("2024-03-03")}, As: hr,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "a day to come is refused", Given: effective(),
			When: sanction.Execute{Change: "pay step held", On: domain.MustDate("2024-03-05")}, As: hr,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "the change must be said", Given: effective(),
			When: sanction.Execute{}, As: hr,
			Refused: domain.CodeInvalid, Field: "change",
		},
		{
			Name: "a measure is executed once", Given: effective(executed),
			When: sanction.Execute{Change: "pay step held"}, As: on(hr, "2024-03-12"),
			Refused: domain.CodeState,
		},
		{
			Name: "what is not imposed is not executed", Given: chain(notified, heard, approved),
			When: sanction.Execute{Change: "pay step held"}, As: hr,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown sanction is not executed",
			When: sanction.Execute{Change: "pay step held"}, As: hr,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody executes their own", Given: effective(),
			When: sanction.Execute{Change: "none"}, As: selfHR,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a leader does not execute", Given: effective(),
			When: sanction.Execute{Change: "pay step held"}, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRelease(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "the last day of the period is too early", Given: effective(),
			When: sanction.Release{}, As: on(system, "2025-03-04"),
			Refused: domain.CodeTooEarly, Rule: "art. 8",
		},
		{
			Name: "the day after, it is released by itself and the rank comes back", Given: effective(),
			When: sanction.Release{}, As: on(system, "2025-03-05"),
			Then: []domain.Event{released.Event},
		},
		{
			Name: "a released demotion brings the certificate back, not the rank", Given: chain(demoted),
			When: sanction.Release{}, As: on(hr, "2026-03-05"),
			Then: []domain.Event{sanction.Released{Officer: "P7", Measure: domain.MeasureDemotion, LiftsRestriction: true, RestoresCertificate: true, On: domain.MustDate("2026-03-05")}},
		},
		{
			Name: "a variation that still suspends the certificate is released with it",
			Given: chain(demoted, appealed, decidedVaried, domaintest.Past{Act: on(leader, "2024-04-30"), Event: sanction.Varied{
				Rulebook: "cn-2024", RulebookVersion: "1",
				Officer: "P7", Case: "C1", Measure: domain.MeasureMajor, Months: 18, From: domain.MustDate("2024-03-04"), Until: domain.MustDate("2025-09-04"),
				BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true, RestoresRank: true,
			}}),
			When: sanction.Release{}, As: on(hr, "2025-09-05"),
			Then: []domain.Event{sanction.Released{Officer: "P7", Measure: domain.MeasureMajor, RestoresRank: true, LiftsRestriction: true, RestoresCertificate: true, On: domain.MustDate("2025-09-05")}},
		},
		{
			Name:  "a variation of what was released is in force again, and released once its own period is over",
			Given: effective(appealed, decidedUpheld, rereview, released, rereviewed, domaintest.Past{Act: on(leader, "2025-03-10"), Event: varied}),
			When:  sanction.Release{}, As: on(system, "2025-03-11"),
			Then: []domain.Event{sanction.Released{Officer: "P7", Measure: domain.MeasureWarning, RestoresRank: true, LiftsRestriction: true, On: domain.MustDate("2025-03-11")}},
		},
		{
			Name: "an open appeal does not hold the release up", Given: effective(appealed),
			When: sanction.Release{}, As: on(hr, "2025-03-05"),
			Then: []domain.Event{released.Event},
		},
		{
			Name: "a dismissal is never released", Given: chain(dismissed),
			When: sanction.Release{}, As: on(hr, "2044-03-05"),
			Refused: domain.CodeRule, Rule: "art. 19",
		},
		{
			Name: "a measure without a period has nothing to release", Given: chain(criticised),
			When: sanction.Release{}, As: on(hr, "2044-03-05"),
			Refused: domain.CodeState,
		},
		{
			Name: "a sanction is released once", Given: effective(released),
			When: sanction.Release{}, As: on(system, "2025-03-06"),
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown sanction is not released",
			When: sanction.Release{}, As: system,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody releases themselves", Given: effective(),
			When: sanction.Release{}, As: on(selfHR, "2025-03-05"),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a leader does not release", Given: effective(),
			When: sanction.Release{}, As: on(leader, "2025-03-05"),
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
