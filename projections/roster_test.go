package projections_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// rowsOf lists what a cursor brings, as "officer version".
func rowsOf(t testing.TB, r *projections.Reader, c roster.Cursor, most int) (rows []roster.Row, next roster.Cursor) {
	t.Helper()
	for row, err := range c.Rows(context.Background(), r) {
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == most {
			return rows, c.Past(rows[most-1].File.Officer)
		}
		rows = append(rows, row)
	}
	return rows, c.End()
}

func begun(t testing.TB, r *projections.Reader, c roster.Cursor, asOf time.Time) roster.Cursor {
	t.Helper()
	c, err := c.Begin(context.Background(), r, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whoever follows the cursors, in pages of any size, whatever is recorded
// meanwhile, gets each change once, and ends with what a full export holds.
// The principals are such whose own scope stays what it is.
func TestFollowingTheRosterGivesEveryChangeOnce(t *testing.T) {
	histories := 0
	rapid.Check(t, func(rt *rapid.T) {
		if histories++; onPostgres && histories > 20 {
			return // a database for each takes its time
		}
		h := agency(t)
		v, closeViews := h.viewsForNow()
		defer closeViews()
		var all []*follower
		for _, who := range []projections.Principal{
			{Subject: "R1", Role: domain.RoleHR, Units: []domain.UnitID{"*"}}, {Subject: "I9", Role: domain.RoleInspector, Units: []domain.UnitID{"*"}}, auditor,
			{Subject: "P1", Role: domain.RoleOfficer},
		} {
			all = append(all, &follower{who: who, held: map[domain.OfficerID]string{}})
		}
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			h.random(rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 40).Draw(rt, "commands"))
			h.catchUp(v)
			for _, f := range all {
				for range rapid.IntRange(0, 3).Draw(rt, "pages") {
					f.follow(t, rt, v)
				}
			}
		}
		for _, f := range all {
			f.followToEnd(t, rt, v)
		}
	})
}

// follower holds what a principal was told.
type follower struct {
	who    projections.Principal
	cursor roster.Cursor
	held   map[domain.OfficerID]string // version
}

func (f *follower) follow(t *testing.T, rt *rapid.T, v *projections.Views) {
	reader := v.As(f.who)
	cursor := begun(t, reader, f.cursor, time.Time{})
	parsed, err := roster.ParseCursor(cursor.String())
	if err != nil || parsed != cursor {
		rt.Fatalf("cursor %v comes back as %v, %v", cursor, parsed, err)
	}
	rows, next := rowsOf(t, reader, parsed, rapid.IntRange(1, 3).Draw(rt, "limit"))
	for _, row := range rows {
		if f.held[row.File.Officer] == row.Version {
			rt.Fatalf("%s: %s comes again as it was", f.who.Role, row.File.Officer)
		}
		f.held[row.File.Officer] = row.Version
	}
	f.cursor = next
}

func (f *follower) followToEnd(t *testing.T, rt *rapid.T, v *projections.Views) {
	reader := v.As(f.who)
	at, err := reader.Position(context.Background())
	if err != nil {
		rt.Fatal(err)
	}
	for n := 0; f.cursor != (roster.Cursor{Since: at}); n++ {
		if n > 100 {
			rt.Fatal("it does not end")
		}
		f.follow(t, rt, v)
	}
	whole, _ := rowsOf(t, reader, begun(t, reader, roster.Cursor{}, time.Time{}), 1000)
	if len(whole) == 0 || len(whole) != len(f.held) {
		rt.Fatalf("%s holds %d officers of %d", f.who.Role, len(f.held), len(whole))
	}
	for _, row := range whole {
		if f.held[row.File.Officer] != row.Version {
			rt.Errorf("%s: %s is held as %q, and is %s", f.who.Role, row.File.Officer, f.held[row.File.Officer], row.Line())
		}
	}
}

// The clock was ahead for a while. What was recorded by it is shown with what
// came before the moment, and so lost to nobody.
func TestTheRosterAsOfAMomentBeforeTheClockWasSetBackLosesNothing(t *testing.T) {
	h := agency(t)
	h.on("2024-05-25").do("hr:R1", "P1", officer.CompleteTraining{Course: "ahead", Hours: 1})
	h.on("2024-05-20").do("hr:R1", "P2", officer.CompleteTraining{Course: "right again", Hours: 1})
	v := h.views()
	h.catchUp(v)
	r := v.As(auditor)
	rows, next := rowsOf(t, r, begun(t, r, roster.Cursor{}, at("2024-05-21")), 10)
	more, _ := rowsOf(t, r, begun(t, r, next, time.Time{}), 10)
	told := ""
	for _, row := range append(rows, more...) {
		told += string(row.Line())
	}
	for _, course := range []string{"ahead", "right again"} {
		if strings.Count(told, `"`+course+`"`) != 1 {
			t.Errorf("the course %q is not told once:\n%s", course, told)
		}
	}
}

