package kurrenttest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

func TestEventsInAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events")
	open := func() (*kurrenttest.Server, *esdb.Client) {
		s := kurrenttest.Start(t, kurrenttest.Options{File: file})
		return s, dial(t, s.URL())
	}
	s, c := open()
	mustAppend(t, c, "a", esdb.NoStream{}, event("0"), event("1"), event("2"))
	s.Admin().Truncate("a", 2)
	s.Admin().Scavenge()
	if err := s.Admin().Tombstone("b"); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, c, "a", esdb.Revision(2), event("3"))
	want := s.Admin().Events()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// A kill may leave half a frame.
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte{0, 0, 1, 0, 1, 2, 3, 4, 5}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s, c = open()
	if diff := cmp.Diff(want, s.Admin().Events()); diff != "" {
		t.Fatalf("(-before +after):\n%s", diff)
	}
	mustAppend(t, c, "a", esdb.Revision(3), event("4"))
	if got := streamTexts(t, c, "a"); got != "234" {
		t.Errorf("the stream is %q", got)
	}
	wantReadCode(t, c, "b", esdb.ErrorCodeStreamDeleted)
}

func TestAProcessKilled(t *testing.T) {
	p := kurrenttest.StartProcess(t, "127.0.0.1:0", filepath.Join(t.TempDir(), "events"))
	for round := range uint64(3) {
		url := p.URL()
		c := dial(t, url)
		expected := esdb.ExpectedRevision(esdb.NoStream{})
		if round > 0 {
			expected = esdb.Revision(round*100 - 1)
		}
		for i := range uint64(100) {
			at := mustAppend(t, c, "a", expected, event(fmt.Sprint(i)))
			expected = esdb.Revision(at.NextExpectedVersion)
		}
		p.Kill()
		p.Start()
		if p.URL() != url {
			t.Fatalf("it is at %s, was at %s", p.URL(), url)
		}
	}
	r, err := dial(t, p.URL()).ReadStream(ctxOf(t), "a", esdb.ReadStreamOptions{From: esdb.Start{}}, 1000)
	if got := texts(t, r, err); len(got) != 300 || got[299] != "99" {
		t.Errorf("%d events are there", len(got))
	}
}
