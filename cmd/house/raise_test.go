package house

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/alerts"
)

// warned lists what the rules raised, in the order of the ledger.
func (l *life) warned() (out []string) {
	l.t.Helper()
	for s, err := range l.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			l.t.Fatal(err)
		}
		d, err := l.Codec.Decode(s)
		if err != nil {
			l.t.Fatal(err)
		}
		switch e := d.Event.(type) {
		case warning.Raised:
			l.inChinese(e.BaselineChinese, e.PeersChinese, e.ExplanationChinese)
			out = append(out, fmt.Sprintf("raised %s %s%s score %d on %d", e.Rule, e.Unit, e.Officer, e.Score, len(e.Evidence)))
		case warning.Grouped:
			l.inChinese(e.ExplanationChinese)
			out = append(out, fmt.Sprintf("grouped score %d on %d more", e.Score, len(e.Evidence)))
		case warning.Escalated:
			l.inChinese(e.ReasonChinese)
			out = append(out, "to the "+string(e.To)+", "+e.Reason)
		}
	}
	return out
}

// inChinese holds that what the system says is said in Chinese too.
func (l *life) inChinese(texts ...string) {
	l.t.Helper()
	for _, s := range texts {
		if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			l.t.Errorf("%q is not Chinese", s)
		}
	}
}

// held records a session of warning education on the day.
func (l *life) held(id, on, format, topic string) {
	l.t.Helper()
	l.now = domain.MustDate(on).In(time.UTC).Add(time.Hour)
	l.do("hr:H1", id, activity.HoldUnscheduled{ActivityKind: activity.KindWarningEducation, Format: activity.Format(format), Unit: "U1", Topic: topic, Reason: "ad hoc", Hours: 1, Expected: 2})
	l.catchUp()
}

// late records today a session of an earlier day.
func (l *life) late(id, on, format string) {
	l.t.Helper()
	l.do("hr:H1", id, activity.HoldUnscheduled{ActivityKind: activity.KindWarningEducation, Format: activity.Format(format), Unit: "U1", Topic: "late", Reason: "found in the files",
		Hours: 1, Expected: 2, On: domain.MustDate(on)})
	l.catchUp()
}

func education(t *testing.T) *life {
	l := begin(t, "2024-01-08")
	l.do("hr:H1", "U1", unit.Establish{UnitKind: unit.KindAgency, UnitName: "U1"})
	l.held("V1", "2024-01-09", "film", "one")
	l.held("V2", "2024-02-09", "film", "two")
	return l
}

