package projections_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/screening"
)

// big records n events of old complaints and findings about n/80 officers in
// 40 units, into an embedded store: about four touches each.
func big(b *testing.B, n int) *house {
	b.Helper()
	store, err := embedded.Open(b.TempDir(), embedded.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	h := newHouseOn(b, store)
	h.now = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	unit := func(i int) domain.UnitID { return domain.UnitID(fmt.Sprintf("U%02d", i%40)) }
	person := func(i int) domain.OfficerID { return domain.OfficerID(fmt.Sprintf("P%05d", i%max(n/80, 1))) }
	summary := strings.Repeat("a matter of some length ", 6)
	record := func(i int, subject string, c domain.Command) {
		_, err := h.recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprint("i", i), Command: c, Act: domain.Act{
			Subject: subject, Actor: "importer-1", Role: domain.RoleImporter, Source: fmt.Sprintf("sha256:%064x", i),
			OccurredAt: h.now.Add(-time.Duration(i*7919%100000) * time.Hour)}})
		if err != nil {
			b.Error(err)
		}
	}
	var writers sync.WaitGroup
	for w := range 64 {
		writers.Go(func() {
			for i := w; i < n; i += 64 {
				id := domain.ComplaintID(fmt.Sprintf("C%06d", i/4))
				switch {
				case i < n/80:
					record(i, string(person(i)), officer.Import{FullName: fmt.Sprint("Officer ", i), Unit: unit(i)})
				case i%4 == 0:
					record(i, string(id), complaint.Import{ReceivedOn: domain.MustDate("2016-05-04"), Category: "courtesy", Summary: summary,
						Unit: unit(i), Officers: []domain.OfficerID{person(i * 31)}})
				default:
					record(i, string(id), misconduct.ImportFinding{Complaint: id, Officer: person(i * 31), Unit: unit(i), Category: "courtesy",
						Result: misconduct.ResultSustained, Discipline: misconduct.DisciplineTraining, FoundOn: domain.MustDate("2016-08-01"), Note: summary})
				}
			}
		})
	}
	writers.Wait()
	return h
}

