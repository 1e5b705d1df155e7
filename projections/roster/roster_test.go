package roster_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/record"
	"github.com/probity-ledger/probity/projections/roster"
)

var update = flag.Bool("update", false, "write the schemas and the columns of docs/hr-feed.md")

// hostile are texts that break a file that is not careful.
var hostile = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "\r\n=1", "a\r\nb\nc", `"quoted", and 'so'`, ",;|", "\u202eevil\u202c", "a\u200bb\ufeffc", "<b>&amp;", " leading and trailing ",
	"张三\U0002B740", strings.Repeat("长", 10_000), "_x0041_", `"version":""`, "", "0012", "true", "2024-01-02",
}

// filled returns a file in which every list has an entry and every field says
// something; texts are the one given.
func filled(t *testing.T, text string) *record.File {
	t.Helper()
	n := 0
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		n++
		switch v.Interface().(type) {
		case time.Time:
			v.Set(reflect.ValueOf(time.Date(2024, 5, 6, 7, 8, 9, n*1000, time.UTC)))
			return
		case domain.Date:
			v.Set(reflect.ValueOf(domain.Date{Year: 2000 + n%25, Month: 2, Day: 1 + n%28}))
			return
		}
		switch v.Kind() {
		case reflect.String:
			v.SetString(text)
		case reflect.Bool:
			v.SetBool(n%2 == 0)
		case reflect.Int, reflect.Int64:
			v.SetInt(int64(n))
		case reflect.Uint64:
			v.SetUint(uint64(n))
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem())
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0))
			fill(v.Index(1))
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		default:
			t.Fatalf("cannot fill a %s", v.Type())
		}
	}
	f := &record.File{}
	fill(reflect.ValueOf(f).Elem())
	f.Officer = "P1"
	return f
}

