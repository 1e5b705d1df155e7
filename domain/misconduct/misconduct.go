// Package misconduct is the room of one inquiry into possible misconduct
// (违纪案件): opened, investigated by at least two named persons, heard, found,
// confirmed by somebody else or dismissed, appealed (复审), re-reviewed (复核),
// analysed for the person and for the institution (一案双析), and archived.
//
// Nobody under inquiry acts in the case other than by statement and appeal.
// Who investigates, proposes, confirms or decides an appeal has no declared
// tie with the officers under inquiry or the unit, and is not under inquiry,
// off duty or gone: their own files are looked into at each of these steps
// (回避).
// A finding against an officer needs notice to that officer and a statement
// or a recorded waiver, and what an officer says never makes the outcome
// heavier: neither a new proposal nor an appeal may raise it. Only further
// conduct, for which the officer is notified and heard again, can.
//
// A finding names the day of the conduct. A norm of ours is cited in the
// version in force on that day, by a clause it has, and a list of prohibited
// conduct bounds the measure. The rulebook says which results there are and
// how sure one must be; where it has a discipline matrix, a measure outside
// the range for the class and the earlier findings needs the finder's reason
// and that of the person who confirms. Earlier findings are those that the
// officer's own file holds (officer.FindingsNoted), made before the conduct.
//
// Where the rulebook has a limitation, notice is given to each officer before
// it runs out (Case.LastDay), or nothing may be found against them. It runs
// from the discovery of the conduct, by default the day on which it came into
// the case, and stands still while a recorded ground of the rulebook tolls it.
//
// Terms begin on the day a step happened, as the one who acts says. Nothing is
// gained by saying another: no step lies before the one that started its term
// (field occurredAt); a term that people keep by acting (notice within the
// limitation, an officer's own appeal, the decision on it) is kept on the day
// the step is recorded; and the officer's term to appeal runs from the day on
// which the decision was recorded, where that is later. Every event carries
// both times, so that late recording shows.
//
// What a case teaches is followed up where it can be mended (package
// reactions). A change of early warning that it calls for waits in the case,
// also after it was archived, until the rulebook was amended or somebody says
// why not.
//
// Cases of old are filed by import: a header where the source has one, and
// one event for each finding. They stay history, no step follows.
package misconduct

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("misconduct", "违纪案件",
	[]domain.EventOf[Case]{
		Opened{}, ScopeWidened{}, ConductAdded{}, InvestigatorsNamed{}, EvidenceLodged{}, MeasureTaken{}, NoticeGiven{}, StatementHeard{},
		FindingProposed{}, FindingConfirmed{}, FindingRejected{}, Dismissed{}, Appealed{}, AppealDecided{}, RereviewAsked{}, Rereviewed{},
		ReferredToProsecutor{}, Analysed{}, RuleProposed{}, ProposalAnswered{}, Archived{}, Imported{}, FindingImported{},
		DiscoveryRecorded{}, TollingBegan{}, TollingEnded{},
		OpenedV1{}, FindingProposedV1{}, FindingConfirmedV1{}, AppealDecidedV1{}, RereviewedV1{}, AnalysedV1{},
	},
	[]domain.CommandOf[Case]{
		Open{}, WidenScope{}, NameInvestigators{}, LodgeEvidence{}, TakeMeasure{}, GiveNotice{}, HearStatement{},
		ProposeFinding{}, ConfirmFinding{}, RejectFinding{}, Dismiss{}, Appeal{}, DecideAppeal{}, AskRereview{}, DecideRereview{},
		ReferToProsecutor{}, Analyse{}, AnswerProposal{}, Archive{}, Import{}, ImportFinding{},
		RecordDiscovery{}, BeginTolling{}, EndTolling{},
	})

// Status is where in its life a case stands.
type Status string

// The life of a case.
const (
	StatusNone      Status = ""
	StatusOpen      Status = "open"
	StatusInquiry   Status = "under_inquiry" // investigators are named
	StatusProposed  Status = "finding_proposed"
	StatusConfirmed Status = "finding_confirmed"
	StatusDismissed Status = "dismissed"
	StatusArchived  Status = "archived"
	StatusImported  Status = "imported"
)

