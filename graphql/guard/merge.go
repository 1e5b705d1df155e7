package guard

import (
	"fmt"

	"github.com/graphql-go/graphql/language/ast"
)

// merging counts the pairs of fields with one response name in one place,
// which the library's rule of overlapping fields compares one by one and,
// where they hold selections, multiplies out. It ignores type conditions, as
// the rule nearly does. The walk visits no more than the expanded fields,
// which are capped before.
type merging struct {
	document *document
	limits   Limits
	pairs    int
}

func (d *document) checkMerging(operation *ast.OperationDefinition, limits Limits) *refusal {
	m := &merging{document: d, limits: limits}
	return m.sets([]*ast.SelectionSet{operation.SelectionSet})
}

// place holds the fields of one merged selection set by response name, in
// order of first appearance.
type place struct {
	keys    []string
	fields  map[string][]*ast.Field
	spreads map[string]bool
}

func (m *merging) sets(sets []*ast.SelectionSet) *refusal {
	p := place{fields: map[string][]*ast.Field{}, spreads: map[string]bool{}}
	for _, set := range sets {
		m.gather(&p, set)
	}
	for _, key := range p.keys {
		same := p.fields[key]
		if n := len(same); n > m.limits.RepeatedKey {
			return &refusal{CodeRepeated, fmt.Sprintf("%q stands more than %d times in one place", key, m.limits.RepeatedKey), offset(same[m.limits.RepeatedKey])}
		}
		if m.pairs += len(same) * (len(same) - 1) / 2; m.pairs > m.limits.MergePairs {
			return &refusal{CodeRepeated, fmt.Sprintf("more than %d pairs of fields share a response name", m.limits.MergePairs), offset(same[0])}
		}
		var below []*ast.SelectionSet
		for _, field := range same {
			if field.SelectionSet != nil {
				below = append(below, field.SelectionSet)
			}
		}
		if len(below) > 0 {
			if r := m.sets(below); r != nil {
				return r
			}
		}
	}
	return nil
}

func (m *merging) gather(p *place, set *ast.SelectionSet) {
	for _, selection := range set.Selections {
		switch selection := selection.(type) {
		case *ast.Field:
			key := selection.Name.Value
			if selection.Alias != nil {
				key = selection.Alias.Value
			}
			if p.fields[key] == nil {
				p.keys = append(p.keys, key)
			}
			p.fields[key] = append(p.fields[key], selection)
		case *ast.InlineFragment:
			m.gather(p, selection.SelectionSet)
		case *ast.FragmentSpread:
			if name := selection.Name.Value; !p.spreads[name] {
				p.spreads[name] = true
				m.gather(p, m.document.fragments[name].SelectionSet)
			}
		}
	}
}
