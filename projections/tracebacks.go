package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Traceback is a trace of responsibility as it stands, with its whole graph.
type Traceback struct {
	ID     domain.TracebackID `db:"id"`
	Status string             `db:"status"`
	Cause  string             `db:"cause"`
	// Case, Enforcement or Plan with its Target: what the fault showed in.
	Case        domain.CaseID        `db:"case_id"`
	Enforcement domain.EnforcementID `db:"enforcement"`
	Plan        domain.PlanID        `db:"plan"`
	Target      string               `db:"target"`
	Unit        domain.UnitID        `db:"unit"`
	Fault       string               `db:"fault"`
	Opinion     string               `db:"opinion"` // of the conclusion
	OpenedOn    domain.Date          `db:"opened_on"`
	Due         domain.Date          `db:"due"`
	ConcludedOn domain.Date          `db:"concluded_on"`
	ClosedOn    domain.Date          `db:"closed_on"`
	Imported    bool                 `db:"imported"`

	// Officers are those the fault was first seen at.
	Officers []domain.OfficerID
	// Nodes and Edges are the graph, as traceback.Traceback.Graph has it:
	// from the fault to steps, to persons, to their leaders and supervisors.
	Nodes []TraceNode
	Edges []traceback.Edge
}

// TraceNode is a node of the graph, and what became of the link it is.
type TraceNode struct {
	traceback.Node
	// Measure is the one that the link was handed on to, Sanction where it
	// was proposed.
	Measure  string
	Sanction domain.SanctionID
	// Reason is why the link was cleared or excused.
	Reason string
}

// TracebackFilter narrows the register of traces. Zero fields do not narrow.
type TracebackFilter struct {
	// Unit where the fault showed, with everything below it.
	Unit domain.UnitID
	// Officer: the fault showed at them, or a link names them.
	Officer     domain.OfficerID
	Status      string
	Cause       string
	Case        domain.CaseID
	Enforcement domain.EnforcementID
	Plan        domain.PlanID
	Imported    *bool
}

type tracebackRow struct {
	Traceback
	kept[tracebackBody]
}

type tracebackBody struct {
	State traceback.Traceback
	// Measures and Reasons by the code of the link.
	Measures map[string]string
	Reasons  map[string]string
}

var tracebackTable = newTable[tracebackRow]("tracebacks", "opened_on, id", "unit", "case_id", "enforcement", "plan")

var tracebackShelf = shelf[tracebackRow, Traceback, domain.TracebackID]{
	name: "tracebacks", table: tracebackTable, order: []string{"opened_on", "id"}, desc: true,
	seen: scope.traceback, show: showTraceback, id: func(t *Traceback) domain.TracebackID { return t.ID },
}

func (g *registers) foldTraceback(d *ledger.Decoded) error {
	row, err := g.tracebacks.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	s := &b.State
	row.Status, row.Cause, row.Case, row.Enforcement, row.Plan, row.Target = string(s.Status), string(s.Cause), s.Case, s.Enforcement, s.Plan, s.Target
	row.Unit, row.Fault, row.Due = s.Unit, s.Fault, s.Due
	var concerned []domain.OfficerID
	switch e := d.Event.(type) {
	case traceback.Opened:
		row.OpenedOn, concerned = g.day(d), e.Officers
	case traceback.Imported:
		row.OpenedOn, row.ConcludedOn, row.Opinion, concerned = e.ConcludedOn, e.ConcludedOn, e.Opinion, e.Officers
	case traceback.LinkTraced:
		concerned = []domain.OfficerID{e.Officer}
	case traceback.LinkCleared:
		b.say(&b.Reasons, e.Link, e.Reason)
	case traceback.LinkExcused:
		b.say(&b.Reasons, e.Link, e.Reason)
	case traceback.HandedOn:
		b.say(&b.Measures, e.Link, string(e.Measure))
	case traceback.Concluded:
		row.ConcludedOn, row.Opinion = g.day(d), e.Opinion
	case traceback.Closed:
		row.ClosedOn = g.day(d)
	}
	row.Imported = row.Imported || d.Act.Imported()
	return g.concern(d, concerned...)
}

func (b *tracebackBody) say(of *map[string]string, link, text string) {
	if *of == nil {
		*of = map[string]string{}
	}
	(*of)[link] = text
}

func showTraceback(_ *Reader, row *tracebackRow) Traceback {
	out, b := row.Traceback, row.held()
	graph := b.State.Graph()
	out.Officers, out.Edges = b.State.Officers, graph.Edges
	for _, n := range graph.Nodes {
		node := TraceNode{Node: n, Measure: b.Measures[n.Link.Code], Reason: b.Reasons[n.Link.Code]}
		if node.Measure != "" {
			node.Sanction = reactions.SanctionOfLink(out.ID, n.Link.Code)
		}
		out.Nodes = append(out.Nodes, node)
	}
	return out
}

// Traceback returns the trace; nil when there is none to be seen.
func (r *Reader) Traceback(ctx context.Context, id domain.TracebackID) (*Traceback, error) {
	return tracebackShelf.one(ctx, r, id)
}

// TracebacksByID returns those that are seen.
func (r *Reader) TracebacksByID(ctx context.Context, ids []domain.TracebackID) (map[domain.TracebackID]*Traceback, error) {
	return tracebackShelf.byID(ctx, r, ids)
}

// TracebacksByCase returns the traces of each case's findings.
func (r *Reader) TracebacksByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Traceback, error) {
	return groupBy(ctx, r, tracebackShelf, "case_id", ids, func(t *Traceback) domain.CaseID { return t.Case })
}

// TracebacksByEnforcement returns the traces of each overturned act.
func (r *Reader) TracebacksByEnforcement(ctx context.Context, ids []domain.EnforcementID) (map[domain.EnforcementID][]Traceback, error) {
	return groupBy(ctx, r, tracebackShelf, "enforcement", ids, func(t *Traceback) domain.EnforcementID { return t.Enforcement })
}

// TracebacksByPlan returns the traces of each plan's missed targets.
func (r *Reader) TracebacksByPlan(ctx context.Context, ids []domain.PlanID) (map[domain.PlanID][]Traceback, error) {
	return groupBy(ctx, r, tracebackShelf, "plan", ids, func(t *Traceback) domain.PlanID { return t.Plan })
}

// Tracebacks lists the register of traces, the newest first.
func (r *Reader) Tracebacks(ctx context.Context, f TracebackFilter, p Page) (*List[Traceback], error) {
	return tracebackShelf.list(ctx, r, query.And(below("x.unit", f.Unit), concerns(traceback.Room.Name, "x", f.Officer),
		query.Eq("x.status", f.Status), query.Eq("x.cause", f.Cause), query.Eq("x.case_id", f.Case),
		query.Eq("x.enforcement", f.Enforcement), query.Eq("x.plan", f.Plan), is("x.imported", f.Imported)), p)
}
