package projections_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

// counted leaves the limits out of a comparison.
var counted = cmpopts.IgnoreFields(projections.Discretion{}, "Limits", "Place")

// The four amounts 200, 200, 800 and 50 have the mean 312.5: W1 lies 36 % off
// it twice, D2 156 % and 84 %.
func TestDiscretionIsCompared(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.ruled().enforced().built()
	both := []projections.Discretion{{Officer: "P1", Decided: 4, Outside: 1, OutsideShare: 2500, Alike: 4, Spread: 7800}, {Officer: "P2", Decided: 4, Outside: 1, OutsideShare: 2500, Alike: 4, Spread: 7800}}
	for _, c := range []struct {
		name string
		by   projections.DiscretionBy
		who  projections.Principal
		want []projections.Discretion
	}{
		{"by unit", projections.DiscretionByUnit, auditor, []projections.Discretion{
			{Unit: "D2", Decided: 2, Outside: 1, OutsideShare: 5000, Alike: 2, Spread: 12000}, {Unit: "W1", Decided: 2, Alike: 2, Spread: 3600}}},
		{"by post", projections.DiscretionByPost, auditor, []projections.Discretion{{Post: "K1", Decided: 4, Outside: 1, OutsideShare: 2500, Alike: 4, Spread: 7800}}},
		{"by clause", projections.DiscretionByClause, auditor, []projections.Discretion{{Benchmark: "NB", Clause: "12", Decided: 4, Outside: 1, OutsideShare: 2500, Alike: 4, Spread: 7800}}},
		{"by officer", projections.DiscretionByOfficer, auditor, both},
		{"by officer, to an inspector of the agency", projections.DiscretionByOfficer, as(domain.RoleInspector, "I2", "A"), both},
		// Acts that concern P1, of W1, are seen by the window's inspector; P2 serves elsewhere.
		{"by officer, to an inspector of one window", projections.DiscretionByOfficer, as(domain.RoleInspector, "I2", "W1"), both[:1]},
		{"nobody is compared by oneself", projections.DiscretionByOfficer, as(domain.RoleLeader, "P1", "A"), both[1:]},
		{"an officer is told of themself", projections.DiscretionByOfficer, as(domain.RoleOfficer, "P2"), both[1:]},
		{"an officer who was on none of nobody", projections.DiscretionByOfficer, as(domain.RoleOfficer, "P3"), nil},
		{"hr of nobody", projections.DiscretionByOfficer, as(domain.RoleHR, "R1", projections.AllUnits), nil},
		{"nor of a unit", projections.DiscretionByUnit, as(domain.RoleHR, "R1", projections.AllUnits), nil},
		{"the public of nobody", projections.DiscretionByOfficer, as(domain.RolePublic, ""), nil},
	} {
		got, err := v.As(c.who).Discretion(context.Background(), projections.EnforcementFilter{}, c.by)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got, counted, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		funnel, err := v.As(c.who).Funnel(context.Background(), projections.EnforcementFilter{}, c.by)
		if err != nil || (funnel == nil) != (len(got) == 0) || funnel != nil && !cmp.Equal(funnel.Rows, got) {
			t.Errorf("%s: the funnel is %+v, %v", c.name, funnel, err)
		}
	}
}

func TestWhoeverIsRelatedIsNotCompared(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.ruled().enforced()
	h.do("officer:I1", "I1", officer.DeclareInterest{Nature: "friend", Officer: "P2"})
	got, err := h.built().As(as(domain.RoleInspector, "I1", "A")).Discretion(context.Background(), projections.EnforcementFilter{}, projections.DiscretionByOfficer)
	if err != nil || len(got) != 1 || got[0].Officer != "P1" {
		t.Errorf("a friend of P2 is told of %v, %v", got, err)
	}
}

// levied records that the unit decided so many acts, so many outside their tier.
func (h *house) levied(unit domain.UnitID, decided, outside int) {
	for i := range decided {
		id := fmt.Sprintf("%s-%d", unit, i)
		h.do("leader:L1", id, enforcement.Open{ActKind: enforcement.KindLevy, Unit: unit, Procedure: "NP", Benchmark: "NB", PartyKind: enforcement.PartyPerson,
			Party: paper[0].Digest, Officers: []domain.OfficerID{"P1", "P2"}, Matter: "stall"})
		h.do("officer:P1", id, enforcement.TakeStep{Step: "check", Second: "P2"})
		amount := int64(200)
		if i < outside {
			amount = 50
			h.do("officer:P1", id, enforcement.AskDeviation{Tier: "light", Amount: amount, Reason: "poor"})
			h.do("leader:L2", id, enforcement.Deviate{})
		}
		h.do("leader:L1", id, enforcement.Decide{Outcome: enforcement.OutcomeLevied, Tier: "light", Factor: "first time", Amount: amount, Opinion: "so"})
	}
}

// Units differ by more than chance and nothing is wrong; one lies far from all.
func TestTheFunnelAllowsForWhatPeersDifferBy(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.ruled().on("2024-03-04")
	outside := []int{0, 8, 1, 8, 2, 0, 9, 1, 8, 0, 7, 0, 30}
	for i, n := range outside {
		id := fmt.Sprintf("S%02d", i)
		h.do("hr:R1", id, unit.Establish{UnitName: id, UnitKind: unit.KindSection, Parent: "D1"})
		h.levied(domain.UnitID(id), 30, n)
	}
	funnel, err := h.built().As(auditor).Funnel(context.Background(), projections.EnforcementFilter{}, projections.DiscretionByUnit)
	if err != nil {
		t.Fatal(err)
	}
	chance := funnel.Curve[len(funnel.Curve)-1].Chance
	wide := 0
	for _, row := range funnel.Rows {
		want := projections.FunnelWithin
		if row.Unit == "S12" {
			want = projections.FunnelBeyond998
		}
		if row.Place != want {
			t.Errorf("%s with %d of %d is %s, want %s: %+v", row.Unit, row.Outside, row.Decided, row.Place, want, row.Limits)
		}
		if row.OutsideShare < chance.Low95 || row.OutsideShare > chance.High95 {
			wide++
		}
	}
	if wide < 3 {
		t.Errorf("%d lie outside what chance alone allows (%+v): the peers of the test do not differ", wide, chance)
	}
	if funnel.Mean < 1000 || funnel.Mean > 1500 || funnel.Spread <= 0 || funnel.Doubt <= 0 {
		t.Errorf("mean %d, spread %v, doubt %v", funnel.Mean, funnel.Spread, funnel.Doubt)
	}
	last := 0
	for _, p := range funnel.Curve {
		if p.Decided <= last || p.Limits.High95 < p.Chance.High95 && p.Decided > 5 || p.Limits.High998 < p.Limits.High95 || p.Limits.Low998 > p.Limits.Low95 {
			t.Errorf("after %d: %+v", last, p)
		}
		last = p.Decided
	}
	if last != 30 {
		t.Errorf("the curve ends at %d", last)
	}
}
