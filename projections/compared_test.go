package projections_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

var system = projections.Principal{Role: domain.RoleSystem, Subject: string(domain.ActorSystem)}

func dayOf(s string) indicators.Day { return indicators.DayOf(domain.MustDate(s)) }

// comparedIn lists the cases of those days, each as a line.
func comparedIn(t *testing.T, r *projections.Reader, from, to string) (out []string) {
	t.Helper()
	err := r.Compared(context.Background(), dayOf(from), dayOf(to), func(c *screening.Case) error {
		out = append(out, fmt.Sprintf("%s %s %s %v %d late %t skipped %t outside %t overturned %t", c.Decided.Date(), c.Unit, c.Procedure, c.Officers, c.Amount, c.Late, c.Skipped, c.Outside, c.Overturned))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func acts(t testing.TB) *house {
	h := newHouse(t)
	h.people()
	return h.ruled().enforced()
}

func TestWhatIsComparedOfAnAct(t *testing.T) {
	h := acts(t)
	h.do("importer:M", "EX", enforcement.Import{ActKind: enforcement.KindLevy, Unit: "W1", Officers: []domain.OfficerID{"P1"}, DecidedOn: domain.MustDate("2024-03-04"), Outcome: "levied", Amount: 100})
	v := h.built()
	r := v.As(system)
	want := []string{
		"2024-03-04 D2 NP [P1 P2] 50 late false skipped false outside true overturned true",
		"2024-03-04 D2 NP [P1 P2] 800 late false skipped false outside false overturned false",
		"2024-03-04 W1 NP [P1 P2] 200 late false skipped false outside false overturned false",
		"2024-03-04 W1 NP [P1 P2] 200 late false skipped false outside false overturned false",
	}
	if diff := cmp.Diff(want, comparedIn(t, r, "2024-03-04", "2024-03-04")); diff != "" {
		t.Errorf("the imported act and the open one are not compared (-want +got):\n%s", diff)
	}
	if got := comparedIn(t, r, "2024-03-05", "2024-12-31"); got != nil {
		t.Errorf("after the day: %v", got)
	}
	at, err := r.ComparedChanged(context.Background(), dayOf("2024-03-01"), dayOf("2024-03-31"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := v.As(auditor).Events(context.Background(), projections.EventFilter{}, projections.Page{Last: 500})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(e.Items, func(e projections.Event) bool { return e.Position == at })
	if i < 0 || e.Items[i].Kind != (enforcement.Reviewed{}).Kind() {
		t.Errorf("what was decided in March was last changed at %d, want the review of April", at)
	}
}

// However the views came about, and wherever they were cut.
func TestWhatIsComparedIsTheSameBuiltAtOnceAndInPieces(t *testing.T) {
	h := acts(t)
	whole, pieces := t.TempDir(), t.TempDir()
	h.catchUp(h.viewsIn(whole))
	v := h.viewsIn(pieces)
	for at := ledger.Position(1); at <= lastPosition(t, h.store); at++ {
		if err := v.CatchUp(context.Background(), upTo{h.store, at}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(dump(t, whole), dump(t, pieces)); diff != "" {
		t.Errorf("at once (-) and in pieces (+) differ:\n%s", diff)
	}
	if err := v.Rebuild(context.Background(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dump(t, whole), dump(t, pieces)); diff != "" {
		t.Errorf("at once (-) and built anew (+) differ:\n%s", diff)
	}
	n := 0
	for _, line := range dump(t, whole) {
		if len(line) > len("compared_cases") && line[:len("compared_cases|")] == "compared_cases|" {
			n++
		}
	}
	if n != 5 {
		t.Errorf("%d rows of compared cases, want one for each of five acts", n)
	}
}

// What compares people is for nobody to read before it is a warning.
func TestTheSystemAloneReadsWhatIsCompared(t *testing.T) {
	h := acts(t)
	raise := warning.Raise{Rule: "peers.late", Version: "1", Unit: "W1", Officer: "P1", Score: 300, Explanation: "more than peers"}
	h.do("system:system", "screen:peers.late:0011223344556677:2024-03", raise)
	h.do("inspector:I2", "screen:peers.late:8899aabbccddeeff:2024-03", raise) // takes such a name
	v := h.built()
	f := screening.Finding{Measure: screening.Find("peers.outside"), Unit: "D2", Officer: "P1", Procedure: "NP", Stream: enforcement.KindLevy, From: dayOf("2024-03-01"), To: dayOf("2024-03-31")}
	ctx := context.Background()
	for _, who := range []projections.Principal{
		auditor, as(domain.RoleInspector, "I2", "A"), as(domain.RoleLeader, "L1", "A"), as(domain.RoleHR, "R1", "A"), as(domain.RoleOfficer, "P1"),
		as(domain.RoleOverseer, "V1", "A"), {Role: domain.RolePublic},
	} {
		r := v.As(who)
		if got := comparedIn(t, r, "2000-01-01", "2100-01-01"); got != nil {
			t.Errorf("%v reads %v", who, got)
		}
		at, err := r.ComparedChanged(ctx, 0, 1<<40)
		warnings, err2 := r.ScreenedWarnings(ctx)
		grounds, err3 := r.Grounds(ctx, []screening.Finding{f})
		if err != nil || err2 != nil || err3 != nil || at != 0 || warnings != nil || len(grounds[0].Days) > 0 {
			t.Errorf("%v is told %v %v %v, %v %v %v", who, at, warnings, grounds, err, err2, err3)
		}
	}
	r := v.As(system)
	grounds, err := r.Grounds(ctx, []screening.Finding{f})
	if err != nil || len(grounds[0].Evidence) != 1 || len(grounds[0].Days) != 1 || grounds[0].After(dayOf("2024-03-03")) != 1 || grounds[0].After(dayOf("2024-03-04")) != 0 {
		t.Errorf("the one act outside its tier is not the ground: %+v, %v", grounds, err)
	}
	warnings, err := r.ScreenedWarnings(ctx)
	if err != nil || len(warnings) != 1 || warnings[0].ID != "screen:peers.late:0011223344556677:2024-03" || !warnings[0].Open || warnings[0].Score != 300 || warnings[0].GroundLost {
		t.Errorf("the system's own warning alone: %+v, %v", warnings, err)
	}
	h.do("system:system", "screen:peers.late:0011223344556677:2024-03", warning.Escalate{To: domain.RoleLeader, Reason: screening.GroundLost})
	h.catchUp(v)
	if warnings, err = v.As(system).ScreenedWarnings(ctx); err != nil || !warnings[0].GroundLost || warnings[0].EscalatedTo != domain.RoleLeader {
		t.Errorf("the lost ground is not told: %+v, %v", warnings, err)
	}
}
