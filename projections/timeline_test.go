package projections_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

func walk(t *testing.T, size int, backward bool, load func(projections.Page) (*projections.List[projections.TimelineEntry], error)) (ids []domain.EventID) {
	t.Helper()
	p := projections.Page{First: size}
	if backward {
		p = projections.Page{Last: size}
	}
	for {
		l, err := load(p)
		if err != nil {
			t.Fatal(err)
		}
		var page []domain.EventID
		for _, e := range l.Items {
			page = append(page, e.ID)
		}
		if backward {
			ids = append(page, ids...)
			if !l.HasPreviousPage {
				return ids
			}
			p.Before = l.Cursor(0)
			continue
		}
		ids = append(ids, page...)
		if !l.HasNextPage {
			return ids
		}
		p.After = l.Cursor(len(l.Items) - 1)
	}
}

func TestTimelinePagesFitTogetherInEveryOrder(t *testing.T) {
	h := agency(t).random(3, 300)
	v := h.built()
	ctx := context.Background()
	ref := domain.OfficerID("P1").Ref()
	for _, who := range []projections.Principal{auditor, as(domain.RoleInspector, "I1", "D1")} {
		for _, order := range []projections.Order{projections.RecordedAsc, projections.RecordedDesc, projections.OccurredAsc, projections.OccurredDesc} {
			r := v.As(who)
			load := func(p projections.Page) (*projections.List[projections.TimelineEntry], error) {
				return r.Timeline(ctx, ref, projections.EventFilter{Order: order}, p)
			}
			all, err := load(projections.Page{First: projections.MaxPage})
			if err != nil {
				t.Fatal(err)
			}
			var want []domain.EventID
			for _, e := range all.Items {
				want = append(want, e.ID)
			}
			if len(want) < 20 {
				t.Fatalf("only %d events touch %s", len(want), ref)
			}
			if n, err := all.TotalCount(ctx); err != nil || n != len(want) {
				t.Errorf("%s: counted %d, %v; listed %d", order, n, err, len(want))
			}
			sorted := slices.IsSortedFunc(all.Items, func(a, b projections.TimelineEntry) int {
				c := int(a.Position) - int(b.Position)
				if order == projections.OccurredAsc || order == projections.OccurredDesc {
					if o := a.OccurredAt.Compare(b.OccurredAt); o != 0 {
						c = o
					}
				}
				if order == projections.RecordedDesc || order == projections.OccurredDesc {
					c = -c
				}
				return c
			})
			if !sorted {
				t.Errorf("%s: not in order", order)
			}
			for _, backward := range []bool{false, true} {
				if diff := cmp.Diff(want, walk(t, 7, backward, load)); diff != "" {
					t.Errorf("%s, backward %v: pages (+) against the whole list (-):\n%s", order, backward, diff)
				}
			}
		}
	}
}

