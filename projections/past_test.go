package projections_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// present asks for what the reference points at as it stands now.
func present(ctx context.Context, r *projections.Reader, ref domain.Ref) (any, error) {
	switch ref.Type {
	case "unit":
		return some(r.Unit(ctx, domain.UnitID(ref.ID)))
	case "post":
		return some(r.Post(ctx, domain.PostID(ref.ID)))
	case "officer":
		return some(r.Officer(ctx, domain.OfficerID(ref.ID)))
	case "complaint":
		return some(r.Complaint(ctx, domain.ComplaintID(ref.ID)))
	case "misconduct":
		return some(r.Case(ctx, domain.CaseID(ref.ID)))
	case "sanction":
		return some(r.Sanction(ctx, domain.SanctionID(ref.ID)))
	case "reward":
		return some(r.Reward(ctx, domain.RewardID(ref.ID)))
	case "traceback":
		return some(r.Traceback(ctx, domain.TracebackID(ref.ID)))
	case "plan":
		return some(r.Plan(ctx, domain.PlanID(ref.ID)))
	case "enforcement":
		return some(r.Enforcement(ctx, domain.EnforcementID(ref.ID)))
	case "norm":
		return some(r.Norm(ctx, domain.NormID(ref.ID)))
	case "disclosure":
		return some(r.Disclosure(ctx, domain.DisclosureID(ref.ID)))
	case "warning":
		return some(r.Warning(ctx, domain.WarningID(ref.ID)))
	case "inspection":
		return some(r.Inspection(ctx, domain.InspectionID(ref.ID)))
	case "programme":
		return some(r.Programme(ctx, domain.ProgrammeID(ref.ID)))
	case "rulebook":
		return some(r.Rulebook(ctx, domain.RulebookID(ref.ID)))
	case "key":
		return some(r.Key(ctx, domain.KeyID(ref.ID)))
	case "activity":
		if a, err := r.Activity(ctx, domain.ActivityID(ref.ID)); a != nil || err != nil {
			return some(a, err)
		}
		return some(r.Carrier(ctx, domain.ActivityID(ref.ID)))
	case "access":
		return nil, nil // part of the record file
	}
	return nil, errors.New("unknown type " + ref.Type)
}

func some[T any](o *T, err error) (any, error) {
	if o == nil || err != nil {
		return nil, err
	}
	return o, nil
}

// alike compares what readers are given.
var alike = []cmp.Option{cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })}

// Views that stopped at a place show what an object was then. As of that
// place it must look the same ever after, whatever came later.
func TestAnEarlierStateIsTheOneThatViewsShowedThen(t *testing.T) {
	ctx := context.Background()
	h := agency(t).random(5, 250)
	now := h.built().As(auditor)
	events := every(t, now, projections.EventFilter{})
	var refs []domain.Ref
	for _, e := range events {
		if !slices.Contains(refs, e.Subject) {
			refs = append(refs, e.Subject)
		}
	}
	clock := time.Time{}
	opts := h.options()
	opts.Now = func() time.Time { return clock }
	then, err := open(t, t.TempDir(), h.codec, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer then.Close()
	last := lastPosition(t, h.store)
	compared := map[string]int{}
	for at := ledger.Position(7); at <= last; at += last / 6 {
		if err := then.CatchUp(ctx, upTo{h.store, at}, nil); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(events, func(e projections.Event) bool { return e.Position == at })
		clock = events[i].RecordedAt
		for _, ref := range refs {
			want, err := present(ctx, then.As(auditor), ref)
			if err != nil {
				t.Fatal(err)
			}
			got, err := now.At(ctx, ref, projections.AsOf{Position: at})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, alike...); diff != "" {
				t.Fatalf("%s at %s (-views of then +as of then):\n%s", ref, at, diff)
			}
			if got != nil {
				compared[ref.Type]++
			}
		}
		// The moment of its recording says the same as the place.
		moment := events[i].RecordedAt
		if i+1 < len(events) && !events[i+1].RecordedAt.After(moment) {
			continue
		}
		for _, ref := range refs[:20] {
			place, err1 := now.At(ctx, ref, projections.AsOf{Position: at})
			told, err2 := now.At(ctx, ref, projections.AsOf{Recorded: moment})
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(place, told, alike...); diff != "" {
				t.Fatalf("%s at %s and at %s:\n%s", ref, at, moment, diff)
			}
		}
	}
	for _, room := range []string{"unit", "post", "officer", "complaint", "misconduct", "sanction", "reward", "traceback"} {
		if compared[room] == 0 {
			t.Errorf("no %s was compared", room)
		}
	}
}

