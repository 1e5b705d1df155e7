package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/printer"
)

// CoerceVariables checks raw variables against the definitions of an
// operation by CoerceVariableValues of the specification (October 2021,
// section 6.1.2), which the library does not follow. The error is an *Error
// whose message names the variable and the place in it.
//
// Raw values are what JSON gives: nil, bool, string, json.Number or float64,
// []any, map[string]any; int, int32 and int64 too. Decode with UseNumber, so
// that whole numbers beyond 2^53 reach custom scalars exactly.
//
// The result is in input form (enum values by name, Int as int, Float as
// float64, ID as string, a number for a custom scalar as int64 where it fits
// and float64 elsewhere) so that graphql.Execute, which coerces once more,
// reads it rightly. Defaults are filled in, an absent variable without a
// default stays absent, and an explicit null stays as nil.
func CoerceVariables(schema *graphql.Schema, operation *ast.OperationDefinition, raw map[string]any) (map[string]any, error) {
	return coerceVariables(schema, operation, raw, "")
}

func coerceVariables(schema *graphql.Schema, operation *ast.OperationDefinition, raw map[string]any, text string) (map[string]any, error) {
	out := make(map[string]any, len(operation.VariableDefinitions))
	for _, definition := range operation.VariableDefinitions {
		name := definition.Variable.Name.Value
		value, present, err := coerceVariable(schema, definition, raw)
		if err != nil {
			e := &Error{Code: CodeVariable, Message: err.Error(), Step: StepRequest}
			if text != "" {
				e.Locations = []Location{locate(text, offset(definition))}
			}
			return nil, e
		}
		if present {
			out[name] = value
		}
	}
	return out, nil
}

func coerceVariable(schema *graphql.Schema, definition *ast.VariableDefinition, raw map[string]any) (value any, present bool, err error) {
	name := definition.Variable.Name.Value
	t, err := inputType(schema, definition.Type)
	if err != nil {
		return nil, false, fmt.Errorf("variable $%s: %w", name, err)
	}
	_, required := t.(*graphql.NonNull)
	given, ok := raw[name]
	switch {
	case !ok && definition.DefaultValue != nil:
		given, err = literal(definition.DefaultValue)
		if err != nil {
			return nil, false, fmt.Errorf("default of variable $%s: %w", name, err)
		}
	case !ok && required:
		return nil, false, fmt.Errorf("variable $%s of type %s is required", name, t)
	case !ok:
		return nil, false, nil
	case given == nil && required:
		return nil, false, fmt.Errorf("variable $%s of type %s must not be null", name, t)
	}
	value, err = coerceInput(t, given)
	if err != nil {
		return nil, false, fmt.Errorf("variable $%s%w", name, err)
	}
	return value, true, nil
}

