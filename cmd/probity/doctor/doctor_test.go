package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// told are the findings as lines: level, subject, text.
func told(found []Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s %s: %s\n", f.Level, f.Subject, f.Text)
	}
	return b.String()
}

// findings runs one check.
func findings(t *testing.T, p *Patient, subject string, run func(context.Context, *Patient, *Findings)) []Finding {
	t.Helper()
	if p.Now == nil {
		p.Now = time.Now
	}
	f := &Findings{subject: subject}
	run(t.Context(), p, f)
	for _, one := range f.all {
		if one.Level == Warn && one.Mend == "" {
			t.Errorf("%s: nobody is told what to do", one.Text)
		}
	}
	return f.all
}

// has tells whether the findings are so many, and the lines among them.
func has(t *testing.T, name string, found []Finding, want ...string) {
	t.Helper()
	text := told(found)
	for _, line := range want {
		if !strings.Contains(text, line) {
			t.Errorf("%s: no %q in\n%s", name, line, text)
		}
	}
	if len(want) != len(found) {
		t.Errorf("%s: %d findings, want %d:\n%s", name, len(found), len(want), text)
	}
}

func TestChecksRunAtTheSameTimeAndAreToldInOrder(t *testing.T) {
	second := make(chan struct{})
	checks := []Check{
		{Subject: "one", Run: func(_ context.Context, _ *Patient, f *Findings) { <-second; f.OK("after two") }},
		{Subject: "two", Run: func(_ context.Context, _ *Patient, f *Findings) { f.Warn("mend", "before one"); close(second) }},
		{Subject: "three", Run: func(context.Context, *Patient, *Findings) {}},
	}
	has(t, "in order", Examine(t.Context(), &Patient{}, checks), "ok one: after two\nwarn two: before one\n", "warn two")
}

func TestACheckThatHangsIsLeft(t *testing.T) {
	end := make(chan struct{})
	defer close(end)
	checks := []Check{
		{Subject: "deaf", Within: 20 * time.Millisecond, Run: func(_ context.Context, _ *Patient, f *Findings) { <-end; f.OK("never told") }},
		{Subject: "hears", Within: 20 * time.Millisecond, Run: func(ctx context.Context, _ *Patient, f *Findings) { <-ctx.Done(); f.NotRun("%v", ctx.Err()) }},
	}
	has(t, "left", Examine(t.Context(), &Patient{}, checks), "not run deaf: this took longer than 20ms", "not run hears: context deadline exceeded")
}

func TestTheWorstFindingDecides(t *testing.T) {
	plain, broken := errors.New("plain"), &ledger.IntegrityError{What: "broken"}
	for _, test := range []struct {
		name      string
		fail      []error
		first     error
		integrity bool
	}{
		{"nothing", nil, nil, false},
		{"one", []error{plain}, plain, false},
		{"integrity after another", []error{plain, broken}, broken, true},
		{"two", []error{plain, errors.New("other")}, plain, false},
	} {
		f := &Findings{subject: "x"}
		f.OK("well")
		f.NotRun("why not")
		for _, err := range test.fail {
			f.Fail("", err)
		}
		failed, first, integrity := Worst(f.all)
		if failed != len(test.fail) || !errors.Is(first, test.first) || integrity != test.integrity {
			t.Errorf("%s: %d, %v, %v", test.name, failed, first, integrity)
		}
	}
}

func TestNumbersAreJudged(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func(f *Findings)
		want string
	}{
		{"little space", func(f *Findings) { judgeSpace(f, 500<<20, 1<<30, time.Hour) }, "warn x: only 500 MB free"},
		{"full in a month", func(f *Findings) { judgeSpace(f, 30<<30, 100<<30, 100*24*time.Hour) }, "warn x: 30 GB free, 102400 MB used: at 1024 MB a day, as up to now, it is full in 30 days"},
		{"space for years", func(f *Findings) { judgeSpace(f, 300<<30, 1<<30, 100*24*time.Hour) }, "ok x: 300 GB free, 1024 MB used: enough for 30000 days"},
		{"space, and too young to say how long", func(f *Findings) { judgeSpace(f, 300<<30, 1<<30, time.Hour) }, "ok x: 300 GB free, 1024 MB used\n"},
		{"a slow disk", func(f *Findings) { judgeFlush(f, 30*time.Millisecond, time.Second) }, "warn x: a flush takes 30ms, at worst 1s: slow"},
		{"a quick disk", func(f *Findings) { judgeFlush(f, time.Millisecond, time.Second) }, "ok x: a flush takes 1ms"},
		{"clocks agree", func(f *Findings) { judgeClock(f, "n", -3*time.Second, 500*time.Millisecond) }, "ok x: agrees with n"},
		{"ahead", func(f *Findings) { judgeClock(f, "n", 10*time.Second, time.Second) }, "warn x: this machine's clock is 10s ahead of that of n"},
		{"far behind", func(f *Findings) { judgeClock(f, "n", -time.Minute, time.Second) }, "fail x: this machine's clock is 1m0s behind that of n: tokens are refused"},
		{"unsure", func(f *Findings) { judgeClock(f, "n", 8*time.Second, 6*time.Second) }, "ok x: agrees with n"},
		{"standby behind", func(f *Findings) { judgeLag(f, "s", 2*time.Minute) }, "warn x: standby s is 2m0s behind"},
		{"standby near", func(f *Findings) { judgeLag(f, "s", 2*time.Millisecond) }, "ok x: standby s is 2ms behind"},
	} {
		f := &Findings{subject: "x"}
		test.run(f)
		has(t, test.name, f.all, test.want)
	}
}

func TestWhatAPostgresSaysIsJudged(t *testing.T) {
	good := server{version: 15, text: "15.9", encoding: "UTF8", database: "probity", user: "p", create: true, fsync: true, encrypted: true}
	for _, test := range []struct {
		name   string
		change func(*server)
		local  bool
		want   []string
	}{
		{"good", func(*server) {}, false, nil},
		{"old", func(s *server) { s.version, s.text = 12, "12.3" }, false, []string{"warn x: version 12.3 is older"}},
		{"other encoding", func(s *server) { s.encoding = "LATIN1" }, false, []string{"fail x: database probity holds text as LATIN1"}},
		{"no right", func(s *server) { s.create = false }, false, []string{"fail x: p may not make schemas in database probity"}},
		{"a standby", func(s *server) { s.standby = true }, false, []string{"fail x: this is a standby"}},
		{"does not flush", func(s *server) { s.fsync = false }, false, []string{"warn x: it does not flush"}},
		{"in the open", func(s *server) { s.encrypted = false }, false, []string{"warn x: the connection is not encrypted"}},
		{"in the open on one machine", func(s *server) { s.encrypted = false }, true, nil},
	} {
		f, s := &Findings{subject: "x"}, good
		test.change(&s)
		s.judge(f, test.local)
		has(t, test.name, f.all, append([]string{"ok x: version " + s.text}, test.want...)...)
	}
}
