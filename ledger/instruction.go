package ledger

import (
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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
	OccurredAt  time.Time      `json:"occurredAt,omitzero"`
	Cause       string         `json:"cause,omitzero"`
	Correlation string         `json:"correlation,omitzero"`
	Source      string         `json:"source,omitzero"`
	Data        jsontext.Value `json:"data,omitzero"`
}

// maxInstructionID is the longest instruction id in bytes.
const maxInstructionID = 128

// ParseInstruction reads an instruction from its JSON form. Everything it
// does not like is a *domain.Refusal that names the field.
func (c *Codec) ParseInstruction(b []byte) (domain.Instruction, error) {
	var w wireInstruction
	if err := json.Unmarshal(b, &w, json.RejectUnknownMembers(true)); err != nil {
		return domain.Instruction{}, refuseJSON("", err)
	}
	role, ok := domain.ParseRole(w.Role)
	if !ok || role == domain.RoleSystem {
		return domain.Instruction{}, domain.Refuse(domain.CodeInvalid, "role", "%q is not a role a person can act in; the roles are %v", w.Role, domain.Roles())
	}
	cmd, err := c.ParseCommand(domain.CommandName(w.Command), w.Data)
	if err != nil {
		return domain.Instruction{}, err
	}
	return domain.Instruction{
		ID:      w.ID,
		Command: cmd,
		Act: domain.Act{
			Subject:     w.Subject,
			Actor:       domain.ActorID(w.Actor),
			Role:        role,
			OccurredAt:  w.OccurredAt,
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
	return json.Marshal(wireInstruction{
		ID: in.ID, Command: string(in.Command.Name()), Subject: in.Act.Subject, Actor: string(in.Act.Actor),
		Role: string(in.Act.Role), OccurredAt: in.Act.OccurredAt, Cause: string(in.Act.Cause),
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
	field, what := under, err.Error()
	if se, ok := errors.AsType[*json.SemanticError](err); ok {
		field += strings.ReplaceAll(string(se.JSONPointer), "/", ".")
		switch {
		case errors.Is(se.Err, json.ErrUnknownName):
			what = "there is no such field"
		case se.Err != nil:
			what = se.Err.Error()
		case se.JSONKind != 0:
			what = "a JSON " + se.JSONKind.String() + " does not fit here"
		}
	} else if se, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		field += strings.ReplaceAll(string(se.JSONPointer), "/", ".")
		if se.Err != nil {
			what = "malformed JSON: " + se.Err.Error()
		}
	}
	return domain.Refuse(domain.CodeInvalid, strings.TrimPrefix(field, "."), "%s", what)
}
