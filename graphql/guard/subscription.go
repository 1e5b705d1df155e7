package guard

import (
	"fmt"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// rootWalk collects what a subscription asks of its root, fragments followed.
type rootWalk struct {
	document *document
	seen     map[string]bool // fragments
	key      string          // the one response name so far
}

// checkSubscriptions refuses a subscription that asks for anything but one
// field (specification of October 2021, section 5.2.3.1): not several, no
// introspection, and nothing that hangs on a condition, so that it is the same
// field for every request.
func (d *document) checkSubscriptions() *refusal {
	for _, operation := range d.operations {
		if operation.Operation != ast.OperationTypeSubscription {
			continue
		}
		w := &rootWalk{document: d, seen: map[string]bool{}}
		if r := w.set(operation.SelectionSet); r != nil {
			return r
		}
	}
	return nil
}

func (w *rootWalk) set(set *ast.SelectionSet) *refusal {
	if set == nil {
		return nil
	}
	for _, selection := range set.Selections {
		var r *refusal
		switch selection := selection.(type) {
		case *ast.Field:
			if r = unconditional(selection.Directives); r == nil {
				r = w.field(selection)
			}
		case *ast.InlineFragment:
			if r = unconditional(selection.Directives); r == nil {
				r = w.set(selection.SelectionSet)
			}
		case *ast.FragmentSpread:
			r = unconditional(selection.Directives)
			if name := selection.Name.Value; r == nil && !w.seen[name] {
				w.seen[name] = true
				r = w.set(w.document.fragments[name].SelectionSet)
			}
		}
		if r != nil {
			return r
		}
	}
	return nil
}

func (w *rootWalk) field(field *ast.Field) *refusal {
	name, key := field.Name.Value, field.Name.Value
	if field.Alias != nil {
		key = field.Alias.Value
	}
	switch {
	case name == graphql.TypeNameMetaFieldDef.Name || name == graphql.SchemaMetaFieldDef.Name || name == graphql.TypeMetaFieldDef.Name:
		return &refusal{CodeInvalid, fmt.Sprintf("a subscription cannot ask for %s at its root", name), offset(field)}
	case w.key != "" && w.key != key:
		return &refusal{CodeInvalid, "a subscription asks for one field alone; send one subscription for each", offset(field)}
	}
	w.key = key
	return nil
}

func unconditional(directives []*ast.Directive) *refusal {
	for _, d := range directives {
		if name := d.Name.Value; name == graphql.SkipDirective.Name || name == graphql.IncludeDirective.Name {
			return &refusal{CodeInvalid, fmt.Sprintf("@%s cannot stand at the root of a subscription", name), offset(d)}
		}
	}
	return nil
}
