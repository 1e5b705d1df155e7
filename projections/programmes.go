package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Programme is the cycle of one agency and period, as it stands.
type Programme struct {
	ID       domain.ProgrammeID `db:"id"`
	Agency   domain.UnitID      `db:"unit"`
	From     domain.Date        `db:"begins"`
	To       domain.Date        `db:"ends"`
	Status   string             `db:"status"`
	Scheme   string             `db:"scheme"` // the title of the adopted scheme
	Note     string             `db:"note"`   // of an imported one
	Imported bool               `db:"imported"`

	// Baseline and Result are the scores of the articles before and after, as
	// the agency assessed itself on the days BaselineOn and ResultOn; see
	// [Reader.Comparisons] for what was measured.
	Baseline   []programme.Score
	Result     []programme.Score
	BaselineOn domain.Date
	ResultOn   domain.Date
	Guidance   []Guidance
	Practices  []Practice
	Surveys    []Survey
}

// Guidance is what the overseer asks for.
type Guidance struct {
	On       domain.Date
	By       domain.ActorID
	Text     string
	Articles []domain.Article
}

// Practice is what worked, made known.
type Practice struct {
	On    domain.Date
	Title string
}

// Survey is one survey of a cycle. What it counted is told once it is closed,
// cells below SmallCell suppressed.
type Survey struct {
	Code       string
	Instrument string
	HeldOn     domain.Date // the day it was closed, or held by old records
	Closed     bool
	// Distributed and Valid count the forms; 0 while it is open.
	Distributed int
	Valid       int
	// Grades are those of programme.Grades in order, very satisfied first,
	// MiddleTwo the two in the middle together.
	Grades    programme.Table
	MiddleTwo programme.Cell
	Measures  []SurveyMeasure
}

// SurveyMeasure is how many hold that a measure exists, know it and want it.
type SurveyMeasure struct {
	Code   string
	Text   string
	Exists programme.Cell
	Known  programme.Cell
	Wanted programme.Cell
}

// ProgrammeFilter narrows the register of cycles. Zero fields do not narrow.
type ProgrammeFilter struct {
	Agency   domain.UnitID // with everything below it
	Status   string
	Imported *bool
}

type programmeRow struct {
	Programme
	kept[programmeBody]
}

type programmeBody struct {
	State                programme.Programme
	Baseline, Result     []programme.Score
	BaselineOn, ResultOn domain.Date
	Guidance             []Guidance
	Practices            []Practice
	Surveys              []surveyCount
}

// surveyCount is a survey with its counts, not all of which may be shown.
type surveyCount struct {
	Code, Instrument   string
	HeldOn             domain.Date
	Closed             bool
	Distributed, Valid int
	Grades             programme.Tally
	Measures           []programme.MeasureTally
}

var programmeTable = newTable[programmeRow]("programmes", "begins, id", "unit")

var programmeShelf = shelf[programmeRow, Programme, domain.ProgrammeID]{
	name: "programmes", table: programmeTable, order: []string{"begins", "id"}, desc: true,
	seen: scope.programme, show: showProgramme, id: func(p *Programme) domain.ProgrammeID { return p.ID },
}

func (g *registers) foldProgramme(d *ledger.Decoded) error {
	row, err := g.programmes.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	s := &b.State
	row.Status, row.Agency, row.From, row.To = string(s.Status), s.Agency, s.From, s.To
	switch e := d.Event.(type) {
	case programme.BaselineAssessed:
		b.Baseline, b.BaselineOn = e.Scores, g.day(d)
	case programme.ResultEvaluated:
		b.Result, b.ResultOn = e.Scores, g.day(d)
	case programme.SchemeAdopted:
		row.Scheme = e.Title
	case programme.GuidanceIssued:
		b.Guidance = append(b.Guidance, Guidance{g.day(d), d.Act.Actor, e.Text, e.Articles})
	case programme.PracticePublished:
		b.Practices = append(b.Practices, Practice{g.day(d), e.Title})
	case programme.Imported:
		row.Note = e.Note
	default:
		b.count(d, g.day(d))
	}
	for _, x := range s.Surveys {
		b.survey(x.Code, func(y *surveyCount) {
			if !y.Closed {
				y.Grades = x.Tally
			}
		})
	}
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}

