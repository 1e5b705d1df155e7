package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

func minutes(of string) domain.Evidence {
	return domain.Evidence{Digest: digest(of), MediaType: "application/pdf", Size: 1}
}

// hold records an activity of the unit that was not scheduled, with two hours.
func (h *house) hold(id string, kind activity.Kind, format activity.Format, unit domain.UnitID, on string, same string, contributors int, attendees ...domain.OfficerID) {
	h.t.Helper()
	c := activity.HoldUnscheduled{ActivityKind: kind, Format: format, Unit: unit, Topic: "on " + id, Reason: "called at short notice", On: domain.MustDate(on),
		Hours: 2, Attendees: attendees, Expected: 4, Contributors: contributors}
	if same != "" {
		c.Minutes = minutes(same)
	}
	h.do("hr:R1", id, c)
}

// educated records, besides the people, what was held in 2024:
//
//	02-01 AC1 A   warning film      P1 P3
//	02-08 AC2 W1  warning film      P1
//	02-15 AC3 W1  warning film      P1        (nobody contributed)
//	02-22 AC4 W1  study   seminar   P1        minutes m
//	03-01 AC5 W1  warning lecture   P1
//	03-08 AC6 D2  study   seminar   P2        minutes m
//	03-15 AC7 W1  study   seminar   P1        minutes n
//
// one scheduled (AS1), one cancelled (AS2), one of old records (AX), and the
// board CB of W1 and the shelf CS of D2.
func (h *house) educated() *house {
	h.on("2024-01-08")
	h.do("hr:R1", "CB", activity.SetCarrier{Carrier: activity.CarrierBoard, Title: "廉政宣传栏", Unit: "W1"})
	h.do("hr:R1", "CS", activity.SetCarrier{Carrier: activity.CarrierShelf, Title: "图书角", Unit: "D2"})
	h.do("hr:R1", "AS1", activity.Schedule{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "W1", On: domain.MustDate("2024-06-20"), Hours: 3, Topic: "a prison"})
	h.do("hr:R1", "AS2", activity.Schedule{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "W1", On: domain.MustDate("2024-02-20"), Hours: 3, Topic: "a court"})
	h.on("2024-02-19")
	h.do("hr:R1", "AS2", activity.Cancel{Reason: "snow"})
	h.on("2024-04-01")
	w, s := activity.KindWarningEducation, activity.KindBranchStudy
	h.hold("AC1", w, activity.FormatFilm, "A", "2024-02-01", "", 1, "P1", "P3")
	h.hold("AC2", w, activity.FormatFilm, "W1", "2024-02-08", "", 1, "P1")
	h.hold("AC3", w, activity.FormatFilm, "W1", "2024-02-15", "", 0, "P1")
	h.hold("AC4", s, activity.FormatSeminar, "W1", "2024-02-22", "a", 1, "P1")
	h.hold("AC5", w, activity.FormatLecture, "W1", "2024-03-01", "", 1, "P1")
	h.hold("AC6", s, activity.FormatSeminar, "D2", "2024-03-08", "a", 1, "P2")
	h.hold("AC7", s, activity.FormatSeminar, "W1", "2024-03-15", "b", 1, "P1")
	h.do("leader:L1", "AC1", activity.Assess{Score: 80, Feedback: "moving"})
	h.do("importer:M", "AX", activity.Import{ActivityKind: w, Unit: "D2", Topic: "old", On: domain.MustDate("2024-03-20"), Hours: 1, Attended: 5, Expected: 10})
	h.do("hr:R1", "CB", activity.RefreshCarrier{Content: "new cases", Evidence: paper})
	h.do("hr:R1", "CS", activity.RetireCarrier{Reason: "nobody reads"})
	return h
}

