package spreadsheet

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MapError is a mistake in a map, with its place. Line and Column count from
// 1; both are 0 when the mistake has no single place.
type MapError struct {
	Map          string // what the map was read from
	Line, Column int
	Message      string
}

func (e *MapError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Map, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Map, e.Line, e.Column, e.Message)
}

// place is where in the map something was said.
type place struct{ line, column int }

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// mistake is a MapError in the making: whoever knows the map's name adds it.
type mistake struct {
	at      place
	message string
}

func (m *mistake) Error() string { return m.message }

func wrong(at place, format string, args ...any) error {
	return &mistake{at, fmt.Sprintf(format, args...)}
}

// located gives a mistake the name of its map.
func located(name string, err error) error {
	if m, ok := errors.AsType[*mistake](err); ok {
		return &MapError{name, m.at.line, m.at.column, m.message}
	}
	return err
}

// Nesting deeper than this is no map. The parser recurses.
const maxMapDepth = 40

// parseYAML returns the one document in b. It knows the plain part of YAML
// only: mappings, sequences and scalars. What can make a document mean
// something else than it seems to say (anchors, aliases, merge keys, tags)
// is refused.
func parseYAML(b []byte) (ast.Node, error) {
	if err := checkDepth(b); err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes(b, 0)
	if err != nil {
		if ye, ok := errors.AsType[yaml.Error](err); ok {
			return nil, wrong(placeOf(ye.GetToken()), "%s", ye.GetMessage())
		}
		return nil, wrong(place{}, "%v", err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, wrong(place{}, "a map is exactly one YAML document")
	}
	return file.Docs[0].Body, nil
}

// checkDepth bounds the nesting before the parser sees it: brackets of flow
// style and dashes on one line are all that nests without indenting.
func checkDepth(b []byte) error {
	for i, line := range strings.Split(string(b), "\n") {
		n := strings.Count(line, "[") + strings.Count(line, "{") + strings.Count(line, "- ") + strings.Count(line, "? ")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if n > maxMapDepth*4 || indent > maxMapDepth*8 {
			return wrong(place{i + 1, 1}, "is nested too deeply")
		}
	}
	return nil
}

// entry is one key of a mapping and its value.
type entry struct {
	key   string
	at    place
	value ast.Node
}

// scalar is a plain value and where it stands.
type scalar struct {
	text string
	at   place
}

func whereIs(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return placeOf(m.Values[0].Key.GetToken())
	}
	return placeOf(n.GetToken())
}

// mapping returns the entries of a mapping in order.
func mapping(n ast.Node, what string) ([]entry, error) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case nil:
		return nil, wrong(place{}, "%s must be a mapping (key: value)", what)
	default:
		return nil, wrong(whereIs(n), "%s must be a mapping (key: value)", what)
	}
	out := make([]entry, 0, len(values))
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		if v.Key.IsMergeKey() {
			return nil, wrong(placeOf(v.Key.GetToken()), "merge keys are not used in maps")
		}
		key, err := scalarOf(v.Key, aKey)
		if err != nil {
			return nil, err
		}
		if seen[key.text] {
			return nil, wrong(key.at, "%q is given twice", key.text)
		}
		seen[key.text] = true
		if v.Value == nil {
			return nil, wrong(key.at, "%q has no value", key.text)
		}
		out = append(out, entry{key.text, key.at, v.Value})
	}
	return out, nil
}

// keyed is mapping for the keys that are known, each handled by its
// function; any other key is a mistake.
func keyed(n ast.Node, what string, known map[string]func(entry) error) error {
	entries, err := mapping(n, what)
	if err != nil {
		return err
	}
	for _, e := range entries {
		read := known[e.key]
		if read == nil {
			names := make([]string, 0, len(known))
			for k := range known {
				names = append(names, k)
			}
			slices.Sort(names)
			return wrong(e.at, "%s has no key %q; there are %s", what, e.key, strings.Join(names, ", "))
		}
		if err := read(e); err != nil {
			return err
		}
	}
	return nil
}

// sequence returns the elements of a list.
func sequence(n ast.Node, what string) ([]ast.Node, error) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, wrong(whereIs(n), "%s must be a list (- a, - b, or [a, b])", what)
	}
	for _, v := range s.Values {
		if v == nil {
			return nil, wrong(whereIs(n), "%s holds an empty entry", what)
		}
	}
	return s.Values, nil
}

// scalarOf reads a plain value as it is written: 0400 stays "0400", and an
// unquoted NA is the two letters.
func scalarOf(n ast.Node, what string) (scalar, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		s := scalar{n.Value, placeOf(n.GetToken())}
		return s, filled(s, what)
	case *ast.LiteralNode:
		if n.Value == nil {
			return scalar{"", placeOf(n.GetToken())}, nil
		}
		return scalar{n.Value.Value, placeOf(n.GetToken())}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return scalar{n.GetToken().Value, placeOf(n.GetToken())}, nil
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return scalar{}, wrong(whereIs(n), "anchors, aliases and tags are not used in maps")
	case *ast.NullNode:
		return scalar{}, wrong(whereIs(n), "%s is empty; write \"\" for the empty text", what)
	case nil:
		return scalar{}, wrong(place{}, "%s must be a plain value", what)
	}
	return scalar{}, wrong(whereIs(n), "%s must be a plain value", what)
}

// The functions below make readers for keyed.

func text(into *scalar) func(entry) error {
	return func(e entry) (err error) {
		*into, err = scalarOf(e.value, e.key)
		return err
	}
}

func texts(into *[]scalar) func(entry) error {
	return func(e entry) error {
		nodes, err := sequence(e.value, e.key)
		if err != nil {
			return err
		}
		*into = make([]scalar, 0, len(nodes))
		for _, n := range nodes {
			s, err := scalarOf(n, "an entry of "+e.key)
			if err != nil {
				return err
			}
			*into = append(*into, s)
		}
		return nil
	}
}

// textOrTexts reads one plain value or a list of them.
func textOrTexts(into *[]scalar) func(entry) error {
	return func(e entry) error {
		if _, ok := e.value.(*ast.SequenceNode); ok {
			return texts(into)(e)
		}
		s, err := scalarOf(e.value, e.key)
		*into = []scalar{s}
		return err
	}
}

func flag(into *bool) func(entry) error {
	return func(e entry) error {
		s, err := scalarOf(e.value, e.key)
		if err != nil {
			return err
		}
		if s.text != "true" && s.text != "false" {
			return wrong(s.at, "%s must be true or false", e.key)
		}
		*into, _ = strconv.ParseBool(s.text)
		return nil
	}
}

// oneOf reads a word of a list.
func oneOf(into *string, words ...string) func(entry) error {
	return func(e entry) error {
		s, err := scalarOf(e.value, e.key)
		if err != nil {
			return err
		}
		if !slices.Contains(words, s.text) {
			return wrong(s.at, "%s must be one of %s", e.key, strings.Join(words, ", "))
		}
		*into = s.text
		return nil
	}
}

// list reads a list, each element by its function.
func list(read func(ast.Node) error) func(entry) error {
	return func(e entry) error {
		nodes, err := sequence(e.value, e.key)
		if err != nil {
			return err
		}
		if len(nodes) == 0 {
			return wrong(e.at, "%s is empty", e.key)
		}
		for _, n := range nodes {
			if err := read(n); err != nil {
				return err
			}
		}
		return nil
	}
}
