package house

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/migrate"
	"github.com/probity-ledger/probity/projections"
)

// lived is the folder of a ledger with a life behind it, and how many events it
// has.
func lived(t *testing.T) (Config, int) {
	t.Helper()
	cfg := Config{Dir: lives.in(t), Write: true, PlainKey: true}
	h := opened(t, Config{Dir: cfg.Dir})
	defer closed(t, h)
	n, err := h.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return cfg, int(n)
}

// lives have sealed reporters and an erasure, what was read, views, a log with
// its index.
var lives = beginning{make: func(t *testing.T, dir string) {
	o := &office{t: t, dir: dir, plain: true}
	o.open()
	o.begin()
	for i := range 30 {
		establish(t, o.House, fmt.Sprintf("d%d", i))
	}
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	o.submit(fmt.Sprintf(receive, "1", "C2"))
	o.submit(`{"id":"e","command":"complaint.erase_reporter","subject":"C1","actor":"T1","role":"intake","data":{"ground":"on request"}}`)
	hr := projections.Principal{Subject: "R1", Role: domain.RoleHR, Units: []domain.UnitID{"U0"}}
	if err := o.NoteReading(t.Context(), hr, "P1", "appraisal", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.Views.CatchUp(t.Context(), o.Store, nil), o.CatchUpReactions(t.Context())); err != nil {
		t.Fatal(err)
	}
	o.close()
}}

// signedOver is the last checkpoint of a folder.
func signedOver(t *testing.T, cfg Config) []byte {
	t.Helper()
	cfg.Write = false
	h := opened(t, cfg)
	defer closed(t, h)
	signed, ok := h.Notary.Signed()
	if !ok {
		t.Fatal("nothing is signed")
	}
	return signed.Note
}

// moveTo moves a ledger and returns how it is opened there.
func moveTo(t *testing.T, cfg Config, to string) Config {
	t.Helper()
	if _, err := Migrate(t.Context(), cfg, Move{To: to}); err != nil {
		t.Fatal(err)
	}
	cfg.Store = to
	finish(t, cfg)
	return cfg
}

func finish(t *testing.T, cfg Config) {
	t.Helper()
	if err := FinishMigration(t.Context(), cfg, func(string, int64) {}); err != nil {
		t.Fatal(err)
	}
}

// wholeAt checks what depends on positions in a folder, and that it can be
// recorded to.
func wholeAt(t *testing.T, cfg Config, events int) {
	t.Helper()
	verified(t, cfg, events)
	h := opened(t, cfg)
	head, err := h.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if done := h.doneTo(reactionsFile); done != head || !h.caughtUp.Load() {
		t.Errorf("reactions are done up to %s of %s", done, head)
	}
	if e, err := h.vault.marks.Erased(t.Context()); err != nil || e.Done != head {
		t.Errorf("erasures are done up to %s of %s", e.Done, head)
	}
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if at, err := h.Views.Position(t.Context()); err != nil || at != head {
		t.Errorf("the views are at %s of %s: %v", at, head, err)
	}
	all := h.Views.As(projections.Principal{Subject: string(domain.ActorSystem), Role: domain.RoleSystem})
	last, err := all.Events(t.Context(), projections.EventFilter{}, projections.Page{First: 1})
	if err != nil || len(last.Items) != 1 || last.Items[0].Position != head {
		t.Errorf("the views end with %+v, %v", last.Items, err)
	}
	check, err := h.CheckIndex()
	if err != nil || check == nil || check.Signed().Size != int64(events) {
		t.Errorf("the index: %+v, %v", check, err)
	}
	closed(t, h)
}

