package screening

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/outlier"
)

// run is a screen at rest: what it holds in an order that does not depend on that
// of the cases, and what was made of it.
type run struct {
	*Screen
	spells []uint32 // in order
	group  []int    // by place in spells
	groups int
	// officer numbers the officers of the spells, in order.
	officer  []int
	officers int
	likes    []int // by number, the place in order

	meetsOf   []part // by seat
	amountsOf []part // by number of the spell

	totals  map[stretch][]total // by place
	fitted  [sharesNumber]map[stretch][]outlier.Share
	reports map[Month]*Report
}

// rest puts what the screen holds in order.
func (s *Screen) rest() *run {
	if s.run != nil {
		return s.run
	}
	s.amounts.settle()
	s.meets.settle()
	r := &run{Screen: s, totals: map[stretch][]total{}, reports: map[Month]*Report{}}
	r.meetsOf, r.amountsOf = s.meets.parts(len(s.seats.all)), s.amounts.parts(len(s.spells.all))
	r.spells = ranked(len(s.spells.all), func(i, j uint32) int {
		a, b := s.spells.all[i], s.spells.all[j]
		return cmp.Or(s.byWord(a.officer, b.officer), s.byWord(a.unit, b.unit), s.byWord(a.stream, b.stream), s.byWord(a.procedure, b.procedure))
	})
	groups := places(ranked(len(s.groups.all), func(i, j uint32) int {
		a, b := s.groups.all[i], s.groups.all[j]
		return cmp.Or(s.byWord(a.agency, b.agency), s.byWord(a.stream, b.stream), s.byWord(a.procedure, b.procedure))
	}))
	r.likes = places(ranked(len(s.likes.all), func(i, j uint32) int {
		a, b := s.likes.all[i], s.likes.all[j]
		return cmp.Or(groups[a.group]-groups[b.group], s.byWord(a.name, b.name))
	}))
	r.groups = len(groups)
	r.group, r.officer = make([]int, len(r.spells)), make([]int, len(r.spells))
	for i, n := range r.spells {
		r.group[i] = groups[s.groupOf[n]]
		if i > 0 && s.spells.all[n].officer != s.spells.all[r.spells[i-1]].officer {
			r.officers++
		}
		r.officer[i] = r.officers
	}
	r.officers++
	s.run = r
	return r
}

func (s *Screen) byWord(a, b uint32) int {
	if a == b {
		return 0
	}
	return cmp.Compare(s.words.all[a], s.words.all[b])
}

// ranked returns the numbers below n in order.
func ranked(n int, order func(i, j uint32) int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(i)
	}
	slices.SortFunc(out, order)
	return out
}

// places returns of each number its place.
func places(order []uint32) []int {
	out := make([]int, len(order))
	for place, n := range order {
		out[n] = place
	}
	return out
}

// holds fails where a run that ends with a month needs others than there are.
func (s *Screen) holds(end Month) error {
	if since := Since(s.rules, end); since < s.first || end > s.last {
		return fmt.Errorf("a run that ends with %s needs the months from %s on, the screen holds %s to %s", end, since, s.first, s.last)
	}
	return nil
}

// Findings is the run that ends with a month, on what is known now. It fails
// where the screen does not hold the months it needs, or the watcher is of other
// rules.
func (s *Screen) Findings(w *outlier.Watcher, end Month) (*Report, error) {
	if s.rules == (domain.ScreeningRules{}) {
		return &Report{From: end.First(), To: end.Last()}, nil
	}
	if err := s.holds(end); err != nil {
		return nil, err
	}
	if w == nil || w.Watch != watch(s.rules) {
		return nil, fmt.Errorf("the watcher was made by other rules than the screen")
	}
	r := s.rest()
	if found := r.reports[end]; found != nil {
		return found, nil
	}
	found, err := r.find(w, end)
	if err != nil {
		return nil, err
	}
	r.reports[end] = found
	return found, nil
}

// Stands tells whether a run that ends with the same month would find it on
// what is known now, and returns what is found; of a change, whether it is still
// seen there, though it may have been noticed earlier. A finding whose ground
// was taken away by what was recorded later does not stand.
func (s *Screen) Stands(w *outlier.Watcher, k Key) (Finding, bool, error) {
	report, err := s.Findings(w, k.End)
	if err != nil {
		return Finding{}, false, err
	}
	for _, some := range [][]Finding{report.Findings, report.ongoing} {
		for _, f := range some {
			if f.Key() == k {
				return f, true, nil
			}
		}
	}
	return Finding{}, false, nil
}

