package graphql

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/ledger"
)

// leaves write the values of our scalars, as their Serialize would have them
// but without a string in between. A value of another type is left to
// Serialize, which refuses it.
var leaves = map[*gql.Scalar]plan.AppendLeaf{
	scalarDate: func(dst []byte, value any) ([]byte, bool) {
		d, ok := value.(domain.Date)
		if !ok || d.IsZero() {
			return dst, false
		}
		return appendDate(dst, d), true
	},
	scalarDateTime: func(dst []byte, value any) ([]byte, bool) {
		t, ok := value.(time.Time)
		if !ok {
			return dst, false
		}
		return appendMoment(dst, t), true
	},
	scalarLong: func(dst []byte, value any) ([]byte, bool) {
		var n uint64
		switch v := value.(type) {
		case ledger.Position:
			n = uint64(v)
		case uint64:
			n = v
		default:
			return dst, false
		}
		return appendLong(dst, n), true
	},
	scalarJSON: func(dst []byte, value any) ([]byte, bool) {
		raw, ok := value.(json.RawMessage)
		if !ok || !jsontext.Value(raw).IsValid() { // nobody looks at an answer as a whole
			return dst, false
		}
		return append(dst, raw...), true
	},
}

// appendDate appends a date as domain.Date.String has it, in quotes.
func appendDate(dst []byte, d domain.Date) []byte {
	if d.Year < 1000 || d.Year > 9999 {
		return append(append(append(dst, '"'), d.String()...), '"')
	}
	dst = strconv.AppendInt(append(dst, '"'), int64(d.Year), 10)
	return append(dst, '-', '0'+byte(d.Month/10), '0'+byte(d.Month%10), '-', '0'+byte(d.Day/10), '0'+byte(d.Day%10), '"')
}

// appendMoment appends a moment in UTC.
func appendMoment(dst []byte, t time.Time) []byte {
	return append(t.UTC().AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
}

// appendLong appends a number of 64 bits as a string of digits.
func appendLong(dst []byte, n uint64) []byte {
	return append(strconv.AppendUint(append(dst, '"'), n, 10), '"')
}
