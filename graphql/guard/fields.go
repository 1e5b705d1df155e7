package guard

import (
	"fmt"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// fieldWalk visits every selection of the document once, as written.
type fieldWalk struct {
	schema     *graphql.Schema
	limits     Limits
	aliases    int
	directives int
}

// checkFields refuses at the first unknown field or type, and too many
// aliases or directives.
func checkFields(schema *graphql.Schema, d *document, limits Limits) *refusal {
	w := &fieldWalk{schema: schema, limits: limits}
	for _, operation := range d.operations {
		root := rootType(schema, operation)
		if root == nil {
			return &refusal{CodeOperation, fmt.Sprintf("the schema has no %s", operation.Operation), offset(operation)}
		}
		if r := w.count(operation.Directives); r != nil {
			return r
		}
		if r := w.set(operation.SelectionSet, root); r != nil {
			return r
		}
	}
	for _, definition := range d.ast.Definitions {
		fragment, ok := definition.(*ast.FragmentDefinition)
		if !ok {
			continue
		}
		if r := w.count(fragment.Directives); r != nil {
			return r
		}
		if r := w.conditioned(fragment.SelectionSet, fragment.TypeCondition, nil); r != nil {
			return r
		}
	}
	return nil
}

// set visits the selections of one set; parent is nil below a field that can
// have none, which the validator reports.
func (w *fieldWalk) set(set *ast.SelectionSet, parent graphql.Type) *refusal {
	if set == nil {
		return nil
	}
	for _, selection := range set.Selections {
		var r *refusal
		switch selection := selection.(type) {
		case *ast.Field:
			r = w.field(selection, parent)
		case *ast.InlineFragment:
			if r = w.count(selection.Directives); r == nil {
				r = w.conditioned(selection.SelectionSet, selection.TypeCondition, parent)
			}
		case *ast.FragmentSpread:
			r = w.count(selection.Directives)
		}
		if r != nil {
			return r
		}
	}
	return nil
}

func (w *fieldWalk) field(field *ast.Field, parent graphql.Type) *refusal {
	if field.Alias != nil {
		if w.aliases++; w.aliases > w.limits.Aliases {
			return &refusal{CodeAliases, fmt.Sprintf("the document has more than %d aliases", w.limits.Aliases), offset(field)}
		}
	}
	if r := w.count(field.Directives); r != nil {
		return r
	}
	definition := fieldOf(w.schema, parent, field.Name.Value)
	if definition == nil {
		if parent != nil {
			return &refusal{CodeInvalid, fmt.Sprintf("type %s has no field %q", parent.Name(), field.Name.Value), offset(field)}
		}
		return w.set(field.SelectionSet, nil)
	}
	return w.set(field.SelectionSet, composite(definition.Type))
}

func (w *fieldWalk) conditioned(set *ast.SelectionSet, condition *ast.Named, parent graphql.Type) *refusal {
	if condition != nil {
		known := w.schema.Type(condition.Name.Value)
		if known == nil {
			return &refusal{CodeInvalid, fmt.Sprintf("unknown type %q", condition.Name.Value), offset(condition)}
		}
		parent = composite(known)
	}
	return w.set(set, parent)
}

func (w *fieldWalk) count(directives []*ast.Directive) *refusal {
	if w.directives += len(directives); w.directives > w.limits.Directives {
		return &refusal{CodeDirectives, fmt.Sprintf("the document has more than %d directives", w.limits.Directives), offset(directives[0])}
	}
	return nil
}

// rootType is the type an operation starts from, nil where the schema has none.
func rootType(schema *graphql.Schema, operation *ast.OperationDefinition) graphql.Type {
	var root *graphql.Object
	switch operation.Operation {
	case ast.OperationTypeMutation:
		root = schema.MutationType()
	case ast.OperationTypeSubscription:
		root = schema.SubscriptionType()
	default:
		root = schema.QueryType()
	}
	if root == nil {
		return nil
	}
	return root
}

// fieldOf looks a field up, the meta fields included; nil when there is none.
func fieldOf(schema *graphql.Schema, parent graphql.Type, name string) *graphql.FieldDefinition {
	if parent == nil {
		return nil
	}
	if name == graphql.TypeNameMetaFieldDef.Name {
		return graphql.TypeNameMetaFieldDef
	}
	switch parent := parent.(type) {
	case *graphql.Object:
		if parent == schema.QueryType() && name == graphql.SchemaMetaFieldDef.Name {
			return graphql.SchemaMetaFieldDef
		}
		if parent == schema.QueryType() && name == graphql.TypeMetaFieldDef.Name {
			return graphql.TypeMetaFieldDef
		}
		return parent.Fields()[name]
	case *graphql.Interface:
		return parent.Fields()[name]
	}
	return nil
}

// composite unwraps a type to its named type, nil when that is a leaf.
func composite(t graphql.Type) graphql.Type {
	named, ok := graphql.GetNamed(t).(graphql.Type)
	if !ok || !graphql.IsCompositeType(named) {
		return nil
	}
	return named
}
