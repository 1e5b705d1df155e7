// Package graphqltest writes instructions as GraphQL mutations, as a client
// would that knows the schema alone: for tests that hold the two ways in
// against each other.
package graphqltest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Forms are the mutations of a schema. They are safe for concurrent use.
type Forms struct {
	mutations map[string]*ast.FieldDefinition
	inputs    map[string]map[string]ast.Type
	enums     map[string]bool
}

// NewForms reads the schema definition language.
func NewForms(sdl string) (*Forms, error) {
	document, err := parser.Parse(parser.ParseParams{Source: sdl, Options: parser.ParseOptions{NoLocation: true, NoSource: true}})
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	f := &Forms{mutations: map[string]*ast.FieldDefinition{}, inputs: map[string]map[string]ast.Type{}, enums: map[string]bool{}}
	for _, d := range document.Definitions {
		switch d := d.(type) {
		case *ast.ObjectDefinition:
			if d.Name.Value == "Mutation" {
				for _, field := range d.Fields {
					f.mutations[field.Name.Value] = field
				}
			}
		case *ast.InputObjectDefinition:
			members := map[string]ast.Type{}
			for _, m := range d.Fields {
				members[m.Name.Value] = m.Type
			}
			f.inputs[d.Name.Value] = members
		case *ast.EnumDefinition:
			f.enums[d.Name.Value] = true
		}
	}
	return f, nil
}

// Name is what the mutation of a command is called.
func Name(command domain.CommandName) string {
	room, verb, _ := strings.Cut(string(command), ".")
	for _, word := range strings.Split(verb, "_") {
		room += strings.ToUpper(word[:1]) + word[1:]
	}
	return room
}

// Answer is what [Forms.Of] asks for, under the name "did".
type Answer struct {
	ID             string
	Stream         string
	Recorded       bool
	Repeated       bool
	NeedsSignature bool
	Revision       string
	Position       string
	Events         []struct{ ID, Kind string }
}

// Of is the mutation of an instruction, which answers with an [Answer], and
// its variables, to which others may be added: dryRun and prepare are declared.
// Who reported is not among them.
func (f *Forms) Of(in domain.Instruction) (query string, variables map[string]any, err error) {
	name := Name(in.Command.Name())
	field := f.mutations[name]
	if field == nil {
		return "", nil, fmt.Errorf("there is no mutation %s", name)
	}
	line, err := ledger.MarshalInstruction(in)
	if err != nil {
		return "", nil, err
	}
	var wire struct {
		OccurredAt string
		Data       map[string]any
	}
	decoder := json.NewDecoder(strings.NewReader(string(line)))
	decoder.UseNumber()
	if err := decoder.Decode(&wire); err != nil {
		return "", nil, err
	}
	variables = map[string]any{"subject": in.Act.Subject, "id": in.ID}
	if wire.OccurredAt != "" {
		variables["occurredAt"] = wire.OccurredAt
	}
	if in.Act.Source != "" {
		variables["source"] = in.Act.Source
	}
	var declared, given []string
	for _, a := range field.Arguments {
		if a.Name.Value == "input" {
			variables["input"] = f.value(a.Type, wire.Data)
		}
		declared = append(declared, "$"+a.Name.Value+": "+written(a.Type))
		given = append(given, fmt.Sprintf("%s: $%[1]s", a.Name.Value))
	}
	return fmt.Sprintf("mutation(%s) { did: %s(%s) { id stream recorded repeated needsSignature revision position events { id kind } } }",
		strings.Join(declared, ", "), name, strings.Join(given, ", ")), variables, nil
}

// value writes a value of the JSON form as the type has it.
func (f *Forms) value(t ast.Type, v any) any {
	switch t := t.(type) {
	case *ast.NonNull:
		return f.value(t.Type, v)
	case *ast.List:
		list, _ := v.([]any)
		out := make([]any, len(list))
		for i := range list {
			out[i] = f.value(t.Type, list[i])
		}
		return out
	case *ast.Named:
		if members := f.inputs[t.Name.Value]; members != nil {
			return f.object(members, v)
		}
		if word, ok := v.(string); ok && f.enums[t.Name.Value] {
			return enumName(word)
		}
	}
	return v
}

func (f *Forms) object(members map[string]ast.Type, v any) any {
	given, _ := v.(map[string]any)
	out := map[string]any{}
	for name, value := range given {
		if typ := members[name]; typ != nil && strings.TrimSuffix(written(typ), "!") != "ReporterInput" {
			out[name] = f.value(typ, value)
		} else if typ == nil {
			out[name] = value // which the schema will not have
		}
	}
	return out
}

func enumName(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == ' ' {
			return '_'
		}
		return r
	}, strings.ToUpper(word))
}

// written is a type as it stands in the schema.
func written(t ast.Type) string {
	switch t := t.(type) {
	case *ast.NonNull:
		return written(t.Type) + "!"
	case *ast.List:
		return "[" + written(t.Type) + "]"
	case *ast.Named:
		return t.Name.Value
	}
	return ""
}
