package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxFile is the longest settings file in bytes.
const maxFile = 1 << 20

// readFile reads a settings file against the tree of what may stand in it.
func (v *Values) readFile(root *node) {
	raw, err := load(v.file)
	if err != nil {
		v.mistakes = append(v.mistakes, Mistake{Reason: "read the settings: " + err.Error()})
		return
	}
	file, err := parser.ParseBytes(raw, 0)
	if err != nil {
		m := Mistake{Origin: Origin{File: v.file}, Reason: err.Error()}
		if ye, ok := errors.AsType[yaml.Error](err); ok {
			m.Line, m.Reason = line(ye.GetToken()), ye.GetMessage()
		}
		v.mistakes = append(v.mistakes, m)
		return
	}
	seen := false
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if seen {
			v.wrongAt(doc.Body, "", "settings are one document; leave the '---' out")
			return
		}
		seen = true
		v.section(root, doc.Body, "")
	}
}

func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(raw) > maxFile {
		err = fmt.Errorf("%s is longer than %d bytes", path, maxFile)
	}
	return raw, err
}

// walk reads what stands at a place.
func (v *Values) walk(n *node, value ast.Node, name string) {
	if tag, ok := value.(*ast.TagNode); ok {
		value = tag.Value
	}
	switch value.(type) {
	case *ast.NullNode:
		v.wrongAt(value, name, "says nothing: give a value, or leave it out")
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		v.wrongAt(value, name, "anchors and aliases are not understood here: write the value where it is meant")
		return
	}
	switch {
	case n.setting == nil:
		v.section(n, value, name)
	case n.setting.Kind == Entries:
		v.list(value, name, func(i int, one ast.Node) { v.walk(n.entry, one, Entry(name, i)) }, false)
	case n.setting.Kind == Named:
		v.named(n, value, name)
	case n.setting.list():
		v.list(value, name, func(i int, one ast.Node) { v.scalar(*n.setting, one, Entry(name, i)) }, true)
	default:
		v.scalar(*n.setting, value, name)
	}
}

// section reads names that are on the list.
func (v *Values) section(n *node, value ast.Node, name string) {
	for _, pair := range v.pairs(value, name) {
		key := pair.Key.GetToken().Value
		field := within(name, key)
		below := n.below[key]
		switch {
		case below == nil:
			v.unknown(n, pair, field, key)
		case below.setting != nil && !below.setting.InFile():
			v.wrongAt(pair.Key, field, "a secret does not stand in the settings: put it into a file of its own and name that in %s-file, or set %s", key, below.setting.Variable())
		default:
			v.places[field] = v.at(pair.Key)
			v.walk(below, pair.Value, field)
		}
	}
}

func (v *Values) unknown(n *node, pair *ast.MappingValueNode, field, key string) {
	meant := near(key, n.names())
	if meant == "" {
		v.wrongAt(pair.Key, field, "there is no setting %q; there are %s", key, strings.Join(n.names(), ", "))
		return
	}
	v.wrongAt(pair.Key, field, "there is no setting %q; do you mean %s?", key, meant)
}

// named reads names of the writer's own.
func (v *Values) named(n *node, value ast.Node, name string) {
	for _, pair := range v.pairs(value, name) {
		key := pair.Key.GetToken().Value
		field := within(name, key)
		v.places[field] = v.at(pair.Key)
		v.names[name] = append(v.names[name], key)
		v.walk(n.any, pair.Value, field)
	}
}

func (v *Values) pairs(value ast.Node, name string) []*ast.MappingValueNode {
	switch value := value.(type) {
	case *ast.MappingNode:
		return value.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{value}
	}
	v.wrongAt(value, name, "is %s where settings with names belong", kindOf(value))
	return nil
}

// list reads the entries of a list; alone says that one may stand for itself.
func (v *Values) list(value ast.Node, name string, read func(i int, one ast.Node), alone bool) {
	list, ok := value.(*ast.SequenceNode)
	switch {
	case ok:
	case alone && scalarOf(value) != nil:
		list = &ast.SequenceNode{Values: []ast.Node{value}}
	default:
		v.wrongAt(value, name, "is %s where a list belongs: begin each entry with '- '", kindOf(value))
		return
	}
	v.entries[name] = len(list.Values)
	for i, one := range list.Values {
		v.places[Entry(name, i)] = v.at(one)
		read(i, one)
	}
}

// scalar reads a plain value.
func (v *Values) scalar(s Setting, value ast.Node, name string) {
	text := scalarOf(value)
	if text == nil {
		v.wrongAt(value, name, "is %s where a plain value belongs", kindOf(value))
		return
	}
	v.take(s, name, *text, v.at(value))
}

// take keeps a value, or notes what is wrong with it.
func (v *Values) take(s Setting, name, text string, at Origin) {
	v.places[name] = at
	if err := s.wrong(text); err != nil {
		v.mistakes = append(v.mistakes, Mistake{Origin: at, Field: name, Reason: err.Error()})
		return
	}
	v.said[name] = said{text, at}
}

// scalarOf is the text of a plain value; nil for any other.
func scalarOf(value ast.Node) *string {
	var text string
	switch n := value.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		text = n.GetToken().Value
	default:
		return nil
	}
	return &text
}

func kindOf(value ast.Node) string {
	switch value.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a section"
	case *ast.NullNode:
		return "nothing"
	}
	return "a plain value"
}

func within(section, name string) string {
	if section == "" {
		return name
	}
	return section + "." + name
}

func (v *Values) at(n ast.Node) Origin { return Origin{File: v.file, Line: first(n)} }

// first is the line that a value begins on.
func first(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return line(m.Values[0].Key.GetToken())
	}
	return line(n.GetToken())
}

func (v *Values) wrongAt(n ast.Node, field, format string, args ...any) {
	v.mistakes = append(v.mistakes, Mistake{Origin: v.at(n), Field: field, Reason: fmt.Sprintf(format, args...)})
}

func line(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 0
	}
	return t.Position.Line
}
