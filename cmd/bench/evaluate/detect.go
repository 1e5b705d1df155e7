package evaluate

import (
	"fmt"
	"strconv"

	"github.com/probity-ledger/probity/cmd/bench/planted"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/outlier"
	"github.com/probity-ledger/probity/projections/screening"
)

// What the detector goes by is what ships: the numbers of the rulebook.
var rules = domain.CN2024().Warning.Screening

// began is the first month of what is made up.
const began screening.Month = 2020 * 12

// seen is an agency as the detector sees it: its acts, without what is wrong.
type seen struct {
	officers []planted.Officer
	screen   *screening.Screen
	numbers  map[domain.OfficerID]int
}

// look shows an agency to the detector that ships, as the ledger would.
func look(officers []planted.Officer, rules domain.ScreeningRules) *seen {
	s := &seen{officers: officers, numbers: map[domain.OfficerID]int{}}
	months := len(officers[0].Acts)
	s.screen = open(rules, months)
	acts := 0
	for i, o := range officers {
		id := domain.OfficerID("O" + strconv.Itoa(i))
		s.numbers[id] = i
		unit, procedure := fmt.Sprintf("U%d", o.Unit), fmt.Sprintf("P%d", o.Stream)
		for month, some := range o.Acts {
			on := (began + screening.Month(month)).First()
			for _, a := range some {
				acts++
				s.screen.Add(screening.Case{
					Unit: domain.UnitID(unit), Stream: streams[o.Stream%len(streams)], Procedure: domain.NormID(procedure), Officers: []domain.OfficerID{id},
					Party: fmt.Sprintf("%s-%d", unit, a.Party), Decided: on, Decision: domain.EventID(strconv.Itoa(acts)),
					Late: a.Came[planted.Late], Skipped: a.Came[planted.Skipped], Outside: a.Came[planted.Outside],
					Like: procedure, Amount: max(0, 1_000_000+int64(100_000*a.Distance)),
					Reviewed: a.Reviewed, Overturned: a.Came[planted.Overturned],
				})
			}
		}
	}
	return s
}

var streams = []enforcement.Kind{enforcement.KindApproval, enforcement.KindLevy, enforcement.KindPenalty, enforcement.KindInspection, enforcement.KindTrade}

// open opens a screen for monthly runs over so many months, of one agency.
func open(rules domain.ScreeningRules, months int) *screening.Screen {
	return screening.New(rules, screening.Since(rules, began), began+screening.Month(months-1), func(domain.UnitID) domain.UnitID { return "A" })
}

// rank puts first whom the detector would look at first at the end of a month.
func (s *seen) rank(end int) ([]float64, error) {
	order, err := s.screen.Order(began + screening.Month(end-1))
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(s.officers))
	for i := range out {
		out[i] = -1
	}
	for _, p := range order {
		out[s.numbers[p.Officer]] = -p.Tail
	}
	return out, nil
}

// complaints puts first whose complaints over their acts come about most seldom
// among those in their stream: the most that statistics make of them.
func (s *seen) complaints(end int) ([]float64, error) {
	streams := 0
	for _, o := range s.officers {
		streams = max(streams, o.Stream+1)
	}
	groups, own := make([][]outlier.Events, streams), make([]outlier.Events, len(s.officers))
	for i, o := range s.officers {
		for month := max(0, end-rules.Window); month < end; month++ {
			own[i].Hits += o.Complaints[month]
			own[i].Time += float64(len(o.Acts[month]))
		}
		groups[o.Stream] = append(groups[o.Stream], own[i])
	}
	fits, out := outlier.FitRates(groups), make([]float64, len(own))
	for i, e := range own {
		out[i] = -fits[s.officers[i].Stream].Tail(e)
	}
	return out, nil
}

// flags plays the monthly runs, and returns for each officer in which months
// they were reported: by comparison with peers where that is new, by a change
// of their own each time. runs is in how many of them anybody was reported by
// comparison.
func (s *seen) flags(w *outlier.Watcher) (compared, changed [][]int, runs int, err error) {
	compared, changed = make([][]int, len(s.officers)), make([][]int, len(s.officers))
	before := make([]bool, len(s.officers))
	for end := rules.Window; end <= s.months(); end++ {
		report, err := s.screen.Findings(w, began+screening.Month(end-1))
		if err != nil {
			return nil, nil, 0, err
		}
		now, anybody := make([]bool, len(s.officers)), false
		for _, f := range report.Findings {
			i := s.numbers[f.Officer]
			if f.OfChange() {
				changed[i] = append(changed[i], end-1)
				continue
			}
			if anybody = true; !now[i] && !before[i] {
				compared[i] = append(compared[i], end-1)
			}
			now[i] = true
		}
		if anybody {
			runs++
		}
		before = now
	}
	return compared, changed, runs, nil
}

func (s *seen) months() int { return len(s.officers[0].Acts) }
