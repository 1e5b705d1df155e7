package console

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
)

// inputs are the input types and enums of the schema: members by name, each
// with its type.
type inputs struct {
	members map[string]map[string]string
	enums   map[string][]string
	text    string
}

func readSchema(t *testing.T) *inputs {
	t.Helper()
	raw, err := os.ReadFile("../graphql/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)""".*?"""`).ReplaceAllString(string(raw), "")
	out := &inputs{map[string]map[string]string{}, map[string][]string{}, text}
	member := regexp.MustCompile(`(?m)^  (\w+): ([\[\]!\w]+)$`)
	for _, found := range regexp.MustCompile(`(?s)\ninput (\w+) \{(.*?)\n\}`).FindAllStringSubmatch(text, -1) {
		out.members[found[1]] = map[string]string{}
		for _, m := range member.FindAllStringSubmatch(found[2], -1) {
			out.members[found[1]][m[1]] = m[2]
		}
	}
	for _, found := range regexp.MustCompile(`(?s)\nenum (\w+) \{(.*?)\n\}`).FindAllStringSubmatch(text, -1) {
		for _, v := range regexp.MustCompile(`(?m)^  ([A-Z][A-Z_0-9]*)$`).FindAllStringSubmatch(found[2], -1) {
			out.enums[found[1]] = append(out.enums[found[1]], v[1])
		}
	}
	return out
}

// Each form has the members of its input type, all of them and no other, of
// their types; what is required there is required here.
func TestFormsAreThoseOfTheSchema(t *testing.T) {
	schema := readSchema(t)
	seen := map[string]bool{}
	for _, m := range matters {
		if _, ok := schema.enums[m.states]; !ok {
			t.Errorf("%s: there is no enum %s", m.name, m.states)
		}
		for _, f := range m.forms {
			if seen[f.command] || !strings.HasPrefix(f.command, m.name+".") {
				t.Errorf("%s stands twice, or in the wrong room", f.command)
			}
			seen[f.command] = true
			name := pascal(f.command)
			mutation := strings.ToLower(name[:1]) + name[1:]
			if !strings.Contains(schema.text, "\n  "+mutation+"(") {
				t.Errorf("%s: there is no mutation %s", f.command, mutation)
			}
			if _, has := schema.members[name+"Input"]; has != (len(f.fields) > 0) {
				t.Errorf("%s: the schema has an input: %v", f.command, has)
			}
			schema.holds(t, f.command, f.fields, name+"Input")
			for _, status := range f.when {
				if !slices.Contains(schema.enums[m.states], status) {
					t.Errorf("%s: %s is no status", f.command, status)
				}
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("%d forms", len(seen))
	}
}

func (s *inputs) holds(t *testing.T, where string, fields []field, input string) {
	t.Helper()
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
		typ := s.members[input][f.name]
		if typ == "" {
			t.Errorf("%s: %s has no %s", where, input, f.name)
			continue
		}
		if f.required != strings.HasSuffix(typ, "!") {
			t.Errorf("%s: %s is of the type %s, required: %v", where, f.name, typ, f.required)
		}
		bare := strings.Trim(typ, "[]!")
		listed := strings.HasPrefix(typ, "[")
		ok := false
		switch f.kind {
		case inLine, long, word:
			ok = bare == "String" && !listed
		case pick:
			ok = (bare == "ID" || bare == "String") && !listed
		case several:
			ok = bare == "ID" && listed
		case day:
			ok = bare == "Date"
		case whole:
			ok = bare == "Int" || bare == "Long"
		case yesNo:
			ok = bare == "Boolean"
		case choose:
			ok = bare == f.of && len(f.values) > 0
			for _, v := range f.values {
				ok = ok && slices.Contains(s.enums[bare], v)
			}
		case group, rows, evidence:
			ok = listed == (f.kind != group) && s.members[bare] != nil
			s.holds(t, where+"."+f.name, f.fields, bare)
		}
		if !ok {
			t.Errorf("%s: %s is a %s here and a %s in the schema", where, f.name, f.kind, typ)
		}
	}
	for name := range s.members[input] {
		if !slices.Contains(names, name) {
			t.Errorf("%s: %s is missing", where, name)
		}
	}
}

// Every command of these rooms that people give has a form, but for those that
// are left to the command line.
func TestCommandsHaveForms(t *testing.T) {
	without := []string{"complaint.unseal_reporter", "complaint.erase_reporter",
		"complaint.reply"} // of who has a receipt code, and signs in nowhere
	shows := map[string]bool{}
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			shows[string(e.Kind)] = true
		}
		if findMatter(room.Name) == nil {
			continue
		}
		for _, c := range room.Commands {
			people := slices.ContainsFunc(c.By, func(r domain.Role) bool { return r != domain.RoleSystem && r != domain.RoleImporter })
			f, _ := findForm(string(c.Name))
			if want := people && !slices.Contains(without, string(c.Name)); (f != nil) != want {
				t.Errorf("%s has a form: %v, want %v", c.Name, f != nil, want)
			}
		}
	}
	for _, m := range matters {
		for _, f := range m.forms {
			for _, kind := range f.shows {
				if !shows[kind] {
					t.Errorf("%s shows %s, which is no event", f.command, kind)
				}
			}
		}
	}
}

// Every command, field and value of a form has a word in both languages.
func TestFormsHaveWords(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages {
		said := func(keys ...string) bool {
			return slices.ContainsFunc(keys, func(key string) bool { return w.by[lang][key] != "" })
		}
		var walk func(command, prefix string, fields []field)
		walk = func(command, prefix string, fields []field) {
			for _, f := range fields {
				name := prefix + f.name
				if !said("f."+command+"."+name, "f."+f.name) {
					t.Errorf("%s: there is no label for %s of %s", lang, name, command)
				}
				for _, v := range f.values {
					if !said("v."+f.of+"."+v, "v."+v) {
						t.Errorf("%s: there is no word for %s of %s", lang, v, f.of)
					}
				}
				walk(command, name+".", f.fields)
			}
		}
		for _, m := range matters {
			for _, f := range m.forms {
				if !said("do." + f.command) {
					t.Errorf("%s: there is no word for %s", lang, f.command)
				}
				walk(f.command, "", f.fields)
			}
		}
		for code := range refusalCodes {
			if !said("code." + code) {
				t.Errorf("%s: there is no word for %s", lang, code)
			}
		}
	}
	// No word is for a field that is not there.
	for key := range w.by["en"] {
		for _, mark := range []string{"f.", "h."} {
			command, rest, ok := "", "", false
			for _, m := range matters {
				for _, f := range m.forms {
					if name, is := strings.CutPrefix(key, mark+f.command+"."); is {
						command, rest, ok = f.command, name, true
					}
				}
			}
			if f, _ := findForm(command); ok && !f.has(rest) {
				t.Errorf("%s is about no field", key)
			}
		}
	}
}
