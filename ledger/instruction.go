package ledger

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
)

// wireInstruction is an instruction as people and programs write it: one
// JSON object, one per line where there are many (NDJSON).
type wireInstruction struct {
	ID          string         `json:"id"`
	Command     string         `json:"command"`
	Subject     string         `json:"subject"`
	Actor       string         `json:"actor"`
	Role        string         `json:"role"`
	OccurredAt  *time.Time     `json:"occurredAt,omitzero"`
	Cause       string         `json:"cause,omitzero"`
	Correlation string         `json:"correlation,omitzero"`
	Source      string         `json:"source,omitzero"`
	Data        jsontext.Value `json:"data,omitzero"`
}

func checkInstruction(in domain.Instruction) error {
	switch {
	case in.Command == nil:
		return domain.Refuse(domain.CodeInvalid, "command", "is required")
	case in.ID == "":
		return domain.Refuse(domain.CodeInvalid, "id", "is required: it tells a retry from a second wish")
	case len(in.ID) > maxInstructionID:
		return domain.Refuse(domain.CodeInvalid, "id", "is %d bytes long, at most %d are allowed", len(in.ID), maxInstructionID)
	case isReaction(in.ID):
		return domain.Refuse(domain.CodeInvalid, "id", "may not begin with %q, which is kept for reactions", reactionPrefix)
	case in.Act.Role == domain.RoleSystem && in.Act.Actor != domain.ActorSystem:
		return domain.Refuse(domain.CodeForbidden, "role", "no person holds the role %q", domain.RoleSystem)
	case in.Act.Role != domain.RoleSystem && in.Act.Actor == domain.ActorSystem:
		return domain.Refuse(domain.CodeForbidden, "actor", "%q names no person; it acts in the role %q only", domain.ActorSystem, domain.RoleSystem)
	case !isEventID(in.Act.Cause):
		return domain.Refuse(domain.CodeInvalid, "cause", "is not the id of an event (a UUID in lower case)")
	case !isEventID(in.Act.Correlation):
		return domain.Refuse(domain.CodeInvalid, "correlation", "is not the id of an event (a UUID in lower case)")
	}
	return nil
}

// isEventID tells whether the id is absent or has the one form of event ids.
func isEventID(id domain.EventID) bool {
	if id == "" {
		return true
	}
	u, err := uuid.Parse(string(id))
	return err == nil && u.String() == string(id)
}

// ParseInstruction reads an instruction from its JSON form. Everything it
// does not like is a *domain.Refusal that names the field; the instruction then
// has its id alone, where that could be read.
func (c *Codec) ParseInstruction(b []byte) (domain.Instruction, error) {
	in, err := c.parseInstruction(b)
	if err != nil {
		return domain.Instruction{ID: InstructionID(b)}, err
	}
	return in, nil
}

// InstructionID reads the id of an instruction that is not whole otherwise;
// empty where it cannot be read.
func InstructionID(b []byte) string {
	var w struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(b, &w) // what was read before the mistake counts
	return w.ID
}

func (c *Codec) parseInstruction(b []byte) (domain.Instruction, error) {
	var w wireInstruction
	if len(b) > MaxInstruction {
		return domain.Instruction{}, domain.Refuse(domain.CodeInvalid, "", "the instruction is %d bytes long, at most %d are allowed; file long matter as evidence", len(b), MaxInstruction)
	}
	if err := json.Unmarshal(b, &w, json.RejectUnknownMembers(true)); err != nil {
		return domain.Instruction{}, refuseJSON("", err)
	}
	role, ok := domain.ParseRole(w.Role)
	if !ok || role == domain.RoleSystem {
		return domain.Instruction{}, domain.Refuse(domain.CodeInvalid, "role", "%q is not a role a person can act in; the roles are %v", w.Role, slices.DeleteFunc(domain.Roles(), func(r domain.Role) bool { return r == domain.RoleSystem }))
	}
	cmd, err := c.ParseCommand(domain.CommandName(w.Command), w.Data)
	if err != nil {
		return domain.Instruction{}, err
	}
	occurredAt := time.Time{}
	if w.OccurredAt != nil {
		if occurredAt = *w.OccurredAt; occurredAt.IsZero() { // which would mean now
			return domain.Instruction{}, domain.Refuse(domain.CodeInvalid, "occurredAt", "is the first moment of the year 1, which some programs write for no date; leave it out where it is now")
		}
	}
	return domain.Instruction{
		ID:      w.ID,
		Command: cmd,
		Act: domain.Act{
			Subject:     w.Subject,
			Actor:       domain.ActorID(w.Actor),
			Role:        role,
			OccurredAt:  occurredAt,
			Cause:       domain.EventID(w.Cause),
			Correlation: domain.EventID(w.Correlation),
			Source:      w.Source,
		},
	}, nil
}

