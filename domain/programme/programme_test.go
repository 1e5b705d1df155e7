package programme_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/programme"
)

// Who acts in the scenarios, at domaintest.Now: 2024-03-04.
var (
	leader   = domaintest.By("leader-chen", domain.RoleLeader)
	hr       = domaintest.By("hr-li", domain.RoleHR)
	overseer = domaintest.By("overseer-tang", domain.RoleOverseer)
	anybody  = domaintest.By(programme.ActorPublic, domain.RolePublic)
	importer = domaintest.By("import", domain.RoleImporter)
)

var (
	sheet = domain.Evidence{Digest: "sha256:" + strings.Repeat("a", 64), MediaType: "application/pdf", Size: 9}
	paper = []domain.Evidence{sheet}
	long  = strings.Repeat("长", domain.MaxText)
)

// The tokens of the survey S1, in clear.
const (
	token  = "0123456789abcdef0123456789abcdef"
	second = "fedcba9876543210fedcba9876543210"
	forged = "00000000000000000000000000000000"
)

var (
	opened    = domaintest.Past{Act: leader, Event: programme.Opened{Agency: "U1", From: day("2024-01-01"), To: day("2024-12-31")}}
	baseline  = domaintest.Past{Act: leader, Event: programme.BaselineAssessed{Agency: "U1", Scores: scores()}}
	scheme    = domaintest.Past{Act: leader, Event: programme.SchemeAdopted{Title: "实施方案", Evidence: paper}}
	guidance  = domaintest.Past{Act: overseer, Event: programme.GuidanceIssued{Agency: "U1", Text: "see to the posts", Articles: []domain.Article{"I9"}}}
	survey    = domaintest.Past{Act: leader, Event: programme.SurveyOpened{Survey: "S1", Instrument: "questionnaire v2", Measures: measures(10), Grades: programme.Grades()}}
	tokens    = domaintest.Past{Act: leader, Event: programme.SurveyTokensIssued{Survey: "S1", Tokens: []string{programme.TokenDigest(token), programme.TokenDigest(second)}}}
	answered  = domaintest.Past{Act: anybody, Event: programme.SurveyAnswered{Survey: "S1", Token: programme.TokenDigest(token), Grade: programme.GradeAverage}}
	surveyed  = domaintest.Past{Act: leader, Event: programme.SurveyClosed{Survey: "S1", Distributed: 2, Valid: 1}}
	evaluated = domaintest.Past{Act: overseer, Event: programme.ResultEvaluated{Agency: "U1", Scores: scores()}}
	practice  = domaintest.Past{Act: leader, Event: programme.PracticePublished{Agency: "U1", Title: "two keys", Evidence: paper}}
	closed    = domaintest.Past{Act: leader, Event: programme.Closed{}}
	imported  = domaintest.Past{Act: importer, Event: programme.Imported{Agency: "U1"}}
)

func day(s string) domain.Date { return domain.MustDate(s) }

func past(events ...domaintest.Past) []domaintest.Past { return events }

// measures returns n measures of a survey.
func measures(n int) []programme.Measure {
	var list []programme.Measure
	for i := range n {
		list = append(list, programme.Measure{Measure: fmt.Sprintf("M%d", i+1), Text: "公示权力清单"})
	}
	return list
}

// scores returns a score for each of the twenty articles.
func scores() []programme.Score {
	var list []programme.Score
	for _, pillar := range []string{"I", "D"} {
		for i := range 10 {
			list = append(list, programme.Score{Article: domain.Article(fmt.Sprintf("%s%d", pillar, i+1)), Score: 10 * i, Basis: "the register"})
		}
	}
	return list
}

// with returns the scores, the one of article I1 changed.
func with(change func(*programme.Score)) []programme.Score {
	list := scores()
	change(&list[0])
	return list
}

