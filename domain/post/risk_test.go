package post_test

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/post"
)

var risks = []domaintest.Scenario{
	{
		Name: "a risk lies in a listed power", Given: past(listed),
		When: post.IdentifyRisk{Risk: "R1", Power: "W1", Description: "alone with the importer"}, As: inspector,
		Then: []domain.Event{post.RiskIdentified{Risk: "R1", Power: "W1", Description: "alone with the importer"}},
	},
	{
		Name: "a risk may lie in no single power", Given: past(),
		When: post.IdentifyRisk{Risk: "R1", Description: "the duty roster is known ahead"}, As: hr,
		Then: []domain.Event{post.RiskIdentified{Risk: "R1", Description: "the duty roster is known ahead"}},
	},
	{
		Name: "a risk in a power that is not listed waits for the list", Given: past(),
		When: post.IdentifyRisk{Risk: "R1", Power: "W1", Description: "alone with the importer"}, As: inspector,
		Refused: domain.CodeIncomplete, Field: "power",
	},
	{
		Name: "a risk is identified once", Given: past(found),
		When: post.IdentifyRisk{Risk: "R1", Description: "another"}, As: inspector,
		Refused: domain.CodeExists, Field: "risk",
	},
	{
		Name: "a risk has a code", Given: past(),
		When: post.IdentifyRisk{Description: "another"}, As: inspector,
		Refused: domain.CodeInvalid, Field: "risk",
	},
	{
		Name: "a risk is described", Given: past(),
		When: post.IdentifyRisk{Risk: "R1"}, As: inspector,
		Refused: domain.CodeInvalid, Field: "description",
	},
}

var (
	low    = post.Factors{Nature: 2, Scope: 2, Discretion: 2, Likelihood: 1, Harm: 2} // (6+3)×2 = 18
	medium = post.Factors{Nature: 3, Scope: 3, Discretion: 3, Likelihood: 3, Harm: 3} // (9+9)×3 = 54
	high   = post.Factors{Nature: 5, Scope: 4, Discretion: 5, Likelihood: 3, Harm: 4} // (14+9)×4 = 92
)

var gradings = []domaintest.Scenario{
	{
		Name: "the unit grades a risk by its factors", Given: past(found),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelUnit, Factors: low}, As: hr,
		Then: []domain.Event{post.RiskGraded{Risk: "R1", Level: post.LevelUnit, Factors: low, Score: 18, Grade: post.GradeLow}},
	},
	{
		Name: "the section grades beside it", Given: past(found, byUnit),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelSection, Factors: medium}, As: head,
		Then: []domain.Event{post.RiskGraded{Risk: "R1", Level: post.LevelSection, Factors: medium, Score: 54, Grade: post.GradeMedium}},
	},
	{
		Name: "the leadership ends the round and sets the day of the next", Given: past(found, byUnit, bySection),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelLeadership, Factors: high}, As: leader,
		Then: []domain.Event{post.RiskGraded{Risk: "R1", Level: post.LevelLeadership, Factors: high, Score: 92, Grade: post.GradeHigh, NextBy: day("2025-03-04")}},
	},
	{
		Name: "a risk that was not identified is not graded", Given: past(found),
		When: post.GradeRisk{Risk: "R2", Level: post.LevelUnit, Factors: low}, As: hr,
		Refused: domain.CodeIncomplete, Field: "risk",
	},
	{
		Name: "a factor below the scale is refused", Given: past(found),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelUnit, Factors: post.Factors{Nature: 2, Scope: 2, Discretion: 2, Likelihood: 1}}, As: hr,
		Refused: domain.CodeInvalid, Field: "factors",
	},
	{
		Name: "a factor above the scale is refused", Given: past(found),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelUnit, Factors: post.Factors{Nature: 6, Scope: 2, Discretion: 2, Likelihood: 1, Harm: 1}}, As: hr,
		Refused: domain.CodeInvalid, Field: "factors",
	},
	{
		Name: "a level that there is not does not grade", Given: past(found),
		When: post.GradeRisk{Risk: "R1", Level: "village", Factors: low}, As: hr,
		Refused: domain.CodeInvalid, Field: "level",
	},
	{
		Name: "a level grades once in a round", Given: past(found, byUnit),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelUnit, Factors: low}, As: second,
		Refused: domain.CodeExists, Field: "level",
	},
	{
		Name: "one person does not grade at two levels", Given: past(found, byUnit),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelSection, Factors: low}, As: hr,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
	},
	{
		Name: "the head who graded for the section does not grade for the leadership", Given: past(found, byUnit, bySection),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelLeadership, Factors: low}, As: head,
		Refused: domain.CodeConflict, Field: "actor",
	},
	{
		Name: "the leadership does not grade first", Given: past(found, byUnit),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelLeadership, Factors: low}, As: leader,
		Refused: domain.CodeIncomplete, Field: "level",
	},
	{
		Name: "HR does not grade for the leadership", Given: past(found, byUnit, bySection),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelLeadership, Factors: low}, As: second,
		Refused: domain.CodeForbidden, Field: "level",
	},
	{
		Name: "after a full round the next begins", Given: past(found, byUnit, bySection, byLeader),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelUnit, Factors: low}, As: hr,
		Then: []domain.Event{post.RiskGraded{Risk: "R1", Level: post.LevelUnit, Factors: low, Score: 18, Grade: post.GradeLow}},
	},
	{
		Name: "another risk has rounds of its own", Given: past(found, byUnit,
			domaintest.Past{Act: inspector, Event: post.RiskIdentified{Risk: "R2", Description: "roster known ahead"}}),
		When: post.GradeRisk{Risk: "R2", Level: post.LevelUnit, Factors: low}, As: hr,
		Then: []domain.Event{post.RiskGraded{Risk: "R2", Level: post.LevelUnit, Factors: low, Score: 18, Grade: post.GradeLow}},
	},
	{
		Name: "a re-rating begins the round again", Given: past(found, byUnit, required),
		When: post.GradeRisk{Risk: "R1", Level: post.LevelUnit, Factors: low}, As: hr,
		Then: []domain.Event{post.RiskGraded{Risk: "R1", Level: post.LevelUnit, Factors: low, Score: 18, Grade: post.GradeLow}},
	},
}

