package console

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// part makes a part of a page out of an answer, and returns its words.
func part(t *testing.T, lang, page, name, answer string) string {
	t.Helper()
	h := newHandler(t, &fake{})
	decoder := json.NewDecoder(strings.NewReader(answer))
	decoder.UseNumber()
	var data any
	if err := decoder.Decode(&data); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := h.sheets[lang].by[page].ExecuteTemplate(&out, name, data); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const emptyWarning = `{"raisedOn":"2025-03-03","reason":null,"settledOn":null,"inspection":null,"complaint":null,"case":null,"cases":[]}`

// remedyOf is a remedy as pages are answered, with some members as given.
func remedyOf(members string) string {
	return `{"id":"M1/x","kind":"RERATING","status":"OPEN","text":"no second look","reason":null,"number":null,"threshold":null,"rule":null,"gap":null,"openedOn":"2025-03-10","due":"2026-03-10","overdue":false,
		"doneOn":null,"from":null,"gradeBefore":"HIGH","gradeAfter":null,"version":null,"rulebookVersion":null,"answer":null,"case":{"id":"M1"},"post":{"id":"K1","name":"窗口岗","nameEn":"Counter"},"norm":null,"rulebook":null,
		"opened":{"id":"e1"},"done":null,"since":[]` + members + `}`
}

func since(days string) string {
	side := func(from, to, n string) string {
		return `{"from":"` + from + `","to":"` + to + `","warnings":` + n + `,"complaints":null,"acts":4}`
	}
	return `{"rule":"amount.split","days":` + days + `,"on":"2025-05-02","warning":{"id":"W1"},"officer":{"id":"P1","name":"张伟","latinName":"Zhang Wei"},"post":null,"unit":null,"complaintsAt":null,"actsOf":{"id":"P1","name":"张伟","latinName":"Zhang Wei"},"actsIn":null,
		"before":` + side("2025-04-02", "2025-05-01", "3") + `,"after":` + side("2025-05-03", "2025-06-01", "1") + `}`
}

func TestWhatIsMissingOnTheWayIsSaid(t *testing.T) {
	for _, c := range []struct {
		name, lang, part, answer string
		holds, lacks             []string
	}{
		{"a warning that nobody settled", "en", "loop", emptyWarning, []string{"Led to <span class=\"none\">not yet</span>", "Case <span class=\"none\">not yet</span>"}, []string{"<table"}},
		{"in Chinese", "zh", "loop", emptyWarning, []string{"案件 <span class=\"none\">尚未</span>"}, []string{"not yet"}},
		{"one that was dismissed leads on to nothing", "en", "loop", strings.NewReplacer(`"reason":null`, `"reason":"poor"`, `"settledOn":null`, `"settledOn":"2025-03-05"`).Replace(emptyWarning),
			[]string{"Dismissed: nothing was to follow"}, []string{"not yet"}},
		{"a rating that is not done", "en", "remedies", "[" + remedyOf("") + "]", []string{`href="/console/posts/K1"`, `href="/console/cases/M1"`, `href="/console/events/e1"`, "not yet", "Before and after is no proof"}, []string{"→", "<table"}},
		{"one that is", "en", "remedies", "[" + remedyOf(`,"status":"DONE","doneOn":"2025-05-02","from":"2025-05-02","gradeAfter":"LOW","done":{"id":"e2"},"since":[`+since("30")+"]") + "]",
			[]string{"high → low", `href="/console/events/e2"`, "30 days on each side", "Warnings of the same rule", "Zhang Wei", `<td class="n">3</td><td class="n">1</td>`, "Acts decided (exposure)", "Before and after is no proof"},
			[]string{"not yet", "Complaints about the post", "the threshold of a rule was changed itself"}},
		{"nothing to compare on the day of the change", "en", "remedies", "[" + remedyOf(`,"status":"DONE","doneOn":"2025-05-02","from":"2025-05-02","since":[`+since("0")+"]") + "]", []string{"not yet"}, []string{"<table"}},
		{"a gap that a version closed", "zh", "remedies", "[" + remedyOf(`,"kind":"NORM_GAP","status":"DONE","doneOn":"2025-05-02","from":"2025-05-15","post":null,"norm":{"id":"N1","title":"裁量基准"},"version":2`) + "]",
			[]string{"第 2 版", "施行于", `href="/console/norms/N1"`, "前后对比不能证明因果"}, nil},
		{"a change of early warning", "en", "remedies", "[" + remedyOf(`,"kind":"RULE","status":"DONE","doneOn":"2025-05-02","from":"2025-05-15","post":null,"threshold":"PATTERN","rule":"amount.split","number":1,"rulebook":{"id":"cn-2024"},"rulebookVersion":"2","since":[`+since("30")+"]") + "]",
			[]string{`href="/console/history/rulebook/cn-2024"`, "№ 1", "the threshold of a rule was changed itself"}, nil},
		{"one that was declined", "en", "remedies", "[" + remedyOf(`,"kind":"RULE","status":"DECLINED","doneOn":"2025-05-02","post":null,"threshold":"NEAR","answer":"no amount lay near"`) + "]",
			[]string{"Declined", "no amount lay near"}, []string{"not yet", "What happened afterwards"}},
		{"a case that was not analysed", "en", "analyses", "[]", []string{"not yet"}, nil},
	} {
		got := part(t, c.lang, "warning", c.part, c.answer)
		for _, want := range c.holds {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing in\n%s", c.name, want, got)
			}
		}
		for _, not := range c.lacks {
			if strings.Contains(got, not) {
				t.Errorf("%s: there is %q in\n%s", c.name, not, got)
			}
		}
	}
}
