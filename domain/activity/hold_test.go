package activity_test

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/domaintest"
)

var wholeSchedule = activity.Schedule{ActivityKind: activity.KindDiligenceEducation, Format: activity.FormatTalkByJudge, Unit: "U1", On: day("2024-03-04"), Hours: 2, Topic: "dereliction of duty"}

// schedule returns the whole schedule, changed.
func schedule(change func(*activity.Schedule)) activity.Schedule {
	c := wholeSchedule
	change(&c)
	return c
}

var scheduling = []domaintest.Scenario{
	{Name: "an activity is put on the programme", When: wholeSchedule, As: inspector,
		Then: []domain.Event{activity.Scheduled(wholeSchedule)}},
	{Name: "an activity is scheduled once", Given: past(scheduled), When: wholeSchedule, As: hr,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "an unknown kind is refused", When: schedule(func(c *activity.Schedule) { c.ActivityKind = "party" }), As: hr,
		Refused: domain.CodeInvalid, Field: "kind"},
	{Name: "an unknown format is refused", When: schedule(func(c *activity.Schedule) { c.Format = "dinner" }), As: hr,
		Refused: domain.CodeInvalid, Field: "format"},
	{Name: "a unit is required", When: schedule(func(c *activity.Schedule) { c.Unit = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a topic is required", When: schedule(func(c *activity.Schedule) { c.Topic = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "topic"},
	{Name: "no hours are no activity", When: schedule(func(c *activity.Schedule) { c.Hours = 0 }), As: hr,
		Refused: domain.CodeInvalid, Field: "hours"},
	{Name: "too many hours are a slip of the pen", When: schedule(func(c *activity.Schedule) { c.Hours = activity.MostHours + 1 }), As: hr,
		Refused: domain.CodeInvalid, Field: "hours"},
	{Name: "nothing is scheduled for a day that has passed", When: schedule(func(c *activity.Schedule) { c.On = day("2024-03-03") }), As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "a day is required", When: schedule(func(c *activity.Schedule) { c.On = domain.Date{} }), As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
}

var cancelling = []domaintest.Scenario{
	{Name: "a scheduled activity is cancelled", Given: past(scheduled), When: activity.Cancel{Reason: "flood"}, As: hr,
		Then: []domain.Event{activity.Cancelled{Reason: "flood"}}},
	{Name: "a reason is required", Given: past(scheduled), When: activity.Cancel{}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "what was held is not cancelled", Given: past(scheduled, held), When: activity.Cancel{Reason: "flood"}, As: hr,
		Refused: domain.CodeState},
}

var wholeHold = activity.Hold{On: day("2024-03-01"), Hours: 3, Attendees: three[:2], Invited: three, Contributors: 1,
	Observers: []domain.ActorID{"procuratorate:wang"}, Materials: []domain.Evidence{slide}, Minutes: sheet}

// hold returns the whole record of a session, changed.
func hold(change func(*activity.Hold)) activity.Hold {
	c := wholeHold
	change(&c)
	return c
}

var holding = []domaintest.Scenario{
	{
		Name: "an activity is held as scheduled", Given: past(scheduled), When: wholeHold, As: hr,
		Then: []domain.Event{activity.Held{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "U1", Topic: "the prison at Tilanqiao",
			On: day("2024-03-01"), Hours: 3, Attendees: three[:2], Invited: three, Expected: 3, Contributors: 1,
			Observers: []domain.ActorID{"procuratorate:wang"}, Materials: []domain.Evidence{slide}, Minutes: sheet}},
	},
	{
		Name: "a number of those expected will do, and today", Given: past(scheduled), When: activity.Hold{Hours: 3, Attendees: three, Expected: 3}, As: hr,
		Then: []domain.Event{activity.Held{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "U1", Topic: "the prison at Tilanqiao",
			On: day("2024-03-04"), Hours: 3, Attendees: three, Expected: 3}},
	},
	{Name: "nobody may have come", Given: past(scheduled), When: activity.Hold{Hours: 3, Expected: 3}, As: hr,
		Then: []domain.Event{activity.Held{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "U1", Topic: "the prison at Tilanqiao",
			On: day("2024-03-04"), Hours: 3, Expected: 3}}},
	{Name: "a branch study without minutes is refused", Given: past(study), When: hold(func(c *activity.Hold) { c.Minutes = domain.Evidence{} }), As: hr,
		Refused: domain.CodeIncomplete, Field: "minutes", Rule: "创双政 art. I7"},
	{Name: "malformed minutes are refused", Given: past(study), When: hold(func(c *activity.Hold) { c.Minutes.Digest = "md5:1" }), As: hr,
		Refused: domain.CodeInvalid, Field: "minutes"},
	{Name: "malformed materials are refused", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Materials = []domain.Evidence{{}} }), As: hr,
		Refused: domain.CodeInvalid, Field: "materials"},
	{Name: "a day to come is refused", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.On = day("2024-03-05") }), As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "no hours are no activity", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Hours = 0 }), As: hr,
		Refused: domain.CodeInvalid, Field: "hours"},
	{Name: "who was not invited did not attend", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Attendees = []domain.OfficerID{"P9"} }), As: hr,
		Refused: domain.CodeInvalid, Field: "attendees"},
	{Name: "no more attend than were expected", Given: past(scheduled), When: activity.Hold{Hours: 3, Attendees: three, Expected: 2}, As: hr,
		Refused: domain.CodeInvalid, Field: "attendees"},
	{Name: "nobody attends twice", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Attendees = []domain.OfficerID{"P1", "P1"} }), As: hr,
		Refused: domain.CodeInvalid, Field: "attendees"},
	{Name: "a list too long for one event is refused", Given: past(scheduled), When: activity.Hold{Hours: 3, Attendees: people(activity.MostPeople + 1), Expected: 300}, As: hr,
		Refused: domain.CodeInvalid, Field: "attendees"},
	{Name: "nobody is invited twice", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Invited = []domain.OfficerID{"P1", "P1"} }), As: hr,
		Refused: domain.CodeInvalid, Field: "invited"},
	{Name: "somebody should have come", Given: past(scheduled), When: activity.Hold{Hours: 3}, As: hr,
		Refused: domain.CodeInvalid, Field: "invited"},
	{Name: "a list and a number are one too many", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Expected = 4 }), As: hr,
		Refused: domain.CodeInvalid, Field: "invited"},
	{Name: "a negative number is no expectation", Given: past(scheduled), When: activity.Hold{Hours: 3, Expected: -1}, As: hr,
		Refused: domain.CodeInvalid, Field: "attendees"},
	{Name: "no more contribute than attend", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Contributors = 3 }), As: hr,
		Refused: domain.CodeInvalid, Field: "contributors"},
	{Name: "a negative number contributes nothing", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Contributors = -1 }), As: hr,
		Refused: domain.CodeInvalid, Field: "contributors"},
	{Name: "a malformed observer is refused", Given: past(scheduled), When: hold(func(c *activity.Hold) { c.Observers = []domain.ActorID{"Mr Wang"} }), As: hr,
		Refused: domain.CodeInvalid, Field: "observers"},
	{Name: "what was not scheduled needs the other command", When: wholeHold, As: hr,
		Refused: domain.CodeNotFound, Field: "subject"},
	{Name: "an activity is held once", Given: past(scheduled, held), When: wholeHold, As: hr,
		Refused: domain.CodeState},
}

