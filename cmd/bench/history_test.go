package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

func TestAHistoryIsDecidedByTheRulesAndVerifies(t *testing.T) {
	s := newSuite(options{quick: true}, t.TempDir(), io.Discard)
	h, err := s.build(t.Context(), 1200, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer h.store.Close()
	keys, err := ledger.NewKeyring(s.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	rep, err := ledger.Verify(t.Context(), h.store, ledger.VerifyConfig{Codec: s.codec, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	if int64(rep.Events) != h.events || rep.Events < 1200 {
		t.Errorf("the ledger holds %d events, %d were counted, 1,200 asked for", rep.Events, h.events)
	}
	for _, kind := range []string{
		"unit.established.v1", "post.defined.v1", "officer.enrolled.v1", "officer.training_completed.v1", "complaint.answered.v1",
		"misconduct.archived.v1", "sanction.imposed.v2", "sanction.released.v1", "officer.restricted.v1", "officer.restriction_lifted.v1",
	} {
		if rep.Kinds[kind] == 0 {
			t.Errorf("no %s among the events", kind)
		}
	}
	if imposed, released := rep.Kinds["sanction.imposed.v2"], rep.Kinds["sanction.released.v1"]; imposed != released {
		t.Errorf("%d sanctions were imposed and %d released: a server would have to release the rest while it is measured", imposed, released)
	}
}

func TestReadyEventsAreWholeLives(t *testing.T) {
	s := newSuite(options{}, t.TempDir(), io.Discard)
	streams, err := s.ready(context.Background(), 3*lifeEvents)
	if err != nil {
		t.Fatal(err)
	}
	if len(streams) != 3 {
		t.Fatalf("%d streams, want 3", len(streams))
	}
	for _, st := range streams {
		if len(st.entries) != lifeEvents {
			t.Errorf("%s has %d events, want %d", st.name, len(st.entries), lifeEvents)
		}
		for i, e := range st.entries {
			d, err := s.codec.Decode(ledger.Stored{Position: 1, Stream: st.name, Revision: ledger.Revision(i), ID: e.ID, Envelope: e.Envelope})
			if err != nil {
				t.Errorf("%s: %v", st.name, err)
			} else if d.Event.Kind().Room() != "complaint" {
				t.Errorf("%s holds a %s", st.name, d.Event.Kind())
			}
		}
	}
}

func TestAnAnswerWithAnErrorOrTooFewEventsIsNoAnswer(t *testing.T) {
	const two = `{"data":{"officer":{"timeline":{"edges":[{"cursor":"a"},{"cursor":"b"}]}}}}`
	for _, tt := range []struct {
		name, answer string
		edges        int
		want         string
	}{
		{"as many as asked for", two, 2, ""},
		{"fewer", two, 3, "2 events"},
		{"none, for want of an officer", `{"data":{"officer":null}}`, 2, "0 events"},
		{"an error beside the data", `{"errors":[{"message":"no"}],"data":{"officer":null}}`, 0, "error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := checkAnswer([]byte(tt.answer), tt.edges)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestFindAddress(t *testing.T) {
	t.Run("is the server's, whatever came before", func(t *testing.T) {
		base, drained, err := findAddress(strings.NewReader(
			"time=x level=WARN msg=\"mind the gap\"\ntime=x level=INFO msg=serving url=http://127.0.0.1:40123/ data=/srv/d\nmore\n"))
		if err != nil || base != "http://127.0.0.1:40123" {
			t.Errorf("got %q, %v", base, err)
		}
		<-drained
	})
	t.Run("of a program that failed is an error with its words", func(t *testing.T) {
		_, drained, err := findAddress(strings.NewReader("probity: data folder is in use\n"))
		if err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("got %v", err)
		}
		<-drained
	})
}
