package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/projections/indicators"
)

// The scripts of the twenty articles, article_<article>_<name>.txtar, tell one
// story each: commands in, query out, through the real binary. They share the
// agency in agencyFile ($AGENCY) and these commands of their own:
//
//	refused FILE     what the last submit refused, each with code, field, message and rule, is exactly FILE
//	answers FILE     the data of the last query is exactly the JSON of FILE
//	let-fall-due     a server runs until it has done what the calendar brings
//	dated FILE       in FILE, {today+N} becomes the day that comes in N days
//
// Their days lie in the past, or are dated, so that they hold on any day.

const agencyFile = "testdata/article/agency.ndjson"

// refused FILE: one line for each command that the last submit refused, as
// "id: CODE field: message [rule]", in the order of the commands.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: refused FILE")
	}
	var got strings.Builder
	lines := bufio.NewScanner(strings.NewReader(ts.ReadFile("stdout")))
	lines.Buffer(nil, maxCommandLine)
	for lines.Scan() {
		var line submitted
		ts.Check(json.Unmarshal(lines.Bytes(), &line))
		if r := line.Refusal; r != nil {
			fmt.Fprintf(&got, "%s: %s", line.ID, strings.TrimSpace(string(r.Code)+" "+r.Field)+": "+r.Message)
			if r.Rule != "" {
				fmt.Fprintf(&got, " [%s]", r.Rule)
			}
			got.WriteByte('\n')
		}
	}
	ts.Check(lines.Err())
	if diff := cmp.Diff(ts.ReadFile(args[0]), got.String()); diff != "" {
		ts.Fatalf("refused (-want +got):\n%s", diff)
	}
}

// answers FILE: the data of the query before is that JSON, however spaced.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: answers FILE")
	}
	var got struct{ Data any }
	var want any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &got))
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &want); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if diff := cmp.Diff(want, got.Data); diff != "" {
		ts.Fatalf("the answer (-want +got):\n%s", diff)
	}
}

// letFallDue serves the ledger until the server says that it carried out what
// fell due, then stops it. It is for stories in which something does.
func letFallDue(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: let-fall-due")
	}
	probity, err := exec.LookPath("probity")
	ts.Check(err)
	server := exec.Command(probity, "serve", "--data", ts.Getenv("PROBITY_DATA"), "--addr", "127.0.0.1:0")
	said, err := server.StderrPipe()
	ts.Check(err)
	ts.Check(server.Start())
	impatient := time.AfterFunc(60*time.Second, func() { _ = server.Process.Kill() })
	defer impatient.Stop()
	var log bytes.Buffer
	done := false
	for lines := bufio.NewScanner(said); lines.Scan(); {
		log.Write(append(lines.Bytes(), '\n'))
		if !done && strings.Contains(lines.Text(), "carried out what fell due") {
			done = true
			ts.Check(server.Process.Signal(os.Interrupt))
		}
	}
	if err := server.Wait(); err != nil || !done {
		ts.Fatalf("the server ended with %v; due: %v\n%s", err, done, &log)
	}
}

var comingDay = regexp.MustCompile(`\{today\+(\d+)\}`)

// dated FILE: writes the days that are told from today into the file.
func dated(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: dated FILE")
	}
	today := domain.CN2024().Calendar.Day(time.Now())
	text := comingDay.ReplaceAllStringFunc(ts.ReadFile(args[0]), func(s string) string {
		days, err := strconv.Atoi(comingDay.FindStringSubmatch(s)[1])
		ts.Check(err)
		return today.AddDays(days).String()
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// articleScripts returns the scripts by the article their name begins with.
func articleScripts(t *testing.T) map[domain.Article][]string {
	t.Helper()
	names, err := filepath.Glob("testdata/script/article_*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	out := map[domain.Article][]string{}
	for _, name := range names {
		article, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), "article_"), "_")
		out[domain.Article(article)] = append(out[domain.Article(article)], name)
	}
	return out
}

func TestEveryArticleHasItsScript(t *testing.T) {
	scripts := articleScripts(t)
	for _, article := range domain.CN2024().Programme.Articles {
		switch names := scripts[article]; len(names) {
		case 1:
			for _, must := range []string{"exec probity submit", "\nrefused ", "exec probity query", "\nanswers ", "answers score.json\n", "exec probity verify\n"} {
				if !strings.Contains(read(t, names[0]), must) {
					t.Errorf("%s: nowhere is %q", names[0], strings.TrimSpace(must))
				}
			}
		default:
			t.Errorf("article %s has %d scripts (%s), want testdata/script/article_%s_….txtar alone", article, len(names), names, article)
		}
		delete(scripts, article)
	}
	for article, names := range scripts {
		t.Errorf("%s tests %q, which is no article", names, article)
	}
}