func TestActivitiesAreForThoseInChargeAndThoseWhoCame(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.educated().built()
	ctx := context.Background()
	all := []string{"AC1", "AC2", "AC3", "AC4", "AC5", "AC6", "AC7", "AS1", "AS2", "AX", "CB", "CS"}
	for _, c := range []struct {
		name                  string
		who                   projections.Principal
		activities, carriers  string
		attendees, streamsToo string
	}{
		{"an auditor sees them all", auditor, "AC1 AC2 AC3 AC4 AC5 AC6 AC7 AS1 AS2 AX", "CB CS", "P1 P3", "yes"},
		{"a leader sees those of their units, and those their officers went to", as(domain.RoleLeader, "L1", "D1"), "AC1 AC2 AC3 AC4 AC5 AC7 AS1 AS2", "CB", "P1 P3", "yes"},
		{"an inspector likewise, of themselves as well", as(domain.RoleInspector, "P2", "D2"), "AC6 AX", "CS", "", "yes"},
		{"hr likewise", as(domain.RoleHR, "R1", "D2"), "AC6 AX", "CS", "", "yes"},
		{"an officer sees those they came to, and their own name", as(domain.RoleOfficer, "P3"), "AC1", "", "P3", ""},
		{"an overseer sees all of an agency, and no name", as(domain.RoleOverseer, "O", "A"), "AC1 AC2 AC3 AC4 AC5 AC6 AC7 AS1 AS2 AX", "CB CS", "", ""},
		{"intake sees none", as(domain.RoleIntake, "T1", projections.AllUnits), "", "", "", ""},
		{"a handler sees none", as(domain.RoleHandler, "H1", projections.AllUnits), "", "", "", ""},
		{"the public sees none", as(domain.RolePublic, ""), "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := v.As(c.who)
			activities := both(t, all, func(id string) (*projections.Activity, error) { return r.Activity(ctx, domain.ActivityID(id)) },
				func() (*projections.List[projections.Activity], error) {
					return r.Activities(ctx, projections.ActivityFilter{}, projections.Page{})
				}, func(x projections.Activity) string { return string(x.ID) })
			carriers := both(t, all, func(id string) (*projections.Carrier, error) { return r.Carrier(ctx, domain.ActivityID(id)) },
				func() (*projections.List[projections.Carrier], error) {
					return r.Carriers(ctx, projections.CarrierFilter{}, projections.Page{})
				}, func(x projections.Carrier) string { return string(x.ID) })
			if got := strings.Join(activities, " "); got != c.activities {
				t.Errorf("activities %q, want %q", got, c.activities)
			}
			if got := strings.Join(carriers, " "); got != c.carriers {
				t.Errorf("carriers %q, want %q", got, c.carriers)
			}
			if a, err := r.Activity(ctx, "AC1"); err != nil || a != nil && idsOf(a.Attendees, func(o domain.OfficerID) string { return string(o) }) != c.attendees {
				t.Errorf("who came to AC1: %+v, %v; want %q", a, err, c.attendees)
			}
			streams := " " + strings.Join(eventsSeen(t, r), " ") + " "
			for _, id := range all {
				want := c.streamsToo != "" && strings.Contains(" "+c.activities+" "+c.carriers+" ", " "+id+" ")
				if got := strings.Contains(streams, " activity-"+id+" "); got != want && c.who.Role != domain.RoleOfficer {
					t.Errorf("events of %s are seen: %v, want %v", id, got, want)
				}
			}
		})
	}
}