func TestProgramme(t *testing.T) {
	for _, subject := range []struct {
		name      string
		scenarios []domaintest.Scenario
	}{
		{"open", opening}, {"assess the baseline", assessing}, {"adopt a scheme", adopting}, {"issue guidance", guiding},
		{"evaluate the result", evaluating}, {"publish practice", publishing}, {"close", closing}, {"import", importing},
		{"open a survey", surveying}, {"issue tokens", issuing}, {"answer", answering}, {"close a survey", ending},
		{"import a survey", importingSurveys},
	} {
		t.Run(subject.name, func(t *testing.T) { domaintest.Run(t, programme.Room, subject.scenarios) })
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, programme.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, programme.Room) }

// authority is who may give each command by default.
var authority = map[string]string{
	"programme.open": "leader overseer", "programme.assess_baseline": "hr inspector leader overseer",
	"programme.adopt_scheme": "leader", "programme.issue_guidance": "overseer",
	"programme.open_survey": "leader overseer", "programme.issue_survey_tokens": "leader overseer",
	"programme.answer_survey": "public", "programme.close_survey": "leader overseer", "programme.import_survey": "importer",
	"programme.evaluate_result": "leader overseer", "programme.publish_practice": "leader overseer",
	"programme.close": "leader overseer", "programme.import": "importer",
}

func TestOnlyTheRightRolesMayGiveACommand(t *testing.T) {
	got := map[string]string{}
	for _, c := range programme.Room.Commands {
		var roles []string
		for _, role := range domain.Roles() {
			if err := decide(c, domaintest.By(programme.ActorPublic, role)); domain.RefusalCode(err) != domain.CodeForbidden {
				roles = append(roles, string(role))
			}
		}
		slices.Sort(roles)
		got[string(c.Name)] = strings.Join(roles, " ")
	}
	if diff := cmp.Diff(authority, got); diff != "" {
		t.Errorf("who may give what (-want +got):\n%s", diff)
	}
}

// decide gives an empty command after the history, and returns the error.
func decide(c *domain.CommandType, as domain.Act, history ...domaintest.Past) error {
	state := programme.Room.NewState()
	for _, p := range history {
		programme.Room.Apply(state, p.Event, p.Act)
	}
	_, err := programme.Room.Decide(state, c.Value(c.New()), as, domain.CN2024())
	return err
}

func TestEveryCommandButEntryNeedsACycleUnderWay(t *testing.T) {
	done := past(opened, baseline, scheme, evaluated, closed)
	for _, c := range programme.Room.Commands {
		if c.Name == "programme.open" || c.Name == "programme.import" {
			continue // refused with EXISTS, see the scenarios
		}
		as := domaintest.By(programme.ActorPublic, c.By[0])
		if got := domaintest.Met(c.Name, decide(c, as)); got != domain.CodeNotFound {
			t.Errorf("%s where there is no cycle: refused with %q, want NOT_FOUND", c.Name, got)
		}
		if got := domaintest.Met(c.Name, decide(c, as, done...)); got != domain.CodeState {
			t.Errorf("%s in a closed cycle: refused with %q, want STATE", c.Name, got)
		}
		want := domain.CodeState
		if c.Name == "programme.import_survey" {
			want = domain.CodeInvalid // it is taken, and empty
		}
		if got := domaintest.Met(c.Name, decide(c, as, imported)); got != want {
			t.Errorf("%s in a cycle of old: refused with %q, want %q", c.Name, got, want)
		}
	}
}