func TestALedgerGoesToAServerAndBack(t *testing.T) {
	t.Parallel()
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg, events := lived(t)
	before := signedOver(t, cfg)
	done, err := Migrate(t.Context(), cfg, Move{To: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if done.Copied.Events != int64(events) || done.Copied.Found != 0 || done.Report.Events != events || done.Signed != int64(events) {
		t.Errorf("%+v", done)
	}
	there := cfg
	there.Store = server.URL()
	for _, c := range []Config{cfg, there} {
		if _, err := Open(c); !errors.Is(err, ErrMoving) {
			t.Errorf("opened before the end: %v", err)
		}
	}
	finish(t, there)
	if after := signedOver(t, there); string(after) != string(before) {
		t.Errorf("the checkpoint was\n%s, and is\n%s", before, after)
	}
	wholeAt(t, there, events)
	if _, err := Open(cfg); !errors.Is(err, ErrStore) {
		t.Errorf("the old store is still opened: %v", err)
	}
	aside, err := filepath.Glob(filepath.Join(cfg.Dir, ledgerFile+asideMark+"*"))
	if err != nil || len(aside) != 1 {
		t.Fatalf("the old store is kept as %v, %v", aside, err)
	}
	h := opened(t, there)
	establish(t, h, "there")
	closed(t, h)
	verified(t, there, events+1)

	// And back, with what came since.
	back := moveTo(t, there, StoreEmbedded)
	wholeAt(t, back, events+1)
	if _, err := Open(there); !errors.Is(err, ErrStore) {
		t.Errorf("the server is still opened: %v", err)
	}
	if _, err := os.Stat(filepath.Join(cfg.Dir, storeFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", storeFile, err)
	}
	h = opened(t, back)
	establish(t, h, "back")
	closed(t, h)
	verified(t, back, events+2)

	// And from server to server.
	first := moveTo(t, back, kurrenttest.Start(t, kurrenttest.Options{}).URL())
	second := moveTo(t, first, kurrenttest.Start(t, kurrenttest.Options{}).URL())
	wholeAt(t, second, events+2)
}

// A process that is killed leaves what it did; the next one goes on.
func TestAMigrationIsResumedWhereverItWasKilled(t *testing.T) {
	t.Parallel()
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg, events := lived(t)
	for _, to := range []string{server.URL(), StoreEmbedded} {
		half(t, cfg, to, events/2)
		done, err := Migrate(t.Context(), cfg, Move{To: to})
		if err != nil {
			t.Fatal(err)
		}
		if done.Copied.Found < int64(events/2) {
			t.Errorf("half of %d was there, it found %d", events, done.Copied.Found)
		}
		moved := cfg
		moved.Store = to
		// After each step of the end, as far as a kill leaves it done.
		w, err := readWhereabouts(cfg.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Migrate(t.Context(), cfg, Move{To: to}); err != nil {
			t.Fatalf("once more: %v", err)
		}
		if err := placeStore(moved); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(moved); !errors.Is(err, ErrMoving) {
			t.Fatalf("opened before the end: %v", err)
		}
		if err := placeDone(cfg.Dir, *w.Moving); err != nil {
			t.Fatal(err)
		}
		if _, err := Migrate(t.Context(), cfg, Move{To: to}); err != nil {
			t.Fatalf("once more: %v", err)
		}
		finish(t, moved)
		finish(t, moved) // does nothing
		wholeAt(t, moved, events)
		cfg = moved
	}
}

// half puts the first events into the new store, as a killed migration does.
func half(t *testing.T, cfg Config, to string, n int) {
	t.Helper()
	h := opened(t, Config{Dir: cfg.Dir, Store: cfg.Store})
	defer closed(t, h)
	var target ledger.Store
	var err error
	if inFolder(to) {
		target, err = embedded.Open(filepath.Join(cfg.Dir, migratingDir), embedded.Options{})
	} else {
		target, err = kurrent.Open(t.Context(), kurrent.Options{URL: to})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	for s, err := range h.Store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if n--; n < 0 {
			return
		}
		if _, err := target.Append(t.Context(), s.Stream, s.Revision-1, []ledger.Entry{{ID: s.ID, Envelope: s.Envelope}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAMigrationIsRefused(t *testing.T) {
	t.Parallel()
	held, _ := lived(t)
	stranger := func(t *testing.T, url string) {
		s, err := kurrent.Open(t.Context(), kurrent.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.Append(t.Context(), "unit-x", ledger.NoStream, []ledger.Entry{{ID: uuid.New(), Envelope: []byte("x")}}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("a store that holds something else", func(t *testing.T) {
		url := kurrenttest.Start(t, kurrenttest.Options{}).URL()
		stranger(t, url)
		_, err := Migrate(t.Context(), held, Move{To: url})
		if d, ok := errors.AsType[*migrate.Difference](err); !ok || d.Place != 1 || d.Source != 1 {
			t.Fatal(err)
		}
	})
	t.Run("a store that holds more", func(t *testing.T) {
		url := kurrenttest.Start(t, kurrenttest.Options{}).URL()
		n := 0
		h := opened(t, Config{Dir: held.Dir})
		for range h.Store.ReadAll(t.Context(), ledger.Start) {
			n++
		}
		closed(t, h)
		half(t, held, url, n)
		stranger(t, url)
		_, err := Migrate(t.Context(), held, Move{To: url})
		if d, ok := errors.AsType[*migrate.Difference](err); !ok || d.Place != int64(n+1) || !strings.Contains(d.What, "only the target") {
			t.Fatal(err)
		}
	})
	t.Run("while somebody records", func(t *testing.T) {
		h := opened(t, held)
		defer closed(t, h)
		_, err := Migrate(t.Context(), held, Move{To: kurrenttest.Start(t, kurrenttest.Options{}).URL()})
		if !errors.Is(err, ledger.ErrLocked) {
			t.Fatal(err)
		}
	})
	t.Run("to where it is", func(t *testing.T) {
		if _, err := Migrate(t.Context(), held, Move{To: StoreEmbedded}); !errors.Is(err, ErrStore) {
			t.Fatal(err)
		}
	})
	t.Run("when it is there already", func(t *testing.T) {
		elsewhere := held
		elsewhere.Store = kurrenttest.Start(t, kurrenttest.Options{}).URL()
		if done, err := Migrate(t.Context(), elsewhere, Move{To: StoreEmbedded}); err != nil || !done.Already {
			t.Fatal(err)
		}
	})
	t.Run("where nothing is", func(t *testing.T) {
		nowhere := Config{Dir: t.TempDir(), Store: kurrenttest.Start(t, kurrenttest.Options{}).URL()}
		if _, err := Migrate(t.Context(), nowhere, Move{To: StoreEmbedded}); !errors.Is(err, ErrNoLedger) {
			t.Fatal(err)
		}
	})
	t.Run("a source that was changed", func(t *testing.T) {
		changed, _ := lived(t)
		server := kurrenttest.Start(t, kurrenttest.Options{})
		first := moveTo(t, changed, server.URL())
		// The last event is taken for another: the log knows better.
		if err := os.Remove(filepath.Join(changed.Dir, "views.db")); err != nil {
			t.Fatal(err)
		}
		again := kurrenttest.Start(t, kurrenttest.Options{})
		half(t, first, again.URL(), 10)
		first.Store = again.URL()
		_, err := Migrate(t.Context(), first, Move{To: StoreEmbedded})
		if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok || !strings.Contains(err.Error(), "the last signed checkpoint covers") {
			t.Fatal(err)
		}
	})
	verified(t, held, func() int {
		h := opened(t, Config{Dir: held.Dir})
		defer closed(t, h)
		n, _ := h.Events(t.Context())
		return int(n)
	}())
}

// A source that somebody records into while it is copied is no source.
func TestAServerThatGrowsWhileItIsCopied(t *testing.T) {
	t.Parallel()
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg, events := lived(t)
	there := moveTo(t, cfg, server.URL())
	other := Config{Dir: t.TempDir(), Write: true, PlainKey: true, Store: server.URL()}
	copyFiles(t, there.Dir, other.Dir, keyFile, pubFile, originFile)
	h := opened(t, other)
	grown := false
	_, err := Migrate(t.Context(), there, Move{To: StoreEmbedded, Progress: func(stage string, _ int64) {
		if stage == StageVerify && !grown {
			grown = true
			establish(t, h, "meanwhile")
		}
	}})
	if !errors.Is(err, ErrForeign) || !grown {
		t.Fatalf("grown: %t; %v", grown, err)
	}
	if w, err := readWhereabouts(there.Dir); err != nil || w.Moving != nil {
		t.Fatalf("it was moved: %+v, %v", w, err)
	}
	closed(t, h)
	back := moveTo(t, there, StoreEmbedded)
	if n, err := func() (int64, error) { h := opened(t, back); defer closed(t, h); return h.Events(t.Context()) }(); err != nil || n != int64(events+1) {
		t.Fatalf("%d of %d events came along; %v", n, events+1, err)
	}
}
