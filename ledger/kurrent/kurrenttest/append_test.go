package kurrenttest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// appendTo appends and returns the error alone.
func appendTo(t testing.TB, c *esdb.Client, stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) error {
	_, err := c.AppendToStream(ctxOf(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	return err
}

func TestWhatAnAppendMayExpect(t *testing.T) {
	tests := []struct {
		name     string
		stream   string // "new" has no event, "two" has revisions 0 and 1
		expected esdb.ExpectedRevision
		wrong    bool
	}{
		{"no stream where there is none", "new", esdb.NoStream{}, false},
		{"no stream where there is one", "two", esdb.NoStream{}, true},
		{"the last revision", "two", esdb.Revision(1), false},
		{"a revision before the last", "two", esdb.Revision(0), true},
		{"a revision behind the last", "two", esdb.Revision(2), true},
		{"a revision where there is no stream", "new", esdb.Revision(0), true},
		{"anything where there is no stream", "new", esdb.Any{}, false},
		{"anything where there is one", "two", esdb.Any{}, false},
		{"a stream where there is none", "new", esdb.StreamExists{}, true},
		{"a stream where there is one", "two", esdb.StreamExists{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := kurrenttest.Start(t, kurrenttest.Options{})
			c := dial(t, s.URL())
			mustAppend(t, c, "two", esdb.NoStream{}, event("1"), event("2"))
			before := len(s.Admin().Events())
			err := appendTo(t, c, tt.stream, tt.expected, event("x"), event("y"))
			if tt.wrong {
				wantCode(t, err, esdb.ErrorCodeWrongExpectedVersion)
			} else if err != nil {
				t.Fatal(err)
			}
			if got := len(s.Admin().Events()) - before; (got == 0) != tt.wrong {
				t.Errorf("%d events were recorded", got)
			}
		})
	}
}

// `IndexWriter.CheckCommit`: what counts as a repeat, and what does not.
func TestRepeats(t *testing.T) {
	one, two, other := event("1"), event("2"), event("other")
	changed := one
	changed.Data = []byte("other bytes")
	tests := []struct {
		name     string
		expected esdb.ExpectedRevision
		events   []esdb.EventData
		wrong    bool
		added    int
	}{
		{"the same ids at the same revision", esdb.NoStream{}, []esdb.EventData{one, two}, false, 0},
		{"the first of them", esdb.NoStream{}, []esdb.EventData{one}, false, 0},
		{"the second of them where it lies", esdb.Revision(0), []esdb.EventData{two}, false, 0},
		{"other bytes under the same id: the server does not look", esdb.NoStream{}, []esdb.EventData{changed, two}, false, 0},
		{"another id at the same revision", esdb.NoStream{}, []esdb.EventData{other, two}, true, 0},
		{"the first the same, the second not", esdb.NoStream{}, []esdb.EventData{one, other}, true, 0},
		{"more than was recorded", esdb.NoStream{}, []esdb.EventData{one, two, other}, true, 0},
		{"the same ids at another revision", esdb.Revision(0), []esdb.EventData{one, two}, true, 0},
		{"the same ids at the present revision: recorded twice", esdb.Revision(1), []esdb.EventData{one, two}, false, 2},
		{"the same ids anywhere", esdb.Any{}, []esdb.EventData{one, two}, false, 0},
		{"some of the same ids anywhere", esdb.Any{}, []esdb.EventData{one, other}, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := kurrenttest.Start(t, kurrenttest.Options{})
			c := dial(t, s.URL())
			first := mustAppend(t, c, "a", esdb.NoStream{}, one, two)
			before := len(s.Admin().Events())
			r, err := c.AppendToStream(ctxOf(t), "a", esdb.AppendToStreamOptions{ExpectedRevision: tt.expected}, tt.events...)
			if tt.wrong {
				wantCode(t, err, esdb.ErrorCodeWrongExpectedVersion)
			} else if err != nil {
				t.Fatal(err)
			} else if tt.added == 0 && len(tt.events) == 2 && *r != *first {
				t.Errorf("the repeat gave %+v, the first time was %+v", r, first)
			}
			if got := len(s.Admin().Events()) - before; got != tt.added {
				t.Errorf("%d events were added, want %d", got, tt.added)
			}
		})
	}
}

func TestARepeatThatExpectsNothingIsRecordedAgainAfterARestart(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	e := event("1")
	mustAppend(t, dial(t, s.URL()), "a", esdb.Any{}, e)
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	c := dial(t, s.URL())
	if r := mustAppend(t, c, "a", esdb.Any{}, e); r.NextExpectedVersion != 1 {
		t.Errorf("the repeat ended at revision %d, want 1: a duplicate", r.NextExpectedVersion)
	}
	if r := mustAppend(t, c, "a", esdb.NoStream{}, e); r.NextExpectedVersion != 0 {
		t.Errorf("the repeat at its revision ended at %d, want 0", r.NextExpectedVersion)
	}
}

func TestARepeatOfHiddenEventsHasNoPosition(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	e := event("1")
	mustAppend(t, c, "a", esdb.NoStream{}, e)
	mustAppend(t, c, "a", esdb.Revision(0), event("2"))
	s.Admin().Truncate("a", 1)
	if r := mustAppend(t, c, "a", esdb.NoStream{}, e); r.CommitPosition != 0 {
		t.Errorf("the repeat has position %d", r.CommitPosition)
	}
	s.Admin().Scavenge()
	wantCode(t, appendTo(t, c, "a", esdb.NoStream{}, e), esdb.ErrorCodeWrongExpectedVersion)
}

func TestAnAppendThatIsTooLarge(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{MaxAppend: 1000})
	c := dial(t, s.URL())
	before := len(s.Admin().Events())
	mustAppend(t, c, "a", esdb.NoStream{}, event(strings.Repeat("x", 992))) // and twice "test"
	wantCode(t, appendTo(t, c, "b", esdb.NoStream{}, event(strings.Repeat("x", 993))), esdb.ErrorCodeUnknown)
	// The server answers while the client still sends; the client then sees
	// nothing but the end of its stream.
	var many []esdb.EventData
	for range 2000 {
		many = append(many, event(strings.Repeat("x", 900)))
	}
	wantCode(t, appendTo(t, c, "b", esdb.NoStream{}, many...), esdb.ErrorCodeUnknown)
	if got := len(s.Admin().Events()) - before; got != 1 {
		t.Errorf("%d events are recorded, want 1", got)
	}
}

