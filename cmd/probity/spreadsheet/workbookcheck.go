package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

const (
	workbookPart = "xl/workbook.xml"
	saveAgain    = "open the workbook in a spreadsheet program and save it again"
)

// checkWorkbook reads the sheet once before anything is recorded: the library
// that reads it takes broken XML for its end, and a formula whose value was
// never computed for nothing. It counts the rows.
func (f *plannedFile) checkWorkbook() error {
	r, err := openReader(f.path, f.in)
	if err != nil {
		return err
	}
	defer r.Close()
	w, ok := r.(*workbook)
	if !ok {
		return nil
	}
	if f.rows, err = checkSheet(f.path, w.sheet); err != nil {
		return fmt.Errorf("%s: sheet %q: %w", f.path, w.sheet, err)
	}
	return nil
}

func checkSheet(name, sheet string) (rows int, err error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return 0, err
	}
	defer z.Close()
	part, err := sheetPart(&z.Reader, sheet)
	if err != nil {
		return 0, err
	}
	r, err := part.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	d := xml.NewDecoder(r)
	var cell, kind, text string // of the cell that is open
	formula, value, inValue, whole := false, false, false, false
	last, lastCell := -1, "" // of the shared texts that cells name
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && !whole {
			return rows, errors.New("is cut short; " + saveAgain)
		}
		if errors.Is(err, io.EOF) {
			return rows, checkTexts(&z.Reader, last, lastCell)
		}
		if err != nil {
			return rows, fmt.Errorf("is damaged after row %d (%w); %s", rows, err, saveAgain)
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				rows++
			case "c":
				cell, kind, formula, value = attribute(t, "r"), attribute(t, "t"), false, false
			case "f":
				formula = true
			case "v", "t":
				inValue, text = true, ""
				value = value || kind == "str" // a formula may come to an empty text
			}
		case xml.CharData:
			if kind == "s" && inValue {
				text += string(t)
			}
			value = value || inValue && len(bytes.TrimSpace(t)) > 0
		case xml.EndElement:
			inValue = false
			whole = whole || t.Name.Local == "sheetData"
			if t.Name.Local == "v" && kind == "s" {
				n, err := strconv.Atoi(strings.TrimSpace(text))
				if err != nil || n < 0 {
					return rows, fmt.Errorf("cell %s names the shared text %q; %s", cell, text, saveAgain)
				}
				if n > last {
					last, lastCell = n, cell
				}
			}
			if t.Name.Local == "c" && formula && !value {
				return rows, fmt.Errorf("cell %s holds a formula whose value was never computed; open the workbook in a spreadsheet program and save it", cell)
			}
		}
	}
}

// checkTexts makes sure that the shared text of that number is there; the
// library would take it for nothing.
func checkTexts(z *zip.Reader, last int, cell string) error {
	if last < 0 {
		return nil
	}
	for _, p := range z.File {
		if !strings.EqualFold(p.Name, "xl/sharedStrings.xml") {
			continue
		}
		r, err := p.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		texts := 0
		for d := xml.NewDecoder(r); texts <= last; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return fmt.Errorf("the texts of the workbook are damaged (%w); %s", err, saveAgain)
			}
			if e, ok := token.(xml.EndElement); ok && e.Name.Local == "si" {
				texts++
			}
		}
		if texts > last {
			return nil
		}
	}
	return fmt.Errorf("cell %s names a text that is not in the workbook; %s", cell, saveAgain)
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// sheetPart finds the part of the archive that holds the sheet.
func sheetPart(z *zip.Reader, sheet string) (*zip.File, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			Alt  string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"` // of the strict form
		} `xml:"sheets>sheet"`
	}
	var links relations
	if err := errors.Join(readPart(z, workbookPart, &book), readPart(z, "xl/_rels/workbook.xml.rels", &links)); err != nil {
		return nil, err
	}
	target, found := "", 0
	for _, s := range book.Sheets {
		for _, l := range links.Links {
			if s.Name != sheet || l.ID != s.ID && l.ID != s.Alt {
				continue
			}
			found++
			target = path.Join("xl", l.Target)
			if strings.HasPrefix(l.Target, "/") {
				target = strings.TrimPrefix(l.Target, "/")
			}
		}
	}
	if found > 1 {
		return nil, errors.New("has more than one content; " + saveAgain)
	}
	for _, p := range z.File {
		if found > 0 && strings.EqualFold(p.Name, target) {
			return p, nil
		}
	}
	return nil, errors.New("its content is not in the workbook; " + saveAgain)
}

// relations say where the parts lie that a part speaks of.
type relations struct {
	Links []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// leadsToWorkbook tells whether the archive calls no part its workbook but the
// one that is checked here.
func leadsToWorkbook(z *zip.Reader) bool {
	var root relations
	if err := readPart(z, "_rels/.rels", &root); err != nil {
		return false
	}
	for _, l := range root.Links {
		if strings.HasSuffix(l.Type, "/officeDocument") && strings.TrimPrefix(l.Target, "/") != workbookPart {
			return false
		}
	}
	return true
}

func readPart(z *zip.Reader, name string, into any) error {
	r, err := z.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(r).Decode(into)
}
