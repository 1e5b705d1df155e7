package projections_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
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

// walk reads a whole list page by page.
func walk(t *testing.T, size int, backward bool, load func(projections.Page) (*projections.List[projections.TimelineEntry], error)) (ids []domain.EventID) {
	t.Helper()
	p := projections.Page{First: size}
	if backward {
		p = projections.Page{Last: size}
	}
	for {
		l, err := load(p)
		if err != nil {
			t.Fatal(err)
		}
		var page []domain.EventID
		for _, e := range l.Items {
			page = append(page, e.ID)
		}
		if backward {
			ids = append(page, ids...)
			if !l.HasPreviousPage {
				return ids
			}
			p.Before = l.Cursors[0]
			continue
		}
		ids = append(ids, page...)
		if !l.HasNextPage {
			return ids
		}
		p.After = l.Cursors[len(l.Cursors)-1]
	}
}

func TestTimelinePagesFitTogetherInEveryOrder(t *testing.T) {
	h := agency(t).random(3, 300)
	v := h.built()
	ctx := context.Background()
	ref := domain.OfficerID("P1").Ref()
	for _, who := range []projections.Principal{auditor, as(domain.RoleInspector, "I1", "D1")} {
		for _, order := range []projections.Order{projections.RecordedAsc, projections.RecordedDesc, projections.OccurredAsc, projections.OccurredDesc} {
			r := v.As(who)
			load := func(p projections.Page) (*projections.List[projections.TimelineEntry], error) {
				return r.Timeline(ctx, ref, projections.EventFilter{Order: order}, p)
			}
			all, err := load(projections.Page{First: projections.MaxPage})
			if err != nil {
				t.Fatal(err)
			}
			var want []domain.EventID
			for _, e := range all.Items {
				want = append(want, e.ID)
			}
			if len(want) < 20 {
				t.Fatalf("only %d events touch %s", len(want), ref)
			}
			if n, err := all.TotalCount(ctx); err != nil || n != len(want) {
				t.Errorf("%s: counted %d, %v; listed %d", order, n, err, len(want))
			}
			sorted := slices.IsSortedFunc(all.Items, func(a, b projections.TimelineEntry) int {
				c := int(a.Position) - int(b.Position)
				if order == projections.OccurredAsc || order == projections.OccurredDesc {
					if o := a.OccurredAt.Compare(b.OccurredAt); o != 0 {
						c = o
					}
				}
				if order == projections.RecordedDesc || order == projections.OccurredDesc {
					c = -c
				}
				return c
			})
			if !sorted {
				t.Errorf("%s: not in order", order)
			}
			for _, backward := range []bool{false, true} {
				if diff := cmp.Diff(want, walk(t, 7, backward, load)); diff != "" {
					t.Errorf("%s, backward %v: pages (+) against the whole list (-):\n%s", order, backward, diff)
				}
			}
		}
	}
}

