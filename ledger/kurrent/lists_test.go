package kurrent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

func TestLastAndStreams(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	open := func(prefix string) *kurrent.Store {
		s, err := kurrent.Open(t.Context(), kurrent.Options{URL: server.URL(), Prefix: prefix})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	ours, others := open("ours-"), open("others-")
	if last, found, err := ours.Last(t.Context()); found || err != nil {
		t.Fatalf("of an empty ledger: %v, %v, %v", last, found, err)
	}
	record := func(s *kurrent.Store, stream string) (ledger.Position, uuid.UUID) {
		t.Helper()
		id := uuid.New()
		done, err := s.Append(t.Context(), stream, ledger.NoStream, []ledger.Entry{{ID: id, Envelope: []byte("{}")}})
		if err != nil {
			t.Fatal(err)
		}
		return done.Position, id
	}
	first, _ := record(ours, "rulebook-a")
	record(ours, "unit-hq")
	record(ours, "rulebook-b")
	at, id := record(ours, "unit-d1")
	record(others, "rulebook-c")
	record(others, "unit-d2")

	last, found, err := ours.Last(t.Context())
	if err != nil || !found || last.Position != at || last.ID != id || last.Stream != "unit-d1" {
		t.Fatalf("the last is %v, %v, %v", last, found, err)
	}
	if head, err := ours.Head(t.Context()); err != nil || head != at {
		t.Fatalf("the head is %v, %v", head, err)
	}
	for after, want := range map[ledger.Position][]string{
		ledger.Start: {"rulebook-a", "rulebook-b"},
		first:        {"rulebook-b"},
		at:           nil,
	} {
		got, err := ours.Streams(t.Context(), "rulebook-", after)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("streams behind %s: %v\n%s", after, err, diff)
		}
	}
}
