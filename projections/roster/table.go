package roster

import (
	"iter"
	"strconv"

	"github.com/probity-ledger/probity/projections/record"
)

// Type is what a column holds.
type Type string

// The types of columns, with the Go type of their values. A Date and a Time
// that is not known is nil.
const (
	Text   Type = "text"   // string
	Number Type = "number" // int64
	Flag   Type = "flag"   // bool
	Date   Type = "date"   // domain.Date
	Time   Type = "time"   // time.Time, in UTC
)

// Column is a column of a table.
type Column struct {
	// Name is lower case with underscores, and never changes its meaning.
	Name string
	Type Type
	// Optional: a value may be nil.
	Optional bool
	Meaning  string
	// Chinese is the term a Chinese personnel file has for it.
	Chinese string
}

// Table is a table of rows of one kind.
type Table struct {
	Name    string
	Meaning string
	Chinese string
	Columns []Column

	rows func(Row, func([]any) bool)
	keys []string // of the columns, as members of a JSON object begin
}

// Rows yields the values of each row that a record file has in the table, in
// the order of the columns. A slice is good until the next one.
func (t *Table) Rows(r Row) iter.Seq[[]any] {
	return func(yield func([]any) bool) { t.rows(r, yield) }
}

// column is a column and how its values are got from an entry of the file.
type column[T any] struct {
	Column
	of func(Row, T) any
}

// table makes a table of the entries of a list.
func table[T any](name, chinese, meaning string, list func(Row) []T, columns ...column[T]) *Table {
	t := &Table{Name: name, Chinese: chinese, Meaning: meaning}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
		t.keys = append(t.keys, strconv.Quote(c.Name)+":")
	}
	t.rows = func(r Row, yield func([]any) bool) {
		values := make([]any, len(columns))
		for _, entry := range list(r) {
			for i, c := range columns {
				values[i] = c.of(r, entry)
			}
			if !yield(values) {
				return
			}
		}
	}
	return t
}

// entries makes the table of a list of the file. Its first columns are whose
// the entry is and its id, its last where it comes from.
func entries[T any](name, chinese, meaning string, list func(*record.File) []T, id func(*record.File, T) string, source func(T) record.Source, columns ...column[T]) *Table {
	all := []column[T]{
		text("officer", "干部编号", "Whose entry it is; see officers.", func(r Row, _ T) string { return string(r.File.Officer) }),
		text("id", "条目编号", "The id of the entry within the table; the same entry keeps it.", func(r Row, x T) string { return id(r.File, x) }),
	}
	all = append(all, columns...)
	all = append(all,
		text("event", "事件编号", "The id of the event behind the entry as it stands.", func(_ Row, x T) string { return string(source(x).Event) }),
		moment("occurred_at", "发生时间", "When that event is said to have occurred.", func(_ Row, x T) any { return known(source(x).OccurredAt) }),
		moment("recorded_at", "入账时间", "When the ledger recorded it.", func(_ Row, x T) any { return known(source(x).RecordedAt) }),
		flag("imported", "历史导入", "It was brought over from older records; no rule of the ledger judged it.", func(_ Row, x T) bool { return source(x).Imported }),
	)
	return table(name, chinese, meaning, func(r Row) []T { return list(r.File) }, all...)
}