func TestTheRegisterOfActivitiesIsNarrowed(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.educated().built()
	yes, no := true, false
	day := domain.MustDate
	for _, c := range []struct {
		name   string
		who    projections.Principal
		filter projections.ActivityFilter
		want   string
	}{
		{"the last held first, and those not held last", auditor, projections.ActivityFilter{Unit: "W1"}, "AC7 AC5 AC4 AC3 AC2 AS2 AS1"},
		{"of an officer", auditor, projections.ActivityFilter{Officer: "P3"}, "AC1"},
		{"of a kind and a format", auditor, projections.ActivityFilter{Kind: "warning_education", Format: "film"}, "AC3 AC2 AC1"},
		{"cancelled", auditor, projections.ActivityFilter{Status: "cancelled"}, "AS2"},
		{"held in some days", auditor, projections.ActivityFilter{HeldFrom: day("2024-02-22"), HeldTo: day("2024-03-01")}, "AC5 AC4"},
		{"with the minutes of another before it", auditor, projections.ActivityFilter{RepeatsMinutes: &yes}, "AC6"},
		{"studies with minutes of their own", auditor, projections.ActivityFilter{RepeatsMinutes: &no, Kind: "branch_study"}, "AC7 AC4"},
		{"of another that may not be seen", as(domain.RoleLeader, "L1", "D2"), projections.ActivityFilter{RepeatsMinutes: &yes}, ""},
		{"of old records", auditor, projections.ActivityFilter{Imported: &yes}, "AX"},
	} {
		l, err := v.As(c.who).Activities(context.Background(), c.filter, projections.Page{})
		if err != nil || idsOf(l.Items, func(x projections.Activity) string { return string(x.ID) }) != c.want {
			t.Errorf("%s: %v, %v; want %q", c.name, l, err, c.want)
		}
	}
	a, err := v.As(auditor).Activity(context.Background(), "AC1")
	if err != nil || a.Status != "assessed" || a.Score != 80 || a.Attended != 2 || a.Expected != 4 || a.Share() != 5000 || !a.Unscheduled || a.AssessedOn != day("2024-04-01") {
		t.Errorf("AC1: %+v, %v", a, err)
	}
	same, err := v.As(auditor).ActivitiesByMinutes(context.Background(), []string{digest("a"), ""})
	if err != nil || len(same) != 1 || idsOf(same[digest("a")], func(x projections.Activity) string { return string(x.ID) }) != "AC4 AC6" {
		t.Errorf("same minutes: %v, %v", same, err)
	}
}

