package migrate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/migrate"
)

// fill appends a history: runs of random length over a few streams.
func fill(t testing.TB, s ledger.Store, seed uint64, appends int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	at := map[string]ledger.Revision{}
	for range appends {
		stream := fmt.Sprintf("unit-%d", r.IntN(5))
		if _, known := at[stream]; !known {
			at[stream] = ledger.NoStream
		}
		var entries []ledger.Entry
		for range 1 + r.IntN(4) {
			var id uuid.UUID
			for i := range id {
				id[i] = byte(r.Uint32())
			}
			entries = append(entries, ledger.Entry{ID: id, Envelope: fmt.Appendf(nil, "envelope %d", r.Uint64())})
		}
		done, err := s.Append(context.Background(), stream, at[stream], entries)
		if err != nil {
			t.Fatal(err)
		}
		at[stream] = done.Revision
	}
}

func events(t testing.TB, s ledger.Store) []ledger.Stored {
	t.Helper()
	var all []ledger.Stored
	for e, err := range s.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// same checks that both hold the same, and that Pairs finds it so, with the
// roots that the library for such trees gives.
func same(t testing.TB, from, to ledger.Store) {
	t.Helper()
	want, got := events(t, from), events(t, to)
	if len(want) != len(got) {
		t.Fatalf("the target has %d events, the source %d", len(got), len(want))
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (out []tlog.Hash, _ error) {
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	i := 0
	for p, err := range migrate.Pairs(t.Context(), from, to) {
		if err != nil {
			t.Fatal(err)
		}
		w, g := want[i], got[i]
		if w.Stream != g.Stream || w.Revision != g.Revision || w.ID != g.ID || !bytes.Equal(w.Envelope, g.Envelope) {
			t.Fatalf("event %d is %v in the source and %v in the target", i+1, w, g)
		}
		hashes, err := tlog.StoredHashes(int64(i), w.Envelope, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		root, err := tlog.TreeHash(int64(i+1), reader)
		if err != nil {
			t.Fatal(err)
		}
		if p.Root() != root || p.Place != int64(i+1) || p.From != w.Position || p.To.Position != g.Position {
			t.Fatalf("pair %d: %+v with root %v, want root %v", i+1, p, p.Root(), root)
		}
		i++
	}
	if i != len(want) {
		t.Fatalf("Pairs yielded %d of %d events", i, len(want))
	}
}

// gaps shows a store whose positions have gaps, as those of a cluster have.
type gaps struct{ ledger.Store }

func (g gaps) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for e, err := range g.Store.ReadAll(ctx, after/100) {
			if e.Position *= 100; !yield(e, err) {
				return
			}
		}
	}
}

// faulty is a target that is killed: after some appends nothing works any
// more. The last one may have been recorded.
type faulty struct {
	ledger.Store
	left     int
	recorded bool // the last append, though it fails
	unknown  int  // appends whose outcome stays unknown, once each
	small    int  // refuses more entries at once
}

var errKilled = errors.New("killed")

func (f *faulty) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if f.small > 0 && len(entries) > f.small {
		return ledger.Appended{}, ledger.ErrTooLarge
	}
	if f.left--; f.left == 0 {
		if f.recorded {
			if _, err := f.Store.Append(ctx, stream, expected, entries); err != nil {
				return ledger.Appended{}, err
			}
		}
		return ledger.Appended{}, errKilled
	}
	done, err := f.Store.Append(ctx, stream, expected, entries)
	if f.unknown > 0 && err == nil {
		f.unknown--
		return ledger.Appended{}, ledger.ErrUnknownOutcome
	}
	return done, err
}

func TestCopyIsResumedWhereverItWasKilled(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		from, to := ledgertest.NewMemory(), ledgertest.NewMemory()
		fill(t, from, rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 40).Draw(rt, "appends"))
		source := gaps{from}
		for {
			killed := &faulty{Store: to, left: rapid.IntRange(1, 20).Draw(rt, "killed after"), recorded: rapid.Bool().Draw(rt, "recorded"),
				small: rapid.IntRange(0, 3).Draw(rt, "at once")}
			before := len(events(t, to))
			done, err := migrate.Copy(context.Background(), migrate.Config{From: source, To: killed})
			if done.Found != int64(before) {
				rt.Fatalf("found %d, there were %d", done.Found, before)
			}
			if err == nil {
				if done.Events != int64(len(events(t, from))) {
					rt.Fatalf("copied %d of %d", done.Events, len(events(t, from)))
				}
				break
			}
			if !errors.Is(err, errKilled) {
				rt.Fatal(err)
			}
		}
		same(t, source, to)
	})
}

func TestAnUnknownOutcomeIsRepeated(t *testing.T) {
	from, to := ledgertest.NewMemory(), ledgertest.NewMemory()
	fill(t, from, 7, 10)
	if _, err := migrate.Copy(t.Context(), migrate.Config{From: from, To: &faulty{Store: to, unknown: 3}}); err != nil {
		t.Fatal(err)
	}
	same(t, from, to)

	// But not for ever.
	never := &faulty{Store: ledgertest.NewMemory(), unknown: 1 << 30}
	if _, err := migrate.Copy(t.Context(), migrate.Config{From: from, To: never, Patience: time.Nanosecond}); !errors.Is(err, ledger.ErrUnknownOutcome) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := migrate.Copy(ctx, migrate.Config{From: from, To: never}); err == nil || ctx.Err() == nil {
		t.Fatal(err)
	}
}

