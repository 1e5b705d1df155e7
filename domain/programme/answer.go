package programme

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Opinion is what an answer says of one measure.
type Opinion struct {
	Measure string `json:"measure"`
	// Exists: the agency has it; Known: the person knew of it; Wanted: the
	// person wants it.
	Exists bool `json:"exists,omitzero"`
	Known  bool `json:"known,omitzero"`
	Wanted bool `json:"wanted,omitzero"`
}

// SurveyAnswered: somebody answered, with the token of this digest. Nothing
// says who.
type SurveyAnswered struct {
	Survey   string    `json:"survey"`
	Token    string    `json:"token"`
	Grade    Grade     `json:"grade"`
	Measures []Opinion `json:"measures,omitempty"`
}

func (SurveyAnswered) Kind() domain.Kind { return "programme.survey_answered.v1" }

func (e SurveyAnswered) Apply(p *Programme, act domain.Act) {
	p.changeSurvey(e.Survey, func(s *SurveyState) {
		s.Tokens[e.Token] = true
		s.Tally = s.Tally.plus(e.Grade)
	})
}

// AnswerSurvey answers a survey without signing in.
type AnswerSurvey struct {
	Survey string `json:"survey"`
	// Token is the one that was drawn, in clear; the ledger keeps its digest.
	Token string `json:"token"`
	// Grade is very_satisfied, fairly_good, average or needs_strengthening.
	Grade Grade `json:"grade"`
	// Measures are opinions on the survey's measures, each at most once.
	Measures []Opinion `json:"measures,omitempty"`
}

func (AnswerSurvey) Name() domain.CommandName { return "programme.answer_survey" }

func (AnswerSurvey) By() []domain.Role { return []domain.Role{domain.RolePublic} }

func (c AnswerSurvey) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if act.Actor != ActorPublic {
		return nil, domain.Refuse(domain.CodeInvalid, "actor", "an answer is given as %q and nobody else", ActorPublic).Under(book.Programme.Anonymity)
	}
	s, err := p.openSurvey(c.Survey, "surveyed")
	if err := domain.First(err, domain.CheckOneOf("grade", c.Grade, Grades()...), s.checkOpinions(c.Measures)); err != nil {
		return nil, err
	}
	if len(c.Token) < LeastToken {
		return nil, domain.Refuse(domain.CodeInvalid, "token", "is shorter than %d bytes", LeastToken)
	}
	digest := TokenDigest(c.Token)
	used, issued := s.Tokens[digest]
	if !issued {
		return nil, domain.Refuse(domain.CodeForbidden, "token", "was not issued for this survey")
	}
	if used {
		return nil, domain.Refuse(domain.CodeExists, "token", "was used already; a token is good for one answer").Under(book.Programme.Anonymity)
	}
	return []domain.Event{SurveyAnswered{c.Survey, digest, c.Grade, c.Measures}}, nil
}

// checkOpinions refuses opinions on what the survey does not ask, or twice on
// one measure.
func (s SurveyState) checkOpinions(list []Opinion) error {
	var seen []string
	for _, o := range list {
		if !slices.Contains(s.Measures, o.Measure) {
			return domain.Refuse(domain.CodeInvalid, "measures", "%q is no measure of this survey", o.Measure)
		}
		if slices.Contains(seen, o.Measure) {
			return domain.Refuse(domain.CodeInvalid, "measures", "measure %s is answered twice", o.Measure)
		}
		seen = append(seen, o.Measure)
	}
	return nil
}

// Tally counts answers by grade.
type Tally struct {
	VerySatisfied      int `json:"verySatisfied"`
	FairlyGood         int `json:"fairlyGood"`
	Average            int `json:"average"`
	NeedsStrengthening int `json:"needsStrengthening"`
}

// Counts lists the counts in the order of Grades.
func (t Tally) Counts() []int {
	return []int{t.VerySatisfied, t.FairlyGood, t.Average, t.NeedsStrengthening}
}

// Valid is how many answers there are.
func (t Tally) Valid() int { return t.VerySatisfied + t.FairlyGood + t.Average + t.NeedsStrengthening }

// plus counts one more answer; an unknown grade counts nowhere.
func (t Tally) plus(g Grade) Tally {
	switch g {
	case GradeVerySatisfied:
		t.VerySatisfied++
	case GradeFairlyGood:
		t.FairlyGood++
	case GradeAverage:
		t.Average++
	case GradeNeedsStrengthening:
		t.NeedsStrengthening++
	}
	return t
}
