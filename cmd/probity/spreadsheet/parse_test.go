package spreadsheet

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestMapErrors(t *testing.T) {
	const head = "map: test\ninputs:\n"
	for _, tc := range []struct {
		name, text, want string
	}{
		{"nothing", "", "m.yaml: a map is exactly one YAML document"},
		{"no mapping", "- a\n", "m.yaml:1:1: the map must be a mapping (key: value)"},
		{"two documents", "map: a\n---\nmap: b\n", "m.yaml: a map is exactly one YAML document"},
		{"broken YAML", "map: a\ninputs: [\n", "m.yaml:2:9: sequence end token ']' not found"},
		{"not UTF-8", "map: \xff\n", "m.yaml: is not UTF-8"},
		{"an unknown key", "map: a\nmapp: b\n", `m.yaml:2:1: the map has no key "mapp"; there are about, actor, inputs, map, zone`},
		{"a repeated key", "map: a\nmap: b\n", "m.yaml:2:1: "},
		{"no id", "about: x\n", `m.yaml:1:1: "map" is missing`},
		{"a bad id", "map: A b\n", `m.yaml:1:6: map: "A b" must be up to 40 of`},
		{"no inputs", "map: a\n", `m.yaml:1:1: "inputs" is missing`},
		{"an anchor", "map: &x a\n", "m.yaml:1:6: anchors, aliases and tags are not used in maps"},
		{"a tag", "map: !!str a\n", "m.yaml:1:6: anchors, aliases and tags are not used in maps"},
		{"a merge key", "map: a\n<<: {about: b}\n", "m.yaml:2:1: merge keys are not used in maps"},
		{"an unknown zone", "map: a\nzone: Nowhere\ninputs: [{name: x}]\n", `m.yaml:2:7: zone: "Nowhere" is no zone of the IANA database`},
		{"an unknown key in an input", head + "  - name: x\n    colums: [a]\n", `m.yaml:4:5: an input has no key "colums"`},
		{"an input without name", head + "  - rows: [{command: a.b, subject: s}]\n", `m.yaml:3:5: an input needs a "name"`},
		{"an unknown encoding", head + "  - name: x\n    encoding: ebcdic\n", `m.yaml:4:15: encoding: "ebcdic" is not known`},
		{"a delimiter of two characters", head + "  - name: x\n    delimiter: \"||\"\n", `m.yaml:4:16: delimiter must be one character, or "tab"`},
		{"a bad file pattern", head + "  - name: x\n    file: \"[\"\n", `m.yaml:4:11: file: "[" is not a pattern of file names`},
		{"a column withheld without reason", head + "  - name: x\n    withhold: {a: \"\"}\n", `m.yaml:4:16: column "a" is withheld without a reason`},
		{"a column ignored without reason", head + "  - name: x\n    ignore: {a: \"\"}\n", `m.yaml:4:14: column "a" is ignored without a reason`},
		{"an instruction without command", head + "  - name: x\n    rows:\n      - subject: \"{a}\"\n", `m.yaml:5:9: an instruction needs a "command"`},
		{"an instruction without subject", head + "  - name: x\n    rows:\n      - command: a.b\n", `m.yaml:5:9: an instruction needs a "subject"`},
		{"no rows", head + "  - name: x\n", `m.yaml:3:5: input "x" has no "rows", and no lookup reads it`},
		{"two sources", rule(`text: {column: a, value: b}`), `m.yaml:7:24: a field needs exactly one of column, value`},
		{"no source", rule(`text: {fold: upper}`), `m.yaml:7:24: a field needs exactly one of column, value`},
		{"an unknown key in a field", rule(`text: {colum: a}`), `m.yaml:7:25: a field has no key "colum"`},
		{"else without values", rule(`text: {column: a, else: keep}`), `"else" goes with "values"`},
		{"a bad word for else", rule(`text: {column: a, values: {b: c}, else: drop}`), `else must be one of reject, keep, absent`},
		{"a bad pattern", rule(`text: {column: a, match: "("}`), "match: error parsing regexp"},
		{"a pattern of two groups", rule(`text: {column: a, match: "(a)(b)"}`), "match: has more than one group"},
		{"a bad date form", rule(`on: {column: a, date: yyyy-mm-dd}`), `date form "yyyy-mm-dd": 'y' is none of`},
		{"a date form without day", rule(`on: {column: a, date: YYYY-MM}`), `does not hold year, month and day`},
		{"a date form with a time", rule(`on: {column: a, date: "YYYY-MM-DD hh:mm"}`), `holds a time of day; use time instead of date`},
		{"a time without hours", rule(`at: {column: a, time: YYYY-MM-DD}`), `does not hold hours (hh) and minutes (mm)`},
		{"a bad clock", rule(`at: {column: a, date: YYYY-MM-DD, at: "25:00"}`), `at: "25:00" is not a time of day`},
		{"a zone without date", rule(`text: {column: a, zone: UTC}`), `"at" and "zone" go with a date`},
		{"an open brace", rule(`text: "a{b"`), "template: a brace is not closed"},
		{"an empty brace", rule(`text: "a{}b"`), "template: {} is not a column"},
		{"steps on a list", rule(`tags: {list: [{column: a}], fold: upper}`), "fields, list and each take no steps of their own"},
		{"each without group", rule(`tags: {each: {column: a}}`), `"each" goes through the rows of a group`},
		{"a fraction", rule(`count: {value: 1.5}`), "records hold no fractions"},
		{"a number in octal", rule(`count: {value: 0o17}`), "write the number in plain decimal"},
		{"a null", rule(`text: {value: null}`), "value is empty"},
		{"a look-up in nothing", rule(`text: {lookup: {in: y, key: a, take: b}}`), `m.yaml:7:38: there is no input "y"`},
		{"a look-up in itself", rule(`text: {lookup: {in: x, key: a, take: b}}`), `an input cannot look itself up`},
		{"a column used and ignored", strings.Replace(rule(`text: {column: a}`), "name: x", "name: x\n    ignore: {a: why}", 1), `m.yaml:7:18: column "a" is used, though the map ignores it: why`},
		{"a let that nobody uses", strings.Replace(rule(`text: {column: a}`), "name: x", "name: x\n    let: {b: {column: b}}", 1), `m.yaml:4:11: let "b" is never used`},
		{"occurredAt without form", strings.Replace(rule(`text: {column: a}`), "name: x", "name: x\n    occurredAt: {column: b}", 1), `occurredAt needs date or time`},
		{"accept without once", strings.Replace(rule(`text: {column: a}`), "fields", "existing: accept\n        fields", 1), `"existing: accept" goes with "once: true" only`},
		{"a condition without test", strings.Replace(rule(`text: {column: a}`), "fields", "when: [{column: a}]\n        fields", 1), `a condition needs "column" and one of`},
		{"an empty list", strings.Replace(rule(`text: {column: a}`), "fields", "when: []\n        fields", 1), `when is empty`},
		{"a skip without reason", strings.Replace(rule(`text: {column: a}`), "name: x", "name: x\n    skip: [{when: [{column: a, is: b}]}]", 1), `a skip needs "when" and "reason"`},
		{"two inputs of one name", rule(`text: {column: a}`) + "  - name: x\n    rows: [{command: a.b, subject: c}]\n", `m.yaml:8:11: two inputs are called "x"`},
		{"nesting without end", "map: " + strings.Repeat("[", 100000), "m.yaml:1:1: is nested too deeply"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse("m.yaml", []byte(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

// rule is a map of one instruction with this field, in line 7.
func rule(field string) string {
	return "map: test\ninputs:\n  - name: x\n    rows:\n      - command: person.import_thing\n        subject: \"{a}\"\n        fields: {" + field + "}\n"
}

func TestCheckAgainstTheCatalog(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"an unknown command", strings.Replace(rule(`text: "{a}"`), "import_thing", "fly", 1), `m.yaml:5:18: there is no command "person.fly"; an importer may give person.import, person.import_thing`},
		{"a command for others", strings.Replace(rule(`text: "{a}"`), "import_thing", "greet", 1), `m.yaml:5:18: person.greet is not for an importer`},
		{"an unknown field", rule(`txt: "{a}"`), `m.yaml:7:18: person.import_thing has no field "txt"; it has at, count, links, main, on, tags, text, yes`},
		{"an unknown field within", rule(`main: {fields: {nam: "{a}"}}`), `person.import_thing.main has no field "nam"; it has name, stage`},
		{"a list for one value", rule(`text: {column: a, split: ","}`), `person.import_thing.text is not a list`},
		{"one value for a list", rule(`tags: {column: a}`), `person.import_thing.tags is a list; use split, list or each`},
		{"fields for one value", rule(`text: {fields: {a: "b"}}`), `person.import_thing.text is one value, not several fields`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m, err := Parse("m.yaml", []byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			err = m.Check(testCodec(), domain.CN2024())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

// FuzzParse: whatever the text, Parse returns a map or a *MapError.
func FuzzParse(f *testing.F) {
	f.Add([]byte(rule(`text: {column: a, values: {x: y}, else: keep}, on: {column: b, date: DD.MM.YYYY}`)))
	f.Add([]byte(rule(`tags: {list: [{template: "{a}-{b}"}, {value: 5}]}`)))
	f.Add([]byte("map: a\ninputs:\n  - &x {name: b}\n  - *x\n"))
	f.Add([]byte("map: |\n  a\n? [b]\n: c\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse("m.yaml", b)
		if err != nil {
			if _, ok := err.(*MapError); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		_ = m.Check(testCodec(), domain.CN2024())
	})
}
