package kurrenttest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// streamTexts is what a read of the stream shows.
func streamTexts(t *testing.T, c *esdb.Client, stream string) string {
	t.Helper()
	r, err := c.ReadStream(ctxOf(t), stream, esdb.ReadStreamOptions{From: esdb.Start{}}, 1000)
	return strings.Join(texts(t, r, err), "")
}

// allTexts is what a read of $all shows of the stream.
func allTexts(t *testing.T, s *kurrenttest.Server, stream string) string {
	t.Helper()
	var out string
	for _, e := range s.Admin().Events() {
		if e.Stream == stream {
			out += string(e.Data)
		}
	}
	return out
}

// wantReadCode fails unless a read of the stream ends with an error of that
// code.
func wantReadCode(t *testing.T, c *esdb.Client, stream string, code esdb.ErrorCode) {
	t.Helper()
	r, err := c.ReadStream(ctxOf(t), stream, esdb.ReadStreamOptions{From: esdb.Start{}}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, err = r.Recv()
	wantCode(t, err, code)
}

func TestMetadataHidesEvents(t *testing.T) {
	now := time.Now()
	set := func(object string) func(*testing.T, *kurrenttest.Server) {
		return func(t *testing.T, s *kurrenttest.Server) {
			if err := s.Admin().SetMetadata("a", object); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name          string
		do            func(*testing.T, *kurrenttest.Server)
		shown, stayed string // by a read of the stream; in $all after a scavenge
	}{
		{"nothing", func(*testing.T, *kurrenttest.Server) {}, "01234", "01234"},
		{"$maxCount", set(`{"$maxCount":2}`), "34", "34"},
		{"$tb", set(`{"$tb":3}`), "34", "34"},
		{"$tb behind the end", set(`{"$tb":9}`), "", "4"},
		{"$maxAge that all are older than", func(t *testing.T, s *kurrenttest.Server) {
			set(`{"$maxAge":10}`)(t, s)
			now = now.Add(time.Minute)
		}, "", "4"},
		{"$maxAge that none is older than", set(`{"$maxAge":1000}`), "01234", "01234"},
		{"what is no metadata", set(`{"$maxCount":"two"}`), "01234", "01234"},
		{"an administrator's truncation", func(_ *testing.T, s *kurrenttest.Server) { s.Admin().Truncate("a", 4) }, "4", "4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := kurrenttest.Start(t, kurrenttest.Options{Now: func() time.Time { return now }})
			c := dial(t, s.URL())
			mustAppend(t, c, "a", esdb.NoStream{}, event("0"), event("1"), event("2"), event("3"), event("4"))
			tt.do(t, s)
			if got := streamTexts(t, c, "a"); got != tt.shown {
				t.Errorf("the stream shows %q, want %q", got, tt.shown)
			}
			if got := allTexts(t, s, "a"); got != "01234" {
				t.Errorf("before a scavenge $all shows %q", got)
			}
			s.Admin().Scavenge()
			if got := allTexts(t, s, "a"); got != tt.stayed {
				t.Errorf("after a scavenge $all shows %q, want %q", got, tt.stayed)
			}
			if r := mustAppend(t, c, "a", esdb.Any{}, event("5")); r.NextExpectedVersion != 5 {
				t.Errorf("the next revision is %d, want 5", r.NextExpectedVersion)
			}
		})
	}
}

func TestAStreamThatWasDeleted(t *testing.T) {
	s, c := filled(t)
	if _, err := c.DeleteStream(ctxOf(t), "a", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(3)}); err == nil {
		t.Error("deleted at a wrong revision")
	}
	if _, err := c.DeleteStream(ctxOf(t), "a", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(4)}); err != nil {
		t.Fatal(err)
	}
	wantReadCode(t, c, "a", esdb.ErrorCodeResourceNotFound)
	wantCode(t, appendTo(t, c, "a", esdb.StreamExists{}, event("x")), esdb.ErrorCodeStreamDeleted)
	if r := mustAppend(t, c, "a", esdb.NoStream{}, event("5")); r.NextExpectedVersion != 5 {
		t.Errorf("the stream goes on at %d, want 5", r.NextExpectedVersion)
	}
	if got := streamTexts(t, c, "a"); got != "5" {
		t.Errorf("the stream shows %q", got)
	}
	m, err := c.GetStreamMetadata(ctxOf(t), "a", esdb.ReadStreamOptions{})
	if err != nil || *m.TruncateBefore() != 5 {
		t.Errorf("metadata %+v, %v", m, err)
	}
	if got := allTexts(t, s, "a"); got != "012345" {
		t.Errorf("$all shows %q", got)
	}
}

func TestAStreamThatWasDeletedForGood(t *testing.T) {
	s, c := filled(t)
	if _, err := c.TombstoneStream(ctxOf(t), "a", esdb.TombstoneStreamOptions{}); err != nil {
		t.Fatal(err)
	}
	wantReadCode(t, c, "a", esdb.ErrorCodeStreamDeleted)
	wantReadCode(t, c, "$$a", esdb.ErrorCodeStreamDeleted)
	for _, expected := range []esdb.ExpectedRevision{esdb.Any{}, esdb.NoStream{}, esdb.Revision(4)} {
		wantCode(t, appendTo(t, c, "a", expected, event("x")), esdb.ErrorCodeStreamDeleted)
	}
	events := s.Admin().Events()
	if last := events[len(events)-1]; last.Type != "$streamDeleted" || last.Stream != "a" || last.Revision != 1<<63-1 {
		t.Errorf("the last event is %+v", last)
	}
	s.Admin().Scavenge()
	if got := allTexts(t, s, "a"); got != "" {
		t.Errorf("after a scavenge $all shows %q", got)
	}
}

func TestReadsGoPastWhatWasScavenged(t *testing.T) {
	s, c := filled(t)
	var third uint64
	for _, e := range s.Admin().Events() {
		if e.Stream == "a" && e.Revision == 2 {
			third = e.Position
		}
	}
	s.Admin().Truncate("a", 3)
	s.Admin().Scavenge()
	sub := subscribeAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Position{Commit: third, Prepare: third}})
	if got := told(t, sub, 3); got != "3 4 live" {
		t.Errorf("told %q", got)
	}
}

func TestForeignWritesAndScavengesAreSeenInAll(t *testing.T) {
	s, c := filled(t)
	sub := subscribeAll(t, c, esdb.SubscribeToAllOptions{From: esdb.End{}})
	if got := told(t, sub, 1); got != "live" {
		t.Fatal(got)
	}
	if _, err := s.Admin().Append("a", "foreign", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := s.Admin().Delete("a"); err != nil {
		t.Fatal(err)
	}
	s.Admin().Scavenge()
	for _, want := range []string{"foreign", "$metadata", "$scavengePoint", "$scavengeStarted", "$scavengeCompleted"} {
		if e := sub.Recv(); e.EventAppeared == nil || e.EventAppeared.Event.EventType != want {
			t.Fatalf("got %+v, want an event %s", e, want)
		}
	}
}