// Place is an officer's in an order for review.
type Place struct {
	Officer domain.OfficerID
	// Tail is the smallest of theirs, over all that is compared with peers,
	// allowing for how many these are.
	Tail float64
}

// Order puts the officers who decided anything in the months up to one in an
// order for review: first whose count among peers comes about most seldom. Who
// is first need not stand out at all; that is for Findings to say.
func (s *Screen) Order(end Month) ([]Place, error) {
	if s.rules == (domain.ScreeningRules{}) {
		return nil, nil
	}
	if err := s.holds(end); err != nil {
		return nil, err
	}
	own, r := map[uint32][]float64{}, s.rest()
	for _, some := range r.compare(end) {
		for _, c := range some.found {
			officer := r.officerOf(some.measure, c.at)
			own[officer] = append(own[officer], c.tail)
		}
	}
	out := make([]Place, 0, len(own))
	for officer, tails := range own {
		out = append(out, Place{domain.OfficerID(s.words.all[officer]), outlier.Smallest(tails...)})
	}
	slices.SortFunc(out, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Tail, b.Tail), cmp.Compare(a.Officer, b.Officer))
	})
	return out, nil
}

// compared is what one measure compared, one comparison for each spell or seat.
type compared struct {
	measure *Measure
	found   []comparison
	left    [reasons]int
	// say makes the findings of a comparison that is reported.
	say func(comparison, Finding) []Finding
}

// comparison is what was seen of one spell or, for meetings, of one seat: there
// its tail is that of the party that was met most out of proportion.
type comparison struct {
	at   int // the place of the spell, the number of the seat
	tail float64
}

// compare compares with peers.
func (r *run) compare(end Month) []compared {
	over := r.over(end)
	r.sum(over)
	out := make([]compared, sharesNumber+2)
	var work []func()
	for share := range sharesNumber {
		work = append(work, func() { out[share] = r.compareShares(share, over) })
	}
	work = append(work,
		func() { out[sharesNumber] = r.compareAmounts(over) },
		func() { out[sharesNumber+1] = r.compareMeetings(over) })
	together(work)
	return out
}

// over are the months over which peers are compared, and in which changes are
// looked for; learnt those before, which tell what was usual.
func (r *run) over(end Month) stretch { return stretch{end - Month(r.rules.Window) + 1, end} }

func (r *run) learnt(end Month) stretch {
	over := r.over(end)
	return stretch{over.from - Month(r.rules.Learn), over.from - 1}
}

// sum adds up the months of a stretch, which may be asked for by several
// goroutines afterwards.
func (r *run) sum(t stretch) {
	if r.totals[t] != nil {
		return
	}
	out := make([]total, len(r.spells))
	from, to := uint16(t.from-r.first), uint16(t.to-r.first)
	for i, n := range r.spells {
		for _, m := range r.tallies[n] {
			if m.month < from || m.month > to {
				continue
			}
			for share := range sharesNumber {
				out[i].hits[share] += uint32(m.hits[share])
				out[i].of[share] += uint32(m.of[share])
			}
		}
	}
	r.totals[t] = out
}

// total is the sum of some tallies.
type total struct{ hits, of [sharesNumber]uint32 }

// months tells of a share what came about in each month of a stretch.
func (r *run) months(list []outlier.Count, place, share int, t stretch) []outlier.Count {
	list = append(list[:0], make([]outlier.Count, t.to-t.from+1)...)
	for _, m := range r.tallies[r.spells[place]] {
		if at := int(m.month) - int(t.from-r.first); at >= 0 && at < len(list) {
			list[at].Hits += int(m.hits[share])
			list[at].Of += int(m.of[share])
		}
	}
	return list
}

func (r *run) total(place, share int, t stretch) outlier.Count {
	sum := &r.totals[t][place]
	return outlier.Count{Hits: int(sum.hits[share]), Of: int(sum.of[share])}
}

// worked tells whether anything was decided: what is late could be of any case.
func (r *run) worked(place int, t stretch) bool { return r.totals[t][place].of[0] > 0 }

// together does some work on all processors.
func together(work []func()) {
	next := make(chan func(), len(work))
	for _, w := range work {
		next <- w
	}
	close(next)
	var wg sync.WaitGroup
	for range min(len(work), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for w := range next {
				w()
			}
		})
	}
	wg.Wait()
}
