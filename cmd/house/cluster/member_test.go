package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// left lists what dead processes left, as name and position.
func left(t *testing.T, c *cluster.Cluster) map[string]ledger.Position {
	t.Helper()
	all, err := c.LeftOver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]ledger.Position{}
	for _, l := range all {
		out[l.Name] = l.After
	}
	return out
}

// leaves waits until a dead process is seen to have left that: its session may
// take a moment to end.
func leaves(t *testing.T, c *cluster.Cluster, name string, after ledger.Position) {
	t.Helper()
	want := map[string]ledger.Position{name: after}
	within(t, 5*time.Second, name+" is seen to be dead", func() {
		for !cmp.Equal(want, left(t, c)) {
			time.Sleep(20 * time.Millisecond)
		}
	})
}

// join joins and lets the membership run; what it returns ends that.
func join(t *testing.T, c *cluster.Cluster, settled ledger.Position) (m *cluster.Membership, stop func()) {
	t.Helper()
	m, err := c.Join(t.Context(), settled)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); _ = m.Run(ctx) }()
	return m, func() { cancel(); <-over }
}

func TestWhatADeadReplicaLeftIsFound(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	m, stop := join(t, a, 10)
	n, stopN := join(t, b, 20)
	if got := left(t, b); len(got) != 0 {
		t.Errorf("while all live, %v is left over", got)
	}
	if err := errors.Join(m.Settle(t.Context(), 15), m.HandOver(t.Context(), 17)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]ledger.Position{"a": 15}, left(t, b)); diff != "" {
		t.Errorf("handed over: %s", diff)
	}
	all, err := b.LeftOver(t.Context())
	if err != nil || b.MadeUp(t.Context(), all[0]) != nil || len(left(t, b)) != 0 {
		t.Errorf("what is made up for is left over: %v", err)
	}
	stop()
	if err := m.Leave(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	leaves(t, b, "a", 17)
	stopN()
	if err := n.Leave(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if _, of := left(t, a)["b"]; of {
		t.Error("who left settled left something")
	}
}

func TestAReplicaJoinsAgainWhenItsSessionBreaks(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	m, stop := join(t, a, 10)
	hangUpOn(t, url, "a")
	within(t, 5*time.Second, "it lives again", func() {
		for len(left(t, b)) > 0 {
			time.Sleep(20 * time.Millisecond)
		}
	})
	stop()
	if err := m.Leave(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	leaves(t, b, "a", 10)
}

func TestTheFirstLeaderMakesUpForAllBefore(t *testing.T) {
	url := pgtest.Database(t)
	a := member(t, url, "a")
	for range 2 {
		if err := a.Lead(t.Context(), func(context.Context) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if got := left(t, a); len(got) != 1 {
			t.Errorf("left over: %v", got)
		}
	}
}

func TestTheSharedVault(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a").Vault(), member(t, url, "b").Vault()
	master, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	va, vb := seal.NewVaultOn(a, origin, seal.Holding(master)), seal.NewVaultOn(b, origin, seal.Holding(master))
	key, err := va.NewKey("complaint-1")
	if err != nil {
		t.Fatal(err)
	}
	at := seal.Place{Stream: "complaint-1", Field: "reporter"}
	sealed, err := va.Seal(key, at, []byte("who"))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := vb.Open(key, at, sealed); err != nil || !bytes.Equal(text, []byte("who")) {
		t.Errorf("another replica opens %q: %v", text, err)
	}
	if keys, err := vb.Keys(); err != nil || len(keys) != 1 || keys[0] != key {
		t.Errorf("keys %v: %v", keys, err)
	}
	if err := errors.Join(vb.Destroy(key), vb.Destroy(key)); err != nil {
		t.Fatal(err)
	}
	if _, err := va.Open(key, at, sealed); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("what another replica erased opens: %v", err)
	}
	if has, err := va.Has(key); has || err != nil {
		t.Errorf("it is there: %v", err)
	}
}

func TestRulebooksOfOtherReplicas(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	if _, body, err := b.Rulebook(t.Context(), "sha256:1"); body != nil || err != nil {
		t.Errorf("one that nobody put: %q, %v", body, err)
	}
	for range 2 {
		if err := a.PutRulebook(t.Context(), "sha256:1", "x-1.yaml", []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if name, body, err := b.Rulebook(t.Context(), "sha256:1"); name != "x-1.yaml" || string(body) != "x" || err != nil {
		t.Errorf("%s %q: %v", name, body, err)
	}
}