// The life of one cycle, every step decided on the events of the steps before.
func TestACycleLivesFromOpeningToClose(t *testing.T) {
	steps := []struct {
		command domain.Command
		as      domain.Act
	}{
		{programme.Open{Agency: "U1", From: day("2024-01-01"), To: day("2024-12-31")}, leader},
		{programme.AssessBaseline{Scores: scores()}, hr},
		{programme.AdoptScheme{Title: "实施方案", Evidence: paper}, leader},
		{programme.IssueGuidance{Text: "see to the posts", Articles: []domain.Article{"I9"}}, overseer},
		{programme.OpenSurvey{Survey: "S1", Instrument: "v2", Measures: measures(10)}, overseer},
		{programme.IssueSurveyTokens{Survey: "S1", Tokens: []string{programme.TokenDigest(token), programme.TokenDigest(second)}}, overseer},
		{programme.AnswerSurvey{Survey: "S1", Token: second, Grade: programme.GradeFairlyGood}, anybody},
		{programme.AnswerSurvey{Survey: "S1", Token: token, Grade: programme.GradeVerySatisfied}, anybody},
		{programme.CloseSurvey{Survey: "S1"}, overseer},
		{programme.EvaluateResult{Scores: scores()}, overseer},
		{programme.PublishPractice{Title: "two keys", Evidence: paper}, leader},
		{programme.Close{}, leader},
	}
	state := programme.Room.NewState()
	for _, s := range steps {
		events, err := programme.Room.Decide(state, s.command, s.as, domain.CN2024())
		if err != nil {
			t.Fatalf("%s: %v", s.command.Name(), err)
		}
		for _, e := range events {
			programme.Room.Apply(state, e, s.as)
		}
	}
	got := state.(*programme.Programme)
	if got.Status != programme.StatusClosed || len(got.Surveys) != 1 || got.Surveys[0].Tally != (programme.Tally{VerySatisfied: 1, FairlyGood: 1}) {
		t.Errorf("the cycle ended as %+v", got)
	}
}

var opening = []domaintest.Scenario{
	{Name: "a cycle is opened for an agency and a period", When: programme.Open{Agency: "U1", From: day("2024-01-01"), To: day("2024-12-31")}, As: overseer,
		Then: []domain.Event{programme.Opened{Agency: "U1", From: day("2024-01-01"), To: day("2024-12-31")}}},
	{Name: "a cycle is opened once", Given: past(opened), When: programme.Open{Agency: "U1", From: day("2024-01-01"), To: day("2024-12-31")}, As: leader,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "an agency is required", When: programme.Open{From: day("2024-01-01"), To: day("2024-12-31")}, As: leader,
		Refused: domain.CodeInvalid, Field: "agency"},
	{Name: "a first day is required", When: programme.Open{Agency: "U1", To: day("2024-12-31")}, As: leader,
		Refused: domain.CodeInvalid, Field: "from"},
	{Name: "a period does not end before it begins", When: programme.Open{Agency: "U1", From: day("2024-01-01"), To: day("2023-12-31")}, As: leader,
		Refused: domain.CodeInvalid, Field: "to"},
}

var assessing = []domaintest.Scenario{
	{Name: "the baseline scores all twenty articles", Given: past(opened), When: programme.AssessBaseline{Scores: scores()}, As: hr,
		Then: []domain.Event{programme.BaselineAssessed{Agency: "U1", Scores: scores()}}},
	{Name: "events will do as a basis", Given: past(opened), As: hr,
		When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Basis, s.Events = "", []domain.EventID{"e-1"} })},
		Then: []domain.Event{programme.BaselineAssessed{Agency: "U1", Scores: with(func(s *programme.Score) { s.Basis, s.Events = "", []domain.EventID{"e-1"} })}}},
	{Name: "nineteen are too few", Given: past(opened), When: programme.AssessBaseline{Scores: scores()[1:]}, As: hr,
		Refused: domain.CodeIncomplete, Field: "scores", Rule: "创双政"},
	{Name: "one twice is refused", Given: past(opened), When: programme.AssessBaseline{Scores: append(scores(), scores()[3])}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "an article there is not is refused", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Article = "I11" })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "a score below nothing is refused", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Score = -1 })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "a score above a hundred is refused", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Score = 101 })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "a score rests on something", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Basis = "" })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "a basis keeps its limit", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Basis = strings.Repeat("x", programme.MostBasis+1) })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "a basis is text", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Basis = "\xff" })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "too many events are refused", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Events = make([]domain.EventID, programme.MostBehind+1) })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "a malformed event is refused", Given: past(opened), When: programme.AssessBaseline{Scores: with(func(s *programme.Score) { s.Events = []domain.EventID{"e/1"} })}, As: hr,
		Refused: domain.CodeInvalid, Field: "scores"},
	{Name: "the baseline is assessed once", Given: past(opened, baseline), When: programme.AssessBaseline{Scores: scores()}, As: hr,
		Refused: domain.CodeState},
}

