// Package inspection is the room of one act of internal supervision (内部监督,
// article I4), opened with granted powers: to examine, to investigate, to read
// files, to advise that enforcement halts.
//
// At least two supervise together. They stand outside the unit they look at
// and outside the chain of the administrative act, if it is about one: neither
// of them had a hand in it, and none has a declared tie to the unit, the party
// or the officers it is about. A supervisor uses granted powers only. What was
// found wrong is ordered to be put right by a day; somebody of the unit
// reports it done, a supervisor verifies it, and nothing is closed before.
package inspection

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("inspection", "内部监督",
	[]domain.EventOf[Inspection]{
		Opened{}, SupervisorsReplaced{}, FileRead{}, ObservationMade{}, HaltAdvised{}, RectificationOrdered{}, RectificationReported{}, RectificationVerified{},
		Closed{}, Imported{},
	},
	[]domain.CommandOf[Inspection]{
		Open{}, ReplaceSupervisors{}, ReadFile{}, Observe{}, AdviseHalt{}, OrderRectification{}, ReportRectification{}, VerifyRectification{},
		Close{}, Import{},
	})

// Power is what supervisors are granted.
type Power string

// The powers.
const (
	PowerExamine     Power = "examine"     // 检查
	PowerInvestigate Power = "investigate" // 调查
	PowerReadFiles   Power = "read_files"  // 调阅案卷
	PowerAdviseHalt  Power = "advise_halt" // 建议中止执法
)

// Status is where in its life an inspection stands.
type Status string

// The life of an inspection.
const (
	StatusNone     Status = ""
	StatusOpen     Status = "open"
	StatusClosed   Status = "closed"
	StatusImported Status = "imported"
)

// Inspection is the state of one act of supervision.
type Inspection struct {
	Status      Status
	Powers      []Power
	Unit        domain.UnitID
	Enforcement domain.EnforcementID
	Post        domain.PostID
	// Officers are those it is about.
	Officers    []domain.OfficerID
	Supervisors []domain.OfficerID
	// Observations are their codes, Halted the acts advised to halt.
	Observations   []string
	Halted         []domain.EnforcementID
	Rectifications []Rectification
}

// Rectification is something ordered to be put right.
type Rectification struct {
	Code string
	Due  domain.Date
	// Reporter said that it is done ("" while nobody has), Accepted tells
	// whether that was verified.
	Reporter domain.ActorID
	Accepted bool
}

// in refuses unless the inspection is open.
func (s Inspection) in(verb string) error {
	switch s.Status {
	case StatusOpen:
		return nil
	case StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such inspection; open it first")
	case StatusImported:
		return domain.Refuse(domain.CodeState, "", "an imported inspection is history and cannot be %s", verb)
	}
	return domain.Refuse(domain.CodeState, "", "an inspection that is %s cannot be %s", s.Status, verb)
}

// supervises tells whether the person is one of the supervisors.
func (s Inspection) supervises(person domain.ActorID) bool {
	return slices.Contains(s.Supervisors, domain.OfficerID(person))
}

// bySupervisor refuses somebody else than a supervisor.
func (s Inspection) bySupervisor(act domain.Act, book *domain.Rulebook) error {
	if !s.supervises(act.Actor) {
		return domain.Refuse(domain.CodeForbidden, "actor", "%s does not supervise here; it is for %v", act.Actor, s.Supervisors).Under(book.Inspection.Powers)
	}
	return nil
}

// granted refuses what none of the powers covers.
func (s Inspection) granted(book *domain.Rulebook, powers ...Power) error {
	if !slices.ContainsFunc(powers, func(p Power) bool { return slices.Contains(s.Powers, p) }) {
		return domain.Refuse(domain.CodeRule, "", "the powers granted are %v; this takes one of %v", s.Powers, powers).Under(book.Inspection.Powers)
	}
	return nil
}

func (s Inspection) rectification(code string) int {
	return slices.IndexFunc(s.Rectifications, func(r Rectification) bool { return r.Code == code })
}
