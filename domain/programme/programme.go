// Package programme is the room of one cycle of the programme (创双政) of one
// agency and period: the baseline is assessed on the twenty articles, a
// scheme is adopted and carried out under the overseer's guidance, the result
// is evaluated on the same articles by another person, good practice is
// published, and the cycle is closed.
//
// Its survey is anonymous: an answer is given by "public" with a one-use
// token, of which the ledger holds the digest alone. A token that was not
// issued, or was used, is refused. Nothing in an answer leads back to a
// person, as long as the tokens are drawn like lots and whoever submits an
// answer gives it no telling id and no telling time.
//
// Tabulate makes of counts what may be shown of them, small cells suppressed.
package programme

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("programme", "创双政",
	[]domain.EventOf[Programme]{
		Opened{}, BaselineAssessed{}, SchemeAdopted{}, GuidanceIssued{},
		SurveyOpened{}, SurveyTokensIssued{}, SurveyAnswered{}, SurveyClosed{}, SurveyImported{},
		ResultEvaluated{}, PracticePublished{}, Closed{}, Imported{},
	},
	[]domain.CommandOf[Programme]{
		Open{}, AssessBaseline{}, AdoptScheme{}, IssueGuidance{},
		OpenSurvey{}, IssueSurveyTokens{}, AnswerSurvey{}, CloseSurvey{}, ImportSurvey{},
		EvaluateResult{}, PublishPractice{}, Close{}, Import{},
	})

// Status is where in its life a cycle stands.
type Status string

// The life of a cycle.
const (
	StatusNone      Status = ""
	StatusOpen      Status = "open"
	StatusAssessed  Status = "assessed"  // the baseline is
	StatusScheme    Status = "scheme"    // is adopted and carried out
	StatusEvaluated Status = "evaluated" // the result is
	StatusClosed    Status = "closed"
	StatusImported  Status = "imported"
)

// life is the order of a cycle under way.
var life = []Status{StatusOpen, StatusAssessed, StatusScheme, StatusEvaluated}

// Programme is the state of one cycle.
type Programme struct {
	Status Status
	Agency domain.UnitID
	From   domain.Date
	To     domain.Date
	// Assessor assessed the baseline, on the Articles.
	Assessor domain.ActorID
	Articles []domain.Article
	Surveys  []SurveyState
}

// SurveyState is how far a survey came.
type SurveyState struct {
	Code   string
	Closed bool
	// Measures are the codes of those it asks about.
	Measures []string
	// Tokens are the digests issued, true once used.
	Tokens map[string]bool
	// Tally counts the answers by grade.
	Tally Tally
}

// underWay refuses unless the cycle was opened and is not closed.
func (p Programme) underWay(verb string) error {
	if p.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such cycle; open it first")
	}
	if !slices.Contains(life, p.Status) {
		return domain.Refuse(domain.CodeState, "", "a cycle that is %s cannot be %s", p.Status, verb)
	}
	return nil
}

// at refuses unless the cycle stands at the status: what comes before it is
// missing otherwise, or the step was taken already.
func (p Programme) at(status Status, verb, missing string, book *domain.Rulebook) error {
	if err := p.underWay(verb); err != nil {
		return err
	}
	now, want := slices.Index(life, p.Status), slices.Index(life, status)
	if now < want {
		return domain.Refuse(domain.CodeIncomplete, "", "%s first", missing).Under(book.Programme.Cycle)
	}
	if now > want {
		return domain.Refuse(domain.CodeState, "", "the cycle was %s already", verb)
	}
	return nil
}

// survey returns the place of the survey; -1 when there is none.
func (p Programme) survey(code string) int {
	return slices.IndexFunc(p.Surveys, func(s SurveyState) bool { return s.Code == code })
}

// openSurvey returns the survey of the code while it takes answers, or
// refuses.
func (p Programme) openSurvey(code, verb string) (SurveyState, error) {
	if err := p.underWay(verb); err != nil {
		return SurveyState{}, err
	}
	i := p.survey(code)
	if i < 0 {
		return SurveyState{}, domain.Refuse(domain.CodeInvalid, "survey", "there is no survey %q; open it first", code)
	}
	if p.Surveys[i].Closed {
		return SurveyState{}, domain.Refuse(domain.CodeState, "survey", "survey %s is closed", code)
	}
	return p.Surveys[i], nil
}

// changeSurvey folds a change of one survey; an unknown one changes nothing.
func (p *Programme) changeSurvey(code string, change func(*SurveyState)) {
	if i := p.survey(code); i >= 0 {
		p.Surveys = slices.Clone(p.Surveys)
		change(&p.Surveys[i])
	}
}
