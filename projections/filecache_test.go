package projections_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

// keepingAndNot returns views that keep files, and views of the same that,
// open for reading only, do not.
func (h *house) keepingAndNot() (keeping, not *projections.Views) {
	h.t.Helper()
	dir := h.t.TempDir()
	keeping = h.viewsIn(dir)
	h.catchUp(keeping)
	opts := h.options()
	opts.ReadOnly = true
	not, err := open(h.t, dir, h.codec, opts)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := not.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return keeping, not
}

func recordFile(t testing.TB, v *projections.Views, p projections.Principal, id domain.OfficerID, as projections.AsOf) *record.File {
	t.Helper()
	f, err := v.As(p).RecordFile(context.Background(), id, as)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Each of these asks twice before the event, so that the file is kept, and
// compares with views that never kept any.
func TestANewEventShowsAtOnceInAFileAskedForBefore(t *testing.T) {
	h := agency(t)
	h.on("2024-05-07")
	v, plain := h.keepingAndNot()
	for _, c := range []struct {
		name    string
		officer domain.OfficerID
		happens func()
	}{
		{"in the officer's own stream", "P1", func() { h.do("hr:R1", "P1", officer.CompleteTraining{Course: "ethics", Hours: 4}) }},
		{"in another stream of the file", "P3", func() {
			h.do("handler:H2", "C4", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "nobody passed"})
		}},
		{"in a stream that is new to the file", "P3", func() {
			h.do("inspector:I2", "M9", misconduct.Open{Origin: misconduct.OriginInspection, Unit: "D1", Officers: []domain.OfficerID{"P3"}, Conduct: "took gifts"})
		}},
		{"that the file was read for the first time", "P1", func() {
			h.do("importer:M", "P1", access.Import{Reader: "I2", Role: "inspector", Count: 1})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := recordFile(t, v, auditor, c.officer, projections.AsOf{})
			recordFile(t, v, auditor, c.officer, projections.AsOf{})
			c.happens()
			h.catchUp(v)
			now, want := recordFile(t, v, auditor, c.officer, projections.AsOf{}), recordFile(t, plain, auditor, c.officer, projections.AsOf{})
			if diff := cmp.Diff(want, now); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
			if now.Head == before.Head {
				t.Error("the event is not in the file")
			}
		})
	}
}

func TestAKeptFileIsReadWithLessAndOnlyWhileNothingTouchesIt(t *testing.T) {
	h := agency(t)
	v := h.built()
	events := func() bool { // whether the events of the file are read
		t.Helper()
		r := v.As(auditor)
		if f, err := r.RecordFile(context.Background(), "P1", projections.AsOf{}); err != nil || f == nil {
			t.Fatal(f, err)
		}
		return r.Statements() > 2 // may it be seen, is it the newest
	}
	if !events() || events() {
		t.Fatal("the file is not kept from the first time to the second")
	}
	h.on("2024-05-07")
	h.do("hr:R1", "P2", officer.CompleteTraining{Course: "ethics", Hours: 4})
	h.catchUp(v)
	if events() {
		t.Error("an event of another officer drops the file")
	}
	if err := v.Rebuild(context.Background(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	if !events() {
		t.Error("the file outlives a rebuild, which numbers its streams anew")
	}
}

func TestEachRoleHasItsOwnPartOfAKeptFile(t *testing.T) {
	h := agency(t)
	v, plain := h.keepingAndNot()
	readers := []projections.Principal{auditor, as(domain.RoleHR, "R1", "A"), as(domain.RoleOfficer, "P1"), as(domain.RoleInspector, "I2", "A"), as(domain.RoleInspector, "P3", "A")}
	want := map[domain.OfficerID][]*record.File{}
	for _, id := range []domain.OfficerID{"P1", "P2", "P3"} {
		for _, p := range readers {
			want[id] = append(want[id], recordFile(t, plain, p, id, projections.AsOf{}))
		}
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for id, files := range want {
				for i := range readers {
					got, err := v.As(readers[i]).RecordFile(context.Background(), id, projections.AsOf{})
					if diff := cmp.Diff(files[i], got); err != nil || diff != "" {
						t.Errorf("file of %s for %s: %v (-want +got):\n%s", id, readers[i].Role, err, diff)
					}
				}
			}
		})
	}
	all.Wait()
	if f := recordFile(t, v, as(domain.RoleHR, "R1", "D2"), "P1", projections.AsOf{}); f != nil {
		t.Error("a kept file is shown out of scope")
	}
}

func TestAFileAsOfOneMomentIsNotThatOfAnother(t *testing.T) {
	h := agency(t)
	v, plain := h.keepingAndNot()
	june := at("2023-06-30")
	moments := []projections.AsOf{{}, {Recorded: june}, {Occurred: june}, {Recorded: june, Occurred: june}, {Recorded: june.Add(time.Nanosecond)},
		{Recorded: at("2024-04-02")}, {Occurred: at("2024-04-02")}, {Recorded: time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)}, {Occurred: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}}
	for range 2 {
		for _, as := range moments {
			if diff := cmp.Diff(recordFile(t, plain, auditor, "P2", as), recordFile(t, v, auditor, "P2", as)); diff != "" {
				t.Errorf("as of %+v (-want +got):\n%s", as, diff)
			}
		}
	}
}

func TestWhoeverIsHandedAFileMayChangeIt(t *testing.T) {
	h := agency(t)
	v, plain := h.keepingAndNot()
	for _, id := range []domain.OfficerID{"P1", "P2"} {
		want := recordFile(t, plain, auditor, id, projections.AsOf{})
		for range 2 {
			blank(t, "File", reflect.ValueOf(recordFile(t, v, auditor, id, projections.AsOf{})).Elem())
		}
		if diff := cmp.Diff(want, recordFile(t, v, auditor, id, projections.AsOf{})); diff != "" {
			t.Errorf("the next reader's file (-want +got):\n%s", diff)
		}
	}
}

// blank zeroes everything that is reached from a file, in place, and fails on
// what it does not know how to follow.
func blank(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			v.Elem().SetZero()
		}
	case reflect.Slice:
		for i := range v.Len() {
			blank(t, path+"[]", v.Index(i))
		}
	case reflect.Struct:
		if _, isTime := v.Interface().(time.Time); isTime {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			blank(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.String, reflect.Bool, reflect.Int, reflect.Uint64:
		v.SetZero()
	default:
		if !strings.HasPrefix(v.Kind().String(), "int") && !strings.HasPrefix(v.Kind().String(), "uint") {
			t.Fatalf("%s is a %s", path, v.Kind())
		}
		v.SetZero()
	}
}

func TestFilesAreRightWhileEventsAreRecorded(t *testing.T) {
	h := agency(t)
	v := h.built()
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			last := 0
			for {
				f, err := v.As(auditor).RecordFile(context.Background(), "P1", projections.AsOf{})
				if err != nil || len(f.Courses) < last {
					t.Errorf("%d courses after %d, %v", len(f.Courses), last, err)
					return
				}
				last = len(f.Courses)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	h.on("2024-05-07")
	for i := range 40 {
		h.do("hr:R1", "P1", officer.CompleteTraining{Course: "ethics", Hours: 1 + i})
		h.catchUp(v)
		if f := recordFile(t, v, auditor, "P1", projections.AsOf{}); len(f.Courses) != 2+i {
			t.Errorf("%d courses, want %d", len(f.Courses), 2+i)
		}
	}
	close(done)
	all.Wait()
}
