package graphql

import (
	"encoding/json"
	"strconv"
	"time"

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
		return append(appendDate(append(dst, '"'), d), '"'), true
	},
	scalarDateTime: func(dst []byte, value any) ([]byte, bool) {
		t, ok := value.(time.Time)
		if !ok {
			return dst, false
		}
		return append(t.UTC().AppendFormat(append(dst, '"'), time.RFC3339Nano), '"'), true
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
		return append(strconv.AppendUint(append(dst, '"'), n, 10), '"'), true
	},
	scalarJSON: func(dst []byte, value any) ([]byte, bool) {
		raw, ok := value.(json.RawMessage)
		return append(dst, raw...), ok
	},
}

// appendDate appends a date as domain.Date.String has it.
func appendDate(dst []byte, d domain.Date) []byte {
	if d.Year < 1000 || d.Year > 9999 {
		return append(dst, d.String()...)
	}
	dst = strconv.AppendInt(dst, int64(d.Year), 10)
	return append(dst, '-', '0'+byte(d.Month/10), '0'+byte(d.Month%10), '-', '0'+byte(d.Day/10), '0'+byte(d.Day%10))
}
