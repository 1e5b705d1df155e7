package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

var update = flag.Bool("update", false, "write what the demo shows into README.md")

const readmeFile = "../../README.md"

// demo is the district of the default seed, as 'probity demo' leaves it in a
// folder.
type demo struct {
	t       *testing.T
	dir     string
	house   *house.House
	story   *agency.Story
	service *graphql.Service
}

func playDemo(t *testing.T) *demo {
	t.Helper()
	d := &demo{t: t, dir: t.TempDir()}
	clock := &demoClock{agency: agency.NewClock()}
	a := &app{stdout: io.Discard, stderr: io.Discard, data: d.dir}
	h, err := house.Open(house.Config{
		Dir: d.dir, Write: true, PlainKey: true, Now: clock.now, Origin: demoOrigin,
		ReactionRefused: func(cause domain.Recorded, in domain.Instruction, err error) {
			t.Errorf("reaction to %s: %s refused: %v", cause.Event.Kind(), in.Command.Name(), err)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	d.house = h
	if d.story, err = a.play(t.Context(), h, demoFlags{agency.DefaultOfficers, agency.DefaultYears, agency.DefaultSeed, ""}, clock); err != nil {
		t.Fatal(err)
	}
	if d.service, err = h.GraphQL(slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return d
}

// ask answers a query as compact JSON; it must succeed.
func (d *demo) ask(who projections.Principal, query string) string {
	d.t.Helper()
	r := d.service.Do(d.t.Context(), who, overhttp.Request{Query: query})
	if len(r.Errors) > 0 {
		d.t.Fatalf("%s: %+v", query, r.Errors)
	}
	raw, err := json.Marshal(r.Data)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(raw)
}

// run runs a verb on the folder and returns what it prints.
func (d *demo) run(stdin string, args ...string) string {
	d.t.Helper()
	var out, errs bytes.Buffer
	env := []string{"PROBITY_DATA=" + d.dir}
	if code := run(context.Background(), args, strings.NewReader(stdin), &out, &errs, env); code != exitFine {
		d.t.Fatalf("probity %s ended with %d: %s", strings.Join(args, " "), code, errs.String())
	}
	return out.String()
}

func (d *demo) planted(name string) agency.Planted {
	for _, p := range d.story.Planted {
		if p.Name == name {
			return p
		}
	}
	d.t.Fatalf("there is no story %s", name)
	return agency.Planted{}
}

var theAuditor = projections.Principal{Role: domain.RoleAuditor, Subject: "auditor-01"}

// storyRow is a row of the table of stories: name, words, what is in the
// answer, query.
var storyRow = regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` (.*) \\| (.*) \\| `([^`]*)` \\|$")

func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole district")
	}
	t.Parallel()
	d := playDemo(t)
	t.Run("README.md says what it shows", func(t *testing.T) { d.t = t; d.checkReadme() })
	t.Run("every story of README.md is in the answer to its query", func(t *testing.T) { d.t = t; d.checkStories() })
	t.Run("every article has a warning that was followed to its outcome", func(t *testing.T) { d.t = t; d.checkWarnings() })
	t.Run("each sign-in sees what its role may", func(t *testing.T) { d.t = t; d.checkPeople() })
	t.Run("every question of docs/questions.md has its answer", func(t *testing.T) { d.t = t; d.checkQuestions() })
	t.Run("each role finds its pages in the console", func(t *testing.T) { d.t = t; d.checkConsole() })
	t.Run("docs/access.csv says who sees which field", func(t *testing.T) { d.t = t; d.checkAccess() })
	t.Run("docs/files.md tells of every file", func(t *testing.T) { d.t = t; d.checkFolder() })
	t.Run("pages of docs can be followed", func(t *testing.T) { d.t = t; d.checkPages(t) }) // last: some of them record
}

func (d *demo) checkReadme() {
	raw, err := os.ReadFile(readmeFile)
	if err != nil {
		d.t.Fatal(err)
	}
	text := string(raw)
	fresh := d.refresh(text)
	if *update && fresh != text {
		if err := os.WriteFile(readmeFile, []byte(fresh), 0o644); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(fresh, "\n")); diff != "" {
		d.t.Errorf("README.md is stale; 'go test ./cmd/probity -run Demo -update' puts it right (-README +demo):\n%s", diff)
	}
	if want := fmt.Sprintf("%d officers in all", agency.DefaultOfficers); !strings.Contains(text, want) || agency.DefaultYears != 2 {
		d.t.Errorf("README.md does not say %q and two years", want)
	}
}

// refresh puts every figure of the demo in its place in the text.
func (d *demo) refresh(text string) string {
	put := func(pattern, with string) {
		re := regexp.MustCompile(pattern)
		if !re.MatchString(text) {
			d.t.Errorf("README.md has nothing like %s", pattern)
		}
		text = re.ReplaceAllLiteralString(text, with)
	}
	put(`played \d+ instructions into \d+ signed events`, fmt.Sprintf("played %d instructions into %d signed events", d.story.Instructions, d.story.Events))
	put(`refused \d+ attempts`, fmt.Sprintf("refused %d attempts", d.story.RefusedOnPurpose))

	put("by the receipt code `[^`]*` how the complaint\n`[^`]*` stands", fmt.Sprintf("by the receipt code `%s` how the complaint\n`%s` stands", inFours(demoCode), house.ComplaintOf(demoNonce)))

	hero := string(d.planted("demerit-to-release").Officer)
	for _, row := range storyRow.FindAllStringSubmatch(text, -1) {
		if row[1] == "demerit-to-release" {
			if old := regexp.MustCompile(`HG-\d{4}`).FindString(row[4]); old != "" {
				text = strings.ReplaceAll(text, old, hero)
			}
		}
	}
	for _, p := range d.story.Planted {
		found := false
		text = storyRow.ReplaceAllStringFunc(text, func(row string) string {
			if m := storyRow.FindStringSubmatch(row); m[1] == p.Name {
				found = true
				return fmt.Sprintf("| `%s` %s | %s | `%s` |", m[1], m[2], m[3], storyQuery(p))
			}
			return row
		})
		if !found {
			d.t.Errorf("story %s is not in the table of README.md", p.Name)
		}
	}

	verified := d.run("", "verify")
	for _, line := range []string{`ledger    .*`, `events    \d+ in .*`, `imported  \d+`, `decided   \d+ under .*`, `signed    \d+ by key`} {
		put(`(?m)^`+line, regexp.MustCompile(`(?m)^`+line).FindString(verified))
	}
	exported := strings.Split(d.run("", "export", "records"), "\n")
	put(`(?m)(^HG-\d{4},.*\n){2}`, shortened(exported[1])+"\n"+shortened(exported[2])+"\n")

	ask := regexp.MustCompile(`(?s)echo '(\{officer[^']*)' \| \./probity query -\n` + "```\n```json\n(.*?)```").FindStringSubmatch(text)
	if ask == nil {
		d.t.Fatal("README.md has no query with its answer")
	}
	compare := regexp.MustCompile(`(?s)echo '([^']*)' \|\n  \./probity query --as (overseer:\S+) -`).FindStringSubmatch(text)
	if compare == nil {
		d.t.Fatal("README.md does not ask as the overseer")
	}
	if answer := d.run(compare[1], "query", "--as", compare[2], "-"); !strings.Contains(answer, "UNFOUNDED") || !strings.Contains(answer, "SW-CSZ-1") {
		d.t.Errorf("the overseer compares nothing: %s", answer)
	}
	card, err := os.ReadFile("../../graphql/examples/leader-scorecard.graphql")
	if err != nil {
		d.t.Fatal(err)
	}
	answer := d.run(string(card), "query", "--as", compare[2], "--variables", `{"unit":"HG","from":"2025-01-01","to":"2025-12-31"}`, "-")
	for _, want := range []string{`"numerator": null`, `"suppressed": true`, `"suppressed": false`, `"value": 9`, `"score": 9`} {
		if !strings.Contains(answer, want) {
			d.t.Errorf("the overseer's scorecard of the customs has no %s: %s", want, answer)
		}
	}
	return d.refreshDates(strings.Replace(text, ask[2], d.run(ask[1], "query", "-"), 1), hero)
}

// shortened is a line of the export as README.md prints it.
func shortened(line string) string {
	return strings.Join(strings.Split(line, ",")[:12], ",") + ",…"
}

// refreshDates holds what README.md says of a day against the file as of it.
func (d *demo) refreshDates(text, hero string) string {
	at := regexp.MustCompile(`"moment":"([^"]*)"`).FindStringSubmatch(text)
	var file struct {
		Officer struct {
			RecordFile struct {
				Day          domain.Date
				Restrictions []struct {
					Measure string
					Until   domain.Date
				}
			}
		}
	}
	answer := d.ask(theAuditor, fmt.Sprintf(`{officer(id:%q){recordFile(recordedAsOf:%q){day restrictions{measure until}}}}`, hero, at[1]))
	if err := json.Unmarshal([]byte(answer), &file); err != nil {
		d.t.Fatal(err)
	}
	then := file.Officer.RecordFile
	if len(then.Restrictions) != 1 || then.Restrictions[0].Measure != "demerit" {
		d.t.Fatalf("README.md shows a demerit in force at %s; on file are %+v", at[1], then.Restrictions)
	}
	long := func(day domain.Date) string { return day.In(time.UTC).Format("2 January 2006") }
	return regexp.MustCompile(`On .* the demerit was in force and the restriction stood, until .*\.`).ReplaceAllString(text,
		fmt.Sprintf("On %s the demerit was in force and the restriction stood, until %s.", long(then.Day), long(then.Restrictions[0].Until)))
}

// checkStories asks every query of the table.
func (d *demo) checkStories() {
	raw, err := os.ReadFile(readmeFile)
	if err != nil {
		d.t.Fatal(err)
	}
	rows := storyRow.FindAllStringSubmatch(string(raw), -1)
	if len(rows) != len(d.story.Planted) {
		d.t.Errorf("the table has %d stories, the district %d", len(rows), len(d.story.Planted))
	}
	for _, row := range rows {
		answer := d.ask(theAuditor, row[4])
		words := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[3], -1)
		if len(words) < 2 {
			d.t.Errorf("%s: the table names %d things in the answer, want 2 at least", row[1], len(words))
		}
		for _, word := range words {
			if !strings.Contains(answer, word[1]) {
				d.t.Errorf("%s: %s is not in the answer to %s:\n%s", row[1], word[1], row[4], answer)
			}
		}
	}
	for _, p := range d.story.Planted {
		if !p.Complete {
			d.t.Errorf("story %s does not come to its end", p.Name)
		}
	}
	// The troubles beside the stories, which README.md names.
	owed := d.ask(theAuditor, `{obligations(first:5){nodes{what subject{id}}}}`)
	for _, want := range []string{`fault the overturned act is","subject":{"id":"SJ-`, `gap with a new version","subject":{"id":"SW-`, `culture carrier","subject":{"id":"HG-`} {
		if !strings.Contains(owed, want) {
			d.t.Errorf("what is owed does not hold %s: %s", want, owed)
		}
	}
}

// checkPeople signs in as each of those the demo gives links for.
func (d *demo) checkPeople() {
	roles := map[domain.Role]int{}
	for _, p := range d.story.People {
		roles[p.Role]++
		who := projections.Principal{Role: p.Role, Subject: string(p.Subject), Units: p.Units}
		answer := d.ask(who, `{units(filter:{kind:AGENCY}){nodes{id}} officers(first:200){nodes{id}} programmes(first:50){nodes{agency{id}}}}`)
		for _, a := range d.story.Agencies {
			own := p.Agency == a.Unit || p.Agency == ""
			unit := fmt.Sprintf(`"id":"%s"`, a.Unit)
			switch p.Role {
			case domain.RoleOverseer:
				if !strings.Contains(answer, `"agency":{`+unit) || strings.Contains(answer, fmt.Sprintf(`"%s-0`, a.Unit)) {
					d.t.Errorf("the overseer should see the programme and no officer of %s: %s", a.Unit, answer)
				}
			case domain.RoleLeader:
				if strings.Contains(answer, `{`+unit) != own || strings.Contains(answer, fmt.Sprintf(`"%s-0`, a.Unit)) != own {
					d.t.Errorf("%s sees %s: %v is wrong: %s", p.Subject, a.Unit, !own, answer)
				}
			}
		}
		if p.Role == domain.RoleOfficer && !strings.Contains(answer, `"officers":{"nodes":[{"id":"`+string(p.Subject)+`"}]}`) {
			d.t.Errorf("%s should see their own file alone: %s", p.Subject, answer)
		}
	}
	for role, least := range map[domain.Role]int{domain.RoleOverseer: 1, domain.RoleAuditor: 1, domain.RoleLeader: 3, domain.RoleInspector: 3,
		domain.RoleHR: 1, domain.RoleIntake: 1, domain.RoleHandler: 1, domain.RoleOfficer: 1} {
		if roles[role] < least {
			d.t.Errorf("the demo signs in %d times as %s, want %d at least", roles[role], role, least)
		}
	}
}
