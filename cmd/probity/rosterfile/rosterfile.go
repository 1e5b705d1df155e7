// Package rosterfile writes the tables of package roster into files: NDJSON,
// CSV, XLSX and Parquet. All of them are written as the rows come; memory does
// not grow with their number.
package rosterfile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/projections/roster"
)

// Formats are the formats there are, which are also the endings of their files.
var Formats = []string{"ndjson", "csv", "xlsx", "parquet"}

// Apart tells whether a file of the format holds one table only.
func Apart(format string) bool { return format == "csv" || format == "parquet" }

// Writer takes rows. The file is whole after Close alone; a Writer that will
// not be closed, since something failed, is to be dropped by Drop.
type Writer interface {
	Write(roster.Row) error
	Close() error
	Drop()
}

// New begins the files of a format. open is asked for each: with the name of a
// table where a file holds one table only, of those given, else with "".
// Errors of what open returned come back as they are.
func New(format string, tables []*roster.Table, open func(table string) (io.Writer, error)) (Writer, error) {
	if Apart(format) {
		return newApart(format, tables, open)
	}
	w, err := open("")
	if err != nil {
		return nil, err
	}
	switch format {
	case "ndjson":
		return ndjson{w}, nil
	case "xlsx":
		return newWorkbook(w, tables)
	}
	return nil, fmt.Errorf("format %q is unknown: use %s", format, strings.Join(Formats, ", "))
}

// ndjson has one line for each row.
type ndjson struct{ w io.Writer }

func (n ndjson) Write(r roster.Row) error {
	_, err := n.w.Write(r.Line())
	return err
}

func (n ndjson) Close() error { return nil }
func (n ndjson) Drop()        {}

// apart is a file for each table.
type apart []Writer

func newApart(format string, tables []*roster.Table, open func(string) (io.Writer, error)) (_ Writer, err error) {
	var all apart
	for _, t := range tables {
		w, err := open(t.Name)
		if err != nil {
			return nil, err
		}
		var one Writer
		if format == "csv" {
			one, err = newCSV(w, t)
		} else {
			one, err = newParquet(w, t)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (a apart) Write(r roster.Row) error {
	for _, w := range a {
		if err := w.Write(r); err != nil {
			return err
		}
	}
	return nil
}

func (a apart) Close() error {
	var err error
	for _, w := range a {
		err = errors.Join(err, w.Close())
	}
	return err
}

func (a apart) Drop() {
	for w := range slices.Values(a) {
		w.Drop()
	}
}

type csvFile struct{ *roster.CSV }

func newCSV(w io.Writer, t *roster.Table) (Writer, error) {
	c, err := roster.NewCSV(w, t)
	return csvFile{c}, err
}

func (c csvFile) Close() error { return c.Flush() }
func (c csvFile) Drop()        {}
