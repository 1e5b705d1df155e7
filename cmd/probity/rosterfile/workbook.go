package rosterfile

import (
	"archive/zip"
	"fmt"
	"io"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/roster"
)

// Excel's own limits.
const (
	sheetRows = 1_048_576
	cellUnits = 32_767 // UTF-16
)

// workbook has a sheet for each table, and further ones where a sheet is full.
type workbook struct {
	file   *excelize.File
	sheets []*sheet
	dates  int // styles
	times  int
}

type sheet struct {
	table  *roster.Table
	stream *excelize.StreamWriter
	rows   int
	number int
	cells  []any
}

func newWorkbook(w io.Writer, tables []*roster.Table) (Writer, error) {
	b := &workbook{file: excelize.NewFile()}
	// The zip goes where it belongs as it is made; the library would hold it.
	b.file.ZipWriter = func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) }
	err := b.styles()
	for _, t := range tables {
		s := &sheet{table: t, cells: make([]any, len(t.Columns))}
		if err == nil {
			err = b.begin(s)
		}
		b.sheets = append(b.sheets, s)
	}
	if err == nil {
		err = b.file.DeleteSheet("Sheet1")
	}
	if err != nil {
		b.Drop()
		return nil, fmt.Errorf("begin the workbook: %w", err)
	}
	return b, nil
}

func (b *workbook) styles() (err error) {
	date, moment := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	if b.dates, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &date}); err == nil {
		b.times, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &moment})
	}
	return err
}

// begin begins another sheet of the table.
func (b *workbook) begin(s *sheet) (err error) {
	s.number++
	name := s.table.Name
	if s.number > 1 {
		name = fmt.Sprintf("%s %d", name, s.number)
	}
	if _, err = b.file.NewSheet(name); err != nil {
		return err
	}
	if s.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, c := range s.table.Columns {
		s.cells[i] = c.Name
	}
	s.rows = 1
	return s.stream.SetRow("A1", s.cells)
}

func (b *workbook) Write(r roster.Row) error {
	for _, s := range b.sheets {
		for values := range s.table.Rows(r) {
			if s.rows == sheetRows {
				if err := s.stream.Flush(); err != nil {
					return err
				}
				if err := b.begin(s); err != nil {
					return err
				}
			}
			for i, v := range values {
				cell, err := b.cell(v)
				if err != nil {
					return fmt.Errorf("%s: column %s of %s: %w", r.File.Officer, s.table.Columns[i].Name, s.table.Name, err)
				}
				s.cells[i] = cell
			}
			s.rows++
			if err := s.stream.SetRow(fmt.Sprintf("A%d", s.rows), s.cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell is a value as the library takes it. A text is written as a text, which
// a spreadsheet never takes for a formula; a day before 1900, which Excel does
// not know, is one too.
func (b *workbook) cell(v any) (any, error) {
	switch v := v.(type) {
	case string:
		if len(v) > cellUnits && len(utf16.Encode([]rune(v))) > cellUnits {
			return nil, fmt.Errorf("has more than the %d characters that a cell of a workbook holds; use another format", cellUnits)
		}
	case domain.Date:
		if v.Year < 1901 {
			return v.String(), nil
		}
		return excelize.Cell{StyleID: b.dates, Value: v.In(time.UTC)}, nil
	case time.Time:
		if v.Year() < 1901 {
			return roster.Cell(v), nil
		}
		return excelize.Cell{StyleID: b.times, Value: v}, nil
	}
	return v, nil
}

func (b *workbook) Close() error {
	for _, s := range b.sheets {
		if err := s.stream.Flush(); err != nil {
			return err
		}
	}
	if _, err := b.file.WriteTo(io.Discard); err != nil {
		return err
	}
	return b.file.Close()
}

// Drop removes what lies in temporary files.
func (b *workbook) Drop() { _ = b.file.Close() }
