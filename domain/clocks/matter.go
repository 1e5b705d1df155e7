package clocks

import (
	"iter"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

// Matter is what the clocks of one aggregate know of it, and those that are
// open. The zero Matter is one without history. It may be kept as JSON.
type Matter struct {
	Ref domain.Ref
	// Unit, Post and Officer are whom it concerns.
	Unit    domain.UnitID    `json:",omitzero"`
	Post    domain.PostID    `json:",omitzero"`
	Officer domain.OfficerID `json:",omitzero"`
	// Handler works on it.
	Handler domain.ActorID `json:",omitzero"`
	// RealName: the reporter gave a real name. Penalty: the act is one.
	RealName bool `json:",omitzero"`
	Penalty  bool `json:",omitzero"`
	// Risks are those of a post; Called those that must be graded anew.
	Risks  []string `json:",omitempty"`
	Called []string `json:",omitempty"`

	Clocks []Clock `json:",omitempty"`
}

// running yields the open clocks of the rule with the key, and their places.
func (m *Matter) running(rule *Rule, key string) iter.Seq2[int, *Clock] {
	return func(yield func(int, *Clock) bool) {
		for i := range m.Clocks {
			c := &m.Clocks[i]
			if c.Name == rule.Name && c.Open() && (key == anyKey || c.Key == key) && !yield(i, c) {
				return
			}
		}
	}
}

// telling are the kinds that learn takes something from.
var telling = kindSet(
	complaint.Received{}, complaint.Imported{}, complaint.Concluded{}, complaint.Transferred{}, complaint.HandlerAssigned{}, complaint.HandlerRecused{}, complaint.Reopened{},
	misconduct.Opened{}, misconduct.OpenedV1{}, misconduct.Imported{},
	sanction.Proposed{}, sanction.Imposed{}, sanction.ProposedV1{}, sanction.ImposedV1{}, sanction.Imported{}, reward.Nominated{}, reward.Imported{},
	officer.Enrolled{}, officer.Imported{}, officer.Appointed{}, officer.Rotated{},
	post.Defined{}, post.Imported{}, post.RiskIdentified{}, post.ReratingRequired{}, post.RiskGraded{},
	plan.Drafted{}, activity.CarrierSet{}, disclosure.Due{}, norm.Drafted{}, norm.Imported{},
	enforcement.Opened{}, enforcement.OfficersReplaced{}, inspection.Opened{}, traceback.Opened{}, warning.Raised{}, warning.RaisedV1{})

func kindSet(events ...domain.Event) map[domain.Kind]bool {
	out := map[domain.Kind]bool{}
	for _, e := range events {
		out[e.Kind()] = true
	}
	return out
}

// learn takes from an event what clocks must know later.
func (m *Matter) learn(event domain.Event) {
	switch e := event.(type) {
	case complaint.Received:
		m.Unit, m.Post, m.RealName = e.Unit, e.Post, e.RealName
	case complaint.Imported:
		m.Unit, m.Post = e.Unit, e.Post
	case complaint.Concluded:
		if m.Unit == "" {
			m.Unit = e.Unit
		}
	case complaint.Transferred:
		if e.ToUnit != "" {
			m.Unit = e.ToUnit
		}
	case complaint.HandlerAssigned:
		m.Handler = e.Handler
	case complaint.HandlerRecused:
		if m.Handler == e.Handler {
			m.Handler = ""
		}
	case complaint.Reopened:
		m.Handler = ""
	case misconduct.Opened:
		m.Unit = e.Unit
		if len(e.Officers) == 1 {
			m.Officer = e.Officers[0]
		}
	case misconduct.OpenedV1:
		m.learn(e.Now())
	case misconduct.Imported:
		m.Unit = e.Unit
	case sanction.Proposed:
		m.Officer = e.Officer
	case sanction.Imposed:
		m.Officer = e.Officer
	case sanction.ProposedV1:
		m.Officer = e.Officer
	case sanction.ImposedV1:
		m.Officer = e.Officer
	case sanction.Imported:
		m.Officer = e.Officer
	case reward.Nominated:
		m.Officer, m.Unit = e.Officer, e.Unit
	case reward.Imported:
		m.Officer, m.Unit = e.Officer, e.Unit
	default:
		m.learnService(event)
	}
}

// learnService is learn for officers, posts and the rooms of the programme.
func (m *Matter) learnService(event domain.Event) {
	switch e := event.(type) {
	case officer.Enrolled:
		m.Officer, m.Unit = domain.OfficerID(m.Ref.ID), e.Unit
	case officer.Imported:
		m.Officer = domain.OfficerID(m.Ref.ID)
		if e.Unit != "" {
			m.Unit = e.Unit
		}
	case officer.Appointed:
		m.Officer, m.Unit, m.Post = domain.OfficerID(m.Ref.ID), e.Unit, e.Post
	case officer.Rotated:
		m.Officer, m.Unit, m.Post = domain.OfficerID(m.Ref.ID), e.Unit, e.To
	case post.Defined:
		m.Post, m.Unit = domain.PostID(m.Ref.ID), e.Unit
	case post.Imported:
		m.Post, m.Unit = domain.PostID(m.Ref.ID), e.Unit
	case post.RiskIdentified:
		m.Risks = append(slices.Clip(m.Risks), e.Risk)
		if len(m.Called) > 0 {
			m.Called = append(slices.Clip(m.Called), e.Risk)
		}
	case post.ReratingRequired:
		m.Called = slices.Clone(m.Risks)
	case post.RiskGraded:
		if !e.NextBy.IsZero() {
			m.Called = slices.DeleteFunc(slices.Clone(m.Called), func(risk string) bool { return risk == e.Risk })
		}
	case plan.Drafted:
		m.Unit = e.Unit
	case activity.CarrierSet:
		m.Unit = e.Unit
	case disclosure.Due:
		m.Unit = e.Unit
	case norm.Drafted:
		m.Unit, m.Handler = e.Unit, domain.ActorID(e.Owner)
	case norm.Imported:
		m.Unit, m.Handler = e.Unit, domain.ActorID(e.Owner)
	case enforcement.Opened:
		m.Unit, m.Penalty, m.Handler = e.Unit, e.ActKind == enforcement.KindPenalty, first(e.Officers)
	case enforcement.OfficersReplaced:
		m.Handler = first(e.Officers)
	case inspection.Opened:
		m.Unit = e.Unit
	case traceback.Opened:
		m.Unit = e.Unit
		if len(e.Officers) == 1 {
			m.Officer = e.Officers[0]
		}
	case warning.Raised:
		m.Unit, m.Post, m.Officer = e.Unit, e.Post, e.Officer
	case warning.RaisedV1:
		m.learn(e.Now())
	}
}

// first returns the one who leads a case: the first officer named on it.
func first(officers []domain.OfficerID) domain.ActorID {
	if len(officers) == 0 {
		return ""
	}
	return domain.ActorID(officers[0])
}

// handler is the person who answers where the matter has a handler.
func handler(m *Matter) domain.ActorID { return m.Handler }
