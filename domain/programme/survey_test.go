package programme_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/programme"
)

// asked is a survey with one of its measures changed.
func asked(change func(*programme.Measure)) programme.OpenSurvey {
	c := programme.OpenSurvey{Survey: "S1", Instrument: "v2", Measures: measures(10)}
	change(&c.Measures[9])
	return c
}

var surveying = []domaintest.Scenario{
	{Name: "a survey asks about ten measures", Given: past(opened), When: programme.OpenSurvey{Survey: "S1", Instrument: "questionnaire v2", Measures: measures(10)}, As: overseer,
		Then: []domain.Event{programme.SurveyOpened{Survey: "S1", Instrument: "questionnaire v2", Measures: measures(10), Grades: []programme.Grade{"very_satisfied", "fairly_good", "average", "needs_strengthening"}}}},
	{Name: "nine are too few", Given: past(opened), When: programme.OpenSurvey{Survey: "S1", Instrument: "v2", Measures: measures(9)}, As: leader,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "eleven are too many", Given: past(opened), When: programme.OpenSurvey{Survey: "S1", Instrument: "v2", Measures: measures(11)}, As: leader,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a measure has a code of its own", Given: past(opened), When: asked(func(m *programme.Measure) { m.Measure = "M1" }), As: leader,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a measure asks something", Given: past(opened), When: asked(func(m *programme.Measure) { m.Text = "" }), As: leader,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "the texts share one limit of size", Given: past(opened), When: asked(func(m *programme.Measure) { m.Text = strings.Repeat("x", domain.MaxText) }), As: leader,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "an instrument is required", Given: past(opened), When: programme.OpenSurvey{Survey: "S1", Measures: measures(10)}, As: leader,
		Refused: domain.CodeInvalid, Field: "instrument"},
	{Name: "a code is required", Given: past(opened), When: programme.OpenSurvey{Instrument: "v2", Measures: measures(10)}, As: leader,
		Refused: domain.CodeInvalid, Field: "survey"},
	{Name: "a survey is opened once", Given: past(opened, survey), When: programme.OpenSurvey{Survey: "S1", Instrument: "v2", Measures: measures(10)}, As: leader,
		Refused: domain.CodeExists, Field: "survey"},
}

// issue is a command that issues tokens.
func issue(tokens ...string) programme.IssueSurveyTokens {
	return programme.IssueSurveyTokens{Survey: "S1", Tokens: tokens}
}

var issuing = []domaintest.Scenario{
	{Name: "tokens are issued by their digests", Given: past(opened, survey), When: issue(programme.TokenDigest(token)), As: leader,
		Then: []domain.Event{programme.SurveyTokensIssued{Survey: "S1", Tokens: []string{programme.TokenDigest(token)}}}},
	{Name: "more are issued later", Given: past(opened, survey, tokens), When: issue(programme.TokenDigest(forged)), As: leader,
		Then: []domain.Event{programme.SurveyTokensIssued{Survey: "S1", Tokens: []string{programme.TokenDigest(forged)}}}},
	{Name: "none are not issued", Given: past(opened, survey), When: issue(), As: leader,
		Refused: domain.CodeInvalid, Field: "tokens"},
	{Name: "too many at a time are refused", Given: past(opened, survey), When: issue(make([]string, programme.MostTokens+1)...), As: leader,
		Refused: domain.CodeInvalid, Field: "tokens"},
	{Name: "a token in clear is refused", Given: past(opened, survey), When: issue(token), As: leader,
		Refused: domain.CodeInvalid, Field: "tokens"},
	{Name: "one twice is refused", Given: past(opened, survey), When: issue(programme.TokenDigest(token), programme.TokenDigest(token)), As: leader,
		Refused: domain.CodeExists, Field: "tokens"},
	{Name: "one of before is refused", Given: past(opened, survey, tokens), When: issue(programme.TokenDigest(token)), As: leader,
		Refused: domain.CodeExists, Field: "tokens"},
	{Name: "a used one is not made good again", Given: past(opened, survey, tokens, answered), When: issue(programme.TokenDigest(token)), As: leader,
		Refused: domain.CodeExists, Field: "tokens"},
	{Name: "there must be such a survey", Given: past(opened), When: issue(programme.TokenDigest(token)), As: leader,
		Refused: domain.CodeInvalid, Field: "survey"},
	{Name: "a closed survey issues none", Given: past(opened, survey, tokens, surveyed), When: issue(programme.TokenDigest(forged)), As: leader,
		Refused: domain.CodeState, Field: "survey"},
}

// answer is an answer with the token.
func answer(token string, opinions ...programme.Opinion) programme.AnswerSurvey {
	return programme.AnswerSurvey{Survey: "S1", Token: token, Grade: programme.GradeFairlyGood, Measures: opinions}
}

