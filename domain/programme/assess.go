package programme

import (
	"github.com/probity-ledger/probity/domain"
)

// MostBasis is the longest basis of one score in bytes, and MostBehind how
// many events may stand behind it, so that all articles fit one event.
const (
	MostBasis  = 1 << 10
	MostBehind = 20
)

// Score is how far the agency is on one article.
type Score struct {
	Article domain.Article `json:"article"`
	// Score runs from 0 to 100.
	Score int `json:"score"`
	// Basis says what it rests on, Events are the recorded ones behind it; at
	// least one of them.
	Basis  string           `json:"basis,omitzero"`
	Events []domain.EventID `json:"events,omitempty"`
}

// checkScores refuses scores that do not take every one of the articles
// once, each on some basis.
func checkScores(scores []Score, articles []domain.Article, book *domain.Rulebook) error {
	seen := map[domain.Article]bool{}
	for _, s := range scores {
		if err := domain.First(domain.CheckOneOf("scores", s.Article, articles...), s.check()); err != nil {
			return err
		}
		if seen[s.Article] {
			return domain.Refuse(domain.CodeInvalid, "scores", "article %s is scored twice", s.Article)
		}
		seen[s.Article] = true
	}
	for _, a := range articles {
		if !seen[a] {
			return domain.Refuse(domain.CodeIncomplete, "scores", "article %s is not scored; every one of the %d is", a, len(articles)).Under(book.Programme.Cycle)
		}
	}
	return nil
}

// check refuses a score out of range, or one that rests on nothing.
func (s Score) check() error {
	switch {
	case s.Score < 0 || s.Score > 100:
		return domain.Refuse(domain.CodeInvalid, "scores", "article %s has %d; a score runs from 0 to 100", s.Article, s.Score)
	case s.Basis == "" && len(s.Events) == 0:
		return domain.Refuse(domain.CodeInvalid, "scores", "article %s rests on nothing; say on what, or name the events", s.Article)
	case len(s.Basis) > MostBasis:
		return domain.Refuse(domain.CodeInvalid, "scores", "the basis of article %s is %d bytes long, at most %d are allowed", s.Article, len(s.Basis), MostBasis)
	case len(s.Events) > MostBehind:
		return domain.Refuse(domain.CodeInvalid, "scores", "article %s names %d events, at most %d are allowed", s.Article, len(s.Events), MostBehind)
	}
	return domain.First(domain.CheckOptionalText("scores", s.Basis), domain.CheckIDs("scores", s.Events))
}

// BaselineAssessed: where the agency stands at the beginning.
type BaselineAssessed struct {
	Agency domain.UnitID `json:"agency"`
	Scores []Score       `json:"scores"`
}

func (BaselineAssessed) Kind() domain.Kind { return "programme.baseline_assessed.v1" }

func (e BaselineAssessed) Apply(p *Programme, act domain.Act) {
	p.Status, p.Assessor, p.Articles = StatusAssessed, act.Actor, nil
	for _, s := range e.Scores {
		p.Articles = append(p.Articles, s.Article)
	}
}

// AssessBaseline scores every article at the beginning of the cycle.
type AssessBaseline struct {
	// Scores are one for each of the rulebook's articles, in any order.
	Scores []Score `json:"scores"`
}

func (AssessBaseline) Name() domain.CommandName { return "programme.assess_baseline" }

func (AssessBaseline) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector, domain.RoleHR, domain.RoleOverseer}
}

func (c AssessBaseline) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.at(StatusOpen, "assessed", "", book), checkScores(c.Scores, book.Programme.Articles, book)); err != nil {
		return nil, err
	}
	return []domain.Event{BaselineAssessed{p.Agency, c.Scores}}, nil
}

// ResultEvaluated: where the agency stands at the end, on the same articles.
type ResultEvaluated struct {
	Agency domain.UnitID `json:"agency"`
	Scores []Score       `json:"scores"`
}

func (ResultEvaluated) Kind() domain.Kind { return "programme.result_evaluated.v1" }

func (e ResultEvaluated) Apply(p *Programme, act domain.Act) { p.Status = StatusEvaluated }

// EvaluateResult scores, at the end of the cycle, every article that the
// baseline scored. Who assessed the baseline cannot.
type EvaluateResult struct {
	// Scores are one for each article of the baseline, in any order.
	Scores []Score `json:"scores"`
}

func (EvaluateResult) Name() domain.CommandName { return "programme.evaluate_result" }

func (EvaluateResult) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleOverseer}
}

func (c EvaluateResult) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.at(StatusScheme, "evaluated", "adopt a scheme and carry it out", book),
		checkScores(c.Scores, p.Articles, book)); err != nil {
		return nil, err
	}
	if act.Actor == p.Assessor {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s assessed the baseline; another person must evaluate the result", act.Actor).Under(book.Programme.Separation)
	}
	return []domain.Event{ResultEvaluated{p.Agency, c.Scores}}, nil
}
