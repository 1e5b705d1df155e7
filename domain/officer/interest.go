package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Interest is a tie that calls for recusal 回避, as the state holds it.
type Interest struct {
	Nature  string
	With    string
	Unit    domain.UnitID
	Officer domain.OfficerID
	// Until is the last day it stands; zero means until it is ended.
	Until domain.Date
}

// StandsOn tells whether the interest stands on the day.
func (i Interest) StandsOn(day domain.Date) bool { return i.Until.IsZero() || !day.After(i.Until) }

// is tells whether both name the same tie.
func (i Interest) is(nature, with string, unit domain.UnitID, officer domain.OfficerID) bool {
	return i.Nature == nature && i.With == with && i.Unit == unit && i.Officer == officer
}

// InterestDeclared: the officer has a tie to someone, up to and including
// the day Until if there is one.
type InterestDeclared struct {
	Nature  string           `json:"nature"`
	With    string           `json:"with,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Officer domain.OfficerID `json:"officer,omitzero"`
	Until   domain.Date      `json:"until,omitzero"`
}

func (InterestDeclared) Kind() domain.Kind { return "officer.interest_declared.v1" }

func (e InterestDeclared) Apply(o *Officer, act domain.Act) {
	InterestEnded{Nature: e.Nature, With: e.With, Unit: e.Unit, Officer: e.Officer}.Apply(o, act)
	o.Interests = append(o.Interests, Interest(e))
}

// DeclareInterest puts a tie on file: a relative, a business, a former
// employer. Officers declare their own; HR and inspectors file what they
// learn. A tie that stands until a day may be declared again for longer.
type DeclareInterest struct {
	// Nature says what kind of tie it is, such as "spouse" or "shareholding".
	Nature string `json:"nature"`
	// With names the person or body; it may be empty when Unit or Officer
	// says so.
	With    string           `json:"with,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Officer domain.OfficerID `json:"officer,omitzero"`
	// Until is the last day the tie stands, if it is known.
	Until domain.Date `json:"until,omitzero"`
}

func (DeclareInterest) Name() domain.CommandName { return "officer.declare_interest" }

func (DeclareInterest) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleHR, domain.RoleInspector}
}

// Outward: people have relations everywhere.
func (DeclareInterest) Outward() []string { return []string{"unit", "officer"} }

func (c DeclareInterest) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), ownIfOfficer(act), domain.CheckText("nature", c.Nature), domain.CheckOptionalText("with", c.With),
		domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("officer", c.Officer)); err != nil {
		return nil, err
	}
	if c.With == "" && c.Unit == "" && c.Officer == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "with", "name the person or body, a unit or an officer")
	}
	if string(c.Officer) == act.Subject {
		return nil, domain.Refuse(domain.CodeInvalid, "officer", "nobody has an interest with themselves")
	}
	if !c.Until.IsZero() && c.Until.Before(book.Calendar.Day(act.OccurredAt)) {
		return nil, domain.Refuse(domain.CodeInvalid, "until", "%s lies in the past; an interest that is over bars nothing", c.Until)
	}
	if slices.Contains(o.Interests, Interest(c)) {
		return nil, domain.Refuse(domain.CodeExists, "with", "this interest is on file already")
	}
	return []domain.Event{InterestDeclared(c)}, nil
}

// InterestEnded: a declared tie no longer stands.
type InterestEnded struct {
	Nature  string           `json:"nature"`
	With    string           `json:"with,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Officer domain.OfficerID `json:"officer,omitzero"`
}

func (InterestEnded) Kind() domain.Kind { return "officer.interest_ended.v1" }

func (e InterestEnded) Apply(o *Officer, act domain.Act) {
	o.Interests = slices.DeleteFunc(slices.Clone(o.Interests), func(i Interest) bool { return i.is(e.Nature, e.With, e.Unit, e.Officer) })
}

// EndInterest takes a declared tie off the file, named as it was declared.
// It is for another person: nobody sheds a recusal by their own word.
type EndInterest struct {
	Nature  string           `json:"nature"`
	With    string           `json:"with,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Officer domain.OfficerID `json:"officer,omitzero"`
}

func (EndInterest) Name() domain.CommandName { return "officer.end_interest" }

func (EndInterest) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleInspector} }

// Outward: people have relations everywhere.
func (EndInterest) Outward() []string { return []string{"unit", "officer"} }

func (c EndInterest) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(o.Interests, func(i Interest) bool { return i.is(c.Nature, c.With, c.Unit, c.Officer) }) {
		return nil, domain.Refuse(domain.CodeState, "with", "no such interest is on file; name it as it was declared")
	}
	return []domain.Event{InterestEnded(c)}, nil
}
