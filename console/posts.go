package console

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// postsPage is the map of the risks of posts (article I9): how likely against how
// bad, and the register of them.
var postsPage = page{
	name: "posts", route: "/posts", must: "postRisks",
	document: connection("postRisks", "PostRiskFilter", `id code description grade score due overdue pending tested untested
      unit { id name nameEn } post { id name nameEn } gradings { level open factors { likelihood harm } }`),
	variables: func(a *asked) (map[string]any, error) {
		filter := flags(a, choice(a, map[string]any{"postStatus": "OPEN"}, "unit", "grade", "postStatus"), "untested", "overdue", "pending")
		return addPage(a, 150, map[string]any{"filter": filter}), nil
	},
	prepare: func(v *view) error {
		v.X = mapRisks(v, v.D["postRisks"].(map[string]any)["nodes"].([]any))
		return nil
	},
}

// postPage is a post: who holds it and until when, its powers, its risks and the
// controls against them.
var postPage = page{
	name: "post", route: "/posts/{id}", must: "post",
	document: `query Post($id: ID!, $ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  post(id: $id) {
    id name nameEn status leader grade imported unit { id name nameEn }
    holders(first: 20) { nodes { id name latinName status } }
    risks { powers rotationYears risks {
      id code power description foundOn grade score gradedOn due overdue pending tested untested
      gradings { level score grade by on open factors { nature scope discretion likelihood harm } }
      controls { code description tested passed testedOn note }
    } }
    remedies(first: 20) { ` + remedy + ` }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
  clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: aboutItself("POST"),
	prepare: func(v *view) error {
		if err := drawTimelineOf("post")(v); err != nil {
			return err
		}
		x := map[string]any{"Timeline": v.X}
		var err error
		x["Rotations"], err = rotations(v, v.D["post"].(map[string]any)["holders"])
		v.X = x
		return err
	},
}

// rotations are the days by which the holders of a post are to leave it, by
// officer.
func rotations(v *view, holders any) (map[string]any, error) {
	out, vars := map[string]any{}, map[string]any{}
	var head, body strings.Builder
	list, _ := holders.(map[string]any)
	nodes, _ := list["nodes"].([]any)
	for i, node := range nodes {
		id := fmt.Sprint(node.(map[string]any)["id"])
		out[id] = []any{}
		vars[fmt.Sprint("r", i)] = map[string]any{"type": "OFFICER", "id": id}
		fmt.Fprintf(&head, " $r%d: RefInput", i)
		fmt.Fprintf(&body, " r%d: obligations(filter: {clock: \"officer.rotation\", subject: $r%d}, first: 2) { nodes { due extended state daysLate shareUsed subject { type id } post { id } } }", i, i)
	}
	if len(nodes) == 0 {
		return out, nil
	}
	data, _, err := ask(v.Context(), v.Visitor, Question{Document: "query Rotations(" + head.String() + " ) {" + body.String() + " }", Variables: vars, Purpose: "console: post"})
	if err != nil {
		return nil, err
	}
	for _, list := range data {
		found, _ := list.(map[string]any)
		owed, _ := found["nodes"].([]any)
		for _, node := range owed {
			o := node.(map[string]any)
			of, _ := o["post"].(map[string]any)
			if id := fmt.Sprint(o["subject"].(map[string]any)["id"]); of != nil && of["id"] == v.D["post"].(map[string]any)["id"] {
				known, _ := out[id].([]any)
				out[id] = append(known, o)
			}
		}
	}
	return out, nil
}

// riskMap is the register as a picture: five columns of harm, five rows of
// likelihood, as the leadership graded them last.
type riskMap struct {
	Width, Height, Left, Right, Bottom, Cell int
	Rows, Columns                            []tick
	Cells                                    []riskCell
	Met, Ungraded                            int
	Units                                    []*riskUnit
	Shown                                    []riskLine
	Chosen                                   bool
	Likelihood, Harm                         int // chosen
}

// riskCell is how many risks are so likely and so bad; Grade is the worst of
// theirs.
type riskCell struct {
	X, Y, Middle    int
	Count, Untested int
	Grade           string
	Mark            string
	Link, Label     string
	Here            bool
}

// riskUnit counts the risks of a unit.
type riskUnit struct {
	Unit                        any
	Link                        string
	High, Medium, Low, Ungraded int
	Untested, Overdue           int
}

// riskLine is a risk and where it stands in the map; zeros where it is in none.
type riskLine struct {
	Risk             map[string]any
	Likelihood, Harm int
}

const (
	mapCell, mapGap           = 76, 6
	mapLeft, mapTop, mapScale = 40, 22, 5
)

// mapRisks counts risks by cell and by unit, and picks those of the cell that is
// asked for.
func mapRisks(v *view, nodes []any) *riskMap {
	side := mapScale*(mapCell+mapGap) - mapGap
	m := &riskMap{Left: mapLeft, Right: mapLeft + side, Bottom: mapTop + side, Width: mapLeft + side + 20, Height: mapTop + side + 42, Cell: mapCell, Met: len(nodes)}
	m.Likelihood, m.Harm = cellOf(v.Param("likelihood")), cellOf(v.Param("harm"))
	m.Chosen = m.Likelihood > 0 && m.Harm > 0
	cells := map[[2]int]*riskCell{}
	for _, node := range nodes {
		risk := node.(map[string]any)
		line := riskLine{Risk: risk}
		line.Likelihood, line.Harm = gradedBy(risk)
		if m.count(v, risk); line.Likelihood == 0 {
			m.Ungraded++
		} else {
			at := [2]int{line.Likelihood, line.Harm}
			if cells[at] == nil {
				cells[at] = &riskCell{}
			}
			cells[at].add(risk)
		}
		if !m.Chosen || line.Likelihood == m.Likelihood && line.Harm == m.Harm {
			m.Shown = append(m.Shown, line)
		}
	}
	for l := mapScale; l >= 1; l-- {
		y := mapTop + (mapScale-l)*(mapCell+mapGap)
		m.Rows = append(m.Rows, tick{y + mapCell/2, strconv.Itoa(l)})
		for h := 1; h <= mapScale; h++ {
			x := mapLeft + (h-1)*(mapCell+mapGap)
			if l == mapScale {
				m.Columns = append(m.Columns, tick{x + mapCell/2, strconv.Itoa(h)})
			}
			c := riskCell{}
			if found := cells[[2]int{l, h}]; found != nil {
				c = *found
			}
			c.X, c.Y, c.Middle = x, y, x+mapCell/2
			c.Here = m.Chosen && l == m.Likelihood && h == m.Harm
			c.Link = v.With("likelihood", strconv.Itoa(l), "harm", strconv.Itoa(h)) + "#risks"
			c.Label = v.tongue.say("posts.cell", l, h, c.Count, c.Untested)
			if c.Untested > 0 {
				c.Mark = v.tongue.say("posts.mark", c.Untested)
			}
			m.Cells = append(m.Cells, c)
		}
	}
	slices.SortStableFunc(m.Units, func(a, b *riskUnit) int {
		return cmp.Or(cmp.Compare(b.Untested, a.Untested), cmp.Compare(b.High, a.High), cmp.Compare(b.Medium, a.Medium), cmp.Compare(b.Low, a.Low))
	})
	return m
}

func (c *riskCell) add(risk map[string]any) {
	c.Count++
	if risk["untested"] == true {
		c.Untested++
	}
	if grade := asText(risk["grade"]); c.Grade == "" || gradeOrder[grade] > gradeOrder[c.Grade] {
		c.Grade = grade
	}
}

var gradeOrder = map[string]int{"LOW": 1, "MEDIUM": 2, "HIGH": 3}

// count adds a risk to those of its unit.
func (m *riskMap) count(v *view, risk map[string]any) {
	id, link := "", ""
	if unit, ok := risk["unit"].(map[string]any); ok {
		id = asText(unit["id"])
		link = v.With("unit", id, "likelihood", "", "harm", "", "after", "", "before", "")
	}
	i := slices.IndexFunc(m.Units, func(u *riskUnit) bool { return u.Link == link })
	if i < 0 {
		i, m.Units = len(m.Units), append(m.Units, &riskUnit{Unit: risk["unit"], Link: link})
	}
	u := m.Units[i]
	switch risk["grade"] {
	case "HIGH":
		u.High++
	case "MEDIUM":
		u.Medium++
	case "LOW":
		u.Low++
	default:
		u.Ungraded++
	}
	if risk["untested"] == true {
		u.Untested++
	}
	if risk["overdue"] == true {
		u.Overdue++
	}
}

// gradedBy reads where the leadership placed a risk, whose grade is the risk's;
// zeros where it has not graded it within the scale.
func gradedBy(risk map[string]any) (likelihood, harm int) {
	gradings, _ := risk["gradings"].([]any)
	for _, g := range gradings {
		grading := g.(map[string]any)
		factors, _ := grading["factors"].(map[string]any)
		if grading["level"] != "LEADERSHIP" || factors == nil {
			continue
		}
		likelihood, harm = cellOf(fmt.Sprint(factors["likelihood"])), cellOf(fmt.Sprint(factors["harm"]))
	}
	if likelihood == 0 || harm == 0 {
		return 0, 0
	}
	return likelihood, harm
}

// cellOf reads a step of the scale, 1 to 5; 0 for any other.
func cellOf(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mapScale {
		return 0
	}
	return n
}
