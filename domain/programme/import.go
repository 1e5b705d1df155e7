package programme

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Imported: a cycle of before this ledger, or elsewhere.
type Imported struct {
	Agency domain.UnitID `json:"agency"`
	From   domain.Date   `json:"from,omitzero"`
	To     domain.Date   `json:"to,omitzero"`
	Note   string        `json:"note,omitzero"`
}

func (Imported) Kind() domain.Kind { return "programme.imported.v1" }

func (e Imported) Apply(p *Programme, act domain.Act) {
	p.Status, p.Agency, p.From, p.To = StatusImported, e.Agency, e.From, e.To
}

// Import files a cycle of old. Only surveys are added to it.
type Import struct {
	Agency domain.UnitID `json:"agency"`
	From   domain.Date   `json:"from,omitzero"`
	To     domain.Date   `json:"to,omitzero"`
	Note   string        `json:"note,omitzero"`
}

func (Import) Name() domain.CommandName { return "programme.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.fresh(), domain.CheckID("agency", c.Agency), domain.CheckOptionalText("note", c.Note)); err != nil {
		return nil, err
	}
	if !c.To.IsZero() && c.To.Before(c.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%s lies before the first day, %s", c.To, c.From)
	}
	return []domain.Event{Imported(c)}, nil
}

// MeasureTally counts what the answers said of one measure.
type MeasureTally struct {
	Measure string `json:"measure"`
	Text    string `json:"text,omitzero"`
	Exists  int    `json:"exists"`
	Known   int    `json:"known"`
	Wanted  int    `json:"wanted"`
}

// SurveyImported: what a survey of old counted.
type SurveyImported struct {
	Survey      string         `json:"survey"`
	Instrument  string         `json:"instrument,omitzero"`
	HeldOn      domain.Date    `json:"heldOn,omitzero"`
	Distributed int            `json:"distributed,omitzero"`
	Valid       int            `json:"valid"`
	Grades      Tally          `json:"grades"`
	Measures    []MeasureTally `json:"measures,omitempty"`
}

func (SurveyImported) Kind() domain.Kind { return "programme.survey_imported.v1" }

func (e SurveyImported) Apply(p *Programme, act domain.Act) {
	if p.survey(e.Survey) < 0 {
		p.Surveys = append(slices.Clone(p.Surveys), SurveyState{Code: e.Survey, Closed: true, Tokens: map[string]bool{}, Tally: e.Grades})
	}
}

// ImportSurvey files the counts of a survey of old, in a cycle of old or in
// one under way.
type ImportSurvey struct {
	// Survey is its code, unique in the cycle.
	Survey string `json:"survey"`
	// Instrument names the questionnaire and its version.
	Instrument string      `json:"instrument,omitzero"`
	HeldOn     domain.Date `json:"heldOn,omitzero"`
	// Distributed is how many went out; 0 where the source does not say.
	Distributed int `json:"distributed,omitzero"`
	// Valid is the number of valid answers, the sum of the grades.
	Valid  int   `json:"valid"`
	Grades Tally `json:"grades"`
	// Measures are at most as many as the rulebook's survey has; each count
	// is at most Valid.
	Measures []MeasureTally `json:"measures,omitempty"`
}

func (ImportSurvey) Name() domain.CommandName { return "programme.import_survey" }

func (ImportSurvey) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c ImportSurvey) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if p.Status != StatusImported {
		if err := p.underWay("given a survey of old"); err != nil {
			return nil, err
		}
	}
	if err := domain.First(p.newSurvey(c.Survey), domain.CheckOptionalText("instrument", c.Instrument)); err != nil {
		return nil, err
	}
	if today := book.Calendar.Day(act.RecordedAt); c.HeldOn.After(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "heldOn", "%s lies after today, %s", c.HeldOn, today)
	}
	if slices.Min(c.Grades.Counts()) < 0 || c.Grades.Valid() != c.Valid || c.Valid == 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "valid", "%d is not the sum of the grades, %v", c.Valid, c.Grades.Counts())
	}
	if c.Distributed != 0 && c.Distributed < c.Valid {
		return nil, domain.Refuse(domain.CodeInvalid, "distributed", "%d went out and %d came back", c.Distributed, c.Valid)
	}
	if err := c.checkMeasures(book); err != nil {
		return nil, err
	}
	return []domain.Event{SurveyImported(c)}, nil
}

// checkMeasures refuses measures named wrongly or twice, and counts beyond
// the valid answers.
func (c ImportSurvey) checkMeasures(book *domain.Rulebook) error {
	if n, most := len(c.Measures), book.Programme.Measures; n > most {
		return domain.Refuse(domain.CodeInvalid, "measures", "there are %d; the survey of %s asks about %d", n, book.ID, most)
	}
	var codes, texts []string
	for _, m := range c.Measures {
		for _, n := range []int{m.Exists, m.Known, m.Wanted} {
			if n < 0 || n > c.Valid {
				return domain.Refuse(domain.CodeInvalid, "measures", "measure %s counts %d of %d answers", m.Measure, n, c.Valid)
			}
		}
		codes, texts = append(codes, m.Measure), append(texts, m.Text)
	}
	return checkMeasures(codes, texts)
}
