package house

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// Events on a server and views in a database: what is moved there and back is
// shown as it is.
func TestViewsInADatabase(t *testing.T) {
	t.Parallel()
	views := pgtest.Database(t)
	cfg := Config{Dir: t.TempDir(), Write: true, PlainKey: true, Views: views}
	h := opened(t, cfg)
	establish(t, h, "hq")
	establish(t, h, "d1")
	closed(t, h)
	shown := func(c Config, want ledger.Position) {
		t.Helper()
		c.Write = false
		h := opened(t, c)
		defer closed(t, h)
		if err := h.OpenViews(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		head, err := h.Store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if at, err := h.Views.Position(t.Context()); err != nil || at != head || want > 0 && at != want {
			t.Fatalf("the views are at %s of %s: %v", at, head, err)
		}
	}
	shown(cfg, 2)
	there := moveTo(t, cfg, kurrenttest.Start(t, kurrenttest.Options{}).URL())
	shown(there, 0)
	verified(t, there, 2)
	shown(moveTo(t, there, StoreEmbedded), 2)
}

// What replicas shared beside the store comes back into the folder, or is found
// anew.
func TestAReplicatedLedgerIsMoved(t *testing.T) {
	t.Parallel()
	database := pgtest.Database(t)
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg, events := lived(t) // the key of C2 is in its vault, that of C1 erased
	there := moveTo(t, cfg, server.URL())
	there.Replicas = database
	h := opened(t, there)
	if keys, err := h.vault.Keys(); err != nil || len(keys) != 1 || !h.Replicated() {
		t.Fatalf("replicated %t, keys %v, %v", h.Replicated(), keys, err)
	}
	establish(t, h, "there")
	closed(t, h)
	if own, err := seal.Folder(filepath.Join(cfg.Dir, vaultDir)).List(); err != nil || len(own) != 0 {
		t.Fatalf("the folder still has %v, %v", own, err)
	}

	other := moveTo(t, there, kurrenttest.Start(t, kurrenttest.Options{}).URL())
	h = opened(t, other)
	if keys, err := h.vault.Keys(); err != nil || len(keys) != 1 {
		t.Fatalf("on another server: keys %v, %v", keys, err)
	}
	closed(t, h)
	c, err := cluster.Open(t.Context(), database, cluster.Options{Origin: h.Codec.Origin()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	replica, err := c.Join(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Migrate(t.Context(), other, Move{To: StoreEmbedded}); !errors.Is(err, ErrReplica) || !strings.Contains(err.Error(), c.Name()+" runs") {
		t.Errorf("one runs, and records nothing: %v", err)
	}
	if err := replica.Leave(t.Context(), false); err != nil { // as one that is killed
		t.Fatal(err)
	}
	if _, err := Migrate(t.Context(), other, Move{To: StoreEmbedded}); !errors.Is(err, ErrReplica) {
		t.Fatalf("one was cut short: %v", err)
	}
	left, err := c.LeftOver(t.Context())
	if err != nil || len(left) != 1 {
		t.Fatalf("%v, %v", left, err)
	}
	if err := c.MadeUp(t.Context(), left[0]); err != nil {
		t.Fatal(err)
	}
	back := moveTo(t, other, StoreEmbedded)
	back.Replicas = ""
	if keys, err := c.Vault().List(); err != nil || len(keys) != 0 {
		t.Errorf("the database still has %v, %v", keys, err)
	}
	h = opened(t, back) // nobody led, and so signed, while it was replicated
	if err := h.CatchUpReactions(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed(t, h)
	h = opened(t, back)
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	closed(t, h)
	wholeAt(t, back, events+1)
	h = opened(t, back)
	if keys, err := h.vault.Keys(); err != nil || len(keys) != 1 {
		t.Errorf("back: keys %v, %v", keys, err)
	}
	closed(t, h)
}