func TestCursorsStayGoodWhileEventsAreRecorded(t *testing.T) {
	h := agency(t)
	v := h.built()
	r := v.As(auditor)
	ctx := context.Background()
	ref := domain.OfficerID("P1").Ref()
	filter := projections.EventFilter{Order: projections.OccurredAsc}
	before, err := r.Timeline(ctx, ref, filter, projections.Page{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	half, err := r.Timeline(ctx, ref, filter, projections.Page{First: 5})
	if err != nil {
		t.Fatal(err)
	}
	h.on("2024-05-20")
	// One event before the cursor, in the order of occurrence, one after it.
	h.doAt("hr:R1", "P1", officer.CompleteTraining{Course: "early", Hours: 1, On: domain.MustDate("2023-01-09")}, domain.MustDate("2023-01-09").In(time.UTC).Add(time.Hour))
	h.do("hr:R1", "P1", officer.CompleteTraining{Course: "late", Hours: 1})
	h.catchUp(v)
	rest, err := r.Timeline(ctx, ref, filter, projections.Page{First: 100, After: half.Cursors[4]})
	if err != nil {
		t.Fatal(err)
	}
	var want, got []domain.EventID
	for _, e := range before.Items[5:] {
		want = append(want, e.ID)
	}
	for _, e := range rest.Items {
		got = append(got, e.ID)
	}
	if len(got) != len(want)+1 || !slices.Equal(want, got[:len(want)]) {
		t.Errorf("after the cursor: %v; want %v and the later one", got, want)
	}
}

func TestMalformedPagesAreRefused(t *testing.T) {
	v := agency(t).built()
	r := v.As(auditor)
	ctx := context.Background()
	timeline := func(of domain.Ref, o projections.Order) func(projections.Page) error {
		return func(p projections.Page) error {
			_, err := r.Timeline(ctx, of, projections.EventFilter{Order: o}, p)
			return err
		}
	}
	p1 := timeline(domain.OfficerID("P1").Ref(), projections.OccurredDesc)
	l, err := r.Timeline(ctx, domain.OfficerID("P1").Ref(), projections.EventFilter{Order: projections.OccurredDesc}, projections.Page{First: 2})
	if err != nil {
		t.Fatal(err)
	}
	good := l.Cursors[1]
	officers, err := r.Officers(ctx, projections.OfficerFilter{}, projections.Page{First: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		ask   func(projections.Page) error
		page  projections.Page
		field string
	}{
		{"a cursor that is no cursor", p1, projections.Page{First: 2, After: "garbage!"}, "after"},
		{"a cursor cut short", p1, projections.Page{First: 2, After: good[:len(good)-3]}, "after"},
		{"a cursor of the same timeline in another order", timeline(domain.OfficerID("P1").Ref(), projections.RecordedDesc), projections.Page{First: 2, After: good}, "after"},
		{"a cursor of another timeline", timeline(domain.OfficerID("P2").Ref(), projections.OccurredDesc), projections.Page{Last: 2, Before: good}, "before"},
		{"a cursor of another list", p1, projections.Page{First: 2, After: officers.Cursors[0]}, "after"},
		{"too many at once", p1, projections.Page{First: projections.MaxPage + 1}, "first"},
		{"fewer than none", p1, projections.Page{Last: -1}, "last"},
		{"first and last together", p1, projections.Page{First: 1, Last: 1}, "first"},
		{"an order that does not exist", timeline(domain.OfficerID("P1").Ref(), "sideways"), projections.Page{}, "order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.ask(c.page)
			var field string
			if r, ok := err.(*domain.Refusal); ok {
				field = r.Field
			}
			if domain.RefusalCode(err) != domain.CodeInvalid || field != c.field {
				t.Errorf("got %v, want a refusal of %q", err, c.field)
			}
		})
	}
	if err := p1(projections.Page{First: 2, After: good}); err != nil {
		t.Errorf("a good cursor is refused: %v", err)
	}
}

func FuzzCursor(f *testing.F) {
	h := agency(f)
	v, err := projections.Open(f.TempDir(), h.codec, h.options())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { v.Close() })
	if err := v.CatchUp(context.Background(), h.store, nil); err != nil {
		f.Fatal(err)
	}
	r := v.As(auditor)
	l, err := r.Officers(context.Background(), projections.OfficerFilter{SortByName: true}, projections.Page{First: 4})
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range l.Cursors {
		f.Add(c)
	}
	f.Add("")
	f.Add("WyJvZmZpY2VycyBieSBuYW1lIiwxLjUsIngiXQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		l, err := r.Officers(context.Background(), projections.OfficerFilter{SortByName: true}, projections.Page{First: 4, After: cursor})
		if err != nil && domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("cursor %q: %v", cursor, err)
		}
		if err == nil && len(l.Items) > 4 {
			t.Errorf("cursor %q gives %d items", cursor, len(l.Items))
		}
	})
}