var (
	catalogued = regexp.MustCompile("\\[`([a-z]+\\.[a-z_]+)`\\]\\(catalogue/")
	named      = regexp.MustCompile("`([a-z_.A-Z]+)`")
	rootField  = regexp.MustCompile(`(?m)^  ([a-zA-Z]+)[(:]`)
)

// TestThePageOfArticlesIsTrue holds docs/articles.md against the scripts: what
// the row of an article names is there, and its script uses it.
func TestThePageOfArticlesIsTrue(t *testing.T) {
	page, schema := read(t, "../../docs/articles.md"), read(t, "../../graphql/schema.graphql")
	queries, _, _ := strings.Cut(schema[strings.Index(schema, "type Query {"):], "\n}")
	roots := map[string]bool{}
	for _, m := range rootField.FindAllStringSubmatch(queries, -1) {
		roots[m[1]] = true
	}
	cat, keeper := catalog.New(), clocks.NewKeeper(domain.CN2024())
	scripts := articleScripts(t)
	for _, article := range domain.CN2024().Programme.Articles {
		_, row, ok := strings.Cut(page, "\n| "+string(article)+" ")
		row, _, _ = strings.Cut(row, "\n")
		cells := strings.Split(row, " | ")
		if !ok || len(cells) != 7 || len(scripts[article]) != 1 {
			t.Errorf("article %s has no row of seven cells, or no script: %q", article, row)
			continue
		}
		script := read(t, scripts[article][0])
		if !strings.Contains(cells[6], "(../cmd/probity/"+filepath.ToSlash(scripts[article][0])+")") {
			t.Errorf("article %s: the row names %s, the script is %s", article, cells[6], scripts[article][0])
		}
		if !catalogued.MatchString(cells[2]) || !named.MatchString(cells[3]) {
			t.Errorf("article %s: its row names no command, or no query", article)
		}
		for _, m := range catalogued.FindAllStringSubmatch(cells[2], -1) {
			if cat.Command(domain.CommandName(m[1])) == nil || !strings.Contains(script, `"command":"`+m[1]+`"`) {
				t.Errorf("article %s: %s is no command, or not in its script", article, m[1])
			}
		}
		for _, m := range named.FindAllStringSubmatch(cells[3], -1) {
			if !roots[m[1]] || !regexp.MustCompile(`\b`+m[1]+`\(`).MatchString(script) && !strings.Contains(script, m[1]+" {") {
				t.Errorf("article %s: %s is no query, or not in its script", article, m[1])
			}
		}
		for _, m := range named.FindAllStringSubmatch(cells[4], -1) {
			if strings.Contains(m[1], ".") && keeper.Rule(m[1]) == nil || !strings.Contains(script, m[1]) {
				t.Errorf("article %s: %s is no clock, or not in its script", article, m[1])
			}
		}
		scored(t, article, cells[1], cells[5], script)
	}
}

// scored holds the level of an article and its indicators against the
// rulebook and the scorecard: each stands in the row, and is in the answer of
// its script, where at least one of them counts something.
func scored(t *testing.T, article domain.Article, level, cell, script string) {
	t.Helper()
	want := map[indicators.Level]string{indicators.Required: "required 应当", indicators.Recommended: "recommended 推荐"}
	if l := indicators.LevelOf(article, domain.CN2024()); level != want[l] {
		t.Errorf("article %s: its level is %q, the rulebook says %s", article, level, l)
	}
	_, answer, _ := strings.Cut(script, "-- score.json --")
	counted := false
	for _, a := range indicators.Articles() {
		if a.ID != article {
			continue
		}
		var ids []string
		for _, d := range a.Indicators {
			ids = append(ids, "`"+d.ID+"`")
			shown := regexp.MustCompile(`"id":\s*"` + regexp.QuoteMeta(d.ID) + `",\s*"numerator":\d+,\s*"denominator":(\d+)`).FindStringSubmatch(answer)
			if shown == nil {
				t.Errorf("article %s: %s is not on the scorecard of its script", article, d.ID)
				continue
			}
			counted = counted || shown[1] != "0"
		}
		if all := strings.Join(ids, ", "); cell != all {
			t.Errorf("article %s: on the scorecard are %s, the row says %s", article, all, cell)
		}
	}
	if !counted {
		t.Errorf("article %s: no indicator of its script counts anything", article)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
