package roster

import (
	"encoding/csv"
	"io"
	"strings"
)

// BOM begins each CSV file: without it a spreadsheet takes UTF-8 for
// something else.
const BOM = "\ufeff"

// CSV writes one table as CSV by RFC 4180, with the names of the columns in
// the first line. Texts that a spreadsheet would take for a formula get an
// apostrophe in front; see [Harmless].
type CSV struct {
	table *Table
	w     *csv.Writer
	cells []string
}

// NewCSV begins the file.
func NewCSV(w io.Writer, t *Table) (*CSV, error) {
	if _, err := io.WriteString(w, BOM); err != nil {
		return nil, err
	}
	c := &CSV{t, csv.NewWriter(w), make([]string, len(t.Columns))}
	c.w.UseCRLF = true
	for i, column := range t.Columns {
		c.cells[i] = column.Name
	}
	return c, c.w.Write(c.cells)
}

// Write writes what the row has in the table.
func (c *CSV) Write(r Row) error {
	for values := range c.table.Rows(r) {
		for i, v := range values {
			c.cells[i] = Cell(v)
			if _, ok := v.(string); ok {
				c.cells[i] = Harmless(c.cells[i])
			}
		}
		if err := c.w.Write(c.cells); err != nil {
			return err
		}
	}
	return nil
}

// Flush writes what is held back.
func (c *CSV) Flush() error {
	c.w.Flush()
	return c.w.Error()
}

// Harmless keeps a spreadsheet from taking a cell for a formula: one that
// begins with = + - @ (also in full width), a tab or a line end gets a
// leading apostrophe.
func Harmless(cell string) string {
	if strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") ||
		cell != "" && strings.IndexByte("=+-@\t\r\n", cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}
