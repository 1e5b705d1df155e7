package spreadsheet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/roster"
)

func TestPlan(t *testing.T) {
	const twoInputs = `
map: test
inputs:
  - name: people
    file: "people*.csv"
    ignore: {age: private}
    rows: [{command: person.import, subject: "{id}", fields: {name: {column: name}}}]
  - name: things
    rows: [{command: person.import_thing, subject: "{id}", fields: {text: {lookup: {in: people, key: id, take: name}}}}]
`
	for _, tc := range []struct {
		name  string
		files map[string]string
		want  string // the error
	}{
		{"files are known by name or by their columns", map[string]string{"PEOPLE-2020.CSV": "id,name,age\n", "x.csv": "id\n"}, ""},
		{"a column the map does not know", map[string]string{"people.csv": "id,name,age,sex,\n"},
			`people.csv: as input "people" of the map, the file has columns "sex", "#5", which the map neither uses nor ignores`},
		{"a column that is missing", map[string]string{"people.csv": "id\n"},
			`people.csv: as input "people" of the map, the file lacks columns "name", "age"`},
		{"missing and unknown", map[string]string{"people.csv": "id,name,Age\n"},
			`the file lacks column "age"; and it has column "Age", which the map neither uses nor ignores`},
		{"a file that fits nothing", map[string]string{"x.csv": "a,b\n"},
			`x.csv: no input of the map "test" fits, neither by file name nor by columns; its inputs are people (people*.csv), things`},
		{"a file that look-ups need", map[string]string{"x.csv": "id\n"},
			`x.csv: the map looks values up in its input "people"; give that file too (people*.csv)`},
		{"an empty file", map[string]string{"people.csv": ""}, `people.csv: is empty; the first line must name the columns`},
		{"a column twice", map[string]string{"people.csv": "id,name,id,age\n"}, `people.csv: line 1: two columns are called "id"`},
		{"a malformed header", map[string]string{"people.csv": "id,\"name\n"}, `people.csv: line 1: the header has a quote that is never closed`},
		{"a workbook", map[string]string{"people.csv": "PK\x03\x04rest"}, `people.csv: begins like a workbook, but is cut short or damaged`},
		{"UTF-16 unannounced", map[string]string{"people.csv": "\xff\xfei\x00d\x00"}, `people.csv: is UTF-16; say so in the map`},
		{"broken gzip", map[string]string{"people.csv.gz": "\x1f\x8b rest of a file"}, `unpack: gzip: invalid header`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tr := trial{m: twoInputs, files: tc.files}
			_, err := tr.plan(t)
			if tc.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}

	t.Run("a file that is not there", func(t *testing.T) {
		m, err := Parse("m.yaml", []byte(twoInputs))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Plan(testCodec(), domain.CN2024(), "nowhere.csv"); err == nil || !strings.Contains(err.Error(), "nowhere.csv") {
			t.Errorf("got %v", err)
		}
		if _, err := m.Plan(testCodec(), domain.CN2024()); err == nil {
			t.Error("a plan of no files was made")
		}
		if _, err := m.Plan(testCodec(), domain.CN2024(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("inputs that cannot be told apart", func(t *testing.T) {
		tr := trial{files: map[string]string{"x.csv": "id\n"}, m: `
map: test
inputs:
  - {name: a, rows: [{command: person.import, subject: "{id}"}]}
  - {name: b, rows: [{command: person.import_thing, subject: "{id}"}]}
`}
		if _, err := tr.plan(t); err == nil || !strings.Contains(err.Error(), `the inputs "a" and "b" of the map both fit`) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRejectsAreHarmless(t *testing.T) {
	for _, tc := range []struct{ cell, want string }{
		{"", ""}, {"plain", "plain"}, {"a=b", "a=b"},
		{"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"},
		{"\tx", "'\tx"}, {"\rx", "'\rx"}, {"\nx", "'\nx"}, {"＝1", "'＝1"}, {"＠x", "'＠x"},
	} {
		if got := roster.Harmless(tc.cell); got != tc.want {
			t.Errorf("%q became %q, not %q", tc.cell, got, tc.want)
		}
	}
}

func TestRejectsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rejects.csv")
	entries := func() []string {
		t.Helper()
		list, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range list {
			names = append(names, e.Name())
		}
		return names
	}
	commit := func(text string) bool {
		t.Helper()
		r, err := CreateRejects(path)
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			if _, err := r.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		some, err := r.Commit()
		if err != nil {
			t.Fatal(err)
		}
		return some
	}
	if !commit(rejectsHead+"first\n") || !commit(rejectsHead+"second\n") {
		t.Error("a file with rejects says it has none")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != rejectsHead+"second\n" {
		t.Errorf("%q %v", b, err)
	}
	if diff := cmp.Diff([]string{"rejects.csv"}, entries()); diff != "" {
		t.Error(diff)
	}
	if commit("") {
		t.Error("a file without rejects says it has some")
	}
	if got := entries(); got != nil {
		t.Errorf("left behind: %q", got)
	}
	if err := os.WriteFile(path, []byte("complaint_id,officer_id\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateRejects(path); err == nil || !strings.Contains(err.Error(), "is no rejects file") {
		t.Errorf("a file of another kind would have been overwritten: %v", err)
	}
	if _, err := CreateRejects(filepath.Join(path, "no", "folder")); err == nil {
		t.Error("a rejects file was made in a folder that is not there")
	}
}
