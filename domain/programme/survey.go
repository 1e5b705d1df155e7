package programme

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// MostTokens is how many tokens one event may issue, so that it stays under
// the ledger's entry limit. LeastToken is the least length of a token in
// bytes; draw at least 128 random bits, or the digest gives it away.
const (
	MostTokens = 500
	LeastToken = 16
)

// ActorPublic is the actor of every answer to a survey.
const ActorPublic domain.ActorID = "public"

// Grade is the overall answer to a survey.
type Grade string

// The grades, best first.
const (
	GradeVerySatisfied      Grade = "very_satisfied"      // 很满意
	GradeFairlyGood         Grade = "fairly_good"         // 比较好
	GradeAverage            Grade = "average"             // 一般
	GradeNeedsStrengthening Grade = "needs_strengthening" // 有待加强
)

// Grades lists every grade, best first.
func Grades() []Grade {
	return []Grade{GradeVerySatisfied, GradeFairlyGood, GradeAverage, GradeNeedsStrengthening}
}

// TokenDigest is how the ledger knows a token: the SHA-256 of its bytes.
func TokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Measure is one measure a survey asks about.
type Measure struct {
	// Measure is its code, unique in the survey.
	Measure string `json:"measure"`
	Text    string `json:"text"`
}

// SurveyOpened: a survey takes answers.
type SurveyOpened struct {
	Survey     string    `json:"survey"`
	Instrument string    `json:"instrument"`
	Measures   []Measure `json:"measures"`
	Grades     []Grade   `json:"grades"`
}

func (SurveyOpened) Kind() domain.Kind { return "programme.survey_opened.v1" }

func (e SurveyOpened) Apply(p *Programme, act domain.Act) {
	if p.survey(e.Survey) >= 0 {
		return
	}
	s := SurveyState{Code: e.Survey, Tokens: map[string]bool{}}
	for _, m := range e.Measures {
		s.Measures = append(s.Measures, m.Measure)
	}
	p.Surveys = append(slices.Clone(p.Surveys), s)
}

// OpenSurvey begins a survey, at any time of the cycle.
type OpenSurvey struct {
	// Survey is its code, unique in the cycle.
	Survey string `json:"survey"`
	// Instrument names the questionnaire and its version.
	Instrument string `json:"instrument"`
	// Measures are those asked about, as many as the rulebook says. Their
	// texts together are at most domain.MaxText bytes.
	Measures []Measure `json:"measures"`
}

func (OpenSurvey) Name() domain.CommandName { return "programme.open_survey" }

func (OpenSurvey) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

func (c OpenSurvey) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.underWay("surveyed"), p.newSurvey(c.Survey), domain.CheckText("instrument", c.Instrument)); err != nil {
		return nil, err
	}
	if n, want := len(c.Measures), book.Programme.Measures; n != want {
		return nil, domain.Refuse(domain.CodeInvalid, "measures", "there are %d; the survey of %s asks about %d", n, book.ID, want)
	}
	var codes, texts []string
	for _, m := range c.Measures {
		if m.Text == "" {
			return nil, domain.Refuse(domain.CodeInvalid, "measures", "measure %s asks nothing", m.Measure)
		}
		codes, texts = append(codes, m.Measure), append(texts, m.Text)
	}
	if err := checkMeasures(codes, texts); err != nil {
		return nil, err
	}
	return []domain.Event{SurveyOpened{c.Survey, c.Instrument, c.Measures, Grades()}}, nil
}

// checkMeasures refuses measures named wrongly or twice, and texts that are
// too long together for one event.
func checkMeasures(codes, texts []string) error {
	return domain.First(domain.CheckIDs("measures", codes), domain.CheckOptionalText("measures", strings.Join(texts, "")))
}

// newSurvey refuses a code that is malformed or taken.
func (p Programme) newSurvey(code string) error {
	if err := domain.CheckID("survey", code); err != nil {
		return err
	}
	if p.survey(code) >= 0 {
		return domain.Refuse(domain.CodeExists, "survey", "survey %s is on file already", code)
	}
	return nil
}

// SurveyTokensIssued: whoever holds one of these tokens may answer once. The
// tokens are known by their digests.
type SurveyTokensIssued struct {
	Survey string   `json:"survey"`
	Tokens []string `json:"tokens"`
}

func (SurveyTokensIssued) Kind() domain.Kind { return "programme.survey_tokens_issued.v1" }

func (e SurveyTokensIssued) Apply(p *Programme, act domain.Act) {
	p.changeSurvey(e.Survey, func(s *SurveyState) {
		for _, t := range e.Tokens {
			if !s.Tokens[t] {
				s.Tokens[t] = false
			}
		}
	})
}

// IssueSurveyTokens makes tokens good for one answer each. Draw them like
// lots: who knows which token a person got can tell their answer.
type IssueSurveyTokens struct {
	Survey string `json:"survey"`
	// Tokens are their digests (TokenDigest), 1 to MostTokens.
	Tokens []string `json:"tokens"`
}

func (IssueSurveyTokens) Name() domain.CommandName { return "programme.issue_survey_tokens" }

func (IssueSurveyTokens) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleOverseer}
}

func (c IssueSurveyTokens) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	s, err := p.openSurvey(c.Survey, "surveyed")
	if err != nil {
		return nil, err
	}
	if n := len(c.Tokens); n < 1 || n > MostTokens {
		return nil, domain.Refuse(domain.CodeInvalid, "tokens", "there are %d; issue 1 to %d at a time", n, MostTokens)
	}
	seen := map[string]bool{}
	for _, t := range c.Tokens {
		if err := domain.CheckDigest("tokens", t); err != nil {
			return nil, err
		}
		if _, issued := s.Tokens[t]; issued || seen[t] {
			return nil, domain.Refuse(domain.CodeExists, "tokens", "%s is issued twice", t)
		}
		seen[t] = true
	}
	return []domain.Event{SurveyTokensIssued(c)}, nil
}

// SurveyClosed: the survey takes no more answers. Distributed questionnaires
// went out, Valid came back.
type SurveyClosed struct {
	Survey      string `json:"survey"`
	Distributed int    `json:"distributed"`
	Valid       int    `json:"valid"`
}

func (SurveyClosed) Kind() domain.Kind { return "programme.survey_closed.v1" }

func (e SurveyClosed) Apply(p *Programme, act domain.Act) {
	p.changeSurvey(e.Survey, func(s *SurveyState) { s.Closed = true })
}

// CloseSurvey ends a survey. Its valid answers are those recorded: an invalid
// one is refused when it is given.
type CloseSurvey struct {
	Survey string `json:"survey"`
	// Distributed is how many tokens were handed out, all that were issued
	// when absent.
	Distributed int `json:"distributed,omitzero"`
}

func (CloseSurvey) Name() domain.CommandName { return "programme.close_survey" }

func (CloseSurvey) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

func (c CloseSurvey) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	s, err := p.openSurvey(c.Survey, "surveyed")
	if err != nil {
		return nil, err
	}
	valid := s.Tally.Valid()
	if c.Distributed == 0 {
		c.Distributed = len(s.Tokens)
	}
	if c.Distributed < valid || c.Distributed > len(s.Tokens) {
		return nil, domain.Refuse(domain.CodeInvalid, "distributed", "%d is no number between the answers, %d, and the tokens issued, %d", c.Distributed, valid, len(s.Tokens))
	}
	return []domain.Event{SurveyClosed{c.Survey, c.Distributed, valid}}, nil
}
