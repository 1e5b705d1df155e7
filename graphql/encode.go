package graphql

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/graphql-go/graphql/language/ast"
)

// encode writes the data of a response as JSON, with the members of every
// object in the order of the query (specification, section 7.2.2). The
// library keeps objects in maps, which have no order.
func encode(data map[string]any, document *ast.Document, operation *ast.OperationDefinition) json.RawMessage {
	if data == nil {
		return json.RawMessage("null")
	}
	e := encoder{fragments: map[string]*ast.SelectionSet{}, out: make([]byte, 0, 4<<10)}
	for _, d := range document.Definitions {
		if f, ok := d.(*ast.FragmentDefinition); ok {
			e.fragments[f.Name.Value] = f.SelectionSet
		}
	}
	e.object(data, &shape{sets: []*ast.SelectionSet{operation.SelectionSet}})
	return e.out
}

// shape is the order of members below one place of the query, worked out
// when an object is met there. Fragments of types that the object is not of
// count too; their members are not in the data.
type shape struct {
	sets    []*ast.SelectionSet
	members []*member
}

type member struct {
	key    string
	quoted []byte // the key in JSON, with the colon
	below  shape
}

type encoder struct {
	fragments map[string]*ast.SelectionSet
	out       []byte
}

func (e *encoder) members(s *shape) []*member {
	if s.members == nil {
		at := map[string]*member{}
		seen := map[string]bool{}
		for _, set := range s.sets {
			e.collect(set, s, at, seen)
		}
	}
	return s.members
}

// collect adds the members of a selection set. Fragments have no cycle: the
// guard has looked.
func (e *encoder) collect(set *ast.SelectionSet, s *shape, at map[string]*member, seen map[string]bool) {
	if set == nil {
		return
	}
	for _, selection := range set.Selections {
		switch selection := selection.(type) {
		case *ast.Field:
			key := selection.Name.Value
			if selection.Alias != nil {
				key = selection.Alias.Value
			}
			m := at[key]
			if m == nil {
				m = &member{key: key, quoted: append(strconv.AppendQuote(nil, key), ':')}
				at[key] = m
				s.members = append(s.members, m)
			}
			if selection.SelectionSet != nil {
				m.below.sets = append(m.below.sets, selection.SelectionSet)
			}
		case *ast.InlineFragment:
			e.collect(selection.SelectionSet, s, at, seen)
		case *ast.FragmentSpread:
			if name := selection.Name.Value; !seen[name] {
				seen[name] = true
				e.collect(e.fragments[name], s, at, seen)
			}
		}
	}
}

func (e *encoder) object(object map[string]any, s *shape) {
	e.out = append(e.out, '{')
	first := true
	for _, m := range e.members(s) {
		value, ok := object[m.key]
		if !ok {
			continue
		}
		if !first {
			e.out = append(e.out, ',')
		}
		first = false
		e.out = append(e.out, m.quoted...)
		e.value(value, &m.below)
	}
	e.out = append(e.out, '}')
}

// value writes what the library leaves in a result: nil, objects, lists, and
// what the scalars serialize to.
func (e *encoder) value(value any, s *shape) {
	switch v := value.(type) {
	case nil:
		e.out = append(e.out, "null"...)
	case map[string]any:
		e.object(v, s)
	case []any:
		e.out = append(e.out, '[')
		for i, item := range v {
			if i > 0 {
				e.out = append(e.out, ',')
			}
			e.value(item, s)
		}
		e.out = append(e.out, ']')
	case string:
		e.text(v)
	case bool:
		e.out = strconv.AppendBool(e.out, v)
	case int:
		e.out = strconv.AppendInt(e.out, int64(v), 10)
	case json.RawMessage:
		e.out = append(e.out, v...)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			panic(fmt.Sprintf("graphql: a scalar gave %T, which is not JSON: %v", v, err))
		}
		e.out = append(e.out, raw...)
	}
}

func (e *encoder) text(s string) {
	out, err := jsontext.AppendQuote(e.out, s)
	if err != nil { // not UTF-8
		out, _ = jsontext.AppendQuote(e.out, strings.ToValidUTF8(s, "\uFFFD"))
	}
	e.out = out
}