var answering = []domaintest.Scenario{
	{Name: "an answer shows the digest of its token", Given: past(opened, survey, tokens), When: answer(token, programme.Opinion{Measure: "M1", Exists: true, Known: true}, programme.Opinion{Measure: "M10", Wanted: true}), As: anybody,
		Then: []domain.Event{programme.SurveyAnswered{Survey: "S1", Token: programme.TokenDigest(token), Grade: programme.GradeFairlyGood,
			Measures: []programme.Opinion{{Measure: "M1", Exists: true, Known: true}, {Measure: "M10", Wanted: true}}}}},
	{Name: "a grade alone is an answer", Given: past(opened, survey, tokens, answered), When: answer(second), As: anybody,
		Then: []domain.Event{programme.SurveyAnswered{Survey: "S1", Token: programme.TokenDigest(second), Grade: programme.GradeFairlyGood}}},
	{Name: "the same token twice is refused", Given: past(opened, survey, tokens, answered), When: answer(token), As: anybody,
		Refused: domain.CodeExists, Field: "token", Rule: "common practice"},
	{Name: "a token that was not issued is refused", Given: past(opened, survey, tokens), When: answer(forged), As: anybody,
		Refused: domain.CodeForbidden, Field: "token"},
	{Name: "a token of no length is refused", Given: past(opened, survey, tokens), When: answer("1234"), As: anybody,
		Refused: domain.CodeInvalid, Field: "token"},
	{Name: "the digest is no token", Given: past(opened, survey, tokens), When: answer(programme.TokenDigest(token)), As: anybody,
		Refused: domain.CodeForbidden, Field: "token"},
	{Name: "an answer that names its giver is refused", Given: past(opened, survey, tokens), When: answer(token), As: domaintest.By("citizen-zhou", domain.RolePublic),
		Refused: domain.CodeInvalid, Field: "actor", Rule: "common practice"},
	{Name: "whoever signed in does not answer", Given: past(opened, survey, tokens), When: answer(token), As: domaintest.By("P7", domain.RoleOfficer),
		Refused: domain.CodeForbidden, Field: "role"},
	{Name: "an unknown grade is refused", Given: past(opened, survey, tokens), When: programme.AnswerSurvey{Survey: "S1", Token: token, Grade: "fine"}, As: anybody,
		Refused: domain.CodeInvalid, Field: "grade"},
	{Name: "an unknown measure is refused", Given: past(opened, survey, tokens), When: answer(token, programme.Opinion{Measure: "M11"}), As: anybody,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a measure is answered once", Given: past(opened, survey, tokens), When: answer(token, programme.Opinion{Measure: "M1"}, programme.Opinion{Measure: "M1", Known: true}), As: anybody,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "there must be such a survey", Given: past(opened), When: answer(token), As: anybody,
		Refused: domain.CodeInvalid, Field: "survey"},
	{Name: "a closed survey takes no answer", Given: past(opened, survey, tokens, surveyed), When: answer(second), As: anybody,
		Refused: domain.CodeState, Field: "survey"},
}

var ending = []domaintest.Scenario{
	{Name: "a survey closes on the answers it has", Given: past(opened, survey, tokens, answered), When: programme.CloseSurvey{Survey: "S1"}, As: leader,
		Then: []domain.Event{programme.SurveyClosed{Survey: "S1", Distributed: 2, Valid: 1}}},
	{Name: "not every token was handed out", Given: past(opened, survey, tokens, answered), When: programme.CloseSurvey{Survey: "S1", Distributed: 1}, As: leader,
		Then: []domain.Event{programme.SurveyClosed{Survey: "S1", Distributed: 1, Valid: 1}}},
	{Name: "no more were handed out than issued", Given: past(opened, survey, tokens, answered), When: programme.CloseSurvey{Survey: "S1", Distributed: 3}, As: leader,
		Refused: domain.CodeInvalid, Field: "distributed"},
	{Name: "and no fewer than answered", Given: past(opened, survey, tokens, answered), When: programme.CloseSurvey{Survey: "S1", Distributed: -1}, As: leader,
		Refused: domain.CodeInvalid, Field: "distributed"},
	{Name: "there must be such a survey", Given: past(opened), When: programme.CloseSurvey{Survey: "S1"}, As: leader,
		Refused: domain.CodeInvalid, Field: "survey"},
	{Name: "a survey is closed once", Given: past(opened, survey, tokens, surveyed), When: programme.CloseSurvey{Survey: "S1"}, As: leader,
		Refused: domain.CodeState, Field: "survey"},
}

// hongkou is the survey of 2015.
var hongkou = programme.ImportSurvey{Survey: "2015", Instrument: "双政问卷", Valid: 178,
	Grades: programme.Tally{VerySatisfied: 53, FairlyGood: 70, Average: 42, NeedsStrengthening: 13}}

// counted returns the survey of 2015, changed.
func counted(change func(*programme.ImportSurvey)) programme.ImportSurvey {
	c := hongkou
	change(&c)
	return c
}

