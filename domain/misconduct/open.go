package misconduct

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Origin is what gave rise to an inquiry.
type Origin string

// The origins.
const (
	OriginComplaint     Origin = "complaint"      // 投诉举报
	OriginInspection    Origin = "inspection"     // 内部监督
	OriginWarning       Origin = "warning"        // 预警
	OriginOverturnedAct Origin = "overturned_act" // 执法行为被撤销
	OriginSelfReport    Origin = "self_report"    // 主动交代
)

// Opened: an inquiry into possible misconduct began 立案.
type Opened struct {
	Origin     Origin              `json:"origin"`
	Complaint  domain.ComplaintID  `json:"complaint,omitzero"`
	Inspection domain.InspectionID `json:"inspection,omitzero"`
	Unit       domain.UnitID       `json:"unit,omitzero"`
	Officers   []domain.OfficerID  `json:"officers,omitempty"`
	Conduct    string              `json:"conduct"`
}

func (Opened) Kind() domain.Kind { return "misconduct.opened.v2" }

func (e Opened) Apply(c *Case, act domain.Act) {
	c.Status, c.Officers, c.Unit = StatusOpen, slices.Clip(e.Officers), e.Unit
	c.OpenedAt = act.OccurredAt
	c.reach(e.Officers, act.OccurredAt)
}

// Open begins an inquiry against named officers, or within a unit while none
// is identified.
type Open struct {
	// Origin is complaint, inspection, warning, overturned_act or
	// self_report.
	Origin Origin `json:"origin"`
	// Complaint is required where the origin is a complaint.
	Complaint domain.ComplaintID `json:"complaint,omitzero"`
	// Inspection is the one that found it, where the origin is an inspection
	// kept here.
	Inspection domain.InspectionID `json:"inspection,omitzero"`
	// Unit, Officers: at least one of them.
	Unit     domain.UnitID      `json:"unit,omitzero"`
	Officers []domain.OfficerID `json:"officers,omitempty"`
	// Conduct says what may have been done.
	Conduct string `json:"conduct"`
}

func (Open) Name() domain.CommandName { return "misconduct.open" }

func (Open) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleSystem} }

func (c Open) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	switch s.Status {
	case StatusNone:
	case StatusImported:
		return nil, domain.Refuse(domain.CodeExists, "subject", "a case of old is on file under this id and stays history; open the new case under a new id")
	default:
		return nil, domain.Refuse(domain.CodeExists, "subject", "this case was opened already")
	}
	if err := domain.First(
		domain.CheckOneOf("origin", c.Origin, OriginComplaint, OriginInspection, OriginWarning, OriginOverturnedAct, OriginSelfReport),
		domain.CheckOptionalID("complaint", c.Complaint), domain.CheckOptionalID("inspection", c.Inspection), domain.CheckOptionalID("unit", c.Unit),
		domain.CheckIDs("officers", c.Officers), domain.CheckText("conduct", c.Conduct)); err != nil {
		return nil, err
	}
	if c.Origin == OriginComplaint && c.Complaint == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "complaint", "name the complaint the case comes from")
	}
	if c.Inspection != "" && c.Origin != OriginInspection {
		return nil, domain.Refuse(domain.CodeInvalid, "inspection", "an inspection is named where the origin is one; leave it out, or say that the case comes from it")
	}
	if len(c.Officers) == 0 && c.Unit == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "officers", "name the officers, or the unit while none is identified")
	}
	if slices.Contains(c.Officers, domain.OfficerID(act.Actor)) {
		return nil, domain.Refuse(domain.CodeConflict, "officers", "nobody may open an inquiry against themselves; report it to another inspector").Under(book.Inquiry.ConfirmerSource)
	}
	return []domain.Event{Opened(c)}, nil
}

// ScopeWidened: the inquiry reaches further officers. Each of them is to have
// notice of their conduct and to be heard on it. In the earliest records it
// may name officers already under inquiry as well, as ConductAdded does now.
type ScopeWidened struct {
	Officers []domain.OfficerID `json:"officers"`
	Conduct  string             `json:"conduct"`
}

func (ScopeWidened) Kind() domain.Kind { return "misconduct.scope_widened.v1" }

func (e ScopeWidened) Apply(c *Case, act domain.Act) {
	c.Officers = add(c.Officers, e.Officers...)
	c.hearAgain(e.Officers)
	c.reach(e.Officers, act.OccurredAt)
}