func TestCursorsStayGoodWhileEventsAreRecorded(t *testing.T) {
	h := agency(t)
	v := h.built()
	r := v.As(auditor)
	ctx := context.Background()
	ref := domain.OfficerID("P1").Ref()
	filter := projections.EventFilter{Order: projections.OccurredAsc}
	before, err := r.Timeline(ctx, ref, filter, projections.Page{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	half, err := r.Timeline(ctx, ref, filter, projections.Page{First: 5})
	if err != nil {
		t.Fatal(err)
	}
	h.on("2024-05-20")
	// One event before the cursor, in the order of occurrence, one after it.
	h.doAt("hr:R1", "P1", officer.CompleteTraining{Course: "early", Hours: 1, On: domain.MustDate("2023-01-09")}, domain.MustDate("2023-01-09").In(time.UTC).Add(time.Hour))
	h.do("hr:R1", "P1", officer.CompleteTraining{Course: "late", Hours: 1})
	h.catchUp(v)
	rest, err := r.Timeline(ctx, ref, filter, projections.Page{First: 100, After: half.Cursor(4)})
	if err != nil {
		t.Fatal(err)
	}
	var want, got []domain.EventID
	for _, e := range before.Items[5:] {
		want = append(want, e.ID)
	}
	for _, e := range rest.Items {
		got = append(got, e.ID)
	}
	if len(got) != len(want)+1 || !slices.Equal(want, got[:len(want)]) {
		t.Errorf("after the cursor: %v; want %v and the later one", got, want)
	}
}

func TestMalformedPagesAreRefused(t *testing.T) {
	v := agency(t).built()
	r := v.As(auditor)
	ctx := context.Background()
	timeline := func(of domain.Ref, o projections.Order) func(projections.Page) error {
		return func(p projections.Page) error {
			_, err := r.Timeline(ctx, of, projections.EventFilter{Order: o}, p)
			return err
		}
	}
	p1 := timeline(domain.OfficerID("P1").Ref(), projections.OccurredDesc)
	l, err := r.Timeline(ctx, domain.OfficerID("P1").Ref(), projections.EventFilter{Order: projections.OccurredDesc}, projections.Page{First: 2})
	if err != nil {
		t.Fatal(err)
	}
	good := l.Cursor(1)
	officers, err := r.Officers(ctx, projections.OfficerFilter{}, projections.Page{First: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		ask   func(projections.Page) error
		page  projections.Page
		field string
	}{
		{"a cursor that is no cursor", p1, projections.Page{First: 2, After: "garbage!"}, "after"},
		{"a cursor cut short", p1, projections.Page{First: 2, After: good[:len(good)-3]}, "after"},
		{"a cursor of the same timeline in another order", timeline(domain.OfficerID("P1").Ref(), projections.RecordedDesc), projections.Page{First: 2, After: good}, "after"},
		{"a cursor of another timeline", timeline(domain.OfficerID("P2").Ref(), projections.OccurredDesc), projections.Page{Last: 2, Before: good}, "before"},
		{"a cursor of another list", p1, projections.Page{First: 2, After: officers.Cursor(0)}, "after"},
		{"too many at once", p1, projections.Page{First: projections.MaxPage + 1}, "first"},
		{"fewer than none", p1, projections.Page{Last: -1}, "last"},
		{"first and last together", p1, projections.Page{First: 1, Last: 1}, "first"},
		{"an order that does not exist", timeline(domain.OfficerID("P1").Ref(), "sideways"), projections.Page{}, "order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.ask(c.page)
			var field string
			if r, ok := err.(*domain.Refusal); ok {
				field = r.Field
			}
			if domain.RefusalCode(err) != domain.CodeInvalid || field != c.field {
				t.Errorf("got %v, want a refusal of %q", err, c.field)
			}
		})
	}
	if err := p1(projections.Page{First: 2, After: good}); err != nil {
		t.Errorf("a good cursor is refused: %v", err)
	}
}

func FuzzCursor(f *testing.F) {
	h := agency(f)
	v, err := open(f, f.TempDir(), h.codec, h.options())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { v.Close() })
	if err := v.CatchUp(context.Background(), h.store, nil); err != nil {
		f.Fatal(err)
	}
	r := v.As(auditor)
	l, err := r.Officers(context.Background(), projections.OfficerFilter{SortByName: true}, projections.Page{First: 4})
	if err != nil {
		f.Fatal(err)
	}
	for i := range l.Items {
		f.Add(l.Cursor(i))
	}
	f.Add("")
	f.Add("WyJvZmZpY2VycyBieSBuYW1lIiwxLjUsIngiXQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		l, err := r.Officers(context.Background(), projections.OfficerFilter{SortByName: true}, projections.Page{First: 4, After: cursor})
		if err != nil && domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("cursor %q: %v", cursor, err)
		}
		if err == nil && len(l.Items) > 4 {
			t.Errorf("cursor %q gives %d items", cursor, len(l.Items))
		}
	})
}
