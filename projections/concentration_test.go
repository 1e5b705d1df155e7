package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

func TestCountsAreCutIntoTenths(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts []int
		want   string
	}{
		// Each tenth is two officers; of 20 complaints the first holds 8 + 4.
		{"twenty officers", []int{0, 4, 1, 8, 0, 2, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
			"2:12:60.00:60.00 2:4:20.00:80.00 2:2:10.00:90.00 2:2:10.00:100.00 2:0:0.00:100.00 2:0:0.00:100.00 2:0:0.00:100.00 2:0:0.00:100.00 2:0:0.00:100.00 2:0:0.00:100.00"},
		// The first k tenths hold 1.2, 2.4, 3.6, 4.8, 6, … officers, rounded up: 2, 3, 4, 5, 6, 8, 9, 10, 11, 12.
		{"a number that is no multiple of ten", []int{6, 5, 4, 3, 2, 1, 1, 1, 1, 0, 0, 0},
			"2:11:45.83:45.83 1:4:16.67:62.50 1:3:12.50:75.00 1:2:8.33:83.33 1:1:4.17:87.50 2:2:8.33:95.83 1:1:4.17:100.00 1:0:0.00:100.00 1:0:0.00:100.00 1:0:0.00:100.00"},
		{"equal counts, which no order can tell apart", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
			strings.TrimSpace(strings.Join([]string{"1:1:10.00:10.00", "1:1:10.00:20.00", "1:1:10.00:30.00", "1:1:10.00:40.00", "1:1:10.00:50.00",
				"1:1:10.00:60.00", "1:1:10.00:70.00", "1:1:10.00:80.00", "1:1:10.00:90.00", "1:1:10.00:100.00"}, " "))},
		{"three officers", []int{1, 0, 3}, "1:3:75.00:75.00 0:0:0.00:75.00 0:0:0.00:75.00 1:1:25.00:100.00 0:0:0.00:100.00 0:0:0.00:100.00 1:0:0.00:100.00 0:0:0.00:100.00 0:0:0.00:100.00 0:0:0.00:100.00"},
		{"nobody", nil, strings.TrimSpace(strings.Repeat("0:0:0.00:0.00 ", 10))},
		{"no complaint", []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, strings.TrimSpace(strings.Repeat("1:0:0.00:0.00 ", 10))},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, sum := projections.TenthsOf(c.counts)
			want := 0
			for _, n := range c.counts {
				want += n
			}
			if diff := cmp.Diff(strings.Fields(c.want), strings.Fields(written(list))); diff != "" || sum != want {
				t.Errorf("sum %d, tenths (-want +got):\n%s", sum, diff)
			}
		})
	}
}

// written writes tenths as officers:count:share:cumulative, with x for what
// is not told.
func written(list []projections.Tenth) string {
	var out []string
	for _, x := range list {
		count, share, cumulative := fmt.Sprint(x.Count), fmt.Sprintf("%d.%02d", x.Share/100, x.Share%100), fmt.Sprintf("%d.%02d", x.Cumulative/100, x.Cumulative%100)
		if x.Suppressed {
			count, share = "x", "x"
		}
		if x.CumulativeSuppressed {
			cumulative = "x"
		}
		out = append(out, fmt.Sprintf("%d:%s:%s:%s", x.Officers, count, share, cumulative))
	}
	return strings.Join(out, " ")
}

