package projections_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

// saw is what one principal is told of everything.
type saw map[string]any

// everythingTold asks for every kind of list and object.
func everythingTold(t testing.TB, v *projections.Views, p projections.Principal) saw {
	t.Helper()
	ctx, r, out := context.Background(), v.As(p), saw{}
	keep := func(name string, value any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s for %s: %v", name, p.Role, err)
		}
		out[name] = value
	}
	list[projections.Officer](keep, "officers")(r.Officers(ctx, projections.OfficerFilter{}, projections.Page{}))
	list[projections.Officer](keep, "last officers")(r.Officers(ctx, projections.OfficerFilter{}, projections.Page{Last: 3}))
	list[projections.Unit](keep, "units")(r.Units(ctx, projections.UnitFilter{}, projections.Page{}))
	list[projections.Post](keep, "posts")(r.Posts(ctx, projections.PostFilter{}, projections.Page{First: 2}))
	list[projections.Complaint](keep, "complaints")(r.Complaints(ctx, projections.ComplaintFilter{}, projections.Page{}))
	list[projections.Case](keep, "cases")(r.Cases(ctx, projections.CaseFilter{}, projections.Page{}))
	list[projections.Finding](keep, "findings")(r.Findings(ctx, projections.FindingFilter{}, projections.Page{}))
	list[projections.Sanction](keep, "sanctions")(r.Sanctions(ctx, projections.SanctionFilter{}, projections.Page{}))
	list[projections.Reward](keep, "rewards")(r.Rewards(ctx, projections.RewardFilter{}, projections.Page{}))
	list[projections.Event](keep, "events")(r.Events(ctx, projections.EventFilter{}, projections.Page{First: 500}))
	list[projections.Event](keep, "first events")(r.Events(ctx, projections.EventFilter{Order: projections.RecordedAsc}, projections.Page{Last: 7}))
	ids := []domain.OfficerID{"P1", "P2", "P3", "I1"}
	for _, id := range ids {
		list[projections.TimelineEntry](keep, "timeline of "+string(id))(r.Timeline(ctx, id.Ref(), projections.EventFilter{}, projections.Page{}))
		file, err := r.RecordFile(ctx, id, projections.AsOf{})
		keep("file of "+string(id), file, err)
	}
	officers, err := r.OfficersByID(ctx, ids)
	keep("officers by id", officers, err)
	counts, err := r.OfficerCounts(ctx, ids)
	keep("counts", counts, err)
	findings, err := r.FindingsByOfficer(ctx, ids)
	keep("findings by officer", findings, err)
	return out
}

// list keeps a page, the places of its items and the length of the whole.
func list[T any](keep func(string, any, error), name string) func(*projections.List[T], error) {
	return func(l *projections.List[T], err error) {
		if err != nil {
			keep(name, nil, err)
			return
		}
		n, err := l.TotalCount(context.Background())
		keep(name+", all", n, err)
		var at []string
		for i := range l.Items {
			at = append(at, l.Cursor(i))
		}
		keep(name, []any{l.Items, l.HasNextPage, l.HasPreviousPage, at}, nil)
	}
}

var askers = []projections.Principal{
	auditor, as(domain.RoleAuditor, "X", "D1"), as(domain.RoleHR, "R1", "A"), as(domain.RoleInspector, "I2", "A"), as(domain.RoleInspector, "P3", "A"),
	as(domain.RoleLeader, "L1", "D2"), as(domain.RoleHandler, "H1"), as(domain.RoleOfficer, "P1"), as(domain.RolePublic, ""),
}