func TestACarrierTellsWhenItWasLastRefreshed(t *testing.T) {
	h := newHouse(t)
	h.people()
	r, ctx, day := h.educated().built().As(auditor), context.Background(), domain.MustDate
	got, err := r.Carriers(ctx, projections.CarrierFilter{}, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	want := []projections.Carrier{
		{ID: "CS", Status: "retired", Carrier: "shelf", Title: "图书角", Unit: "D2", SetOn: day("2024-01-08"), RefreshedOn: day("2024-01-08"),
			Days: 84, RetiredOn: day("2024-04-01"), Reason: "nobody reads"},
		{ID: "CB", Status: "set", Carrier: "board", Title: "廉政宣传栏", Unit: "W1", SetOn: day("2024-01-08"), RefreshedOn: day("2024-04-01"),
			Days: 63, Refreshes: []projections.Refresh{{On: day("2024-04-01"), Content: "new cases", Evidence: paper}}}, // today is 3 June
	}
	if diff := cmp.Diff(want, got.Items, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("carriers (-want +got):\n%s", diff)
	}
	l, err := r.Carriers(ctx, projections.CarrierFilter{RefreshedBefore: day("2024-04-01"), Unit: "A"}, projections.Page{})
	if err != nil || idsOf(l.Items, func(x projections.Carrier) string { return string(x.ID) }) != "CS" {
		t.Errorf("not refreshed in April: %+v, %v", l, err)
	}
}

func TestCoverageCountsWhomActivitiesReached(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.on("2024-01-02")
	h.do("hr:R1", "P7", officer.Enroll{FullName: "离职", Unit: "W1"})
	h.on("2024-02-05")
	h.do("hr:R1", "P7", officer.Separate{Reason: officer.ReasonResigned})
	h.educated()
	h.on("2024-05-06")
	h.do("hr:R1", "P8", officer.Enroll{FullName: "新人", Unit: "W1"})
	v := h.built()
	for _, c := range []struct {
		name     string
		who      projections.Principal
		unit     domain.UnitID
		from, to string
		kind     string
		want     string
	}{
		{"a window, whose officers went to what the agency held", auditor, "W1", "2024-02-01", "2024-03-31", "warning_education",
			"2 officers, 1 came, 50.00 %, 4 held, 8 h, film 3, lecture 1, run film 2 of W1, repeated 0, silent 1, old 0"},
		{"after somebody left, and before somebody came", auditor, "W1", "2024-02-05", "2024-03-31", "",
			"1 officers, 1 came, 100.00 %, 5 held, 10 h, film 2, seminar 2, lecture 1, run film 2 of W1, repeated 0, silent 1, old 0; AC4=AC6"}, // D2 copied it from W1
		{"a department with everything below it", auditor, "D1", "2024-02-01", "2024-03-31", "warning_education",
			"4 officers, 2 came, 50.00 %, 4 held, 8 h, film 3, lecture 1, run film 2 of W1, repeated 0, silent 1, old 0"},
		{"the agency, studies, minutes used again", auditor, "A", "2024-02-05", "2024-03-31", "branch_study",
			"4 officers, 2 came, 50.00 %, 3 held, 6 h, seminar 3, run seminar 2 of W1, repeated 1, silent 0, old 0; AC4=AC6"},
		{"minutes of before the period", auditor, "D2", "2024-03-01", "2024-03-31", "branch_study",
			"1 officers, 1 came, 100.00 %, 1 held, 2 h, seminar 1, run seminar 1 of D2, repeated 1, silent 0, old 0; AC4=AC6"},
		{"old records do not name who came", auditor, "D2", "2024-03-20", "2024-03-20", "",
			"1 officers, 0 came, 0.00 %, 1 held, 1 h, old 1, repeated 0, silent 0"},
		{"nothing was held", auditor, "D2", "2024-04-01", "2024-04-30", "", "1 officers, 0 came, 0.00 %, 0 held, 0 h, repeated 0, silent 0, old 0"},
		{"all in scope", as(domain.RoleLeader, "L1", "D2"), "", "2024-02-01", "2024-03-31", "",
			"1 officers, 1 came, 100.00 %, 2 held, 3 h, seminar 1, run seminar 1 of D2, repeated 0, silent 0, old 1"},
		{"an overseer is not told of few", as(domain.RoleOverseer, "O", "D2"), "D2", "2024-01-01", "2024-03-31", "branch_study",
			"few officers, few came, 1 held, 2 h, seminar 1, run seminar 1 of D2, repeated 0, silent 0, old 0"},
		{"nor of a part of an agency", as(domain.RoleOverseer, "O", "A"), "D2", "2024-01-01", "2024-03-31", "branch_study", ""},
		{"nor of a unit out of scope", as(domain.RoleOverseer, "O", "D2"), "A", "2024-01-01", "2024-03-31", "branch_study", ""},
		{"a unit out of scope", as(domain.RoleLeader, "L1", "D2"), "W1", "2024-02-01", "2024-03-31", "", ""},
		{"a unit that is not on file", auditor, "D9", "2024-02-01", "2024-03-31", "", ""},
		{"an officer", as(domain.RoleOfficer, "P1"), "W1", "2024-02-01", "2024-03-31", "", ""},
		{"the public", as(domain.RolePublic, ""), "", "2024-02-01", "2024-03-31", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := v.As(c.who).ActivityCoverage(context.Background(), c.unit, domain.MustDate(c.from), domain.MustDate(c.to), c.kind)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := sorted(told(x)), sorted(c.want); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	if _, err := v.As(auditor).ActivityCoverage(context.Background(), "A", domain.MustDate("2024-02-02"), domain.MustDate("2024-02-01"), ""); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("a period that ends before it begins: %v", err)
	}
}

// Twelve officers of whom seven came to one of two activities: enough for a
// table. Of three who were too few it must not be told, nor from which days it
// could be worked out.
func TestAnOverseerIsToldTheCoverageOfManyByQuarters(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.on("2024-01-02")
	var crowd []domain.OfficerID
	for i := range 8 {
		id := domain.OfficerID(fmt.Sprintf("Q%d", i))
		h.do("hr:R1", string(id), officer.Enroll{FullName: "众人", Unit: "W1"})
		crowd = append(crowd, id)
	}
	h.on("2024-02-06")
	held := func(id string, on string, came ...domain.OfficerID) {
		h.do("hr:R1", id, activity.HoldUnscheduled{ActivityKind: activity.KindBranchStudy, Format: activity.FormatSeminar, Unit: "W1", Topic: "the law",
			Reason: "called at short notice", On: domain.MustDate(on), Hours: 2, Expected: 12, Attendees: came, Materials: paper, Minutes: paper[0]})
	}
	held("AC1", "2024-01-10", crowd[:7]...)
	h.on("2024-05-06")
	held("AC2", "2024-04-10", crowd[:3]...)
	v := h.built()
	overseer := v.As(as(domain.RoleOverseer, "O"))
	for _, c := range []struct{ from, to, want string }{
		{"2024-01-01", "2024-03-31", "12 officers, 7 came, 58.33 %"},
		{"2024-04-01", "2024-06-30", "12 officers, few came"},
		{"2024-01-01", "2024-06-30", "12 officers, 7 came, 58.33 %"},
	} {
		for _, unit := range []domain.UnitID{"A", ""} {
			x, err := overseer.ActivityCoverage(context.Background(), unit, domain.MustDate(c.from), domain.MustDate(c.to), "")
			if err != nil || !strings.HasPrefix(told(x), c.want+", ") {
				t.Errorf("%q from %s: %s, %v, want %s", unit, c.from, told(x), err, c.want)
			}
		}
	}
	if _, err := overseer.ActivityCoverage(context.Background(), "A", domain.MustDate("2024-01-10"), domain.MustDate("2024-01-10"), ""); domain.RefusalCode(err) != domain.CodeForbidden ||
		!strings.Contains(err.Error(), "from 2024-01-01 to 2024-03-31") {
		t.Errorf("a day: %v", err)
	}
}

// told writes a coverage in words.
func told(x *projections.ActivityCoverage) string {
	if x == nil {
		return ""
	}
	officers, came := []string{fmt.Sprintf("%d officers", x.Officers)}, []string{fmt.Sprintf("%d came", x.Attended), fmt.Sprintf("%d.%02d %%", x.Share/100, x.Share%100)}
	if x.OfficersSuppressed {
		officers = []string{"few officers"}
	}
	if x.Suppressed {
		came = []string{"few came"}
	}
	parts := append(append(officers, came...), fmt.Sprintf("%d held", x.Activities), fmt.Sprintf("%d h", x.Hours))
	for _, f := range x.Formats {
		parts = append(parts, fmt.Sprintf("%s %d", f.Value, f.Count))
	}
	if run := x.LongestRun; len(run.Activities) > 0 {
		parts = append(parts, fmt.Sprintf("run %s %d of %s", run.Format, len(run.Activities), run.Unit))
	}
	out := strings.Join(append(parts, fmt.Sprintf("repeated %d", x.Repeated), fmt.Sprintf("silent %d", x.Silent), fmt.Sprintf("old %d", x.Unnamed)), ", ")
	for _, m := range x.RepeatedMinutes {
		out += "; " + strings.ReplaceAll(idsOf(m.Activities, func(id domain.ActivityID) string { return string(id) }), " ", "=")
	}
	return out
}

// sorted brings the parts of a list into one order, but for what follows it.
func sorted(list string) string {
	list, rest, _ := strings.Cut(list, "; ")
	return join(strings.Split(list, ", ")...) + rest
}
