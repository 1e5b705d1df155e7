// Package complaint is the room of one complaint about an officer, a post or
// a unit (投诉举报, article I3): received, screened, routed, handled by one
// named person, concluded, answered, and reviewed where the reporter asks.
//
// Breaches are visible, never blocked: a step that a term required earlier is
// still recorded, and its event carries how many days late it came. What is
// refused is what a late step would make meaningless: contesting a transfer,
// or asking for a review, after the term for it has run out.
//
// Nobody who is complained about, and nobody who was recused, works on the
// complaint. Who handles, concludes or reviews it has no declared tie with
// the officers or the unit complained about, and is not under inquiry, off
// duty or gone: their own files are looked into at each of these steps (回避).
// A review that overturns the conclusion opens the complaint again for a new
// handler.
//
// Where the rulebook has rules of reporting (Directive (EU) 2019/1937), receipt
// is acknowledged and feedback given within their terms, of every report; in
// duly justified cases one extension moves the feedback with the conclusion. That
// retaliation is barred and who bears the burden of proof are rules for what
// happens to the reporter, whom this room does not know; their sources stand in
// the rulebook.
//
// Who reported is under seal from the start: an event holds the ciphertext of
// one identity, and the key to it lies outside the ledger. Only intake opens
// it, each opening is an event, and destroying the key erases it. One key is
// for one complaint, so two complaints of one reporter cannot be linked.
//
// Who reports over the public pages is given a receipt code and is asked, and
// answers, by it. Questions, replies and files are sealed by the same key as
// the identity, so that one erasure takes all of them.
package complaint

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("complaint", "投诉举报",
	[]domain.EventOf[Complaint]{
		Received{}, Acknowledged{}, Screened{}, Accepted{}, Declined{}, Transferred{}, TransferContested{},
		HandlerAssigned{}, HandlerRecused{}, Extended{}, Concluded{}, Answered{}, SatisfactionRated{},
		ReviewAsked{}, ReviewDecided{}, RereviewAsked{}, RereviewDecided{}, Reopened{}, Withdrawn{}, Imported{},
		ReporterSealed{}, ReporterUnsealed{}, ReporterErased{},
		ReceiptGiven{}, QuestionAsked{}, ReplyGiven{},
	},
	[]domain.CommandOf[Complaint]{
		Receive{}, Acknowledge{}, Screen{}, Accept{}, Decline{}, Transfer{}, ContestTransfer{},
		AssignHandler{}, RecuseHandler{}, Extend{}, Conclude{}, Answer{}, Rate{},
		AskReview{}, DecideReview{}, AskRereview{}, DecideRereview{}, Withdraw{}, Import{},
		SealReporter{}, UnsealReporter{}, EraseReporter{},
		AskReporter{}, Reply{},
	})

// Status is where in its life a complaint stands.
type Status string

// The life of a complaint.
const (
	StatusNone            Status = ""
	StatusReceived        Status = "received"
	StatusScreened        Status = "screened"
	StatusAccepted        Status = "accepted" // being handled, also once reopened
	StatusDeclined        Status = "declined"
	StatusTransferred     Status = "transferred"
	StatusConcluded       Status = "concluded"
	StatusAnswered        Status = "answered"
	StatusReviewAsked     Status = "review_asked"
	StatusReviewDecided   Status = "review_decided"
	StatusRereviewAsked   Status = "rereview_asked"
	StatusRereviewDecided Status = "rereview_decided"
	StatusWithdrawn       Status = "withdrawn"
	StatusImported        Status = "imported"
)