// Who sees the object and its history today sees its past; nobody else does.
func TestThePastIsSeenByWhoSeesThePresentAndItsHistory(t *testing.T) {
	ctx := context.Background()
	v := agency(t).built()
	refs := map[string]domain.Ref{"P1": {Type: "officer", ID: "P1"}, "P2": {Type: "officer", ID: "P2"}, "I1": {Type: "officer", ID: "I1"}, "C1": {Type: "complaint", ID: "C1"},
		"C2": {Type: "complaint", ID: "C2"}, "M5": {Type: "misconduct", ID: "M5"}, "S1": {Type: "sanction", ID: sanctionC1}, "S9": {Type: "sanction", ID: "S9"},
		"W1": {Type: "unit", ID: "W1"}, "K1": {Type: "post", ID: "K1"}, "actor": {Type: "actor", ID: "H1"}, "none": {Type: "officer", ID: "nobody"}}
	for _, c := range []struct {
		name string
		who  projections.Principal
		want []string
	}{
		{"an auditor", auditor, []string{"C1", "C2", "I1", "K1", "M5", "P1", "P2", "S1", "S9", "W1"}},
		{"an inspector, less their own matters", as(domain.RoleInspector, "I1", "D1"), []string{"C1", "K1", "M5", "P1", "S1", "W1"}},
		{"hr, never complaints, cases or proposals", as(domain.RoleHR, "R1", projections.AllUnits), []string{"I1", "K1", "P1", "P2", "S1", "W1"}},
		{"a handler their complaints, not whom they are about", as(domain.RoleHandler, "H1"), []string{"C1", "C2"}},
		{"an officer themselves", as(domain.RoleOfficer, "P1"), []string{"P1", "S1"}},
		{"an overseer no history", as(domain.RoleOverseer, "O"), nil},
		{"the public nothing", as(domain.RolePublic, ""), nil},
	} {
		var got []string
		for name, ref := range refs {
			o, err := v.As(c.who).At(ctx, ref, projections.AsOf{Position: 1 << 40})
			if err != nil {
				t.Fatal(err)
			}
			if o != nil {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s sees the past of %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNothingLaterIsTold(t *testing.T) {
	ctx := context.Background()
	v := agency(t).built()
	before := domain.MustDate("2023-03-20").In(time.UTC)
	o, err := v.As(auditor).At(ctx, domain.Ref{Type: "officer", ID: "P1"}, projections.AsOf{Recorded: before})
	if err != nil {
		t.Fatal(err)
	}
	if p := o.(*projections.Officer); *p.Barred || p.Unit != "W1" {
		t.Errorf("before any inquiry P1 was %+v, barred %v", p, *p.Barred)
	}
	o, err = v.As(as(domain.RoleOfficer, "P1")).At(ctx, domain.Ref{Type: "officer", ID: "P1"}, projections.AsOf{Recorded: before})
	if p, ok := o.(*projections.Officer); err != nil || !ok || p.Barred != nil {
		t.Errorf("an officer learns of inquiries: %+v, %v", o, err)
	}
	for name, as := range map[string]projections.AsOf{
		"before it was recorded": {Recorded: domain.MustDate("2024-01-01").In(time.UTC)},
		"before the ledger":      {Recorded: time.Date(2, 1, 1, 0, 0, 0, 0, time.UTC)},
		"before it happened":     {Occurred: domain.MustDate("2024-01-01").In(time.UTC)},
	} {
		if o, err := v.As(auditor).At(ctx, domain.Ref{Type: "misconduct", ID: "M5"}, as); err != nil || o != nil {
			t.Errorf("%s M5 is %+v, %v", name, o, err)
		}
	}
}

func TestAnEarlierStateTakesAFixedNumberOfStatements(t *testing.T) {
	v := agency(t).built()
	for _, ref := range []domain.Ref{{Type: "officer", ID: "P1"}, {Type: "complaint", ID: "C1"}, {Type: "misconduct", ID: "C1"}} {
		r := v.As(auditor)
		if _, err := r.At(context.Background(), ref, projections.AsOf{Position: 40}); err != nil {
			t.Fatal(err)
		}
		if n := r.Statements(); n > 6 {
			t.Errorf("%s took %d statements", ref, n)
		}
	}
}
