package house

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// began is a ledger on a server that one process began: a unit, an officer, a
// complaint with a sealed reporter.
func began(t *testing.T) Config {
	t.Helper()
	cfg := onServer(t, kurrenttest.Start(t, kurrenttest.Options{}))
	cfg.Log = slog.New(slog.DiscardHandler)
	h := opened(t, cfg)
	do(t, h, "U1", "R1", domain.RoleHR, unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	do(t, h, "P1", "R1", domain.RoleHR, officer.Enroll{FullName: "P1", Unit: "U1"})
	if _, _, err := h.Submit(t.Context(), []byte(fmt.Sprintf(receive, "c1", "C1"))); err != nil {
		t.Fatal(err)
	}
	closed(t, h)
	return cfg
}

func do(t *testing.T, h *House, subject, actor string, role domain.Role, c domain.Command) ledger.Receipt {
	t.Helper()
	receipt, err := h.Record(t.Context(), domain.Instruction{ID: "do-" + string(c.Name()), Command: c,
		Act: domain.Act{Subject: subject, Actor: domain.ActorID(actor), Role: role}})
	if err != nil {
		t.Fatalf("%s: %v", c.Name(), err)
	}
	return receipt
}

// another is a copy of the folder for another replica.
func another(t *testing.T, cfg Config) Config {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(cfg.Dir)); err != nil {
		t.Fatal(err)
	}
	cfg.Dir = dir
	return cfg
}

// replicate opens a folder as a replica; it is closed at the end.
func replicate(t *testing.T, cfg Config, postgres string) *House {
	t.Helper()
	cfg.Replicas, cfg.Views = postgres, postgres
	h := opened(t, cfg)
	t.Cleanup(func() { closed(t, h) })
	return h
}

