// Package evaluate measures how good early warning is: on agencies made up
// with trouble in them, and on what became of officers of Chicago. It compares
// with what is done without statistics, at as many flags.
package evaluate

import (
	"math/rand/v2"
	"slices"

	"github.com/probity-ledger/probity/cmd/bench/planted"
	"github.com/probity-ledger/probity/projections/outlier"
)

// rankings are ways to say whom to look at first: the engine, and what it is
// compared with. The higher, the sooner.
var rankings = []struct {
	name string
	rank func(s *seen, end int) []float64
}{
	{"engine", func(s *seen, end int) []float64 {
		tails := s.tails(end)
		out := make([]float64, len(s.officers))
		for i := range out {
			own := make([]float64, len(tails))
			for m := range tails {
				own[m] = tails[m][i]
			}
			out[i] = -outlier.Smallest(own...)
		}
		return out
	}},
	{"raw count of complaints", func(s *seen, end int) []float64 {
		return s.count(end, func(o *planted.Officer, month int) int { return o.Complaints[month] })
	}},
	{"raw count of all marks", func(s *seen, end int) []float64 {
		return s.count(end, func(o *planted.Officer, month int) int { return o.Complaints[month] + marks(o.Acts[month]) })
	}},
	{"3 complaints or more in 12 months", func(s *seen, end int) []float64 {
		out := s.count(end, func(o *planted.Officer, month int) int { return o.Complaints[month] })
		for i, n := range out {
			if out[i] = 0; n >= 3 {
				out[i] = 1
			}
		}
		return out
	}},
	{"random", func(s *seen, _ int) []float64 { return make([]float64, len(s.officers)) }},
}

func marks(acts []planted.Act) int {
	n := 0
	for _, a := range acts {
		for _, came := range a.Came {
			if came {
				n++
			}
		}
	}
	return n
}

func (s *seen) count(end int, of func(*planted.Officer, int) int) []float64 {
	out := make([]float64, len(s.officers))
	for i := range s.officers {
		for month := max(0, end-window); month < end; month++ {
			out[i] += float64(of(&s.officers[i], month))
		}
	}
	return out
}

// precision returns, for each ranking, what part of the first k officers are
// in trouble, where k is how many are: it is the recall as well.
func precision(s *seen, seed uint64) []float64 {
	k := 0
	for _, o := range s.officers {
		if o.Trouble != planted.None {
			k++
		}
	}
	var out []float64
	for _, ranking := range rankings {
		hit := 0
		for _, i := range byLot(ranking.rank(s, s.months()), seed)(all(len(s.officers)))[:k] {
			if s.officers[i].Trouble != planted.None {
				hit++
			}
		}
		out = append(out, float64(hit)/float64(k))
	}
	return out
}

// What the monthly runs report at.
const (
	// stated is the expected part of false ones among what a run reports: where
	// nothing is wrong, the part of runs that report anybody.
	stated = 0.05
	// discovery is the limit it is kept with. Peers are never quite spread as the
	// model says, which shows far out; the evaluation tells what the limit at what
	// is stated would bring.
	discovery = stated / 4
	// alarmRate is how many false alarms of change an officer may bring in a
	// month, over all measures together.
	alarmRate = 0.005
	// learned is how many months tell what is usual for an officer.
	learned = 12
)

// NewWatcher looks for shares whose odds double.
func NewWatcher() *outlier.Watcher {
	return outlier.NewWatcher(outlier.Watch{Learn: learned, Times: 2, Rate: alarmRate / float64(planted.Measures), Seed: 1})
}

// flags plays the monthly runs, and returns for each officer in which months
// they were reported: by comparison with peers where that is new, by a change
// of their own each time. Limit is that of the comparisons; runs is in how many
// of them anybody was reported.
func (s *seen) flags(w *outlier.Watcher, limit float64) (compared, changed [][]int, runs int, err error) {
	compared, changed = make([][]int, len(s.officers)), make([][]int, len(s.officers))
	before := make([]bool, len(s.officers))
	for end := window; end <= s.months(); end++ {
		tails := s.tails(end)
		var flat []float64
		for _, measure := range tails {
			flat = append(flat, measure...)
		}
		now := make([]bool, len(s.officers))
		for at, q := range outlier.Adjust(flat) {
			if q <= limit {
				now[at%len(s.officers)] = true
			}
		}
		if slices.Contains(now, true) {
			runs++
		}
		for i := range now {
			if now[i] && !before[i] {
				compared[i] = append(compared[i], end-1)
			}
		}
		before = now
	}
	for _, measure := range s.shares {
		alarms, err := w.Alarms(measure)
		if err != nil {
			return nil, nil, 0, err
		}
		for i, months := range alarms {
			changed[i] = append(changed[i], months...)
		}
	}
	return compared, changed, runs, nil
}

func (s *seen) months() int { return len(s.officers[0].Acts) }

// Found is what became of one kind of trouble.
type Found struct {
	Kind planted.Kind
	// Part of the officers who were reported after it began, and after how many
	// months, half of those who were.
	Part, Delay Estimate
}

// Study is what was found over many agencies.
type Study struct {
	Seeds int
	// Precision of each ranking at as many flags as there are troubles.
	Precision []Precision
	// OverRaw and OverThreshold are the engine's over that of the raw count of
	// complaints, and of three or more in twelve months.
	OverRaw, OverMarks, OverThreshold Estimate
	Found                             []Found
	// Compared and Changed are false alarms per 100 months of officers with whom
	// nothing is wrong yet: by comparison, and by change.
	Compared, Changed Estimate
	// Runs is what part of the monthly runs reported anybody by comparison; on
	// agencies without trouble each of these is false.
	Runs Estimate
}

