package ledgertest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/ledger"
)

// model is the ledger as a child would draw it: one list of events.
type model struct {
	store  ledger.Store
	events []ledger.Stored
	done   []attempt // appends that succeeded
}

// attempt is an append and what it gave.
type attempt struct {
	stream   string
	expected ledger.Revision
	entries  []ledger.Entry
	result   ledger.Appended
}

// proveModel runs random histories on stores of their own.
func proveModel(t *testing.T, newStore func(t *testing.T) ledger.Store) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{store: newStore(t)}
		defer func() {
			if err := m.store.Close(); err != nil {
				rt.Fatalf("close: %v", err)
			}
		}()
		rt.Repeat(map[string]func(*rapid.T){
			"append":       m.append,
			"append wrong": m.appendWrong,
			"repeat":       m.repeat,
			"read stream":  m.readStream,
			"read all":     m.readAll,
			"subscribe":    m.subscribe,
		})
		m.compare(rt, m.events, m.store.ReadAll(context.Background(), ledger.Start))
	})
}

var drawStream = rapid.SampledFrom([]string{"a", "b", "c", "岗位"})

// stream returns the model's events of one stream.
func (m *model) stream(name string) []ledger.Stored {
	var out []ledger.Stored
	for _, e := range m.events {
		if e.Stream == name {
			out = append(out, e)
		}
	}
	return out
}

func drawEntries(rt *rapid.T) []ledger.Entry {
	envelopes := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 40), 1, 4).Draw(rt, "envelopes")
	out := make([]ledger.Entry, len(envelopes))
	for i, envelope := range envelopes {
		out[i] = ledger.Entry{ID: uuid.New(), Envelope: envelope}
	}
	return out
}

func (m *model) append(rt *rapid.T) {
	a := attempt{stream: drawStream.Draw(rt, "stream"), entries: drawEntries(rt)}
	a.expected = ledger.Revision(len(m.stream(a.stream))) - 1
	var err error
	if a.result, err = m.store.Append(context.Background(), a.stream, a.expected, a.entries); err != nil {
		rt.Fatalf("append: %v", err)
	}
	last := ledger.Start
	if n := len(m.events); n > 0 {
		last = m.events[n-1].Position
	}
	if a.result.Revision != a.expected+ledger.Revision(len(a.entries)) || a.result.Position < last+ledger.Position(len(a.entries)) {
		rt.Fatalf("%d entries after revision %d and position %s gave %+v", len(a.entries), a.expected, last, a.result)
	}
	// A store chooses its positions; the model takes them from a read.
	at := a.expected
	for e, err := range m.store.ReadStream(context.Background(), a.stream, a.expected+1) {
		if err != nil {
			rt.Fatalf("read back: %v", err)
		}
		if at++; int(at-a.expected) > len(a.entries) {
			rt.Fatalf("an event that was never appended: %+v", e)
		}
		from := a.entries[at-a.expected-1]
		want := ledger.Stored{Position: e.Position, Stream: a.stream, Revision: at, ID: from.ID, Envelope: from.Envelope}
		if diff := cmp.Diff(want, e); diff != "" || e.Position <= last {
			rt.Fatalf("after position %s (-appended +read):\n%s", last, diff)
		}
		last = e.Position
		m.events = append(m.events, e)
	}
	if at != a.result.Revision || last != a.result.Position {
		rt.Fatalf("the result was %+v, the last event read is at revision %d, position %s", a.result, at, last)
	}
	m.done = append(m.done, a)
}

func (m *model) appendWrong(rt *rapid.T) {
	stream := drawStream.Draw(rt, "stream")
	at := ledger.Revision(len(m.stream(stream))) - 1
	expected := ledger.Revision(rapid.Int64Range(-1, int64(at)+5).Filter(func(r int64) bool { return r != int64(at) }).Draw(rt, "expected"))
	if _, err := m.store.Append(context.Background(), stream, expected, drawEntries(rt)); !errors.Is(err, ledger.ErrWrongRevision) {
		rt.Fatalf("append at %d to a stream at %d: %v", expected, at, err)
	}
}

func (m *model) repeat(rt *rapid.T) {
	if len(m.done) == 0 {
		rt.Skip("nothing to repeat")
	}
	a := rapid.SampledFrom(m.done).Draw(rt, "append")
	got, err := m.store.Append(context.Background(), a.stream, a.expected, a.entries)
	if err != nil || got != a.result {
		rt.Fatalf("the repeat gave %+v, %v; first was %+v", got, err, a.result)
	}
}

func (m *model) readStream(rt *rapid.T) {
	name := drawStream.Draw(rt, "stream")
	events := m.stream(name)
	from := rapid.IntRange(0, len(events)+2).Draw(rt, "from")
	m.compare(rt, events[min(from, len(events)):], m.store.ReadStream(context.Background(), name, ledger.Revision(from)))
}

func (m *model) readAll(rt *rapid.T) {
	n := rapid.IntRange(0, len(m.events)).Draw(rt, "after")
	m.compare(rt, m.events[n:], m.store.ReadAll(context.Background(), m.position(n)))
}

func (m *model) subscribe(rt *rapid.T) {
	if len(m.events) == 0 {
		rt.Skip("nothing recorded, it would wait for ever")
	}
	n := rapid.IntRange(0, len(m.events)-1).Draw(rt, "after")
	want := m.events[n:]
	seq := m.store.Subscribe(context.Background(), m.position(n))
	m.compare(rt, want, func(yield func(ledger.Stored, error) bool) {
		left := len(want)
		seq(func(e ledger.Stored, err error) bool {
			left--
			return yield(e, err) && left > 0
		})
	})
}

// position is that of the n-th event, counted from 1.
func (m *model) position(n int) ledger.Position {
	if n == 0 {
		return ledger.Start
	}
	return m.events[n-1].Position
}

func (m *model) compare(rt *rapid.T, want []ledger.Stored, seq func(func(ledger.Stored, error) bool)) {
	got, err := collect(seq)
	if err != nil {
		rt.Fatalf("read: %v", err)
	}
	if diff := diffEvents(want, got); diff != "" {
		rt.Fatalf("(-model +store):\n%s", diff)
	}
}