func rowOf(t *testing.T, f *record.File) roster.Row {
	t.Helper()
	r, err := roster.Of(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAVersionIsOfAllThatIsTold(t *testing.T) {
	a, b := rowOf(t, filled(t, "x")), rowOf(t, filled(t, "x"))
	if a.Version != b.Version || len(a.Version) != 32 {
		t.Errorf("versions %q and %q", a.Version, b.Version)
	}
	for name, change := range map[string]func(*record.File){
		"a name":     func(f *record.File) { f.Identity.Name = "y" },
		"a sanction": func(f *record.File) { f.Sanctions[1].Status = "released" },
		"a reward":   func(f *record.File) { f.Rewards = f.Rewards[:1] },
		"barred":     func(f *record.File) { f.Barred = nil },
	} {
		f := filled(t, "x")
		change(f)
		if rowOf(t, f).Version == a.Version {
			t.Errorf("%s does not change the version", name)
		}
	}
	f := filled(t, "x")
	f.Readings, f.Head, f.Day = nil, record.Head{}, domain.Date{}
	if rowOf(t, f).Version != a.Version {
		t.Error("who read the file changes it")
	}
}

func TestCSVHoldsWhatTheTablesHold(t *testing.T) {
	for _, text := range hostile {
		row := rowOf(t, filled(t, text))
		for _, table := range roster.Tables() {
			var b bytes.Buffer
			c, err := roster.NewCSV(&b, table)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Write(row); err != nil {
				t.Fatal(err)
			}
			if err := c.Flush(); err != nil {
				t.Fatal(err)
			}
			rest, ok := strings.CutPrefix(b.String(), roster.BOM)
			if !ok {
				t.Fatal("no BOM")
			}
			got, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			want := [][]string{{}}
			for _, column := range table.Columns {
				want[0] = append(want[0], column.Name)
			}
			for values := range table.Rows(row) {
				var cells []string
				for _, v := range values {
					cell := roster.Cell(v)
					if _, ok := v.(string); ok && cell != "" && strings.ContainsRune("=+-@＝\t\r\n", []rune(cell)[0]) {
						cell = "'" + cell
					}
					cells = append(cells, strings.ReplaceAll(cell, "\r\n", "\n")) // as the reader of CSV does
				}
				want = append(want, cells)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %.20q: %s", table.Name, text, diff)
			}
		}
	}
}

func TestTablesAreWellFormed(t *testing.T) {
	names := map[string]bool{}
	for _, table := range roster.Tables() {
		if names[table.Name] || table.Meaning == "" || table.Chinese == "" {
			t.Errorf("table %q", table.Name)
		}
		names[table.Name] = true
		columns := map[string]bool{}
		for _, c := range table.Columns {
			if columns[c.Name] || c.Meaning == "" || c.Chinese == "" || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
				t.Errorf("column %q of %s", c.Name, table.Name)
			}
			columns[c.Name] = true
		}
	}
}

const schemaDir = "../../docs/hr-feed"

// The committed schemas are those of the tables, and hold what is written.
func TestSchemas(t *testing.T) {
	if *update {
		if err := os.MkdirAll(schemaDir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range roster.Schemas() {
			if err := os.WriteFile(filepath.Join(schemaDir, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(schemaDir)
	if err != nil || len(entries) != len(roster.Schemas()) {
		t.Fatalf("%d schemas, %v", len(entries), err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiled := map[string]*jsonschema.Schema{}
	for name, want := range roster.Schemas() {
		got, err := os.ReadFile(filepath.Join(schemaDir, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s is not that of the tables (%v): go test ./projections/roster -run Schemas -update", name, err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(got))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("mem:///"+name, doc); err != nil {
			t.Fatal(err)
		}
		if compiled[name], err = compiler.Compile("mem:///" + name); err != nil {
			t.Fatal(err)
		}
	}
	line := compiled["record.schema.json"]
	for _, f := range []*record.File{filled(t, "x"), filled(t, `"version":""`), {Officer: "P1"}} {
		row := rowOf(t, f)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(row.Line()))
		if err != nil {
			t.Fatal(err)
		}
		if err := line.Validate(doc); err != nil {
			t.Errorf("%s: %v", row.Line(), err)
		}
		if got := doc.(map[string]any)["version"]; got != row.Version || row.Version == "" {
			t.Errorf("the line has version %v, the row %s", got, row.Version)
		}
		for _, table := range roster.Tables() {
			rows := []any{doc}
			if table != roster.Officers {
				rows = doc.(map[string]any)[table.Name].([]any)
			} else {
				own := map[string]any{}
				for _, c := range table.Columns {
					own[c.Name] = doc.(map[string]any)[c.Name]
				}
				rows[0] = own
			}
			for _, x := range rows {
				if err := compiled[table.Name+".schema.json"].Validate(x); err != nil {
					t.Errorf("%s: %v", table.Name, err)
				}
			}
		}
	}
	for _, bad := range []string{`{}`, `{"officer":1}`} {
		var doc any
		if err := json.Unmarshal([]byte(bad), &doc); err != nil {
			t.Fatal(err)
		}
		if line.Validate(doc) == nil {
			t.Errorf("%s is let through", bad)
		}
	}
}

// docs/hr-feed.md has every column, as the tables have it.
func TestColumnsAreDocumented(t *testing.T) {
	const path, begin, end = "../../docs/hr-feed.md", "<!-- columns -->\n", "<!-- end of columns -->"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), begin)
	columns, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the page has no place for the columns")
	}
	if columns == roster.Described() {
		return
	}
	if !*update {
		t.Fatal("the columns are not those of the tables: go test ./projections/roster -run Columns -update")
	}
	if err := os.WriteFile(path, []byte(before+begin+roster.Described()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ExampleTables() {
	for _, t := range roster.Tables() {
		i := slices.IndexFunc(t.Columns, func(c roster.Column) bool { return c.Name == "id" || c.Name == "officer" })
		fmt.Println(t.Name, t.Columns[i].Name, len(t.Columns))
	}
	// Output:
	// officers officer 23
	// posts officer 13
	// ranks officer 8
	// appraisals officer 9
	// certificates officer 10
	// courses officer 9
	// rewards officer 10
	// sanctions officer 19
	// restrictions officer 13
	// suspensions officer 10
	// findings officer 15
	// complaints officer 13
}
