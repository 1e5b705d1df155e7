package roster

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// dialect is that of the schemas.
const dialect = "https://json-schema.org/draft/2020-12/schema"

// Schemas returns the JSON Schemas of the formats, by the name of their file:
// record.schema.json is of a line of NDJSON; that of each table is of a row
// of CSV, XLSX or Parquet, as an object. In CSV a value that is not known is
// an empty cell, flags are true and false.
func Schemas() map[string][]byte {
	out := map[string][]byte{"record.schema.json": lineSchema()}
	for _, t := range Tables() {
		w := schemaWriter()
		w.token(jsontext.BeginObject)
		w.head("A row of "+t.Name, t.Meaning+" "+t.Chinese)
		w.object(t, nil)
		w.token(jsontext.EndObject)
		out[t.Name+".schema.json"] = w.bytes()
	}
	return out
}

func lineSchema() []byte {
	w := schemaWriter()
	w.token(jsontext.BeginObject)
	w.head("A line of the record files as NDJSON", Officers.Meaning+" The other tables are lists in it.")
	w.object(Officers, lists)
	w.token(jsontext.EndObject)
	return w.bytes()
}

type schemas struct {
	e *jsontext.Encoder
	b *bytes.Buffer
}

func schemaWriter() *schemas {
	var b bytes.Buffer
	return &schemas{jsontext.NewEncoder(&b, jsontext.WithIndent("  ")), &b}
}

func (w *schemas) token(t jsontext.Token) {
	if err := w.e.WriteToken(t); err != nil {
		panic("roster: the schemas: " + err.Error()) // any test finds it
	}
}

func (w *schemas) bytes() []byte { return w.b.Bytes() }

func (w *schemas) text(name, value string) {
	w.token(jsontext.String(name))
	w.token(jsontext.String(value))
}

func (w *schemas) head(title, description string) {
	w.text("$schema", dialect)
	w.text("title", title)
	w.text("description", description)
}

// object describes a row of the table, with the tables below it as lists.
func (w *schemas) object(t *Table, below []*Table) {
	w.text("type", "object")
	w.token(jsontext.String("properties"))
	w.token(jsontext.BeginObject)
	for _, c := range t.Columns {
		w.column(c)
	}
	for _, b := range below {
		w.token(jsontext.String(b.Name))
		w.token(jsontext.BeginObject)
		w.text("description", b.Meaning+" "+b.Chinese)
		w.text("type", "array")
		w.token(jsontext.String("items"))
		w.token(jsontext.BeginObject)
		w.object(b, nil)
		w.token(jsontext.EndObject)
		w.token(jsontext.EndObject)
	}
	w.token(jsontext.EndObject)
	w.token(jsontext.String("required"))
	w.token(jsontext.BeginArray)
	for _, c := range t.Columns {
		w.token(jsontext.String(c.Name))
	}
	for _, b := range below {
		w.token(jsontext.String(b.Name))
	}
	w.token(jsontext.EndArray)
	w.token(jsontext.String("additionalProperties"))
	w.token(jsontext.False)
}

func (w *schemas) column(c Column) {
	w.token(jsontext.String(c.Name))
	w.token(jsontext.BeginObject)
	w.text("description", c.Meaning+" "+c.Chinese)
	kind, format := "string", ""
	switch c.Type {
	case Number:
		kind = "integer"
	case Flag:
		kind = "boolean"
	case Date:
		format = "date"
	case Time:
		format = "date-time"
	}
	w.token(jsontext.String("type"))
	if c.Optional {
		w.token(jsontext.BeginArray)
		w.token(jsontext.String(kind))
		w.token(jsontext.String("null"))
		w.token(jsontext.EndArray)
	} else {
		w.token(jsontext.String(kind))
	}
	if format != "" {
		w.text("format", format)
	}
	w.token(jsontext.EndObject)
}
