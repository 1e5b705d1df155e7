package officer_test

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

var entering = []domaintest.Scenario{
	{
		Name: "a person enters the service on the day of the act",
		When: officer.Enroll{FullName: "王芳", LatinName: "Wang Fang", Unit: "U1"}, As: hr, Sees: house,
		Then: []domain.Event{officer.Enrolled{FullName: "王芳", LatinName: "Wang Fang", Unit: "U1", On: day("2024-03-04")}},
	},
	{
		Name: "a person entered the service on an earlier day",
		When: officer.Enroll{FullName: "王芳", StaffNumber: "4711", Unit: "U1", On: day("2020-07-01"), Rank: "inspector_2"}, As: hr, Sees: house,
		Then: []domain.Event{officer.Enrolled{FullName: "王芳", StaffNumber: "4711", Unit: "U1", On: day("2020-07-01"), Rank: "inspector_2"}},
	},
	{
		Name: "nobody is enrolled twice", Given: past(),
		When: officer.Enroll{FullName: "王芳", Unit: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "an imported person is not enrolled again", Given: []domaintest.Past{imported},
		When: officer.Enroll{FullName: "王芳", Unit: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "nobody enrolls themselves",
		When: officer.Enroll{FullName: "王芳", Unit: "U1"}, As: domaintest.By("X1", domain.RoleHR),
		Refused: domain.CodeConflict, Field: "actor", Rule: "公务员法",
	},
	{
		Name: "a person without a name is not enrolled",
		When: officer.Enroll{Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "a person without a unit is not enrolled",
		When: officer.Enroll{FullName: "王芳"}, As: hr,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "nobody has entered the service tomorrow",
		When: officer.Enroll{FullName: "王芳", Unit: "U1", On: day("2024-03-05")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "a person of old records is put on file with what they say",
		When: officer.Import{StaffNumber: "4711", Unit: "D-24", Sex: "male", Ethnicity: "white", BirthYear: 1971, SeparatedOn: day("2019-05-31")}, As: importer,
		Then: []domain.Event{officer.Imported{StaffNumber: "4711", Unit: "D-24", Sex: "male", Ethnicity: "white", BirthYear: 1971, SeparatedOn: day("2019-05-31")}},
	},
	{
		Name: "old records may say nothing but that the person exists",
		When: officer.Import{}, As: importer,
		Then: []domain.Event{officer.Imported{}},
	},
	{
		Name: "a person on file is not imported", Given: past(),
		When: officer.Import{StaffNumber: "4711"}, As: importer,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "an import with an overlong name is refused",
		When: officer.Import{FullName: strings.Repeat("王", domain.MaxText)}, As: importer,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "an import with an id that names no unit is refused",
		When: officer.Import{Unit: "District 24"}, As: importer,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "nobody was born next year",
		When: officer.Import{BirthYear: 2025}, As: importer,
		Refused: domain.CodeInvalid, Field: "birthYear",
	},
	{
		Name: "an imported person takes up a post like any other", Given: []domaintest.Past{imported},
		When: officer.Appoint{Post: "G1", Unit: "U1"}, As: hr, Sees: seat("G1", "U1", false, false),
		Then: []domain.Event{officer.Appointed{Post: "G1", Unit: "U1", On: day("2024-03-04")}},
	},
	{
		Name: "a person imported as having left takes up no post", Given: []domaintest.Past{
			{Act: importer, Event: officer.Imported{StaffNumber: "4711", SeparatedOn: day("2019-05-31")}}},
		When: officer.Appoint{Post: "G1", Unit: "U1"}, As: hr,
		Refused: domain.CodeState,
	},
}

var posts = []domaintest.Scenario{
	{
		Name: "an officer without a post is appointed", Given: past(),
		When: officer.Appoint{Post: "G1", Unit: "U1", Leader: true, HighRisk: true, On: day("2024-03-01")}, As: leader, Sees: seat("G1", "U1", true, true),
		Then: []domain.Event{officer.Appointed{Post: "G1", Unit: "U1", Leader: true, HighRisk: true, On: day("2024-03-01")}},
	},
	{
		Name: "an officer with a post is not appointed to a second", Given: past(appointed),
		When: officer.Appoint{Post: "G2", Unit: "U1"}, As: hr,
		Refused: domain.CodeState, Field: "post",
	},
	{
		Name: "an appointment names the post", Given: past(),
		When: officer.Appoint{Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "post",
	},
	{
		Name: "an appointment names the unit", Given: past(),
		When: officer.Appoint{Post: "G1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "nobody took up a post before entering the service", Given: past(),
		When: officer.Appoint{Post: "G1", Unit: "U1", On: day("2020-06-30")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "while an inquiry is open nobody is appointed", Given: past(inquired),
		When: officer.Appoint{Post: "G1", Unit: "U1"}, As: hr,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
	{
		Name: "nobody is appointed while suspended from duty", Given: past(suspended),
		When: officer.Appoint{Post: "G1", Unit: "U1"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "rotation leads from the post held to another", Given: past(appointed),
		When: officer.Rotate{To: "G2", Unit: "U2", Leader: true}, As: hr, Sees: seat("G2", "U2", true, false),
		Then: []domain.Event{officer.Rotated{From: "G1", To: "G2", Unit: "U2", Leader: true, On: day("2024-03-04")}},
	},
	{
		Name: "rotation needs a post to rotate from", Given: past(),
		When: officer.Rotate{To: "G2", Unit: "U2"}, As: hr,
		Refused: domain.CodeState, Field: "to",
	},
	{
		Name: "rotation into the same post is none", Given: past(appointed),
		When: officer.Rotate{To: "G1", Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "to",
	},
	{
		Name: "rotation names the new post", Given: past(appointed),
		When: officer.Rotate{Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "to",
	},
	{
		Name: "rotation names the new unit", Given: past(appointed),
		When: officer.Rotate{To: "G2"}, As: hr,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "rotation does not come before the post held was taken up", Given: past(appointed),
		When: officer.Rotate{To: "G2", Unit: "U1", On: day("2021-02-28")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "while an inquiry is open nobody is rotated", Given: past(appointed, inquired),
		When: officer.Rotate{To: "G2", Unit: "U1"}, As: hr,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
	{
		Name: "after the inquiry rotation is possible again", Given: past(appointed, inquired,
			domaintest.Past{Act: system, Event: officer.InquiryClosed{Case: "M1"}}),
		When: officer.Rotate{To: "G2", Unit: "U1"}, As: hr, Sees: seat("G2", "U1", false, false),
		Then: []domain.Event{officer.Rotated{From: "G1", To: "G2", Unit: "U1", On: day("2024-03-04")}},
	},
	{
		Name: "nobody is rotated while suspended from duty", Given: past(appointed, suspended),
		When: officer.Rotate{To: "G2", Unit: "U1"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a third person approves that rotation is deferred", Given: past(appointed),
		When: officer.DeferRotation{Until: day("2025-03-01"), Reason: "system change", Approver: "leader-chen"}, As: hr,
		Then: []domain.Event{officer.RotationDeferred{Post: "G1", Until: day("2025-03-01"), Reason: "system change", Approver: "leader-chen"}},
	},
	{
		Name: "who files a deferral does not approve it", Given: past(appointed),
		When: officer.DeferRotation{Until: day("2025-03-01"), Reason: "system change", Approver: "hr-li"}, As: hr,
		Refused: domain.CodeConflict, Field: "approver", Rule: "common practice",
	},
	{
		Name: "nobody approves the deferral of their own rotation", Given: past(appointed),
		When: officer.DeferRotation{Until: day("2025-03-01"), Reason: "system change", Approver: "X1"}, As: hr,
		Refused: domain.CodeConflict, Field: "approver",
	},
	{
		Name: "a deferral without an approver is refused", Given: past(appointed),
		When: officer.DeferRotation{Until: day("2025-03-01"), Reason: "system change"}, As: hr,
		Refused: domain.CodeInvalid, Field: "approver",
	},
	{
		Name: "a deferral without a reason is refused", Given: past(appointed),
		When: officer.DeferRotation{Until: day("2025-03-01"), Approver: "leader-chen"}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "a deferral leads to a later day", Given: past(appointed),
		When: officer.DeferRotation{Until: day("2024-03-04"), Reason: "system change", Approver: "leader-chen"}, As: hr,
		Refused: domain.CodeInvalid, Field: "until",
	},
	{
		Name: "where there is no post there is nothing to defer", Given: past(),
		When: officer.DeferRotation{Until: day("2025-03-01"), Reason: "system change", Approver: "leader-chen"}, As: hr,
		Refused: domain.CodeState,
	},
}

var promotions = []domaintest.Scenario{
	{
		Name: "an officer is promoted", Given: past(),
		When: officer.Promote{Rank: "inspector_1", On: day("2024-03-01")}, As: leader,
		Then: []domain.Event{officer.Promoted{Rank: "inspector_1", On: day("2024-03-01")}},
	},
	{
		Name: "a promotion names the rank", Given: past(),
		When: officer.Promote{}, As: leader,
		Refused: domain.CodeInvalid, Field: "rank",
	},
	{
		Name: "a promotion into the rank held is none", Given: past(),
		When: officer.Promote{Rank: "inspector_2"}, As: leader,
		Refused: domain.CodeInvalid, Field: "rank",
	},
	{
		Name: "a promotion to come is recorded when it has happened", Given: past(),
		When: officer.Promote{Rank: "inspector_1", On: day("2024-04-01")}, As: leader,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "while an inquiry is open nobody is promoted", Given: past(inquired),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
	{
		Name: "nobody is promoted while suspended from duty", Given: past(suspended),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Refused: domain.CodeState,
	},
	{
		Name: "a sanction in force bars promotion", Given: past(demerit),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Refused: domain.CodeRule, Rule: "公职人员政务处分法",
	},
	{
		Name: "the last day of the period still bars promotion", Given: past(demerit),
		When: officer.Promote{Rank: "inspector_1"}, As: domaintest.At(leader, domaintest.On("2024-12-26")),
		Refused: domain.CodeRule,
	},
	{
		Name: "the day after the period promotion is free, though nobody lifted the restriction", Given: past(demerit),
		When: officer.Promote{Rank: "inspector_1"}, As: domaintest.At(leader, domaintest.On("2024-12-27")),
		Then: []domain.Event{officer.Promoted{Rank: "inspector_1", On: day("2024-12-27")}},
	},
	{
		Name: "after the period no promotion is dated back into it", Given: past(demerit),
		When: officer.Promote{Rank: "inspector_1", On: day("2024-12-26")}, As: domaintest.At(leader, domaintest.On("2025-01-06")),
		Refused: domain.CodeRule,
	},
	{
		Name: "in the period no promotion is dated back before it", Given: past(demerit),
		When: officer.Promote{Rank: "inspector_1", On: day("2023-12-01")}, As: leader,
		Refused: domain.CodeRule,
	},
	{
		Name: "a measure for good bars promotion for good", Given: past(domaintest.Past{Act: system, Event: officer.Restricted{
			Sanction: "S1", Measure: domain.MeasureDismissal, From: day("2023-12-26"), ForGood: true, BarsPromotion: true}}),
		When: officer.Promote{Rank: "inspector_1"}, As: domaintest.At(leader, domaintest.On("2054-03-04")),
		Refused: domain.CodeRule,
	},
	{
		Name: "a restriction that does not bar promotion leaves it free", Given: past(domaintest.Past{Act: system, Event: officer.Restricted{
			Sanction: "S1", Measure: domain.MeasureCirculated, From: day("2023-12-26"), Until: day("2024-12-26"), BarsHonours: true}}),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Then: []domain.Event{officer.Promoted{Rank: "inspector_1", On: day("2024-03-04")}},
	},
	{
		Name: "a lifted restriction bars nothing", Given: past(demerit, domaintest.Past{Act: system, Event: officer.RestrictionLifted{Sanction: "S1"}}),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Then: []domain.Event{officer.Promoted{Rank: "inspector_1", On: day("2024-03-04")}},
	},
}
