package settings

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the tables of docs/settings.md")

const (
	page  = "../../../docs/settings.md"
	start = "<!-- The tables are written by go test ./cmd/probity/settings -update. -->\n"
)

// The tables on the page are the list.
func TestThePageHasTheList(t *testing.T) {
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, tables, ok := strings.Cut(string(raw), start)
	if !ok {
		t.Fatalf("%s does not say where the tables begin", page)
	}
	want := "\n" + Tables()
	if tables == want {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the list says: go test ./cmd/probity/settings -update", page)
	}
	if err := os.WriteFile(page, []byte(before+start+want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The example has every setting of the server, and is one that is taken.
func TestTheExampleHasEverySetting(t *testing.T) {
	const example = "../../../docs/settings.example.yaml"
	v := Read(Sources{Verb: Serve, File: example})
	if err := v.Err(); err != nil {
		t.Error(err)
	}
	// The names that are said, as they stand on the list.
	said := map[string]bool{}
	for name := range v.places {
		said[v.onList(name)] = true
	}
	for _, s := range All() {
		if s.Name == "store-credentials" { // in the place of what the example has
			continue
		}
		if s.Holds(Serve) && s.InFile() && !said[s.Name] {
			t.Errorf("%s has no %s", example, s.Name)
		}
	}
}

// onList is the name on the list for a name that was said.
func (v *Values) onList(name string) string {
	at, out := tree(Serve), ""
	for rest := name; rest != ""; {
		if strings.HasPrefix(rest, "[") {
			_, after, _ := strings.Cut(rest, "]")
			if at.entry == nil {
				return out // of a list of plain values
			}
			at, out, rest = at.entry, out+"[]", strings.TrimPrefix(after, ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		step := rest[:end]
		rest = strings.TrimPrefix(rest[end:], ".")
		if at.any != nil {
			step, at = "*", at.any
		} else {
			at = at.below[step]
		}
		out = within(out, step)
	}
	return out
}
