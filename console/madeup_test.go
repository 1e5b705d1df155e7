package console

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"
)

// madeUp answers any document as the schema says that it is answered, with one
// text wherever somebody's may stand.
type madeUp struct {
	types map[string]ast.Node
	// text stands for every text and id; yes for every flag. turn chooses among
	// the values of an enum and the members of a union.
	text string
	yes  bool
	turn int
	err  error
}

// outputTypes reads the schema that the pages ask.
func outputTypes(t *testing.T) map[string]ast.Node {
	t.Helper()
	raw, err := os.ReadFile("../graphql/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	document, err := parser.Parse(parser.ParseParams{Source: string(raw)})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]ast.Node{}
	for _, d := range document.Definitions {
		if named, ok := d.(interface{ GetName() *ast.Name }); ok && named.GetName() != nil {
			out[named.GetName().Value] = d
		} else if typ, ok := d.(ast.TypeDefinition); ok {
			out[nameOf(typ)] = d
		}
	}
	return out
}

func nameOf(d ast.Node) string {
	switch d := d.(type) {
	case *ast.ObjectDefinition:
		return d.Name.Value
	case *ast.EnumDefinition:
		return d.Name.Value
	case *ast.UnionDefinition:
		return d.Name.Value
	case *ast.InterfaceDefinition:
		return d.Name.Value
	case *ast.ScalarDefinition:
		return d.Name.Value
	case *ast.InputObjectDefinition:
		return d.Name.Value
	}
	return ""
}

// ask is what a visitor asks with.
func (m *madeUp) ask(_ context.Context, q Question) Answer {
	document, err := parser.Parse(parser.ParseParams{Source: q.Document})
	if err != nil {
		m.err = err
		return Answer{Errors: []Problem{{Code: "INTERNAL", Message: err.Error()}}}
	}
	operation := document.Definitions[0].(*ast.OperationDefinition)
	raw, err := json.Marshal(m.object("Query", operation.SelectionSet))
	if err != nil {
		m.err = err
	}
	answer := Answer{Data: raw}
	if q.Prove {
		answer.Proof = &Proof{Position: "12", Checkpoint: "test.example/ledger\n12\ncm9vdA==\n\n— test sig\n", Digest: strings.Repeat("ab", 32)}
	}
	return answer
}

// object answers a selection on a type.
func (m *madeUp) object(typ string, set *ast.SelectionSet) map[string]any {
	out := map[string]any{}
	if set == nil {
		return out
	}
	for _, s := range set.Selections {
		switch s := s.(type) {
		case *ast.InlineFragment:
			if s.TypeCondition.Name.Value == typ {
				for k, v := range m.object(typ, s.SelectionSet) {
					out[k] = v
				}
			}
		case *ast.Field:
			key := s.Name.Value
			if s.Alias != nil {
				key = s.Alias.Value
			}
			out[key] = m.field(typ, s)
		default:
			m.err = fmt.Errorf("a %T is asked for", s)
		}
	}
	return out
}

func (m *madeUp) field(typ string, f *ast.Field) any {
	name := f.Name.Value
	object, _ := m.types[typ].(*ast.ObjectDefinition)
	if object != nil {
		for _, field := range object.Fields {
			if field.Name.Value == name {
				if typ == "Envelope" && name == "payload" { // a page reads it
					raw, _ := json.Marshal(map[string]string{m.text: m.text})
					return base64.StdEncoding.EncodeToString(raw)
				}
				if name == "hash" { // the ledger's own, and no longer than a digest
					return string([]rune(m.text)[:min(64, len([]rune(m.text)))])
				}
				return m.value(field.Type, f)
			}
		}
	}
	m.err = fmt.Errorf("%s has no field %s", typ, name)
	return nil
}

func (m *madeUp) value(typ ast.Type, f *ast.Field) any {
	switch typ := typ.(type) {
	case *ast.NonNull:
		return m.value(typ.Type, f)
	case *ast.List:
		return []any{m.value(typ.Type, f), m.value(typ.Type, f)}
	case *ast.Named:
		return m.named(typ.Name.Value, f)
	}
	m.err = fmt.Errorf("a type is a %T", typ)
	return nil
}

func (m *madeUp) named(name string, f *ast.Field) any {
	switch name {
	case "String", "ID":
		return m.text
	case "Int", "Long":
		return 3
	case "Float":
		return 12.5
	case "Boolean":
		return m.yes
	case "Date":
		return "2025-03-09"
	case "DateTime":
		return "2025-03-09T16:00:00Z"
	case "JSON":
		return map[string]any{m.text: []any{m.text, 1, m.yes, nil}}
	}
	switch d := m.types[name].(type) {
	case *ast.EnumDefinition:
		return d.Values[m.turn%len(d.Values)].Name.Value
	case *ast.UnionDefinition:
		return m.object(d.Types[m.turn%len(d.Types)].Name.Value, f.SelectionSet)
	case *ast.ObjectDefinition:
		return m.object(name, f.SelectionSet)
	}
	m.err = fmt.Errorf("%s is a %T", name, m.types[name])
	return nil
}
