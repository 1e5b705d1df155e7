package terms_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/projections/terms"
)

func TestTextsAreCutIntoTerms(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		" ,.!\n":                   "",
		"Zhang Wei":                "zhang wei",
		"ＺＨＡＮＧ　１":                  "zhang 1",
		"Zhāng":                    "zhang",
		"Zha\u0304ng x":            "zhang x",
		"Élan":                     "elan",
		"海":                        "海",
		"海关":                       "海关 关",
		"海关监管":                     "海关 关监 监管 管",
		"海关,监管":                    "海关 关 监管 管",
		"A区窗口2号":                   "a 区窗 窗口 口 2 号",
		"P-0042":                   "p 0042",
		"o'clock":                  "o clock",
		"100%":                     "100",
		"\xff海\xffx":               "海 x",
		"ガス":                       "ガス ス",
		"ﬁle":                      "file",
		strings.Repeat("'\" *", 9): "",
	} {
		if got := terms.Join(text); got != want {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
	if got := terms.Join("a b", "c"); got != "a b c" {
		t.Error(got)
	}
}

func TestQueriesAreWrittenForTheIndex(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"* ^ - ( )":            "",
		"zhang":                `"zhang" *`,
		"Zhang WEI":            `"zhang" * AND "wei" *`,
		`"zhang wei"`:          `"zhang wei"`,
		`x "zhang wei" y`:      `"x" * AND "zhang wei" AND "y" *`,
		`“张伟”`:                 `"张伟"`,
		"张":                    `"张" *`,
		"张伟":                   `"张伟"`,
		"海关监管":                 `"海关 关监 监管"`,
		"窗口a":                  `"窗口 口 a" *`,
		"a窗":                   `"a 窗" *`,
		`"unclosed end`:        `"unclosed end"`,
		`NEAR("a" OR b)`:       `"near" * AND "a" AND "or" * AND "b" *`,
		"title: x":             `"title" * AND "x" *`,
		"' OR 1=1 --":          `"or" * AND "1 1" *`,
		"P-0042":               `"p 0042" *`,
		"a\x00b":               `"a b" *`,
		strings.Repeat(`"`, 7): "",
	} {
		if got := terms.Parse(text).Match(); got != want {
			t.Errorf("%q is looked for as %s, want %s", text, got, want)
		}
	}
}

func shown(parts []terms.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Found {
			fmt.Fprintf(&b, "[%s]", p.Text)
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestThePassageShowsWhatWasFound(t *testing.T) {
	long := strings.Repeat("前文。", 40) + "海关窗口延误了申报" + strings.Repeat("，后文", 60)
	for _, c := range []struct {
		query, text, want string
		phrases           int
	}{
		{"file", "held a File back", "held a [File] back", 1},
		{"fil", "held a File back, filed", "held a [File] back, [filed]", 1},
		{`"fil"`, "held a File back", "held a File back", 0},
		{"held back", "held a file back", "[held] a file [back]", 2},
		{`"held back"`, "held a file back; held back", "held a file back; [held back]", 1},
		{"张", "张伟与张三", "[张]伟与[张]三", 1},
		{"伟", "张伟", "张[伟]", 1},
		{"张伟", "报告：张伟。", "报告：[张伟]。", 1},
		{"关监管", "海关监管处", "海[关监管]处", 1},
		{"监管海关", "海关监管处", "海关监管处", 0},
		{"zhang", "Zhāng Wěi", "[Zhāng] Wěi", 1},
		{"延误", long, "", 1},
		{"x", "", "", 0},
	} {
		parts, phrases := terms.Parse(c.query).Passage(c.text)
		got := shown(parts)
		if c.text == long {
			if !strings.Contains(got, "海关窗口[延误]了申报") || utf8.RuneCountInString(got) > 125 {
				t.Errorf("%q in a long text shows %q", c.query, got)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" || phrases != c.phrases {
			t.Errorf("%q in %q, %d phrases:\n%s", c.query, c.text, phrases, diff)
		}
	}
}

// Whatever somebody looks for and wherever: nothing but letters, digits and
// the signs of the query's own language reach the index, and the passage is a
// piece of the text as it stands.
func FuzzQueriesAndPassages(f *testing.F) {
	f.Add(`"张伟" held*`, "张伟 held a file back")
	f.Add("x\"' AND (NEAR^:{}-+*", strings.Repeat("海关", 99))
	f.Add("ZHA\u0304NG", "Zha\u0304ng\u0301")
	f.Fuzz(func(t *testing.T, query, text string) {
		q := terms.Parse(query)
		for _, p := range q {
			if len(p.Terms) == 0 {
				t.Fatalf("an empty phrase in %v", q)
			}
			for _, term := range p.Terms {
				if term == "" || strings.ContainsAny(term, "\"* \t\n\x00^:()-+{}'") {
					t.Fatalf("the term %q", term)
				}
			}
		}
		parts, phrases := q.Passage(text)
		var whole strings.Builder
		for _, p := range parts {
			if p.Text == "" {
				t.Fatalf("an empty part in %v", parts)
			}
			whole.WriteString(p.Text)
		}
		if !strings.Contains(text, whole.String()) || phrases > len(q) {
			t.Fatalf("%q is no piece of %q", whole.String(), text)
		}
		for _, term := range terms.Cut(text) {
			if term.Start < 0 || term.End > len(text) || term.Start >= term.End || term.Text == "" {
				t.Fatalf("term %+v of %q", term, text)
			}
		}
	})
}
