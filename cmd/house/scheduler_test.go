package house

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
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
)

// life is a house on a clock of its own.
type life struct {
	*House
	t     *testing.T
	dir   string
	now   time.Time
	count int
}

func begin(t *testing.T, day string) *life {
	l := &life{t: t, dir: fresh.in(t), now: domain.MustDate(day).In(time.UTC).Add(time.Hour)}
	l.open()
	t.Cleanup(l.close)
	return l
}

func (l *life) open() {
	l.t.Helper()
	var err error
	l.House, err = Open(Config{Dir: l.dir, Write: true, PlainKey: true, Now: func() time.Time { return l.now }})
	if err == nil {
		err = l.OpenViews(context.Background(), nil)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.catchUp()
}

func (l *life) close() {
	l.t.Helper()
	if err := l.Close(); err != nil {
		l.t.Error(err)
	}
}

func (l *life) catchUp() {
	l.t.Helper()
	if err := l.Views.CatchUp(context.Background(), l.Store, nil); err != nil {
		l.t.Fatal(err)
	}
}

// do records a command by "role:actor".
func (l *life) do(by, subject string, c domain.Command) {
	l.t.Helper()
	role, actor, _ := strings.Cut(by, ":")
	l.count++
	_, err := l.Recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("i%d", l.count), Command: c,
		Act: domain.Act{Subject: subject, Actor: domain.ActorID(actor), Role: domain.Role(role)}})
	if err != nil {
		l.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// pass lets a fresh scheduler do what is due; the last one is forgotten.
func (l *life) pass() Passed {
	l.t.Helper()
	p, err := l.Scheduler().Pass(context.Background(), l.now)
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// done lists what the system recorded by the clocks: the day, the kind, the
// stream without the ids that change from run to run, and the score.
func (l *life) done() []string {
	l.t.Helper()
	var out []string
	seen := map[string]bool{}
	for s, err := range l.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			l.t.Fatal(err)
		}
		d, err := l.Codec.Decode(s)
		if err != nil {
			l.t.Fatal(err)
		}
		line := ""
		switch e := d.Event.(type) {
		case warning.Raised:
			line = fmt.Sprintf("%s %d %s", e.Rule, e.Score, e.Unit)
		case warning.Grouped:
			line = fmt.Sprintf("%s %d grouped", strings.Join(strings.Split(d.Act.Subject, ":")[:2], ":"), e.Score)
		case sanction.Released, plan.TargetMissed:
			line = string(d.Event.Kind())
		default:
			continue
		}
		if once := fmt.Sprint(d.Act.Subject, line); seen[once] {
			l.t.Errorf("twice: %s on %s", line, d.Act.Subject)
		} else {
			seen[once] = true
		}
		out = append(out, l.Books.Shelf().Day(d.Act.OccurredAt).String()+" "+line)
	}
	return out
}

// matters records on 2024-01-08 a complaint nobody handles, a certificate
// that expires, a sanction with a period, and a target nobody meets.
func (l *life) matters() {
	l.do("hr:R1", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	for _, p := range []string{"P1", "P2"} {
		l.do("hr:R1", p, officer.Enroll{FullName: p, Unit: "U1", On: domain.MustDate("2020-01-06")})
	}
	l.do("hr:R1", "P2", officer.IssueCertificate{Number: "N1", ValidFrom: domain.MustDate("2022-07-01"), ValidTo: domain.MustDate("2024-06-30")})
	l.do("intake:T1", "C1", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "slow", Unit: "U1"})
	l.do("intake:T1", "C1", complaint.Screen{Admissible: true, Ground: "ours"})
	l.do("intake:T1", "C1", complaint.Accept{})
	l.do("leader:L1", "PL1", plan.Draft{Title: "2024", From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-12-31"), Unit: "U1", Owner: "P2",
		Stages: []plan.Stage{{Stage: "S1", Ends: domain.MustDate("2024-12-31")}}})
	l.do("leader:L1", "PL1", plan.SetTarget{Target: "T1", Title: "train", Due: domain.MustDate("2024-04-17"), Unit: "U1", Officer: "P2", Stage: "S1"})
	l.do("leader:L2", "PL1", plan.Adopt{})
	l.do("inspector:I1", "S1", sanction.Propose{Officer: "P1", Measure: domain.MeasureAdmonition, Conduct: "absence"})
	l.do("inspector:I1", "S1", sanction.Notify{})
	l.do("hr:R1", "S1", sanction.HearDefence{Waived: true})
	l.do("leader:L1", "S1", sanction.Approve{})
	l.do("leader:L1", "S1", sanction.Impose{})
	l.do("hr:R1", "S1", sanction.Execute{Change: "noted"})
}

// run lets the days pass to the end of August, with a pass on each day that
// is not skipped.
func (l *life) run(skip, restart func(day int) bool, passes func()) {
	end := domain.MustDate("2024-08-31").In(time.UTC)
	for n := 0; l.now.Before(end); n++ {
		if restart(n) {
			l.close()
			l.open()
		}
		if !skip(n) {
			l.catchUp()
			passes()
		}
		l.now = l.now.AddDate(0, 0, 1)
	}
}

