package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

func at(day string) time.Time { return domain.MustDate(day).In(time.UTC).Add(12 * time.Hour) }

func TestRecordFileAsOf(t *testing.T) {
	h := agency(t)
	// In May 2024 it is filed that P2 took a course back in March 2023.
	h.on("2024-05-06")
	h.doAt("hr:R1", "P2", officer.CompleteTraining{Course: "late filed", Hours: 8, On: domain.MustDate("2023-03-10")}, at("2023-03-10"))
	r := h.built().As(auditor)
	file := func(id domain.OfficerID, as projections.AsOf) *record.File {
		t.Helper()
		f, err := r.RecordFile(context.Background(), id, as)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, c := range []struct {
		name string
		as   projections.AsOf
		want string
	}{
		{"now", projections.AsOf{}, "courses 1, findings 2, rewards 1, complaints 2"},
		{"what the ledger knew in June 2023", projections.AsOf{Recorded: at("2023-06-30")}, "courses 0, findings 0, rewards 0, complaints 1"},
		{"what had happened by June 2023, as known now", projections.AsOf{Occurred: at("2023-06-30")}, "courses 1, findings 0, rewards 0, complaints 1"},
		{"what had happened by June 2023, as known in April 2024", projections.AsOf{Occurred: at("2023-06-30"), Recorded: at("2024-04-30")}, "courses 0, findings 0, rewards 0, complaints 1"},
		{"what the ledger knew in April 2024", projections.AsOf{Recorded: at("2024-04-30")}, "courses 0, findings 2, rewards 0, complaints 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := file("P2", c.as)
			got := fmt.Sprintf("courses %d, findings %d, rewards %d, complaints %d", len(f.Courses), len(f.Findings), len(f.Rewards), len(f.Complaints))
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if f := file("P2", projections.AsOf{Recorded: at("2022-01-01")}); f != nil {
		t.Errorf("before enrolment there is a file: %+v", f)
	}
	if now, then := file("P1", projections.AsOf{}), file("P1", projections.AsOf{Occurred: at("2024-06-04")}); now.Head != then.Head {
		t.Errorf("nothing happened in between, yet the heads differ: %+v, %+v", now.Head, then.Head)
	}
	// The sanction of June 2023 is in force for twelve months.
	for day, want := range map[string]bool{"2023-06-05": true, "2024-06-05": true, "2024-06-06": false} {
		f := file("P1", projections.AsOf{Occurred: at(day)})
		if len(f.Sanctions) != 1 || f.Sanctions[0].InForce != want || (len(f.Restrictions) == 1) != want {
			t.Errorf("on %s the sanction is in force: %v, restrictions %v; want %v", day, f.Sanctions, f.Restrictions, want)
		}
	}
}

// Who read the file is a part of it like any other: as of a day, and for
// those who may know.
func TestARecordFileTellsWhoReadIt(t *testing.T) {
	h := agency(t)
	h.on("2024-04-02")
	h.do("importer:M", "P1", access.Import{Reader: "I2", Role: "inspector", Why: "yearly check", Count: 3, LastOn: domain.MustDate("2023-12-01")})
	h.on("2024-05-20")
	h.do("system:system", "P1", access.Note{Reader: "R1", Role: domain.RoleHR, Why: "promotion", Count: 1, From: at("2024-05-18"), To: at("2024-05-18")})
	v := h.built()
	for _, c := range []struct {
		name string
		who  projections.Principal
		as   projections.AsOf
		want string
	}{
		{"an auditor", auditor, projections.AsOf{}, "I2 R1"},
		{"as it was known before the second was noted", auditor, projections.AsOf{Recorded: at("2024-05-19")}, "I2"},
		{"as of a day before it was noted", auditor, projections.AsOf{Occurred: at("2024-05-19")}, "I2"},
		{"before any", auditor, projections.AsOf{Recorded: at("2024-04-01")}, ""},
		{"the officer", as(domain.RoleOfficer, "P1"), projections.AsOf{}, "I2 R1"},
		{"an inspector in scope", as(domain.RoleInspector, "I9", "W1"), projections.AsOf{}, "I2 R1"},
		{"a leader in scope", as(domain.RoleLeader, "L1", "W1"), projections.AsOf{}, "I2 R1"},
		{"personnel may not know", as(domain.RoleHR, "R1", "W1"), projections.AsOf{}, "–"},
	} {
		f := recordFile(t, v, c.who, "P1", c.as)
		got := idsOf(f.Readings, func(x record.Reading) string { return string(x.By) })
		if f.Readings == nil {
			got = "–"
		}
		if got != c.want {
			t.Errorf("%s: read by %s, want %s", c.name, got, c.want)
		}
	}
	// Nor does the head of the file tell them that somebody read it.
	before := recordFile(t, v, as(domain.RoleHR, "R1", "W1"), "P1", projections.AsOf{}).Head
	h.do("system:system", "P1", access.Note{Reader: "I2", Role: domain.RoleInspector, Why: "inquiry", Count: 1, From: at("2024-05-18"), To: at("2024-05-18")})
	h.catchUp(v)
	if now := recordFile(t, v, as(domain.RoleHR, "R1", "W1"), "P1", projections.AsOf{}).Head; now != before {
		t.Errorf("a reading changes the head for personnel: %+v, %+v", before, now)
	}
}

// A suspension names the case of the inquiry, which those who may not know of
// it are not told.
func TestASuspensionTellsOfNoInquiry(t *testing.T) {
	h := agency(t)
	h.on("2024-05-20")
	h.do("leader:L1", "P1", officer.SuspendFromDuty{Reason: "for the time being", Case: "M5"})
	v := h.built()
	for _, c := range []struct {
		name string
		who  projections.Principal
		want domain.CaseID
	}{
		{"an auditor", auditor, "M5"}, {"an inspector", as(domain.RoleInspector, "I9", "W1"), "M5"},
		{"personnel", as(domain.RoleHR, "R1", "W1"), ""}, {"the officer", as(domain.RoleOfficer, "P1"), ""},
	} {
		f := recordFile(t, v, c.who, "P1", projections.AsOf{})
		if len(f.Suspensions) != 1 || f.Suspensions[0].Case != c.want || f.Suspensions[0].From.String() != "2024-05-20" || f.Status != "suspended" {
			t.Errorf("%s: %+v, want case %q", c.name, f.Suspensions, c.want)
		}
	}
}

func TestHeadOfARecordFileTellsOfNothingTheReaderMayNotKnow(t *testing.T) {
	h := agency(t)
	head := func(p projections.Principal) record.Head {
		t.Helper()
		f, err := h.built().As(p).RecordFile(context.Background(), "P3", projections.AsOf{})
		if err != nil || f == nil {
			t.Fatalf("file for %s: %v, %v", p.Role, f, err)
		}
		return f.Head
	}
	readers := map[string]projections.Principal{
		"the officer": as(domain.RoleOfficer, "P3"), "hr": as(domain.RoleHR, "R1", "D1"), "an inspector": as(domain.RoleInspector, "I2", "D1"),
	}
	before := map[string]record.Head{}
	for who, p := range readers {
		before[who] = head(p)
	}
	h.on("2024-05-07")
	h.do("intake:T1", "C8", complaint.Receive{Channel: complaint.ChannelWeb, Category: "favour", Summary: "looked away", Unit: "D1", Officers: []domain.OfficerID{"P3"}})
	for who, changes := range map[string]bool{"the officer": false, "hr": false, "an inspector": true} {
		if now := head(readers[who]); (now != before[who]) != changes {
			t.Errorf("a complaint came in: the head for %s was %+v and is %+v", who, before[who], now)
		}
	}
	inspected := head(readers["an inspector"])
	h.do("inspector:I2", "K8", misconduct.Open{Origin: misconduct.OriginInspection, Conduct: "looked away", Unit: "D1", Officers: []domain.OfficerID{"P3"}})
	if now := head(readers["the officer"]); now != before["the officer"] {
		t.Errorf("an inquiry was opened: the head for the officer was %+v and is %+v", before["the officer"], now)
	}
	// HR knows the officer is barred, and nothing else.
	if now := head(readers["hr"]); now.Events != before["hr"].Events+1 || now.Hash == before["hr"].Hash {
		t.Errorf("an inquiry was opened: the head for hr was %+v and is %+v", before["hr"], now)
	}
	if now := head(readers["an inspector"]); now.Events <= inspected.Events+1 {
		t.Errorf("an inquiry was opened: the head for an inspector was %+v and is %+v", inspected, now)
	}
}

func TestRecordFileHoldsNothingTheReaderMayNotKnow(t *testing.T) {
	h := agency(t)
	// P3, seen by the inspector I9, has a complaint that also names I9.
	h.on("2024-05-07")
	h.do("hr:R1", "I9", officer.Enroll{FullName: "孙立", Unit: "D1"})
	h.do("intake:T1", "C8", complaint.Receive{Channel: complaint.ChannelWeb, Category: "favour", Summary: "both looked away", Unit: "D1", Officers: []domain.OfficerID{"P3", "I9"}})
	v := h.built()
	file := func(p projections.Principal, id domain.OfficerID) *record.File {
		t.Helper()
		f, err := v.As(p).RecordFile(context.Background(), id, projections.AsOf{})
		if err != nil || f == nil {
			t.Fatalf("file of %s for %s: %v, %v", id, p.Role, f, err)
		}
		return f
	}
	inspector := file(as(domain.RoleInspector, "I2", "D1"), "P1")
	if len(inspector.Inquiries) != 2 || inspector.Barred == nil || !*inspector.Barred || inspector.Complaints[0].Summary == "" {
		t.Errorf("an inspector misses something: %+v", inspector)
	}
	hr := file(as(domain.RoleHR, "R1", "D1"), "P1")
	if len(hr.Inquiries) != 0 || hr.Barred == nil || !*hr.Barred {
		t.Errorf("hr knows inquiries %v, barred %v; want the flag alone", hr.Inquiries, hr.Barred)
	}
	if len(hr.Complaints) != 1 || hr.Complaints[0].Summary != "" || hr.Complaints[0].Result != string(complaint.ResultSubstantiated) {
		t.Errorf("hr sees the complaints %+v; want the outcome without the text", hr.Complaints)
	}
	if hr := file(as(domain.RoleHR, "R1", "D1"), "P3"); len(hr.Complaints) != 0 {
		t.Errorf("hr sees the open complaints %+v", hr.Complaints)
	}
	if hr := file(as(domain.RoleHR, "R1", "D2"), "P2"); len(hr.Sanctions) != 0 || len(hr.Findings) != 1 {
		t.Errorf("hr sees proposed sanctions %v or findings that are not final %v", hr.Sanctions, hr.Findings)
	}
	own := file(as(domain.RoleOfficer, "P1"), "P1")
	if len(own.Inquiries) != 0 || own.Barred != nil || len(own.Sanctions) != 1 || len(own.Findings) != 1 {
		t.Errorf("the officer's own file: inquiries %v, barred %v, sanctions %v, findings %v", own.Inquiries, own.Barred, own.Sanctions, own.Findings)
	}
	if seen := file(as(domain.RoleInspector, "I9", "D1"), "P3"); len(seen.Complaints) != 1 || seen.Complaints[0].ID != "C4" {
		t.Errorf("the inspector sees %+v; C8 names the inspector", seen.Complaints)
	}
	for _, p := range []projections.Principal{as(domain.RoleHR, "R1", projections.AllUnits), as(domain.RoleOfficer, "P1")} {
		l, err := v.As(p).Timeline(context.Background(), domain.OfficerID("P1").Ref(), projections.EventFilter{}, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range l.Items {
			if strings.Contains(string(e.Kind), "inquiry") || strings.HasPrefix(string(e.Kind), "misconduct") || strings.HasPrefix(string(e.Kind), "complaint") {
				t.Errorf("%s sees %s on the timeline", p.Role, e.Kind)
			}
		}
		o, err := v.As(p).Officer(context.Background(), "P1")
		if err != nil || (o.Barred != nil) != (p.Role == domain.RoleHR) {
			t.Errorf("%s sees barred %v, %v", p.Role, o.Barred, err)
		}
	}
}
