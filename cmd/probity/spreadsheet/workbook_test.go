package spreadsheet

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/probity-ledger/probity/domain"
)

// aWorkbook writes a workbook of one sheet whose cells are as given, "A1".
func aWorkbook(t *testing.T, cells map[string]any, more ...func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, at := range slices.Sorted(maps.Keys(cells)) {
		if err := f.SetCellValue("Sheet1", at, cells[at]); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range more {
		m(f)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// form gives cells a number format.
func form(t *testing.T, code string, cells ...string) func(*excelize.File) {
	return func(f *excelize.File) {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		for _, c := range cells {
			if err == nil {
				err = f.SetCellStyle("Sheet1", c, c, style)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func formula(t *testing.T, cell, what string) func(*excelize.File) {
	return func(f *excelize.File) {
		if err := f.SetCellFormula("Sheet1", cell, what); err != nil {
			t.Fatal(err)
		}
	}
}

// sheetInput is a map of one input of workbooks, with these lines above its
// rows.
func sheetInput(lines string) string {
	return strings.Replace(oneInput(lines+`rows:
  - command: person.import_thing
    subject: "p{id}"
    fields: {text: {column: v}}
`), "*.csv", "*.xlsx", 1)
}

// A cell is what Excel stores, however it shows it.
func TestCellsOfAWorkbook(t *testing.T) {
	moment := time.Date(2024, 3, 5, 13, 45, 30, 0, time.UTC)
	for _, tc := range []struct {
		name string
		v    any
		code string
		want string
	}{
		{"a text", "  海关 ", "", "海关"},
		{"a text of digits keeps its zeros", "0017", "", "0017"},
		{"a text like a formula", "=1+1", "", "=1+1"},
		{"a whole number", 17, "", "17"},
		{"a number of fifteen digits", 123456789012345, "", "123456789012345"},
		{"a fraction", 0.1 + 0.2, "", "0.3"},
		{"a number shown rounded", 12.345, "0", "12.345"},
		{"a number shown as a percentage", 0.125, "0%", "0.125"},
		{"a number shown with commas, in red", 1234567.5, `#,##0.00_);[Red](#,##0.00)`, "1234567.5"},
		{"a number shown with a unit", 12, `0"days"`, "12"},
		{"a boolean", true, "", "TRUE"},
		{"a day in the American form", moment.Truncate(24 * time.Hour), "m/d/yyyy", "2024-03-05"},
		{"a day in Chinese", moment.Truncate(24 * time.Hour), `yyyy"年"m"月"d"日";@`, "2024-03-05"},
		{"a day with a language", moment.Truncate(24 * time.Hour), `[$-804]d mmmm yyyy`, "2024-03-05"},
		{"a day and a time", moment, "yyyy/m/d h:mm AM/PM", "2024-03-05 13:45:30"},
		{"a day shown without its time", moment, "dd.mm.yy", "2024-03-05"},
		{"a time of day", 0.5625, "h:mm", "13:30:00"},
		{"a length of time is a number", 1.5, "[h]:mm", "1.5"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var more []func(*excelize.File)
			if tc.code != "" {
				more = append(more, form(t, tc.code, "B2"))
			}
			book := aWorkbook(t, map[string]any{"A1": "id", "B1": "v", "A2": 1, "B2": tc.v}, more...)
			tr := trial{m: sheetInput(""), files: map[string]string{"a.xlsx": string(book)}}
			said, rejects, _ := tr.run(t)
			if diff := cmp.Diff([]string{`person.import_thing p1 {"text":"` + tc.want + `"}`}, said); diff != "" {
				t.Errorf("recorded (-want +got):\n%s%q", diff, rejects)
			}
		})
	}
}

func TestRowsOfAWorkbook(t *testing.T) {
	cells := map[string]any{
		"A1": "人员登记表", "A3": "id", "B3": "v", "D3": "note",
		"A4": 1, "B4": "one", "D4": "x",
		"A6": 2, "B6": "two\r\nlines",
		"A7": 123456789012345678, "B7": "long",
		"A8": 3, "B8": "=cmd", "F8": "beyond",
		"A9": 4, "B9": 1,
		"A10": "id", "B10": "v", "D10": "note",
		"A11": "合计", "B11": 4,
	}
	book := aWorkbook(t, cells, func(f *excelize.File) {
		for name, hidden := range map[string]bool{"old": true, "other": false} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			if err := f.SetSheetVisible(name, !hidden); err != nil {
				t.Fatal(err)
			}
		}
	})
	m := sheetInput(`sheet: Sheet1
header: 3
ignore: {"#3": "has no name and no content", note: "of no use"}
skip:
  - {when: [{column: id, is: id}], reason: "the header again"}
  - {when: [{column: id, is: 合计}], reason: "a sum"}
`)
	tr := trial{m: m, files: map[string]string{"a.xlsx": string(book)}, options: Options{Workers: 1}}
	var last Progress
	tr.options.Progress = func(p Progress) { last = p }
	said, rejects, sum := tr.run(t)
	if diff := cmp.Diff([]string{`person.import_thing p1 {"text":"one"}`, `person.import_thing p2 {"text":"two\nlines"}`, `person.import_thing p4 {"text":"1"}`}, said); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"7/3 : the row holds in column 1 the number 1.23456789012346E+17: of a number this long the workbook has lost the last digits; format that column as text where the file is made []",
		"8/4 : the row has a value in column 6 where the header has 4 columns []",
	}, rejects); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if total := sum.Total(); total.Rows != 7 || total.Skipped != 2 {
		t.Errorf("counted %+v", total)
	}
	if last.Rows != 7 || last.Bytes <= last.Total/2 || last.Bytes > last.Total {
		t.Errorf("progress ended at %+v", last)
	}
	t.Run("the same rows as CSV are the same rows", func(t *testing.T) {
		csv := "人员登记表\n\nid,v,,note\n1,one,,x\n2,\"two\r\nlines\",,\n4,1,,\n"
		again := trial{m: strings.Replace(m, "*.xlsx", "*.csv", 1), files: map[string]string{"a.csv": csv}, rec: tr.rec}
		if _, _, sum := again.run(t); sum.Total().Repeated != 3 {
			t.Errorf("counted %+v", sum.Total())
		}
	})
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	plain := aWorkbook(t, map[string]any{"A1": "id", "B1": "v", "A2": 1, "B2": "x"})
	several := func(f *excelize.File) {
		if _, err := f.NewSheet("more"); err != nil {
			t.Fatal(err)
		}
	}
	var sealed bytes.Buffer
	f := excelize.NewFile()
	if err := f.Write(&sealed, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, tc := range []struct {
		name, extra, want string
		content           []byte
	}{
		{"encrypted", "", "a.xlsx: is encrypted with a password; open it in a spreadsheet program, take the password off", sealed.Bytes()},
		{"of the old format", "", "a.xlsx: is a workbook of the old format (.xls)", append(bytes.Clone(oleHead), make([]byte, 2000)...)},
		{"cut short", "", "a.xlsx: begins like a workbook, but is cut short or damaged", plain[:len(plain)/2]},
		{"another archive", "", "a.xlsx: is an archive or document, and no workbook (.xlsx)", archive(t, "content.xml", "<x/>")},
		{"a web page by that name", "", "a.xlsx: is a web page or XML whatever its name says", []byte("<html><table><tr><td>id</td></tr></table></html>")},
		{"several sheets and none named", "", `a.xlsx: has several sheets, "Sheet1", "more"; say which`, aWorkbook(t, map[string]any{"A1": "id"}, several)},
		{"a sheet that is not there", "sheet: none\n", `a.xlsx: has no sheet "none"; it has "Sheet1"`, plain},
		{"a header that is not there", "header: 9\n", "a.xlsx: ends before line 9, where the map says that the header is", plain},
		{"a formula that was never computed", "", `a.xlsx: sheet "Sheet1": cell B2 holds a formula whose value was never computed`, aWorkbook(t, map[string]any{"A1": "id", "B1": "v", "A2": 1}, formula(t, "B2", "A2+1"))},
		{"a formula with an empty value", "", `a.xlsx: sheet "Sheet1": cell B2 holds a formula whose value was never computed`, changed(t, plain, sheet1, cellB2(`<c r="B2"><f>A2+1</f><v></v></c>`))},
		{"a formula with a blank value", "", `a.xlsx: sheet "Sheet1": cell B2 holds a formula whose value was never computed`, changed(t, plain, sheet1, cellB2(`<c r="B2"><f>A2+1</f><v> </v></c>`))},
		{"a formula with an empty text in place", "", `a.xlsx: sheet "Sheet1": cell B2 holds a formula whose value was never computed`, changed(t, plain, sheet1, cellB2(`<c r="B2" t="inlineStr"><f>A2+1</f><is><t/></is></c>`))},
		{"a sheet cut short within", "", `a.xlsx: sheet "Sheet1": is damaged after row 2 (`, changed(t, plain, sheet1, func(s string) string { return s[:strings.LastIndex(s, "<c")+8] })},
		{"a sheet that ends early", "", `a.xlsx: sheet "Sheet1": is damaged after row 1 (`, changed(t, plain, sheet1, func(s string) string { return s[:strings.LastIndex(s, "<row")] })},
		{"a text that is not there", "", `a.xlsx: sheet "Sheet1": cell B2 names a text that is not in the workbook`, changed(t, plain, sheet1, func(s string) string { return strings.Replace(s, "<v>2</v>", "<v>7</v>", 1) })},
		{"two parts of one name", "", "a.xlsx: holds two parts of the name xl/worksheets/sheet1.xml;", withPart(t, plain, sheet1)},
		{"two parts whose names differ in case", "", "a.xlsx: holds two parts of the name XL/Worksheets/Sheet1.xml;", withPart(t, plain, "XL/Worksheets/Sheet1.xml")},
		{"two parts whose names differ in their slashes", "", `a.xlsx: holds two parts of the name xl\worksheets\sheet1.xml;`, withPart(t, plain, `xl\worksheets\sheet1.xml`)},
		{"two sheets of one name", "sheet: Sheet1\n", `a.xlsx: has two sheets of the name "SHEET1"`, changed(t, aWorkbook(t, map[string]any{"A1": "id", "B1": "v"}, several), workbookPart, func(s string) string { return strings.Replace(s, `name="more"`, `name="SHEET1"`, 1) })},
		{"a sheet with two contents", "", `a.xlsx: sheet "Sheet1": has more than one content`, changed(t, plain, "xl/_rels/workbook.xml.rels", func(s string) string {
			at := strings.Index(s, "<Relationship ")
			return s[:at] + `<Relationship Id="rId1" Target="worksheets/sheet9.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>` + s[at:]
		})},
		{"a workbook in another part", "", "a.xlsx: is an archive or document, and no workbook (.xlsx) that is understood", changed(t, plain, "_rels/.rels", func(s string) string { return strings.Replace(s, workbookPart, "xl/other.xml", 1) })},
		{"more than fits", "", "a.xlsx: takes 300 MiB unpacked, 300 of them beside its sheets, and at most 2048 and 256 are read", bomb(t, 300)},
		{"a part larger than a workbook may be", "", "of 3072 MiB unpacked, and at most 2048 are read", forged(t, plain, 3<<30)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tr := trial{m: sheetInput(tc.extra), files: map[string]string{"a.xlsx": string(tc.content)}}
			_, err := tr.plan(t)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
	t.Run("and nothing of it stays in the temporary folder", func(t *testing.T) {
		t.Setenv("TMPDIR", t.TempDir())
		tr := trial{m: sheetInput(""), files: map[string]string{"a.xlsx": string(plain)}}
		if said, _, _ := tr.run(t); len(said) != 1 {
			t.Errorf("recorded %q", said)
		}
		if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "excelize-*")); len(left) > 0 {
			t.Errorf("left %q", left)
		}
	})
}

// A formula may well come to nothing: its cell says that it is a text.
func TestFormulasThatWereComputed(t *testing.T) {
	plain := aWorkbook(t, map[string]any{"A1": "id", "B1": "v", "A2": 1, "B2": "x"})
	for cell, want := range map[string]string{
		`<c r="B2" t="str"><f>""</f><v></v></c>`:                         `{}`,
		`<c r="B2" t="str"><f>""</f><v/></c>`:                            `{}`,
		`<c r="B2" t="str"><f>"a"</f><v>a</v></c>`:                       `{"text":"a"}`,
		`<c r="B2"><f>A2-1</f><v>0</v></c>`:                              `{"text":"0"}`,
		`<c r="B2" t="inlineStr"><f>"a"</f><is><r><t>a</t></r></is></c>`: `{"text":"a"}`,
		`<c r="B2"><v></v></c>`:                                          `{}`,
	} {
		tr := trial{m: sheetInput(""), files: map[string]string{"a.xlsx": string(changed(t, plain, sheet1, cellB2(cell)))}}
		said, rejects, _ := tr.run(t)
		if diff := cmp.Diff([]string{"person.import_thing p1 " + want}, said); diff != "" {
			t.Errorf("%s: recorded (-want +got):\n%s%q", cell, diff, rejects)
		}
	}
}

func TestUseSheet(t *testing.T) {
	book := aWorkbook(t, map[string]any{"A1": "nothing"}, func(f *excelize.File) {
		if _, err := f.NewSheet("人员"); err != nil {
			t.Fatal(err)
		}
		for at, v := range map[string]any{"A1": "id", "B1": "v", "A2": 1, "B2": "x"} {
			if err := f.SetCellValue("人员", at, v); err != nil {
				t.Fatal(err)
			}
		}
	})
	name := filepath.Join(t.TempDir(), "a.xlsx")
	if err := os.WriteFile(name, book, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Parse("m.yaml", []byte(sheetInput("")))
	if err != nil {
		t.Fatal(err)
	}
	m.UseSheet("人员")
	if _, err := m.Plan(testCodec(), domain.CN2024(), name); err != nil {
		t.Error(err)
	}
}