// told returns the survey of 2015 with these measures.
func told(list ...programme.MeasureTally) programme.ImportSurvey {
	return counted(func(c *programme.ImportSurvey) { c.Measures = list })
}

var importingSurveys = []domaintest.Scenario{
	{Name: "the survey of 2015 is filed in the cycle of old", Given: past(imported), When: hongkou, As: importer,
		Then: []domain.Event{programme.SurveyImported(hongkou)}},
	{Name: "a survey on paper is filed in a cycle under way", Given: past(opened), As: importer,
		When: told(programme.MeasureTally{Measure: "M1", Text: "公示权力清单", Exists: 178, Known: 90}),
		Then: []domain.Event{programme.SurveyImported(told(programme.MeasureTally{Measure: "M1", Text: "公示权力清单", Exists: 178, Known: 90}))}},
	{Name: "a survey is filed once", Given: past(imported, domaintest.Past{Act: importer, Event: programme.SurveyImported(hongkou)}), When: hongkou, As: importer,
		Refused: domain.CodeExists, Field: "survey"},
	{Name: "the grades add up to the valid answers", Given: past(imported), When: counted(func(c *programme.ImportSurvey) { c.Valid = 179 }), As: importer,
		Refused: domain.CodeInvalid, Field: "valid"},
	{Name: "no count is negative", Given: past(imported), When: counted(func(c *programme.ImportSurvey) { c.Grades.Average, c.Valid = -1, 135 }), As: importer,
		Refused: domain.CodeInvalid, Field: "valid"},
	{Name: "a survey nobody answered is none", Given: past(imported), When: programme.ImportSurvey{Survey: "2015"}, As: importer,
		Refused: domain.CodeInvalid, Field: "valid"},
	{Name: "no more came back than went out", Given: past(imported), When: counted(func(c *programme.ImportSurvey) { c.Distributed = 177 }), As: importer,
		Refused: domain.CodeInvalid, Field: "distributed"},
	{Name: "a day to come is refused", Given: past(imported), When: counted(func(c *programme.ImportSurvey) { c.HeldOn = day("2024-03-05") }), As: importer,
		Refused: domain.CodeInvalid, Field: "heldOn"},
	{Name: "an instrument keeps the size limit", Given: past(imported), When: counted(func(c *programme.ImportSurvey) { c.Instrument = long }), As: importer,
		Refused: domain.CodeInvalid, Field: "instrument"},
	{Name: "a code is required", Given: past(imported), When: counted(func(c *programme.ImportSurvey) { c.Survey = "" }), As: importer,
		Refused: domain.CodeInvalid, Field: "survey"},
	{Name: "more measures than the rulebook's are refused", Given: past(imported), When: told(make([]programme.MeasureTally, 11)...), As: importer,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a measure is counted once", Given: past(imported), When: told(programme.MeasureTally{Measure: "M1"}, programme.MeasureTally{Measure: "M1"}), As: importer,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a measure counts no more than answered", Given: past(imported), When: told(programme.MeasureTally{Measure: "M1", Wanted: 179}), As: importer,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a measure counts no fewer than none", Given: past(imported), When: told(programme.MeasureTally{Measure: "M1", Known: -1}), As: importer,
		Refused: domain.CodeInvalid, Field: "measures"},
	{Name: "a text keeps the size limit", Given: past(imported), When: told(programme.MeasureTally{Measure: "M1", Text: long}), As: importer,
		Refused: domain.CodeInvalid, Field: "measures"},
}

func TestATallyCountsEveryGradeAndNothingElse(t *testing.T) {
	state := programme.Room.NewState()
	for _, p := range past(opened, survey, tokens) {
		programme.Room.Apply(state, p.Event, p.Act)
	}
	for i, g := range []programme.Grade{"very_satisfied", "fairly_good", "average", "needs_strengthening", "needs_strengthening", "fine"} {
		programme.Room.Apply(state, programme.SurveyAnswered{Survey: "S1", Token: strings.Repeat("x", i), Grade: g}, anybody)
	}
	want := programme.Tally{VerySatisfied: 1, FairlyGood: 1, Average: 1, NeedsStrengthening: 2}
	if got := state.(*programme.Programme).Surveys[0].Tally; got != want || got.Valid() != 5 {
		t.Errorf("the tally is %+v of %d, want %+v of 5", got, got.Valid(), want)
	}
}

func TestASurveyOpenedTwiceKeepsItsAnswers(t *testing.T) {
	state := programme.Room.NewState()
	for _, p := range past(opened, survey, tokens, answered, survey, tokens, domaintest.Past{Act: importer, Event: programme.SurveyImported{Survey: "S1", Valid: 9}}) {
		programme.Room.Apply(state, p.Event, p.Act)
	}
	got := state.(*programme.Programme).Surveys
	if len(got) != 1 || got[0].Tally.Valid() != 1 || !got[0].Tokens[programme.TokenDigest(token)] {
		t.Errorf("the surveys are %+v, want one with its answer", got)
	}
}