func TestReplicasNeedTheKeysOfOneLedger(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	for name, cfg := range map[string]Config{
		"an empty folder":       onServer(t, server),
		"a store of the folder": {Dir: t.TempDir(), Write: true, PlainKey: true},
	} {
		cfg.Replicas = "postgres://nobody@127.0.0.1:1/x"
		if _, err := Open(cfg); !errors.Is(err, ErrReplica) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReplicasLiveByOneRulebook(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Database(t)
	cfg := began(t)
	second := another(t, cfg)
	a, b := replicate(t, cfg, postgres), replicate(t, second, postgres)
	raw, err := rulebooks.Source("cn-2024")
	if err != nil {
		t.Fatal(err)
	}
	ours := []byte(strings.Replace(string(raw), "id: cn-2024", "id: ours", 1))
	if err := os.MkdirAll(filepath.Join(a.Dir, rulebooksDir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a.Dir, rulebooksDir, "ours.yaml"), ours, 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, a, "ours", "L1", domain.RoleLeader, rulebook.Adopt{Version: "1", Digest: rulebooks.Digest(ours), ValidFrom: domain.MustDate("2020-01-01")})
	do(t, b, "U2", "R1", domain.RoleHR, unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	for s, err := range b.Store.ReadStream(t.Context(), "unit-U2", 0) {
		if err != nil {
			t.Fatal(err)
		}
		if d, err := b.Codec.Decode(s); err != nil || d.Act.Rulebook != "ours" {
			t.Errorf("the other replica decided under %s: %v", d.Act.Rulebook, err)
		}
	}
	kept, err := os.ReadDir(filepath.Join(b.Dir, rulebooksDir))
	if err != nil || len(kept) != 1 {
		t.Errorf("the other replica keeps %v: %v", kept, err)
	}
	if err := a.RefreshRules(t.Context()); err != nil || a.Books.Shelf() == nil {
		t.Error(err)
	}
}

func TestWhatADeadReplicaLeftOverIsMadeUpForOnce(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Database(t)
	cfg := began(t)
	second := another(t, cfg)
	a, b := opened(t, Config{Dir: cfg.Dir, Write: true, PlainKey: true, Store: cfg.Store, Log: cfg.Log, Replicas: postgres, Views: postgres}), replicate(t, second, postgres)
	// The cause is recorded, and the process ends before anything follows.
	short := ledger.NewRecorder(ledger.RecorderConfig{Store: a.Store, Signer: a.signer, Codec: a.Codec, Book: a.Books, Rulemaking: a.rulemaking(), Locks: a.locks(), Now: a.cfg.Now})
	if _, err := short.Record(t.Context(), domain.Instruction{ID: "open", Command: misconduct.Open{Origin: misconduct.OriginSelfReport, Officers: []domain.OfficerID{"P1"}, Conduct: "gifts"},
		Act: domain.Act{Subject: "X1", Actor: "S1", Role: domain.RoleInspector}}); err != nil {
		t.Fatal(err)
	}
	if left, err := b.replica.cluster.LeftOver(t.Context()); err != nil || len(left) != 0 {
		t.Fatalf("while both live, %v is left over: %v", left, err)
	}
	if err := errors.Join(a.Notary.Close(), a.closeReplica(false), a.Store.Close()); err != nil {
		t.Fatal(err)
	}
	marks := func() (n int) {
		for s, err := range b.Store.ReadStream(t.Context(), "officer-P1", 0) {
			if err != nil {
				t.Fatal(err)
			}
			if d, err := b.Codec.Decode(s); err == nil && d.Event.Kind() == (officer.InquiryOpened{}).Kind() {
				n++
			}
		}
		return n
	}
	if marks() != 0 {
		t.Fatal("it followed already")
	}
	var left []cluster.Left
	var err error
	for began := time.Now(); len(left) == 0 && err == nil && time.Since(began) < 5*time.Second; { // its session may take a moment to end
		left, err = b.replica.cluster.LeftOver(t.Context())
	}
	if err != nil || len(left) != 1 {
		t.Fatalf("left over: %v, %v", left, err)
	}
	for range 2 { // as two leaders would who both think they lead
		if err := b.makeUpFor(context.WithoutCancel(t.Context()), left[0]); err != nil {
			t.Fatal(err)
		}
	}
	if n := marks(); n != 1 {
		t.Errorf("%d marks on the officer's file", n)
	}
	if left, err := b.replica.cluster.LeftOver(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("%v is left over still: %v", left, err)
	}
}

// Two who both think they lead, as in the moment of a failover, do what falls
// due at the same time: it is as if one had.
func TestWhatFallsDueOnReplicasIsDoneOnce(t *testing.T) {
	t.Parallel()
	later := time.Now().AddDate(1, 0, 0)
	clock := func(cfg Config) Config {
		cfg.Now = func() time.Time { return later }
		return cfg
	}
	pass := func(h *House) (Passed, error) { return h.Scheduler().Pass(t.Context(), later) }
	// By one alone.
	alone := opened(t, clock(began(t)))
	t.Cleanup(func() { closed(t, alone) })
	if err := errors.Join(alone.OpenViews(t.Context(), nil), alone.Views.CatchUp(t.Context(), alone.Store, nil)); err != nil {
		t.Fatal(err)
	}
	if done, err := pass(alone); err != nil || !done.Any() {
		t.Fatalf("nothing falls due: %+v, %v", done, err)
	}
	want := kinds(t, alone)

	postgres := pgtest.Database(t)
	cfg := clock(began(t))
	second := another(t, cfg)
	a, b := replicate(t, cfg, postgres), replicate(t, second, postgres)
	for _, h := range []*House{a, b} {
		if err := h.OpenViews(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time with views that show the first
		if err := a.Views.CatchUp(t.Context(), a.Store, nil); err != nil {
			t.Fatal(err)
		}
		var both errgroup.Group
		for _, h := range []*House{a, b} {
			both.Go(func() error { _, err := pass(h); return err })
		}
		if err := both.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, kinds(t, a)); diff != "" {
		t.Errorf("recorded by one alone (-), by two (+):\n%s", diff)
	}
}

// kinds counts what is recorded.
func kinds(t *testing.T, h *House) map[domain.Kind]int {
	t.Helper()
	out := map[domain.Kind]int{}
	for s, err := range h.Store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		out[d.Event.Kind()]++
	}
	return out
}
