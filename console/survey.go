package console

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/console/tongues"
)

// surveyGrades are the four answers, best first, as members of a survey and as
// values of the schema.
var surveyGrades = [][2]string{{"verySatisfied", "VERY_SATISFIED"}, {"fairlyGood", "FAIRLY_GOOD"}, {"average", "AVERAGE"}, {"needsStrengthening", "NEEDS_STRENGTHENING"}}

// surveysOfAgency asks for the surveys of all cycles of an agency.
const surveysOfAgency = `query Surveys($agency: ID!) {
  programmes(filter: {agency: $agency}, first: 20) { nodes { id from to surveys {
    code heldOn closed valid verySatisfied ` + cell + ` fairlyGood ` + cell + ` average ` + cell + ` needsStrengthening ` + cell + `
  } } }
}`

// measuresBefore asks for the measures that a survey of an earlier cycle asked
// about.
const measuresBefore = `query Measures($id: ID!) {
  programme(id: $id) { surveys { code heldOn closed measures { code exists ` + cell + ` known ` + cell + ` wanted ` + cell + ` } } }
}`

// surveys are the surveys of a programme as pictures, beside those before.
type surveys struct {
	Grades   *gradeChart
	Measures map[string]*measureChart // by the code of the survey
}

// gradeChart has a bar of a hundred per cent for each survey, the oldest first.
type gradeChart struct {
	Width, Height int
	Ticks         []tick
	Bottom        int
	Bars          []gradeBar
}

type gradeBar struct {
	Y     int
	Text  string // when, and of how many
	Here  bool   // of this cycle
	Parts []gradePart
}

// gradePart is a grade's share; of what is not told there is one part.
type gradePart struct {
	X, Width, Middle int
	Class, Text      string
	Label            string
}

const (
	surveyLeft  = 190
	surveyWidth = drawWidth - surveyLeft - drawRight
	surveyRow   = 34
	// surveysDrawn is how many surveys stand above each other.
	surveysDrawn = 6
)

// surveyCharts draws the surveys of the programme beside those of the cycles
// before it.
func surveyCharts(v *view) error {
	out := &surveys{Measures: map[string]*measureChart{}}
	v.X = out
	programme := v.D["programme"].(map[string]any)
	own, _ := programme["surveys"].([]any)
	agency, _ := programme["agency"].(map[string]any)
	if len(own) == 0 || agency == nil {
		return nil
	}
	data, _, err := ask(v.Context(), v.Visitor, Question{Document: surveysOfAgency, Variables: map[string]any{"agency": agency["id"]}, Purpose: "console: programme"})
	if err != nil {
		return err
	}
	held := heldUpTo(data["programmes"], programme)
	out.Grades = drawGrades(v.tongue, held, programme["id"])
	var before []any // the measures of the survey before the first of this cycle
	for i, s := range held {
		if s.programme == programme["id"] {
			if i > 0 {
				if before, err = v.measuresOf(held[i-1]); err != nil {
					return err
				}
			}
			break
		}
	}
	for _, s := range own { // each beside the one before it
		survey := s.(map[string]any)
		measures, _ := survey["measures"].([]any)
		if survey["closed"] != true || len(measures) == 0 {
			continue
		}
		out.Measures[asText(survey["code"])] = drawMeasures(v.tongue, measures, before)
		before = measures
	}
	return nil
}

// heldSurvey is a closed survey and its cycle.
type heldSurvey struct {
	programme any
	on        string
	survey    map[string]any
}

// heldUpTo are the closed surveys of an agency up to the end of a cycle, by when
// they were held.
func heldUpTo(programmes any, last map[string]any) []heldSurvey {
	var out []heldSurvey
	list, _ := programmes.(map[string]any)
	nodes, _ := list["nodes"].([]any)
	for _, node := range nodes {
		p := node.(map[string]any)
		if p["id"] != last["id"] && asText(p["from"]) >= asText(last["from"]) {
			continue
		}
		for _, s := range p["surveys"].([]any) {
			survey := s.(map[string]any)
			if survey["closed"] == true {
				out = append(out, heldSurvey{p["id"], cmp.Or(asText(survey["heldOn"]), asText(p["to"])), survey})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b heldSurvey) int { return cmp.Compare(a.on, b.on) })
	return out
}

// measuresOf asks for the measures of an earlier survey; none where they are
// not told.
func (v *view) measuresOf(s heldSurvey) ([]any, error) {
	data, _, err := ask(v.Context(), v.Visitor, Question{Document: measuresBefore, Variables: map[string]any{"id": s.programme}, Purpose: "console: programme"})
	if err != nil {
		return nil, err
	}
	programme, _ := data["programme"].(map[string]any)
	list, _ := programme["surveys"].([]any)
	for _, other := range list {
		if survey := other.(map[string]any); survey["code"] == s.survey["code"] {
			measures, _ := survey["measures"].([]any)
			return measures, nil
		}
	}
	return nil, nil
}

// drawGrades draws the four grades of each survey as parts of one bar.
func drawGrades(t *tongue, held []heldSurvey, programme any) *gradeChart {
	held = held[max(0, len(held)-surveysDrawn):]
	if len(held) == 0 {
		return nil
	}
	c := &gradeChart{Width: drawWidth, Bottom: laneTop + surveyRow*len(held), Height: laneTop + surveyRow*len(held) + 8}
	for share := 0; share <= 100; share += 25 {
		c.Ticks = append(c.Ticks, tick{surveyLeft + surveyWidth*share/100, strconv.Itoa(share) + " %"})
	}
	for i, s := range held {
		bar := gradeBar{Y: laneTop + surveyRow*i + 5, Here: s.programme == programme, Text: cut(tongues.Plainly(cmp.Or(s.on, asText(s.survey["code"]))), 12) + " · " + t.say("programme.answers", t.number(s.survey["valid"]))}
		at, told := 0.0, 0.0
		for _, grade := range surveyGrades {
			share, ok := shareOfCell(s.survey[grade[0]])
			if !ok {
				continue
			}
			bar.Parts = append(bar.Parts, partOf(at, share, strings.ToLower(grade[1]), t.plain("ProgrammeGrade", grade[1])))
			at += share
			told += share
		}
		if rest := 100 - told; rest > 0.5 { // shares are told to two places
			part := partOf(at, rest, "untold", t.say("suppressed"))
			part.Label = t.say("suppressed")
			bar.Parts = append(bar.Parts, part)
		}
		c.Bars = append(c.Bars, bar)
	}
	return c
}

// partOf is a part of a bar, from so many per cent on.
func partOf(at, share float64, class, name string) gradePart {
	p := gradePart{X: surveyLeft + int(surveyWidth*at/100+0.5), Class: class, Label: name + " " + strconv.FormatFloat(share, 'f', -1, 64) + " %"}
	p.Width = max(0, surveyLeft+int(surveyWidth*min(100, at+share)/100+0.5)-p.X)
	p.Middle = p.X + p.Width/2
	if p.Width >= 46 && class != "untold" {
		p.Text = strconv.FormatFloat(share, 'f', -1, 64)
	}
	return p
}

// shareOfCell is the share that a cell tells, in per cent.
func shareOfCell(v any) (float64, bool) {
	c, _ := v.(map[string]any)
	if c == nil || c["share"] == nil {
		return 0, false
	}
	share, err := strconv.ParseFloat(asNumber(c["share"]), 64)
	return share, err == nil && share >= 0 && share <= 100
}
