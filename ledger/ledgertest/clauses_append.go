package ledgertest

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

var appending = []clause{
	{"an append is read back with its stream, revision, position, id and bytes", func(t *testing.T, s ledger.Store) {
		batch := entries(3)
		done := mustAppend(t, s, "officer-1", ledger.NoStream, batch...)
		got := readStream(t, s, "officer-1", 0)
		if len(got) != 3 {
			t.Fatalf("read %d events, want 3", len(got))
		}
		for i, e := range got {
			want := ledger.Stored{Position: e.Position, Stream: "officer-1", Revision: ledger.Revision(i), ID: batch[i].ID, Envelope: batch[i].Envelope}
			if diff := cmp.Diff(want, e); diff != "" {
				t.Errorf("event %d (-want +got):\n%s", i, diff)
			}
		}
		if diff := cmp.Diff(ledger.Appended{Revision: 2, Position: got[2].Position}, done); diff != "" {
			t.Errorf("the result is not where the last event lies (-want +got):\n%s", diff)
		}
		if diff := diffEvents(got, readAll(t, s, ledger.Start)); diff != "" {
			t.Errorf("the whole ledger differs from its only stream (-stream +all):\n%s", diff)
		}
	}},
	{"the first event of a stream has revision 0 and no position is Start", func(t *testing.T, s ledger.Store) {
		done := mustAppend(t, s, "a", ledger.NoStream, entry("first"))
		if done.Revision != 0 || done.Position <= ledger.Start {
			t.Fatalf("got %+v", done)
		}
	}},
	{"positions rise over all streams while revisions run without gap in each", func(t *testing.T, s ledger.Store) {
		for i := range ledger.Revision(20) {
			mustAppend(t, s, "a", i-1, entry("a %d", i))
			mustAppend(t, s, "b", 2*i-1, entry("b %d", 2*i), entry("b %d", 2*i+1))
		}
		got := readAll(t, s, ledger.Start)
		if len(got) != 60 {
			t.Fatalf("read %d events, want 60", len(got))
		}
		wantOrder(t, got)
	}},
	{"an append at the wrong revision is refused and records nothing", func(t *testing.T, s ledger.Store) {
		_, err := s.Append(t.Context(), "a", 0, entries(1))
		wantError(t, err, ledger.ErrWrongRevision)
		wantEmpty(t, s)
		mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
		for _, expected := range []ledger.Revision{ledger.NoStream, 0, 1, 3, 1 << 62} {
			_, err := s.Append(t.Context(), "a", expected, entries(2))
			wantError(t, err, ledger.ErrWrongRevision)
		}
		if got := readAll(t, s, ledger.Start); len(got) != 3 {
			t.Fatalf("%d events are recorded, want 3", len(got))
		}
		mustAppend(t, s, "a", 2, entry("the right one"))
	}},
	{"streams whose names differ only a little are different streams", func(t *testing.T, s ledger.Store) {
		names := []string{"a", "A", "a ", "a-1", "a-10", "岗位-1", "岗位-10", "\u00e9", "e\u0301", "%", "a%", strings.Repeat("x", ledger.MaxStreamName)}
		for _, name := range names {
			mustAppend(t, s, name, ledger.NoStream, entry("%s", name))
		}
		for _, name := range names {
			got := readStream(t, s, name, 0)
			if len(got) != 1 || got[0].Stream != name || string(got[0].Envelope) != name {
				t.Errorf("stream %q gave %v", name, got)
			}
		}
	}},
	{"every byte value comes back exactly, at the smallest and the largest size", func(t *testing.T, s ledger.Store) {
		every := make([]byte, 256)
		for i := range every {
			every[i] = byte(i)
		}
		want := [][]byte{{0}, {255}, every, bytes.Repeat(every, 256)[:ledger.MaxEnvelope]}
		for i, b := range want {
			mustAppend(t, s, "bytes", ledger.Revision(i)-1, ledger.Entry{ID: uuid.New(), Envelope: b})
		}
		for i, e := range readStream(t, s, "bytes", 0) {
			if !bytes.Equal(e.Envelope, want[i]) {
				t.Errorf("envelope %d came back changed", i)
			}
		}
	}},
	{"the largest append is recorded whole", func(t *testing.T, s ledger.Store) {
		batch := largest(s)
		mustAppend(t, s, "large", ledger.NoStream, batch...)
		got := readStream(t, s, "large", 0)
		if len(got) != len(batch) {
			t.Fatalf("read %d events, want %d", len(got), len(batch))
		}
		for i, e := range got {
			if e.ID != batch[i].ID || !bytes.Equal(e.Envelope, batch[i].Envelope) {
				t.Fatalf("event %d came back changed", i)
			}
		}
	}},
	{"changing what was handed in or out changes nothing recorded", func(t *testing.T, s ledger.Store) {
		batch := []ledger.Entry{entry("as it was")}
		mustAppend(t, s, "a", ledger.NoStream, batch...)
		clear(batch[0].Envelope)
		clear(readAll(t, s, ledger.Start)[0].Envelope)
		clear(readStream(t, s, "a", 0)[0].Envelope)
		if got := string(readAll(t, s, ledger.Start)[0].Envelope); got != "as it was" {
			t.Fatalf("recorded is %q", got)
		}
	}},
	{"an append whose context has ended records nothing", func(t *testing.T, s ledger.Store) {
		ctx := canceled()
		_, err := s.Append(ctx, "a", ledger.NoStream, entries(1))
		wantError(t, err, ctx.Err())
		wantEmpty(t, s)
	}},
}

