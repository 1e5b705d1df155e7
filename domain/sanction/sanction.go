// Package sanction is the room of one measure against one person (惩戒):
// proposed, notified, defended, approved, imposed, served, executed,
// perhaps appealed, and released when its effect period is over.
//
// Nothing is approved before the person was given notice and was heard, or
// waived it; who proposed does not approve; nobody with a declared tie to the
// person approves, imposes or decides an appeal (回避); what follows a defence
// or an appeal is never heavier than what was notified; and neither an appeal
// nor a re-review stops the execution. Every number and every consequence comes
// from the ladder of the rulebook.
//
// Of the rulebooks in force on the day of the conduct and on that of the
// decision, the lighter has the measure (从旧兼从轻, domain.Lighter): its period
// and what it bars. The event says which. A measure that only one of them knows
// may not be imposed. Where the rulebook has a limitation, the person has
// notice before it runs out: in the case that the sanction comes from, or, for
// somebody who is not under inquiry there, of the proposal.
//
// No step of the way to the measure is said to lie before the one it follows
// (field occurredAt); notice counts within the limitation from the day on which
// it is recorded.
//
// Every event names the officer, so that the officer's timeline is whole.
package sanction

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("sanction", "惩戒",
	[]domain.EventOf[Sanction]{
		Proposed{}, Withdrawn{}, Notified{}, DefenceHeard{}, Approved{}, Imposed{}, Served{}, Executed{},
		Appealed{}, AppealDecided{}, Varied{}, Overturned{}, Released{}, Imported{},
		ProposedV1{}, ImposedV1{}, VariedV1{},
	},
	[]domain.CommandOf[Sanction]{
		Propose{}, WithdrawProposal{}, Notify{}, HearDefence{}, Approve{}, Impose{}, Serve{}, Execute{},
		Appeal{}, AskRereview{}, DecideAppeal{}, Annul{}, Release{}, Import{},
	})

// Status is where in its life a sanction stands.
type Status string

// The life of a sanction.
const (
	StatusNone       Status = ""
	StatusProposed   Status = "proposed"
	StatusWithdrawn  Status = "withdrawn"
	StatusNotified   Status = "notified"
	StatusHeard      Status = "heard"
	StatusApproved   Status = "approved"
	StatusImposed    Status = "imposed"
	StatusReleased   Status = "released"
	StatusOverturned Status = "overturned"
	StatusImported   Status = "imported"
)

// Deed is one of several acts judged together, with the measure it would
// draw alone.
type Deed struct {
	Measure domain.Measure `json:"measure"`
	Conduct string         `json:"conduct"`
	Case    domain.CaseID  `json:"case,omitzero"`
	// DeedOn is the day of the act, its last day where it lasted.
	DeedOn domain.Date `json:"deedOn,omitzero"`
}

// Sanction is the state of one measure against one person.
type Sanction struct {
	Status  Status
	Officer domain.OfficerID
	Case    domain.CaseID
	// Measure and Months as proposed and notified, later as imposed and as
	// varied; Months is 0 where the measure has no effect period.
	Measure  domain.Measure
	Months   int
	Deeds    []Deed
	Proposer domain.ActorID
	// DeedOn is the day of the conduct, the latest of several acts; zero when
	// unknown. Discovered is the day from which a limitation runs.
	DeedOn     domain.Date
	Discovered domain.Date
	// ReachedAt is when the last step on the way to the measure was taken.
	ReachedAt time.Time

	// From and Until are the first and last day of effect; Until is zero
	// where the measure has no period or is for good.
	From         domain.Date
	Until        domain.Date
	ForGood      bool
	RestoresRank bool
	// Restricted and CertificateSuspended: the officer is held by this
	// sanction, as of now.
	Restricted           bool
	CertificateSuspended bool

	// DecidedAt is when the measure took its present form.
	DecidedAt time.Time
	ServedOn  domain.Date
	Executed  bool

	// OpenStage is the appeal that waits for its decision, LastStage the
	// last one that was decided, at AppealDecidedAt.
	OpenStage       Stage
	LastStage       Stage
	AppealDecidedAt time.Time
}

// ReleaseDue tells whether the effect period is over today, so that the
// sanction is to be released.
func (s Sanction) ReleaseDue(today domain.Date) bool {
	return s.Status == StatusImposed && !s.ForGood && !s.Until.IsZero() && today.After(s.Until)
}

// in refuses unless the sanction stands at one of the statuses.
func (s Sanction) in(verb string, allowed ...Status) error {
	if s.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such sanction; propose it first")
	}
	if !slices.Contains(allowed, s.Status) {
		return domain.Refuse(domain.CodeState, "", "a sanction that is %s cannot be %s", s.Status, verb)
	}
	return nil
}

// apart refuses the person concerned as the one who acts.
func (s Sanction) apart(act domain.Act, book *domain.Rulebook, verb string) error {
	if domain.ActorID(s.Officer) == act.Actor {
		return domain.Refuse(domain.CodeConflict, "actor", "nobody may %s their own sanction", verb).Under(book.Sanction.Separation)
	}
	return nil
}

// matter is what nobody with a tie to it may decide.
func (s Sanction) matter() officer.Matter {
	return officer.Matter{Officers: []domain.OfficerID{s.Officer}}
}

// impartial refuses somebody who may not decide over the person.
func (s Sanction) impartial(act domain.Act, book *domain.Rulebook) error {
	return s.matter().Impartial("actor", act.Actor, act, book, book.Service.Recusal)
}

// inOrder refuses a step that is said to have happened before the one that it
// follows.
func (s Sanction) inOrder(act domain.Act) error {
	if act.OccurredAt.Before(s.ReachedAt) {
		return domain.Refuse(domain.CodeInvalid, "occurredAt", "%s lies before the step that it follows, at %s",
			act.OccurredAt.Format(time.RFC3339), s.ReachedAt.Format(time.RFC3339))
	}
	return nil
}

// inTime refuses notice after the limitation. Who had notice in the case has
// no limitation to wait for.
func (s Sanction) inTime(act domain.Act, book *domain.Rulebook) error {
	inquiry, today := domain.See[misconduct.Case](act, s.Case), book.Calendar.Day(act.RecordedAt)
	last, runs := inquiry.LastDay(s.Officer, today, book)
	if !runs && !inquiry.UnderInquiry(s.Officer) && !s.Discovered.IsZero() {
		last, runs = book.Limitation.Last(s.Discovered, book.Calendar)
	}
	if runs && today.After(last) {
		return domain.Refuse(domain.CodeTooLate, "", "the limitation ran out on %s; nothing may be imposed for this conduct any more", last).
			Under(book.Limitation.Complete.Source)
	}
	return nil
}

// own refuses an officer who speaks for somebody else.
func (s Sanction) own(act domain.Act, verb string) error {
	if act.Role == domain.RoleOfficer && domain.ActorID(s.Officer) != act.Actor {
		return domain.Refuse(domain.CodeForbidden, "actor", "only the person concerned, or those who file it for them, may %s", verb)
	}
	return nil
}

// dayOf returns the day of the act where none was said, and refuses a day
// before from or after the act.
func dayOf(on, from domain.Date, act domain.Act, book *domain.Rulebook) (domain.Date, error) {
	today := book.Calendar.Day(act.OccurredAt)
	switch {
	case on.IsZero():
		return today, nil
	case on.After(today):
		return on, domain.Refuse(domain.CodeInvalid, "on", "%s lies after the day of the act, %s", on, today)
	case on.Before(from):
		return on, domain.Refuse(domain.CodeInvalid, "on", "%s lies before the decision of %s", on, from)
	}
	return on, nil
}
