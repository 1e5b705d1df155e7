package projections_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
)

// fair records twenty women and thirty men of old records in W1, five of group
// z, three of a group too small to be told, and two who say nothing; a warning of
// a rule about the first so many of each.
func fair(t testing.TB, women, men, others int) *house {
	h := newHouse(t)
	h.people()
	h.on("2024-01-02")
	n := 0
	of := func(prefix, sex string, many, warned int) {
		for i := range many {
			id := fmt.Sprintf("%s%02d", prefix, i)
			h.do("importer:M", id, officer.Import{Unit: "W1", Sex: sex, Ethnicity: "e"})
			if i < warned {
				n++
				outcome := warning.OutcomeTrue
				if n%2 == 0 {
					outcome = warning.OutcomeFalse
				}
				h.fated(fate{id: fmt.Sprint("V", n), rule: "certificate.missing", unit: "W1", officer: domain.OfficerID(id), raised: "2024-03-04", acknowledged: "2024-03-05", settled: "2024-03-05", outcome: outcome})
			}
			h.on("2024-01-02")
		}
	}
	of("F", " female ", 20, women)
	of("M", "male", 30, men)
	of("Z", "z", 8, others)
	of("S", "a name that tells who it is", 3, 1)
	h.do("importer:M", "GONE", officer.Import{Unit: "W1", Sex: "male", SeparatedOn: domain.MustDate("2001-01-02")})
	return h
}

func toldFairness(f *projections.Fairness) []string {
	var out []string
	line := func(kind projections.WarningRuleKind, name string, g projections.FairnessGroup) {
		warned, known := fmt.Sprint(g.Warned.Count), fmt.Sprint(g.Known.Count)
		if g.Warned.Suppressed {
			warned = "x"
		}
		if g.Known.Suppressed {
			known = "x"
		}
		out = append(out, fmt.Sprintf("%s %q %s of %d %d (%d-%d) %d (%d-%d)%s, %s known %d%s", kind, name, warned, g.Officers, g.Share, g.Low, g.High, g.Ratio, g.RatioLow, g.RatioHigh, g.Missing,
			known, g.Precision.Share, g.Precision.Missing))
	}
	for _, of := range f.Of {
		line(of.Kind, "*", of.All)
		for _, g := range of.Groups {
			line(of.Kind, g.Group, g)
		}
	}
	return out
}