// count folds what happens to surveys.
func (b *programmeBody) count(d *ledger.Decoded, today domain.Date) {
	switch e := d.Event.(type) {
	case programme.SurveyOpened:
		x := surveyCount{Code: e.Survey, Instrument: e.Instrument}
		for _, m := range e.Measures {
			x.Measures = append(x.Measures, programme.MeasureTally{Measure: m.Measure, Text: m.Text})
		}
		b.Surveys = append(b.Surveys, x)
	case programme.SurveyAnswered:
		b.survey(e.Survey, func(x *surveyCount) {
			for _, o := range e.Measures {
				if i := slices.IndexFunc(x.Measures, func(m programme.MeasureTally) bool { return m.Measure == o.Measure }); i >= 0 {
					m := &x.Measures[i]
					m.Exists, m.Known, m.Wanted = m.Exists+one(o.Exists), m.Known+one(o.Known), m.Wanted+one(o.Wanted)
				}
			}
		})
	case programme.SurveyClosed:
		b.survey(e.Survey, func(x *surveyCount) { x.Closed, x.HeldOn, x.Distributed, x.Valid = true, today, e.Distributed, e.Valid })
	case programme.SurveyImported:
		b.Surveys = append(b.Surveys, surveyCount{Code: e.Survey, Instrument: e.Instrument, HeldOn: e.HeldOn, Closed: true,
			Distributed: e.Distributed, Valid: e.Valid, Grades: e.Grades, Measures: e.Measures})
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (b *programmeBody) survey(code string, change func(*surveyCount)) {
	if i := slices.IndexFunc(b.Surveys, func(x surveyCount) bool { return x.Code == code }); i >= 0 {
		change(&b.Surveys[i])
	}
}

// shown is what may be told of a survey.
func (c surveyCount) shown() Survey {
	out := Survey{Code: c.Code, Instrument: c.Instrument, HeldOn: c.HeldOn, Closed: c.Closed}
	if !c.Closed {
		return out
	}
	out.Distributed, out.Valid = c.Distributed, c.Valid
	out.Grades = programme.Tabulate(c.Grades.Counts(), SmallCell)
	out.MiddleTwo = out.Grades.Together(1, 2)
	// Each answer to a measure is a whole of its own: those who say yes and
	// those who do not.
	cell := func(yes int) programme.Cell {
		return programme.Tabulate([]int{yes, max(0, c.Valid-yes)}, SmallCell).Cells[0]
	}
	for _, m := range c.Measures {
		out.Measures = append(out.Measures, SurveyMeasure{m.Measure, m.Text, cell(m.Exists), cell(m.Known), cell(m.Wanted)})
	}
	return out
}

func showProgramme(_ *Reader, row *programmeRow) Programme {
	out, b := row.Programme, row.held()
	out.Baseline, out.Result, out.Guidance, out.Practices = b.Baseline, b.Result, b.Guidance, b.Practices
	out.BaselineOn, out.ResultOn = b.BaselineOn, b.ResultOn
	for _, c := range b.Surveys {
		out.Surveys = append(out.Surveys, c.shown())
	}
	return out
}

// Programme returns the cycle; nil when there is none to be seen.
func (r *Reader) Programme(ctx context.Context, id domain.ProgrammeID) (*Programme, error) {
	return programmeShelf.one(ctx, r, id)
}

// ProgrammesByID returns those that are seen.
func (r *Reader) ProgrammesByID(ctx context.Context, ids []domain.ProgrammeID) (map[domain.ProgrammeID]*Programme, error) {
	return programmeShelf.byID(ctx, r, ids)
}

// Programmes lists the register of cycles, the latest period first.
func (r *Reader) Programmes(ctx context.Context, f ProgrammeFilter, p Page) (*List[Programme], error) {
	return programmeShelf.list(ctx, r, query.And(below("x.unit", f.Agency), query.Eq("x.status", f.Status), is("x.imported", f.Imported)), p)
}
