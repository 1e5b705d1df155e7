package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"github.com/probity-ledger/probity/projections/roster"
)

func parquetCell(kind roster.Type, v parquet.Value) string {
	if v.IsNull() {
		return ""
	}
	switch kind {
	case roster.Date:
		return time.Unix(int64(v.Int32())*24*60*60, 0).UTC().Format(time.DateOnly)
	case roster.Time:
		return roster.Cell(time.UnixMicro(v.Int64()).UTC())
	case roster.Number:
		return fmt.Sprint(v.Int64())
	case roster.Flag:
		return fmt.Sprint(v.Boolean())
	}
	return string(v.ByteArray())
}

// fromSheet reads the rows of a sheet. A workbook knows no empty cell from an
// empty text, and times to about the millisecond.
func fromSheet(ts *testscript.TestScript, t *roster.Table, book *excelize.File, want [][]string) (out [][]string) {
	rows, err := book.GetRows(t.Name, excelize.Options{RawCellValue: true})
	ts.Check(err)
	for n, row := range rows[1:] {
		cells := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			if i >= len(row) || row[i] == "" {
				continue
			}
			cells[i] = row[i]
			at, err := excelize.CoordinatesToCellName(i+1, n+2)
			ts.Check(err)
			if formula, err := book.GetCellFormula(t.Name, at); err != nil || formula != "" {
				ts.Fatalf("%s of %s is the formula %q, %v", at, t.Name, formula, err)
			}
			switch c.Type {
			case roster.Flag:
				cells[i] = fmt.Sprint(row[i] == "1" || row[i] == "TRUE")
			case roster.Date, roster.Time:
				serial, err := strconv.ParseFloat(row[i], 64)
				ts.Check(err)
				moment, err := excelize.ExcelDateToTime(serial, false)
				ts.Check(err)
				cells[i] = moment.Format(time.DateOnly)
				if c.Type == roster.Time && n < len(want) {
					cells[i] = nearest(want[n][i], moment)
				}
			}
		}
		out = append(out, cells)
	}
	return out
}

// nearest is the time that the record holds, which the one of the workbook is
// when it lies less than a second away: a serial number holds no microseconds.
func nearest(want string, got time.Time) string {
	if t, err := time.Parse(time.RFC3339, want); err == nil && t.Sub(got).Abs() < time.Second {
		return want
	}
	return roster.Cell(got)
}