// hearAgain folds that further conduct of the officers came in: what they
// were notified of, said and were found of no longer tells all.
func (c *Case) hearAgain(officers []domain.OfficerID) {
	c.Notified, c.Heard = without(c.Notified, officers), without(c.Heard, officers)
	c.Before = slices.DeleteFunc(slices.Clone(c.Before), func(f Finding) bool { return slices.Contains(officers, f.Officer) })
}

// ConductAdded: the inquiry reaches further conduct of officers already under
// inquiry. Each of them is to have notice of it and to be heard on it, also
// who was heard before.
type ConductAdded struct {
	Officers []domain.OfficerID `json:"officers"`
	Conduct  string             `json:"conduct"`
}

func (ConductAdded) Kind() domain.Kind { return "misconduct.conduct_added.v1" }

func (e ConductAdded) Apply(c *Case, act domain.Act) {
	c.hearAgain(e.Officers)
	c.reach(e.Officers, act.OccurredAt)
}

// WidenScope takes further conduct into the inquiry, of further officers, of
// those already under inquiry, or of both. While a finding is proposed it must
// be rejected first.
type WidenScope struct {
	// Officers are those whose further conduct it is.
	Officers []domain.OfficerID `json:"officers"`
	Conduct  string             `json:"conduct"`
}

func (WidenScope) Name() domain.CommandName { return "misconduct.widen_scope" }

func (WidenScope) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c WidenScope) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("widened", StatusOpen, StatusInquiry), s.unconcerned(act, book),
		domain.CheckIDs("officers", c.Officers), domain.CheckText("conduct", c.Conduct), notBefore(act, s.OpenedAt, "the opening")); err != nil {
		return nil, err
	}
	if len(c.Officers) == 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "officers", "name at least one officer")
	}
	for _, o := range c.Officers {
		if person := domain.ActorID(o); slices.Contains(s.Investigators, person) || person == act.Actor {
			return nil, domain.Refuse(domain.CodeConflict, "officers", "%s investigates this case; others must look into their conduct", o).Under(book.Inquiry.InvestigatorsSource)
		}
	}
	further := without(c.Officers, s.Officers)
	known := without(c.Officers, further)
	var events []domain.Event
	if len(further) > 0 {
		events = append(events, ScopeWidened{further, c.Conduct})
	}
	if len(known) > 0 {
		events = append(events, ConductAdded{known, c.Conduct})
	}
	return events, nil
}

// InvestigatorsNamed: who investigates; a later naming replaces the earlier.
type InvestigatorsNamed struct {
	Investigators []domain.ActorID `json:"investigators"`
}

func (InvestigatorsNamed) Kind() domain.Kind { return "misconduct.investigators_named.v1" }

func (e InvestigatorsNamed) Apply(c *Case, act domain.Act) {
	c.Status, c.Investigators = StatusInquiry, e.Investigators
	c.Investigated = add(c.Investigated, e.Investigators...)
}

// NameInvestigators names at least as many investigators as the rulebook
// asks for, none of them under inquiry, here or elsewhere, off duty, gone, or
// tied to the officers under inquiry or the unit.
type NameInvestigators struct {
	Investigators []domain.ActorID `json:"investigators"`
}

func (NameInvestigators) Name() domain.CommandName { return "misconduct.name_investigators" }

func (NameInvestigators) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader}
}

func (c NameInvestigators) Reads(s Case, act domain.Act) []domain.Reference {
	return s.matter().Files(c.Investigators...)
}

func (c NameInvestigators) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("given investigators", StatusOpen, StatusInquiry), s.unconcerned(act, book),
		domain.CheckIDs("investigators", c.Investigators)); err != nil {
		return nil, err
	}
	source := book.Inquiry.InvestigatorsSource
	if least := book.Inquiry.Investigators; len(c.Investigators) < least {
		return nil, domain.Refuse(domain.CodeRule, "investigators", "%d named, at least %d are needed", len(c.Investigators), least).Under(source)
	}
	for _, p := range c.Investigators {
		if s.concerns(domain.OfficerID(p)) {
			return nil, domain.Refuse(domain.CodeConflict, "investigators", "%s is under inquiry in this case", p).Under(source)
		}
		if err := s.impartial("investigators", p, act, book); err != nil {
			return nil, err
		}
	}
	return []domain.Event{InvestigatorsNamed(c)}, nil
}
