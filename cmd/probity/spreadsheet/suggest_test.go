package spreadsheet_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
)

var realCodec = ledger.NewCodec(catalog.New(), "test.example/ledger")

// suggest returns the suggestion for files, which must be the same each time.
func suggest(t *testing.T, paths ...string) string {
	t.Helper()
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := spreadsheet.Suggest(b, realCodec, domain.CN2024(), paths...); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(first.String(), second.String()); diff != "" {
		t.Fatalf("the same file gave two maps:\n%s", diff)
	}
	return first.String()
}

func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

type anyRecorder struct{}

func (anyRecorder) Record(context.Context, domain.Instruction) (ledger.Receipt, error) {
	return ledger.Receipt{}, nil
}

// imports fills the gaps of a suggested map and imports with it; the map must
// be refused before.
func imports(t *testing.T, text string, fill []string, paths ...string) spreadsheet.FileSummary {
	t.Helper()
	if _, err := spreadsheet.Parse("m.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "???, a gap of a suggested map") {
		t.Errorf("with its gaps the map is taken: %v", err)
	}
	m, err := spreadsheet.Parse("m.yaml", []byte(strings.NewReplacer(append(fill, "???", "because")...).Replace(text)))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	p, err := m.Plan(realCodec, domain.CN2024(), paths...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	sum, err := spreadsheet.Run(t.Context(), p, anyRecorder{}, spreadsheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sum.Total()
}

func TestSuggestKnowsHowFilesAreWritten(t *testing.T) {
	const rows = "staff no\tname\tjoined\tend date\n17\tJosé Núñez\t01/02/2016\t31/12/2020\n18\tÅsa Öst\t03/04/2017\t13/12/2021\n"
	latin, err := charmap.Windows1252.NewEncoder().String(rows)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String("Staff of 2020\n\n" + rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, file, content string
		want                []string
	}{
		{"tabs, and letters with accents", "staff.csv", latin, []string{"encoding: windows-1252  # a guess", "delimiter: tab", "map: staff "}},
		{"UTF-16 below a title", "2020 staff!.csv", wide, []string{"encoding: utf-16be\n", "delimiter: tab", "header: 3 ", "map: 2020-staff "}},
		{"UTF-8, quoted, with bars", "x.csv", strings.ReplaceAll(rows, "\t", "|"), []string{`delimiter: "|"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := written(t, tc.file, tc.content)
			text := suggest(t, path)
			for _, want := range append(tc.want, "- command: officer.import", `separatedOn: {column: "end date", date: "DD/MM/YYYY"}`,
				`enrolledOn: {column: "joined", date: "???"}  # day or month first? All values fit both: DD/MM/YYYY or MM/DD/YYYY`) {
				if !strings.Contains(text, want) {
					t.Errorf("there is no %s in\n%s", want, text)
				}
			}
			fill := []string{`occurredAt: {column: "joined", date: "???"}`, `occurredAt: {column: "joined", date: DD/MM/YYYY}`, `enrolledOn: {column: "joined", date: "???"}`, `enrolledOn: {column: "joined", date: DD/MM/YYYY}`}
			if got := imports(t, text, fill, path); got.Recorded != 2 || got.Rejected != 0 {
				t.Errorf("imported %+v of\n%s", got, text)
			}
		})
	}
}

func TestSuggestForAWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for at, v := range map[string]any{"A1": "处分情况统计", "A2": "文号", "B2": "工号", "C2": "姓名", "D2": "处分种类", "E2": "处分日期", "F2": "联系电话",
		"A3": "海纪〔2023〕1号", "B3": "0017", "C3": "张伟", "D3": "警告", "E3": "2023年3月5日", "F3": "138",
		"A4": "海纪〔2023〕2号", "B4": "0018", "C4": "李娜", "D4": "记过", "E4": "2023年12月15日"} {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("说明"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "处分.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	text := suggest(t, path)
	for _, want := range []string{`sheet: "Sheet1"  # one of "Sheet1", "说明"`, "header: 2 ", "zone: Asia/Shanghai ", "- command: sanction.import", `subject: {column: "文号", slug: true}`,
		`from: {column: "处分日期", date: "YYYY年M月D日"}`, `"联系电话": "says how a person is reached`, "- command: officer.import", `name: {column: "姓名"}`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	for _, private := range []string{"张伟", "138", "0017"} {
		if strings.Contains(text, private) {
			t.Errorf("%s is told in\n%s", private, text)
		}
	}
	if got := imports(t, text, nil, path); got.Recorded != 2 {
		t.Errorf("imported %+v of\n%s", got, text)
	}
}

func TestSuggestWhereNothingSuits(t *testing.T) {
	path := written(t, "x.csv", "colour,weight {kg}\nred,1\nblue,2\n")
	text := suggest(t, path)
	for _, want := range []string{`- command: "???"`, `subject: "???"`, "an importer may give unit.import,", `"colour": "???"`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	for name, content := range map[string]string{"empty.csv": "", "twice.csv": "a,a\n1,2\n", "page.xls": "<html><table>"} {
		if err := spreadsheet.Suggest(&bytes.Buffer{}, realCodec, domain.CN2024(), written(t, name, content)); err == nil || !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The files of two cities, which lie beside the project.
func TestSuggestForRealRecords(t *testing.T) {
	for _, tc := range []struct {
		file     string
		fill     []string
		want     []string
		lines    int
		rejected int
	}{
		{"philadelphia/complaints.csv", nil, []string{"- command: complaint.import", `receivedOn: {column: "date_received", date: "YYYY-MM-DD"}`}, 1500, 0},
		{"philadelphia/findings.csv", nil, []string{"- command: misconduct.import_finding", `"Sustained Finding": sustained`, `absent: ["NA"]`, "#VALUE! is a formula that failed"}, 6700, 1},
		{"chicago/officers.csv.gz", nil, []string{"- command: officer.import", `enrolledOn: {column: "appointed_date"`, `birthYear: {column: "birth_year", match:`}, 1500, 0},
		{"chicago/complaints.csv.gz", nil, []string{"- command: complaint.import", `receivedOn: {column: "complaint_date"`, `summary: "???"`}, 1500, 0},
		{"chicago/accused.csv.gz", []string{`"NAF": "???"`, `"NAF": not_sustained`, `"NC": "???"`, `"NC": not_applicable`, `"DIS": "???"`, `"DIS": not_applicable`},
			[]string{"- command: misconduct.import_finding", `"SU": sustained`, `officer: {column: "UID", match: '(\d+)(?:\.0)?'}`}, 1500, 0},
	} {
		t.Run(tc.file, func(t *testing.T) {
			path := beginningOf(t, filepath.Join("..", "..", "..", "..", "shared", "data", filepath.FromSlash(tc.file)), tc.lines)
			text := suggest(t, path)
			for _, want := range tc.want {
				if !strings.Contains(text, want) {
					t.Errorf("there is no %s in\n%s", want, text)
				}
			}
			if got := imports(t, text, tc.fill, path); got.Rows < 1400 || got.Rejected != tc.rejected {
				t.Errorf("imported %+v", got)
			}
		})
	}
}

// beginningOf writes the first lines of a file, unpacked, into another.
func beginningOf(t *testing.T, path string, lines int) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the real records are not at ../shared/data beside the project: %v", err)
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		in = bufio.NewReader(z)
	}
	var out bytes.Buffer
	for range lines {
		line, err := in.ReadBytes('\n')
		out.Write(line)
		if err != nil {
			break
		}
	}
	return written(t, strings.TrimSuffix(filepath.Base(path), ".gz"), out.String())
}

// Headings are other people's text, and must stay text in the map.
func TestSuggestWithHeadingsThatLookLikeYAML(t *testing.T) {
	for _, heading := range []string{`na""me: # {x}`, "two\nlines", "", "a\u0085b\u2028c", "\u0001", "- x", "&a *b !c", "unit-id", "name\ninputs: 7"} {
		path := written(t, "staff.csv", "staff no,单位,姓名,\""+heading+"\"\n1,A b,张伟,x\n2,A c,李娜,y\n3,A c,王芳,y\n")
		text := suggest(t, path)
		if got := imports(t, text, nil, path); got.Recorded != 3 {
			t.Errorf("%q: imported %+v of\n%s", heading, got, text)
		}
	}
}

// Files of one kind become one input, whatever each of them lacks.
func TestSuggestForSeveralFiles(t *testing.T) {
	const head = "complaint id,date received,category,summary\n"
	a := written(t, "2023.csv", head+"1,2023-01-02,x,y\n2,N/A,x,z\n")
	b := written(t, "2024.csv", head+"3,2024/01/02,x,w\n")
	c := written(t, "staff.csv", "staff no,name\n7,Ann\n8,Bob\n")
	text := suggest(t, a, c, b)
	for _, want := range []string{`# A suggested map for "2023.csv", "staff.csv", "2024.csv".`, `- name: 2023  # 2023.csv, 2024.csv: 3 rows of 4 columns`, `file: ["2023.csv", "2024.csv"]`,
		`date: ["YYYY-MM-DD", "YYYY/MM/DD"]`, "- name: staff  # staff.csv: 2 rows"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	if got := imports(t, text, nil, a, b, c); got.Recorded != 4 || got.Rejected != 1 {
		t.Errorf("imported %+v of\n%s", got, text)
	}
}
