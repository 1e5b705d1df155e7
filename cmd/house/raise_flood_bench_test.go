package house

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
)

// BenchmarkRaiseInAFlood measures what each wake costs while 10,000 hits of one
// rule wait: as many as may be raised were, and that more were found was said.
func BenchmarkRaiseInAFlood(b *testing.B) {
	const flood = 10_000
	ctx := context.Background()
	h, err := Open(Config{Dir: b.TempDir(), Write: true, PlainKey: true})
	if err == nil {
		err = h.OpenViews(ctx, nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	give := func(role domain.Role, subject string, c domain.Command) {
		if _, err := h.Recorder.Record(ctx, domain.Instruction{ID: fmt.Sprint(c), Command: c, Act: domain.Act{Subject: subject, Actor: "A1", Role: role}}); err != nil {
			b.Error(err)
		}
	}
	// As many officers with the worst grade two years in a row.
	grades := domain.CN2024().Service.Grades
	give(domain.RoleHR, "U", unit.Establish{UnitKind: unit.KindAgency, UnitName: "U"})
	var lanes sync.WaitGroup
	for lane := range 16 {
		lanes.Go(func() {
			for i := lane; i < flood; i += 16 {
				id := fmt.Sprintf("P%05d", i)
				give(domain.RoleHR, id, officer.Enroll{FullName: "officer", StaffNumber: id, Unit: "U", On: domain.MustDate("2023-01-09")})
				for _, year := range []int{2024, 2025} {
					give(domain.RoleLeader, id, officer.Appraise{Year: year, Grade: grades[len(grades)-1]})
				}
			}
		})
	}
	lanes.Wait()
	recorded := 0
	s := h.Scheduler()
	record := s.record
	s.record = func(ctx context.Context, i domain.Instruction) (ledger.Receipt, error) {
		r, err := record(ctx, i)
		if err == nil && !r.Repeated {
			recorded++
		}
		return r, err
	}
	now := time.Now()
	for range 2 {
		if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Raise(ctx, now); err != nil {
			b.Fatal(err)
		}
	}
	if want := domain.CN2024().Warning.AtOnce + 1; recorded != want {
		b.Fatalf("%d warnings are recorded, want %d", recorded, want)
	}
	for b.Loop() {
		if _, err := s.Raise(ctx, now); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/wake")
}