var wholeUnscheduled = activity.HoldUnscheduled{ActivityKind: activity.KindBranchStudy, Format: activity.FormatCaseStudy, Unit: "U1", Topic: "the case of last week",
	Reason: "called at once", On: day("2024-03-04"), Hours: 1, Attendees: three, Invited: three, Minutes: sheet}

// unplanned returns the whole record of an unscheduled session, changed.
func unplanned(change func(*activity.HoldUnscheduled)) activity.HoldUnscheduled {
	c := wholeUnscheduled
	change(&c)
	return c
}

var unscheduled = []domaintest.Scenario{
	{
		Name: "what was not scheduled says why", When: wholeUnscheduled, As: hr,
		Then: []domain.Event{activity.Held{ActivityKind: activity.KindBranchStudy, Format: activity.FormatCaseStudy, Unit: "U1", Topic: "the case of last week",
			On: day("2024-03-04"), Hours: 1, Attendees: three, Invited: three, Expected: 3, Minutes: sheet, Unscheduled: true, Reason: "called at once"}},
	},
	{Name: "a reason is required", When: unplanned(func(c *activity.HoldUnscheduled) { c.Reason = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "an unknown kind is refused", When: unplanned(func(c *activity.HoldUnscheduled) { c.ActivityKind = "party" }), As: hr,
		Refused: domain.CodeInvalid, Field: "kind"},
	{Name: "an unknown format is refused", When: unplanned(func(c *activity.HoldUnscheduled) { c.Format = "dinner" }), As: hr,
		Refused: domain.CodeInvalid, Field: "format"},
	{Name: "a unit is required", When: unplanned(func(c *activity.HoldUnscheduled) { c.Unit = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a topic is required", When: unplanned(func(c *activity.HoldUnscheduled) { c.Topic = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "topic"},
	{Name: "minutes are required of it too", When: unplanned(func(c *activity.HoldUnscheduled) { c.Minutes = domain.Evidence{} }), As: hr,
		Refused: domain.CodeIncomplete, Field: "minutes", Rule: "创双政 art. I7"},
	{Name: "what is scheduled is held as such", Given: past(scheduled), When: wholeUnscheduled, As: hr,
		Refused: domain.CodeExists, Field: "subject"},
}

var assessing = []domaintest.Scenario{
	{Name: "another person assesses what was held", Given: past(scheduled, held), When: activity.Assess{Score: 80, Feedback: "moving"}, As: overseer,
		Then: []domain.Event{activity.Assessed{ActivityKind: activity.KindWarningEducation, Unit: "U1", Score: 80, Feedback: "moving"}}},
	{Name: "who held it does not assess it", Given: past(scheduled, held), When: activity.Assess{Score: 100}, As: hr,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice"},
	{Name: "a score of nothing is refused", Given: past(scheduled, held), When: activity.Assess{}, As: inspector,
		Refused: domain.CodeInvalid, Field: "score"},
	{Name: "a score above a hundred is refused", Given: past(scheduled, held), When: activity.Assess{Score: 101}, As: inspector,
		Refused: domain.CodeInvalid, Field: "score"},
	{Name: "feedback keeps the size limit", Given: past(scheduled, held), When: activity.Assess{Score: 80, Feedback: long}, As: inspector,
		Refused: domain.CodeInvalid, Field: "feedback"},
	{Name: "what was not held is not assessed", Given: past(scheduled), When: activity.Assess{Score: 80}, As: inspector,
		Refused: domain.CodeState},
	{Name: "an activity is assessed once", Given: past(scheduled, held, assessed), When: activity.Assess{Score: 80}, As: inspector,
		Refused: domain.CodeState},
}

var importing = []domaintest.Scenario{
	{Name: "an activity of old is filed with what is known", As: importer,
		When: activity.Import{ActivityKind: activity.KindCulture, Format: activity.FormatExhibition, Unit: "U1", Topic: "calligraphy", On: day("2015-05-04"), Hours: 8, Attended: 40, Expected: 50},
		Then: []domain.Event{activity.Imported{ActivityKind: activity.KindCulture, Format: activity.FormatExhibition, Unit: "U1", Topic: "calligraphy", On: day("2015-05-04"), Hours: 8, Attended: 40, Expected: 50}}},
	{Name: "kind and topic will do", When: activity.Import{ActivityKind: activity.KindCulture, Topic: "calligraphy"}, As: importer,
		Then: []domain.Event{activity.Imported{ActivityKind: activity.KindCulture, Topic: "calligraphy"}}},
	{Name: "an attendance without an expectation will do", When: activity.Import{ActivityKind: activity.KindCulture, Topic: "calligraphy", Attended: 9}, As: importer,
		Then: []domain.Event{activity.Imported{ActivityKind: activity.KindCulture, Topic: "calligraphy", Attended: 9}}},
	{Name: "what is on file is not imported over", Given: past(scheduled), When: activity.Import{ActivityKind: activity.KindCulture, Topic: "calligraphy"}, As: importer,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "an unknown kind is refused", When: activity.Import{ActivityKind: "party", Topic: "calligraphy"}, As: importer,
		Refused: domain.CodeInvalid, Field: "kind"},
	{Name: "an unknown format is refused", When: activity.Import{ActivityKind: activity.KindCulture, Format: "dinner", Topic: "calligraphy"}, As: importer,
		Refused: domain.CodeInvalid, Field: "format"},
	{Name: "a malformed unit is refused", When: activity.Import{ActivityKind: activity.KindCulture, Unit: "U/1", Topic: "calligraphy"}, As: importer,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a topic is required", When: activity.Import{ActivityKind: activity.KindCulture}, As: importer,
		Refused: domain.CodeInvalid, Field: "topic"},
	{Name: "a day to come is refused", When: activity.Import{ActivityKind: activity.KindCulture, Topic: "calligraphy", On: day("2024-03-05")}, As: importer,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "too many hours are refused", When: activity.Import{ActivityKind: activity.KindCulture, Topic: "calligraphy", Hours: activity.MostHours + 1}, As: importer,
		Refused: domain.CodeInvalid, Field: "hours"},
	{Name: "no more attended than were expected", When: activity.Import{ActivityKind: activity.KindCulture, Topic: "calligraphy", Attended: 3, Expected: 2}, As: importer,
		Refused: domain.CodeInvalid, Field: "attended"},
}
