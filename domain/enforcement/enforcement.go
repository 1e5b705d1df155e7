// Package enforcement is the room of one administrative act (执法案件, articles
// I10, D2, D5, D6, D10): an approval, a levy, a penalty, an inspection or a
// trade of public resources, from its opening to its closing and to what
// reconsideration or a court made of it.
//
// An act is bound to the version of a procedure (package norm) that is in
// force on the day it is opened, and walks through its steps: a step whose
// predecessor is missing is refused, unless one person asked for leaving the
// predecessor out, with a reason, and a leader outside the case granted it.
// Two steps that conflict are never one person's. An amount outside the tier
// of the benchmark is decided only after a deviation was asked for and
// granted in the same way. The benchmark is that of the day of the deed or,
// for a penalty, the one of the day of the decision where it is lighter
// (从旧兼从轻).
//
// Who takes part is judged by their own file (package officer): no step
// without a valid certificate where one is needed, none while suspended from
// duty, none with a declared interest. The party is held by the digest of its
// name and number alone; an officer's interest with a party is seen where it
// names the same digest (officer.Interest.With).
//
// Overdue steps and decisions are recorded with their delay, not refused: a
// late act is still an act.
package enforcement

import (
	"fmt"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("enforcement", "执法案件",
	[]domain.EventOf[Enforcement]{
		Opened{}, OfficersReplaced{}, StepTaken{}, HearingAsked{}, HearingScheduled{}, OverrideAsked{}, StepOverridden{},
		DeviationAsked{}, Deviated{}, Decided{}, Reviewed{}, FaultReviewed{}, Closed{}, Imported{},
		PublicationNoted{}, PublicationsRecalled{},
	},
	[]domain.CommandOf[Enforcement]{
		Open{}, ReplaceOfficers{}, TakeStep{}, AskHearing{}, ScheduleHearing{}, AskOverride{}, OverrideStep{},
		AskDeviation{}, Deviate{}, Decide{}, Review{}, ReviewFault{}, Close{}, Import{},
		NotePublication{},
	})

// Kind is the stream of business an act belongs to.
type Kind string

// The kinds of act.
const (
	KindApproval   Kind = "approval"   // 行政许可
	KindLevy       Kind = "levy"       // 行政征收
	KindPenalty    Kind = "penalty"    // 行政处罚
	KindInspection Kind = "inspection" // 行政检查
	KindTrade      Kind = "trade"      // 公共资源交易
)

// PartyKind tells a person from an organisation.
type PartyKind string

// The kinds of party.
const (
	PartyPerson       PartyKind = "person"
	PartyOrganisation PartyKind = "organisation"
)

// Status is where in its life an act stands.
type Status string

// The life of an act.
const (
	StatusNone     Status = ""
	StatusOpen     Status = "open"
	StatusDecided  Status = "decided"
	StatusClosed   Status = "closed"
	StatusImported Status = "imported"
)

// Enforcement is the state of one administrative act.
type Enforcement struct {
	Status  Status
	ActKind Kind
	Unit    domain.UnitID
	// Procedure and its version, of the day the act was opened.
	Procedure        domain.NormID
	ProcedureVersion int
	Benchmark        domain.NormID
	PartyKind        PartyKind
	// Party is the digest of who it is.
	Party     string
	OnTheSpot bool
	DeedOn    domain.Date
	OpenedAt  time.Time
	// DecideBy is the last day for the decision; zero for no term.
	DecideBy domain.Date
	// Officers are those on the case, Investigators all that ever were, or
	// that investigated.
	Officers      []domain.OfficerID
	Investigators []domain.ActorID
	// Chain are all who had a hand in the act.
	Chain []domain.ActorID
	Steps []StepState

	// NotifiedOn is the day of the notice, Announced the amount it named.
	NotifiedOn   domain.Date
	Announced    int64
	HearingAsked bool
	// HearingOn is the day the hearing is set for.
	HearingOn domain.Date

	Overrides []Override
	Deviation Deviation

	Outcome    Outcome
	DecidedOn  domain.Date
	Overturned bool
	Varied     bool
	// FaultReviewBy is the day by which the fault of an overturned act is
	// reviewed.
	FaultReviewBy domain.Date
	FaultReviewed bool

	// Publications are the items about the act, Recalled those of them that
	// were called back.
	Publications []domain.DisclosureID
	Recalled     []domain.DisclosureID
}

// StepState is a step that was taken.
type StepState struct {
	Code    string
	Persons []domain.ActorID
	On      domain.Date
}

// Override is a step that somebody wants left out; Granted tells whether it
// may be.
type Override struct {
	Step    string
	Reason  string
	AskedBy domain.ActorID
	Granted bool
}

// Deviation is an amount outside the tier that somebody wants decided.
type Deviation struct {
	Tier     string
	Amount   int64
	Reason   string
	AskedBy  domain.ActorID
	Approver domain.ActorID
}

// Concerns tells whether the person had a hand in the act.
func (s Enforcement) Concerns(person domain.ActorID) bool { return slices.Contains(s.Chain, person) }

// Running tells whether the act can still be halted.
func (s Enforcement) Running() bool { return s.Status == StatusOpen || s.Status == StatusDecided }

// in refuses unless the act stands at one of the statuses.
func (s Enforcement) in(verb string, allowed ...Status) error {
	switch {
	case s.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such act; open it first")
	case s.Status == StatusImported:
		return domain.Refuse(domain.CodeState, "", "an imported act is history and cannot be %s", verb)
	case !slices.Contains(allowed, s.Status):
		return domain.Refuse(domain.CodeState, "", "an act that is %s cannot be %s", s.Status, verb)
	}
	return nil
}

// taken returns the step of that code, if it was taken.
func (s Enforcement) taken(code string) (StepState, bool) {
	if i := slices.IndexFunc(s.Steps, func(t StepState) bool { return t.Code == code }); i >= 0 {
		return s.Steps[i], true
	}
	return StepState{}, false
}

// overridden tells whether the step may be left out.
func (s Enforcement) overridden(code string) bool {
	return slices.ContainsFunc(s.Overrides, func(o Override) bool { return o.Step == code && o.Granted })
}

// done tells whether the step was taken or may be left out.
func (s Enforcement) done(code string) bool {
	_, ok := s.taken(code)
	return ok || s.overridden(code)
}

// missing returns the earliest step that must come before the one named; a
// hearing that the party asked for is among them.
func (s Enforcement) missing(v norm.Version, code string) string {
	if m := v.Missing(code, s.done); m != "" {
		return m
	}
	if h, ok := v.StepOf(norm.StepHearing); ok && s.HearingAsked && !s.done(h.Code) && v.Precedes(h.Code, code) {
		return h.Code
	}
	return ""
}

// procedure returns the version the act is bound to.
func (s Enforcement) procedure(act domain.Act) norm.Version {
	v, _ := domain.See[norm.Norm](act, s.Procedure).Adopted(s.ProcedureVersion)
	return v
}

// rule names the procedure as the source of a refusal.
func (s Enforcement) rule() string {
	return fmt.Sprintf("norm %s, version %d", s.Procedure, s.ProcedureVersion)
}

// join returns the list with those not yet on it; the old one stays as it is.
func join[T comparable](list []T, more ...T) []T {
	list = slices.Clip(list)
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// persons returns the officers as those who act.
func persons(officers ...domain.OfficerID) []domain.ActorID {
	var out []domain.ActorID
	for _, o := range officers {
		if o != "" {
			out = append(out, domain.ActorID(o))
		}
	}
	return out
}

// dayOf returns the day of the act where none was said. It refuses a day
// before the earliest, and one to come.
func dayOf(on, earliest domain.Date, act domain.Act, book *domain.Rulebook) (domain.Date, error) {
	today := book.Calendar.Day(act.OccurredAt)
	if on.IsZero() {
		on = today
	}
	if on.After(today) {
		return on, domain.Refuse(domain.CodeInvalid, "on", "%s lies after the day of the act, %s", on, today)
	}
	if on.Before(earliest) {
		return on, domain.Refuse(domain.CodeInvalid, "on", "%s lies before %s, when it could first have happened", on, earliest)
	}
	return on, nil
}