func TestAnAppendThatIsCanceled(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	mustAppend(t, c, "a", esdb.NoStream{}, event("1"))
	before := len(s.Admin().Events())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := c.AppendToStream(ctx, "a", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, event("2"))
	if err == nil || len(s.Admin().Events()) != before {
		t.Errorf("got %v, and %d events", err, len(s.Admin().Events())-before)
	}
}

func TestPositionsRiseWithGapsAndAreTheSameEverywhere(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	var last uint64
	for i := range 5 {
		r := mustAppend(t, c, "a", esdb.Any{}, event("x"), event("y"))
		if r.CommitPosition <= last+1 || r.PreparePosition != r.CommitPosition {
			t.Fatalf("append %d: %+v after %d", i, r, last)
		}
		last = r.CommitPosition
		read, err := c.ReadAll(ctxOf(t), esdb.ReadAllOptions{From: esdb.Position{Commit: last, Prepare: last}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		e, err := read.Recv()
		if err != nil || e.Event.Position.Commit != last || e.Event.EventNumber != r.NextExpectedVersion {
			t.Fatalf("at %d lies %+v, %v", last, e, err)
		}
		read.Close()
	}
	read, err := c.ReadAll(ctxOf(t), esdb.ReadAllOptions{From: esdb.Position{Commit: last - 1, Prepare: last - 1}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	var e *esdb.Error
	if _, err := read.Recv(); !errors.As(err, &e) || !strings.Contains(err.Error(), "invalid position") {
		t.Errorf("a position within a record gave %v", err)
	}
}