// Complaint is the state of one complaint.
type Complaint struct {
	Status   Status
	RealName bool
	Reporter Reporter
	// Receipt is what is kept of the reporter's receipt code; empty where none
	// was given.
	Receipt string
	Unit    domain.UnitID
	Post    domain.PostID
	// Officers are those complained about.
	Officers []domain.OfficerID

	// RouteFrom is when the term for routing began to run: the receipt, or a
	// transfer or its contest.
	RouteFrom     time.Time
	ReceivedAt    time.Time
	Acknowledged  bool
	ToldAt        time.Time // when it was acknowledged
	Admissible    bool
	TransferredAt time.Time
	ToUnit        domain.UnitID

	AcceptedAt time.Time
	// Due is the last day for the conclusion.
	Due      domain.Date
	Extended bool
	Handler  domain.ActorID
	// Recused may not handle it: who stepped back, or was made to.
	Recused []domain.ActorID
	// Concluders have concluded it once; none of them reviews it, or handles
	// it again.
	Concluders []domain.ActorID

	Result      Result
	ConcludedAt time.Time
	AnsweredAt  time.Time
	Rated       bool

	ReviewAskedAt     time.Time
	ReviewDecidedAt   time.Time
	Reviewer          domain.ActorID
	RereviewAskedAt   time.Time
	RereviewDecidedAt time.Time
}

// in refuses unless the complaint stands at one of the statuses.
func (c Complaint) in(verb string, allowed ...Status) error {
	switch {
	case c.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such complaint; receive it first")
	case c.Status == StatusImported:
		return domain.Refuse(domain.CodeState, "", "an imported complaint is history and cannot be %s; receive what is new about it as a complaint of its own", verb)
	case !slices.Contains(allowed, c.Status):
		return domain.Refuse(domain.CodeState, "", "a complaint that is %s cannot be %s", c.Status, verb)
	}
	return nil
}

// unconcerned refuses when the one who acts is complained about.
func (c Complaint) unconcerned(act domain.Act, book *domain.Rulebook) error {
	if c.names(act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s is complained about and may take no step of this complaint", act.Actor).Under(book.Complaint.BarRecused)
	}
	return nil
}

// matter is what nobody with a tie to it may handle or review: those
// complained about, and others who come in.
func (c Complaint) matter(more ...domain.OfficerID) officer.Matter {
	return officer.Matter{Officers: append(slices.Clip(c.Officers), more...), Units: []domain.UnitID{c.Unit}}
}

// names tells whether the person is complained about.
func (c Complaint) names(person domain.ActorID) bool {
	return slices.Contains(c.Officers, domain.OfficerID(person))
}

// feedbackFrom returns the day from which the term for feedback runs: that of
// the acknowledgement, or, where none was given, the last day for it.
func (c Complaint) feedbackFrom(book *domain.Rulebook) domain.Date {
	if c.Acknowledged {
		return book.Calendar.Day(c.ToldAt)
	}
	return book.Reporting.Acknowledge.After(book.Calendar.Day(c.ReceivedAt), book.Calendar)
}

// feedbackLate returns by how many days the act overruns the term for
// feedback, also as it was extended; 0 where the rulebook has none.
func (c Complaint) feedbackLate(act domain.Act, book *domain.Rulebook) int {
	if book.Reporting.Feedback.IsZero() {
		return 0
	}
	last := book.Reporting.Feedback.After(c.feedbackFrom(book), book.Calendar)
	if c.Extended && c.Due.After(last) {
		last = c.Due
	}
	return book.Calendar.Day(act.OccurredAt).DaysPast(last)
}

// recorded returns the act as of the moment it was recorded: who keeps a term
// of their own keeps it by recording, not by what they say of the day.
func recorded(act domain.Act) domain.Act {
	if act.RecordedAt.After(act.OccurredAt) {
		act.OccurredAt = act.RecordedAt
	}
	return act
}

// daysLate returns by how many days the act overruns the term that began to
// run at start.
func daysLate(start time.Time, term domain.Term, act domain.Act, book *domain.Rulebook) int {
	if term.IsZero() {
		return 0
	}
	last := term.After(book.Calendar.Day(start), book.Calendar)
	return book.Calendar.Day(act.OccurredAt).DaysPast(last)
}
