// Package query builds the SQL of the views. It is small on purpose: it
// joins conditions, carries their arguments along and writes the few forms
// in which databases differ. Statements are written for SQLite; [Postgres]
// turns one into what PostgreSQL takes.
//
// Arguments are string, int, int64, bool or []byte. Nothing a user wrote
// ever becomes SQL text; it travels as an argument.
package query

import (
	"strings"

	"github.com/go-json-experiment/json"
)

// Cond is a condition, or any other piece of SQL, with its arguments. The
// zero Cond holds always.
type Cond struct {
	SQL  string
	Args []any
}

// Never is the condition that never holds.
var Never = Cond{SQL: "1 = 0"}

// C makes a condition.
func C(sql string, args ...any) Cond { return Cond{sql, args} }

// Always tells the condition that holds always.
func (c Cond) Always() bool { return c.SQL == "" }

// And holds where all hold.
func And(conds ...Cond) Cond { return join(" AND ", conds) }

// Or holds where at least one holds; without any it never does.
func Or(conds ...Cond) Cond {
	if len(conds) == 0 {
		return Never
	}
	for _, c := range conds {
		if c.Always() {
			return Cond{}
		}
	}
	return join(" OR ", conds)
}

func join(word string, conds []Cond) Cond {
	var out Cond
	var parts []string
	for _, c := range conds {
		if !c.Always() {
			parts = append(parts, c.SQL)
			out.Args = append(out.Args, c.Args...)
		}
	}
	switch len(parts) {
	case 0:
	case 1:
		out.SQL = parts[0]
	default:
		out.SQL = "(" + strings.Join(parts, word) + ")"
	}
	return out
}

// If returns the condition when on, and one that holds always otherwise.
func If(on bool, sql string, args ...any) Cond {
	if !on {
		return Cond{}
	}
	return Cond{sql, args}
}

// Eq narrows the column to the value, unless the value is empty.
func Eq[T ~string](column string, value T) Cond {
	return If(value != "", column+" = ?", string(value))
}

// In holds where the column is one of the values. All values travel in one
// argument, so that the text of the query does not depend on their number.
func In[T ~string](column string, values []T) Cond {
	if len(values) == 1 {
		return Cond{column + " = ?", []any{string(values[0])}}
	}
	return Cond{column + " IN " + list, []any{array(values)}}
}

// NotIn holds where the column is none of the values.
func NotIn[T ~string](column string, values []T) Cond {
	if len(values) == 0 {
		return Cond{}
	}
	if len(values) == 1 {
		return Cond{column + " <> ?", []any{string(values[0])}}
	}
	return Cond{column + " NOT IN " + list, []any{array(values)}}
}

func array[T ~string](values []T) string {
	if values == nil {
		values = []T{}
	}
	b, err := json.Marshal(values)
	if err != nil {
		return "[]" // no id that is not UTF-8 was ever recorded
	}
	return string(b)
}

// Contains holds where the column, folded by [Fold], contains every word of
// the text. A text without words never matches.
func Contains(column, text string) Cond {
	words := strings.Fields(Fold(text))
	if len(words) == 0 {
		return Never
	}
	conds := make([]Cond, len(words))
	for i, w := range words {
		conds[i] = C(Holds(column), w)
	}
	return And(conds...)
}

// Past holds for the rows that come after the key in the order of the
// columns, which all rise (or, when desc, all fall).
func Past(columns []string, desc bool, key []any) Cond {
	op := " > "
	if desc {
		op = " < "
	}
	if len(columns) == 1 {
		return Cond{columns[0] + op + "?", key}
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	return Cond{"(" + strings.Join(columns, ", ") + ")" + op + "(" + marks + ")", key}
}

// OrderBy writes the order.
func OrderBy(columns []string, desc bool) string {
	dir := ""
	if desc {
		dir = " DESC"
	}
	return " ORDER BY " + strings.Join(columns, dir+", ") + dir
}

// Where writes the WHERE clause, or nothing.
func (c Cond) Where() string {
	if c.Always() {
		return ""
	}
	return " WHERE " + c.SQL
}