// MarshalInstruction writes the JSON form that ParseInstruction reads.
func MarshalInstruction(in domain.Instruction) ([]byte, error) {
	data, err := json.Marshal(in.Command, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	var occurredAt *time.Time
	if !in.Act.OccurredAt.IsZero() {
		occurredAt = &in.Act.OccurredAt
	}
	return json.Marshal(wireInstruction{
		ID: in.ID, Command: string(in.Command.Name()), Subject: in.Act.Subject, Actor: string(in.Act.Actor),
		Role: string(in.Act.Role), OccurredAt: occurredAt, Cause: string(in.Act.Cause),
		Correlation: string(in.Act.Correlation), Source: in.Act.Source, Data: data,
	})
}

// ParseCommand reads the data of the named command, strictly. Absent data is
// an empty object.
func (c *Codec) ParseCommand(name domain.CommandName, data []byte) (domain.Command, error) {
	t := c.catalog.Command(name)
	if t == nil {
		return nil, domain.Refuse(domain.CodeInvalid, "command", "there is no command %q", name)
	}
	if len(data) == 0 {
		data = []byte("{}")
	}
	ptr := t.New()
	if err := json.Unmarshal(data, ptr, json.RejectUnknownMembers(true)); err != nil {
		return nil, refuseJSON("data", err)
	}
	return t.Value(ptr), nil
}

// refuseJSON turns a decoder's complaint into a refusal that names the field.
func refuseJSON(under string, err error) error {
	field, what := under, "does not fit here"
	if se, ok := errors.AsType[*json.SemanticError](err); ok {
		field = fieldAt(under, se.JSONPointer)
		switch {
		case errors.Is(se.Err, json.ErrUnknownName):
			what = "there is no such field"
		case se.Err != nil && errors.As(se.Err, new(*time.ParseError)), se.Err == nil,
			errors.Is(se.Err, strconv.ErrSyntax), errors.Is(se.Err, strconv.ErrRange):
			what = "must be " + wanted(se.GoType)
		default:
			what = se.Err.Error()
		}
	} else if se, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		field, what = fieldAt(under, se.JSONPointer), "malformed JSON"
		if se.Err != nil {
			what += ": " + se.Err.Error()
		}
	}
	return domain.Refuse(domain.CodeInvalid, field, "%s", what)
}

// fieldAt writes a JSON pointer the way refusals name fields: data.list.0.
func fieldAt(under string, at jsontext.Pointer) string {
	for token := range at.Tokens() {
		under += "." + token
	}
	return strings.TrimPrefix(under, ".")
}

// wanted says in plain words what JSON a field of the type takes.
func wanted(t reflect.Type) string {
	switch {
	case t == nil:
		return "of another form"
	case t == reflect.TypeFor[time.Time]():
		return `a time of the form "2024-03-04T09:30:00Z"`
	case t == reflect.TypeFor[domain.Date]():
		return `a date of the form "2024-03-04"`
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	if t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr {
		return fmt.Sprintf("a whole number of at most %d bits", t.Bits())
	}
	return "of another form"
}
