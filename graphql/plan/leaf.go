package plan

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/graphql-go/graphql"
)

// AppendLeaf appends a value of a scalar as JSON. It returns false, and dst as
// it was, for a value that it does not know; the scalar's Serialize is asked
// then.
type AppendLeaf func(dst []byte, value any) ([]byte, bool)

type leafKind uint8

const (
	leafCustom leafKind = iota
	leafString          // and ID
	leafInt
	leafFloat
	leafBoolean
	leafEnum
)

// leaf is how the values of one scalar or enum are written.
type leaf struct {
	kind      leafKind
	name      string
	serialize func(any) any
	append    AppendLeaf        // of leafCustom, or nil
	names     map[string][]byte // of leafEnum: names in JSON by values that are strings
}

func scalarLeaf(t *graphql.Scalar, appender AppendLeaf) *leaf {
	l := &leaf{name: t.Name(), serialize: t.Serialize, append: appender}
	switch t {
	case graphql.String, graphql.ID:
		l.kind = leafString
	case graphql.Int:
		l.kind = leafInt
	case graphql.Float:
		l.kind = leafFloat
	case graphql.Boolean:
		l.kind = leafBoolean
	}
	return l
}

func enumLeaf(t *graphql.Enum) *leaf {
	l := &leaf{kind: leafEnum, name: t.Name(), serialize: t.Serialize, names: map[string][]byte{}}
	for _, v := range t.Values() {
		if s, ok := v.Value.(string); ok {
			l.names[s] = strconv.AppendQuote(nil, v.Name)
		}
	}
	return l
}

// leaf writes a leaf value. false: null has to go to the parent.
func (e *execution) leaf(f *field, t *output, value any) bool {
	switch l := t.leaf; l.kind {
	case leafString:
		if s, ok := value.(string); ok {
			e.out = AppendText(e.out, s)
			return true
		}
	case leafBoolean:
		if b, ok := value.(bool); ok {
			e.out = strconv.AppendBool(e.out, b)
			return true
		}
	case leafInt:
		if n, ok := value.(int); ok && n >= math.MinInt32 && n <= math.MaxInt32 {
			e.out = strconv.AppendInt(e.out, int64(n), 10)
			return true
		}
	case leafFloat:
		if x, ok := value.(float64); ok && !math.IsNaN(x) && !math.IsInf(x, 0) {
			e.out = appendFloat(e.out, x)
			return true
		}
	case leafEnum:
		if s, ok := value.(string); ok {
			if name, ok := l.names[s]; ok {
				e.out = append(e.out, name...)
				return true
			}
		}
	}
	return e.otherLeaf(f, t, value)
}

// otherLeaf writes a value without a way of its own.
func (e *execution) otherLeaf(f *field, t *output, value any) bool {
	if isNil(value) {
		return e.nothing(f, t)
	}
	written, err := e.serialized(t.leaf, value)
	if err == nil && !written {
		err = fmt.Errorf("%s cannot represent a value of type %T", t.leaf.name, value)
	}
	if err != nil {
		e.fail(f, err)
		return e.null(t)
	}
	return true
}

// serialized asks the scalar. written is false where it has no answer.
func (e *execution) serialized(l *leaf, value any) (written bool, err error) {
	defer e.recovering(&err)
	if l.append != nil {
		if out, ok := l.append(e.out, value); ok {
			e.out = out
			return true, nil
		}
	}
	if reflect.TypeOf(value).Kind() == reflect.Func {
		return false, errNotLazy
	}
	serial := l.serialize(value)
	if serial == nil {
		return false, nil
	}
	out, err := appendJSON(e.out, serial)
	if err != nil {
		return false, err
	}
	e.out = out
	return true, nil
}

// appendJSON appends what a scalar serialized to.
func appendJSON(dst []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return AppendText(dst, v), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case json.RawMessage:
		return append(dst, v...), nil
	}
	raw, err := json.Marshal(value) // not a number and the infinities fail here
	if err != nil {
		return dst, fmt.Errorf("write a scalar: %w", err)
	}
	return append(dst, raw...), nil
}

// appendFloat appends a finite number in the shortest form that reads back the
// same, with an exponent where JavaScript writes one.
func appendFloat(dst []byte, x float64) []byte {
	if abs := math.Abs(x); abs == 0 || (abs >= 1e-6 && abs < 1e21) {
		return strconv.AppendFloat(dst, x, 'f', -1, 64)
	}
	return strconv.AppendFloat(dst, x, 'e', -1, 64)
}

// AppendText appends a string as JSON. What is not UTF-8 becomes U+FFFD.
func AppendText(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			out, err := jsontext.AppendQuote(dst, s)
			if err != nil {
				out, _ = jsontext.AppendQuote(dst, strings.ToValidUTF8(s, "\uFFFD"))
			}
			return out
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// isNil says that there is no value: nil, or a pointer to nothing. A nil
// slice is an empty list.
func isNil(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
