package spreadsheet

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheManualShowsTheExample(t *testing.T) {
	manual := readManual(t)
	for _, name := range []string{"officers.csv", "officers.yaml"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(manual, b) {
			t.Errorf("docs/import.md does not show testdata/%s as it is", name)
		}
	}
}

func readManual(t *testing.T) []byte {
	t.Helper()
	manual, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "import.md"))
	if err != nil {
		t.Fatal(err)
	}
	return manual
}

// The tables of docs/import.md have every key that the parser knows, and no
// other. What it knows it says itself, when it is given another.
func TestTheManualTellsOfEveryKey(t *testing.T) {
	input := func(s string) string { return "map: a\ninputs: [{name: x, " + s + "}]\n" }
	levels := map[string]string{
		"The map":        "zzz: 1\n",
		"An input":       input("zzz: 1"),
		"A group":        input("group: {zzz: 1}"),
		"A skip":         input("skip: [{zzz: 1}]"),
		"An instruction": input("rows: [{zzz: 1}]"),
		"A condition":    input("skip: [{when: [{zzz: 1}]}]"),
		"A field":        input("let: {b: {zzz: 1}}"),
		"A lookup":       input("let: {b: {lookup: {zzz: 1}}}"),
	}
	manual := string(readManual(t))
	row := regexp.MustCompile("(?m)^\\| `([a-zA-Z]+)` \\|")
	for title, wrong := range levels {
		_, err := Parse("m.yaml", []byte(wrong))
		if err == nil || !strings.Contains(err.Error(), `no key "zzz"; there are `) {
			t.Fatalf("%s: got %v", title, err)
		}
		_, list, _ := strings.Cut(err.Error(), "there are ")
		_, section, found := strings.Cut(manual, "\n### "+title+"\n")
		if !found {
			t.Errorf("docs/import.md has no section %q", title)
			continue
		}
		section, _, _ = strings.Cut(section, "\n#")
		var told []string
		for _, m := range row.FindAllStringSubmatch(section, -1) {
			told = append(told, m[1])
		}
		slices.Sort(told)
		if diff := cmp.Diff(strings.Split(list, ", "), told); diff != "" {
			t.Errorf("%s (-parser +docs/import.md):\n%s", title, diff)
		}
	}
	// Every mapping with fixed keys is one of the levels.
	calls := 0
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			calls += bytes.Count(raw, []byte("= keyed("))
		}
	}
	if calls != len(levels) {
		t.Errorf("%d kinds of mappings are parsed, and %d are looked for in docs/import.md", calls, len(levels))
	}
}
