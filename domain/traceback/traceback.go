// Package traceback is the room of one trace of responsibility (责任倒查,
// article D6): who, along the chain of steps and duties, answers for a fault.
//
// A trace opens on a confirmed finding, an overturned act or a missed target.
// Inspectors trace links: a person, the post and unit they acted from, the
// step and the duty they breached, and whether they answer directly, as a
// leader or as a supervisor. Each link names those it follows from, so the
// links are a graph that runs from the fault to steps, to persons, to their
// leaders and supervisors; Traceback.Graph returns it whole. A link may be
// weighed anew and cleared until another person than the tracers concludes
// which links stand. Each of those is then handed on to a measure, or excused
// with a reason, before the trace is closed.
//
// Links refer to links that stand already, so the graph has no cycle; leaders
// and supervisors answer only while a direct link they follow from stands; and
// nobody who is traced takes a step of the trace.
package traceback

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("traceback", "责任倒查",
	[]domain.EventOf[Traceback]{
		Opened{}, LinkTraced{}, LinkWeighed{}, LinkCleared{}, Concluded{}, HandedOn{}, LinkExcused{}, Closed{}, Imported{},
	},
	[]domain.CommandOf[Traceback]{
		Open{}, Trace{}, Weigh{}, Clear{}, Conclude{}, HandOn{}, Excuse{}, Close{}, Import{},
	})

// Status is where in its life a trace stands.
type Status string

// The life of a trace.
const (
	StatusNone      Status = ""
	StatusOpen      Status = "open"
	StatusConcluded Status = "concluded"
	StatusClosed    Status = "closed"
	StatusImported  Status = "imported"
)

// Traceback is the state of one trace.
type Traceback struct {
	Status Status
	Cause  Cause
	// Case, Enforcement or Plan with its Target: what the fault showed in.
	Case        domain.CaseID
	Enforcement domain.EnforcementID
	Plan        domain.PlanID
	Target      string
	// Officers and Unit are those the fault is first seen at.
	Officers []domain.OfficerID
	Unit     domain.UnitID
	Fault    string
	// Due is the last day for the conclusion; zero when the rulebook sets
	// none.
	Due domain.Date
	// Links in the order they were traced, cleared ones among them.
	Links []Link
	// Tracers are those who traced, weighed or cleared a link.
	Tracers []domain.ActorID
}

// Link is one person's share in the fault.
type Link struct {
	Code      string
	Officer   domain.OfficerID
	Post      domain.PostID
	Unit      domain.UnitID
	Step      string
	Duty      string
	Stage     Stage
	Liability Liability
	Intent    Intent
	// Weight is the share in the fault, 1 to 100; 0 when not weighed yet.
	Weight  int
	Because []string
	// Cleared tells that the link fell away before the conclusion.
	Cleared bool
	// HandedOn and Excused tell what became of it after.
	HandedOn bool
	Excused  bool
}

// settled tells whether nothing is left to be done about the link.
func (l Link) settled() bool { return l.Cleared || l.HandedOn || l.Excused }

// link returns the link of that code, and whether there is one.
func (t Traceback) link(code string) (Link, bool) {
	i := slices.IndexFunc(t.Links, func(l Link) bool { return l.Code == code })
	if i < 0 {
		return Link{}, false
	}
	return t.Links[i], true
}

// standing returns a link that was not cleared, or refuses.
func (t Traceback) standing(field, code string) (Link, error) {
	l, ok := t.link(code)
	if !ok {
		return l, domain.Refuse(domain.CodeInvalid, field, "there is no link %q in this trace", code)
	}
	if l.Cleared {
		return l, domain.Refuse(domain.CodeState, field, "link %s was cleared", code)
	}
	return l, nil
}

// change folds a change of one link; the old list stays as it is.
func (t *Traceback) change(code string, how func(*Link)) {
	i := slices.IndexFunc(t.Links, func(l Link) bool { return l.Code == code })
	if i < 0 {
		return
	}
	t.Links = slices.Clone(t.Links)
	how(&t.Links[i])
}

// tracedBy folds who took a step before the conclusion.
func (t *Traceback) tracedBy(actor domain.ActorID) {
	if !slices.Contains(t.Tracers, actor) {
		t.Tracers = append(slices.Clip(t.Tracers), actor)
	}
}

// in refuses unless the trace stands at one of the statuses.
func (t Traceback) in(verb string, allowed ...Status) error {
	switch {
	case t.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such trace; open it first")
	case t.Status == StatusImported:
		return domain.Refuse(domain.CodeState, "", "an imported trace is history and cannot be %s; open one under a new id", verb)
	case !slices.Contains(allowed, t.Status):
		return domain.Refuse(domain.CodeState, "", "a trace that is %s cannot be %s", t.Status, verb)
	}
	return nil
}

// unconcerned refuses whom the trace is about as the one who acts.
func (t Traceback) unconcerned(act domain.Act, book *domain.Rulebook) error {
	if t.concerns(domain.OfficerID(act.Actor)) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s is concerned by this trace and may take no step of it", act.Actor).Under(book.Traceback.Separation)
	}
	return nil
}

// concerns tells whether the fault was seen at the officer, or a link names
// them, cleared or not.
func (t Traceback) concerns(o domain.OfficerID) bool {
	return slices.Contains(t.Officers, o) || slices.ContainsFunc(t.Links, func(l Link) bool { return l.Officer == o })
}
