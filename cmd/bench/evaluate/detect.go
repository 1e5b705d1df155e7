package evaluate

import (
	"github.com/probity-ledger/probity/cmd/bench/planted"
	"github.com/probity-ledger/probity/projections/outlier"
)

// window is over how many months peers are compared.
const window = 12

// seen is an agency as the detector sees it: without what is wrong.
type seen struct {
	officers []planted.Officer
	shares   [planted.Measures]outlier.Shares
	peers    []int
}

func look(officers []planted.Officer) *seen {
	s := &seen{officers: officers}
	for _, o := range officers {
		s.peers = append(s.peers, o.Stream)
	}
	for m := range s.shares {
		s.shares[m].Groups = s.peers
		for _, o := range officers {
			periods := make([]outlier.Count, len(o.Acts))
			for month, acts := range o.Acts {
				periods[month].Of = len(acts)
				for _, a := range acts {
					if a.Came[m] {
						periods[month].Hits++
					}
				}
			}
			s.shares[m].Periods = append(s.shares[m].Periods, periods)
		}
	}
	return s
}

// tails compares peers over the months before end: for each measure, of each
// officer, how seldom what was seen of them comes about.
func (s *seen) tails(end int) [][]float64 {
	from := max(0, end-window)
	var out [][]float64
	for m := range s.shares {
		out = append(out, s.shares[m].Tails(from, end))
	}
	return append(out, s.complaints(from, end), s.amounts(from, end), s.meetings(from, end))
}

func (s *seen) complaints(from, end int) []float64 {
	streams := 0
	for _, g := range s.peers {
		streams = max(streams, g+1)
	}
	groups := make([][]outlier.Events, streams)
	own := make([]outlier.Events, len(s.officers))
	for i, o := range s.officers {
		for month := from; month < end; month++ {
			own[i].Hits += o.Complaints[month]
			own[i].Time += float64(len(o.Acts[month]))
		}
		groups[s.peers[i]] = append(groups[s.peers[i]], own[i])
	}
	fits := outlier.FitRates(groups)
	tails := make([]float64, len(own))
	for i, e := range own {
		tails[i] = fits[s.peers[i]].Tail(e)
	}
	return tails
}

func (s *seen) amounts(from, end int) []float64 {
	samples := make([]outlier.Sample, len(s.officers))
	for i, o := range s.officers {
		var distances []float64
		for _, acts := range o.Acts[from:end] {
			for _, a := range acts {
				distances = append(distances, a.Distance)
			}
		}
		samples[i] = outlier.SampleOf(distances)
	}
	spread := outlier.FitMeans(samples)
	tails := make([]float64, len(samples))
	for i, m := range samples {
		tails[i] = spread.Tail(m)
	}
	return tails
}

// meetings looks for the party that each officer met most out of proportion,
// among the acts of the unit, and allows for how many parties there were.
func (s *seen) meetings(from, end int) []float64 {
	type met struct{ unit, party int }
	all, parties := map[int]int{}, map[met]int{}
	own := make([]map[int]int, len(s.officers))
	count := make([]int, len(s.officers))
	for i, o := range s.officers {
		own[i] = map[int]int{}
		for _, acts := range o.Acts[from:end] {
			for _, a := range acts {
				all[o.Unit]++
				parties[met{o.Unit, a.Party}]++
				own[i][a.Party]++
				count[i]++
			}
		}
	}
	tails := make([]float64, len(s.officers))
	for i, o := range s.officers {
		tails[i] = 1
		for party, together := range own[i] {
			tail := outlier.Meetings(together, count[i], parties[met{o.Unit, party}], all[o.Unit])
			tails[i] = min(tails[i], tail*float64(len(own[i])))
		}
	}
	return tails
}
