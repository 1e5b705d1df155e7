package clocks

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

func at(day string, e domain.Event) domain.Recorded {
	return domain.Recorded{ID: domain.EventID("0190e1c0-0000-7000-8000-" + day[:4] + day[5:7] + day[8:] + "0000"), Event: e,
		Act: domain.Act{Subject: "X", Actor: "A", OccurredAt: domaintest.On(day)}}
}

func TestCounterCountsTheDaysOfTheCalendar(t *testing.T) {
	cal := domain.CN2024().Calendar
	cal.Holidays[domain.MustDate("2024-09-21")] = false // a Saturday all the same
	c := NewCounter(cal)
	for d := domain.MustDate("2023-12-25"); d.Before(domain.MustDate("2027-02-01")); d = d.AddDays(1) {
		work := c.Number(d, true) > c.Number(d.AddDays(-1), true)
		if work != cal.IsWorkday(d) {
			t.Errorf("%s counts as a working day: %v", d, work)
		}
		if c.Number(d, false)-c.Number(d.AddDays(-1), false) != 1 {
			t.Errorf("%s does not follow the day before", d)
		}
	}
	for _, d := range []string{"1989-12-31", "1980-01-01", "2080-01-05", "2100-01-01"} {
		if n := c.Number(domain.MustDate(d).AddDays(7), true) - c.Number(domain.MustDate(d), true); n != 5 {
			t.Errorf("the week from %s has %d working days", d, n)
		}
	}
}

func TestShareOfTheTermUsed(t *testing.T) {
	k := NewKeeper(domain.CN2024())
	calendar := fold(k, []domain.Recorded{at("2024-03-01", complaint.Accepted{By: domain.MustDate("2024-04-30")})})[0]
	working := fold(k, []domain.Recorded{at("2024-09-27", complaint.Transferred{ToUnit: "U"})})[1]
	stopped := fold(k, []domain.Recorded{at("2024-03-01", complaint.Accepted{By: domain.MustDate("2024-04-30")}), at("2024-03-31", complaint.Concluded{})})[0]
	for _, x := range []struct {
		name  string
		clock Clock
		day   string
		share int
		late  int
	}{
		{"nothing on the first day", calendar, "2024-03-01", 0, 0},
		{"nothing before it", calendar, "2024-02-01", 0, 0},
		{"half after 30 of 60 days", calendar, "2024-03-31", 50, 0},
		{"rounded down", calendar, "2024-04-29", 98, 0},
		{"all of it on the last day, and not late", calendar, "2024-04-30", 100, 0},
		{"more the day after", calendar, "2024-05-06", 110, 6},
		{"a holiday uses nothing of working days", working, "2024-10-07", 40, 0},
		{"the make-up Sunday does", working, "2024-09-29", 20, 0},
		{"the last working day", working, "2024-10-10", 100, 0},
		{"a stopped clock stays", stopped, "2025-01-01", 50, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := domain.MustDate(x.day)
			if got := x.clock.Share(d, k.CountOf(&x.clock)); got != x.share {
				t.Errorf("share %d, want %d", got, x.share)
			}
			if got := x.clock.LateOn(d); got != x.late {
				t.Errorf("late %d, want %d", got, x.late)
			}
		})
	}
}

// pauses is a pause of all clocks of the rule, on the day of the event.
func pauses[E domain.Event]() trigger[pause] {
	return on(func(E, scene) pause { return pause{key: anyKey} })
}

