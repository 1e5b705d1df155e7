package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/screening"
)

// fate is what becomes of a warning, each on a day, "" for never.
type fate struct {
	id, rule, unit string
	officer        domain.OfficerID
	raised         string
	acknowledged   string
	settled        string
	dismissed      bool
	outcome        warning.Outcome
}

func (h *house) fated(all ...fate) *house {
	for _, f := range all {
		h.on(f.raised)
		h.do("system:system", f.id, warning.Raise{Rule: f.rule, Version: "1", Unit: domain.UnitID(f.unit), Officer: f.officer, Score: 1, Explanation: "look"})
		if f.acknowledged == "" {
			continue
		}
		h.on(f.acknowledged)
		h.do("leader:L9", f.id, warning.Acknowledge{})
		if f.settled == "" {
			continue
		}
		h.on(f.settled)
		h.do("leader:L9", f.id, warning.Review{Opinion: "seen"})
		if f.dismissed {
			h.do("leader:L9", f.id, warning.Dismiss{Reason: "explained"})
		} else {
			h.do("leader:L9", f.id, warning.ActOn{To: warning.TargetInspection, ID: "JC-" + f.id})
		}
		if f.outcome != "" {
			h.do("leader:L9", f.id, warning.RecordOutcome{Outcome: f.outcome})
		}
	}
	return h
}

// told writes a score in one line, with x for what is not told.
func toldScore(w projections.WarningScore) string {
	n := func(b projections.Bucket) string {
		if b.Suppressed {
			return "x"
		}
		return fmt.Sprint(b.Count)
	}
	list := func(all ...projections.Bucket) string {
		var out []string
		for _, b := range all {
			out = append(out, n(b))
		}
		return strings.Join(out, "/")
	}
	of := string(w.Kind)
	if w.Imported {
		of = "imported " + of
	}
	wait := func(x projections.WarningWait) string {
		if x.Missing != "" {
			return string(x.Missing)
		}
		return fmt.Sprintf("%dh", x.Hours)
	}
	precision := string(w.Precision.Missing)
	if precision == "" {
		precision = fmt.Sprintf("%d (%d-%d)", w.Precision.Share, w.Precision.Low, w.Precision.High)
	}
	return fmt.Sprintf("%s %s: %s again %s, %s late %s up %s, %s, %s, %s, %s %s", of, w.Code, n(w.Raised), n(w.Again), list(w.Acknowledged, w.Waiting), n(w.Late), n(w.Escalated),
		list(w.ActedOn, w.Dismissed, w.Open), list(w.True, w.False, w.Unclear, w.Unknown), precision, wait(w.Median), wait(w.Ninetieth))
}

// scoredWarnings records warnings of a rule, a clock and a code of nobody's, and one of
// old records.
func scoredWarnings(t testing.TB) *house {
	h := newHouse(t)
	h.people()
	h.fated(
		fate{id: "F1", rule: "certificate.missing", unit: "W1", officer: "P1", raised: "2024-03-04", acknowledged: "2024-03-05", settled: "2024-03-06", outcome: warning.OutcomeTrue},
		fate{id: "F2", rule: "certificate.missing", unit: "D1", officer: "P3", raised: "2024-03-04", acknowledged: "2024-03-06", settled: "2024-03-06", dismissed: true, outcome: warning.OutcomeFalse},
		fate{id: "F3", rule: "certificate.missing", unit: "D2", officer: "P2", raised: "2024-03-04", acknowledged: "2024-04-03", settled: "2024-04-03", outcome: warning.OutcomeUnclear},
		fate{id: "F4", rule: "certificate.missing", unit: "D1", officer: "I1", raised: "2024-05-06"},
		fate{id: "F5", rule: "clock:complaint.handle", unit: "W1", raised: "2024-06-03"},
		fate{id: "F6", rule: "by-hand", unit: "W1", raised: "2024-05-06", acknowledged: "2024-05-07", settled: "2024-05-08", outcome: warning.OutcomeTrue},
	)
	h.on("2024-05-20")
	h.do("system:system", "F4", warning.Raise{Rule: "certificate.missing", Version: "2", Unit: "D1", Officer: "I1", Score: 5, Explanation: "again"})
	h.do("system:system", "F4", warning.Escalate{To: domain.RoleLeader, Reason: "nobody looked"})
	h.do("importer:M", "F7", warning.Import{Rule: "by-hand", Unit: "W1", RaisedOn: domain.MustDate("2019-01-02"), Outcome: "right"})
	return h
}

