package post

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// RiskIdentified: a point at which power may go astray 廉政风险点 was found.
type RiskIdentified struct {
	Risk        string `json:"risk"`
	Power       string `json:"power,omitzero"`
	Description string `json:"description"`
}

func (RiskIdentified) Kind() domain.Kind { return "post.risk_identified.v1" }

func (e RiskIdentified) Apply(p *Post, act domain.Act) {
	if p.risk(e.Risk) < 0 {
		p.Risks = append(slices.Clone(p.Risks), Risk{Code: e.Risk, Power: e.Power, Pending: len(p.Reratings) > 0})
	}
}

// IdentifyRisk names a risk point of the post.
type IdentifyRisk struct {
	// Risk is its code, unique at the post.
	Risk string `json:"risk"`
	// Power is the code of the listed power it lies in, if it lies in one.
	Power       string `json:"power,omitzero"`
	Description string `json:"description"`
}

func (IdentifyRisk) Name() domain.CommandName { return "post.identify_risk" }

func (IdentifyRisk) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleLeader, domain.RoleInspector}
}

func (c IdentifyRisk) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.open(), domain.CheckID("risk", c.Risk), domain.CheckText("description", c.Description)); err != nil {
		return nil, err
	}
	if p.risk(c.Risk) >= 0 {
		return nil, domain.Refuse(domain.CodeExists, "risk", "risk %q was identified already", c.Risk)
	}
	if c.Power != "" {
		if err := p.hasPower(c.Power); err != nil {
			return nil, err
		}
	}
	return []domain.Event{RiskIdentified(c)}, nil
}

// Level is who grades a risk.
type Level string

// The three levels of grading 三级评定.
const (
	LevelUnit       Level = "unit"       // the post's own unit 岗位
	LevelSection    Level = "section"    // the section above it 科室
	LevelLeadership Level = "leadership" // the agency's leadership 领导班子
)

// Grade is how great a risk is.
type Grade string

// The grades of risk.
const (
	GradeHigh   Grade = "high"
	GradeMedium Grade = "medium"
	GradeLow    Grade = "low"
)

// Factors are what a risk is judged by, each from 1 (least) to 5 (most).
type Factors struct {
	// Nature is how far the power can be turned to private gain: 1 for
	// clerical work, 5 for deciding over money, permits or penalties.
	Nature int `json:"nature"`
	// Scope is how many people and how much money it reaches.
	Scope int `json:"scope"`
	// Discretion is how freely it is used.
	Discretion int `json:"discretion"`
	// Likelihood is how often it went astray here or in like posts.
	Likelihood int `json:"likelihood"`
	// Harm is how bad it would be.
	Harm int `json:"harm"`
}

// check refuses a factor outside 1 to 5.
func (f Factors) check() error {
	for _, x := range []struct {
		name  string
		value int
	}{{"nature", f.Nature}, {"scope", f.Scope}, {"discretion", f.Discretion}, {"likelihood", f.Likelihood}, {"harm", f.Harm}} {
		if x.value < 1 || x.value > 5 {
			return domain.Refuse(domain.CodeInvalid, "factors", "%s is %d; each factor is 1 to 5", x.name, x.value)
		}
	}
	return nil
}

// Score combines the factors as risk work commonly does, chance times harm:
//
//	(nature + scope + discretion + 3 × likelihood) × harm
//
// The chance has two halves of equal weight (3 to 15 each): what the power
// lays open, its nature, scope and discretion; and what experience says of
// the likelihood. The score of factors within 1 to 5 runs from 6 to 150, and
// never falls when a factor rises.
func (f Factors) Score() int {
	return (f.Nature + f.Scope + f.Discretion + 3*f.Likelihood) * f.Harm
}

// GradeOf returns the grade of a score by the rulebook's thresholds.
func GradeOf(score int, rules domain.PostRules) Grade {
	switch {
	case score >= rules.HighScore:
		return GradeHigh
	case score >= rules.MediumScore:
		return GradeMedium
	}
	return GradeLow
}

// RiskGraded: one level graded a risk. The leadership's grading ends the
// round: its grade is the risk's, to be repeated by the day NextBy.
type RiskGraded struct {
	Risk    string      `json:"risk"`
	Level   Level       `json:"level"`
	Factors Factors     `json:"factors"`
	Score   int         `json:"score"`
	Grade   Grade       `json:"grade"`
	NextBy  domain.Date `json:"nextBy,omitzero"`
}

func (RiskGraded) Kind() domain.Kind { return "post.risk_graded.v1" }

func (e RiskGraded) Apply(p *Post, act domain.Act) {
	i := p.risk(e.Risk)
	if i < 0 {
		return
	}
	p.Risks = slices.Clone(p.Risks)
	r := &p.Risks[i]
	if e.Level != LevelLeadership {
		r.Round = append(slices.Clone(r.Round), Grading{e.Level, act.Actor})
		return
	}
	r.Grade, r.Score, r.NextBy = e.Grade, e.Score, e.NextBy
	r.Round, r.Pending = nil, false
	if !slices.ContainsFunc(p.Risks, func(r Risk) bool { return r.Pending }) {
		p.Reratings = nil
	}
}

// GradeRisk grades a risk at one level. In a round each level grades once,
// the leadership last, by three persons. After a full round the next may
// begin at any time.
type GradeRisk struct {
	Risk    string  `json:"risk"`
	Level   Level   `json:"level"`
	Factors Factors `json:"factors"`
}

func (GradeRisk) Name() domain.CommandName { return "post.grade_risk" }

func (GradeRisk) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c GradeRisk) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.open(), p.hasRisk(c.Risk), c.Factors.check()); err != nil {
		return nil, err
	}
	score := c.Factors.Score()
	graded := RiskGraded{Risk: c.Risk, Level: c.Level, Factors: c.Factors, Score: score, Grade: GradeOf(score, book.Post)}
	round := p.Risks[p.risk(c.Risk)].Round
	switch c.Level {
	case LevelUnit, LevelSection:
		if slices.ContainsFunc(round, func(g Grading) bool { return g.Level == c.Level }) {
			return nil, domain.Refuse(domain.CodeExists, "level", "the %s level has graded in this round; the others come first", c.Level)
		}
	case LevelLeadership:
		if act.Role != domain.RoleLeader {
			return nil, domain.Refuse(domain.CodeForbidden, "level", "only a leader grades for the leadership")
		}
		if len(round) < 2 {
			return nil, domain.Refuse(domain.CodeIncomplete, "level", "unit and section grade before the leadership")
		}
		graded.NextBy = book.Service.ReRate.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	default:
		return nil, domain.Refuse(domain.CodeInvalid, "level", "%q is none of unit, section, leadership", c.Level)
	}
	if slices.ContainsFunc(round, func(g Grading) bool { return g.By == act.Actor }) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s graded at another level of this round; another person must grade at this one", act.Actor).Under(book.Post.Separation)
	}
	return []domain.Event{graded}, nil
}
