package projections_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

func TestReadersAreServedWhileTheViewsAreRebuilt(t *testing.T) {
	h := agency(t).random(2, 300)
	dir := t.TempDir()
	v := h.viewsIn(dir)
	h.catchUp(v)
	before := dump(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	asked := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			if c, err := v.As(auditor).Case(context.Background(), "C1"); err != nil || c == nil {
				asked <- fmt.Errorf("case %v, %w", c, err)
				return
			}
		}
		asked <- nil
	}()
	for range 3 {
		if err := v.Rebuild(context.Background(), h.store, nil); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-asked; err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, dump(t, dir)); diff != "" {
		t.Errorf("the rebuild changed the views:\n%s", diff)
	}
}

func TestACancelledRebuildChangesNothing(t *testing.T) {
	h := agency(t)
	dir := t.TempDir()
	v := h.viewsIn(dir)
	h.catchUp(v)
	before := dump(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	err := v.Rebuild(ctx, h.store, func(ledger.Position) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("the rebuild ended with %v", err)
	}
	if diff := cmp.Diff(before, dump(t, dir)); diff != "" {
		t.Errorf("it changed the views:\n%s", diff)
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*new*")); err != nil || len(files) > 0 {
		t.Errorf("it left %v, %v", files, err)
	}
}

type broken struct {
	ledger.Store
	at ledger.Position
}

func (s broken) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for e, err := range s.Store.ReadAll(ctx, after) {
			if err == nil && e.Position == s.at {
				e.Envelope[20] ^= 1
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func TestAnEventThatCannotBeDecodedStopsTheViewsBeforeIt(t *testing.T) {
	h := agency(t)
	v := h.views()
	if err := v.CatchUp(context.Background(), upTo{h.store, 10}, nil); err != nil {
		t.Fatal(err)
	}
	err := v.CatchUp(context.Background(), broken{h.store, 30}, nil)
	integrity, ok := errors.AsType[*ledger.IntegrityError](err)
	if !ok || integrity.Position != 30 {
		t.Fatalf("got %v, want an integrity error at 30", err)
	}
	if at, err := v.Position(context.Background()); err != nil || at != 29 {
		t.Errorf("the views show up to %s, %v; want 29", at, err)
	}
	err = v.Rebuild(context.Background(), broken{h.store, 30}, nil)
	if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
		t.Errorf("a rebuild over a broken event ended with %v", err)
	}
	h.catchUp(v)
}

func TestOldOrDamagedViewsAreBuiltAgain(t *testing.T) {
	inFiles(t, "a file may be damaged")
	h := agency(t)
	for name, spoil := range map[string]func(t *testing.T, path string){
		"views of another version": func(t *testing.T, path string) {
			c, err := sqlite3.Open(path)
			if err == nil {
				err = errors.Join(c.Exec("UPDATE projections SET version = 99 WHERE name = 'events'"), c.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		},
		"a file that is no database": func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"an empty file": func(t *testing.T, path string) {
			if err := os.Truncate(path, 0); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			dir := t.TempDir()
			v, err := open(t, dir, h.codec, h.options())
			if err == nil {
				err = errors.Join(v.CatchUp(context.Background(), h.store, nil), v.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
			want := dump(t, dir)
			spoil(t, filepath.Join(dir, "views.db"))
			v = h.viewsIn(dir)
			if at, err := v.Position(context.Background()); err != nil || at != ledger.Start {
				t.Fatalf("spoilt views open at %s, %v", at, err)
			}
			h.catchUp(v)
			if diff := cmp.Diff(want, dump(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
