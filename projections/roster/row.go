package roster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/record"
)

// Row is what is told of one officer.
type Row struct {
	File *record.File
	// Version is a digest over all that is told, in hex: two rows of one
	// officer with the same version say the same.
	Version string

	line []byte
}

// versionDigits is how many digits of the digest stand in a version.
const versionDigits = 32

// Of makes the row of a file.
func Of(f *record.File) (Row, error) {
	r := Row{File: f}
	w := writer{line: make([]byte, 0, 4<<10)}
	w.row(r)
	if w.err != nil {
		return r, fmt.Errorf("write the row of %s: %w", f.Officer, w.err)
	}
	digest := sha256.Sum256(w.line)
	r.Version = hex.EncodeToString(digest[:])[:versionDigits]
	r.line = slices.Insert(w.line, bytes.Index(w.line, []byte(noVersion))+len(noVersion)-1, []byte(r.Version)...)
	return r, nil
}

// noVersion is the member that a row has before its version is known. No text
// can hold it, for its quotes would be escaped there.
const noVersion = `"version":""`

// Line is the row as one JSON object with a line end: the columns of officers
// as members, and each other table as a list of objects under its name.
// Columns come in the order of the tables; a value that is not known is null.
func (r Row) Line() []byte { return r.line }

// writer writes the line of a row, and keeps the first error.
type writer struct {
	line []byte
	err  error
}

func (w *writer) row(r Row) {
	w.line = append(w.line, '{')
	for values := range Officers.Rows(r) {
		w.members(Officers, values)
	}
	for _, t := range lists {
		w.line = append(w.line, ',')
		w.text(t.Name)
		w.line = append(w.line, ':', '[')
		between := ""
		for values := range t.Rows(r) {
			w.line = append(append(w.line, between...), '{')
			w.members(t, values)
			w.line = append(w.line, '}')
			between = ","
		}
		w.line = append(w.line, ']')
	}
	w.line = append(w.line, '}', '\n')
}

func (w *writer) text(s string) {
	line, err := jsontext.AppendQuote(w.line, s)
	if w.line = line; w.err == nil {
		w.err = err
	}
}

func (w *writer) members(t *Table, values []any) {
	for i, key := range t.keys {
		if i > 0 {
			w.line = append(w.line, ',')
		}
		w.line = append(w.line, key...)
		switch v := values[i].(type) {
		case nil:
			w.line = append(w.line, "null"...)
		case int64:
			w.line = strconv.AppendInt(w.line, v, 10)
		case bool:
			w.line = strconv.AppendBool(w.line, v)
		case string:
			w.text(v)
		case time.Time:
			w.line = append(v.AppendFormat(append(w.line, '"'), moments), '"')
		default:
			w.text(Cell(v))
		}
	}
}

// moments is the form of times.
const moments = "2006-01-02T15:04:05.999999Z07:00"

// Cell is a value as text; empty for nil. Times are RFC 3339 in UTC, to the
// microsecond.
func Cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case domain.Date:
		return v.String()
	case time.Time:
		return v.Format(moments)
	}
	return fmt.Sprint(value)
}