// largest is an append of as many entries as the contract allows, each as
// large as it allows, or as large as fits in a bound that the store sets.
func largest(s ledger.Store) []ledger.Entry {
	batch, size := make([]ledger.Entry, ledger.MaxAppend), ledger.MaxEnvelope
	if b, ok := s.(interface{ MaxAppendBytes() int }); ok {
		size = min(size, max(b.MaxAppendBytes(), ledger.MinAppendBytes)/len(batch))
	}
	for i := range batch {
		batch[i] = ledger.Entry{ID: uuid.New(), Envelope: bytes.Repeat([]byte{byte(i)}, size)}
	}
	return batch
}

var retrying = []clause{
	{"a repeated append gives the first result and records nothing twice", func(t *testing.T, s ledger.Store) {
		batch := entries(3)
		first := mustAppend(t, s, "a", ledger.NoStream, batch...)
		if again := mustAppend(t, s, "a", ledger.NoStream, batch...); again != first {
			t.Fatalf("the repeat gave %+v, first was %+v", again, first)
		}
		if got := readAll(t, s, ledger.Start); len(got) != 3 {
			t.Fatalf("%d events are recorded, want 3", len(got))
		}
	}},
	{"a repeat gives the first result also after others have appended", func(t *testing.T, s ledger.Store) {
		mustAppend(t, s, "a", ledger.NoStream, entries(2)...)
		batch := entries(2)
		first := mustAppend(t, s, "a", 1, batch...)
		mustAppend(t, s, "b", ledger.NoStream, entries(2)...)
		mustAppend(t, s, "a", 3, entries(5)...)
		if again := mustAppend(t, s, "a", 1, batch...); again != first {
			t.Fatalf("the repeat gave %+v, first was %+v", again, first)
		}
		if got := readAll(t, s, ledger.Start); len(got) != 11 {
			t.Fatalf("%d events are recorded, want 11", len(got))
		}
	}},
	{"a repeat at another revision is refused", func(t *testing.T, s ledger.Store) {
		mustAppend(t, s, "a", ledger.NoStream, entries(1)...)
		batch := entries(2)
		mustAppend(t, s, "a", 0, batch...)
		for _, expected := range []ledger.Revision{ledger.NoStream, 1, 3} {
			_, err := s.Append(t.Context(), "a", expected, batch)
			wantError(t, err, ledger.ErrWrongRevision)
		}
	}},
	{"a repeat of which only some ids are the same is refused and records nothing", func(t *testing.T, s ledger.Store) {
		batch := entries(3)
		mustAppend(t, s, "a", ledger.NoStream, batch...)
		for name, changed := range map[string][]ledger.Entry{
			"other first":     {entry("x"), batch[1], batch[2]},
			"other last":      {batch[0], batch[1], entry("x")},
			"one more":        {batch[0], batch[1], batch[2], entry("x")},
			"other order":     {batch[1], batch[0], batch[2]},
			"beginning later": {batch[1], batch[2]},
		} {
			if _, err := s.Append(t.Context(), "a", ledger.NoStream, changed); err == nil {
				t.Errorf("%s: recorded", name)
			} else {
				wantError(t, err, ledger.ErrWrongRevision)
			}
		}
		if got := readAll(t, s, ledger.Start); len(got) != 3 {
			t.Fatalf("%d events are recorded, want 3", len(got))
		}
	}},
	{"the same ids with other bytes are refused and record nothing", func(t *testing.T, s ledger.Store) {
		batch := entries(2)
		mustAppend(t, s, "a", ledger.NoStream, batch...)
		for i := range batch {
			changed := slices.Clone(batch)
			changed[i].Envelope = append(slices.Clone(batch[i].Envelope), ' ')
			_, err := s.Append(t.Context(), "a", ledger.NoStream, changed)
			wantError(t, err, ledger.ErrWrongRevision)
		}
		if got := readAll(t, s, ledger.Start); len(got) != 2 {
			t.Fatalf("%d events are recorded, want 2", len(got))
		}
	}},
	{"the same ids may be recorded in another stream", func(t *testing.T, s ledger.Store) {
		batch := entries(1)
		first := mustAppend(t, s, "a", ledger.NoStream, batch...)
		if second := mustAppend(t, s, "b", ledger.NoStream, batch...); second.Position <= first.Position {
			t.Fatalf("got %+v after %+v", second, first)
		}
	}},
}

