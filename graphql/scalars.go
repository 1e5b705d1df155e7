package graphql

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	gql "github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// The scalars of the schema. Parsing returns nil for a value that is not
// one: the validator and the guard turn that into an error which names the
// argument or variable. Serializing panics on a value of a wrong type, which
// is a mistake in a resolver and becomes an internal error.
var (
	scalarDate = scalar("Date", "A day of the Gregorian calendar, as in \"2024-02-29\" (ISO 8601), without time or zone.",
		func(v any) any { return v.(domain.Date).String() },
		func(s string) any {
			d, err := domain.ParseDate(s)
			if err != nil {
				return nil
			}
			return d
		})

	scalarDateTime = scalar("DateTime", "A moment by RFC 3339, as in \"2024-02-29T09:30:00Z\", within the years 1 to 9999 wherever one is; given with any offset, answered in UTC.",
		func(v any) any { return v.(time.Time).UTC().Format(time.RFC3339Nano) },
		func(s string) any {
			t, err := time.Parse(time.RFC3339Nano, s)
			// A day of room, so that its day has a date in every zone; and the
			// zero time means that none was given.
			if err != nil || t.UTC().AddDate(0, 0, -1).Year() < 1 || t.UTC().AddDate(0, 0, 1).Year() > 9999 {
				return nil
			}
			return t
		})

	scalarLong = gql.NewScalar(gql.ScalarConfig{
		Name:        "Long",
		Description: "A whole number of 64 bits without sign, written as a string of decimal digits: JSON numbers are exact up to 2^53 only.",
		Serialize: func(v any) any {
			switch v := v.(type) {
			case ledger.Position:
				return v.String()
			case uint64:
				return strconv.FormatUint(v, 10)
			}
			panic("not a Long")
		},
		ParseValue: func(v any) any {
			switch v := v.(type) {
			case string:
				return parseLong(v)
			case json.Number:
				return parseLong(string(v))
			case int64:
				return parseLong(strconv.FormatInt(v, 10))
			case int:
				return parseLong(strconv.Itoa(v))
			}
			return nil
		},
		ParseLiteral: func(v ast.Value) any {
			switch v := v.(type) {
			case *ast.StringValue:
				return parseLong(v.Value)
			case *ast.IntValue:
				return parseLong(v.Value)
			}
			return nil
		},
	})

	// JSON goes out as it stands in the ledger; nothing takes it in.
	scalarJSON = gql.NewScalar(gql.ScalarConfig{
		Name:        "JSON",
		Description: "Any JSON value, as it stands in the ledger.",
		Serialize: func(v any) any {
			raw := v.(json.RawMessage)
			if !jsontext.Value(raw).IsValid() {
				panic("not JSON")
			}
			return raw
		},
		ParseValue:   func(any) any { return nil },
		ParseLiteral: func(ast.Value) any { return nil },
	})
)

// parseLong reads decimal digits; nil when there is anything else, or more
// than 64 bits hold.
func parseLong(s string) any {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || s[0] == '+' {
		return nil
	}
	return n
}

// scalar is one whose input is a string.
func scalar(name, doc string, serialize func(any) any, parse func(string) any) *gql.Scalar {
	return gql.NewScalar(gql.ScalarConfig{
		Name: name, Description: doc, Serialize: serialize,
		ParseValue: func(v any) any {
			if s, ok := v.(string); ok {
				return parse(s)
			}
			return nil
		},
		ParseLiteral: func(v ast.Value) any {
			if s, ok := v.(*ast.StringValue); ok {
				return parse(s.Value)
			}
			return nil
		},
	})
}