// BenchmarkRebuild reports events a second and what an event costs in
// views.db and, at most, in memory.
func BenchmarkRebuild(b *testing.B) {
	const n = 100_000
	h := big(b, n)
	dir := b.TempDir()
	v := h.viewsIn(dir)
	stop, peak := make(chan struct{}), make(chan uint64)
	runtime.GC()
	go watchHeap(stop, peak)
	b.ResetTimer()
	for b.Loop() {
		if err := v.Rebuild(context.Background(), h.store, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	close(stop)
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(<-peak)/(1<<20), "heap-MB")
	if info, err := os.Stat(filepath.Join(dir, "views.db")); err == nil {
		b.ReportMetric(float64(info.Size())/n, "B/event")
	}
}

func watchHeap(stop <-chan struct{}, peak chan<- uint64) {
	var most uint64
	var m runtime.MemStats
	for {
		select {
		case <-stop:
			peak <- most
			return
		case <-time.After(20 * time.Millisecond):
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	}
}

// BenchmarkFollow applies a ledger in groups to views that are in use.
func BenchmarkFollow(b *testing.B) {
	const n = 50_000
	h := big(b, n)
	for b.Loop() {
		v := h.viewsIn(b.TempDir())
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- v.Run(ctx, h.store) }()
		var last ledger.Position
		for s, err := range h.store.ReadAll(ctx, 0) {
			if err != nil {
				b.Fatal(err)
			}
			last = s.Position
		}
		if err := v.WaitFor(ctx, last); err != nil {
			b.Fatal(err)
		}
		cancel()
		<-done
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkRead(b *testing.B) {
	h := big(b, 100_000)
	v := h.built()
	ctx := context.Background()
	inspector := as(domain.RoleInspector, "I1", "U00", "U01", "U02", "U03", "U05", "U07", "U11")
	for _, who := range []struct {
		name string
		projections.Principal
	}{{"auditor", auditor}, {"inspector", inspector}} {
		b.Run("RecordFile80/"+who.name, func(b *testing.B) {
			for b.Loop() {
				if f, err := v.As(who.Principal).RecordFile(ctx, "P00001", projections.AsOf{}); err != nil || f == nil {
					b.Fatal(f, err)
				}
			}
		})
		b.Run("Timeline50/"+who.name, func(b *testing.B) {
			for b.Loop() {
				l, err := v.As(who.Principal).Timeline(ctx, domain.OfficerID("P00001").Ref(), projections.EventFilter{}, projections.Page{First: 50})
				if err != nil || len(l.Items) != 50 {
					b.Fatal(len(l.Items), err)
				}
			}
		})
		b.Run("Findings50/"+who.name, func(b *testing.B) {
			for b.Loop() {
				if l, err := v.As(who.Principal).Findings(ctx, projections.FindingFilter{}, projections.Page{First: 50}); err != nil || len(l.Items) != 50 {
					b.Fatal(err)
				}
			}
		})
		b.Run("Complaints50/"+who.name, func(b *testing.B) {
			for b.Loop() {
				if l, err := v.As(who.Principal).Complaints(ctx, projections.ComplaintFilter{}, projections.Page{First: 50}); err != nil || len(l.Items) != 50 {
					b.Fatal(err)
				}
			}
		})
		b.Run("Search/"+who.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := v.As(who.Principal).Search(ctx, "officer 999", nil, projections.Page{First: 20}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// served records n events of an agency in use, into an embedded store: forty
// units under A with their officers, who are trained, and complaints about
// them that are handled to the end.
func served(b *testing.B, n int) *house {
	b.Helper()
	store, err := embedded.Open(b.TempDir(), embedded.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	h := newHouseOn(b, store)
	h.now = time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	h.do("hr:R1", "A", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	units := make([]domain.UnitID, 40)
	for i := range units {
		units[i] = domain.UnitID(fmt.Sprintf("U%02d", i))
		h.do("hr:R1", string(units[i]), unit.Establish{UnitName: "处", UnitKind: unit.KindDepartment, Parent: "A"})
	}
	var writers sync.WaitGroup
	for w := range 64 {
		writers.Go(func() {
			count := 0
			do := func(role domain.Role, subject string, on time.Time, c domain.Command) {
				count++
				_, err := h.recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("w%d-%d", w, count), Command: c,
					Act: domain.Act{Subject: subject, Actor: domain.ActorID(fmt.Sprint(role, "-1")), Role: role, OccurredAt: on}})
				if err != nil {
					b.Error(err)
				}
			}
			for i := 0; count < n/64 && !b.Failed(); i++ {
				on, in := h.now.AddDate(0, 0, -(i*37+w)%800-60), units[(i+w)%len(units)]
				id := fmt.Sprintf("%d-%d", w, i)
				if i%8 == 0 {
					do(domain.RoleHR, "P"+id, on, officer.Enroll{FullName: "人", Unit: in})
					do(domain.RoleHR, "P"+id, on, officer.IssueCertificate{Number: "N" + id})
					do(domain.RoleHR, "P"+id, on, officer.CompleteTraining{Course: "law", Hours: 60})
				}
				do(domain.RoleIntake, "C"+id, on, complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "slow", Unit: in})
				do(domain.RoleIntake, "C"+id, on, complaint.Screen{Admissible: true, Ground: "ours"})
				do(domain.RoleIntake, "C"+id, on.AddDate(0, 0, 1), complaint.Accept{})
				do(domain.RoleLeader, "C"+id, on.AddDate(0, 0, 1), complaint.AssignHandler{Handler: "handler-1"})
				do(domain.RoleHandler, "C"+id, on.AddDate(0, 0, 30), complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "nothing in it"})
				do(domain.RoleHandler, "C"+id, on.AddDate(0, 0, 31), complaint.Answer{Answer: "so"})
			}
		})
	}
	writers.Wait()
	return h
}

// BenchmarkScorecard sums up the facts of an agency of 100,000 events: over a
// year, over all years, and of a year as of half way through the ledger.
func BenchmarkScorecard(b *testing.B) {
	h := served(b, 100_000)
	v := h.built()
	last, err := v.Position(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	year := projections.ScorecardOf{Unit: "A", From: domain.MustDate("2023-07-01"), To: domain.MustDate("2024-06-30")}
	all, back := year, year
	all.From = domain.MustDate("2020-01-01")
	back.Position = last / 2
	for _, c := range []struct {
		name string
		of   projections.ScorecardOf
	}{{"year", year}, {"all", all}, {"half-way", back}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if card, err := v.As(auditor).Scorecard(context.Background(), c.of); err != nil || card == nil {
					b.Fatal(card, err)
				}
			}
		})
	}
}

// BenchmarkCompared reads a million acts as a nightly run does.
func BenchmarkCompared(b *testing.B) {
	const n = 1_000_000
	inFiles(b, "the rows are put into the file")
	h, dir := newHouse(b).on(today), b.TempDir()
	h.do("hr:R1", "A", unit.Establish{UnitName: "A", UnitKind: unit.KindAgency})
	v := h.viewsIn(dir)
	h.catchUp(v)
	c, err := sqlite3.Open(filepath.Join(dir, "views.db"))
	if err == nil {
		err = errors.Join(c.Exec(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO compared_cases (id, decided, unit, stream, norm, officers, party, decision, late, skipped, likeness, outside, amount, reviewed, overturned, changed)
			SELECT printf('act-%%08d', i), 18000 + i * 730 / %d, printf('unit-%%d', i %% 300), 'penalty', printf('procedure-%%d', i %% 20),
				printf('P%%05d', i * 7919 %% 10000) || char(10) || printf('P%%05d', i * 104729 %% 10000), hex(randomblob(32)), printf('%%08x-1111-2222-3333-444455556666', i),
				i %% 13 = 0, i %% 37 = 0, 'NB/1/12/light', i %% 29 = 0, i %% 100000, i %% 50 = 0, i %% 200 = 0, i FROM n`, n-1, n)), c.Close())
	}
	if err != nil {
		b.Fatal(err)
	}
	r := v.As(projections.Principal{Role: domain.RoleSystem})
	b.ResetTimer()
	for b.Loop() {
		met := 0
		if err := r.Compared(context.Background(), 0, 1<<20, func(*screening.Case) error { met++; return nil }); err != nil || met != n {
			b.Fatal(met, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
