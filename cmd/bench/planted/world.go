// Package planted makes agencies up in which some officers do wrong, to see
// what early warning finds of it: how good it is, not that it works. What is
// wrong, and with whom, is told apart from what is seen, and nothing that looks
// for it may import this package.
//
// Officers differ without anything being wrong: in how much they do (by a
// factor of three and more), in what their units are used to, in how hard their
// stream of work is, and by themselves. Trouble comes on top of that.
package planted

import (
	"math"
	"math/rand/v2"
)

// Kind is a kind of trouble.
type Kind string

// The kinds. None is an officer with whom nothing is wrong.
const (
	None      Kind = ""
	Drift     Kind = "slow drift"      // decisions come later and later
	Sudden    Kind = "sudden change"   // far more decisions outside their tier, from one month on
	Collusion Kind = "collusion"       // two who keep handling one party's matters, leniently
	Bias      Kind = "discretion bias" // amounts on one side of those of like cases
	Skipping  Kind = "skipped steps"   // steps of the procedure left out
)

// Kinds lists the troubles.
func Kinds() []Kind { return []Kind{Drift, Sudden, Collusion, Bias, Skipping} }

// Measure is a share that is seen of every act.
type Measure int

// The measures, with what part of acts they come about in where nothing is
// wrong.
const (
	Skipped Measure = iota
	Late
	Outside
	Overturned
	Measures
)

var usual = [Measures]float64{0.04, 0.10, 0.06, 0.02}

// Act is one act of an officer.
type Act struct {
	Party    int     // whom it is about
	Distance float64 // of its amount from the mean of like cases, in their deviations
	Came     [Measures]bool
	Reviewed bool // by reconsideration or a court; what was overturned was
}

// Officer is what is seen of one, by months, and, apart, what is wrong.
type Officer struct {
	Unit, Stream int
	Acts         [][]Act // by month
	Complaints   []int   // by month
	Trouble      Kind
	Onset        int // the month in which it begins
}

// Config says how large an agency is.
type Config struct {
	Units, Streams, Officers, Months int
	// Each is how many officers have each kind of trouble; 0 for a null run.
	Each int
	// Strength is by how many times trouble raises the odds of what it shows in,
	// and moves amounts in proportion; Complained how many times as often who is
	// in trouble is complained about.
	Strength, Complained float64
}

// Standard is the agency of the evaluation: 200 officers, ten of them in
// trouble, over three years.
func Standard() Config {
	return Config{Units: 8, Streams: 5, Officers: 200, Months: 36, Each: 2, Strength: 3, Complained: 1.5}
}

const (
	firstOnset, lastOnset = 14, 26 // of 36 months
	parties               = 150    // in a unit
	drifting              = 18     // months until a drift is at its full strength
	shift                 = 0.2    // deviations by which bias moves amounts, times the strength
	diverted              = 0.15   // of the acts of two who collude are about their party
	challenged            = 0.08   // of the acts that stand were reviewed
)

// New makes an agency up.
func New(c Config, seed uint64) []Officer {
	r := rand.New(rand.NewPCG(seed, 0x70726f62697479))
	troubles := make([]Kind, c.Officers)
	order := r.Perm(c.Officers)
	unitOf, streamOf := make([]int, c.Officers), make([]int, c.Officers)
	for i := range c.Officers {
		unitOf[i], streamOf[i] = i%c.Units, r.IntN(c.Streams)
	}
	next := 0
	for _, kind := range Kinds() {
		for range c.Each {
			troubles[order[next]] = kind
			next++
		}
	}
	// Two who collude are of one unit and share a party.
	var first = -1
	party := make([]int, c.Officers)
	for _, i := range order[:next] {
		if troubles[i] != Collusion {
			continue
		}
		if first < 0 {
			first, party[i] = i, r.IntN(parties)
			continue
		}
		unitOf[i], streamOf[i], party[i] = unitOf[first], streamOf[first], party[first]
		first = -1
	}
	var byUnit, byStream = make([][Measures]float64, c.Units), make([]float64, c.Streams)
	for i := range byUnit {
		for m := range byUnit[i] {
			byUnit[i][m] = 0.25 * r.NormFloat64()
		}
	}
	for i := range byStream {
		byStream[i] = 0.5 + 1.5*r.Float64()
	}
	officers := make([]Officer, c.Officers)
	for i := range officers {
		o := &officers[i]
		o.Unit, o.Stream, o.Trouble = unitOf[i], streamOf[i], troubles[i]
		o.Onset = c.Months
		if o.Trouble != None {
			o.Onset = min(c.Months-1, firstOnset+r.IntN(lastOnset-firstOnset))
		}
		o.live(c, r, byUnit[o.Unit], byStream[o.Stream], party[i])
	}
	return officers
}

// live makes up what an officer does.
func (o *Officer) live(c Config, r *rand.Rand, unit [Measures]float64, hardness float64, partner int) {
	pace := 18 * math.Exp(0.6*r.NormFloat64())
	var own [Measures]float64
	for m := range own {
		own[m] = 0.3 * r.NormFloat64()
	}
	lean, side := 0.15*r.NormFloat64(), 1.0
	if r.IntN(2) == 0 {
		side = -1
	}
	prone := (r.ExpFloat64() + r.ExpFloat64() + r.ExpFloat64()) / 3 // complaints that are nobody's fault
	for month := range c.Months {
		wrong := month >= o.Onset
		var shares [Measures]float64
		for m := range shares {
			odds := usual[m] / (1 - usual[m]) * math.Exp(own[m]+unit[m])
			switch {
			case !wrong:
			case o.Trouble == Drift && Measure(m) == Late:
				odds *= 1 + (c.Strength-1)*min(1, float64(month-o.Onset+1)/drifting)
			case o.Trouble == Sudden && Measure(m) == Outside, o.Trouble == Skipping && Measure(m) == Skipped:
				odds *= c.Strength
			}
			shares[m] = odds / (1 + odds)
		}
		acts := make([]Act, poisson(r, pace))
		for i := range acts {
			a := &acts[i]
			a.Party, a.Distance = zipf(r), lean+r.NormFloat64()
			for m, share := range shares {
				a.Came[m] = r.Float64() < share
			}
			a.Reviewed = a.Came[Overturned] || r.Float64() < challenged
			if !wrong {
				continue
			}
			if o.Trouble == Bias {
				a.Distance += shift * c.Strength * side
			}
			if o.Trouble == Collusion && r.Float64() < diverted {
				a.Party, a.Distance = partner, a.Distance-1
			}
		}
		o.Acts = append(o.Acts, acts)
		rate := 0.06 * hardness * prone * math.Pow(float64(len(acts))/18, 0.7)
		if wrong {
			rate *= c.Complained
		}
		o.Complaints = append(o.Complaints, poisson(r, rate))
	}
}

func poisson(r *rand.Rand, mean float64) int {
	n := 0
	for at := r.ExpFloat64(); at < mean; at += r.ExpFloat64() {
		n++
	}
	return n
}

// zipf draws a party: few come often, most seldom.
func zipf(r *rand.Rand) int {
	// By inversion of the continuous law 1/x on [1, parties+1).
	return int(math.Pow(parties+1, r.Float64())) - 1
}
