package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// What a workbook may be, in bytes: as it lies on disk, unpacked, and unpacked
// without its sheets, which alone are not held in memory when they are large.
const (
	maxWorkbook     = 256 << 20
	maxUnpacked     = 2 << 30
	maxUnpackedRest = 256 << 20
	maxInMemory     = 64 << 20 // of one sheet
	maxParts        = 10_000
)

// workbook reads a sheet of an open workbook. A cell is what Excel stores,
// not what it shows: a number in plain decimal, a date as 2024-03-05, with
// 13:45:00 after it where its format shows a time, a formula its last value.
type workbook struct {
	file  *excelize.File
	sheet string
	rows  *excelize.Rows
	size  int64

	width, line, number int
	count               int // of all rows, when known
}

// openWorkbook opens the named sheet, or the only one that is not hidden.
func openWorkbook(name, sheet string) (*workbook, error) {
	size, err := checkArchive(name)
	if err != nil {
		return nil, err
	}
	file, err := excelize.OpenFile(name, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, fmt.Errorf("cannot be read as a workbook (.xlsx): %w; open it in a spreadsheet program and save it again", err)
	}
	w := &workbook{file: file, size: size}
	if err := w.choose(sheet); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	err = storedForms(file)
	if err == nil {
		w.rows, err = file.Rows(w.sheet)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sheet %q: %w", w.sheet, err), file.Close())
	}
	return w, nil
}

func (w *workbook) choose(sheet string) error {
	all := w.file.GetSheetList()
	for i, s := range all { // the library would read either
		if slices.ContainsFunc(all[:i], func(o string) bool { return strings.EqualFold(o, s) }) {
			return fmt.Errorf("has two sheets of the name %q; %s", s, saveAgain)
		}
	}
	if sheet != "" {
		if !slices.Contains(all, sheet) {
			return fmt.Errorf("has no sheet %q; it has %s", sheet, quoted(all))
		}
		w.sheet = sheet
		return nil
	}
	var shown, hidden []string
	for _, s := range all {
		if visible, err := w.file.GetSheetVisible(s); err == nil && visible {
			shown = append(shown, s)
		} else {
			hidden = append(hidden, s)
		}
	}
	if len(shown) != 1 {
		return &severalSheets{append(shown, hidden...)}
	}
	w.sheet = shown[0]
	return nil
}

// severalSheets says that a sheet must be chosen.
type severalSheets struct{ sheets []string }

func (e *severalSheets) Error() string {
	return fmt.Sprintf("has several sheets, %s; say which with sheet: in the map, or --sheet", quoted(e.sheets))
}

func quoted(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", n))
	}
	return strings.Join(out, ", ")
}

// checkArchive refuses what is no workbook, or one too large, before it is
// unpacked. It returns the size on disk.
func checkArchive(name string) (int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size() > maxWorkbook {
		return 0, fmt.Errorf("is a workbook of %d MiB, and at most %d are read; save the sheet as CSV", info.Size()>>20, maxWorkbook>>20)
	}
	head := make([]byte, len(oleHead))
	if _, err := io.ReadFull(f, head); err == nil && bytes.Equal(head, oleHead) {
		return 0, oldWorkbook(f)
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return 0, fmt.Errorf("begins like a workbook, but is cut short or damaged (%w); fetch it again", err)
	}
	return info.Size(), checkParts(z)
}

var errNoWorkbook = errors.New("is an archive or document, and no workbook (.xlsx) that is understood; open it in a spreadsheet program and save it as .xlsx or CSV")