var limits = []clause{
	{"a malformed append is refused with ErrBadAppend and records nothing", func(t *testing.T, s ledger.Store) {
		hollow := entries(2)
		hollow[1].Envelope = nil
		for _, c := range []struct {
			name     string
			stream   string
			expected ledger.Revision
			entries  []ledger.Entry
		}{
			{"no entries", "a", ledger.NoStream, nil},
			{"an empty envelope", "a", ledger.NoStream, hollow},
			{"no stream name", "", ledger.NoStream, entries(1)},
			{"a stream name that is not UTF-8", "a\xff", ledger.NoStream, entries(1)},
			{"a stream name with a NUL", "a\x00b", ledger.NoStream, entries(1)},
			{"a stream name with a line break", "a\nb", ledger.NoStream, entries(1)},
			{"an impossible revision", "a", ledger.NoStream - 1, entries(1)},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := s.Append(t.Context(), c.stream, c.expected, c.entries)
				wantError(t, err, ledger.ErrBadAppend)
				wantEmpty(t, s)
			})
		}
	}},
	{"an append over a size limit is refused with ErrTooLarge and records nothing", func(t *testing.T, s ledger.Store) {
		fat := entries(2)
		fat[1].Envelope = make([]byte, ledger.MaxEnvelope+1)
		more := largest(s)
		if n := len(more[0].Envelope); n == ledger.MaxEnvelope {
			more = append(more, entry("x"))
		} else {
			for i := range more {
				more[i].Envelope = make([]byte, n+ledger.MaxEnvelope/8)
			}
		}
		for _, c := range []struct {
			name    string
			stream  string
			entries []ledger.Entry
		}{
			{"more than the largest", "a", more},
			{"one entry too many", "a", entries(ledger.MaxAppend + 1)},
			{"one byte too many in an envelope", "a", fat},
			{"one byte too many in the stream name", strings.Repeat("x", ledger.MaxStreamName+1), entries(1)},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := s.Append(t.Context(), c.stream, ledger.NoStream, c.entries)
				wantError(t, err, ledger.ErrTooLarge)
				wantEmpty(t, s)
			})
		}
	}},
}
