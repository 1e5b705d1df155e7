package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// questionHead is how a question of docs/questions says who asks it, and with
// what.
var questionHead = regexp.MustCompile(`(?s)^# As: (\S+)\n# Variables: (\{[^\n]*\})\n`)

// checkQuestions asks the demo's district every question of docs/questions.md
// and holds the answer against the one beside the query, byte for byte.
func (d *demo) checkQuestions() {
	const dir = "../../docs/questions"
	files, err := filepath.Glob(filepath.Join(dir, "*.graphql"))
	if err != nil || len(files) != 12 {
		d.t.Fatalf("%d questions in %s, %v; want twelve", len(files), dir, err)
	}
	doc, err := os.ReadFile(dir + ".md")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".graphql")
		query, err := os.ReadFile(file)
		if err != nil {
			d.t.Fatal(err)
		}
		head := questionHead.FindStringSubmatch(string(query))
		if head == nil {
			d.t.Errorf("%s does not say who asks", file)
			continue
		}
		if !strings.Contains(string(doc), "questions/"+name+".graphql") || !strings.Contains(string(doc), "`"+head[1]+"`") {
			d.t.Errorf("docs/questions.md says nothing of %s, or not that %s asks it", name, head[1])
		}
		got := d.run("", "query", "--as", head[1], "--variables", head[2], file)
		golden := filepath.Join(dir, name+".json")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				d.t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			d.t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			d.t.Errorf("%s (-on file +answered):\n%s", name, diff)
		}
	}
	d.checkFigures(string(doc))
}

// figure is a line of docs/questions.md that says what must be found in the
// answer to a question: its name, and the words in code.
var figure = regexp.MustCompile("(?m)^Answer to `([0-9a-z-]+)`: (.*)$")

// checkFigures looks up what the page says of the answers.
func (d *demo) checkFigures(doc string) {
	told := figure.FindAllStringSubmatch(doc, -1)
	if len(told) != 12 {
		d.t.Errorf("docs/questions.md tells the answer to %d questions", len(told))
	}
	for _, f := range told {
		answer, err := os.ReadFile("../../docs/questions/" + f[1] + ".json")
		if err != nil {
			d.t.Error(err)
			continue
		}
		words := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(f[2], -1)
		if len(words) < 2 {
			d.t.Errorf("%s: the page names %d things in the answer", f[1], len(words))
		}
		for _, w := range words {
			if !strings.Contains(string(answer), w[1]) {
				d.t.Errorf("%s: %s is not in the answer", f[1], w[1])
			}
		}
	}
}
