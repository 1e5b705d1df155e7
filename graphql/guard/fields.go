package guard

import (
	"fmt"
	"slices"
	"strconv"

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

// checkFields refuses at the first unknown field, argument or type, and too
// many aliases, directives or variables.
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
		if r := w.variables(operation.VariableDefinitions); r != nil {
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
	if r := checkArguments(field, definition, parent); r != nil {
		return r
	}
	if field.SelectionSet != nil && composite(definition.Type) == nil {
		return &refusal{CodeInvalid, fmt.Sprintf("field %q of type %s has no fields of its own", field.Name.Value, definition.Type), offset(field)}
	}
	return w.set(field.SelectionSet, composite(definition.Type))
}

// checkArguments refuses at the first argument that the field has not, or has
// been given already, and at the first value that is not of its type.
func checkArguments(field *ast.Field, definition *graphql.FieldDefinition, parent graphql.Type) *refusal {
	for i, argument := range field.Arguments {
		name := argument.Name.Value
		at := slices.IndexFunc(definition.Args, func(a *graphql.Argument) bool { return a.PrivateName == name })
		if at < 0 {
			return &refusal{CodeInvalid, fmt.Sprintf("field %s.%s has no argument %q", parent.Name(), definition.Name, name), offset(argument)}
		}
		// No longer than there are arguments, since each before is another.
		if slices.ContainsFunc(field.Arguments[:i], func(a *ast.Argument) bool { return a.Name.Value == name }) {
			return &refusal{CodeInvalid, fmt.Sprintf("argument %q of field %s.%s is given twice", name, parent.Name(), definition.Name), offset(argument)}
		}
		if r := checkLiteral(argument.Value, definition.Args[at].Type, name); r != nil {
			return r
		}
	}
	return nil
}

// checkLiteral refuses the first value that is not of its type and the first
// field that an object must not have; what is missing is the validator's to
// find. path is where the value stands. The recursion is bounded by the depth
// the scan let through.
func checkLiteral(value ast.Value, t graphql.Type, path string) *refusal {
	if nonNull, ok := t.(*graphql.NonNull); ok {
		t = nonNull.OfType
	}
	list, isList := t.(*graphql.List)
	object, isObject := t.(*graphql.InputObject)
	items, manyGiven := value.(*ast.ListValue)
	given, objectGiven := value.(*ast.ObjectValue)
	_, variable := value.(*ast.Variable)
	switch {
	case variable: // whether its type fits is the validator's to say
	case isList && manyGiven:
		for i, item := range items.Values {
			if r := checkLiteral(item, list.OfType, path+"["+strconv.Itoa(i)+"]"); r != nil {
				return r
			}
		}
	case isList: // one value stands for a list of one
		return checkLiteral(value, list.OfType, path)
	case isObject && objectGiven:
		fields := object.Fields()
		for _, field := range given.Fields {
			name := field.Name.Value
			if fields[name] == nil {
				return &refusal{CodeInvalid, fmt.Sprintf("argument %s: %s has no field %q", path, object.Name(), name), offset(field)}
			}
			if r := checkLiteral(field.Value, fields[name].Type, path+"."+name); r != nil {
				return r
			}
		}
	case isObject || manyGiven || objectGiven:
		return &refusal{CodeInvalid, fmt.Sprintf("argument %s%s", path, expected(t.Name(), written{value})), offset(value)}
	default:
		if leaf, ok := t.(graphql.Input); ok {
			if _, err := coerceInput(leaf, written{value}); err != nil {
				return &refusal{CodeInvalid, fmt.Sprintf("argument %s%s", path, err), offset(value)}
			}
		}
	}
	return nil
}

// variables refuses too many, and the first of a type that is unknown or takes
// no input.
func (w *fieldWalk) variables(definitions []*ast.VariableDefinition) *refusal {
	if n := len(definitions); n > w.limits.Variables {
		return &refusal{CodeDefinitions, fmt.Sprintf("the operation defines %d variables, more than %d", n, w.limits.Variables), offset(definitions[w.limits.Variables])}
	}
	for _, definition := range definitions {
		if _, err := inputType(w.schema, definition.Type); err != nil {
			return &refusal{CodeInvalid, fmt.Sprintf("variable $%s: %s", definition.Variable.Name.Value, err), offset(definition)}
		}
	}
	return nil
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
