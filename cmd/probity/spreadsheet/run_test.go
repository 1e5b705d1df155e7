package spreadsheet

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/probity-ledger/probity/domain"
)

// peopleMap: each row is a thing of a person, who is put on file once.
var peopleMap = oneInput(`
ignore: {note: "of no use"}
occurredAt: {column: day, date: YYYY-MM-DD, at: "09:30", zone: America/New_York}
rows:
  - command: person.import_thing
    subject: "{who}"
    fields: {text: {column: what}}
  - command: person.import
    subject: "{who}"
    once: true
    fields: {name: {column: name}}
`)

const peopleHead = "who,name,what,day,note\n"

func TestRun(t *testing.T) {
	for _, tc := range []struct {
		name          string
		m             string
		files         map[string]string
		said, rejects []string
		total         FileSummary
	}{
		{
			name: "what rows share is recorded once and first, from the first row that is sound",
			m:    peopleMap,
			files: map[string]string{"a.csv": peopleHead +
				"p1,Nobody,cup,2020-01-01,\n" + "p1,Ann,hat,2020-01-01,\n" + "p1,Anna,pen,2020-01-02,\n"},
			said:    []string{`person.import p1 {"name":"Ann"}`, `person.import_thing p1 {"text":"hat"}`, `person.import_thing p1 {"text":"pen"}`},
			rejects: []string{"2/1 name: person.import: name: is no name [Nobody]"},
			total:   FileSummary{Rows: 3, Recorded: 2, Rejected: 1},
		},
		{
			name: "rows that are alike are recorded each",
			m:    peopleMap,
			files: map[string]string{"a.csv": peopleHead +
				"p1,Ann,hat,2020-01-01,\n" + "p1,Ann,hat,2020-01-01,\n"},
			said:  []string{`person.import p1 {"name":"Ann"}`, `person.import_thing p1 {"text":"hat"}`, `person.import_thing p1 {"text":"hat"}`},
			total: FileSummary{Rows: 2, Recorded: 2},
		},
		{
			name: "malformed rows, wrong dates, dates to come and ids that are none are rejected and the rest goes on",
			m:    peopleMap,
			files: map[string]string{"a.csv": peopleHead +
				"p1,Ann,\"hat,2020-01-01,\n" + "p2,Bob,hat\n" + "p3,Cy,hat,2020-13-01,\n" + "p4,Di,hat,2999-01-01,\n" + "p 5,Ed,hat,2020-01-01,\n" + ",Flo,hat,2020-01-01,\n" + "p7,Gus,=1+1,2020-01-01,\n"},
			said: []string{`person.import p7 {"name":"Gus"}`, `person.import_thing p7 {"text":"=1+1"}`},
			rejects: []string{
				"2/1 : the row has a quote that is never closed []",
				"3/2 : the row has 3 fields where the header has 5 columns []",
				"4/3 day: is not of the form YYYY-MM-DD [2020-13-01]",
				"5/4 day: person.import_thing: occurredAt: lies in the future (2999-01-01T14:30:00Z, it is now 2026-01-02T03:04:05Z) [2999-01-01]",
				"6/5 who: person.import_thing: subject: holds ' ', which no id may (letters, digits and - _ . : # + @ only) [p 5]",
				"7/6 who: is absent, but names the subject of person.import_thing []",
			},
			total: FileSummary{Rows: 7, Recorded: 1, Rejected: 6},
		},
		{
			name: "conditions, skips, and rows that no instruction applies to",
			m: oneInput(`
skip:
  - {when: [{column: kind, is: total}], reason: "a sum, not a person"}
rows:
  - command: person.import
    subject: "{who}"
    when: [{column: kind, is: [a, b]}, {column: who, not: p2}]
`),
			files:   map[string]string{"a.csv": "who,kind\np1,a\np2,b\np3,total\np4,c\n"},
			said:    []string{"person.import p1 {}"},
			rejects: []string{"3/2 : " + noneApplies + " []", "5/4 : " + noneApplies + " []"},
			total:   FileSummary{Rows: 4, Recorded: 1, Rejected: 2, Skipped: 1},
		},
		{
			name: "rows of one group become one instruction, wherever in the file they stand",
			m: oneInput(`
group: {by: case}
rows:
  - command: person.import_thing
    subject: "{case}"
    fields:
      text: {column: title}
      links: {each: {fields: {name: {column: person}, stage: {column: stage, as: integer}}}}
`),
			files: map[string]string{"a.csv": "case,title,person,stage\nc1,T,ann,1\nc2,U,bob,2\nc1,T,cy,3\nc3,V,di,1\nc3,W,ed,1\n,X,flo,1\n"},
			said: []string{`person.import_thing c1 {"text":"T","links":[{"name":"ann","stage":1},{"name":"cy","stage":3}]}`,
				`person.import_thing c2 {"text":"U","links":[{"name":"bob","stage":2}]}`},
			rejects: []string{
				"7/6 case: is absent, but says to which group the row belongs []",
				`5/4 title: differs within the group, in which line 5 has "V" [W]`, `6/5 title: differs within the group, in which line 5 has "V" [W]`},
			total: FileSummary{Rows: 6, Recorded: 3, Rejected: 3},
		},
		{
			name: "sorted groups come one at a time, and a group that comes back is rejected",
			m: oneInput(`
group: {by: [case, day], sorted: true}
rows:
  - command: person.import_thing
    subject: "{case}"
    fields:
      on: {column: day, date: YYYY-MM-DD}
      tags: {each: {column: person}}
`),
			files: map[string]string{"a.csv": "case,day,person\nc1,2020-01-01,ann\nc1,2020-01-01,bob\nc1,2020-01-02,cy\nc1,2020-01-01,di\n"},
			said: []string{`person.import_thing c1 {"on":"2020-01-01","tags":["ann","bob"]}`,
				`person.import_thing c1 {"on":"2020-01-02","tags":["cy"]}`},
			rejects: []string{"5/4 case, day: its group was complete already; the input is not sorted as the map says [c1, 2020-01-01]"},
			total:   FileSummary{Rows: 4, Recorded: 3, Rejected: 1},
		},
		{
			name: "values are looked up in another file; what is missing or ambiguous there is rejected",
			m: `
map: test
inputs:
  - name: names
    file: names.csv
    absent: "?"
    ignore: {age: private}
  - name: rows
    file: rows.csv
    rows:
      - command: person.import
        subject: "{id}"
        fields: {name: {lookup: {in: names, key: id, on: number, take: name}}}
      - command: person.import_thing
        subject: "{id}"
        fields: {text: {lookup: {in: names, key: other, on: number, take: name, missing: absent}}}
`,
			files: map[string]string{
				"names.csv": "number,name,age\n1,Ann,9\n2,Bob,9\n3,?,9\n4,Di,9\n4,Dee,9\nbad\n",
				"rows.csv":  "id,other\n1,2\n2,9\n3,\n4,1\n5,1\n"},
			said: []string{`person.import 1 {"name":"Ann"}`, `person.import_thing 1 {"text":"Bob"}`,
				`person.import 2 {"name":"Bob"}`, `person.import_thing 2 {}`, `person.import 3 {}`, `person.import_thing 3 {}`},
			rejects: []string{
				"7/6 : the row has 1 field where the header has 3 columns []",
				"5/4 id: is found in names with different values of name [4]",
				"6/5 id: is not found in column number of names [5]"},
			total: FileSummary{Rows: 11, Recorded: 3, Rejected: 3, Skipped: 5},
		},
		{
			name: "let values are made once and used like columns",
			m: oneInput(`
let:
  unit: {column: unit, slug: true}
  key: "{unit}.{who}"
rows:
  - command: person.import_thing
    subject: "{key}"
    fields: {text: "{unit}"}
`),
			files: map[string]string{"a.csv": "unit,who\n12TH District,1\n12th DISTRICT,2\n"},
			said:  []string{`person.import_thing 12th-district.1 {"text":"12th-district"}`, `person.import_thing 12th-district.2 {"text":"12th-district"}`},
			total: FileSummary{Rows: 2, Recorded: 2},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tr := trial{m: tc.m, files: tc.files, options: Options{Workers: 1}}
			said, rejects, sum := tr.run(t)
			if diff := cmp.Diff(tc.said, said); diff != "" {
				t.Errorf("recorded (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.rejects, rejects); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.total, sum.Total()); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInstructions(t *testing.T) {
	tr := trial{m: peopleMap, files: map[string]string{"a.csv": peopleHead + "p1,Ann, hat,2020-07-01,n\n"}}
	tr.run(t)
	for _, in := range tr.rec.given {
		want := domain.Act{
			Subject: "p1", Actor: "import:test", Role: domain.RoleImporter,
			OccurredAt: in.Act.OccurredAt,
			// printf '2:p1,3:Ann,4: hat,10:2020-07-01,1:n,' | sha256sum
			Source: "sha256:dedb1076e00610e6e5c2a58f0f2fa1ac6495ef97887287cd96dcdc45b36cb86c",
		}
		if diff := cmp.Diff(want, in.Act); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in.Command.Name(), diff)
		}
		if got := in.Act.OccurredAt.UTC().Format("2006-01-02T15:04"); got != "2020-07-01T13:30" {
			t.Errorf("occurred at %s", got)
		}
	}
}

// TestIDsStay: the ids of instructions are on file in every ledger that ever
// imported, so they may never change. (Fixed in November 2026; reckoned apart
// from this code, by the Python line at digestRecord.)
func TestIDsStay(t *testing.T) {
	tr := trial{m: peopleMap, files: map[string]string{"a.csv": peopleHead + "p1,Ann,hat,2020-07-01,n\np1,Ann,hat,2020-07-01,n\n"}, options: Options{Workers: 1}}
	tr.run(t)
	var got []string
	for _, in := range tr.rec.given {
		got = append(got, in.ID)
	}
	want := []string{
		"import:test:821561651fb111d8f119254d6d492706c399f3d3c6e0e7785905066c9c0b19bf",
		"import:test:1f1ebb98cbb8dbeabde1d0871f4d04e374847f45516ad354949fcb5d6b02b86e",
		"import:test:a7918ed6a8116259ce562daf7b64bda51b30efa58f77bdbae46e581a185f1000",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// people makes rows of a few persons with many things, some of them alike.
func people(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([]string, n)
	for i := range rows {
		who := r.IntN(n/20 + 1)
		rows[i] = fmt.Sprintf("p%d,Name %d,thing %d,2020-01-01,\n", who, who, r.IntN(7))
	}
	return rows
}

func TestManyWorkers(t *testing.T) {
	rows := people(3000)
	tr := trial{m: peopleMap, files: map[string]string{"a.csv": peopleHead + strings.Join(rows, "")}}
	said, rejects, sum := tr.run(t)
	if len(rejects) > 0 || sum.Total().Recorded != len(rows) {
		t.Fatalf("%d rejects, %+v", len(rejects), sum.Total())
	}

	t.Run("what happens to one subject happens in the order of the file, after it was put on file", func(t *testing.T) {
		var want, got = map[string][]string{}, map[string][]string{}
		for _, row := range rows {
			f := strings.Split(row, ",")
			if want[f[0]] == nil {
				want[f[0]] = []string{fmt.Sprintf(`person.import %s {"name":%q}`, f[0], f[1])}
			}
			want[f[0]] = append(want[f[0]], fmt.Sprintf(`person.import_thing %s {"text":%q}`, f[0], f[2]))
		}
		for _, s := range said {
			who := strings.Fields(s)[1]
			got[who] = append(got[who], s)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("the same rows in another order, and twice in one run, add nothing", func(t *testing.T) {
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		text := peopleHead + strings.Join(rows, "")
		again := trial{m: peopleMap, files: map[string]string{"b.csv": text, "c.csv": text}, rec: tr.rec}
		after, _, sum := again.run(t)
		if len(after) != len(said) || sum.Total().Repeated != 2*len(rows) {
			t.Errorf("%d instructions became %d; %+v", len(said), len(after), sum.Total())
		}
	})
	t.Run("one more row that is like others adds one", func(t *testing.T) {
		again := trial{m: peopleMap, files: map[string]string{"b.csv": peopleHead + strings.Join(rows, "") + rows[0]}, rec: tr.rec}
		after, _, _ := again.run(t)
		if len(after) != len(said)+1 {
			t.Errorf("%d instructions became %d", len(said), len(after))
		}
	})
}

func TestRefusals(t *testing.T) {
	refuse := func(command, subject string, code domain.Code) func(domain.Instruction) error {
		return func(in domain.Instruction) error {
			if string(in.Command.Name()) == command && in.Act.Subject == subject {
				return domain.Refuse(code, "subject", "no")
			}
			return nil
		}
	}
	rows := peopleHead + "p1,Ann,hat,2020-01-01,\np1,Ann,pen,2020-01-01,\np2,Bob,hat,2020-01-01,\n"
	t.Run("a row that the ledger refuses is rejected with the column behind the field", func(t *testing.T) {
		tr := trial{m: peopleMap, files: map[string]string{"a.csv": rows}, rec: &fakeRecorder{refuse: refuse("person.import_thing", "p1", domain.CodeState)}}
		said, rejects, sum := tr.run(t)
		if len(said) != 3 || sum.Total().Rejected != 2 || sum.Total().Recorded != 1 {
			t.Errorf("%q %+v", said, sum.Total())
		}
		if diff := cmp.Diff([]string{"2/1 who: person.import_thing: subject: no [p1]", "3/2 who: person.import_thing: subject: no [p1]"}, rejects); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("rows whose shared instruction is refused are rejected too, and nothing of them is recorded", func(t *testing.T) {
		tr := trial{m: peopleMap, files: map[string]string{"a.csv": rows}, rec: &fakeRecorder{refuse: refuse("person.import", "p1", domain.CodeExists)}}
		said, rejects, _ := tr.run(t)
		if len(said) != 2 || len(rejects) != 2 {
			t.Errorf("%q %q", said, rejects)
		}
	})
	t.Run("unless the map accepts that the subject is on file already", func(t *testing.T) {
		tr := trial{m: strings.Replace(peopleMap, "once: true", "once: true\n        existing: accept", 1),
			files: map[string]string{"a.csv": rows}, rec: &fakeRecorder{refuse: refuse("person.import", "p1", domain.CodeExists)}}
		said, rejects, sum := tr.run(t)
		if len(said) != 4 || len(rejects) != 0 {
			t.Errorf("%q %q", said, rejects)
		}
		want := []CommandSummary{{"person.import_thing", 3, 0}, {"person.import", 1, 1}}
		if diff := cmp.Diff(want, sum.Commands); diff != "" {
			t.Error(diff)
		}
	})
}

func TestStop(t *testing.T) {
	rows := people(500)
	rows[300] = "bad,Bad,thing,2020-01-01,\n"
	files := map[string]string{"a.csv": peopleHead + strings.Join(rows, "")}
	full := errors.New("the disk is full")
	t.Run("any other error stops with its place, and a second run completes the first", func(t *testing.T) {
		rec := &fakeRecorder{refuse: func(in domain.Instruction) error {
			if in.Act.Subject == "bad" {
				return full
			}
			return nil
		}}
		tr := trial{m: peopleMap, files: files, rec: rec}
		_, _, sum, err := tr.try(t)
		stop, ok := errors.AsType[*StopError](err)
		if !ok || !errors.Is(err, full) || stop.Line != 302 || stop.Record != 301 {
			t.Fatalf("got %v", err)
		}
		if n := sum.Total().Recorded; n >= len(rows) {
			t.Errorf("all %d rows were recorded", n)
		}
		rec.refuse = nil
		said, _, sum := tr.run(t)
		whole := trial{m: peopleMap, files: files}
		if want, _, _ := whole.run(t); len(said) != len(want) {
			t.Errorf("two runs recorded %d instructions, one would have %d", len(said), len(want))
		}
		if total := sum.Total(); total.Recorded+total.Repeated != len(rows) {
			t.Errorf("second run: %+v", total)
		}
	})
	t.Run("so does the end of the context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		tr := trial{m: peopleMap, files: files}
		p, err := tr.plan(t)
		if err != nil {
			t.Fatal(err)
		}
		rec := &fakeRecorder{refuse: func(in domain.Instruction) error {
			if in.Act.Subject == "bad" {
				cancel()
			}
			return nil
		}}
		if _, err := Run(ctx, p, rec, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("and a rejects file that cannot be written", func(t *testing.T) {
		tr := trial{m: peopleMap, files: map[string]string{"a.csv": peopleHead + "p1\n"}}
		p, err := tr.plan(t)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Run(context.Background(), p, &fakeRecorder{}, Options{Rejects: fullDisk{full}}); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	})
}

type fullDisk struct{ err error }

func (f fullDisk) Write([]byte) (int, error) { return 0, f.err }

func TestSummaryOfReasons(t *testing.T) {
	long := peopleHead
	for i := range 6 {
		long += fmt.Sprintf("p%d,Ann,hat,soon,\n", i)
	}
	long += "p7,Ann,hat\np1,Ann,hat,2020-01-01,\n"
	tr := trial{m: peopleMap, files: map[string]string{"a.csv": long}, options: Options{Workers: 1}}
	_, _, sum := tr.run(t)
	for i := range sum.Reasons {
		sum.Reasons[i].File = ""
	}
	want := []Why{
		{Column: "day", Reason: "is not of the form YYYY-MM-DD", Rows: 6, Lines: []int{2, 3, 4}},
		{Reason: "the row has 3 fields where the header has 5 columns", Rows: 1, Lines: []int{8}},
	}
	if diff := cmp.Diff(want, sum.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}

	var many Summary
	for i := range maxReasons + 5 {
		many.why(Why{Reason: fmt.Sprint(i)}, []sourceRow{{line: i}})
	}
	if len(many.Reasons) != maxReasons || many.OtherRows != 5 {
		t.Errorf("%d reasons kept, %d rows beyond", len(many.Reasons), many.OtherRows)
	}
}

func TestPackedAndEncodedFiles(t *testing.T) {
	const text = "who,名\np1,海关\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	if _, err := zw.Write([]byte("\uFEFF" + text)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, file, content, extra string }{
		{"a byte order mark", "a.csv", "\uFEFF" + text, ""},
		{"gzip", "a.csv.gz", packed.String(), ""},
		{"GB 18030", "a.csv", gb, "encoding: gb18030"},
		{"UTF-16", "a.csv", u16, "encoding: utf-16le"},
		{"semicolons", "a.csv", strings.ReplaceAll(text, ",", ";"), `delimiter: ";"`},
		{"tabs", "a.csv", strings.ReplaceAll(text, ",", "\t"), `delimiter: tab`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := oneInput(tc.extra + "\nrows: [{command: person.import, subject: \"{who}\", fields: {name: {column: 名}}}]\n")
			tr := trial{m: m, files: map[string]string{tc.file: tc.content}}
			said, _, _ := tr.run(t)
			if diff := cmp.Diff([]string{`person.import p1 {"name":"海关"}`}, said); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("what does not fit the encoding is rejected", func(t *testing.T) {
		m := oneInput("encoding: gb18030\nrows: [{command: person.import, subject: \"{who}\", fields: {name: {column: 名}}}]\n")
		tr := trial{m: m, files: map[string]string{"a.csv": gb + "p2,\xff\xff\n"}}
		said, rejects, _ := tr.run(t)
		if diff := cmp.Diff([]string{"3/2 : the row holds in column 2 what does not fit the encoding named in the map []"}, rejects); diff != "" || len(said) != 1 {
			t.Errorf("%q %s", said, diff)
		}
	})
}

func TestProgress(t *testing.T) {
	text := peopleHead + strings.Join(people(2000), "")
	var last, total, rows int64
	calls := 0
	tr := trial{m: peopleMap, files: map[string]string{"a.csv": text, "b.csv": text}, options: Options{Progress: func(p Progress) {
		d, n := p.Bytes, p.Total
		if d < last || d > n {
			t.Errorf("%d of %d after %d", d, n, last)
		}
		last, total, rows = d, n, p.Rows
		calls++
	}}}
	tr.run(t)
	if last != int64(2*len(text)) || total != last || calls < 10 || rows != 4000 {
		t.Errorf("ended at %d of %d bytes and %d rows after %d calls", last, total, rows, calls)
	}
}
