package console

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/console/tongues"
)

// tracebackPage is a trace drawn as a graph: from the fault through the steps
// to the persons, and up to their leaders.
var tracebackPage = page{
	name: "traceback", route: "/tracebacks/{id}", must: "traceback",
	document: `query Traceback($id: ID!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  traceback(id: $id) {
    id status cause fault target opinion openedOn due concludedOn closedOn imported unit { id name nameEn }
    case { id } plan { id title } enforcement { id matter }
    nodes { id kind text step duty stage liability intent weight cleared excused reason measure officer { id name latinName } post { id name nameEn } sanction { id status } }
    edges { from to }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
}`,
	variables: timelineVariables,
	prepare: func(v *view) error {
		var answer struct {
			Traceback struct {
				Nodes []traceNode
				Edges []struct{ From, To string }
			}
		}
		if err := v.into(&answer); err != nil {
			return err
		}
		if err := drawTimelineOf("traceback")(v); err != nil {
			return err
		}
		g := &graph{Timeline: v.X}
		var edges [][2]string
		for _, e := range answer.Traceback.Edges {
			edges = append(edges, [2]string{e.From, e.To})
		}
		g.place(v.tongue, answer.Traceback.Nodes, edges)
		v.X = g
		return nil
	},
}

type traceNode struct {
	ID, Kind, Text, Duty, Step, Liability string
	Cleared, Excused                      bool
	Officer                               *struct{ ID, Name, LatinName string }
	Post                                  *struct{ Name, NameEn string }
}

// graph is a trace as a picture.
type graph struct {
	Timeline      any
	Width, Height int
	Boxes         []box
	Edges         []string
}

// box is a node: two lines of text, cut to its width.
type box struct {
	X, Y       int
	Kind, Link string
	Lines      [3]string
	Whole      string // what a pointer is told
	Off        bool   // cleared or excused
}

const (
	boxWidth, boxHeight = 210, 66
	boxGapX, boxGapY    = 60, 18
)

// place puts each node one column behind the last of those that lead to it.
func (g *graph) place(t *tongue, nodes []traceNode, edges [][2]string) {
	column := map[string]int{}
	for range nodes { // edges cannot lead around, and are walked at most so often
		for _, e := range edges {
			column[e[1]] = max(column[e[1]], min(column[e[0]]+1, len(nodes)-1))
		}
	}
	rows := map[int]int{}
	at := map[string]box{}
	for _, n := range nodes {
		c := column[n.ID]
		b := box{X: 10 + c*(boxWidth+boxGapX), Y: 10 + rows[c]*(boxHeight+boxGapY), Kind: n.Kind, Off: n.Cleared || n.Excused}
		rows[c]++
		g.label(&b, t, n)
		at[n.ID] = b
		g.Boxes = append(g.Boxes, b)
		g.Width, g.Height = max(g.Width, b.X+boxWidth+10), max(g.Height, b.Y+boxHeight+10)
	}
	for _, e := range edges {
		a, b := at[e[0]], at[e[1]]
		x1, y1, x2, y2 := a.X+boxWidth, a.Y+boxHeight/2, b.X, b.Y+boxHeight/2
		g.Edges = append(g.Edges, fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+boxGapX/2, y1, x2-boxGapX/2, y2, x2, y2))
	}
}

func (g *graph) label(b *box, t *tongue, n traceNode) {
	lines := []string{t.plain("TraceNodeKind", n.Kind), n.Text}
	if n.Officer != nil {
		name := n.Officer.Name
		if t.lang != "zh" && n.Officer.LatinName != "" {
			name = n.Officer.LatinName
		}
		if name == "" {
			name = n.Officer.ID
		}
		b.Link = pathTo("officers", n.Officer.ID)
		lines = []string{name, t.plain("Liability", n.Liability), n.Duty}
	}
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	for i, line := range lines[:min(len(lines), 3)] {
		b.Lines[i] = cut(tongues.Plainly(line), 26)
		b.Whole += line + " "
	}
}

// cut shortens a text to so many columns; wide characters take two.
func cut(s string, columns int) string {
	used := 0
	for i, r := range s {
		w := 1
		if r >= 0x1100 {
			w = 2
		}
		if used+w > columns {
			return s[:i] + "…"
		}
		used += w
	}
	return s
}
