package inspection

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// FileRead: a supervisor read a file 调阅案卷.
type FileRead struct {
	// File says which, such as its archive number.
	File string `json:"file"`
	// Enforcement or Officer is whose file it is, where it is one of these.
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Officer     domain.OfficerID     `json:"officer,omitzero"`
	Purpose     string               `json:"purpose"`
}

func (FileRead) Kind() domain.Kind { return "inspection.file_read.v1" }

func (e FileRead) Apply(s *Inspection, act domain.Act) {}

// ReadFile records that the supervisor who acts read a file.
type ReadFile struct {
	File        string               `json:"file"`
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Officer     domain.OfficerID     `json:"officer,omitzero"`
	Purpose     string               `json:"purpose"`
}

func (ReadFile) Name() domain.CommandName { return "inspection.read_file" }

func (ReadFile) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c ReadFile) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("continued"), s.bySupervisor(act, book), s.granted(book, PowerReadFiles),
		domain.CheckText("file", c.File), domain.CheckOptionalID("enforcement", c.Enforcement), domain.CheckOptionalID("officer", c.Officer),
		domain.CheckText("purpose", c.Purpose)); err != nil {
		return nil, err
	}
	return []domain.Event{FileRead(c)}, nil
}

// Severity is how grave an observation is.
type Severity string

// The grades of severity.
const (
	SeverityMinor   Severity = "minor"   // 轻微
	SeveritySerious Severity = "serious" // 较重
	SeverityGrave   Severity = "grave"   // 严重
)

// ObservationMade: a supervisor saw something worth noting.
type ObservationMade struct {
	Code     string            `json:"code"`
	Text     string            `json:"text"`
	Post     domain.PostID     `json:"post,omitzero"`
	Officer  domain.OfficerID  `json:"officer,omitzero"`
	Severity Severity          `json:"severity"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
	// Unit is the one supervised.
	Unit domain.UnitID `json:"unit"`
}

func (ObservationMade) Kind() domain.Kind { return "inspection.observation_made.v1" }

func (e ObservationMade) Apply(s *Inspection, act domain.Act) {
	s.Observations = append(slices.Clip(s.Observations), e.Code)
}

// Observe notes what a supervisor saw.
type Observe struct {
	// Code is its own, unique in the inspection.
	Code    string           `json:"code"`
	Text    string           `json:"text"`
	Post    domain.PostID    `json:"post,omitzero"`
	Officer domain.OfficerID `json:"officer,omitzero"`
	// Severity is minor, serious or grave.
	Severity Severity          `json:"severity"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Observe) Name() domain.CommandName { return "inspection.observe" }

func (Observe) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c Observe) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("continued"), s.bySupervisor(act, book), s.granted(book, PowerExamine, PowerInvestigate, PowerReadFiles),
		domain.CheckID("code", c.Code), domain.CheckText("text", c.Text), domain.CheckOptionalID("post", c.Post), domain.CheckOptionalID("officer", c.Officer),
		domain.CheckOneOf("severity", c.Severity, SeverityMinor, SeveritySerious, SeverityGrave), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	if slices.Contains(s.Observations, c.Code) {
		return nil, domain.Refuse(domain.CodeExists, "code", "observation %q was made already", c.Code)
	}
	if s.supervises(domain.ActorID(c.Officer)) {
		return nil, domain.Refuse(domain.CodeConflict, "officer", "%s supervises here; what concerns them is for another inspection", c.Officer).Under(book.Inspection.Outside)
	}
	return []domain.Event{ObservationMade{c.Code, c.Text, c.Post, c.Officer, c.Severity, c.Evidence, s.Unit}}, nil
}

// HaltAdvised: the supervisors advise to halt an administrative act.
type HaltAdvised struct {
	Enforcement domain.EnforcementID `json:"enforcement"`
	Unit        domain.UnitID        `json:"unit"`
	Reason      string               `json:"reason"`
}

func (HaltAdvised) Kind() domain.Kind { return "inspection.halt_advised.v1" }

func (e HaltAdvised) Apply(s *Inspection, act domain.Act) {
	s.Halted = append(slices.Clip(s.Halted), e.Enforcement)
}

// AdviseHalt advises to halt an act of the unit that is not closed.
type AdviseHalt struct {
	// Enforcement is the act the inspection is about when absent.
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Reason      string               `json:"reason"`
}

func (AdviseHalt) Name() domain.CommandName { return "inspection.advise_halt" }

func (AdviseHalt) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

// Reads asks for the administrative act.
func (c AdviseHalt) Reads(s Inspection, act domain.Act) []domain.Reference {
	return []domain.Reference{c.about(s)}
}

func (c AdviseHalt) about(s Inspection) domain.EnforcementID {
	if c.Enforcement == "" {
		return s.Enforcement
	}
	return c.Enforcement
}

func (c AdviseHalt) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	c.Enforcement = c.about(s)
	if err := domain.First(s.in("continued"), s.bySupervisor(act, book), s.granted(book, PowerAdviseHalt),
		domain.CheckID("enforcement", c.Enforcement), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	about := domain.See[enforcement.Enforcement](act, c.Enforcement)
	switch {
	case about.Status == enforcement.StatusNone:
		return nil, domain.Refuse(domain.CodeNotFound, "enforcement", "there is no administrative act %s", c.Enforcement)
	case about.Unit != s.Unit:
		return nil, domain.Refuse(domain.CodeInvalid, "enforcement", "act %s is of unit %s, the inspection of %s", c.Enforcement, about.Unit, s.Unit)
	case !about.Running():
		return nil, domain.Refuse(domain.CodeState, "enforcement", "an act that is %s is not halted", about.Status)
	case about.Concerns(act.Actor):
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s had a hand in act %s", act.Actor, c.Enforcement).Under(book.Inspection.Outside)
	case slices.Contains(s.Halted, c.Enforcement):
		return nil, domain.Refuse(domain.CodeExists, "enforcement", "halting act %s was advised already", c.Enforcement)
	}
	return []domain.Event{HaltAdvised{c.Enforcement, s.Unit, c.Reason}}, nil
}