func TestARuleIsRaisedOnceAndGrouped(t *testing.T) {
	l := education(t)
	l.pass()
	if got := l.warned(); got != nil {
		t.Fatalf("before there is anything to find: %v", got)
	}
	l.held("V3", "2024-03-08", "film", "three")
	l.pass()
	l.pass() // the views do not show the warning yet
	l.catchUp()
	l.close()
	l.open() // another process
	l.pass()
	want := []string{"raised activity.format_warning U1 score 3 on 3"}
	if d := cmp.Diff(want, l.warned()); d != "" {
		t.Fatalf("(-want +got):\n%s", d)
	}
	l.held("V4", "2024-03-11", "film", "four")
	l.pass()
	l.pass()
	if d := cmp.Diff(append(want, "grouped score 4 on 1 more"), l.warned()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWhatWasSettledIsRaisedAnewByWhatIsNew(t *testing.T) {
	l := education(t)
	l.held("V3", "2024-03-08", "film", "three")
	l.pass()
	l.catchUp()
	id := l.lastWarning()
	l.do("inspector:I1", id, warning.Acknowledge{})
	l.do("inspector:I1", id, warning.Review{Opinion: "one series of films"})
	l.do("inspector:I1", id, warning.Dismiss{Reason: "planned so"})
	l.catchUp()
	l.pass()
	l.held("V4", "2024-03-11", "film", "four")
	l.pass()
	l.pass()
	l.catchUp()
	l.pass()
	want := []string{"raised activity.format_warning U1 score 3 on 3", "raised activity.format_warning U1 score 4 on 4"}
	if d := cmp.Diff(want, l.warned()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// lastWarning is the id of the warning that was raised last.
func (l *life) lastWarning() (id string) {
	l.t.Helper()
	for s, err := range l.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			l.t.Fatal(err)
		}
		if d, err := l.Codec.Decode(s); err == nil && d.Event.Kind() == (warning.Raised{}).Kind() {
			id = d.Act.Subject
		}
	}
	return id
}

// byHand raises a warning under a name and a rule's code, about something else.
func (l *life) byHand(id, rule string) {
	l.t.Helper()
	l.do("inspector:I1", id, warning.Raise{Rule: rule, Version: "1", Unit: "U9", Explanation: "by hand", BaselineChinese: "无", PeersChinese: "无", ExplanationChinese: "人工发出"})
}

// Who raises another warning under its name before, hides nothing: not while it
// is open, nor after it was settled.
func TestATakenNameHidesNoHit(t *testing.T) {
	told := education(t)
	told.held("V3", "2024-03-08", "film", "three")
	told.pass()
	name := told.lastWarning()
	for _, settled := range []bool{false, true} {
		l := education(t)
		l.byHand(name, "activity.format_warning")
		if settled {
			l.do("inspector:I1", name, warning.Acknowledge{})
			l.do("inspector:I1", name, warning.Review{Opinion: "nothing"})
			l.do("inspector:I1", name, warning.Dismiss{Reason: "nothing"})
		}
		l.held("V3", "2024-03-08", "film", "three")
		for range 3 {
			l.pass()
			l.catchUp()
		}
		want := []string{"raised activity.format_warning U9 score 0 on 0", "raised activity.format_warning U1 score 3 on 3"}
		got := slices.DeleteFunc(l.warned(), func(s string) bool { return !strings.HasPrefix(s, "raised ") })
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("settled %t (-want +got):\n%s", settled, d)
		}
		if got := l.lastWarning(); got != name+":2" {
			t.Errorf("settled %t: it is raised as %s, want %s:2", settled, got, name)
		}
	}
}

// A session recorded late, in its place, ends the run: the change of mind is
// recorded, once, and dismissing is for people.
func TestAChangeOfMindIsRecorded(t *testing.T) {
	l := education(t)
	l.held("V3", "2024-03-08", "film", "three")
	l.pass()
	l.catchUp()
	l.late("V4", "2024-02-20", "visit")
	for range 3 {
		l.pass()
		l.catchUp()
	}
	want := []string{"raised activity.format_warning U1 score 3 on 3", "to the inspector, " + alerts.GroundLost}
	if d := cmp.Diff(want, l.warned()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Nobody hides one warning among many: the gravest are raised, the rest is
// counted, and follows from day to day.
func TestAFloodIsHeldBack(t *testing.T) {
	const many = 50
	worst := domain.CN2024().Service.Grades
	l := begin(t, "2024-01-08")
	l.do("hr:H1", "U1", unit.Establish{UnitKind: unit.KindAgency, UnitName: "U1"})
	for i := range many {
		l.do("hr:H1", fmt.Sprintf("P%02d", i), officer.Enroll{FullName: "officer", StaffNumber: fmt.Sprintf("%04d", i), Unit: "U1", On: domain.MustDate("2024-01-08")})
	}
	for _, year := range []int{2024, 2025} {
		l.now = domain.MustDate(fmt.Sprint(year+1, "-01-15")).In(time.UTC).Add(time.Hour)
		for i := range many {
			l.do("leader:L1", fmt.Sprintf("P%02d", i), officer.Appraise{Year: year, Grade: worst[len(worst)-1]})
		}
	}
	most := domain.CN2024().Warning.AtOnce
	// What people raise under the code of the rule takes none of its places.
	for i := range most {
		l.byHand(fmt.Sprint("by-hand-", i), "appraisal.worst_twice")
	}
	l.byHand(string(floodOf("appraisal.worst_twice", domain.MustDate("2026-01-15"))), "by.hand") // nor silences it
	count := func() (of, flooded int) {
		for _, line := range l.warned()[most+1:] {
			if strings.HasPrefix(line, "raised appraisal.worst_twice") {
				of++
			}
			if strings.HasPrefix(line, "raised rule.flooded") {
				flooded++
			}
		}
		return of, flooded
	}
	for day, want := range [][2]int{{most, 1}, {2 * most, 2}, {many, 2}, {many, 2}} {
		for range 3 {
			l.catchUp()
			l.pass()
		}
		if of, flooded := count(); of != want[0] || flooded != want[1] {
			t.Errorf("by day %d %d are raised and %d say that there are more; want %v", day+1, of, flooded, want)
		}
		l.now = l.now.AddDate(0, 0, 1)
	}
	if i := slices.IndexFunc(l.warned(), func(s string) bool { return strings.Contains(s, "rule.flooded U1 score 30 on 20") }); i < 0 {
		t.Errorf("the flood of the first day is not told as one of 30: %v", l.warned())
	}
}

// Sessions of as many units with one and the same minutes: what waits rests on
// one first event, and that there is more is said all the same.
func TestAFloodThatRestsOnOneEventIsTold(t *testing.T) {
	const many = 31
	l := begin(t, "2024-01-08")
	minutes := domain.Evidence{Name: "m.pdf", MediaType: "application/pdf", Size: 1, Digest: "sha256:" + strings.Repeat("ab", 32)}
	for i := range many {
		l.do("hr:H1", fmt.Sprintf("V%02d", i), activity.HoldUnscheduled{ActivityKind: activity.KindBranchStudy, Format: activity.FormatSeminar, Unit: domain.UnitID(fmt.Sprintf("U%02d", i)),
			Topic: "t", Reason: "r", Hours: 1, Expected: 1, Minutes: minutes})
	}
	most := domain.CN2024().Warning.AtOnce
	for range 3 {
		l.catchUp()
		l.pass()
	}
	var of, flooded int
	for _, line := range l.warned() {
		if strings.HasPrefix(line, "raised activity.minutes") {
			of++
		}
		if strings.HasPrefix(line, "raised rule.flooded") && strings.HasSuffix(line, fmt.Sprintf("score %d on 1", many-1-most)) {
			flooded++
		}
	}
	if of != most || flooded != 1 {
		t.Errorf("%d are raised, %d say that %d more wait; want %d and 1: %v", of, flooded, many-1-most, most, l.warned())
	}
}

// Several things found of one person are one warning: they use up one place of
// those of the day, also where the day has just one.
func TestWhatIsAboutTheSameTakesOnePlace(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.do("hr:H1", "U1", unit.Establish{UnitKind: unit.KindAgency, UnitName: "U1"})
	worst := domain.CN2024().Service.Grades
	for i, years := range [][]int{{2020, 2021, 2022}, {2020, 2021}, {2021, 2022}} {
		id := fmt.Sprintf("P%d", i)
		l.do("hr:H1", id, officer.Enroll{FullName: "officer", StaffNumber: id, Unit: "U1", On: domain.MustDate("2019-01-08")})
		for _, year := range years {
			l.do("leader:L1", id, officer.Appraise{Year: year, Grade: worst[len(worst)-1]})
		}
	}
	book := *domain.CN2024()
	book.Warning.AtOnce = 2
	l.catchUp()
	s := l.Scheduler()
	s.books = fixedBooks{l.Books, domain.ShelfOf(&book)}
	if _, err := s.Raise(context.Background(), l.now); err != nil {
		t.Fatal(err)
	}
	want := []string{"raised appraisal.worst_twice U1P0 score 2 on 2", "grouped score 2 on 1 more", "raised appraisal.worst_twice U1P1 score 2 on 2", "raised rule.flooded U1 score 1 on 1"}
	if d := cmp.Diff(want, l.warned()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What is found is raised by the process that watches, without waiting for
// the next pass.
func TestWatchedHitsWake(t *testing.T) {
	l := education(t)
	w, err := l.Views.Watch(projections.Interest{Hits: true})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	w.Take()
	l.held("V3", "2024-03-08", "visit", "three")
	if _, _, found := w.Take(); found {
		t.Error("woken by what is no hit")
	}
	for i := range 3 {
		l.held(fmt.Sprint("V", 4+i), fmt.Sprintf("2024-04-%02d", 8+i), "film", fmt.Sprint("film ", i))
	}
	if _, _, found := w.Take(); !found {
		t.Fatal("not woken by a hit")
	}
	if p, err := l.Scheduler().Raise(context.Background(), l.now); err != nil || p.Warned != 1 {
		t.Errorf("raised %+v, %v", p, err)
	}
}