// Precision is that of one ranking.
type Precision struct {
	Ranking string
	At      Estimate
}

// Planted studies agencies made up from as many seeds. Limit is that of the
// monthly comparisons.
func Planted(c planted.Config, seeds int, w *outlier.Watcher, limit float64) (Study, error) {
	out := Study{Seeds: seeds}
	at := make([][]float64, len(rankings)) // by ranking and seed
	for i := range at {
		at[i] = make([]float64, seeds)
	}
	compared, changed, officerMonths, runs := make([]float64, seeds), make([]float64, seeds), make([]float64, seeds), make([]float64, seeds)
	delays := map[planted.Kind][]float64{} // -1 for who was not reported
	for seed := range seeds {
		s := look(planted.New(c, uint64(seed)+1))
		if c.Each > 0 {
			for i, p := range precision(s, uint64(seed)) {
				at[i][seed] = p
			}
		}
		byPeers, byChange, reporting, err := s.flags(w, limit)
		if err != nil {
			return out, err
		}
		for i, o := range s.officers {
			officerMonths[seed] += float64(min(o.Onset, s.months()) - window + 1)
			compared[seed] += float64(before(byPeers[i], o.Onset))
			changed[seed] += float64(before(byChange[i], o.Onset))
			if o.Trouble != planted.None {
				delays[o.Trouble] = append(delays[o.Trouble], delay(append(byPeers[i], byChange[i]...), o.Onset))
			}
		}
		runs[seed] = float64(reporting) / float64(s.months()-window+1)
	}
	overall := func(x []float64) Estimate {
		return estimate(seeds, 1, func(cases []int) float64 { return mean(x, cases) })
	}
	hundred := func(x []float64) Estimate {
		return estimate(seeds, 1, func(cases []int) float64 { return 100 * mean(x, cases) / mean(officerMonths, cases) })
	}
	out.Compared, out.Changed, out.Runs = hundred(compared), hundred(changed), overall(runs)
	if c.Each == 0 {
		return out, nil
	}
	for i, ranking := range rankings {
		out.Precision = append(out.Precision, Precision{ranking.name, overall(at[i])})
	}
	out.OverRaw, out.OverMarks, out.OverThreshold = estimate(seeds, 1, ratio(at[0], at[1])), estimate(seeds, 1, ratio(at[0], at[2])), estimate(seeds, 1, ratio(at[0], at[3]))
	for _, kind := range planted.Kinds() {
		d := delays[kind]
		out.Found = append(out.Found, Found{kind,
			estimate(len(d), 1, func(cases []int) float64 { return float64(len(found(d, cases))) / float64(len(cases)) }),
			estimate(len(d), 1, func(cases []int) float64 { return half(found(d, cases)) })})
	}
	return out, nil
}

// before counts the months before another.
func before(months []int, onset int) int {
	n := 0
	for _, m := range months {
		if m < onset {
			n++
		}
	}
	return n
}

// delay is how many months after the onset, itself included, somebody was first
// reported; -1 where they were not.
func delay(months []int, onset int) float64 {
	first := -1.0
	for _, m := range months {
		if d := float64(m - onset + 1); m >= onset && (first < 0 || d < first) {
			first = d
		}
	}
	return first
}

func found(delays []float64, cases []int) []float64 {
	var out []float64
	for _, i := range cases {
		if delays[i] >= 0 {
			out = append(out, delays[i])
		}
	}
	return out
}

// half is the median.
func half(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// Power is how often a share that doubles is noticed within some cases, and how
// often charts alarm of shares that do not change.
type Power struct {
	Cases                   int
	Seen, Delay, FalseAlarm Estimate // part; months; per 100 officer-months
}

// Doubling watches officers with twenty cases a month, of which a tenth count
// until, from one month on, a fifth do.
func Doubling(officers int, w *outlier.Watcher) (Power, error) {
	const cases, months, from = 20, 36, 18
	r := rand.New(rand.NewPCG(5, 6))
	s := outlier.Shares{}
	for i := range 2 * officers { // the first half changes
		periods := make([]outlier.Count, months)
		for m := range periods {
			share := 0.1
			if i < officers && m >= from {
				share = 0.2
			}
			periods[m].Of = cases
			for range cases {
				if r.Float64() < share {
					periods[m].Hits++
				}
			}
		}
		s.Groups = append(s.Groups, i%10)
		s.Periods = append(s.Periods, periods)
	}
	alarms, err := w.Alarms(s)
	if err != nil {
		return Power{}, err
	}
	delays, noise := make([]float64, officers), make([]float64, officers)
	for i := range officers {
		delays[i] = delay(alarms[i], from)
		if delays[i] > 240/cases {
			delays[i] = -1
		}
		noise[i] = float64(len(alarms[officers+i]))
	}
	return Power{
		Cases:      240,
		Seen:       estimate(officers, 1, func(c []int) float64 { return float64(len(found(delays, c))) / float64(len(c)) }),
		Delay:      estimate(officers, 1, func(c []int) float64 { return half(found(delays, c)) }),
		FalseAlarm: estimate(officers, 1, func(c []int) float64 { return 100 * mean(noise, c) / float64(months-learned) }),
	}, nil
}
