package inspection

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/officer"
)

// Opened: supervision began, with the powers granted.
type Opened struct {
	Powers []Power       `json:"powers"`
	Unit   domain.UnitID `json:"unit"`
	// Enforcement, Post and Officers are what it is about, if it is about
	// less than the unit.
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Post        domain.PostID        `json:"post,omitzero"`
	Officers    []domain.OfficerID   `json:"officers,omitempty"`
	Supervisors []domain.OfficerID   `json:"supervisors"`
	Basis       string               `json:"basis"`
}

func (Opened) Kind() domain.Kind { return "inspection.opened.v1" }

func (e Opened) Apply(s *Inspection, act domain.Act) {
	s.Status, s.Powers, s.Unit = StatusOpen, e.Powers, e.Unit
	s.Enforcement, s.Post, s.Officers, s.Supervisors = e.Enforcement, e.Post, e.Officers, e.Supervisors
}

// Open begins supervision of a unit, or within it of an act, a post or
// officers.
type Open struct {
	// Powers are those granted: examine, investigate, read_files,
	// advise_halt.
	Powers []Power `json:"powers"`
	// Unit is that of the administrative act when absent.
	Unit        domain.UnitID        `json:"unit,omitzero"`
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	Post        domain.PostID        `json:"post,omitzero"`
	Officers    []domain.OfficerID   `json:"officers,omitempty"`
	Supervisors []domain.OfficerID   `json:"supervisors"`
	// Basis says what gives rise to it: a plan, a warning, a complaint.
	Basis string `json:"basis"`
}

func (Open) Name() domain.CommandName { return "inspection.open" }

func (Open) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

// Outward: whoever supervises stands outside.
func (Open) Outward() []string { return []string{"supervisors"} }

// Reads asks for the administrative act and the files of the supervisors.
func (c Open) Reads(s Inspection, act domain.Act) []domain.Reference {
	return sees(c.Enforcement, c.Supervisors)
}

// sees lists what judging the supervisors takes.
func sees(about domain.EnforcementID, supervisors []domain.OfficerID) []domain.Reference {
	out := []domain.Reference{about}
	for _, p := range supervisors {
		out = append(out, p)
	}
	return out
}

func (c Open) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this inspection is on file already")
	}
	about := domain.See[enforcement.Enforcement](act, c.Enforcement)
	if c.Unit == "" {
		c.Unit = about.Unit
	}
	if err := c.check(about); err != nil {
		return nil, err
	}
	if slices.Contains(c.Officers, domain.OfficerID(act.Actor)) || about.Concerns(act.Actor) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "it is about %s, or about an act %s had a hand in; another person must open it", act.Actor, act.Actor).Under(book.Inspection.Outside)
	}
	if err := c.supervisors(about, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{Opened(c)}, nil
}

// supervisors refuses too few of them, and any who does not stand outside.
func (c Open) supervisors(about enforcement.Enforcement, act domain.Act, book *domain.Rulebook) error {
	if least := book.Inspection.Supervisors; len(c.Supervisors) < least {
		return domain.Refuse(domain.CodeRule, "supervisors", "%d named, at least %d are needed", len(c.Supervisors), least).Under(book.Inspection.SupervisorsSource)
	}
	for _, p := range c.Supervisors {
		if err := c.outside(p, about, act, book); err != nil {
			return err
		}
	}
	return nil
}

// check refuses malformed fields, and an act that is not there or of another
// unit.
func (c Open) check(about enforcement.Enforcement) error {
	if err := domain.First(domain.CheckOptionalID("enforcement", c.Enforcement), domain.CheckOptionalID("post", c.Post),
		domain.CheckIDs("officers", c.Officers), domain.CheckIDs("supervisors", c.Supervisors), domain.CheckText("basis", c.Basis)); err != nil {
		return err
	}
	if c.Enforcement != "" && about.Status == enforcement.StatusNone {
		return domain.Refuse(domain.CodeNotFound, "enforcement", "there is no administrative act %s", c.Enforcement)
	}
	if err := domain.CheckID("unit", c.Unit); err != nil {
		return err
	}
	if about.Unit != "" && about.Unit != c.Unit {
		return domain.Refuse(domain.CodeInvalid, "unit", "act %s is of unit %s", c.Enforcement, about.Unit)
	}
	if len(c.Powers) == 0 {
		return domain.Refuse(domain.CodeInvalid, "powers", "name at least one")
	}
	for i, p := range c.Powers {
		if err := domain.CheckOneOf("powers", p, PowerExamine, PowerInvestigate, PowerReadFiles, PowerAdviseHalt); err != nil {
			return err
		}
		if slices.Contains(c.Powers[:i], p) {
			return domain.Refuse(domain.CodeInvalid, "powers", "names %s twice", p)
		}
	}
	return nil
}

