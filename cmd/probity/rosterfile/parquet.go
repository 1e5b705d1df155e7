package rosterfile

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/roster"
)

// rowGroup is how many rows are held before they are written.
const rowGroup = 10_000

type parquetFile struct {
	table *roster.Table
	w     *parquet.GenericWriter[any]
	row   parquet.Row
}

func newParquet(w io.Writer, t *roster.Table) (Writer, error) {
	schema := parquet.NewSchema(t.Name, parquet.SchemaOf(reflect.New(structOf(t)).Interface()))
	return &parquetFile{table: t, row: make(parquet.Row, len(t.Columns)),
		w: parquet.NewGenericWriter[any](w, schema, parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(rowGroup), parquet.CreatedBy("probity", "", ""))}, nil
}

// structOf is the struct that the table is one of, for a schema made from it
// keeps the order of the columns.
func structOf(t *roster.Table) reflect.Type {
	fields := make([]reflect.StructField, len(t.Columns))
	for i, c := range t.Columns {
		options, of := "", reflect.TypeFor[string]()
		switch c.Type {
		case roster.Number:
			of = reflect.TypeFor[int64]()
		case roster.Flag:
			of = reflect.TypeFor[bool]()
		case roster.Date:
			options, of = ",date", reflect.TypeFor[int32]()
		case roster.Time:
			options, of = ",timestamp(microsecond)", reflect.TypeFor[int64]()
		}
		if c.Optional {
			options = ",optional" + options
		}
		fields[i] = reflect.StructField{Name: fmt.Sprintf("C%d", i), Type: of, Tag: reflect.StructTag(`parquet:"` + c.Name + options + `"`)}
	}
	return reflect.StructOf(fields)
}

func (p *parquetFile) Write(r roster.Row) error {
	for values := range p.table.Rows(r) {
		for i, v := range values {
			defined := 0
			if p.table.Columns[i].Optional && v != nil {
				defined = 1
			}
			p.row[i] = parquetValue(v).Level(0, defined, i)
		}
		if _, err := p.w.WriteRows([]parquet.Row{p.row}); err != nil {
			return err
		}
	}
	return nil
}

func parquetValue(v any) parquet.Value {
	switch v := v.(type) {
	case string:
		return parquet.ByteArrayValue([]byte(strings.Clone(v)))
	case int64:
		return parquet.Int64Value(v)
	case bool:
		return parquet.BooleanValue(v)
	case domain.Date:
		return parquet.Int32Value(int32(v.In(time.UTC).Unix() / (24 * 60 * 60)))
	case time.Time:
		return parquet.Int64Value(v.UnixMicro())
	}
	return parquet.NullValue()
}

func (p *parquetFile) Close() error { return p.w.Close() }
func (p *parquetFile) Drop()        {}