var adopting = []domaintest.Scenario{
	{Name: "a scheme follows the baseline", Given: past(opened, baseline), When: programme.AdoptScheme{Title: "实施方案", Evidence: paper}, As: leader,
		Then: []domain.Event{programme.SchemeAdopted{Title: "实施方案", Evidence: paper}}},
	{Name: "without a baseline there is no scheme", Given: past(opened), When: programme.AdoptScheme{Title: "实施方案", Evidence: paper}, As: leader,
		Refused: domain.CodeIncomplete, Rule: "创双政"},
	{Name: "a scheme is adopted once", Given: past(opened, baseline, scheme), When: programme.AdoptScheme{Title: "实施方案", Evidence: paper}, As: leader,
		Refused: domain.CodeState},
	{Name: "a title is required", Given: past(opened, baseline), When: programme.AdoptScheme{Evidence: paper}, As: leader,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "the scheme is filed", Given: past(opened, baseline), When: programme.AdoptScheme{Title: "实施方案"}, As: leader,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "malformed evidence is refused", Given: past(opened, baseline), When: programme.AdoptScheme{Title: "实施方案", Evidence: []domain.Evidence{{}}}, As: leader,
		Refused: domain.CodeInvalid, Field: "evidence"},
}

var guiding = []domaintest.Scenario{
	{Name: "the overseer guides at any time", Given: past(opened), When: programme.IssueGuidance{Text: "see to the posts", Articles: []domain.Article{"I9", "D10"}}, As: overseer,
		Then: []domain.Event{programme.GuidanceIssued{Agency: "U1", Text: "see to the posts", Articles: []domain.Article{"I9", "D10"}}}},
	{Name: "and again", Given: past(opened, baseline, scheme, guidance), When: programme.IssueGuidance{Text: "still", Articles: []domain.Article{"I9"}}, As: overseer,
		Then: []domain.Event{programme.GuidanceIssued{Agency: "U1", Text: "still", Articles: []domain.Article{"I9"}}}},
	{Name: "guidance says something", Given: past(opened), When: programme.IssueGuidance{Articles: []domain.Article{"I9"}}, As: overseer,
		Refused: domain.CodeInvalid, Field: "text"},
	{Name: "guidance is about an article", Given: past(opened), When: programme.IssueGuidance{Text: "see"}, As: overseer,
		Refused: domain.CodeInvalid, Field: "articles"},
	{Name: "an article is named once", Given: past(opened), When: programme.IssueGuidance{Text: "see", Articles: []domain.Article{"I9", "I9"}}, As: overseer,
		Refused: domain.CodeInvalid, Field: "articles"},
	{Name: "an article there is not is refused", Given: past(opened), When: programme.IssueGuidance{Text: "see", Articles: []domain.Article{"I0"}}, As: overseer,
		Refused: domain.CodeInvalid, Field: "articles"},
	{Name: "a leader does not guide", Given: past(opened), When: programme.IssueGuidance{Text: "see", Articles: []domain.Article{"I9"}}, As: leader,
		Refused: domain.CodeForbidden, Field: "role"},
}

// fewer is a rulebook that came to have fewer articles.
func fewer() *domain.Rulebook {
	book := domain.CN2024()
	book.Programme.Articles = book.Programme.Articles[:3]
	return book
}

