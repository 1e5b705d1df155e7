package guard

import (
	"fmt"
	"strings"

	"github.com/graphql-go/graphql/language/ast"
)

// document is a parsed document with its definitions sorted out.
type document struct {
	text       string
	ast        *ast.Document
	operations []*ast.OperationDefinition
	fragments  map[string]*ast.FragmentDefinition
	spreads    map[string][]*ast.FragmentSpread // by fragment name; "" holds those of all operations
}

// newDocument sorts the definitions and refuses what cannot be executed:
// definitions of types, and fragments that are unknown, defined twice, part
// of a cycle or unused. After it, following spreads always ends.
func newDocument(text string, parsed *ast.Document, limits Limits) (*document, *refusal) {
	d := &document{
		text:      text,
		ast:       parsed,
		fragments: map[string]*ast.FragmentDefinition{},
		spreads:   map[string][]*ast.FragmentSpread{},
	}
	var order []string
	for _, definition := range parsed.Definitions {
		switch definition := definition.(type) {
		case *ast.OperationDefinition:
			d.operations = append(d.operations, definition)
			d.collect("", definition.SelectionSet)
		case *ast.FragmentDefinition:
			name := definition.Name.Value
			if d.fragments[name] != nil {
				return nil, &refusal{CodeInvalid, fmt.Sprintf("there are two fragments named %q", name), offset(definition)}
			}
			d.fragments[name] = definition
			order = append(order, name)
			d.collect(name, definition.SelectionSet)
		default:
			return nil, &refusal{CodeInvalid, "a request holds operations and fragments, not definitions of types", offset(definition)}
		}
	}
	if len(d.operations) == 0 {
		return nil, &refusal{CodeOperation, "the document holds no operation", 0}
	}
	if n := len(d.operations); n > limits.Operations {
		return nil, &refusal{CodeDefinitions, fmt.Sprintf("the document has %d operations, more than %d", n, limits.Operations), offset(d.operations[limits.Operations])}
	}
	if n := len(order); n > limits.Fragments {
		return nil, &refusal{CodeDefinitions, fmt.Sprintf("the document has %d fragments, more than %d", n, limits.Fragments), offset(d.fragments[order[limits.Fragments]])}
	}
	return d, d.checkSpreads(order)
}

// collect notes the spreads below a selection set. The recursion is bounded
// by the depth the scan let through.
func (d *document) collect(owner string, set *ast.SelectionSet) {
	if set == nil {
		return
	}
	for _, selection := range set.Selections {
		if spread, ok := selection.(*ast.FragmentSpread); ok {
			d.spreads[owner] = append(d.spreads[owner], spread)
			continue
		}
		d.collect(owner, selection.GetSelectionSet())
	}
}

func (d *document) checkSpreads(order []string) *refusal {
	for _, owner := range append([]string{""}, order...) {
		for _, spread := range d.spreads[owner] {
			if name := spread.Name.Value; d.fragments[name] == nil {
				return &refusal{CodeInvalid, fmt.Sprintf("unknown fragment %q", name), offset(spread)}
			}
		}
	}
	state := map[string]visit{}
	for _, name := range order {
		if r := d.checkCycle(name, state, nil); r != nil {
			return r
		}
	}
	used := map[string]bool{}
	d.markUsed("", used)
	for _, name := range order {
		if !used[name] {
			return &refusal{CodeInvalid, fmt.Sprintf("fragment %q is never used", name), offset(d.fragments[name])}
		}
	}
	return nil
}

type visit byte

const (
	unseen visit = iota
	open
	done
)

// checkCycle walks depth first; the recursion is at most as deep as there are
// fragments.
func (d *document) checkCycle(name string, state map[string]visit, path []string) *refusal {
	state[name] = open
	path = append(path, name)
	for _, spread := range d.spreads[name] {
		next := spread.Name.Value
		switch state[next] {
		case open:
			loop := path
			for loop[0] != next {
				loop = loop[1:]
			}
			return &refusal{CodeCycle, "fragments form a cycle: " + strings.Join(append(loop[:len(loop):len(loop)], next), " → "), offset(spread)}
		case unseen:
			if r := d.checkCycle(next, state, path); r != nil {
				return r
			}
		}
	}
	state[name] = done
	return nil
}

func (d *document) markUsed(owner string, used map[string]bool) {
	for _, spread := range d.spreads[owner] {
		if name := spread.Name.Value; !used[name] {
			used[name] = true
			d.markUsed(name, used)
		}
	}
}

// operation picks the operation to run, by GetOperation of the specification.
func (d *document) operation(name string) (*ast.OperationDefinition, *refusal) {
	if name == "" {
		if len(d.operations) == 1 {
			return d.operations[0], nil
		}
		return nil, &refusal{CodeOperation, "the document holds several operations; name one with operationName", offset(d.operations[1])}
	}
	for _, operation := range d.operations {
		if operation.Name != nil && operation.Name.Value == name {
			return operation, nil
		}
	}
	return nil, &refusal{CodeOperation, fmt.Sprintf("there is no operation named %q", shorten(name)), 0}
}

// offset is where a node begins in the text.
func offset(node ast.Node) int {
	if loc := node.GetLoc(); loc != nil {
		return loc.Start
	}
	return 0
}
