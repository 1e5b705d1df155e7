package ledgertest

import (
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// RunDurable proves that what was acknowledged outlives the store that took
// it. Every call of open must open the same ledger again, an empty one at
// first for each dir; the suite closes what it opens.
func RunDurable(t *testing.T, open func(t *testing.T, dir string) ledger.Store) {
	t.Helper()
	for _, c := range []struct {
		sentence string
		prove    func(t *testing.T, reopen func() ledger.Store)
	}{
		{"what was acknowledged is there after reopening", func(t *testing.T, reopen func() ledger.Store) {
			want := fill(t, reopen(), many)
			if diff := diffEvents(want, readAll(t, reopen(), ledger.Start)); diff != "" {
				t.Fatalf("(-before +after):\n%s", diff)
			}
		}},
		{"streams and positions go on where they were", func(t *testing.T, reopen func() ledger.Store) {
			at, last := ledger.NoStream, ledger.Start
			for range 4 {
				s := reopen()
				_, err := s.Append(t.Context(), "a", at+1, entries(1))
				wantError(t, err, ledger.ErrWrongRevision)
				done := mustAppend(t, s, "a", at, entries(3)...)
				if done.Revision != at+3 || done.Position <= last {
					t.Fatalf("appended at %+v after revision %d, position %s", done, at, last)
				}
				at, last = done.Revision, done.Position
			}
			wantOrder(t, readAll(t, reopen(), ledger.Start))
		}},
		{"a repeat gives the first result also after reopening", func(t *testing.T, reopen func() ledger.Store) {
			batch := entries(3)
			first := mustAppend(t, reopen(), "a", ledger.NoStream, batch...)
			s := reopen()
			if again := mustAppend(t, s, "a", ledger.NoStream, batch...); again != first {
				t.Fatalf("the repeat gave %+v, first was %+v", again, first)
			}
			if got := readAll(t, s, ledger.Start); len(got) != 3 {
				t.Fatalf("%d events are recorded, want 3", len(got))
			}
		}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			dir := t.TempDir()
			var s ledger.Store
			closeLast := func() {
				if s != nil {
					if err := s.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				}
			}
			defer closeLast()
			c.prove(t, func() ledger.Store {
				closeLast()
				s = open(t, dir)
				return s
			})
		})
	}
}
