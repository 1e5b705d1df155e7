package kurrenttest_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// filled is a server with the stream "a", events 0 to 4.
func filled(t *testing.T) (*kurrenttest.Server, *esdb.Client) {
	t.Helper()
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	mustAppend(t, c, "a", esdb.NoStream{}, event("0"), event("1"), event("2"), event("3"), event("4"))
	return s, c
}

func TestReadStream(t *testing.T) {
	tests := []struct {
		name      string
		from      esdb.StreamPosition
		backwards bool
		count     uint64
		want      string
	}{
		{"all of it", esdb.Start{}, false, 100, "01234"},
		{"so many", esdb.Start{}, false, 2, "01"},
		{"from a revision", esdb.Revision(3), false, 100, "34"},
		{"from behind the end", esdb.Revision(5), false, 100, ""},
		{"from the end", esdb.End{}, false, 100, ""},
		{"backwards from the end", esdb.End{}, true, 100, "43210"},
		{"the last", esdb.End{}, true, 1, "4"},
		{"backwards from a revision", esdb.Revision(2), true, 100, "210"},
		{"backwards from behind the end", esdb.Revision(9), true, 2, "43"},
		{"backwards from the start", esdb.Start{}, true, 100, "0"},
	}
	_, c := filled(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := esdb.ReadStreamOptions{From: tt.from}
			if tt.backwards {
				o.Direction = esdb.Backwards
			}
			r, err := c.ReadStream(ctxOf(t), "a", o, tt.count)
			if got := strings.Join(texts(t, r, err), ""); got != tt.want {
				t.Errorf("read %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAStreamThatIsNot(t *testing.T) {
	_, c := filled(t)
	r, err := c.ReadStream(ctxOf(t), "b", esdb.ReadStreamOptions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, err = r.Recv()
	wantCode(t, err, esdb.ErrorCodeResourceNotFound)
	_, err = c.GetStreamMetadata(ctxOf(t), "b", esdb.ReadStreamOptions{})
	wantCode(t, err, esdb.ErrorCodeResourceNotFound)
}

func TestReadAll(t *testing.T) {
	_, c := filled(t)
	all := func(from esdb.AllPosition, d esdb.Direction) (string, []esdb.Position) {
		r, err := c.ReadAll(ctxOf(t), esdb.ReadAllOptions{From: from, Direction: d}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var got string
		var at []esdb.Position
		for {
			e, err := r.Recv()
			if errors.Is(err, io.EOF) {
				return got, at
			}
			if err != nil {
				t.Fatal(err)
			}
			if e.Event.StreamID == "a" {
				got += string(e.Event.Data)
				at = append(at, e.Event.Position)
			}
		}
	}
	got, at := all(esdb.Start{}, esdb.Forwards)
	if got != "01234" || !slices.IsSortedFunc(at, func(a, b esdb.Position) int { return int(a.Commit) - int(b.Commit) }) {
		t.Fatalf("read %q at %v", got, at)
	}
	if got, _ := all(at[2], esdb.Forwards); got != "234" {
		t.Errorf("forwards the start is included, read %q", got)
	}
	if got, _ := all(at[2], esdb.Backwards); got != "10" {
		t.Errorf("backwards the start is excluded, read %q", got)
	}
	if got, _ := all(esdb.End{}, esdb.Backwards); got != "43210" {
		t.Errorf("backwards from the end: %q", got)
	}
	if got, _ := all(esdb.End{}, esdb.Forwards); got != "" {
		t.Errorf("forwards from the end: %q", got)
	}
}

func TestTheServerHasEventsOfItsOwn(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	r, err := dial(t, s.URL()).ReadAll(ctxOf(t), esdb.ReadAllOptions{From: esdb.Start{}}, 100)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if e, err := r.Recv(); err != nil || !strings.HasPrefix(e.Event.StreamID, "$") {
		t.Errorf("the first event is %+v, %v", e, err)
	}
}

func TestVersion(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{Version: "25.1.3"})
	v, err := dial(t, s.URL()).GetServerVersion()
	if err != nil || *v != (esdb.ServerVersion{Major: 25, Minor: 1, Patch: 3}) {
		t.Errorf("%+v, %v", v, err)
	}
}
