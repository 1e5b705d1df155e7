package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"
)

// accessSchema is the schema as far as the matrix of access needs it.
type accessSchema struct {
	objects map[string]*ast.ObjectDefinition
	leaves  map[string]bool
	// entity names the field of the query for one object of a type, list the
	// one for all of them.
	entity, list map[string]string
}

func readSchema(t *testing.T, sdl string) *accessSchema {
	t.Helper()
	doc, err := parser.Parse(parser.ParseParams{Source: sdl})
	if err != nil {
		t.Fatal(err)
	}
	s := &accessSchema{objects: map[string]*ast.ObjectDefinition{}, leaves: map[string]bool{}, entity: map[string]string{}, list: map[string]string{}}
	for _, scalar := range []string{"ID", "String", "Int", "Float", "Boolean"} {
		s.leaves[scalar] = true
	}
	for _, d := range doc.Definitions {
		switch d := d.(type) {
		case *ast.ObjectDefinition:
			s.objects[d.Name.Value] = d
		case *ast.EnumDefinition:
			s.leaves[d.Name.Value] = true
		case *ast.ScalarDefinition:
			s.leaves[d.Name.Value] = true
		}
	}
	for _, f := range s.objects["Query"].Fields {
		name := typeNamed(f.Type)
		if required := requiredArguments(f); len(required) == 1 && required[0] == "id" {
			s.entity[name] = f.Name.Value
		}
		if node, ok := strings.CutSuffix(name, "Connection"); ok && len(requiredArguments(f)) == 0 {
			s.list[node] = f.Name.Value
		}
	}
	return s
}

func typeNamed(t ast.Type) string {
	switch t := t.(type) {
	case *ast.NonNull:
		return typeNamed(t.Type)
	case *ast.List:
		return typeNamed(t.Type)
	case *ast.Named:
		return t.Name.Value
	}
	return ""
}

func requiredArguments(f *ast.FieldDefinition) []string {
	var out []string
	for _, a := range f.Arguments {
		if _, must := a.Type.(*ast.NonNull); must && a.DefaultValue == nil {
			out = append(out, a.Name.Value)
		}
	}
	return out
}

// answers are the types of which an answer to a question can hold something,
// in order: those that the query leads to, without pages.
func (s *accessSchema) answers() []string {
	found := map[string]bool{}
	var walk func(string)
	walk = func(typ string) {
		if s.objects[typ] == nil || found[typ] {
			return
		}
		found[typ] = true
		for _, f := range s.objects[typ].Fields {
			walk(typeNamed(f.Type))
		}
	}
	walk("Query")
	return slices.DeleteFunc(slices.Sorted(maps.Keys(found)), s.isPage)
}

// isPage tells the types that only carry others.
func (s *accessSchema) isPage(name string) bool {
	of, edge := strings.CutSuffix(name, "Edge")
	return strings.HasSuffix(name, "Connection") || edge && s.objects[of+"Connection"] != nil || name == "PageInfo"
}

// asked is a field of a query: what the answer is read by as well.
type asked struct {
	of, name string // type and field
	argument string // with parentheses
	below    []*asked
}

// nested is how deep values lie in each other at most.
const nested = 7

// selection chooses every field of a type: values with all that is in them,
// objects that can be asked for by themselves by name alone.
func (s *accessSchema) selection(typ string, arguments map[string]string, above []string) []*asked {
	if slices.Contains(above, typ) || len(above) > nested {
		return []*asked{{of: typ, name: "__typename"}}
	}
	above = append(slices.Clone(above), typ)
	var out []*asked
	for _, f := range s.objects[typ].Fields {
		name, target := f.Name.Value, typeNamed(f.Type)
		argument, given := arguments[typ+"."+name]
		if len(requiredArguments(f)) > 0 && !given {
			continue
		}
		c := &asked{of: typ, name: name, argument: argument}
		switch {
		case s.leaves[target]:
		case s.entity[target] != "":
			c.below = []*asked{{of: target, name: "__typename"}, {of: target, name: "id"}}
		case s.objects[target] == nil: // a union
			c.below = []*asked{{of: target, name: "__typename"}}
		case s.isPage(target):
			node := strings.TrimSuffix(target, "Connection")
			c.argument = "(first: 3)"
			c.below = []*asked{{of: target, name: "nodes", below: s.nodes(target, node, arguments, above)}}
		default:
			c.below = s.selection(target, arguments, above)
		}
		out = append(out, c)
	}
	return out
}

func (s *accessSchema) nodes(connection, node string, arguments map[string]string, above []string) []*asked {
	for _, f := range s.objects[connection].Fields {
		if f.Name.Value == "nodes" {
			node = typeNamed(f.Type)
		}
	}
	if s.entity[node] != "" {
		return []*asked{{of: node, name: "__typename"}, {of: node, name: "id"}}
	}
	return s.selection(node, arguments, above)
}

// parts cuts a selection into queries that the guard lets through.
func parts(all []*asked, most int) [][]*asked {
	var out [][]*asked
	var part []*asked
	size := 0
	for _, c := range all {
		for _, c := range split(c, most) {
			n := c.size()
			if size+n > most && size > 0 {
				out, part, size = append(out, part), nil, 0
			}
			part, size = append(part, c), size+n
		}
	}
	return append(out, part)
}

// split cuts one field that is too large by itself into several of its name.
func split(c *asked, most int) []*asked {
	if c.size() <= most {
		return []*asked{c}
	}
	var out []*asked
	for _, below := range parts(c.below, most-1) {
		out = append(out, &asked{c.of, c.name, c.argument, below})
	}
	return out
}

func (c *asked) size() int {
	n := 1
	for _, b := range c.below {
		n += b.size()
	}
	return n
}

func write(b *strings.Builder, fields []*asked) {
	b.WriteString("{")
	for _, c := range fields {
		b.WriteString(" " + c.name + c.argument)
		if c.below != nil {
			write(b, c.below)
		}
	}
	b.WriteString(" }")
}

// look notes which fields of an answer hold something.
func look(fields []*asked, value any, saw func(c *asked, value any)) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			look(fields, v, saw)
		}
	case map[string]any:
		for _, c := range fields {
			v := value[c.name]
			if isEmpty(v) {
				continue
			}
			saw(c, v)
			look(c.below, v, saw)
		}
	}
}

// isEmpty holds for null, and for lists and pages without anything on them.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		nodes, page := v["nodes"].([]any)
		return page && len(nodes) == 0
	}
	return v == nil
}
