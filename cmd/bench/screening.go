package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/screening"
)

// The goals of the nightly run of early warning, on two processors.
var (
	nightlyGoal          = below(60)
	nightlyProcessorGoal = below(2 * 60)
	nightlyMemoryGoal    = below(1000)
)

// screening measures the nightly run of the statistics of early warning: cases
// are given to a screen as they would be read, and what stands out is asked for.
// The months before those that are compared, from which what is usual is learnt,
// come on top of the exposures that are told.
func (s *suite) screening(ctx context.Context) error {
	n := nation{officers: pick(s, 50_000, 5_000), acts: pick(s, 1_000_000, 100_000), last: screening.MonthOf(0) + 671} // December 2025
	n.rules = domain.CN2024().Warning.Screening
	exposures, cases := 0, 0
	from := n.last - screening.Month(n.rules.Window) + 1
	for c := range n.all() {
		cases++
		if screening.MonthOf(c.Decided) >= from {
			exposures += exposed(&c)
		}
	}
	name := fmt.Sprintf("nightly run, %s officers, %s exposures, %s cases", figure(float64(n.officers)), figure(float64(exposures)), figure(float64(cases)))
	const iterate = "making the same cases up"
	var took, again, reference, memory, processors []float64
	var found *screening.Report
	for range pick(s, 3, 2) {
		start := time.Now()
		counted := 0
		for c := range n.all() {
			counted += len(c.Officers)
		}
		reference = append(reference, time.Since(start).Seconds())
		runtime.GC()
		peak := watchMemory()
		start = time.Now()
		used := processorTime()
		screen := screening.New(n.rules, screening.Since(n.rules, n.last), n.last, agencyOf)
		for c := range n.all() {
			screen.Add(c)
		}
		added := time.Since(start)
		watcher := screening.NewWatcher(n.rules)
		var err error
		if found, err = screen.Findings(watcher, n.last); err != nil {
			return err
		}
		took = append(took, time.Since(start).Seconds())
		processors = append(processors, (processorTime() - used).Seconds())
		memory = append(memory, peak())
		s.progress("round %d: %.1f s to take %d cases of officers, %.1f s to judge them; %d findings", len(took), added.Seconds(), counted, (time.Since(start) - added).Seconds(), len(found.Findings))
		// The night after, with the limits that are known by then.
		start = time.Now()
		screen = screening.New(n.rules, screening.Since(n.rules, n.last), n.last, agencyOf)
		for c := range n.all() {
			screen.Add(c)
		}
		if _, err := screen.Findings(watcher, n.last); err != nil {
			return err
		}
		again = append(again, time.Since(start).Seconds())
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	s.report.compare(name, "s", took, iterate, reference, nightlyGoal)
	s.report.compare("the same, with the limits of the night before", "s", again, iterate, reference, nightlyGoal)
	if processors[0] > 0 {
		s.report.add("processor time of it, all processors together", "s", processors, nightlyProcessorGoal)
	}
	s.report.add("memory of it", "MB", memory, nightlyMemoryGoal)
	return nil
}

// exposed counts in how many comparisons a case is.
func exposed(c *screening.Case) int {
	n := 1 // meetings
	if c.Like != "" {
		n++ // amounts
	}
	for _, m := range screening.Measures() {
		if m.Counts == nil || m.OfChange() {
			continue
		}
		if _, of := m.Counts(c); of {
			n++
		}
	}
	return n * len(c.Officers)
}

// nation is a made-up one: agencies of two hundred officers in eight units, with
// five streams of three procedures each; acts are by two officers of one unit and
// stream.
type nation struct {
	officers int
	acts     int // in a year
	rules    domain.ScreeningRules
	last     screening.Month
}

const staff = 200 // of an agency

func agencyOf(u domain.UnitID) domain.UnitID {
	for i := range u {
		if u[i] == '.' {
			return u[:i]
		}
	}
	return u
}

// all makes the cases up, the same each time, month by month.
func (n nation) all() iter.Seq[screening.Case] {
	streams := []enforcement.Kind{enforcement.KindApproval, enforcement.KindLevy, enforcement.KindPenalty, enforcement.KindInspection, enforcement.KindTrade}
	return func(yield func(screening.Case) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		habits := make([]float64, n.officers)
		for i := range habits {
			habits[i] = 0.1 * (0.6 + 0.8*r.Float64())
		}
		number := 0
		for m := screening.Since(n.rules, n.last); m <= n.last; m++ {
			first := m.First()
			for range n.acts / 12 {
				number++
				one := r.IntN(n.officers)
				agency, unit := one/staff, one%8
				two := agency*staff + (one+40*(1+r.IntN(staff/40-1)))%staff // beside one
				stream := (one / 8) % 5
				habit := (habits[one] + habits[two]) / 2
				c := screening.Case{
					Unit: domain.UnitID(fmt.Sprintf("A%d.U%d", agency, unit)), Stream: streams[stream], Procedure: domain.NormID("P" + strconv.Itoa(3*stream+r.IntN(3))),
					Officers: []domain.OfficerID{officerID(one), officerID(two)},
					Party:    fmt.Sprintf("%064x", agency*2000+r.IntN(2000)), Decided: first + screening.Day(r.IntN(28)), Decision: domain.EventID(fmt.Sprintf("%08x-0000-5000-8000-%012x", number, one)),
					Late: r.Float64() < habit, Skipped: r.Float64() < habit/3, Like: "benchmark/1/12/t" + strconv.Itoa(r.IntN(4)), Outside: r.Float64() < habit/2,
					Amount: 100_000 + r.Int64N(900_000), Reviewed: r.IntN(12) == 0,
				}
				c.Overturned = c.Reviewed && r.IntN(4) == 0
				if !yield(c) {
					return
				}
			}
		}
	}
}

func officerID(i int) domain.OfficerID { return domain.OfficerID("officer-" + strconv.Itoa(i)) }
