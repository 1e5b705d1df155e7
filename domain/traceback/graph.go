package traceback

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Graph is a trace as nodes and edges: from the fault to the steps it
// happened in, to the persons, to those who lead and supervise them.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// NodeKind is what a node of the graph stands for.
type NodeKind string

// The kinds of node.
const (
	NodeFault NodeKind = "fault"
	NodeStep  NodeKind = "step"
	NodeLink  NodeKind = "link"
)

// Node is the fault, a step, or one person's link.
type Node struct {
	// ID is unique in the graph: "fault", "step:" and the step, or "link:"
	// and the link's code.
	ID   string
	Kind NodeKind
	// Text is the fault, the step, or the duty breached.
	Text string
	// Link is the link of a node of that kind, and zero for others.
	Link Link
}

// Edge leads from what was there first to what follows from it.
type Edge struct {
	From, To string
}

// Graph returns the whole graph, cleared links among it, in the order of the
// trace. A link that follows from no other hangs on its step, or on the fault
// where it has none.
func (t Traceback) Graph() Graph {
	if t.Status == StatusNone {
		return Graph{}
	}
	g := Graph{Nodes: []Node{{ID: "fault", Kind: NodeFault, Text: t.Fault}}}
	for _, l := range t.Links {
		id, from := "link:"+l.Code, "fault"
		if l.Step != "" {
			from = "step:" + l.Step
			if !slices.ContainsFunc(g.Nodes, func(n Node) bool { return n.ID == from }) {
				g.Nodes = append(g.Nodes, Node{ID: from, Kind: NodeStep, Text: l.Step})
				g.Edges = append(g.Edges, Edge{"fault", from})
			}
		}
		g.Nodes = append(g.Nodes, Node{ID: id, Kind: NodeLink, Text: l.Duty, Link: l})
		if l.Step != "" || len(l.Because) == 0 {
			g.Edges = append(g.Edges, Edge{from, id})
		}
		for _, code := range l.Because {
			g.Edges = append(g.Edges, Edge{"link:" + code, id})
		}
	}
	return g
}

// stand returns the links that were not cleared.
func (t Traceback) stand() []Link {
	return slices.DeleteFunc(slices.Clone(t.Links), func(l Link) bool { return l.Cleared })
}

// sound refuses links that cannot be concluded on: a direct one that is not
// weighed, a leading or supervisory one that follows from no direct link any
// more, and links that follow from themselves.
func (t Traceback) sound(book *domain.Rulebook) error {
	for _, l := range t.stand() {
		if l.Liability == LiabilityDirect && l.Weight == 0 {
			return domain.Refuse(domain.CodeIncomplete, "weight", "the direct link %s is not weighed yet", l.Code)
		}
		seen := map[string]bool{}
		direct := t.reaches(l, seen, func(m Link) bool { return m.Liability == LiabilityDirect })
		if l.Liability != LiabilityDirect && !direct {
			return domain.Refuse(domain.CodeRule, "link", "the %s link %s follows from no direct link that stands; clear it or trace the direct one", l.Liability, l.Code).
				Under(book.Traceback.Chain)
		}
		if t.reaches(l, map[string]bool{}, func(m Link) bool { return m.Code == l.Code }) {
			return domain.Refuse(domain.CodeRule, "because", "link %s follows from itself", l.Code).Under(book.Traceback.Chain)
		}
	}
	return nil
}

// reaches tells whether a standing link that the link follows from, near or
// far, is one of those wanted. seen ends the walk where links go in a circle.
func (t Traceback) reaches(l Link, seen map[string]bool, wanted func(Link) bool) bool {
	for _, code := range l.Because {
		m, ok := t.link(code)
		if !ok || m.Cleared || seen[code] {
			continue
		}
		seen[code] = true
		if wanted(m) || t.reaches(m, seen, wanted) {
			return true
		}
	}
	return false
}