func checkParts(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return fmt.Errorf("is an archive of %d parts, which no workbook is", len(z.File))
	}
	var all, rest uint64
	found := false
	names := map[string]bool{}
	for _, p := range z.File {
		name := sameName(p.Name)
		if names[name] {
			return fmt.Errorf("holds two parts of the name %s; %s", p.Name, saveAgain)
		}
		names[name] = true
		if p.UncompressedSize64 > maxUnpacked {
			return fmt.Errorf("holds the part %s, of %d MiB unpacked, and at most %d are read; save the sheet as CSV", p.Name, p.UncompressedSize64>>20, maxUnpacked>>20)
		}
		all += p.UncompressedSize64
		if !strings.HasPrefix(strings.ToLower(p.Name), "xl/worksheets/") {
			rest += p.UncompressedSize64
		}
		found = found || p.Name == workbookPart
	}
	switch {
	case !found:
		return errNoWorkbook
	case all > maxUnpacked || rest > maxUnpackedRest:
		return fmt.Errorf("takes %d MiB unpacked, %d of them beside its sheets, and at most %d and %d are read; save the sheet as CSV", all>>20, rest>>20, maxUnpacked>>20, maxUnpackedRest>>20)
	case !leadsToWorkbook(z):
		return errNoWorkbook
	}
	return nil
}

// sameName is equal for the names of parts that a reader may take for one.
// With two of them in a workbook one reader takes the first, another the last.
func sameName(name string) string {
	return strings.ToLower(strings.ToUpper(strings.ReplaceAll(name, `\`, "/")))
}

// encryptedName is how an encrypted workbook calls its content: UTF-16.
var encryptedName = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

func oldWorkbook(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if bytes.Contains(raw, encryptedName) {
		return errors.New("is encrypted with a password; open it in a spreadsheet program, take the password off (File, Info, Protect Workbook) and save a copy")
	}
	return errors.New("is a workbook of the old format (.xls), or another old document of Office; open it in a spreadsheet program and save it as .xlsx or CSV")
}

// longNumber is how a number comes out that has more digits than a workbook
// keeps.
var longNumber = regexp.MustCompile(`^-?\d(\.\d+)?E\+\d+$`)

func (w *workbook) next() (record, error) {
	for w.rows.Next() {
		w.line++
		fields, err := w.rows.Columns()
		if err != nil {
			return record{line: w.line}, fmt.Errorf("sheet %q: %w", w.sheet, err)
		}
		for len(fields) > 0 && fields[len(fields)-1] == "" {
			fields = fields[:len(fields)-1]
		}
		if len(fields) > 0 {
			w.number++
			return w.record(fields), nil
		}
	}
	if err := w.rows.Error(); err != nil {
		return record{line: w.line}, fmt.Errorf("sheet %q: %w", w.sheet, err)
	}
	return record{line: w.line}, io.EOF
}

func (w *workbook) record(fields []string) record {
	rec := record{line: w.line, number: w.number}
	size := 0
	for i, f := range fields {
		if strings.Contains(f, "\r") {
			fields[i] = strings.ReplaceAll(f, "\r\n", "\n")
		}
		size += len(f)
		if longNumber.MatchString(f) {
			rec.problem = fmt.Sprintf("holds in column %d the number %s: of a number this long the workbook has lost the last digits; format that column as text where the file is made", i+1, f)
		}
	}
	switch {
	case size > maxRecord:
		rec.problem = "is longer than a record may be"
	case w.width > 0 && len(fields) > w.width:
		rec.problem = fmt.Sprintf("has a value in column %d where the header has %s", len(fields), plural(w.width, "column"))
	case rec.problem == "":
		for len(fields) < w.width {
			fields = append(fields, "")
		}
		rec.problem = unsound(fields, 0, false)
	}
	if rec.problem != "" {
		var b bytes.Buffer
		c := csv.NewWriter(&b)
		_ = c.Write(fields) // a buffer takes it
		c.Flush()
		rec.raw = rawText(b.Bytes())
		return rec
	}
	rec.fields = fields
	return rec
}

func (w *workbook) begin(width int) { w.number, w.width = 0, width }

func (w *workbook) done() int64 {
	if w.count == 0 {
		return 0
	}
	return int64(float64(w.size) * min(1, float64(w.number)/float64(w.count)))
}

func (w *workbook) Close() error { return errors.Join(w.rows.Close(), w.file.Close()) }