func TestATolledClockStandsStill(t *testing.T) {
	// A rule of the test's own: duty suspended, duty resumed.
	rule := &Rule{Name: "officer.test", Breach: Visible,
		Term:   func(*domain.Rulebook) domain.Term { return domain.Term{Length: 10, Unit: domain.Days} },
		starts: []trigger[[]Opening]{starts[officer.Enrolled]()}, stops: []trigger[stop]{stops[officer.Separated]()},
		tolls: []trigger[pause]{pauses[officer.SuspendedFromDuty]()}, resumes: []trigger[pause]{pauses[officer.ReturnedToDuty]()}}
	k := newKeeper(domain.ShelfOf(domain.CN2024()), []*Rule{rule})
	history := []domain.Recorded{at("2024-03-01", officer.Enrolled{}), at("2024-03-05", officer.SuspendedFromDuty{}),
		at("2024-03-25", officer.ReturnedToDuty{}), at("2024-04-02", officer.Separated{})}
	on := func(n int, day string) [3]any {
		c := fold(k, history[:n])[0]
		return [3]any{c.Share(domain.MustDate(day), k.CountOf(&c)), c.LateOn(domain.MustDate(day)), c.Due.String()}
	}
	for _, x := range []struct {
		name string
		n    int
		day  string
		want [3]any
	}{
		{"it runs", 1, "2024-03-05", [3]any{40, 0, "2024-03-11"}},
		{"it stands while tolled, and is not late", 2, "2024-03-20", [3]any{40, 0, "2024-03-11"}},
		{"it runs on from where it stood", 3, "2024-03-27", [3]any{60, 0, "2024-03-31"}},
		{"late is counted from the moved day", 4, "2024-09-01", [3]any{120, 2, "2024-03-31"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, on(x.n, x.day)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if c := fold(k, history)[0]; c.Tolled != 20 {
		t.Errorf("tolled %d days, want 20", c.Tolled)
	}
}

func TestDaysOfWarning(t *testing.T) {
	k := NewKeeper(domain.CN2024())
	for _, x := range []struct {
		name  string
		given []domain.Recorded
		rule  string
		want  []Reached
	}{
		{"at 70, 90 and 100 per cent of 60 days", []domain.Recorded{at("2024-03-01", complaint.Accepted{By: domain.MustDate("2024-04-30")})}, "complaint.handle",
			[]Reached{{Second, domain.MustDate("2024-04-12")}, {Third, domain.MustDate("2024-04-24")}, {Last, domain.MustDate("2024-04-30")}}},
		{"of 15 working days", []domain.Recorded{at("2024-01-30", complaint.Received{RealName: true}), at("2024-02-01", complaint.Accepted{By: domain.MustDate("2024-04-01")})}, "complaint.notify_real_name",
			[]Reached{{Second, domain.MustDate("2024-02-21")}, {Third, domain.MustDate("2024-02-26")}, {Last, domain.MustDate("2024-02-27")}}},
		{"60, 30 and 7 days before a certificate expires", []domain.Recorded{at("2019-06-03", officer.CertificateIssued{ValidFrom: domain.MustDate("2019-06-01"), ValidTo: domain.MustDate("2024-05-31")})}, "officer.certificate",
			[]Reached{{First, domain.MustDate("2024-04-01")}, {Second, domain.MustDate("2024-05-01")}, {Third, domain.MustDate("2024-05-24")}, {Last, domain.MustDate("2024-05-31")}}},
		{"12, 6 and 3 months before rotation", []domain.Recorded{at("2014-06-02", officer.Appointed{Post: "K", Unit: "U", On: domain.MustDate("2014-06-01")})}, "officer.rotation",
			[]Reached{{First, domain.MustDate("2023-06-01")}, {Second, domain.MustDate("2023-12-01")}, {Third, domain.MustDate("2024-03-01")}, {Last, domain.MustDate("2024-06-01")}}},
		{"nobody is warned of a right", []domain.Recorded{at("2024-03-01", complaint.Answered{})}, "complaint.ask_review", nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, c := range fold(k, x.given) {
				if c.Name != x.rule {
					continue
				}
				if diff := cmp.Diff(x.want, k.Reaches(&c)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				for _, r := range k.Reaches(&c) {
					if k.rules[c.Name].Marks == nil && (c.Share(r.On, k.CountOf(&c)) < int(r.Level) || c.Share(r.On.AddDays(-1), k.CountOf(&c)) >= int(r.Level)) {
						t.Errorf("%d is not first reached on %s", r.Level, r.On)
					}
				}
				return
			}
			t.Fatalf("no clock %s", x.rule)
		})
	}
}

func TestTheWarningOfAClockIsAlwaysTheSame(t *testing.T) {
	k := NewKeeper(domain.CN2024())
	c := fold(k, []domain.Recorded{at("2024-03-01", complaint.Received{Unit: "U1"}), at("2024-03-02", complaint.Accepted{By: domain.MustDate("2024-05-01")})})[2-1]
	if c.Name != "complaint.handle" {
		t.Fatalf("the second clock is %s", c.Name)
	}
	raise, ok := k.Warn(&c, Third)
	if !ok || raise.Unit != "U1" || raise.Rule != "clock:complaint.handle" || raise.Score != 90 || raise.Evidence[0] != c.Start {
		t.Errorf("the warning is %+v, %v", raise, ok)
	}
	if want := "办理期限 X：应办结投诉。期限60日，自2024-03-02起，至2024-05-01止；已用去期限的90%。"; raise.ExplanationChinese != want {
		t.Errorf("in Chinese it says %q, want %q", raise.ExplanationChinese, want)
	}
	if err := domain.CheckID("subject", Again(c.WarningID(), Last)); err != nil {
		t.Errorf("its id cannot name a stream: %v", err)
	}
	for _, id := range []domain.WarningID{c.WarningID(), Again(c.WarningID(), Third)} {
		if base, ok := WarningOf(string(id)); !ok || base != c.WarningID() {
			t.Errorf("%s is taken for the warning %s, %v", id, base, ok)
		}
	}
	if _, ok := WarningOf("W-2024-1"); ok {
		t.Error("a warning of another rule is taken for one of a clock")
	}
	extended := c
	k.change(k.Rule(c.Name), &extended, change{until: c.Due.AddDays(30)})
	if extended.WarningID() == c.WarningID() {
		t.Error("an extension is not warned of anew")
	}
}

// Any event, on any matter, in any order: the fold neither panics nor leaves
// two clocks of one rule and key running.
func TestFoldsAreTotal(t *testing.T) {
	k := NewKeeper(domain.CN2024())
	m := &Matter{}
	for round := range 3 {
		for _, room := range catalog.New().Aggregates {
			for _, e := range room.Events {
				k.Apply(m, at("2024-03-0"+string(rune('1'+round)), e.Value(e.New())), known{})
				running := map[string]bool{}
				for _, c := range m.Clocks {
					if running[c.Name+"/"+c.Key] || !c.Open() {
						t.Fatalf("%s runs twice or is kept stopped after %s", c.Name, e.Kind)
					}
					running[c.Name+"/"+c.Key] = true
				}
			}
		}
	}
}

// Half a year under one rulebook, half under another of other terms and
// holidays: each clock runs to its end as it began.
func TestAClockRunsUnderTheRulebookOfTheDayItStarted(t *testing.T) {
	old, next := domain.CN2024(), domain.CN2024()
	old.ValidTo = domain.MustDate("2024-06-30")
	next.Version, next.ValidFrom = "2", domain.MustDate("2024-07-01")
	next.Complaint.Route.Length, next.Complaint.NotifyRealName.Source = 7, "a rule of 2024"
	next.Calendar.Holidays = map[domain.Date]bool{domain.MustDate("2024-07-03"): true}
	shelf, err := domain.NewShelf(old, next)
	if err != nil {
		t.Fatal(err)
	}
	k := NewKeeperOf(shelf)
	received, accepted := complaint.Received{Unit: "U", RealName: true}, complaint.Accepted{By: domain.MustDate("2024-09-01")}
	of := func(subject, day string, e domain.Event) domain.Recorded {
		r := at(day, e)
		r.Act.Subject = subject
		return r
	}
	list := fold(k, []domain.Recorded{of("A", "2024-06-28", received), of("A", "2024-06-28", accepted), of("B", "2024-07-01", received), of("B", "2024-07-02", accepted)})
	got := map[string][4]any{}
	for _, c := range list {
		raise, _ := k.Warn(&c, Last)
		got[c.Subject.ID+" "+c.Name] = [4]any{c.Rulebook, c.Due.String(), c.Share(domain.MustDate("2024-07-05"), k.CountOf(&c)), raise.Baseline}
	}
	term := old.Complaint.Route.Source
	want := map[string][4]any{
		"A complaint.route":            {"cn-2024", "2024-07-13", 0, term},
		"A complaint.handle":           {"cn-2024", "2024-09-01", 10, old.Complaint.Handle.Source},
		"A complaint.notify_real_name": {"cn-2024", "2024-07-19", 33, "common practice"}, // Wednesday the 3rd is worked
		"B complaint.route":            {"cn-2024/2", "2024-07-08", 14, term},
		"B complaint.handle":           {"cn-2024/2", "2024-09-01", 4, old.Complaint.Handle.Source},
		"B complaint.notify_real_name": {"cn-2024/2", "2024-07-24", 13, "a rule of 2024"}, // and here it is not
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is warned of is said in both languages, at every level, and by the
// months left where a long term has marks of its own.
func TestWarningsAreSaidInBothLanguages(t *testing.T) {
	k := NewKeeper(domain.CN2024())
	for _, rule := range Rules() {
		c := Clock{Name: rule.Name, Subject: domain.Ref{Type: "officer", ID: "P7"}, Key: "N 1", Started: domain.MustDate("2024-01-02"), Due: domain.MustDate("2034-01-02"), Length: 3653, Rulebook: "cn-2024"}
		for _, r := range k.Reaches(&c) {
			raise, _ := k.Warn(&c, r.Level)
			for _, s := range []string{raise.Explanation, raise.ExplanationChinese} {
				if !strings.Contains(s, c.Subject.ID) || !strings.Contains(s, c.Key) || !strings.Contains(s, c.Started.String()) || !strings.Contains(s, c.Due.String()) {
					t.Errorf("%s at %d: %q", rule.Name, r.Level, s)
				}
			}
			if strings.ContainsAny(strings.ReplaceAll(raise.ExplanationChinese, "N 1", ""), "abcdefghijklmnopqrstuvwxyz") {
				t.Errorf("%s at %d is not in Chinese: %q", rule.Name, r.Level, raise.ExplanationChinese)
			}
			if (raise.Baseline == "") != (raise.BaselineChinese == "") || strings.Contains(raise.BaselineChinese, "practice") {
				t.Errorf("%s: %q is %q in Chinese", rule.Name, raise.Baseline, raise.BaselineChinese)
			}
		}
	}
	raise, _ := k.Warn(&Clock{Name: "officer.rotation", Subject: domain.Ref{Type: "officer", ID: "P7"}, Started: domain.MustDate("2024-01-02"), Due: domain.MustDate("2034-01-02"), Length: 3653, Rulebook: "cn-2024"}, First)
	if want := "剩余不超过12个月。"; !strings.HasSuffix(raise.ExplanationChinese, want) {
		t.Errorf("a year before the rotation: %q, want %q at the end", raise.ExplanationChinese, want)
	}
}