func TestWarningsAreScoredByRule(t *testing.T) {
	v := scoredWarnings(t).built()
	day := domain.MustDate
	const (
		clock = "clock clock:complaint.handle: 1 again 0, 0/1 late 0 up 0, 0/0/1, 0/0/0/1, nothing_known, nothing_known nothing_known"
		hand  = "other by-hand: 1 again 0, 1/0 late 0 up 0, 1/0/0, 1/0/0/0, 10000 (250-10000), 24h 24h"
		old   = "imported other by-hand: 1 again 0, 0/0 late 0 up 0, 0/0/0, 0/0/0/0, imported, imported imported"
	)
	for _, c := range []struct {
		name   string
		who    projections.Principal
		filter projections.WarningScoreFilter
		want   []string
	}{
		{"an auditor counts all", auditor, projections.WarningScoreFilter{}, []string{
			// Three were taken up after 24, 48 and 720 hours; one has waited for 28 days, which is 672.
			"rule certificate.missing: 4 again 1, 3/1 late 2 up 1, 2/1/1, 1/1/1/1, 5000 (125-9875), 48h 720h", clock, hand, old}},
		{"an inspector counts no warning about themselves, nor about P3, whom they know", as(domain.RoleInspector, "I1", "A"), projections.WarningScoreFilter{}, []string{
			"rule certificate.missing: 2 again 0, 2/0 late 1 up 0, 2/0/0, 1/0/1/0, 10000 (250-10000), 24h 720h", clock, hand, old}},
		{"in scope alone, by unit or by officer", as(domain.RoleLeader, "L1", "D2"), projections.WarningScoreFilter{}, []string{
			"rule certificate.missing: 1 again 0, 1/0 late 1 up 0, 1/0/0, 0/0/1/0, nothing_known, 720h 720h"}},
		{"of a period and a rule", auditor, projections.WarningScoreFilter{From: day("2024-05-01"), To: day("2024-05-31"), Rule: "certificate.missing"}, []string{
			"rule certificate.missing: 1 again 1, 0/1 late 1 up 1, 0/0/1, 0/0/0/1, nothing_known, nothing_known nothing_known"}},
		{"of a unit", auditor, projections.WarningScoreFilter{Unit: "W1", Rule: "certificate.missing"}, []string{
			"rule certificate.missing: 1 again 0, 1/0 late 0 up 0, 1/0/0, 1/0/0/0, 10000 (250-10000), 24h 24h"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := v.As(c.who).WarningScores(context.Background(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, w := range got {
				lines = append(lines, toldScore(w))
			}
			if diff := cmp.Diff(c.want, lines); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	got, _ := v.As(auditor).WarningScores(context.Background(), projections.WarningScoreFilter{})
	if w := got[0]; w.Article != "D1" || w.Chinese == "" || w.Name == "" || w.Finds == "" || w.Not == "" || strings.Join(w.Versions, " ") != "1" {
		t.Errorf("what the rule is: %+v", w.WarningRule)
	}
	if w := got[1]; w.Article != "I3" || w.Chinese == "" || w.Name == "" || w.Not == "" {
		t.Errorf("what the clock is: %+v", w.WarningRule)
	}
}

// A date of one's own is believed, and counted.
func TestWhatIsNotedLaterIsCounted(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.fated(fate{id: "F1", rule: "by-hand", unit: "W1", raised: "2024-03-04"}, fate{id: "F2", rule: "by-hand", unit: "W1", raised: "2024-03-04", acknowledged: "2024-03-14"})
	h.on("2024-03-14")
	h.doAt("leader:L9", "F1", warning.Acknowledge{}, h.now.AddDate(0, 0, -9))
	got, err := h.built().As(auditor).WarningScores(context.Background(), projections.WarningScoreFilter{})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if w := got[0]; w.NotedLater.Count != 1 || w.Median.Hours != 24 || w.Ninetieth.Hours != 240 {
		t.Errorf("%d noted later, half within %d hours, nine in ten within %d", w.NotedLater.Count, w.Median.Hours, w.Ninetieth.Hours)
	}
}

// Whatever raises warnings is known by its code, says what it does not mean, in
// both languages, and no two codes are alike.
func TestWhatRaisesWarningsIsKnown(t *testing.T) {
	codes := map[string]projections.WarningRuleKind{}
	for _, r := range alerts.All() {
		codes[r.Code] = projections.WarningByRule
	}
	for _, m := range screening.Measures() {
		if codes[m.Code] != "" {
			t.Errorf("%s is a rule and a measure", m.Code)
		}
		codes[m.Code] = projections.WarningByMeasure
	}
	for _, r := range clocks.Rules() {
		codes[clocks.RuleCode(r.Name)] = projections.WarningByClock
	}
	for code, kind := range codes {
		r := projections.WarningRuleOf(code)
		if r.Kind != kind || r.Code != code || r.Name == "" || r.Chinese == "" || r.Finds == "" || r.FindsChinese == "" || r.Not == "" || r.NotChinese == "" {
			t.Errorf("%s: %+v", code, r)
		}
	}
	for _, code := range []string{"", "clock:", "clock:nothing", "rule", "complaint.handle"} {
		if r := projections.WarningRuleOf(code); r.Kind != projections.WarningByOther || r.Name != "" {
			t.Errorf("%q is taken for %+v", code, r)
		}
	}
}

func TestWhoIsToldNoScore(t *testing.T) {
	v := scoredWarnings(t).built()
	for name, c := range map[string]struct {
		who    projections.Principal
		filter projections.WarningScoreFilter
		want   domain.Code
	}{
		"hr":                                   {as(domain.RoleHR, "R1", projections.AllUnits), projections.WarningScoreFilter{}, ""},
		"intake":                               {as(domain.RoleIntake, "T1", projections.AllUnits), projections.WarningScoreFilter{}, ""},
		"a handler":                            {as(domain.RoleHandler, "H1"), projections.WarningScoreFilter{}, ""},
		"an officer":                           {as(domain.RoleOfficer, "P1"), projections.WarningScoreFilter{}, ""},
		"the public":                           {as(domain.RolePublic, ""), projections.WarningScoreFilter{}, ""},
		"an importer":                          {as(domain.RoleImporter, "M"), projections.WarningScoreFilter{}, ""},
		"a leader without units":               {as(domain.RoleLeader, "L1"), projections.WarningScoreFilter{}, ""},
		"of a unit out of scope":               {as(domain.RoleLeader, "L1", "D2"), projections.WarningScoreFilter{Unit: "W1"}, ""},
		"an overseer of several units at once": {as(domain.RoleOverseer, "O", "D1", "D2"), projections.WarningScoreFilter{}, domain.CodeForbidden},
		"an overseer of a unit that holds another": {as(domain.RoleOverseer, "O", "A", "D1"), projections.WarningScoreFilter{Unit: "A"}, domain.CodeForbidden},
		"an overseer of a unit in another":         {as(domain.RoleOverseer, "O", "A", "W1"), projections.WarningScoreFilter{Unit: "W1"}, domain.CodeForbidden},
		"an overseer of all and a part":            {as(domain.RoleOverseer, "O", projections.AllUnits, "D1"), projections.WarningScoreFilter{Unit: "D1"}, domain.CodeForbidden},
		"an overseer of a part":                    {as(domain.RoleOverseer, "O", "A"), projections.WarningScoreFilter{Unit: "W1"}, domain.CodeForbidden},
		"an overseer of some days":                 {as(domain.RoleOverseer, "O", "A"), projections.WarningScoreFilter{From: domain.MustDate("2024-01-01")}, domain.CodeForbidden},
		"days that end before they are":            {auditor, projections.WarningScoreFilter{From: domain.MustDate("2024-01-02"), To: domain.MustDate("2024-01-01")}, domain.CodeInvalid},
	} {
		got, err := v.As(c.who).WarningScores(context.Background(), c.filter)
		if domain.RefusalCode(err) != c.want || got != nil {
			t.Errorf("%s: %v, %v; want %q", name, got, err, c.want)
		}
	}
}

// An overseer is told of no few warnings, nor what they follow from.
func TestAnOverseerIsToldNoSmallScores(t *testing.T) {
	h := scoredWarnings(t)
	for i := range 12 {
		f := fate{id: fmt.Sprint("G", i), rule: "discretion.repeated", unit: "W1", raised: "2024-03-04"}
		if i < 11 {
			f.acknowledged, f.settled, f.dismissed = "2024-03-05", "2024-03-05", i < 6
		}
		if i < 10 {
			f.outcome = warning.OutcomeTrue
			if i < 5 {
				f.outcome = warning.OutcomeFalse
			}
		}
		h.fated(f)
	}
	v := h.built()
	whole := as(domain.RoleOverseer, "O", "A")
	got, err := v.As(whole).WarningScores(context.Background(), projections.WarningScoreFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, w := range got {
		lines = append(lines, toldScore(w))
	}
	// Of the three small rows the sum is seven; with the next, of twelve, all is
	// hidden, and what was raised under a code of somebody's is left out.
	hidden := ": x again x, x/x late x up x, x/x/x, x/x/x/x, suppressed, suppressed suppressed"
	if diff := cmp.Diff([]string{"rule certificate.missing" + hidden, "rule discretion.repeated" + hidden, "clock clock:complaint.handle" + hidden}, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Twelve of twenty-four taken up; six right, six not, twelve unknown. Beyond nine tenths of
	// twelve are two.
	for i := range 12 {
		h.fated(fate{id: fmt.Sprint("K", i), rule: "steps.skipped", unit: "W1", raised: "2024-03-04"},
			fate{id: fmt.Sprint("L", i), rule: "steps.skipped", unit: "W1", raised: "2024-03-04", acknowledged: "2024-03-05", settled: "2024-03-05", dismissed: i < 6,
				outcome: []warning.Outcome{warning.OutcomeTrue, warning.OutcomeFalse}[i%2]})
	}
	got, err = h.built().As(whole).WarningScores(context.Background(), projections.WarningScoreFilter{Rule: "steps.skipped"})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if line, want := toldScore(got[0]), "rule steps.skipped: 24 again x, 12/12 late 12 up x, 6/6/12, 6/6/x/12, 5000 (2109-7891), 24h suppressed"; line != want {
		t.Errorf("%s\nwant %s", line, want)
	}
}

// A thousand warnings more are no statement more.
func TestScoresTakeAFixedNumberOfStatements(t *testing.T) {
	h := scoredWarnings(t)
	ask := func() int {
		r := h.built().As(as(domain.RoleInspector, "I2", "A"))
		if _, err := r.WarningScores(context.Background(), projections.WarningScoreFilter{}); err != nil {
			t.Fatal(err)
		}
		return r.Statements()
	}
	few := ask()
	for i := range 50 {
		h.fated(fate{id: fmt.Sprint("N", i), rule: fmt.Sprint("r", i), unit: "W1", raised: "2024-03-04"})
	}
	if many := ask(); many != few {
		t.Errorf("%d statements for 7 warnings, %d for 57", few, many)
	}
}