func TestFairnessByGroup(t *testing.T) {
	day := domain.MustDate
	for _, c := range []struct {
		name               string
		women, men, others int
		filter             projections.WarningScoreFilter
		want               []string
	}{
		// W1 has P1, of whom nothing is on file, as little as of P2, P3 and I1: four, who
		// count with all alone, as do the three of the group that is too small. The eight of z have no warning, so the least of the others is hidden with them.
		{"nobody of a group, and the next with them", 10, 12, 0, projections.WarningScoreFilter{}, []string{
			`"*" 23 of 65 3538 (2391-4824) 100 (67-137), 23 known 5217`,
			`"male" 12 of 30 4000 (2265-5940) 113 (64-168), x known 0suppressed`,
			`"female" x of 20 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"z" x of 8 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`}},
		{"all but four of a group are as telling as four of it", 17, 12, 0, projections.WarningScoreFilter{}, []string{
			`"*" 30 of 65 4615 (3370-5897) 100 (73-128), 30 known 5000`,
			`"male" 12 of 30 4000 (2265-5940) 87 (49-129), x known 0suppressed`,
			`"female" x of 20 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"z" x of 8 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`}},
		{"four of all", 2, 1, 0, projections.WarningScoreFilter{}, []string{
			`"*" x of 65 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"male" x of 30 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"female" x of 20 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"z" x of 8 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`}},
		{"before the first", 10, 12, 0, projections.WarningScoreFilter{To: day("2024-02-01")}, []string{
			`"*" x of 66 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"male" x of 31 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"female" x of 20 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`,
			`"z" x of 8 0 (0-0) 0 (0-0)suppressed, x known 0suppressed`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := fair(t, c.women, c.men, c.others).built().As(auditor).Fairness(context.Background(), projections.FairnessBySex, c.filter)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Clone(c.want)
			if len(got.Of) > 1 { // the one kind there is says the same
				for _, line := range c.want {
					want = append(want, "rule "+line)
				}
			}
			for i := range c.want {
				want[i] = " " + want[i]
			}
			if diff := cmp.Diff(want, toldFairness(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if first := day("2024-03-04"); !got.LeftOut || c.filter.To.IsZero() && got.From != first {
				t.Errorf("groups are left out: %v; it begins on %s", got.LeftOut, got.From)
			}
		})
	}
}

func TestWhoIsToldNoGroups(t *testing.T) {
	v := fair(t, 10, 12, 0).built()
	for name, c := range map[string]struct {
		who    projections.Principal
		by     projections.FairnessBy
		filter projections.WarningScoreFilter
		want   domain.Code
	}{
		"an inspector, who deals with warnings": {as(domain.RoleInspector, "I2", "A"), "sex", projections.WarningScoreFilter{}, ""},
		"a leader":                              {as(domain.RoleLeader, "L1", "A"), "sex", projections.WarningScoreFilter{}, ""},
		"hr":                                    {as(domain.RoleHR, "R1", "A"), "sex", projections.WarningScoreFilter{}, ""},
		"an officer":                            {as(domain.RoleOfficer, "F01"), "sex", projections.WarningScoreFilter{}, ""},
		"intake":                                {as(domain.RoleIntake, "T1", "A"), "sex", projections.WarningScoreFilter{}, ""},
		"a handler":                             {as(domain.RoleHandler, "H1"), "sex", projections.WarningScoreFilter{}, ""},
		"the public":                            {as(domain.RolePublic, ""), "sex", projections.WarningScoreFilter{}, ""},
		"an importer":                           {as(domain.RoleImporter, "M"), "sex", projections.WarningScoreFilter{}, ""},
		"an auditor of another agency":          {as(domain.RoleAuditor, "X", "B"), "sex", projections.WarningScoreFilter{Unit: "A"}, ""},
		"an overseer of several units at once":  {as(domain.RoleOverseer, "O", "D1", "D2"), "sex", projections.WarningScoreFilter{}, domain.CodeForbidden},
		"an overseer of a unit that holds another": {as(domain.RoleOverseer, "O", "A", "D1"), "sex", projections.WarningScoreFilter{Unit: "A"}, domain.CodeForbidden},
		"an overseer of a unit in another":         {as(domain.RoleOverseer, "O", "A", "W1"), "sex", projections.WarningScoreFilter{Unit: "W1"}, domain.CodeForbidden},
		"an overseer of all and a part":            {as(domain.RoleOverseer, "O", projections.AllUnits, "D1"), "sex", projections.WarningScoreFilter{Unit: "D1"}, domain.CodeForbidden},
		"an overseer of a part":                    {as(domain.RoleOverseer, "O", "A"), "sex", projections.WarningScoreFilter{Unit: "W1"}, domain.CodeForbidden},
		"an overseer of some days":                 {as(domain.RoleOverseer, "O", "A"), "sex", projections.WarningScoreFilter{To: domain.MustDate("2024-05-01")}, domain.CodeForbidden},
		"no attribute that there is":               {auditor, "age", projections.WarningScoreFilter{}, domain.CodeInvalid},
		"no attribute but a statement":             {auditor, "sex, '') FROM protected p; --", projections.WarningScoreFilter{}, domain.CodeInvalid},
		"days that end before they begin":          {auditor, "sex", projections.WarningScoreFilter{From: domain.MustDate("2024-01-02"), To: domain.MustDate("2024-01-01")}, domain.CodeInvalid},
	} {
		got, err := v.As(c.who).Fairness(context.Background(), c.by, c.filter)
		if domain.RefusalCode(err) != c.want || got != nil {
			t.Errorf("%s: %+v, %v; want %q", name, got, err, c.want)
		}
	}
	got, err := v.As(as(domain.RoleOverseer, "O", "A")).Fairness(context.Background(), projections.FairnessByEthnicity, projections.WarningScoreFilter{})
	if err != nil || got == nil || len(got.Of) == 0 || got.Of[0].All.Officers != 65 || got.Of[0].All.Warned.Count != 23 || !got.Of[0].Groups[0].Warned.Suppressed {
		t.Errorf("an overseer: %+v, %v", got, err)
	}
}

// What old records hold of sex and ethnicity is at hand for the report and for
// nothing else: no other file reads the table, and no search finds by it.
func TestNothingElseReadsWhatIsProtected(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file != "fairness.go" && !strings.HasSuffix(file, "_test.go") && regexp.MustCompile(`(?i)(from|join|into|update) protected\b|ethnicity|\bsex\b`).Match(source) {
			t.Errorf("%s reads protected attributes", file)
		}
	}
	v := fair(t, 1, 1, 0).built()
	for _, text := range []string{"female", "name that tells"} {
		found, err := v.As(auditor).Search(context.Background(), text, nil, projections.Page{})
		if err != nil || len(found.Items) > 0 {
			t.Errorf("a search for %q finds %v, %v", text, found.Items, err)
		}
	}
}
