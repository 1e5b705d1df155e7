package spreadsheet

import (
	"strings"
	"testing"
	"time"
)

func TestColumnsThatSayWhoReported(t *testing.T) {
	for _, name := range []string{"举报人", "举报人姓名", "投诉人电话", "complainant", "Complainant Name", "complainant_phone", "reporter", "REPORTER NAME",
		"reporter_full_name", "whistleblower", "whistle-blower", "Informant Email", "complainant's name"} {
		if !reporterColumn.MatchString(name) {
			t.Errorf("%q says who reported", name)
		}
	}
	for _, name := range []string{"summary", "complaint_id", "complainant_race", "complainant sex", "reported", "report date", "reporter_count_2019", "officer name", "name", "被举报单位"} {
		if reporterColumn.MatchString(name) {
			t.Errorf("%q does not say who reported", name)
		}
	}
}

// complaintMap reads complaints with a column that says who reported.
func complaintMap(column, rest string) string {
	return "map: t\ninputs:\n  - name: c\n    file: c.csv\n" + rest + `
    occurredAt: {column: day, date: YYYY-MM-DD}
    rows:
      - command: complaint.import
        subject: "{no}"
        fields:
          receivedOn: {column: day, date: YYYY-MM-DD}
          category: {column: kind}
          summary: ` + column + "\n"
}

func TestAMapThatBringsInWhoReportedIsRefused(t *testing.T) {
	for _, tt := range []struct{ name, m, want string }{
		{"as a field", complaintMap("{column: 举报人}", ""), "withhold"},
		{"within a template", complaintMap(`"told by {complainant name}"`, ""), "withhold"},
		{"by way of a let", complaintMap("{column: who}", "    let: {who: {column: 举报人姓名}}"), "withhold"},
		{"ignored, and so in the rejects", complaintMap("{column: what}", "    ignore: {举报人: not ours}"), "copied into the rejects"},
		{"withheld and used", complaintMap("{column: 举报人}", "    withhold: {举报人: sealed}"), "though the map withholds it"},
		{"withheld", complaintMap("{column: what}", "    withhold: {举报人: sealed}"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("m.yaml", []byte(tt.m))
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// What is withheld changes nothing that is kept of a row: not the command,
// not the digest, which would confirm a guess.
func TestWithheldCellsLeaveNoTrace(t *testing.T) {
	m := strings.Replace(peopleMap, `ignore: {note: "of no use"}`, `withhold: {note: "who told"}`, 1)
	if m == peopleMap {
		t.Fatal("the map was not changed")
	}
	run := func(note string) (*fakeRecorder, string) {
		rec := &fakeRecorder{}
		var rejects strings.Builder
		tr := trial{m: m, rec: rec, files: map[string]string{"a.csv": peopleHead +
			"p1,Wei,book,2015-01-02," + note + "\n" +
			"p2,Li,pen,never," + note + "\n" +
			"p3,Fang,\"half," + note + "\n"}}
		p, err := tr.plan(t)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), p, rec, Options{Rejects: &rejects, Now: func() time.Time { return testNow }}); err != nil {
			t.Fatal(err)
		}
		return rec, rejects.String()
	}
	one, rejects := run("林静雯")
	two, _ := run("somebody else")
	if len(one.given) != 2 || len(two.given) != 2 {
		t.Fatalf("recorded %d and %d, want the thing and the person", len(one.given), len(two.given))
	}
	for i := range one.given {
		if one.given[i].Act.Source != two.given[i].Act.Source || one.given[i].ID != two.given[i].ID {
			t.Errorf("the withheld cell shows in %+v", one.given[i])
		}
	}
	if strings.Contains(rejects, "林静雯") || !strings.Contains(rejects, "is not of the form") || !strings.Contains(rejects, "(withheld") {
		t.Errorf("the rejects say\n%s", rejects)
	}
}