func TestFilters(t *testing.T) {
	v := agency(t).built()
	r := v.As(auditor)
	ctx := context.Background()
	yes, no := true, false
	events := func(f projections.EventFilter) (out []string) {
		l, err := r.Timeline(ctx, domain.OfficerID("P1").Ref(), f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range l.Items {
			out = append(out, string(e.Kind)+" as "+strings.Join(e.As, "+"))
		}
		return out
	}
	complaints := func(f projections.ComplaintFilter) (out []string) {
		l, err := r.Complaints(ctx, f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range l.Items {
			out = append(out, string(c.ID))
		}
		return out
	}
	findings := func(f projections.FindingFilter) (out []string) {
		l, err := r.Findings(ctx, f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l.Items {
			out = append(out, x.Category+" "+x.Result)
		}
		return out
	}
	officers := func(f projections.OfficerFilter) (out []string) {
		l, err := r.Officers(ctx, f, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l.Items {
			out = append(out, string(x.ID))
		}
		return out
	}
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"timeline by kind", events(projections.EventFilter{Kinds: []domain.Kind{misconduct.Opened{}.Kind()}}),
			[]string{"misconduct.opened.v1 as officers", "misconduct.opened.v1 as officers"}},
		{"timeline by field", events(projections.EventFilter{As: []string{"subject"}, OccurredTo: at("2023-01-31"), Order: projections.RecordedAsc}),
			[]string{"officer.enrolled.v1 as subject", "officer.appointed.v1 as subject", "officer.certificate_issued.v1 as subject", "officer.training_completed.v1 as subject"}},
		{"timeline by actor and time", events(projections.EventFilter{Actor: "I2", OccurredFrom: at("2024-01-01")}), []string{"misconduct.opened.v1 as officers"}},
		{"timeline by role", events(projections.EventFilter{Role: domain.RoleIntake}), []string{"complaint.received.v1 as officers"}},
		{"timeline of what was imported", events(projections.EventFilter{Imported: &yes}), nil},
		{"complaints newest first", complaints(projections.ComplaintFilter{}), []string{"C4", "C3", "C2", "C1", "X1"}},
		{"complaints of a unit and below", complaints(projections.ComplaintFilter{Unit: "D1"}), []string{"C4", "C2", "C1"}},
		{"complaints imported", complaints(projections.ComplaintFilter{Imported: &yes}), []string{"X1"}},
		{"complaints decided here without findings", complaints(projections.ComplaintFilter{Imported: &no, WithoutFindings: true}), []string{"C4", "C3", "C2"}},
		{"complaints by result", complaints(projections.ComplaintFilter{Result: "unfounded"}), []string{"C3"}},
		{"complaints by category, place and officer", complaints(projections.ComplaintFilter{Category: "delay", Place: "north gate", Officer: "P2"}), []string{"C3"}},
		{"complaints by days of receipt", complaints(projections.ComplaintFilter{ReceivedFrom: domain.MustDate("2023-03-07"), ReceivedTo: domain.MustDate("2023-03-08")}), []string{"C3", "C2"}},
		{"complaints overdue", complaints(projections.ComplaintFilter{DueBefore: domain.MustDate("2024-01-01")}), []string{"C4", "C2"}},
		{"complaints of a handler", complaints(projections.ComplaintFilter{Handler: "H2"}), []string{"C4", "C3"}},
		{"findings by result", findings(projections.FindingFilter{Result: "sustained"}), []string{"delay sustained", "courtesy sustained"}},
		{"findings against nobody known", findings(projections.FindingFilter{Unidentified: true}), []string{"courtesy not_sustained"}},
		{"findings by discipline and complaint", findings(projections.FindingFilter{Discipline: "training_counselling", Complaint: "X1"}), []string{"courtesy sustained"}},
		{"officers by part of the latin name", officers(projections.OfficerFilter{Name: "ZHANG"}), []string{"P1"}},
		{"officers by part of the chinese name", officers(projections.OfficerFilter{Name: "娜"}), []string{"P2"}},
		{"officers by name order", officers(projections.OfficerFilter{SortByName: true}), []string{"P2", "P3", "P1", "I1"}},
		{"officers with two findings", officers(projections.OfficerFilter{MinFindings: 2}), []string{"P2"}},
		{"officers of a unit and below", officers(projections.OfficerFilter{Unit: "D1"}), []string{"I1", "P1", "P3"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestSearch(t *testing.T) {
	v := agency(t).built()
	ctx := context.Background()
	search := func(p projections.Principal, text string, types ...string) string {
		l, err := v.As(p).Search(ctx, text, types, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, h := range l.Items {
			out = append(out, h.Ref.String())
		}
		if n, err := l.TotalCount(ctx); err != nil || n != len(out) {
			t.Errorf("%q: counted %d, %v; listed %v", text, n, err, out)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		who  projections.Principal
		text string
		want string
	}{
		{auditor, "张", "officer-P1"},
		{auditor, "zhang wei", "officer-P1"},
		{auditor, "ｚｈａｎｇ", "officer-P1"},
		{auditor, "wei zhang", "officer-P1"},
		{auditor, "稽查", "unit-D2 post-K2"},
		{auditor, "file", "complaint-C3 misconduct-C1"},
		{auditor, "100%", "complaint-C4"},
		{auditor, "_", ""},
		{auditor, "' OR 1=1 --", ""},
		{as(domain.RoleInspector, "I1", "D1"), "100%", ""},
		{as(domain.RoleHR, "R1", projections.AllUnits), "file", ""},
		{as(domain.RolePublic, ""), "zhang", ""},
	} {
		if got := search(c.who, c.text); got != c.want {
			t.Errorf("%s searches %q: got %q, want %q", c.who.Role, c.text, got, c.want)
		}
	}
	if got := search(auditor, "delay", "complaint"); got != "complaint-C1 complaint-C3" {
		t.Errorf("complaints about delay: %q", got)
	}
	r := v.As(auditor)
	first, err := r.Search(ctx, "w", nil, projections.Page{First: 1})
	if err != nil || !first.HasNextPage {
		t.Fatal(first, err)
	}
	second, err := r.Search(ctx, "w", nil, projections.Page{First: 1, After: first.Cursors[0]})
	if err != nil || len(second.Items) != 1 || second.Items[0] == first.Items[0] {
		t.Errorf("the second page is %v, %v; the first was %v", second.Items, err, first.Items)
	}
	for _, text := range []string{"", "  ", strings.Repeat("x", 201)} {
		if _, err := r.Search(ctx, text, nil, projections.Page{}); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("searching %d bytes: %v", len(text), err)
		}
	}
	if _, err := r.Search(ctx, "x", []string{"secret"}, projections.Page{}); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("searching an unknown type: %v", err)
	}
}

func TestListsAreLoadedInBatches(t *testing.T) {
	v := agency(t).built()
	r := v.As(as(domain.RoleInspector, "I2", "D1", "D2"))
	ctx := context.Background()
	if _, err := r.Officers(ctx, projections.OfficerFilter{}, projections.Page{}); err != nil {
		t.Fatal(err)
	}
	warm := r.Statements()
	ids := []domain.OfficerID{"P1", "P2", "P3", "I1"}
	officers, err1 := r.OfficersByID(ctx, ids)
	counts, err2 := r.OfficerCounts(ctx, ids)
	found, err3 := r.FindingsByOfficer(ctx, ids)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	if n := r.Statements() - warm; n != 3 {
		t.Errorf("three batches took %d statements", n)
	}
	want := map[domain.OfficerID]projections.OfficerCounts{
		"P1": {Complaints: 1, Findings: 1, Sanctions: 1}, "P2": {Complaints: 2, Findings: 2, Sanctions: 1, Rewards: 1},
		"P3": {Complaints: 1}, "I1": {Complaints: 1},
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if len(officers) != 4 || len(found["P2"]) != 2 {
		t.Errorf("officers %v, findings %v", officers, found)
	}
	if list, err := r.Complaints(ctx, projections.ComplaintFilter{}, projections.Page{}); err != nil || len(list.Items) == 0 || len(list.Items[0].Officers) == 0 {
		t.Errorf("complaints without officers: %v, %v", list, err)
	}
	if n := r.Statements() - warm; n != 5 {
		t.Errorf("a page of complaints with their officers took %d statements, want 2", n-3)
	}
}

func TestFacetsAndStatistics(t *testing.T) {
	h := agency(t)
	h.on("2024-05-20")
	for i := range 7 {
		h.do("importer:M", fmt.Sprintf("Y%d", i), complaint.Import{ReceivedOn: domain.MustDate("2019-05-04"), Category: "delay", Summary: "old", Unit: "D2"})
	}
	v := h.built()
	ctx := context.Background()
	got, err := v.As(auditor).FindingFacets(ctx, projections.FindingFilter{}, projections.ByResult)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "sustained", Count: 2}, {Value: "not_sustained", Count: 1}, {Value: "pending", Count: 1}}, got); diff != "" {
		t.Errorf("findings by result (-want +got):\n%s", diff)
	}
	sources, err := v.As(auditor).FindingFacets(ctx, projections.FindingFilter{Imported: new(true)}, projections.BySource)
	if err != nil || len(sources) != 3 {
		t.Errorf("distinct source rows: %v, %v", sources, err)
	}
	if _, err := v.As(auditor).FindingFacets(ctx, projections.FindingFilter{}, "name; DROP TABLE findings"); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("an unknown facet: %v", err)
	}
	whole, err := v.As(auditor).Statistics(ctx, projections.StatisticsFilter{})
	if err != nil {
		t.Fatal(err)
	}
	public, err := v.As(as(domain.RolePublic, "")).Statistics(ctx, projections.StatisticsFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "courtesy", Count: 1}, {Value: "delay", Count: 9}, {Value: "favour", Count: 1}, {Value: "rudeness", Count: 1}}, whole.ComplaintsByCategory); diff != "" {
		t.Errorf("an auditor's statistics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "courtesy", Suppressed: true}, {Value: "delay", Count: 9}, {Value: "favour", Suppressed: true}, {Value: "rudeness", Suppressed: true}}, public.ComplaintsByCategory); diff != "" {
		t.Errorf("the public's statistics (-want +got):\n%s", diff)
	}
	if _, err := v.As(as(domain.RolePublic, "")).Statistics(ctx, projections.StatisticsFilter{Unit: "W1"}); domain.RefusalCode(err) != domain.CodeForbidden {
		t.Errorf("public statistics of one window: %v", err)
	}
	if nobody, err := v.As(projections.Principal{}).Statistics(ctx, projections.StatisticsFilter{}); err != nil || nobody.Totals != nil {
		t.Errorf("nobody's statistics: %v, %v", nobody, err)
	}
	own, err := v.As(as(domain.RoleInspector, "I2", "D1")).Statistics(ctx, projections.StatisticsFilter{})
	if err != nil || !slices.Contains(own.Totals, projections.Bucket{Value: "complaints", Count: 3}) {
		t.Errorf("an inspector's totals: %v, %v", own.Totals, err)
	}
}

func TestSanctionsDueAreThoseWhosePeriodIsOver(t *testing.T) {
	r := agency(t).built().As(as(domain.RoleSystem, "system"))
	for day, want := range map[string]int{"2024-06-05": 0, "2024-06-06": 1} {
		due, err := r.SanctionsDue(context.Background(), domain.MustDate(day))
		if err != nil || len(due) != want {
			t.Errorf("on %s are due: %v, %v; want %d", day, due, err, want)
		}
	}
}

func TestUnitTreesThatRunInARingEnd(t *testing.T) {
	h := newHouse(t).on("2023-01-09")
	h.people()
	h.on("2023-02-01")
	h.drawn = true
	h.random(1, 0)
	h.try("hr:R1", "D1", moveTo("W1"))
	r := h.built().As(as(domain.RoleInspector, "I9", "W1"))
	l, err := r.Officers(context.Background(), projections.OfficerFilter{Unit: "D1"}, projections.Page{})
	if err != nil || len(l.Items) != 3 {
		t.Errorf("officers in the ring: %v, %v", l, err)
	}
}