func never(int) bool { return false }

// what eight months bring, each on its day.
var eightMonths = []string{
	"2024-02-19 clock:complaint.handle 70 U1",
	"2024-03-02 clock:complaint.handle 90 grouped",
	"2024-03-08 clock:complaint.handle 100 grouped",
	"2024-03-18 clock:plan.target 70 U1",
	"2024-04-07 clock:plan.target 90 grouped",
	"2024-04-17 clock:plan.target 100 grouped",
	"2024-04-18 plan.target_missed.v1",
	"2024-05-01 clock:officer.certificate 40 U1",
	"2024-05-31 clock:officer.certificate 70 grouped",
	"2024-06-23 clock:officer.certificate 90 grouped",
	"2024-06-30 clock:officer.certificate 100 grouped",
}

func TestTheSchedulerDoesEachThingOnItsDay(t *testing.T) {
	t.Parallel()
	l := begin(t, "2024-01-08")
	l.matters()
	l.run(never, never, func() { l.pass() })
	got := l.done()
	released := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !strings.HasSuffix(s, "sanction.released.v1") })
	if diff := cmp.Diff([]string{"2024-07-09 sanction.released.v1"}, released); diff != "" {
		t.Errorf("released (-want +got):\n%s", diff)
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasSuffix(s, "released.v1") })
	if diff := cmp.Diff(eightMonths, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever the interruption, the same is done, and nothing twice.
func TestTheSchedulerMakesUpForWhatItMissed(t *testing.T) {
	t.Parallel()
	without := func(list []string) []string {
		var out []string
		for _, s := range list {
			out = append(out, s[len("2024-01-01 "):])
		}
		return out
	}
	for _, x := range []struct {
		name          string
		skip, restart func(int) bool
		passes        func(*life)
	}{
		{"restarted every nineteen days", never, func(n int) bool { return n%19 == 5 }, func(l *life) { l.pass() }},
		{"down every other day", func(n int) bool { return n%2 == 0 }, never, func(l *life) { l.pass() }},
		{"down the other days, with a restart", func(n int) bool { return n%2 == 1 }, func(n int) bool { return n%31 == 30 }, func(l *life) { l.pass() }},
		{"passing again before the views show the first pass", never, never, func(l *life) {
			l.pass()
			if p := l.pass(); p.Any() {
				l.t.Errorf("%s: the second pass did %+v", l.now, p)
			}
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, "2024-01-08")
			l.matters()
			l.run(x.skip, x.restart, func() { x.passes(l) })
			want := append(without(eightMonths), "sanction.released.v1")
			if diff := cmp.Diff(want, without(l.done())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestALongPauseIsWarnedOfOnce(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.matters()
	l.now = domain.MustDate("2024-04-01").In(time.UTC).Add(time.Hour)
	l.catchUp()
	l.pass()
	want := []string{"2024-04-01 clock:complaint.handle 100 U1", "2024-04-01 clock:plan.target 70 U1"}
	if diff := cmp.Diff(want, l.done()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASettledWarningIsRaisedAgain(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.matters()
	day := func(s string) {
		l.now = domain.MustDate(s).In(time.UTC).Add(time.Hour)
		l.catchUp()
		l.pass()
	}
	day("2024-02-19")
	var id string
	for s, err := range l.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if d, err := l.Codec.Decode(s); err == nil && d.Event.Kind() == (warning.Raised{}).Kind() {
			id = d.Act.Subject
		}
	}
	l.do("inspector:I1", id, warning.Acknowledge{})
	l.do("inspector:I1", id, warning.Review{Opinion: "the handler is ill"})
	l.do("inspector:I1", id, warning.Dismiss{Reason: "another takes over"})
	day("2024-03-02")
	day("2024-03-02")
	want := []string{"2024-02-19 clock:complaint.handle 70 U1", "2024-03-02 clock:complaint.handle 90 U1"}
	if diff := cmp.Diff(want, l.done()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAWarningNobodyTakesUpGoesFurtherUp(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.matters()
	l.run(func(n int) bool { return n > 60 }, never, func() { l.pass() })
	var got []string
	for s, err := range l.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := l.Codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := d.Event.(warning.Escalated); ok {
			got = append(got, l.Books.Shelf().Day(d.Act.OccurredAt).String()+" to the "+string(e.To))
		}
	}
	// Five working days from Monday the 19th; the next day is a Tuesday.
	if diff := cmp.Diff([]string{"2024-02-27 to the leader"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAClockThatConcernsNobodyIsCountedNotLost(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.do("intake:T1", "C9", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "somewhere"})
	l.now = domain.MustDate("2024-02-08").In(time.UTC).Add(time.Hour)
	l.catchUp()
	if p := l.pass(); p.Unaddressed != 1 || p.Any() {
		t.Errorf("the pass did %+v", p)
	}
}