var controls = []domaintest.Scenario{
	{
		Name: "a control is adopted against a risk", Given: past(found),
		When: post.AdoptControl{Risk: "R1", Control: "K1", Description: "two inspectors, drawn by lot"}, As: head,
		Then: []domain.Event{post.ControlAdopted{Risk: "R1", Control: "K1", Description: "two inspectors, drawn by lot"}},
	},
	{
		Name: "a control needs its risk", Given: past(),
		When: post.AdoptControl{Risk: "R1", Control: "K1", Description: "two inspectors, drawn by lot"}, As: head,
		Refused: domain.CodeIncomplete, Field: "risk",
	},
	{
		Name: "a control is adopted once", Given: past(found, adopted),
		When: post.AdoptControl{Risk: "R1", Control: "K1", Description: "camera"}, As: head,
		Refused: domain.CodeExists, Field: "control",
	},
	{
		Name: "a control has a code", Given: past(found),
		When: post.AdoptControl{Risk: "R1", Description: "camera"}, As: head,
		Refused: domain.CodeInvalid, Field: "control",
	},
	{
		Name: "a control is described", Given: past(found),
		When: post.AdoptControl{Risk: "R1", Control: "K1"}, As: head,
		Refused: domain.CodeInvalid, Field: "description",
	},
	{
		Name: "another person tests a control", Given: past(found, adopted),
		When: post.TestControl{Control: "K1", Passed: true, Evidence: []domain.Evidence{record}}, As: inspector,
		Then: []domain.Event{post.ControlTested{Control: "K1", Passed: true, Evidence: []domain.Evidence{record}}},
	},
	{
		Name: "a failed test says what was seen", Given: past(found, adopted),
		When: post.TestControl{Control: "K1", Note: "the lot was drawn after the fact"}, As: inspector,
		Then: []domain.Event{post.ControlTested{Control: "K1", Note: "the lot was drawn after the fact"}},
	},
	{
		Name: "a failed test without a word is refused", Given: past(found, adopted),
		When: post.TestControl{Control: "K1"}, As: inspector,
		Refused: domain.CodeInvalid, Field: "note",
	},
	{
		Name: "who adopted a control does not test it", Given: past(found, adopted),
		When: post.TestControl{Control: "K1", Passed: true}, As: head,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
	},
	{
		Name: "a control that was not adopted is not tested", Given: past(found, adopted),
		When: post.TestControl{Control: "K2", Passed: true}, As: inspector,
		Refused: domain.CodeIncomplete, Field: "control",
	},
	{
		Name: "an overlong note is refused", Given: past(found, adopted),
		When: post.TestControl{Control: "K1", Note: strings.Repeat("x", domain.MaxText+1)}, As: inspector,
		Refused: domain.CodeInvalid, Field: "note",
	},
	{
		Name: "malformed evidence is refused", Given: past(found, adopted),
		When: post.TestControl{Control: "K1", Passed: true, Evidence: []domain.Evidence{{Digest: "md5:0", MediaType: "text/plain"}}}, As: inspector,
		Refused: domain.CodeInvalid, Field: "evidence",
	},
}

