package roster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	untold, err := r.encode()
	if err != nil {
		return r, fmt.Errorf("write the row of %s: %w", f.Officer, err)
	}
	digest := sha256.Sum256(untold)
	r.Version = hex.EncodeToString(digest[:])[:versionDigits]
	r.line = bytes.Replace(untold, []byte(noVersion), []byte(noVersion[:len(noVersion)-1]+r.Version+`"`), 1)
	return r, nil
}

// noVersion is the member that a row has before its version is known. No text
// can hold it, for its quotes would be escaped there.
const noVersion = `"version":""`

// Line is the row as one JSON object with a line end: the columns of officers
// as members, and each other table as a list of objects under its name.
// Columns come in the order of the tables; a value that is not known is null.
func (r Row) Line() []byte { return r.line }

func (r Row) encode() ([]byte, error) {
	var b bytes.Buffer
	e := jsontext.NewEncoder(&b)
	w := writer{e: e}
	w.token(jsontext.BeginObject)
	for values := range Officers.Rows(r) {
		w.members(Officers, values)
	}
	for _, t := range lists {
		w.token(jsontext.String(t.Name))
		w.token(jsontext.BeginArray)
		for values := range t.Rows(r) {
			w.token(jsontext.BeginObject)
			w.members(t, values)
			w.token(jsontext.EndObject)
		}
		w.token(jsontext.EndArray)
	}
	w.token(jsontext.EndObject)
	return b.Bytes(), w.err
}

// writer keeps the first error.
type writer struct {
	e   *jsontext.Encoder
	err error
}

func (w *writer) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.e.WriteToken(t)
	}
}

func (w *writer) members(t *Table, values []any) {
	for i, c := range t.Columns {
		w.token(jsontext.String(c.Name))
		switch v := values[i].(type) {
		case nil:
			w.token(jsontext.Null)
		case int64:
			w.token(jsontext.Int(v))
		case bool:
			w.token(jsontext.Bool(v))
		default:
			w.token(jsontext.String(Cell(v)))
		}
	}
}

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
		return v.Format("2006-01-02T15:04:05.999999Z07:00")
	}
	return fmt.Sprint(value)
}
