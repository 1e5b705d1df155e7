// Package warning is the room of one raised alert (预警, article D10) and of
// what became of it: raised by a rule over the events, acknowledged, reviewed,
// then acted on or dismissed with a reason; and at last, whether it was right.
//
// A repeat of a warning that is still open is grouped with it, and asks for a
// new review. Nobody takes a step in a warning about themselves. What a
// warning leads to is decided by people: acting on it names the inspection,
// the complaint or the case.
package warning

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("warning", "预警",
	[]domain.EventOf[Warning]{
		Raised{}, Grouped{}, Acknowledged{}, Escalated{}, Reviewed{}, ActedOn{}, Dismissed{}, OutcomeKnown{}, Imported{},
		RaisedV1{}, GroupedV1{}, EscalatedV1{},
	},
	[]domain.CommandOf[Warning]{
		Raise{}, Acknowledge{}, Escalate{}, Review{}, ActOn{}, Dismiss{}, RecordOutcome{}, Import{},
	})

// Status is where in its life a warning stands.
type Status string

// The life of a warning.
const (
	StatusNone         Status = ""
	StatusRaised       Status = "raised"
	StatusAcknowledged Status = "acknowledged"
	StatusReviewed     Status = "reviewed"
	StatusActedOn      Status = "acted_on"
	StatusDismissed    Status = "dismissed"
	StatusImported     Status = "imported"
)

// Warning is the state of one alert.
type Warning struct {
	Status Status
	// Rule and Version name the rule that raised it.
	Rule    string
	Version string
	// Unit, Post and Officer are whom it is about; at least one is set.
	Unit    domain.UnitID
	Post    domain.PostID
	Officer domain.OfficerID
	// Evidence are the events it rests on, Score the highest reached.
	Evidence    []domain.EventID
	Score       int
	Explanation string
	// ExplanationChinese is "" where it was not given.
	ExplanationChinese string `json:",omitzero"`
	// Times counts how often the rule found it: 1, and 1 more a repeat.
	Times int
	// EscalatedTo is the role that is to look at it; "" when none was named.
	EscalatedTo domain.Role
	Outcome     Outcome
	// Due is the last day to acknowledge it; zero when the rulebook sets
	// none.
	Due domain.Date
}

// Open tells whether the warning still waits to be acted on or dismissed.
func (w Warning) Open() bool {
	return w.Status == StatusRaised || w.Status == StatusAcknowledged || w.Status == StatusReviewed
}

// about tells whether the warning is of that rule and about the same subject.
func (w Warning) about(c Raise) bool {
	return w.Rule == c.Rule && w.Unit == c.Unit && w.Post == c.Post && w.Officer == c.Officer
}

// in refuses unless the warning stands at one of the statuses.
func (w Warning) in(verb string, allowed ...Status) error {
	switch {
	case w.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such warning; raise it first")
	case w.Status == StatusImported:
		return domain.Refuse(domain.CodeState, "", "an imported warning is history and cannot be %s", verb)
	case !slices.Contains(allowed, w.Status):
		return domain.Refuse(domain.CodeState, "", "a warning that is %s cannot be %s", w.Status, verb)
	}
	return nil
}

// unconcerned refuses whom the warning is about as the one who acts.
func (w Warning) unconcerned(act domain.Act, book *domain.Rulebook) error {
	if domain.ActorID(w.Officer) == act.Actor && w.Officer != "" {
		return domain.Refuse(domain.CodeConflict, "actor", "the warning is about %s; another person must deal with it", act.Actor).Under(book.Warning.Separation)
	}
	return nil
}