// outside refuses a supervisor who is not on duty, belongs to the unit, is
// one of those it is about, had a hand in the act, or has a declared tie.
func (c Open) outside(id domain.OfficerID, about enforcement.Enforcement, act domain.Act, book *domain.Rulebook) error {
	refuse := func(code domain.Code, format string, args ...any) error {
		return domain.Refuse(code, "supervisors", format, args...).Under(book.Inspection.Outside)
	}
	o := domain.See[officer.Officer](act, id)
	switch {
	case o.Status == officer.StatusNone:
		return domain.Refuse(domain.CodeNotFound, "supervisors", "there is no officer %s", id)
	case o.Status != officer.StatusServing:
		return refuse(domain.CodeRule, "%s is not on duty (%s)", id, o.Status)
	case o.Unit == c.Unit:
		return refuse(domain.CodeConflict, "%s belongs to unit %s and does not supervise it", id, c.Unit)
	case slices.Contains(c.Officers, id):
		return refuse(domain.CodeConflict, "it is about %s", id)
	case about.Concerns(domain.ActorID(id)):
		return refuse(domain.CodeConflict, "%s had a hand in act %s", id, c.Enforcement)
	}
	today := book.Calendar.Day(act.OccurredAt)
	for _, i := range o.Interests {
		tied := i.Unit == c.Unit || (i.With != "" && i.With == about.Party) ||
			(i.Officer != "" && (slices.Contains(c.Officers, i.Officer) || about.Concerns(domain.ActorID(i.Officer))))
		if tied && i.StandsOn(today) {
			return domain.Refuse(domain.CodeConflict, "supervisors", "%s has a declared interest (%s) and does not supervise here", id, i.Nature).Under(book.Service.Recusal)
		}
	}
	return nil
}

// SupervisorsReplaced: others supervise from now on.
type SupervisorsReplaced struct {
	Supervisors []domain.OfficerID `json:"supervisors"`
	Reason      string             `json:"reason"`
}

func (SupervisorsReplaced) Kind() domain.Kind { return "inspection.supervisors_replaced.v1" }

func (e SupervisorsReplaced) Apply(s *Inspection, act domain.Act) { s.Supervisors = e.Supervisors }

// ReplaceSupervisors names others, who stand outside just as the first did.
// Those named are all who supervise then.
type ReplaceSupervisors struct {
	Supervisors []domain.OfficerID `json:"supervisors"`
	Reason      string             `json:"reason"`
}

func (ReplaceSupervisors) Name() domain.CommandName { return "inspection.replace_supervisors" }

func (ReplaceSupervisors) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

// Outward: whoever supervises stands outside.
func (ReplaceSupervisors) Outward() []string { return []string{"supervisors"} }

// Reads asks for the administrative act and the files of those named.
func (c ReplaceSupervisors) Reads(s Inspection, act domain.Act) []domain.Reference {
	return sees(s.Enforcement, c.Supervisors)
}

func (c ReplaceSupervisors) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("given other supervisors"), domain.CheckIDs("supervisors", c.Supervisors), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	about := domain.See[enforcement.Enforcement](act, s.Enforcement)
	if slices.Contains(s.Officers, domain.OfficerID(act.Actor)) || about.Concerns(act.Actor) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "it is about %s, or about an act %s had a hand in; another person must do this", act.Actor, act.Actor).Under(book.Inspection.Outside)
	}
	again := Open{Unit: s.Unit, Enforcement: s.Enforcement, Officers: s.Officers, Supervisors: c.Supervisors}
	if err := again.supervisors(about, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{SupervisorsReplaced(c)}, nil
}
