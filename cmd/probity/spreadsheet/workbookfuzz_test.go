package spreadsheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// FuzzWorkbook: whatever the parts of a workbook hold, it is read to its end
// or refused, and every record is whole.
func FuzzWorkbook(f *testing.F) {
	const (
		sheet  = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>v</t></is></c></row><row r="3"><c r="A3" s="1"><v>45356.5</v></c><c r="B3"><f>A3</f><v>1</v></c></row></sheetData></worksheet>`
		styles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy/m/d h:mm"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`
		texts  = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>id</t></si></sst>`
		book   = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`
		links  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
		root   = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
		types  = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	)
	f.Add(sheet, styles, texts, book, links)
	name := filepath.Join(f.TempDir(), "a.xlsx")
	f.Fuzz(func(t *testing.T, sheet, styles, texts, book, links string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for part, content := range map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": styles, "xl/sharedStrings.xml": texts, workbookPart: book, "xl/_rels/workbook.xml.rels": links, "_rels/.rels": root, "[Content_Types].xml": types} {
			w, err := z.Create(part)
			if err == nil {
				_, err = io.WriteString(w, content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		in := &input{}
		r, header, err := openAtHeader(name, in)
		if err != nil {
			return
		}
		defer r.Close()
		file := &plannedFile{path: name, in: in, width: len(header)}
		checked := file.checkWorkbook()
		for line := 0; ; {
			rec, err := r.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			if rec.line <= line || rec.problem == "" && len(rec.fields) != len(header) {
				t.Fatalf("after line %d comes %+v (%v)", line, rec, checked)
			}
			line = rec.line
		}
	})
}