// Whatever moves the scope of somebody, an event of any kind, shows at once
// in what was asked before; and nobody is told what another was.
func TestWhatIsToldAgainIsWhatWouldBeToldAnew(t *testing.T) {
	h := agency(t)
	h.on("2024-05-07")
	v, plain := h.keepingAndNot()
	same := func(after string) {
		t.Helper()
		for _, p := range askers {
			want := everythingTold(t, plain, p)
			for round := range 2 {
				if diff := cmp.Diff(want, everythingTold(t, v, p), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s, round %d: %s %s of %v (-anew +again):\n%s", after, round, p.Role, p.Subject, p.Units, diff)
				}
			}
		}
	}
	same("at first")
	if n, _ := v.Kept(); n < len(askers) {
		t.Fatalf("%d answers are kept", n)
	}
	for _, c := range []struct {
		name    string
		happens func()
	}{
		{"an officer was trained", func() { h.do("hr:R1", "P1", officer.CompleteTraining{Course: "ethics", Hours: 4}) }},
		{"an officer went to another unit", func() { h.do("hr:R1", "P3", officer.Appoint{Post: "K2", Unit: "D2"}) }},
		{"an interest was declared", func() {
			h.do("officer:P3", "P3", officer.DeclareInterest{Nature: "friend", Officer: "P2"})
		}},
	} {
		c.happens()
		h.catchUp(v)
		same(c.name)
	}
	if err := v.Rebuild(context.Background(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	if n, bytes := v.Kept(); n != 0 || bytes != 0 {
		t.Errorf("%d answers of %d bytes outlive a rebuild", n, bytes)
	}
}

func TestWhoeverIsHandedAListMayReorderAndCutIt(t *testing.T) {
	v := agency(t).built()
	want := everythingTold(t, v, auditor)
	r := v.As(auditor)
	ctx := context.Background()
	for range 2 {
		events, err1 := r.Timeline(ctx, domain.OfficerID("P1").Ref(), projections.EventFilter{}, projections.Page{})
		officers, err2 := r.OfficersByID(ctx, []domain.OfficerID{"P1", "P2", "P3", "I1"})
		units, err3 := r.Units(ctx, projections.UnitFilter{}, projections.Page{})
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		clear(events.Items)
		clear(units.Items)
		for _, o := range officers {
			*o = projections.Officer{}
		}
	}
	if diff := cmp.Diff(want, everythingTold(t, v, auditor)); diff != "" {
		t.Errorf("the next reader (-want +got):\n%s", diff)
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	v := agency(t).built()
	for i := range 400 {
		r := v.As(as(domain.RoleAuditor, fmt.Sprint("X", i), "A"))
		if _, err := r.Events(context.Background(), projections.EventFilter{}, projections.Page{First: 500}); err != nil {
			t.Fatal(err)
		}
	}
	if n, bytes := v.Kept(); n == 0 || bytes > projections.MostKept {
		t.Errorf("%d answers of %d bytes are kept, at most %d are allowed", n, bytes, projections.MostKept)
	}
}

// Answers come and go while events are recorded: an event that the views show
// is in every answer from then on.
func TestAnswersAreRightWhileEventsAreRecorded(t *testing.T) {
	h := agency(t)
	v := h.built()
	done := make(chan struct{})
	var all sync.WaitGroup
	count := func() (int, error) {
		l, err := v.As(auditor).Timeline(context.Background(), domain.OfficerID("P1").Ref(), projections.EventFilter{}, projections.Page{First: 500})
		if err != nil {
			return 0, err
		}
		n, err := l.TotalCount(context.Background())
		return min(n, len(l.Items)), err
	}
	for range 3 {
		all.Go(func() {
			for last := 0; ; {
				n, err := count()
				if err != nil || n < last {
					t.Errorf("%d events after %d, %v", n, last, err)
					return
				}
				last = n
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	h.on("2024-05-07")
	before, err := count()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		h.do("hr:R1", "P1", officer.CompleteTraining{Course: "ethics", Hours: 1 + i})
		h.catchUp(v)
		var n int
		if n, err = count(); err != nil || n != before+i+1 {
			t.Errorf("%d events, want %d, %v", n, before+i+1, err)
		}
	}
	close(done)
	all.Wait()
}