// changed copies the events into a new store, one append each, after change
// had its way with them.
func changed(t *testing.T, all []ledger.Stored, change func([]ledger.Stored) []ledger.Stored) ledger.Store {
	t.Helper()
	s := ledgertest.NewMemory()
	at := map[string]ledger.Revision{}
	for _, e := range change(all) {
		expected := ledger.NoStream
		if last, ok := at[e.Stream]; ok {
			expected = last
		}
		done, err := s.Append(t.Context(), e.Stream, expected, []ledger.Entry{{ID: e.ID, Envelope: e.Envelope}})
		if err != nil {
			t.Fatal(err)
		}
		at[e.Stream] = done.Revision
	}
	return s
}

func TestATargetThatHoldsSomethingElseIsRefused(t *testing.T) {
	from := ledgertest.NewMemory()
	fill(t, from, 3, 12)
	all := events(t, from)
	other := ledger.Stored{Stream: "unit-9", ID: uuid.New(), Envelope: []byte("of somebody else")}
	for _, tt := range []struct {
		name   string
		change func([]ledger.Stored) []ledger.Stored
		place  int64
		what   string
	}{
		{"another byte", func(e []ledger.Stored) []ledger.Stored { e[4].Envelope = []byte("envelopf"); return e[:9] }, 5, "other bytes"},
		{"another id", func(e []ledger.Stored) []ledger.Stored { e[6].ID = uuid.New(); return e[:9] }, 7, "the target event"},
		{"a foreign event first", func(e []ledger.Stored) []ledger.Stored { return append([]ledger.Stored{other}, e[:3]...) }, 1, "the target holds unit-9 revision 0 here"},
		{"a foreign event in between", func(e []ledger.Stored) []ledger.Stored {
			return append(append(append([]ledger.Stored{}, e[:3]...), other), e[3:6]...)
		}, 4, "the target holds unit-9 revision 0 here"},
		{"one left out at the beginning", func(e []ledger.Stored) []ledger.Stored {
			return append(append([]ledger.Stored{}, e[:0]...), e[1:4]...)
		}, 1, ""},
		{"more than the source", func(e []ledger.Stored) []ledger.Stored { return append(e, other) }, int64(len(all)) + 1, "only the target"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to := changed(t, events(t, from), tt.change)
			before := events(t, to)
			_, err := migrate.Copy(t.Context(), migrate.Config{From: from, To: to})
			d, ok := errors.AsType[*migrate.Difference](err)
			if !ok || d.Place != tt.place || !strings.Contains(d.Error(), tt.what) {
				t.Fatalf("copied onto it: %v", err)
			}
			if after := events(t, to); len(after) != len(before) {
				t.Fatalf("%d events were written into it", len(after)-len(before))
			}
			if _, err := lastOf(t, from, to); err == nil {
				t.Fatal("Pairs found them the same")
			}
		})
	}
}

// lastOf walks Pairs to its end.
func lastOf(t *testing.T, from, to ledger.Store) (last migrate.Pair, err error) {
	for last, err = range migrate.Pairs(t.Context(), from, to) {
	}
	return last, err
}

// meddled is a target that somebody else writes into once the copying began.
type meddled struct {
	ledger.Store
	once bool
}

func (m *meddled) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if !m.once {
		m.once = true
		if _, err := m.Store.Append(ctx, stream, expected, []ledger.Entry{{ID: uuid.New(), Envelope: []byte("x")}}); err != nil {
			return ledger.Appended{}, err
		}
	}
	return m.Store.Append(ctx, stream, expected, entries)
}

func TestSomebodyElseWritesIntoTheTarget(t *testing.T) {
	from := ledgertest.NewMemory()
	fill(t, from, 3, 12)
	_, err := migrate.Copy(t.Context(), migrate.Config{From: from, To: &meddled{Store: ledgertest.NewMemory()}})
	if d, ok := errors.AsType[*migrate.Difference](err); !ok || !strings.Contains(d.What, "somebody else writes") {
		t.Fatal(err)
	}
}

func TestPairsTellsWhichStoreIsLonger(t *testing.T) {
	from, to := ledgertest.NewMemory(), ledgertest.NewMemory()
	fill(t, from, 3, 12)
	if _, err := migrate.Copy(t.Context(), migrate.Config{From: from, To: to}); err != nil {
		t.Fatal(err)
	}
	if _, err := from.Append(t.Context(), "unit-99", ledger.NoStream, []ledger.Entry{{ID: uuid.New(), Envelope: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := lastOf(t, from, to); err == nil || !strings.Contains(err.Error(), "only the source") {
		t.Fatal(err)
	}
	if _, err := lastOf(t, to, from); err == nil || !strings.Contains(err.Error(), "only the target") {
		t.Fatal(err)
	}
}

// Runs are gathered, but never beyond what a store takes.
func TestRunsOfOneStreamAreOneAppend(t *testing.T) {
	from, to := ledgertest.NewMemory(), &counting{Store: ledgertest.NewMemory()}
	for batch := range 3 {
		var entries []ledger.Entry
		for range ledger.MaxAppend {
			entries = append(entries, ledger.Entry{ID: uuid.New(), Envelope: bytes.Repeat([]byte("x"), 4000)})
		}
		if _, err := from.Append(t.Context(), "unit-1", ledger.Revision(batch*ledger.MaxAppend-1), entries); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := migrate.Copy(t.Context(), migrate.Config{From: from, To: to}); err != nil {
		t.Fatal(err)
	}
	same(t, from, to)
	if to.bytes > 512<<10 || to.appends != 6 {
		t.Fatalf("%d appends, the largest of %d bytes", to.appends, to.bytes)
	}
}

type counting struct {
	ledger.Store
	appends, bytes int
}

func (c *counting) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	c.appends++
	n := 0
	for _, e := range entries {
		n += len(e.Envelope)
	}
	c.bytes = max(c.bytes, n)
	return c.Store.Append(ctx, stream, expected, entries)
}
