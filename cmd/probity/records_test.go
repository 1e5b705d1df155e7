package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"github.com/probity-ledger/probity/projections/roster"
)

var cursorLine = regexp.MustCompile(`(?m)^cursor: (\S+)$`)

// cursor FILE: sets $CURSOR to the one that an export printed.
func cursor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cursor FILE")
	}
	found := cursorLine.FindStringSubmatch(ts.ReadFile(args[0]))
	if found == nil {
		ts.Fatalf("%s names no cursor", args[0])
	}
	ts.Setenv("CURSOR", found[1])
}

// same-records NAME: the files NAME.csv, NAME.xlsx and NAME.parquet, with those
// beside them, must hold what NAME.ndjson holds, and that something.
func sameRecords(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: same-records NAME")
	}
	name := ts.MkAbs(args[0])
	want := fromLines(ts, name+".ndjson")
	book, err := excelize.OpenFile(name + ".xlsx")
	ts.Check(err)
	defer book.Close()
	for i, t := range roster.Tables() {
		beside := ""
		if i > 0 {
			beside = "-" + t.Name
		}
		for format, got := range map[string][][]string{
			"csv":     fromCSV(ts, name+beside+".csv"),
			"parquet": fromParquet(ts, t, name+beside+".parquet"),
			"xlsx":    fromSheet(ts, t, book, want[t.Name]),
		} {
			expected := want[t.Name]
			if format == "csv" {
				expected = harmless(t, expected)
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", expected) {
				ts.Fatalf("%s of %s holds\n%q\nwant\n%q", t.Name, format, got, expected)
			}
		}
	}
	if len(want["officers"]) == 0 || len(want["courses"]) == 0 || len(want["certificates"]) == 0 {
		ts.Fatalf("there is nothing to compare: %v", want)
	}
}

// harmless is what CSV makes of rows: texts that look like formulas with an
// apostrophe.
func harmless(t *roster.Table, rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		for j, cell := range row {
			if t.Columns[j].Type == roster.Text && cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				cell = "'" + cell
			}
			out[i] = append(out[i], cell)
		}
	}
	return out
}

func fromLines(ts *testscript.TestScript, path string) map[string][][]string {
	raw, err := os.ReadFile(path)
	ts.Check(err)
	out := map[string][][]string{}
	cells := func(t *roster.Table, x map[string]any) {
		var row []string
		for _, c := range t.Columns {
			v, ok := x[c.Name]
			if !ok {
				ts.Fatalf("a line lacks %s of %s", c.Name, t.Name)
			}
			if v == nil {
				v = ""
			}
			row = append(row, fmt.Sprint(v))
		}
		out[t.Name] = append(out[t.Name], row)
	}
	for line := range bytes.Lines(raw) {
		var x map[string]any
		ts.Check(json.Unmarshal(line, &x))
		for _, t := range roster.Tables() {
			if t == roster.Officers {
				cells(t, x)
				continue
			}
			for _, y := range x[t.Name].([]any) {
				cells(t, y.(map[string]any))
			}
		}
	}
	return out
}

func fromCSV(ts *testscript.TestScript, path string) [][]string {
	raw, err := os.ReadFile(path)
	ts.Check(err)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte(roster.BOM)))).ReadAll()
	ts.Check(err)
	if len(rows) == 1 {
		return nil
	}
	return rows[1:]
}

func fromParquet(ts *testscript.TestScript, t *roster.Table, path string) (out [][]string) {
	f, err := os.Open(path)
	ts.Check(err)
	defer f.Close()
	info, err := f.Stat()
	ts.Check(err)
	file, err := parquet.OpenFile(f, info.Size())
	ts.Check(err)
	for i, field := range file.Schema().Fields() {
		if field.Name() != t.Columns[i].Name {
			ts.Fatalf("column %d of %s is %s, want %s", i, path, field.Name(), t.Columns[i].Name)
		}
	}
	rows := make([]parquet.Row, 100)
	reader := parquet.NewReader(file)
	defer reader.Close()
	n, _ := reader.ReadRows(rows) // the end is an error
	for _, row := range rows[:n] {
		var cells []string
		for i, v := range row {
			cells = append(cells, parquetCell(t.Columns[i].Type, v))
		}
		out = append(out, cells)
	}
	return out
}
