package plan

import (
	"fmt"
	"math"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/printer"
)

// arguments are those of one field. Without variables among them they are
// coerced once, when the field is compiled.
type arguments struct {
	constant map[string]any
	wrong    error // instead of constant
	written  map[string]ast.Value
	id       int // among the fields whose arguments hold variables; -1
}

// arguments compiles those of a field. What is wrong with a literal is told
// when the field is executed, as for a variable.
func (c *compiler) arguments(f *field) {
	f.id = -1
	written := map[string]ast.Value{}
	variable := false
	for _, argument := range f.nodes[0].Arguments {
		written[argument.Name.Value] = argument.Value
		variable = variable || hasVariable(argument.Value)
	}
	if !variable {
		f.constant, f.wrong = f.coerce(written, nil)
		return
	}
	f.written, f.id = written, c.plan.asking
	c.plan.asking++
}

func hasVariable(value ast.Value) bool {
	switch value := value.(type) {
	case *ast.Variable:
		return true
	case *ast.ListValue:
		for _, item := range value.Values {
			if hasVariable(item) {
				return true
			}
		}
	case *ast.ObjectValue:
		for _, field := range value.Fields {
			if hasVariable(field.Value) {
				return true
			}
		}
	}
	return false
}

// coerce is CoerceArgumentValues (specification of October 2021, section
// 6.4.1).
func (f *field) coerce(written map[string]ast.Value, variables map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(written))
	for _, argument := range f.def.Args {
		name := argument.PrivateName
		var value any
		var present bool
		var err error
		if literal, ok := written[name]; ok {
			if value, present, err = coerceLiteral(literal, argument.Type, variables); err != nil {
				return nil, &InputError{fmt.Sprintf("argument %s%v", name, err), f.nodes[0].Loc.Start}
			}
		}
		_, required := argument.Type.(*graphql.NonNull)
		switch {
		case present:
			out[name] = value
		case argument.DefaultValue != nil:
			out[name] = argument.DefaultValue
		case required:
			return nil, &InputError{fmt.Sprintf("argument %s of type %s is required", name, argument.Type), f.nodes[0].Loc.Start}
		}
	}
	return out, nil
}

// coerceLiteral coerces a value as it stands in the document. present is
// false for a variable that was not given. An error's text follows the name of
// what is coerced.
func coerceLiteral(value ast.Value, t graphql.Type, variables map[string]any) (out any, present bool, err error) {
	if v, ok := value.(*ast.Variable); ok {
		given, present := variables[v.Name.Value]
		if _, required := t.(*graphql.NonNull); required && present && given == nil {
			return nil, false, fmt.Errorf(" of type %s must not be null, as variable $%s is", t, v.Name.Value)
		}
		return given, present, nil
	}
	switch t := t.(type) {
	case *graphql.NonNull:
		return coerceLiteral(value, t.OfType, variables)
	case *graphql.List:
		out, err = literalList(value, t, variables)
	case *graphql.InputObject:
		out, err = literalObject(value, t, variables)
	case *graphql.Scalar:
		if out = t.ParseLiteral(value); out == nil || (t == graphql.Int && !fits(out)) {
			err = notA(t, value)
		}
	case *graphql.Enum:
		if out = t.ParseLiteral(value); out == nil {
			err = notA(t, value)
		}
	default:
		err = fmt.Errorf(": %s is not an input type", t)
	}
	return out, err == nil, err
}

func notA(t graphql.Type, value ast.Value) error {
	return fmt.Errorf(": expected %s, found %v", t.Name(), printer.Print(value))
}

// fits says that an Int has no more than 32 bits; the library reads 64.
func fits(value any) bool {
	n, ok := value.(int)
	return ok && n >= math.MinInt32 && n <= math.MaxInt32
}

func literalList(value ast.Value, t *graphql.List, variables map[string]any) ([]any, error) {
	written := []ast.Value{value} // one value stands for a list of one
	if list, ok := value.(*ast.ListValue); ok {
		written = list.Values
	}
	out := make([]any, len(written))
	_, required := t.OfType.(*graphql.NonNull)
	for i, item := range written {
		v, present, err := coerceLiteral(item, t.OfType, variables)
		if err != nil {
			return nil, fmt.Errorf("[%d]%w", i, err)
		}
		if !present && required {
			return nil, fmt.Errorf("[%d]: is required (%s)", i, t.OfType)
		}
		out[i] = v
	}
	return out, nil
}

func literalObject(value ast.Value, t *graphql.InputObject, variables map[string]any) (map[string]any, error) {
	object, ok := value.(*ast.ObjectValue)
	if !ok {
		return nil, notA(t, value)
	}
	written := make(map[string]ast.Value, len(object.Fields))
	for _, f := range object.Fields {
		written[f.Name.Value] = f.Value
	}
	out := make(map[string]any, len(written))
	for name, f := range t.Fields() {
		var v any
		var present bool
		var err error
		if literal, ok := written[name]; ok {
			if v, present, err = coerceLiteral(literal, f.Type, variables); err != nil {
				return nil, fmt.Errorf(".%s%w", name, err)
			}
		}
		if err := put(out, name, f, v, present); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// put puts a field of an input object into out, or its default, or nothing.
func put(out map[string]any, name string, f *graphql.InputObjectField, value any, present bool) error {
	_, required := f.Type.(*graphql.NonNull)
	switch {
	case present:
		out[name] = value
	case f.DefaultValue != nil:
		out[name] = f.DefaultValue
	case required:
		return fmt.Errorf(".%s: is required (%s)", name, f.Type)
	}
	return nil
}
