package plan

import (
	"fmt"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/printer"
)

// variable is one definition.
type variable struct {
	name     string
	typ      graphql.Input
	fallback ast.Value
	offset   int
}

func (x *Executor) variables(operation *ast.OperationDefinition) ([]variable, error) {
	var out []variable
	for _, d := range operation.VariableDefinitions {
		t, err := x.input(d.Type)
		if err != nil {
			return nil, fmt.Errorf("variable $%s: %w", d.Variable.Name.Value, err)
		}
		out = append(out, variable{d.Variable.Name.Value, t, d.DefaultValue, d.Loc.Start})
	}
	return out, nil
}

// input resolves a written type.
func (x *Executor) input(written ast.Type) (graphql.Input, error) {
	switch written := written.(type) {
	case *ast.List:
		inner, err := x.input(written.Type)
		if err != nil {
			return nil, err
		}
		return graphql.NewList(inner), nil
	case *ast.NonNull:
		inner, err := x.input(written.Type)
		if err != nil {
			return nil, err
		}
		return graphql.NewNonNull(inner), nil
	case *ast.Named:
		if t := x.schema.Type(written.Name.Value); t != nil && graphql.IsInputType(t) {
			return t.(graphql.Input), nil
		}
	}
	return nil, fmt.Errorf("%v is not an input type", printer.Print(written))
}

// internal turns variables in input form (what guard.CoerceVariables gives)
// into what resolvers get: enum values and scalars parsed, defaults filled in.
// An absent variable stays absent, a null one is nil.
func (p *Plan) internal(given map[string]any) (map[string]any, error) {
	if len(p.variables) == 0 {
		return nil, nil
	}
	out := make(map[string]any, len(p.variables))
	for _, v := range p.variables {
		value, present := given[v.name]
		var err error
		switch {
		case present:
			value, err = coerceValue(v.typ, value)
		case v.fallback != nil:
			value, present, err = coerceLiteral(v.fallback, v.typ, nil)
		default:
			if _, required := v.typ.(*graphql.NonNull); required {
				err = fmt.Errorf(" of type %s is required", v.typ)
			}
		}
		if err != nil {
			return nil, &InputError{fmt.Sprintf("variable $%s%v", v.name, err), v.offset}
		}
		if present {
			out[v.name] = value
		}
	}
	return out, nil
}

// coerceValue returns an error whose text follows the variable's name.
func coerceValue(t graphql.Type, value any) (any, error) {
	if nonNull, ok := t.(*graphql.NonNull); ok {
		if value == nil {
			return nil, fmt.Errorf(": must not be null (%s)", t)
		}
		return coerceValue(nonNull.OfType, value)
	}
	if value == nil {
		return nil, nil
	}
	switch t := t.(type) {
	case *graphql.List:
		items, ok := value.([]any)
		if !ok {
			items = []any{value} // one value stands for a list of one
		}
		out := make([]any, len(items))
		for i, item := range items {
			var err error
			if out[i], err = coerceValue(t.OfType, item); err != nil {
				return nil, fmt.Errorf("[%d]%w", i, err)
			}
		}
		return out, nil
	case *graphql.InputObject:
		return coerceObject(t, value)
	case *graphql.Scalar:
		if out := t.ParseValue(value); out != nil {
			return out, nil
		}
	case *graphql.Enum:
		if out := t.ParseValue(value); out != nil {
			return out, nil
		}
	}
	return nil, fmt.Errorf(": is no %s", t.Name())
}

func coerceObject(t *graphql.InputObject, value any) (any, error) {
	given, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf(": is no %s", t.Name())
	}
	fields := t.Fields()
	for name := range given {
		if fields[name] == nil {
			return nil, fmt.Errorf(": %s has no field %q", t.Name(), name)
		}
	}
	out := make(map[string]any, len(given))
	for name, f := range fields {
		item, present := given[name]
		if present {
			var err error
			if item, err = coerceValue(f.Type, item); err != nil {
				return nil, fmt.Errorf(".%s%w", name, err)
			}
		}
		if err := put(out, name, f, item, present); err != nil {
			return nil, err
		}
	}
	return out, nil
}
