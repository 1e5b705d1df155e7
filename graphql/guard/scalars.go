package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// coerceScalar applies the input coercion of section 3.5 of the
// specification to the five built-in scalars, and asks a custom scalar's own
// functions otherwise. The library's turn true into 1 and "12" into 12.
func coerceScalar(t *graphql.Scalar, value any) (any, error) {
	switch t {
	case graphql.Int:
		return coerceInt(plain(value))
	case graphql.Float:
		return coerceFloat(plain(value))
	case graphql.Boolean:
		if b, ok := plain(value).(bool); ok {
			return b, nil
		}
		return nil, expected("Boolean", value)
	case graphql.String:
		if s, ok := plain(value).(string); ok {
			return s, nil
		}
		return nil, expected("String", value)
	case graphql.ID:
		return coerceID(plain(value))
	}
	return coerceCustom(t, value)
}

// plain gives a literal of the document the form it has in JSON. An enum
// name has none and stays marked, so that no built-in scalar takes it.
func plain(value any) any {
	w, ok := value.(written)
	if !ok {
		return value
	}
	switch v := w.value.(type) {
	case *ast.IntValue:
		return json.Number(v.Value)
	case *ast.FloatValue:
		return json.Number(v.Value)
	case *ast.StringValue:
		return v.Value
	case *ast.BooleanValue:
		return v.Value
	}
	return value
}

func coerceInt(value any) (any, error) {
	var n int64
	switch v := value.(type) {
	case int:
		n = int64(v)
	case int32:
		n = int64(v)
	case int64:
		n = v
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32+1 {
			return nil, expected("Int (32 bits)", value)
		}
		n = int64(v)
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return nil, expected("Int (32 bits)", value)
		}
		if _, err := coerceInt(f); err != nil {
			return nil, expected("Int (32 bits)", value)
		}
		n = int64(f)
	default:
		return nil, expected("Int", value)
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return nil, expected("Int (32 bits)", value)
	}
	return int(n), nil
}

func coerceFloat(value any) (any, error) {
	var f float64
	switch v := value.(type) {
	case int:
		f = float64(v)
	case int32:
		f = float64(v)
	case int64:
		f = float64(v)
	case float64:
		f = v
	case json.Number:
		parsed, err := v.Float64()
		if err != nil {
			return nil, expected("Float", value)
		}
		f = parsed
	default:
		return nil, expected("Float", value)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, expected("Float", value)
	}
	return f, nil
}

func coerceID(value any) (any, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case int32:
		return strconv.FormatInt(int64(v), 10), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return strconv.FormatInt(int64(v), 10), nil
		}
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return strconv.FormatInt(n, 10), nil
		}
	}
	return nil, expected("ID", value)
}

// coerceCustom takes what the scalar's own functions take; nil is their no.
func coerceCustom(t *graphql.Scalar, value any) (out any, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, expectedOf(t, value)
		}
	}()
	if w, ok := value.(written); ok {
		if t.ParseLiteral(w.value) == nil {
			return nil, expectedOf(t, value)
		}
		if enum, ok := w.value.(*ast.EnumValue); ok {
			return enum.Value, nil
		}
		return exact(plain(value)), nil
	}
	form := exact(value)
	if f, ok := form.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return nil, expectedOf(t, value)
	}
	if t.ParseValue(form) == nil {
		return nil, expectedOf(t, value)
	}
	return form, nil
}

// expectedOf says what a scalar of the schema takes, in its own words.
func expectedOf(t *graphql.Scalar, value any) error {
	err := expected(t.Name(), value)
	if t.Description() == "" {
		return err
	}
	return fmt.Errorf("%w; %s is: %s", err, t.Name(), t.Description())
}

// exact turns a JSON number into an int64 where it is whole and fits, and
// into a float64 elsewhere. Other values are returned as they are.
func exact(value any) any {
	number, ok := value.(json.Number)
	if !ok {
		return value
	}
	if n, err := strconv.ParseInt(string(number), 10, 64); err == nil {
		return n
	}
	f, _ := number.Float64() // infinite when out of range, and refused as such
	return f
}
