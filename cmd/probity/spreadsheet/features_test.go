package spreadsheet

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each feature of a map in one small example: a column "v" put through one
// field, and what becomes of it.
func TestFields(t *testing.T) {
	for _, tc := range []struct {
		name  string
		field string // "text: {column: v}"
		cell  string
		want  string // the command's data
		why   string // the rejection, if any
	}{
		{"a column is trimmed of all that is blank", `text: {column: v}`, "\u00a0 a b\u3000\u200b", `{"text":"a b"}`, ""},
		{"trimming can be turned off", `text: {column: v, trim: false}`, " a ", `{"text":" a "}`, ""},
		{"an absent value leaves the field out", `text: {column: v}`, "N/A", `{}`, ""},
		{"a field can say what is absent itself", `text: {column: v, absent: "?"}`, "?", `{}`, ""},
		{"and then what the input calls absent is a value", `text: {column: v, absent: "?"}`, "N/A", `{"text":"N/A"}`, ""},
		{"a required value may not be absent", `text: {column: v, required: true}`, " N/A ", "", "v: is absent [N/A]"},
		{"a constant text", `text: {value: "5"}`, "x", `{"text":"5"}`, ""},
		{"a constant number", `count: {value: 5}`, "x", `{"count":5}`, ""},
		{"a constant boolean", `yes: {value: true}`, "x", `{"yes":true}`, ""},
		{"a template", `text: "p-{v}-{{{id}}}"`, "x", `{"text":"p-x-{1}"}`, ""},
		{"a template of an absent column is absent", `text: "p-{v}"`, "N/A", `{}`, ""},
		{"a text without braces is a constant", `text: "always"`, "N/A", `{"text":"always"}`, ""},
		{"letters are folded", `text: {column: v, fold: upper}`, "Straße é", `{"text":"STRAßE É"}`, ""},
		{"a slug keeps letters and digits of any script", `text: {column: v, slug: true}`, " 12TH  District / 海关! ", `{"text":"12th-district-海关"}`, ""},
		{"a slug of nothing is rejected", `text: {column: v, slug: true}`, "--", "", "v: holds no letter or digit to make a name of ['--]"},
		{"a pattern keeps its group", `text: {column: v, match: '(\d+)(?:\.0)?'}`, "832.0", `{"text":"832"}`, ""},
		{"a pattern covers the whole value", `text: {column: v, match: '\d+'}`, "832.5", "", "v: does not match the pattern of the map [832.5]"},
		{"values are mapped", `text: {column: v, values: {A: "1", b: "2"}}`, "b", `{"text":"2"}`, ""},
		{"values are folded before they are mapped", `text: {column: v, fold: upper, values: {B: "2"}}`, "b", `{"text":"2"}`, ""},
		{"an unknown value is rejected", `text: {column: v, values: {A: "1"}}`, "#VALUE!", "", "v: is no value the map knows [#VALUE!]"},
		{"or kept", `text: {column: v, values: {A: "1"}, else: keep}`, "c", `{"text":"c"}`, ""},
		{"or absent", `text: {column: v, values: {A: "1"}, else: absent}`, "c", `{}`, ""},
		{"a date", `on: {column: v, date: DD/MM/YYYY}`, "29/02/2024", `{"on":"2024-02-29"}`, ""},
		{"a date in Chinese", `on: {column: v, date: YYYY年M月D日}`, "2024年2月9日", `{"on":"2024-02-09"}`, ""},
		{"the first form that fits", `on: {column: v, date: [YYYY-MM-DD, DD MMM YYYY]}`, "09 Feb 2024", `{"on":"2024-02-09"}`, ""},
		{"a day that never was", `on: {column: v, date: DD/MM/YYYY}`, "30/02/2024", "", "v: is not of the form DD/MM/YYYY [30/02/2024]"},
		{"a date in another form", `on: {column: v, date: YYYY-MM-DD}`, "2024-2-9", "", "v: is not of the form YYYY-MM-DD [2024-2-9]"},
		{"a date with something after it", `on: {column: v, date: YYYY-MM-DD}`, "2024-02-09 10:00", "", "v: is not of the form YYYY-MM-DD [2024-02-09 10:00]"},
		{"an instant in the zone of the map", `at: {column: v, time: "YYYY-MM-DD hh:mm"}`, "2024-02-09 10:00", `{"at":"2024-02-09T02:00:00Z"}`, ""},
		{"an instant in a zone of its own", `at: {column: v, time: "YYYY-MM-DD hh:mm:ss", zone: America/New_York}`, "2024-07-09 10:00:01", `{"at":"2024-07-09T14:00:01Z"}`, ""},
		{"fractions of a second are not overlooked", `at: {column: v, time: "YYYY-MM-DD hh:mm:ss"}`, "2024-07-09 10:00:01.5", "", "v: is not of the form YYYY-MM-DD hh:mm:ss [2024-07-09 10:00:01.5]"},
		{"an integer", `count: {column: v, as: integer}`, "+0042", `{"count":42}`, ""},
		{"no integer", `count: {column: v, as: integer}`, "4.2", "", "v: is not a whole number [4.2]"},
		{"a boolean by value map", `yes: {column: v, values: {y: "true", n: "false"}, as: boolean}`, "y", `{"yes":true}`, ""},
		{"no boolean", `yes: {column: v, as: boolean}`, "y", "", "v: is neither true nor false; use a value map [y]"},
		{"a list is split, trimmed, mapped and without what is absent", `tags: {column: v, split: ";", values: {a: A, b: B}}`, " b;; a ;N/A", `{"tags":["B","A"]}`, ""},
		{"a list of nothing is absent", `tags: {column: v, split: ";"}`, " ; ", `{}`, ""},
		{"a list of several columns", `tags: {list: [{column: v}, {column: id}]}`, "N/A", `{"tags":["1"]}`, ""},
		{"several fields", `main: {fields: {name: {column: v}, stage: {column: id, as: integer}}}`, "x", `{"main":{"name":"x","stage":1}}`, ""},
		{"a list of several fields", `links: {list: [{fields: {name: {column: v}}}, {fields: {name: {value: z}}}]}`, "N/A", `{"links":[{"name":"z"}]}`, ""},
		{"quotes, line ends and other scripts survive", `text: {column: v}`, "say \"\"hi\"\"\r\n, 你好", `{"text":"say \"hi\"\n, 你好"}`, ""},
		{"a value that does not fit the command", `count: {column: v}`, "x", "", "v: person.import_thing: data.count: must be a whole number of at most 64 bits [x]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tr := trial{
				m: "zone: Asia/Shanghai\n" + oneInput(`
absent: N/A
rows:
  - command: person.import_thing
    subject: "p{id}"
    when: [{column: v, not: never}]
    fields: {`+tc.field+`}
`),
				files: map[string]string{"a.csv": "id,v\n1,\"" + tc.cell + "\"\n"},
			}
			said, rejects, _ := tr.run(t)
			var want, why []string
			if tc.why == "" {
				want = []string{"person.import_thing p1 " + tc.want}
			} else {
				why = []string{"2/1 " + tc.why}
			}
			if diff := cmp.Diff(want, said); diff != "" {
				t.Errorf("recorded (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(why, rejects); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
		})
	}
}
