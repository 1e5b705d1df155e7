package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/alerts"
)

// neverRaised are the rules that raise nothing in the demo, each with the
// reason. What does raise may not be listed.
var neverRaised = map[string]string{
	"steps.conflict": "the ledger refuses it, whoever asks: see the rule",
	"rule.flooded":   "no rule finds more than twenty cases in a day there",
}

// toldWarning is a warning as the demo tells it.
type toldWarning struct {
	ID, Rule, Status, Outcome, Reason, Opinion      string
	RaisedOn, AcknowledgedOn, ReviewedOn, SettledOn string
	EscalatedTo                                     string
	Times                                           int
	Officer, Inspection, Complaint, Case            *struct{ ID, Status string }
	Evidence                                        []struct{ ID string }
	Timeline                                        struct {
		Nodes []struct {
			Event struct {
				Kind, Actor, Role, RecordedAt string
			}
		}
	}
}

// warnings asks for all of them.
func (d *demo) warnings() (out []toldWarning) {
	d.t.Helper()
	for after := ""; ; {
		var answer struct {
			Warnings struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
				Nodes []toldWarning
			}
		}
		raw := d.ask(theAuditor, fmt.Sprintf(`{warnings(first:50%s){pageInfo{hasNextPage endCursor} nodes{id rule status outcome reason opinion raisedOn acknowledgedOn reviewedOn
			settledOn escalatedTo times officer{id} inspection{id status} complaint{id status} case{id status} evidence{id}
			timeline(first:40,order:RECORDED_ASC,filter:{as:["subject"]}){nodes{event{kind actor role recordedAt}}}}}}`, behind(after)))
		if err := json.Unmarshal([]byte(raw), &answer); err != nil {
			d.t.Fatal(err)
		}
		out = append(out, answer.Warnings.Nodes...)
		if !answer.Warnings.PageInfo.HasNextPage {
			return out
		}
		after = answer.Warnings.PageInfo.EndCursor
	}
}

// behind goes on with a list behind the cursor, "" at its beginning.
func behind(cursor string) string {
	if cursor == "" {
		return ""
	}
	return fmt.Sprintf(",after:%q", cursor)
}

// checkWarnings holds that each article has a warning that was followed to its
// outcome, by people other than whom it is about and in the order of time; that
// every rule is met; and that warnings end in every way.
func (d *demo) checkWarnings() {
	known, raised := map[domain.Article][]string{}, map[string]int{}
	ends := map[string]int{}
	for _, w := range d.warnings() {
		raised[w.Rule]++
		if alerts.Find(w.Rule) == nil && !strings.HasPrefix(w.Rule, "clock:") && agency.ArticleOf(w.Rule) == "" {
			continue // another system's
		}
		if wrong := w.wrong(); wrong != "" {
			d.t.Errorf("warning %s: %s\n%+v", w.ID, wrong, w.Timeline.Nodes)
		}
		ends[w.Status]++
		ends[w.Outcome]++
		ends["escalated to "+w.EscalatedTo]++
		if article := agency.ArticleOf(w.Rule); w.Outcome != "" {
			known[article] = append(known[article], fmt.Sprintf("%s %s %s", w.Rule, w.Status, w.Outcome))
		}
	}
	var table strings.Builder
	tab, missing := tabwriter.NewWriter(&table, 0, 8, 2, ' ', 0), false
	for _, article := range domain.CN2024().Programme.Articles {
		slices.Sort(known[article])
		missing = missing || len(known[article]) == 0
		fmt.Fprintf(tab, "%s\t%d with a known outcome\t%s\n", article, len(known[article]), strings.Join(slices.Compact(known[article]), "; "))
	}
	tab.Flush()
	if missing {
		d.t.Errorf("some article has no warning that was followed to its outcome:\n%s", &table)
	}
	for _, end := range []string{"RAISED", "ACTED_ON", "DISMISSED", "TRUE", "FALSE", "UNCLEAR", "escalated to LEADER"} {
		if ends[end] == 0 {
			d.t.Errorf("no warning ends as %s: %v", end, ends)
		}
	}
	for _, rule := range alerts.All() {
		if why := neverRaised[rule.Code]; (why != "") == (raised[rule.Code] > 0) {
			d.t.Errorf("rule %s raised %d warnings; it is listed as never raised for %q", rule.Code, raised[rule.Code], why)
		}
	}
	if shown := d.story.OneForEach(); len(shown) != 20 {
		d.t.Errorf("the demo shows warnings of %d articles", len(shown))
	}
	d.checkWarnedRows()
}

// warnedRow is a row of the table of warnings in README.md: rule, how it ended,
// query.
var warnedRow = regexp.MustCompile("(?m)^\\| `([a-z_]+\\.[a-z_]+)` .* \\| (.*) \\| `([^`]*)` \\|$")

// checkWarnedRows asks every query of that table.
func (d *demo) checkWarnedRows() {
	rows := warnedRow.FindAllStringSubmatch(read(d.t, readmeFile), -1)
	if len(rows) < 5 {
		d.t.Errorf("README.md tells of %d warnings", len(rows))
	}
	for _, row := range rows {
		end := strings.ToUpper(row[2][strings.LastIndex(row[2], " ")+1:])
		if answer := d.ask(theAuditor, row[3]); !strings.Contains(answer, `"outcome":"`+end+`"`) || strings.Count(answer, `"outcome"`) != 1 {
			d.t.Errorf("%s: one warning should have ended as %s: %s", row[1], end, answer)
		}
	}
}

// wrong says what in the life of a warning is not as it should be.
func (w toldWarning) wrong() string {
	last := ""
	for _, n := range w.Timeline.Nodes {
		e := n.Event
		if w.Officer != nil && e.Actor == w.Officer.ID {
			return e.Actor + " took a step in a warning about themselves"
		}
		if e.RecordedAt < last {
			return e.Kind + " is out of its order"
		}
		last = e.RecordedAt
	}
	for _, days := range [][2]string{{w.RaisedOn, w.AcknowledgedOn}, {w.AcknowledgedOn, w.ReviewedOn}, {w.ReviewedOn, w.SettledOn}} {
		if days[1] != "" && (days[0] == "" || days[1] < days[0]) {
			return fmt.Sprintf("a step of %s lies before that of %s", days[1], days[0])
		}
	}
	switch {
	case len(w.Evidence) == 0:
		return "rests on nothing"
	case w.Status == "ACTED_ON" && w.Inspection == nil && w.Complaint == nil && w.Case == nil:
		return "was acted on, and led to nothing"
	case w.Status == "DISMISSED" && w.Reason == "":
		return "was dismissed for no reason"
	case w.Outcome != "" && w.Opinion == "":
		return "came out without a review"
	}
	return ""
}

// TestArticleOf: which article a warning stands for.
func TestArticleOf(t *testing.T) {
	for rule, want := range map[string]domain.Article{
		"steps.skipped": "D2", "clock:plan.target": "I1", "I10.overrides": "I10", "D3.bad": "D3", "change.late": "D10", "approval-slow": "", "clock:none": "", "X1.none": "", "": "",
	} {
		if got := agency.ArticleOf(rule); got != want {
			t.Errorf("%q stands for %q, want %q", rule, got, want)
		}
	}
}
