package main

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// tableName is the table of all refusals, for programs and spreadsheets. The
// bench of the rooms reads it too: whatever stands in it must be met by a
// test of its room (domaintest.Main).
const tableName = "refusals.csv"

// refusalsFile lists what every command may be refused for: its name, the
// code, the field, the message and the source of the rule.
func (h *house) refusalsFile() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"command", "code", "field", "message", "source"}}
	for _, r := range h.rooms {
		for _, c := range r.commands {
			for _, no := range c.refusals {
				rows = append(rows, []string{string(c.Name), no.Code, no.Field, strings.TrimPrefix(no.Message, formMark), no.Rule})
			}
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
