package projections

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// table knows how rows of type R lie in their table: the columns come from
// the db tags of R, embedded structs included; the first column is the key.
type table[R any] struct {
	name    string
	columns []string
	fields  []tableField
	indexes []string // column lists

	upserted string // the statement of upsert
}

type tableField struct {
	index []int
	kind  fieldKind
}

type fieldKind int

const (
	fieldText fieldKind = iota
	fieldInt
	fieldBool
	fieldDate
	fieldUint
)

// number tells what is stored as a whole number.
func (k fieldKind) number() bool { return k == fieldInt || k == fieldUint }

// newTable reads the row type. It panics on a field it cannot store, which
// any test finds.
func newTable[R any](name string, indexes ...string) *table[R] {
	t := &table[R]{name: name, indexes: indexes}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[R]()) {
		column, ok := f.Tag.Lookup("db")
		if !ok {
			continue
		}
		var kind fieldKind
		switch {
		case f.Type == reflect.TypeFor[domain.Date]():
			kind = fieldDate
		case f.Type == reflect.TypeFor[ledger.Position]():
			kind = fieldUint
		case f.Type.Kind() == reflect.String:
			kind = fieldText
		case f.Type.Kind() == reflect.Bool:
			kind = fieldBool
		case f.Type.Kind() == reflect.Int, f.Type.Kind() == reflect.Int64:
			kind = fieldInt
		default:
			panic(fmt.Sprintf("projections: column %s of %s cannot hold a %s", column, name, f.Type))
		}
		t.columns = append(t.columns, column)
		t.fields = append(t.fields, tableField{f.Index, kind})
	}
	t.upserted = t.upsert()
	return t
}

// schema returns the statement that makes the table, without its indexes.
func (t *table[R]) schema() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n", t.name)
	for i, c := range t.columns {
		kind := "TEXT"
		switch t.fields[i].kind {
		case fieldInt, fieldUint:
			kind = "INTEGER"
		case fieldBool:
			kind = "BOOLEAN"
		}
		fmt.Fprintf(&b, "\t%s %s NOT NULL", c, kind)
		if i == 0 {
			b.WriteString(" PRIMARY KEY")
		}
		if i < len(t.columns)-1 {
			b.WriteString(",")
		}
		b.WriteString("\n")
	}
	b.WriteString(")")
	return b.String()
}

// indexSchemas returns the statements that make the indexes.
func (t *table[R]) indexSchemas() []string {
	var out []string
	for i, columns := range t.indexes {
		out = append(out, fmt.Sprintf("CREATE INDEX %s_%d ON %s (%s)", t.name, i+1, t.name, columns))
	}
	return out
}

// list names the columns under an alias, for SELECT.
func (t *table[R]) list(alias string) string {
	return alias + "." + strings.Join(t.columns, ", "+alias+".")
}

// insert returns the statement that stores a new row.
func (t *table[R]) insert() string {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name, strings.Join(t.columns, ", "), marks)
}

// upsert returns the statement that stores a row, new or changed.
func (t *table[R]) upsert() string {
	var sets []string
	for _, c := range t.columns[1:] {
		sets = append(sets, c+" = excluded."+c)
	}
	return fmt.Sprintf("%s ON CONFLICT (%s) DO UPDATE SET %s", t.insert(), t.columns[0], strings.Join(sets, ", "))
}

func (t *table[R]) bind(stmt dbStmt, row *R) error {
	if b, ok := any(row).(bodied); ok {
		if err := b.seal(); err != nil {
			return err
		}
	}
	v := reflect.ValueOf(row).Elem()
	for i, f := range t.fields {
		fv := v.FieldByIndex(f.index)
		var err error
		switch f.kind {
		case fieldText:
			err = stmt.BindText(i+1, fv.String())
		case fieldInt:
			err = stmt.BindInt64(i+1, fv.Int())
		case fieldUint:
			err = stmt.BindInt64(i+1, int64(fv.Uint()))
		case fieldBool:
			err = stmt.BindBool(i+1, fv.Bool())
		case fieldDate:
			err = stmt.BindRawText(i+1, appendDate(make([]byte, 0, 10), fv.Addr().Interface().(*domain.Date)))
		}
		if err != nil {
			return fmt.Errorf("store a row of %s: %w", t.name, err)
		}
	}
	return nil
}

// appendDate writes the text form of a date; it is what a bulk load does
// most, so it does without fmt.
func appendDate(b []byte, d *domain.Date) []byte {
	if d.IsZero() || d.Year < 1000 || d.Year > 9999 {
		return append(b, d.String()...)
	}
	return append(b, byte('0'+d.Year/1000), byte('0'+d.Year/100%10), byte('0'+d.Year/10%10), byte('0'+d.Year%10), '-',
		byte('0'+d.Month/10), byte('0'+d.Month%10), '-', byte('0'+d.Day/10), byte('0'+d.Day%10))
}

// scan reads a row whose columns begin at the given one.
func (t *table[R]) scan(stmt dbRow, from int) (R, error) {
	var row R
	v := reflect.ValueOf(&row).Elem()
	for i, f := range t.fields {
		fv := v.FieldByIndex(f.index)
		switch f.kind {
		case fieldText:
			fv.SetString(stmt.ColumnText(from + i))
		case fieldInt:
			fv.SetInt(stmt.ColumnInt64(from + i))
		case fieldUint:
			fv.SetUint(uint64(stmt.ColumnInt64(from + i)))
		case fieldBool:
			fv.SetBool(stmt.ColumnBool(from + i))
		case fieldDate:
			if err := fv.Addr().Interface().(*domain.Date).UnmarshalText(stmt.ColumnRawText(from + i)); err != nil {
				return row, fmt.Errorf("read a row of %s: %w", t.name, err)
			}
		}
	}
	if b, ok := any(&row).(bodied); ok {
		return row, b.open()
	}
	return row, nil
}