var evaluating = []domaintest.Scenario{
	{Name: "another person evaluates the result", Given: past(opened, baseline, scheme), When: programme.EvaluateResult{Scores: scores()}, As: overseer,
		Then: []domain.Event{programme.ResultEvaluated{Agency: "U1", Scores: scores()}}},
	{Name: "on the articles of the baseline, whatever the rulebook has now", Given: past(opened, baseline, scheme), When: programme.EvaluateResult{Scores: scores()}, As: overseer, Book: fewer(),
		Then: []domain.Event{programme.ResultEvaluated{Agency: "U1", Scores: scores()}}},
	{Name: "who assessed the baseline does not evaluate", Given: past(opened, baseline, scheme), When: programme.EvaluateResult{Scores: scores()}, As: leader,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice"},
	{Name: "without a scheme there is no result", Given: past(opened, baseline), When: programme.EvaluateResult{Scores: scores()}, As: overseer,
		Refused: domain.CodeIncomplete, Rule: "创双政"},
	{Name: "nor without a baseline", Given: past(opened), When: programme.EvaluateResult{Scores: scores()}, As: overseer,
		Refused: domain.CodeIncomplete, Rule: "创双政"},
	{Name: "an article less is refused", Given: past(opened, baseline, scheme), When: programme.EvaluateResult{Scores: scores()[:19]}, As: overseer,
		Refused: domain.CodeIncomplete, Field: "scores"},
	{Name: "a result is evaluated once", Given: past(opened, baseline, scheme, evaluated), When: programme.EvaluateResult{Scores: scores()}, As: overseer,
		Refused: domain.CodeState},
}

var publishing = []domaintest.Scenario{
	{Name: "what worked is made known", Given: past(opened, baseline, scheme, evaluated), When: programme.PublishPractice{Title: "two keys", Evidence: paper}, As: leader,
		Then: []domain.Event{programme.PracticePublished{Agency: "U1", Title: "two keys", Evidence: paper}}},
	{Name: "and more of it", Given: past(opened, baseline, scheme, evaluated, practice), When: programme.PublishPractice{Title: "lots", Evidence: paper}, As: overseer,
		Then: []domain.Event{programme.PracticePublished{Agency: "U1", Title: "lots", Evidence: paper}}},
	{Name: "before the result nobody knows what worked", Given: past(opened, baseline, scheme), When: programme.PublishPractice{Title: "two keys", Evidence: paper}, As: leader,
		Refused: domain.CodeIncomplete, Rule: "创双政"},
	{Name: "a title is required", Given: past(opened, baseline, scheme, evaluated), When: programme.PublishPractice{Evidence: paper}, As: leader,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "the practice is filed", Given: past(opened, baseline, scheme, evaluated), When: programme.PublishPractice{Title: "two keys"}, As: leader,
		Refused: domain.CodeInvalid, Field: "evidence"},
}

var closing = []domaintest.Scenario{
	{Name: "an evaluated cycle is closed", Given: past(opened, survey, tokens, surveyed, baseline, scheme, evaluated), When: programme.Close{}, As: leader,
		Then: []domain.Event{programme.Closed{}}},
	{Name: "a survey that takes answers holds it open", Given: past(opened, survey, baseline, scheme, evaluated), When: programme.Close{}, As: leader,
		Refused: domain.CodeIncomplete},
	{Name: "a cycle without a result is not closed", Given: past(opened, baseline, scheme), When: programme.Close{}, As: leader,
		Refused: domain.CodeIncomplete, Rule: "创双政"},
}

var importing = []domaintest.Scenario{
	{Name: "a cycle of old is filed", When: programme.Import{Agency: "U1", From: day("2015-01-01"), To: day("2015-12-31"), Note: "the first"}, As: importer,
		Then: []domain.Event{programme.Imported{Agency: "U1", From: day("2015-01-01"), To: day("2015-12-31"), Note: "the first"}}},
	{Name: "an agency will do", When: programme.Import{Agency: "U1"}, As: importer,
		Then: []domain.Event{programme.Imported{Agency: "U1"}}},
	{Name: "a cycle on file is not imported over", Given: past(opened), When: programme.Import{Agency: "U1"}, As: importer,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "an agency is required", When: programme.Import{}, As: importer,
		Refused: domain.CodeInvalid, Field: "agency"},
	{Name: "a note keeps the size limit", When: programme.Import{Agency: "U1", Note: long}, As: importer,
		Refused: domain.CodeInvalid, Field: "note"},
	{Name: "a period does not end before it begins", When: programme.Import{Agency: "U1", From: day("2015-12-31"), To: day("2015-01-01")}, As: importer,
		Refused: domain.CodeInvalid, Field: "to"},
}
