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
	r := &run{Screen: s, reports: map[Month]*Report{}}
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
		return cmp.Or(s.byWord(a.agency, b.agency), s.byWord(a.name, b.name))
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

// Findings is the run that ends with a month, on what is known now. It fails
// where the screen does not hold the months it needs, or the watcher is of other
// rules.
func (s *Screen) Findings(w *outlier.Watcher, end Month) (*Report, error) {
	if s.rules == (domain.ScreeningRules{}) {
		return &Report{From: end.First(), To: end.Last()}, nil
	}
	if since := Since(s.rules, end); since < s.first || end > s.last {
		return nil, fmt.Errorf("a run that ends with %s needs the months from %s on, the screen holds %s to %s", end, since, s.first, s.last)
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
	if from := end - Month(s.rules.Window) + 1; from < s.first || end > s.last {
		return nil, fmt.Errorf("an order as of %s needs the months from %s on, the screen holds %s to %s", end, from, s.first, s.last)
	}
	own := map[uint32][]float64{}
	for _, some := range s.rest().compare(end) {
		for _, c := range some.found {
			own[c.officer] = append(own[c.officer], c.tail)
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
	met     []met // of meetings: all, by seat
}

// comparison is what was seen of one spell or, for meetings, of one seat: there
// its tail is that of the party that was met most out of proportion, and cases
// are all acts of the stream of the unit.
type comparison struct {
	officer uint32 // the word
	at      int    // the place of the spell, the number of the seat
	counts  outlier.Count
	tail    float64
	// usual is the share of peers; of amounts, how far one's own mean lies from
	// that of like cases.
	usual        float64
	peers, cases int
	first, last  int // of a seat, its part of met
}

// compare compares with peers.
func (r *run) compare(end Month) []compared {
	over := stretch{end - Month(r.rules.Window) + 1, end}
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