func TestSmallTenthsAreHidden(t *testing.T) {
	six := func(counts ...int) []projections.Tenth {
		list := make([]projections.Tenth, projections.Tenths)
		for i := range list {
			list[i].Officers = 6
			if i < len(counts) {
				list[i].Count = counts[i]
			}
		}
		return list
	}
	few := six(40, 30)
	few[9].Officers = 4
	for _, c := range []struct {
		name string
		list []projections.Tenth
		want string
	}{
		{"nothing small: a tenth of nobody counted tells nothing of anybody", six(40, 30, 10), "40 30 10 0 0 0 0 0 0 0"},
		{"a small one takes the next with it", six(40, 30, 10, 2), "40 30 x x 0 0 0 0 0 0"},
		{"few officers in a tenth hide them all", few, "x x x x x x x x x x"},
	} {
		projections.SuppressTenths(c.list)
		var got []string
		for _, x := range c.list {
			count, _, _ := strings.Cut(strings.TrimPrefix(written([]projections.Tenth{x}), fmt.Sprint(x.Officers, ":")), ":")
			got = append(got, count)
			if x.Suppressed && (x.Count != 0 || x.Share != 0 || x.Cumulative != 0) {
				t.Errorf("%s: what is hidden is still there: %+v", c.name, x)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

// complainedOf records, besides a small agency, twenty officers Q01…Q20 of
// W1 and these complaints of 2024: five about Q01 (one of them about Q02 as
// well), two about Q03 by their findings alone, one about Q04; and one of 2023
// about Q05. Of those about Q01 two are sustained, of Q03's findings one, and
// one in part.
func (h *house) complainedOf() *house {
	h.people()
	h.on("2023-01-16")
	for i := range 20 {
		h.do("importer:M", fmt.Sprintf("Q%02d", i+1), officer.Import{Unit: "W1"})
	}
	h.on("2024-04-01")
	received := func(id, on string, officers ...domain.OfficerID) {
		h.do("importer:M", id, complaint.Import{ReceivedOn: domain.MustDate(on), Category: "delay", Summary: "slow", Unit: "W1", Officers: officers})
	}
	found := func(id string, of domain.OfficerID, result misconduct.Result) {
		h.do("importer:M", id, misconduct.ImportFinding{Complaint: domain.ComplaintID(id), Officer: of, Unit: "W1", Category: "delay", Result: result})
	}
	for i := range 4 {
		received(fmt.Sprint("Y", i), "2024-01-02", "Q01")
	}
	received("Y4", "2024-01-03", "Q01", "Q02")
	received("Y5", "2024-01-04")
	received("Y6", "2024-01-05")
	received("Y7", "2024-01-06", "Q04")
	received("Y8", "2023-12-31", "Q05")
	found("Y0", "Q01", misconduct.ResultSustained)
	found("Y1", "Q01", misconduct.ResultSustained)
	found("Y2", "Q01", misconduct.ResultUnfounded)
	found("Y5", "Q03", misconduct.ResultSustained)
	found("Y5", "Q03", misconduct.ResultPartlySustained)
	found("Y6", "Q03", misconduct.ResultNotSustained)
	found("Y6", "", misconduct.ResultSustained)
	return h
}

func TestConcentrationOfComplaints(t *testing.T) {
	v := newHouse(t).complainedOf().built()
	day := domain.MustDate
	for _, c := range []struct {
		name       string
		who        projections.Principal
		filter     projections.ConcentrationFilter
		officers   int
		complaints string
		sustained  string
	}{
		// W1 has P1 and the twenty: tenths of 2.1 officers, rounded up. Counts
		// of 2024 are 5, 2, 1, 1 of nine; sustained 2 and 2 of four.
		{"a window in 2024", auditor, projections.ConcentrationFilter{Unit: "W1", From: day("2024-01-01"), To: day("2024-12-31")}, 21,
			"3:8:88.89:88.89 2:1:11.11:100.00", "3:4:100.00:100.00 2:0:0.00:100.00"},
		{"in all years, those who name Q05 too", auditor, projections.ConcentrationFilter{Unit: "W1"}, 21,
			"3:8:80.00:80.00 2:2:20.00:100.00", "3:4:100.00:100.00 2:0:0.00:100.00"},
		{"in the last days of 2023", auditor, projections.ConcentrationFilter{Unit: "W1", To: day("2023-12-31")}, 21, "3:1:100.00:100.00 2:0:0.00:100.00", "3:0:0.00:0.00 2:0:0.00:0.00"},
		// Left are 2 of Q03 and 1 of Q04; the complaint about Q02 is about the
		// inspector too.
		{"an inspector counts no matter of their own, nor themselves", as(domain.RoleInspector, "Q01", "W1"),
			projections.ConcentrationFilter{From: day("2024-01-01")}, 20, "2:3:100.00:100.00 2:0:0.00:100.00", "2:2:100.00:100.00 2:0:0.00:100.00"},
		{"a leader in scope", as(domain.RoleLeader, "L1", "D2"), projections.ConcentrationFilter{}, 1, "1:0:0.00:0.00 0:0:0.00:0.00", "1:0:0.00:0.00 0:0:0.00:0.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := v.As(c.who).ComplaintConcentration(context.Background(), c.filter)
			if err != nil || got == nil {
				t.Fatal(got, err)
			}
			if got.Officers != c.officers || written(got.ByComplaints[:2]) != c.complaints || written(got.BySustained[:2]) != c.sustained {
				t.Errorf("%d officers, complaints %s, sustained %s", got.Officers, written(got.ByComplaints[:2]), written(got.BySustained[:2]))
			}
		})
	}
	for name, c := range map[string]struct {
		who    projections.Principal
		filter projections.ConcentrationFilter
		want   domain.Code
	}{
		"hr counts no complaints":                 {as(domain.RoleHR, "R1", projections.AllUnits), projections.ConcentrationFilter{}, ""},
		"intake none of findings, so nothing":     {as(domain.RoleIntake, "T1", projections.AllUnits), projections.ConcentrationFilter{}, ""},
		"a handler":                               {as(domain.RoleHandler, "H1"), projections.ConcentrationFilter{}, ""},
		"an officer":                              {as(domain.RoleOfficer, "P1"), projections.ConcentrationFilter{}, ""},
		"an importer":                             {as(domain.RoleImporter, "M"), projections.ConcentrationFilter{}, ""},
		"a unit out of scope":                     {as(domain.RoleLeader, "L1", "D2"), projections.ConcentrationFilter{Unit: "W1"}, ""},
		"the public, of a part":                   {as(domain.RolePublic, ""), projections.ConcentrationFilter{Unit: "A"}, domain.CodeForbidden},
		"the public, of some days":                {as(domain.RolePublic, ""), projections.ConcentrationFilter{From: day("2024-01-01")}, domain.CodeForbidden},
		"an overseer, of a part":                  {as(domain.RoleOverseer, "O", "A"), projections.ConcentrationFilter{Unit: "W1"}, domain.CodeForbidden},
		"days in the wrong order are not guessed": {auditor, projections.ConcentrationFilter{From: day("2024-01-02"), To: day("2024-01-01")}, domain.CodeInvalid},
	} {
		got, err := v.As(c.who).ComplaintConcentration(context.Background(), c.filter)
		if domain.RefusalCode(err) != c.want || got != nil {
			t.Errorf("%s: %+v, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestThePublicIsToldOfNoFewOfficers(t *testing.T) {
	h := newHouse(t).complainedOf()
	small, err := h.built().As(as(domain.RolePublic, "")).ComplaintConcentration(context.Background(), projections.ConcentrationFilter{})
	if err != nil || small.Officers != 24 || strings.Trim(written(small.ByComplaints), "23:x ") != "" || !small.Named.Suppressed {
		t.Errorf("24 officers, of whom a tenth is three: %+v, %v", small, err)
	}
	// Sixty officers of another agency: tenths of six; the first has 3 + 3 + 2,
	// the rest nothing.
	h.do("hr:R1", "B", unit.Establish{UnitName: "税务", UnitKind: unit.KindAgency})
	for i := range 60 {
		h.do("importer:M", fmt.Sprintf("R%02d", i), officer.Import{Unit: "B"})
	}
	for i := range 8 {
		h.do("importer:M", fmt.Sprint("Z", i), complaint.Import{ReceivedOn: domain.MustDate("2024-01-02"), Category: "delay", Summary: "slow", Unit: "B", Officers: []domain.OfficerID{domain.OfficerID(fmt.Sprintf("R%02d", i%3))}})
	}
	got, err := h.built().As(as(domain.RoleOverseer, "O", "B")).ComplaintConcentration(context.Background(), projections.ConcentrationFilter{})
	if err != nil || got == nil || got.Officers != 60 || written(got.ByComplaints[:2]) != "6:8:100.00:100.00 6:0:0.00:100.00" {
		t.Fatalf("an overseer: %+v, %v", got, err)
	}
	if !got.Named.Suppressed || got.Named.Count != 0 || got.Complaints.Count != 8 {
		t.Errorf("three officers with a complaint are told: %+v", got)
	}
}
