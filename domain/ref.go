package domain

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Ref points at an aggregate or a person: its room ("officer") and its id.
type Ref struct {
	Type string
	ID   string
}

// Stream returns the name of the aggregate's stream, "officer-0042".
func (r Ref) Stream() string { return r.Type + "-" + r.ID }

func (r Ref) String() string { return r.Stream() }

// Reference is a typed id. Every field of an event that points elsewhere has
// such a type; the timeline index is built from them.
type Reference interface {
	Ref() Ref
}

// The typed ids. The type of a Ref is the name of the room it lives in.
type (
	UnitID      string // node of the organisation tree
	PostID      string // position
	OfficerID   string // person in the service
	ComplaintID string // complaint
	CaseID      string // misconduct case
	SanctionID  string // one measure against one person
	RewardID    string // one honour

	NormID        string // rule text with coded clauses
	PlanID        string // work plan of a period
	ActivityID    string // education or culture activity
	DisclosureID  string // item due to the public
	EnforcementID string // one administrative act
	InspectionID  string // internal supervision
	TracebackID   string // trace of responsibility
	WarningID     string // raised alert
	ProgrammeID   string // cycle of one agency and period
	RulebookID    string // a jurisdiction's numbers, by id
	FileID        string // record file, as something that is read: the officer's id
	KeyID         string // signing key: the SHA-256 of its SPKI DER, 64 hex digits

	ActorID string // whoever acted: an officer's id, or another sign-in name
	EventID string // recorded event, a UUID in text form; not an aggregate
)

func (id UnitID) Ref() Ref      { return Ref{"unit", string(id)} }
func (id PostID) Ref() Ref      { return Ref{"post", string(id)} }
func (id OfficerID) Ref() Ref   { return Ref{"officer", string(id)} }
func (id ComplaintID) Ref() Ref { return Ref{"complaint", string(id)} }
func (id CaseID) Ref() Ref      { return Ref{"misconduct", string(id)} }
func (id SanctionID) Ref() Ref  { return Ref{"sanction", string(id)} }
func (id RewardID) Ref() Ref    { return Ref{"reward", string(id)} }
func (id ActorID) Ref() Ref     { return Ref{"actor", string(id)} }

func (id NormID) Ref() Ref        { return Ref{"norm", string(id)} }
func (id PlanID) Ref() Ref        { return Ref{"plan", string(id)} }
func (id ActivityID) Ref() Ref    { return Ref{"activity", string(id)} }
func (id DisclosureID) Ref() Ref  { return Ref{"disclosure", string(id)} }
func (id EnforcementID) Ref() Ref { return Ref{"enforcement", string(id)} }
func (id InspectionID) Ref() Ref  { return Ref{"inspection", string(id)} }
func (id TracebackID) Ref() Ref   { return Ref{"traceback", string(id)} }
func (id WarningID) Ref() Ref     { return Ref{"warning", string(id)} }
func (id ProgrammeID) Ref() Ref   { return Ref{"programme", string(id)} }
func (id RulebookID) Ref() Ref    { return Ref{"rulebook", string(id)} }
func (id FileID) Ref() Ref        { return Ref{"access", string(id)} }
func (id KeyID) Ref() Ref         { return Ref{"key", string(id)} }

// MaxID is the longest id in bytes.
const MaxID = 96

// CheckID refuses an id that could not name a stream: empty, longer than
// MaxID bytes, not UTF-8, or with space, control or quoting characters.
func CheckID[T ~string](field string, id T) error {
	s := string(id)
	switch {
	case s == "":
		return Refuse(CodeInvalid, field, "is required")
	case len(s) > MaxID:
		return Refuse(CodeInvalid, field, "is %d bytes long, at most %d are allowed", len(s), MaxID)
	case !utf8.ValidString(s):
		return Refuse(CodeInvalid, field, "is not valid UTF-8")
	}
	for _, r := range s {
		if !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.' || r == ':' || r == '#' || r == '+' || r == '@') {
			return Refuse(CodeInvalid, field, "holds %s, which no id may (letters, digits and - _ . : # + @ only)", fmt.Sprintf("%q", r))
		}
	}
	return nil
}

// CheckOptionalID is CheckID for a field that may be empty.
func CheckOptionalID[T ~string](field string, id T) error {
	if id == "" {
		return nil
	}
	return CheckID(field, id)
}

// Touch says that an event touches an aggregate or person, and as what: the
// JSON name of the referring field, "subject" for the aggregate itself,
// "actor" for the one who acted.
type Touch struct {
	Ref Ref
	As  string
}