// What a role may not know of brings no row, and none of its traces.
func TestTheRosterTellsNothingMore(t *testing.T) {
	h := agency(t)
	v := h.views()
	h.catchUp(v)
	hr := projections.Principal{Subject: "R1", Role: domain.RoleHR, Units: []domain.UnitID{"A"}}
	cursor := begun(t, v.As(hr), roster.Cursor{}, time.Time{}).End()
	h.on("2024-05-02")
	h.complain("C9", "H1", "W1", "delay", "was slow", "P1") // HR learns of it when it is concluded
	h.catchUp(v)
	if rows, _ := rowsOf(t, v.As(hr), begun(t, v.As(hr), cursor, time.Time{}), 10); len(rows) > 0 {
		t.Errorf("an open complaint shows: %s", rows[0].Line())
	}
	if rows, _ := rowsOf(t, v.As(auditor), begun(t, v.As(auditor), cursor, time.Time{}), 10); len(rows) != 1 || rows[0].File.Officer != "P1" {
		t.Errorf("the auditor is told of %d officers", len(rows))
	}
	h.do("handler:H1", "C9", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "so"})
	h.catchUp(v)
	rows, _ := rowsOf(t, v.As(hr), begun(t, v.As(hr), cursor, time.Time{}), 10)
	if len(rows) != 1 || !strings.Contains(string(rows[0].Line()), `"C9"`) || strings.Contains(string(rows[0].Line()), "was slow") {
		t.Errorf("of the concluded complaint HR is told %d rows", len(rows))
	}
	for _, who := range []projections.Principal{{Role: domain.RolePublic}, {Subject: "T1", Role: domain.RoleIntake, Units: []domain.UnitID{"A"}}} {
		if rows, _ := rowsOf(t, v.As(who), begun(t, v.As(who), roster.Cursor{}, time.Time{}), 10); len(rows) > 0 {
			t.Errorf("%s is told of %s", who.Role, rows[0].File.Officer)
		}
	}
	// The inspector is kept from their own file and that of their spouse.
	rows, _ = rowsOf(t, v.As(projections.Principal{Subject: "I1", Role: domain.RoleInspector, Units: []domain.UnitID{"A"}}), begun(t, v.As(auditor), roster.Cursor{}, time.Time{}), 10)
	if len(rows) != 2 {
		t.Errorf("the inspector is told of %d officers, want P1 and P2", len(rows))
	}
	for _, row := range rows {
		if row.File.Officer == "I1" || row.File.Officer == "P3" {
			t.Errorf("the inspector is told of %s", row.File.Officer)
		}
	}
}

func TestTheRosterAsOfADay(t *testing.T) {
	v := agency(t).built()
	r := v.As(auditor)
	end := r.EndOf(domain.MustDate("2023-06-30"))
	if got := end.Format(time.RFC3339Nano); got != "2023-06-30T15:59:59.999999Z" {
		t.Errorf("the day ends at %s", got)
	}
	c := begun(t, r, roster.Cursor{}, end)
	if back, err := roster.ParseCursor(c.String()); err != nil || back != c {
		t.Errorf("%v comes back as %v, %v", c, back, err)
	}
	rows, next := rowsOf(t, r, c, 10)
	if len(rows) != 4 || next.Since == 0 {
		t.Fatalf("%d rows, then %v", len(rows), next)
	}
	for _, row := range rows {
		want, err := r.RecordFile(context.Background(), row.File.Officer, projections.AsOf{Recorded: end})
		if err != nil {
			t.Fatal(err)
		}
		same, err := roster.Of(want)
		if err != nil || same.Version != row.Version {
			t.Errorf("%s is %s, want %s", row.File.Officer, row.Line(), same.Line())
		}
	}
	if none := begun(t, r, roster.Cursor{}, at("2001-01-01")); none.Through != 0 {
		t.Errorf("before the ledger began it stood at %s", none.Through)
	}
	for _, bad := range []string{"x", "r1.", "r1.e30=", "r1.eyJ4IjoxfQ", "r1.eyJzIjo1LCJ0IjozfQ"} {
		if _, err := roster.ParseCursor(bad); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := (roster.Cursor{Since: 1 << 40}).Begin(context.Background(), r, time.Time{}); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("a cursor from beyond the end: %v", err)
	}
}
