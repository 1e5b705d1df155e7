package projections_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// sees lists, by kind of object, everything a principal sees: once by
// asking for each object, once by listing. Both must agree.
func sees(t *testing.T, r *projections.Reader) map[string]string {
	t.Helper()
	ctx := context.Background()
	out := map[string]string{}
	put := func(kind string, ids []string) {
		slices.Sort(ids)
		if len(ids) > 0 {
			out[kind] = strings.Join(ids, " ")
		}
	}
	all := projections.Page{First: projections.MaxPage}
	put("officers", both(t, []string{"P1", "P2", "P3", "I1"},
		func(id string) (*projections.Officer, error) { return r.Officer(ctx, domain.OfficerID(id)) },
		func() (*projections.List[projections.Officer], error) {
			return r.Officers(ctx, projections.OfficerFilter{}, all)
		},
		func(o projections.Officer) string { return string(o.ID) }))
	put("units", both(t, []string{"A", "D1", "D2", "W1"},
		func(id string) (*projections.Unit, error) { return r.Unit(ctx, domain.UnitID(id)) },
		func() (*projections.List[projections.Unit], error) {
			return r.Units(ctx, projections.UnitFilter{}, all)
		},
		func(o projections.Unit) string { return string(o.ID) }))
	put("posts", both(t, []string{"K1", "K2"},
		func(id string) (*projections.Post, error) { return r.Post(ctx, domain.PostID(id)) },
		func() (*projections.List[projections.Post], error) {
			return r.Posts(ctx, projections.PostFilter{}, all)
		},
		func(o projections.Post) string { return string(o.ID) }))
	put("complaints", both(t, []string{"C1", "C2", "C3", "C4", "X1"},
		func(id string) (*projections.Complaint, error) { return r.Complaint(ctx, domain.ComplaintID(id)) },
		func() (*projections.List[projections.Complaint], error) {
			return r.Complaints(ctx, projections.ComplaintFilter{}, all)
		},
		func(o projections.Complaint) string { return string(o.ID) }))
	put("cases", both(t, []string{"C1", "M5", "X1"},
		func(id string) (*projections.Case, error) { return r.Case(ctx, domain.CaseID(id)) },
		func() (*projections.List[projections.Case], error) {
			return r.Cases(ctx, projections.CaseFilter{}, all)
		},
		func(o projections.Case) string { return string(o.ID) }))
	put("sanctions", both(t, []string{sanctionC1, "S9"},
		func(id string) (*projections.Sanction, error) { return r.Sanction(ctx, domain.SanctionID(id)) },
		func() (*projections.List[projections.Sanction], error) {
			return r.Sanctions(ctx, projections.SanctionFilter{}, all)
		},
		func(o projections.Sanction) string { return string(o.ID) }))
	put("rewards", both(t, []string{"G1", "G2"},
		func(id string) (*projections.Reward, error) { return r.Reward(ctx, domain.RewardID(id)) },
		func() (*projections.List[projections.Reward], error) {
			return r.Rewards(ctx, projections.RewardFilter{}, all)
		},
		func(o projections.Reward) string { return string(o.ID) }))
	put("findings", findingsSeen(t, r))
	put("records", recordsSeen(t, r))
	put("events", eventsSeen(t, r))
	return out
}

// both asks for each object and lists them all, and fails when the two, or
// the count of the list, differ.
func both[T any](t *testing.T, ids []string, get func(string) (*T, error), list func() (*projections.List[T], error), id func(T) string) []string {
	t.Helper()
	var got []string
	for _, x := range ids {
		o, err := get(x)
		if err != nil {
			t.Fatal(err)
		}
		if o != nil {
			got = append(got, id(*o))
		}
	}
	l, err := list()
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, o := range l.Items {
		listed = append(listed, id(o))
	}
	slices.Sort(got)
	slices.Sort(listed)
	if !slices.Equal(got, listed) {
		t.Errorf("asked one by one: %v, listed: %v", got, listed)
	}
	if n, err := l.TotalCount(context.Background()); err != nil || n != len(listed) {
		t.Errorf("the list of %v counts %d, %v", listed, n, err)
	}
	return got
}