// inputType resolves a written type. Nesting is capped by the scan.
func inputType(schema *graphql.Schema, written ast.Type) (graphql.Input, error) {
	switch written := written.(type) {
	case *ast.List:
		inner, err := inputType(schema, written.Type)
		if err != nil {
			return nil, err
		}
		return graphql.NewList(inner), nil
	case *ast.NonNull:
		inner, err := inputType(schema, written.Type)
		if err != nil {
			return nil, err
		}
		return graphql.NewNonNull(inner), nil
	case *ast.Named:
		if t, ok := schema.Type(written.Name.Value).(graphql.Input); ok && graphql.IsInputType(t) {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%v is not an input type", printer.Print(written))
}

// written marks a value that stands in the document: an enum value is a name
// there and a string in JSON, and custom scalars read the two apart.
type written struct{ value ast.Value }

// literal turns a constant into the shape of JSON, its leaves marked.
func literal(value ast.Value) (any, error) {
	switch value := value.(type) {
	case *ast.ListValue:
		list := make([]any, len(value.Values))
		for i, item := range value.Values {
			v, err := literal(item)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case *ast.ObjectValue:
		object := make(map[string]any, len(value.Fields))
		for _, field := range value.Fields {
			v, err := literal(field.Value)
			if err != nil {
				return nil, err
			}
			object[field.Name.Value] = v
		}
		return object, nil
	case *ast.Variable:
		return nil, fmt.Errorf("a default holds no variable")
	}
	return written{value}, nil
}

// coerceInput returns an error whose text follows the variable's name: a path
// into the value, then ": " and what is wrong.
func coerceInput(t graphql.Input, value any) (any, error) {
	if nonNull, ok := t.(*graphql.NonNull); ok {
		if value == nil {
			return nil, fmt.Errorf(": must not be null (%s)", t)
		}
		inner, _ := nonNull.OfType.(graphql.Input)
		return coerceInput(inner, value)
	}
	if value == nil {
		return nil, nil
	}
	switch t := t.(type) {
	case *graphql.List:
		return coerceList(t, value)
	case *graphql.InputObject:
		return coerceObject(t, value)
	case *graphql.Enum:
		return coerceEnum(t, value)
	case *graphql.Scalar:
		return coerceScalar(t, value)
	}
	return nil, fmt.Errorf(": %s is not an input type", t)
}

func coerceList(t *graphql.List, value any) (any, error) {
	inner, _ := t.OfType.(graphql.Input)
	items, ok := value.([]any)
	if !ok { // one value stands for a list of one
		item, err := coerceInput(inner, value)
		if err != nil {
			return nil, err
		}
		return []any{item}, nil
	}
	out := make([]any, len(items))
	for i, item := range items {
		v, err := coerceInput(inner, item)
		if err != nil {
			return nil, fmt.Errorf("[%d]%w", i, err)
		}
		out[i] = v
	}
	return out, nil
}

func coerceObject(t *graphql.InputObject, value any) (any, error) {
	given, ok := value.(map[string]any)
	if !ok {
		return nil, expected(t.Name(), value)
	}
	fields := t.Fields()
	unknown := make([]string, 0)
	for key := range given {
		if fields[key] == nil {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		sort.Strings(unknown)
		return nil, fmt.Errorf(": %s has no field %q", t.Name(), shorten(unknown[0]))
	}
	out := make(map[string]any, len(given))
	for _, key := range sortedKeys(fields) {
		field := fields[key]
		item, present := given[key]
		_, required := field.Type.(*graphql.NonNull)
		switch {
		case !present && required && field.DefaultValue != nil:
			out[key] = externalDefault(field)
			continue
		case !present && required:
			return nil, fmt.Errorf(".%s: is required (%s)", key, field.Type)
		case !present:
			continue // the library fills in a nullable field's default
		}
		v, err := coerceInput(field.Type, item)
		if err != nil {
			return nil, fmt.Errorf(".%s%w", key, err)
		}
		out[key] = v
	}
	return out, nil
}

// externalDefault is a field's default in input form: the library keeps enum
// values in their internal form.
func externalDefault(field *graphql.InputObjectField) any {
	if enum, ok := graphql.GetNullable(field.Type).(*graphql.Enum); ok {
		return enum.Serialize(field.DefaultValue)
	}
	return field.DefaultValue
}

func sortedKeys(fields graphql.InputObjectFieldMap) []string {
	keys := make([]string, 0, len(fields))
	for key := range fields {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func coerceEnum(t *graphql.Enum, value any) (any, error) {
	var name string
	switch v := value.(type) {
	case string:
		name = v
	case written:
		enum, ok := v.value.(*ast.EnumValue)
		if !ok {
			return nil, expected(t.Name(), value)
		}
		name = enum.Value
	default:
		return nil, expected(t.Name(), value)
	}
	for _, known := range t.Values() {
		if known.Name == name {
			return name, nil
		}
	}
	return nil, fmt.Errorf(": %s has no value %q", t.Name(), shorten(name))
}

func expected(typeName string, value any) error {
	return fmt.Errorf(": expected %s, found %s", typeName, describe(value))
}

// describe names a value for an error, never at length.
func describe(value any) string {
	switch v := value.(type) {
	case written:
		return shorten(fmt.Sprint(printer.Print(v.value)))
	case string:
		return strconv.Quote(shorten(v))
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "a number that is not finite"
		}
	case json.Number:
		return shorten(string(v))
	}
	return shorten(fmt.Sprint(value))
}