// Case is the state of one inquiry.
type Case struct {
	Status Status
	// Officers are those under inquiry, Unit where it is, if that was said.
	Officers []domain.OfficerID
	Unit     domain.UnitID
	// Investigators are those named last, Investigated all that ever were.
	Investigators []domain.ActorID
	Investigated  []domain.ActorID
	// Notified and Heard are the officers who had notice, and who made a
	// statement or waived it.
	Notified []domain.OfficerID
	Heard    []domain.OfficerID

	// Parties are what is known of each officer as to time.
	Parties  []Party
	OpenedAt time.Time

	Proposer   domain.ActorID
	ProposedAt time.Time
	// Proposed are the findings that wait to be confirmed, or were rejected.
	Proposed []Finding
	// Before are the findings last proposed on each officer. They cap a new
	// proposal.
	Before []Finding
	// Confirmed are the findings that stand, appeals worked in.
	Confirmed   []Finding
	Confirmer   domain.ActorID
	ConfirmedAt time.Time
	// AppealFrom is when the confirmation was recorded: the term to appeal
	// runs from it.
	AppealFrom time.Time
	// Appeals in the order they were made, at most one an officer.
	Appeals []AppealState

	PersonAnalysed      bool
	InstitutionAnalysed bool
	// Gaps counts those that analyses have named.
	Gaps int
	// Proposals are the changes of early warning that analyses call for.
	Proposals []Proposal
	// Header tells whether an imported case has its header, and BorneOutOfOld
	// are the officers against whom its findings bear something out.
	Header        bool
	BorneOutOfOld []domain.OfficerID
}

// AppealState is how far one officer's appeal came.
type AppealState struct {
	Officer domain.OfficerID
	// AskedAt and DecidedAt of the appeal 复审; zero when not yet.
	AskedAt   time.Time
	DecidedAt time.Time
	Decider   domain.ActorID
	// RereviewFrom is when that decision was recorded: the term to ask for the
	// re-review runs from it.
	RereviewFrom time.Time
	// RereviewAskedAt and RereviewedAt of the re-review 复核.
	RereviewAskedAt time.Time
	RereviewedAt    time.Time
}

// open tells whether the appeal or its re-review waits for a decision.
func (a AppealState) open() bool {
	return a.DecidedAt.IsZero() || (!a.RereviewAskedAt.IsZero() && a.RereviewedAt.IsZero())
}

// in refuses unless the case stands at one of the statuses.
func (c Case) in(verb string, allowed ...Status) error {
	switch {
	case c.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such case; open it first")
	case c.Status == StatusImported:
		return domain.Refuse(domain.CodeState, "", "an imported case is history and cannot be %s; open a case under a new id", verb)
	case !slices.Contains(allowed, c.Status):
		return domain.Refuse(domain.CodeState, "", "a case that is %s cannot be %s", c.Status, verb)
	}
	return nil
}

// running refuses unless investigators are named and nothing is confirmed.
func (c Case) running(what string, book *domain.Rulebook) error {
	if c.Status == StatusOpen {
		return domain.Refuse(domain.CodeIncomplete, "", "name the investigators first").Under(book.Inquiry.InvestigatorsSource)
	}
	return c.in(what, StatusInquiry, StatusProposed)
}

// unconcerned refuses when the one who acts is under inquiry here.
func (c Case) unconcerned(act domain.Act, book *domain.Rulebook) error {
	if c.concerns(domain.OfficerID(act.Actor)) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s is under inquiry in this case and may take no step of it", act.Actor).Under(book.Inquiry.ConfirmerSource)
	}
	return nil
}

// matter is what nobody with a tie to it may investigate or judge.
func (c Case) matter() officer.Matter {
	return officer.Matter{Officers: c.Officers, Units: []domain.UnitID{c.Unit}}
}

// impartial refuses a person who may take no hand in the case.
func (c Case) impartial(field string, person domain.ActorID, act domain.Act, book *domain.Rulebook) error {
	return c.matter().Impartial(field, person, act, book, book.Service.Recusal)
}

// concerns tells whether the officer is under inquiry.
func (c Case) concerns(officer domain.OfficerID) bool { return slices.Contains(c.Officers, officer) }

// inScope refuses an officer who is not under inquiry.
func (c Case) inScope(field string, officer domain.OfficerID) error {
	if err := domain.CheckID(field, officer); err != nil {
		return err
	}
	if !c.concerns(officer) {
		return domain.Refuse(domain.CodeInvalid, field, "%s is not under inquiry in this case; widen its scope first", officer)
	}
	return nil
}

// appeal returns the place of the officer's appeal; -1 when there is none.
func (c Case) appeal(officer domain.OfficerID) int {
	return slices.IndexFunc(c.Appeals, func(a AppealState) bool { return a.Officer == officer })
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

// add returns the list with those not yet on it; the old list stays as it is.
func add[T comparable](list []T, more ...T) []T {
	list = slices.Clip(list)
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// without returns the list less those named; the old list stays as it is.
func without[T comparable](list []T, less []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return slices.Contains(less, v) })
}
