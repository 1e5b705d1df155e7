package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/ledger"
)

// twoSteps events are more than CopyTo takes in one step.
const twoSteps = 5_000

// A copy made while others append is the ledger of one moment: everything
// acknowledged before it was begun, nothing torn, and a ledger itself.
func TestACopyIsTheLedgerOfOneMoment(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	fill(t, s, twoSteps, 50)
	reader := open(t, dir, Options{ReadOnly: true})
	ctx, stop := context.WithCancel(t.Context())
	g, ctx := errgroup.WithContext(ctx)
	var acknowledged atomic.Uint64
	for i := range 4 {
		g.Go(func() error {
			for at := ledger.NoStream; ctx.Err() == nil; {
				done, err := s.Append(context.WithoutCancel(ctx), fmt.Sprintf("busy-%d", i), at, entries(2))
				if err != nil {
					return err
				}
				at = done.Revision
				for seen := acknowledged.Load(); seen < uint64(done.Position) && !acknowledged.CompareAndSwap(seen, uint64(done.Position)); {
					seen = acknowledged.Load()
				}
			}
			return nil
		})
	}
	for round := range 2 {
		to := t.TempDir()
		before := ledger.Position(acknowledged.Load())
		steps := 0
		last, events, err := reader.CopyTo(t.Context(), filepath.Join(to, dataFile), func(done, total int64) {
			if steps++; done > total {
				t.Errorf("%d of %d pages", done, total)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if last < before || events != int64(last) || steps < 2 {
			t.Fatalf("round %d: the copy reaches to %s with %d events in %d steps; %s were acknowledged before it", round, last, events, steps, before)
		}
		copied := open(t, to, Options{})
		if err := copied.CheckHead(t.Context()); err != nil {
			t.Fatal(err)
		}
		if at, _, err := copied.Head(t.Context()); err != nil || at != last {
			t.Fatalf("the copy says it reaches to %s (%v), not %s", at, err, last)
		}
		if diff := differ(t, reader, copied, last); diff != "" {
			t.Fatal(diff)
		}
		// It goes on as a ledger does, with readers beside its writer.
		if _, err := copied.Append(t.Context(), "after", ledger.NoStream, entries(1)); err != nil {
			t.Fatal(err)
		}
		if got := len(read(t, open(t, to, Options{ReadOnly: true}))); got != int(last)+1 {
			t.Fatalf("%d events beside the writer of the copy, want %d", got, last+1)
		}
	}
	stop()
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// differ names the first event up to a position that two stores do not share.
func differ(t *testing.T, a, b *Store, upTo ledger.Position) string {
	t.Helper()
	other := read(t, b)
	n := 0
	for e, err := range a.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Position > upTo {
			break
		}
		if o := other[n]; o.Position != e.Position || o.Stream != e.Stream || o.Revision != e.Revision || o.ID != e.ID || string(o.Envelope) != string(e.Envelope) {
			return fmt.Sprintf("at %s: %+v and %+v", e.Position, e, o)
		}
		n++
	}
	if n != len(other) {
		return fmt.Sprintf("%d events, and %d in the copy", n, len(other))
	}
	return ""
}

func read(t *testing.T, s *Store) (out []ledger.Stored) {
	t.Helper()
	for e, err := range s.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func TestACopyThatIsGivenUp(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	fill(t, s, twoSteps, 50)
	to := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err := s.CopyTo(ctx, filepath.Join(to, dataFile), func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if torn, err := Open(to, Options{ReadOnly: true}); err == nil {
		torn.Close()
		t.Error("a copy that was given up is taken for a ledger")
	}
	// It is not written over, and the ledger goes on.
	if _, _, err := s.CopyTo(t.Context(), filepath.Join(to, dataFile), nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v, want that the file exists", err)
	}
	if _, _, err := s.CopyTo(t.Context(), filepath.Join(to, "again.db"), nil); err != nil {
		t.Error(err)
	}
	if _, err := s.Append(t.Context(), "after", ledger.NoStream, entries(1)); err != nil {
		t.Error(err)
	}
}
