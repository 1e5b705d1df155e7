package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/projections"
)

// programmeEnums are the closed sets of cycles.
func (b *builder) programmeEnums() {
	b.programmeStatus = b.enum("ProgrammeStatus", "The life of a cycle.",
		v(programme.StatusOpen, "Opened."), v(programme.StatusAssessed, "The baseline is assessed."), v(programme.StatusScheme, "The scheme is adopted and carried out."),
		v(programme.StatusEvaluated, "The result is evaluated."), v(programme.StatusClosed, "Closed."), v(programme.StatusImported, "Old history."))
}

func (b *builder) declareProgramme() {
	b.programme = b.object("Programme", "A cycle of the programme 创双政: one agency and period, assessed before and after on the same articles, as it stands.")
}

func (b *builder) defineProgramme() {
	type object = projections.Programme
	score, guidance, practice := b.object("ArticleScore", "The score of one article of the Guide."), b.object("Guidance", "What the overseer asks for."), b.object("Practice", "What worked, made known.")
	b.define(score,
		word("article", "The article, I1 to I10 on integrity 廉, D1 to D10 on diligence 勤.", func(s *programme.Score) domain.Article { return s.Article }),
		number("score", "The score.", func(s *programme.Score) int { return s.Score }),
		text("basis", "What it rests on.", func(s *programme.Score) string { return s.Basis }),
		relatedEach("events", "The events behind it, as far as you may see them.", b.event, loadEvent, func(s *programme.Score) []domain.EventID { return s.Events }))
	b.define(guidance,
		day("on", "The day.", func(x *projections.Guidance) domain.Date { return x.On }),
		optionalID("by", "Who issued it, by sign-in name.", func(x *projections.Guidance) domain.ActorID { return x.By }),
		text("text", "What it says.", func(x *projections.Guidance) string { return x.Text }),
		wordsOf("articles", "The articles it is about.", func(x *projections.Guidance) []domain.Article { return x.Articles }))
	b.define(practice,
		day("on", "The day.", func(x *projections.Practice) domain.Date { return x.On }),
		text("title", "The title.", func(x *projections.Practice) string { return x.Title }))
	b.define(b.programme,
		id("id", "The id.", func(p *object) domain.ProgrammeID { return p.ID }),
		choice("status", "Where it stands.", b.programmeStatus, func(p *object) string { return p.Status }),
		day("from", "The first day of its period.", func(p *object) domain.Date { return p.From }),
		day("to", "The last day of its period.", func(p *object) domain.Date { return p.To }),
		text("scheme", "The title of the adopted scheme.", func(p *object) string { return p.Scheme }),
		text("note", "What an imported cycle says of itself.", func(p *object) string { return p.Note }),
		flag("imported", importedDoc, func(p *object) bool { return p.Imported }),
		related("agency", "Whose cycle it is.", b.unit, loadUnit, func(p *object) domain.UnitID { return p.Agency }),
		listing("baseline", "The scores before.", score, func(p *object) []programme.Score { return p.Baseline }),
		listing("result", "The scores after.", score, func(p *object) []programme.Score { return p.Result }),
		listing("guidance", "What the overseer asked for.", guidance, func(p *object) []projections.Guidance { return p.Guidance }),
		listing("practices", "What was published of it.", practice, func(p *object) []projections.Practice { return p.Practices }),
		listing("surveys", "Its surveys.", b.survey(), func(p *object) []projections.Survey { return p.Surveys }),
		timelineOf(b, func(p *object) domain.Ref { return p.ID.Ref() }))
	register(b, "programme", "programmes", oneAndMany{"A cycle of the programme 创双政.", "The register of cycles, the latest period first.",
		"A page of cycles, the latest period first.", "Narrows the register of cycles."}, b.programme,
		[]argument{
			arg("agency", gql.ID, "Of this agency, or of units below it."),
			arg("status", b.programmeStatus.typ, "Where it stands."),
			arg("imported", gql.Boolean, "Only old history, or only what was opened here.")},
		func(r *request, id domain.ProgrammeID) (*object, error) { return r.reader.Programme(r.ctx, id) },
		func(in input) projections.ProgrammeFilter {
			return projections.ProgrammeFilter{Agency: domain.UnitID(in.text("agency")), Status: in.text("status"), Imported: in.choice("imported")}
		}, (*projections.Reader).Programmes)
}

// survey is the type of a survey's results.
func (b *builder) survey() *gql.Object {
	type cell = programme.Cell
	cells := b.object("SurveyCell", "A count of answers and its share, both null where it is too small to be told.")
	b.define(cells,
		plain("count", "How many.", gql.Int, func(c *cell) any {
			if c.Suppressed {
				return nil
			}
			return c.Count
		}),
		plain("share", "Of all valid answers, in per cent to two places.", gql.Float, func(c *cell) any {
			if c.Suppressed {
				return nil
			}
			return float64(c.Share) / 100
		}),
		flag("suppressed", "It is too small to be told, or would tell one that is.", func(c *cell) bool { return c.Suppressed }))
	type measure = projections.SurveyMeasure
	measures := b.object("SurveyMeasure", "What the answers say of one measure.")
	b.define(measures,
		word("code", "Its code.", func(m *measure) string { return m.Code }),
		text("text", "What was asked about.", func(m *measure) string { return m.Text }),
		plain("exists", "Who says that it exists.", must(cells), func(m *measure) any { return &m.Exists }),
		plain("known", "Who knows it.", must(cells), func(m *measure) any { return &m.Known }),
		plain("wanted", "Who wants it.", must(cells), func(m *measure) any { return &m.Wanted }))
	type survey = projections.Survey
	o := b.object("Survey", "A survey of satisfaction 满意度调查. What it counted is told once it is closed, small cells suppressed.")
	grade := func(name, doc string, place int) field {
		return plain(name, doc+" Null while the survey is open.", cells, func(s *survey) any {
			if place >= len(s.Grades.Cells) {
				return nil
			}
			return &s.Grades.Cells[place]
		})
	}
	b.define(o,
		word("code", "Its code, unique in the cycle.", func(s *survey) string { return s.Code }),
		text("instrument", "The questionnaire and its version.", func(s *survey) string { return s.Instrument }),
		day("heldOn", "The day it was closed, or held by old records.", func(s *survey) domain.Date { return s.HeldOn }),
		flag("closed", "It takes no more answers.", func(s *survey) bool { return s.Closed }),
		number("distributed", "Forms given out; 0 while it is open.", func(s *survey) int { return s.Distributed }),
		number("valid", "Valid answers; 0 while it is open.", func(s *survey) int { return s.Valid }),
		grade("verySatisfied", "Very satisfied 很满意.", 0),
		grade("fairlyGood", "Fairly good 比较好.", 1),
		grade("average", "Average 一般.", 2),
		grade("needsStrengthening", "Needs strengthening 有待加强.", 3),
		plain("middleTwo", "Fairly good and average together: the share of the sum. Null while the survey is open.", cells, func(s *survey) any {
			if !s.Closed {
				return nil
			}
			return &s.MiddleTwo
		}),
		listing("measures", "What the answers say of each measure.", measures, func(s *survey) []measure { return s.Measures }))
	return o
}