func findingsSeen(t *testing.T, r *projections.Reader) []string {
	t.Helper()
	l, err := r.Findings(context.Background(), projections.FindingFilter{}, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range l.Items {
		out = append(out, string(f.Case)+"/"+string(f.Officer)+"/"+f.Result)
		one, err := r.Finding(context.Background(), f.ID)
		if err != nil || one == nil {
			t.Errorf("finding %s is listed but not found: %v", f.ID, err)
		}
	}
	return out
}

func recordsSeen(t *testing.T, r *projections.Reader) []string {
	t.Helper()
	ctx := context.Background()
	var asked, exported []string
	for _, id := range []string{"I1", "P1", "P2", "P3"} {
		f, err := r.RecordFile(ctx, domain.OfficerID(id), projections.AsOf{})
		if err != nil {
			t.Fatal(err)
		}
		if f != nil {
			asked = append(asked, id)
		}
	}
	through, err := r.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for x, err := range r.ExportRecords(ctx, projections.RecordsOf{Through: through}) {
		if err != nil {
			t.Fatal(err)
		}
		exported = append(exported, string(x.File.Officer))
	}
	if !slices.Equal(asked, exported) {
		t.Errorf("record files asked for: %v, exported: %v", asked, exported)
	}
	return asked
}

// eventsSeen lists the streams whose events are seen, and checks that each
// event is found by its id.
func eventsSeen(t *testing.T, r *projections.Reader) []string {
	t.Helper()
	ctx := context.Background()
	l, err := r.Events(ctx, projections.EventFilter{}, projections.Page{First: projections.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	var streams []string
	var ids []domain.EventID
	for _, e := range l.Items {
		ids = append(ids, e.ID)
		if s := e.Subject.Stream(); !slices.Contains(streams, s) {
			streams = append(streams, s)
		}
	}
	found, err := r.EventsByID(ctx, ids)
	if err != nil || len(found) != len(ids) {
		t.Errorf("%d of %d listed events are found by id, %v", len(found), len(ids), err)
	}
	return streams
}

func TestEachRoleSeesItsPartAndNothingElse(t *testing.T) {
	v := agency(t).built()
	s1 := sanctionC1
	everything := map[string]string{
		"officers": "I1 P1 P2 P3", "units": "A D1 D2 W1", "posts": "K1 K2", "complaints": "C1 C2 C3 C4 X1", "cases": "C1 M5 X1",
		"sanctions": join(s1, "S9"), "rewards": "G1 G2", "findings": "C1/P1/sustained X1//not_sustained X1/P2/pending X1/P2/sustained",
		"records": "I1 P1 P2 P3",
		"events": join("complaint-C1", "complaint-C2", "complaint-C3", "complaint-C4", "complaint-X1", "misconduct-C1", "misconduct-M5", "misconduct-X1",
			"officer-I1", "officer-P1", "officer-P2", "officer-P3", "post-K1", "post-K2", "reward-G1", "reward-G2", "sanction-"+s1, "sanction-S9",
			"traceback-case:C1", "unit-A", "unit-D1", "unit-D2", "unit-W1"),
	}
	for _, c := range []struct {
		name string
		who  projections.Principal
		want map[string]string
	}{
		{"an auditor without units sees everything", auditor, everything},
		{"the system sees everything", as(domain.RoleSystem, "system"), everything},
		{"an inspector of all units who is concerned in nothing sees everything", as(domain.RoleInspector, "I9", projections.AllUnits), everything},
		{"a leader of all units sees everything", as(domain.RoleLeader, "L1", projections.AllUnits), everything},
		{"an inspector without units sees nothing", as(domain.RoleInspector, "I9"), nil},
		{"an inspector of a unit that does not exist sees nothing", as(domain.RoleInspector, "I9", "D9"), nil},
		{"an auditor of one unit sees that unit", as(domain.RoleAuditor, "X", "D2"), map[string]string{
			"officers": "P2", "units": "D2", "posts": "K2", "complaints": "C3 X1", "cases": "X1", "sanctions": "S9", "rewards": "G1",
			"findings": "X1//not_sustained X1/P2/pending X1/P2/sustained", "records": "P2",
			"events": "complaint-C3 complaint-X1 misconduct-X1 officer-P2 post-K2 reward-G1 sanction-S9 unit-D2",
		}},
		{"an inspector sees the units in scope, less their own matters and those of their relations", as(domain.RoleInspector, "I1", "D1"), map[string]string{
			"officers": "I1 P1 P3", "units": "D1 W1", "posts": "K1", "complaints": "C1", "cases": "C1 M5", "sanctions": s1, "rewards": "G2",
			"findings": "C1/P1/sustained", "records": "P1",
			"events": join("complaint-C1", "misconduct-C1", "misconduct-M5", "officer-P1", "post-K1", "reward-G2", "sanction-"+s1, "traceback-case:C1", "unit-D1", "unit-W1"),
		}},
		{"the interest counts for the other side as well", as(domain.RoleInspector, "P3", "D1"), map[string]string{
			"officers": "I1 P1 P3", "units": "D1 W1", "posts": "K1", "complaints": "C1", "cases": "C1 M5", "sanctions": s1, "rewards": "G2",
			"findings": "C1/P1/sustained", "records": "P1",
			"events": join("complaint-C1", "misconduct-C1", "misconduct-M5", "officer-P1", "post-K1", "reward-G2", "sanction-"+s1, "traceback-case:C1", "unit-D1", "unit-W1"),
		}},
		{"a leader sees the units in scope", as(domain.RoleLeader, "L1", "W1"), map[string]string{
			"officers": "P1", "units": "W1", "posts": "K1", "complaints": "C1", "cases": "C1 M5", "sanctions": s1,
			"findings": "C1/P1/sustained", "records": "P1",
			"events": join("complaint-C1", "misconduct-C1", "misconduct-M5", "officer-P1", "post-K1", "sanction-"+s1, "traceback-case:C1", "unit-W1"),
		}},
		{"hr sees personnel records, never complaints, cases, proposals or findings that are not final", as(domain.RoleHR, "R1", projections.AllUnits), map[string]string{
			"officers": "I1 P1 P2 P3", "units": "A D1 D2 W1", "posts": "K1 K2", "sanctions": s1, "rewards": "G1 G2",
			"findings": "C1/P1/sustained X1//not_sustained X1/P2/sustained", "records": "I1 P1 P2 P3",
			"events": join("officer-I1", "officer-P1", "officer-P2", "officer-P3", "post-K1", "post-K2", "reward-G1", "reward-G2", "sanction-"+s1,
				"unit-A", "unit-D1", "unit-D2", "unit-W1"),
		}},
		{"intake sees the complaints of its units and whom they are about", as(domain.RoleIntake, "T1", "D1"), map[string]string{
			"officers": "I1 P1 P3", "units": "D1 W1", "posts": "K1", "complaints": "C1 C2 C4",
			"events": "complaint-C1 complaint-C2 complaint-C4 post-K1 unit-D1 unit-W1",
		}},
		{"a handler sees the complaints assigned to them", as(domain.RoleHandler, "H1"), map[string]string{
			"officers": "I1 P1", "units": "A D1 D2 W1", "posts": "K1 K2", "complaints": "C1 C2", "findings": "C1/P1/sustained",
			"events": "complaint-C1 complaint-C2",
		}},
		{"a handler without complaints sees none", as(domain.RoleHandler, "H9", projections.AllUnits), map[string]string{
			"units": "A D1 D2 W1", "posts": "K1 K2",
		}},
		{"an officer sees their own file", as(domain.RoleOfficer, "P1"), map[string]string{
			"officers": "P1", "units": "A D1 D2 W1", "posts": "K1 K2", "sanctions": s1, "findings": "C1/P1/sustained", "records": "P1",
			"events": join("officer-P1", "sanction-"+s1),
		}},
		{"an officer does not see a sanction they were not told of", as(domain.RoleOfficer, "P2"), map[string]string{
			"officers": "P2", "units": "A D1 D2 W1", "posts": "K1 K2", "rewards": "G1", "findings": "X1/P2/sustained", "records": "P2",
			"events": "officer-P2 reward-G1",
		}},
		{"an officer's units widen nothing", as(domain.RoleOfficer, "P9", projections.AllUnits), map[string]string{
			"units": "A D1 D2 W1", "posts": "K1 K2",
		}},
		{"an overseer sees no person", as(domain.RoleOverseer, "O"), map[string]string{"units": "A D1 D2 W1", "posts": "K1 K2"}},
		{"the public sees no object", as(domain.RolePublic, "P1", projections.AllUnits), nil},
		{"an importer sees no object", as(domain.RoleImporter, "M", projections.AllUnits), nil},
		{"an unknown role sees nothing", as("root", "X", projections.AllUnits), nil},
		{"nobody sees nothing", projections.Principal{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if want == nil {
				want = map[string]string{}
			}
			if diff := cmp.Diff(want, sees(t, v.As(c.who))); diff != "" {
				t.Errorf("seen (-want +got):\n%s", diff)
			}
		})
	}
}

func join(ids ...string) string {
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// An empty unit is no unit: not the whole ledger, and not the parent of what
// has none.
func TestAnEmptyUnitTakesNothingIn(t *testing.T) {
	v := agency(t).built()
	for _, role := range []domain.Role{domain.RoleAuditor, domain.RoleInspector, domain.RoleLeader, domain.RoleHR, domain.RoleIntake, domain.RoleOverseer} {
		who := as(role, "X9", "")
		r := v.As(who)
		units, err := r.Units(context.Background(), projections.UnitFilter{}, projections.Page{})
		if err != nil || len(units.Items) != 0 {
			t.Errorf("%s sees %+v, %v", role, units, err)
		}
		complaints, err := r.Complaints(context.Background(), projections.ComplaintFilter{}, projections.Page{})
		if err != nil || len(complaints.Items) != 0 {
			t.Errorf("%s sees %+v, %v", role, complaints, err)
		}
		stats, err := r.Statistics(context.Background(), projections.StatisticsFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range stats.Totals {
			if b.Count != 0 {
				t.Errorf("%s counts %+v", role, stats.Totals)
			}
		}
		if units, err = v.As(as(role, "X9", "", "D1")).Units(context.Background(), projections.UnitFilter{}, projections.Page{}); err != nil || len(units.Items) != 2 {
			t.Errorf("%s of D1 sees %+v, %v", role, units, err)
		}
	}
}
