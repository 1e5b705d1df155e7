package house

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/screening"
)

// BenchmarkLiveWarning measures how long it takes from the wish to record the
// event that makes a rule find something until its warning is recorded, while
// 500 events a second are recorded in a house as it is served, at rest and while
// acts are compared all the time, as they are once a day. One iteration is one
// warning; run it with -benchtime 300x.
func BenchmarkLiveWarning(b *testing.B) {
	b.Run("otherwise at rest", func(b *testing.B) { liveWarning(b, func(ctx context.Context) { <-ctx.Done() }) })
	b.Run("while acts are compared", func(b *testing.B) { liveWarning(b, compareOn) })
}

// compareOn compares a hundred thousand made-up acts again and again, until ctx
// ends.
func compareOn(ctx context.Context) {
	rules := domain.CN2024().Warning.Screening
	end := screening.MonthOf(20_000)
	watcher := screening.NewWatcher(rules)
	for ctx.Err() == nil {
		first := screening.Since(rules, end)
		screen := screening.New(rules, first, end, func(u domain.UnitID) domain.UnitID { return u })
		for i := range 100_000 {
			m := first + screening.Month(i%int(end-first+1))
			officer := domain.OfficerID(fmt.Sprint("P", i%2000))
			screen.Add(screening.Case{Stream: enforcement.KindPenalty, Procedure: "C", Unit: domain.UnitID(fmt.Sprint("U", i%10)), Officers: []domain.OfficerID{officer},
				Decided: m.First(), Skipped: i%11 == 0})
		}
		if _, err := screen.Findings(watcher, end); err != nil {
			panic(err)
		}
	}
}

func liveWarning(b *testing.B, beside func(context.Context)) {
	const rate = 500
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h, err := Open(Config{Dir: b.TempDir(), Write: true, PlainKey: true})
	if err == nil {
		err = h.OpenViews(ctx, nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	defer func() { cancel(); running.Wait(); h.Close() }()
	give := func(role domain.Role, subject string, c domain.Command) {
		if _, err := h.Recorder.Record(ctx, domain.Instruction{ID: "i", Command: c, Act: domain.Act{Subject: subject, Actor: "A1", Role: role}}); err != nil && ctx.Err() == nil {
			b.Error(err)
		}
	}
	give(domain.RoleHR, "U", unit.Establish{UnitKind: unit.KindAgency, UnitName: "U"})
	held := func(u string, n int) {
		give(domain.RoleHR, fmt.Sprint("V-", u, "-", n), activity.HoldUnscheduled{ActivityKind: activity.KindWarningEducation, Format: activity.FormatFilm,
			Unit: domain.UnitID(u), Topic: "t", Reason: "r", Hours: 1, Expected: 1})
	}
	units := make([]string, b.N)
	for i := range units {
		units[i] = fmt.Sprint("U", i)
		give(domain.RoleHR, units[i], unit.Establish{UnitKind: unit.KindDepartment, UnitName: units[i], Parent: "U"})
		held(units[i], 1)
		held(units[i], 2)
	}
	if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
		b.Fatal(err)
	}
	running.Go(func() { h.Views.Run(ctx, h.Store) })
	running.Go(func() { h.Notary.Run(ctx) })
	w, err := h.Views.Watch(projections.Interest{Hits: true})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	raised := make(chan time.Time, 1)
	s := h.Scheduler()
	s.record = func(ctx context.Context, i domain.Instruction) (ledger.Receipt, error) {
		r, err := h.Recorder.Record(ctx, i)
		if err == nil && !r.Repeated {
			raised <- time.Now()
		}
		return r, err
	}
	book := *domain.CN2024()
	book.Warning.AtOnce = 0
	s.books = fixedBooks{h.Books, domain.ShelfOf(&book)}
	running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-w.Woken():
			}
			w.Take()
			if _, err := s.Raise(ctx, time.Now()); err != nil && ctx.Err() == nil {
				b.Error(err)
			}
		}
	})
	running.Go(func() { beside(ctx) })
	for lane := range 4 {
		running.Go(func() {
			tick := time.NewTicker(time.Second * 4 / rate)
			defer tick.Stop()
			for i := 0; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				give(domain.RoleIntake, fmt.Sprintf("K%d-%d", lane, i), complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "slow", Unit: "U"})
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	var took []time.Duration
	head, _ := h.Store.Head(ctx)
	begun := time.Now()
	b.ResetTimer()
	for _, u := range units {
		start := time.Now()
		held(u, 3)
		took = append(took, (<-raised).Sub(start))
		time.Sleep(5 * time.Millisecond)
	}
	b.StopTimer()
	end, _ := h.Store.Head(ctx)
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(end-head)/time.Since(begun).Seconds(), "events/s")
}

// fixedBooks are the books of a house on another shelf.
type fixedBooks struct {
	projections.Books
	shelf *domain.Shelf
}

func (f fixedBooks) Shelf() *domain.Shelf { return f.shelf }