var record = domain.Evidence{Digest: "sha256:" + strings.Repeat("ab", 32), MediaType: "application/pdf", Size: 4096, Name: "test record"}

var reratings = []domaintest.Scenario{
	{
		Name: "a case calls for a re-rating within the rulebook's term", Given: past(found),
		When: post.RequireRerating{Cause: "the analysis of case M1", Case: "M1"}, As: system,
		Then: []domain.Event{post.ReratingRequired{Cause: "the analysis of case M1", Case: "M1", Due: day("2025-03-04")}},
	},
	{
		Name: "a change of law calls for a re-rating sooner", Given: past(found),
		When: post.RequireRerating{Cause: "海关法 revised", Due: day("2024-06-30")}, As: inspector,
		Then: []domain.Event{post.ReratingRequired{Cause: "海关法 revised", Due: day("2024-06-30")}},
	},
	{
		Name: "a re-rating has a cause", Given: past(found),
		When: post.RequireRerating{Case: "M1"}, As: system,
		Refused: domain.CodeInvalid, Field: "cause",
	},
	{
		Name: "a re-rating names its case rightly", Given: past(found),
		When: post.RequireRerating{Cause: "a case", Case: "no id"}, As: inspector,
		Refused: domain.CodeInvalid, Field: "case",
	},
	{
		Name: "a re-rating is not due in the past", Given: past(found),
		When: post.RequireRerating{Cause: "海关法 revised", Due: day("2024-03-03")}, As: inspector,
		Refused: domain.CodeInvalid, Field: "by",
	},
	{
		Name: "a re-rating is not put off beyond the rulebook's term", Given: past(found),
		When: post.RequireRerating{Cause: "海关法 revised", Due: day("2025-03-05")}, As: inspector,
		Refused: domain.CodeRule, Field: "by", Rule: "common practice",
	},
	{
		Name: "a case calls for one re-rating at a time", Given: past(found, required),
		When: post.RequireRerating{Cause: "again", Case: "M1"}, As: system,
		Refused: domain.CodeExists, Field: "case",
	},
	{
		Name: "a second case calls for a re-rating of its own", Given: past(found, required),
		When: post.RequireRerating{Cause: "case M2", Case: "M2"}, As: system,
		Then: []domain.Event{post.ReratingRequired{Cause: "case M2", Case: "M2", Due: day("2025-03-04")}},
	},
	{
		Name: "a full round of every risk does the re-rating", Given: past(found, required, byUnit, bySection, byLeader),
		When: post.RequireRerating{Cause: "the case was reopened", Case: "M1"}, As: system,
		Then: []domain.Event{post.ReratingRequired{Cause: "the case was reopened", Case: "M1", Due: day("2025-03-04")}},
	},
	{
		Name: "two levels of three do not do it", Given: past(found, required, byUnit, bySection),
		When: post.RequireRerating{Cause: "again", Case: "M1"}, As: system,
		Refused: domain.CodeExists, Field: "case",
	},
	{
		Name: "one risk of two does not do it", Given: past(found,
			domaintest.Past{Act: inspector, Event: post.RiskIdentified{Risk: "R2", Description: "roster known ahead"}},
			required, byUnit, bySection, byLeader),
		When: post.RequireRerating{Cause: "again", Case: "M1"}, As: system,
		Refused: domain.CodeExists, Field: "case",
	},
	{
		Name: "a risk found during the re-rating belongs to it", Given: past(found, required,
			domaintest.Past{Act: inspector, Event: post.RiskIdentified{Risk: "R2", Description: "roster known ahead"}},
			byUnit, bySection, byLeader),
		When: post.RequireRerating{Cause: "again", Case: "M1"}, As: system,
		Refused: domain.CodeExists, Field: "case",
	},
}
