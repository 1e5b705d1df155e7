package projections_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func TestASnapshotShowsOnePosition(t *testing.T) {
	h := newHouse(t).on("2024-01-08")
	h.do("hr:R1", "A", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	h.do("hr:R1", "P1", officer.Enroll{FullName: "张伟", Unit: "A"})
	v := h.views()
	defer v.Close()
	catchUp := func() {
		if err := v.CatchUp(t.Context(), h.store, nil); err != nil {
			t.Fatal(err)
		}
	}
	catchUp()
	count := func(r *projections.Reader) (names int, rank string, at ledger.Position) {
		t.Helper()
		l, err := r.Officers(t.Context(), projections.OfficerFilter{}, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := r.RecordFile(t.Context(), "P1", projections.AsOf{})
		if err != nil {
			t.Fatal(err)
		}
		if at, err = r.Position(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(l.Items), f.Identity.Rank, at
	}
	ranks := []string{"二级主办", "一级主办", "四级高级主办"}
	auditor := projections.Principal{Role: domain.RoleAuditor, Subject: "X"}
	err := v.As(auditor).Snapshot(t.Context(), func(r *projections.Reader, at ledger.Position) error {
		for i := range 3 {
			if n, rank, shown := count(r); n != 1 || rank != "" || shown != at || at != 2 || r.Principal().Subject != "X" {
				t.Errorf("look %d: %d officers, rank %q, position %s of %s", i, n, rank, shown, at)
			}
			h.do("hr:R1", "P1", officer.Promote{Rank: ranks[i]})
			h.do("hr:R1", string(rune('a'+i)), officer.Enroll{FullName: "王", Unit: "A"})
			catchUp()
			if n, rank, shown := count(v.As(auditor)); n != 2+i || rank != ranks[i] || shown != ledger.Position(4+2*i) {
				t.Errorf("beside it, look %d: %d officers, rank %q, position %s", i, n, rank, shown)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, rank, at := count(v.As(auditor)); n != 4 || rank != ranks[2] || at != 8 {
		t.Errorf("afterwards: %d officers, rank %q, position %s", n, rank, at)
	}
}

func TestSnapshotsLeaveRoomForOthers(t *testing.T) {
	h := newHouse(t).on("2024-01-08")
	h.do("hr:R1", "A", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	options := h.options()
	options.Readers = 2
	v, err := open(t, t.TempDir(), h.codec, options)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if err := v.CatchUp(t.Context(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	who := projections.Principal{Role: domain.RoleAuditor}
	failed := errors.New("no")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := v.As(who).Snapshot(t.Context(), func(*projections.Reader, ledger.Position) error {
				_, err := v.As(who).Unit(t.Context(), "A") // with another connection
				return errors.Join(err, failed)
			})
			if !errors.Is(err, failed) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	err = v.As(who).Snapshot(ctx, func(r *projections.Reader, _ ledger.Position) error {
		cancel()
		_, err := r.Unit(ctx, "A")
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := v.As(who).Snapshot(t.Context(), func(r *projections.Reader, _ ledger.Position) error {
		_, err := r.Unit(t.Context(), "A")
		return err
	}); err != nil {
		t.Errorf("after one that was cancelled: %v", err)
	}
}
