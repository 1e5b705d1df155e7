package rulebooks

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// place is where in the file something was said.
type place struct{ line, column int }

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

func whereIs(n ast.Node) place {
	switch n := n.(type) {
	case nil:
		return place{}
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return placeOf(n.Values[0].Key.GetToken())
		}
	}
	return placeOf(n.GetToken())
}

// Nesting deeper than this is no rulebook. The parser recurses.
const maxDepth = 40

// document returns the one document in b. It knows the plain part of YAML
// only: mappings, sequences and scalars.
func (d *decoder) document(b []byte) (ast.Node, error) {
	for i, line := range strings.Split(string(b), "\n") {
		nested := strings.Count(line, "[") + strings.Count(line, "{") + strings.Count(line, "- ") + strings.Count(line, "? ")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if nested > maxDepth || indent > 4*maxDepth {
			return nil, d.fail(place{i + 1, 1}, "", "is nested too deeply")
		}
	}
	file, err := parser.ParseBytes(b, 0)
	if err != nil {
		if ye, ok := errors.AsType[yaml.Error](err); ok {
			return nil, d.fail(placeOf(ye.GetToken()), "", "%s", ye.GetMessage())
		}
		return nil, d.fail(place{}, "", "%v", err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, d.fail(place{}, "", "a rulebook is exactly one YAML document")
	}
	return file.Docs[0].Body, nil
}

// entry is one key of a mapping and its value.
type entry struct {
	key   string
	at    place
	value ast.Node
}

// mapping returns the entries of a mapping in order.
func (d *decoder) mapping(n ast.Node, field string) ([]entry, error) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return nil, d.fail(whereIs(n), field, "must be a mapping (key: value)")
	}
	var out []entry
	seen := map[string]bool{}
	for _, v := range values {
		if v.Key.IsMergeKey() {
			return nil, d.fail(placeOf(v.Key.GetToken()), field, "merge keys are not used in rulebooks")
		}
		key, err := d.text(v.Key, field)
		if err != nil {
			return nil, err
		}
		at := whereIs(v.Key)
		if seen[key] {
			return nil, d.fail(at, under(field, key), "is given twice")
		}
		if v.Value == nil {
			return nil, d.fail(at, under(field, key), "has no value")
		}
		seen[key] = true
		out = append(out, entry{key, at, v.Value})
	}
	return out, nil
}

// sequence returns the elements of a list.
func (d *decoder) sequence(n ast.Node, field string) ([]ast.Node, error) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, d.fail(whereIs(n), field, "must be a list (- a, - b, or [a, b])")
	}
	for _, v := range s.Values {
		if v == nil {
			return nil, d.fail(whereIs(n), field, "holds an empty entry")
		}
	}
	return s.Values, nil
}

// text reads a plain value as it is written.
func (d *decoder) text(n ast.Node, field string) (string, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", nil
		}
		return strings.TrimSuffix(n.Value.Value, "\n"), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, nil
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "", d.fail(whereIs(n), field, "anchors, aliases and tags are not used in rulebooks")
	case *ast.NullNode:
		return "", d.fail(whereIs(n), field, "has no value; leave it out")
	}
	return "", d.fail(whereIs(n), field, "must be a plain value")
}
