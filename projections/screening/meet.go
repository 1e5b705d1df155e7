package screening

import (
	"sort"

	"github.com/probity-ledger/probity/projections/outlier"
)

// met is on how many acts about a party a seat was.
type met struct {
	seat, party uint32
	n, of       int     // of how many about the party in all
	tail        float64 // allowing for how many parties the seat met
}

// compareMeetings looks for parties whom officers meet out of proportion, among
// the acts of a stream of a unit.
func (r *run) compareMeetings(over stretch) compared {
	out := compared{measure: all[sharesNumber+1]}
	from, to := uint32(over.from-r.first), uint32(over.to-r.first)
	for _, m := range r.meets.rows {
		if m.month < from || m.month > to {
			continue
		}
		if n := len(out.met); n > 0 && out.met[n-1].seat == m.who && out.met[n-1].party == m.what {
			out.met[n-1].n += int(m.n)
		} else {
			out.met = append(out.met, met{seat: m.who, party: m.what, n: int(m.n)})
		}
	}
	type part struct{ first, last, acts int } // of met
	seats := r.Screen.seats.all
	parts, officers := make([]part, len(seats)), make([]int, len(seats))
	for i := 0; i < len(out.met); {
		p := part{first: i}
		at := out.met[i].seat
		for ; i < len(out.met) && out.met[i].seat == at; i++ {
			p.acts += out.met[i].n
		}
		p.last = i
		if parts[at] = p; seats[at].officer > 0 {
			officers[r.whole(at)]++
		}
	}
	for at, p := range parts {
		if p.acts == 0 || seats[at].officer == 0 {
			continue
		}
		whole := r.whole(uint32(at))
		if officers[whole] < 2 {
			out.left[alone]++
			continue
		}
		all := parts[whole]
		others := out.met[all.first:all.last]
		c := comparison{officer: seats[at].officer - 1, at: at, tail: 1, peers: officers[whole] - 1, cases: all.acts, first: p.first, last: p.last}
		for i := p.first; i < p.last; i++ {
			m := &out.met[i]
			j := sort.Search(len(others), func(j int) bool { return others[j].party >= m.party })
			others = others[j:] // both are in the order of parties
			m.of = others[0].n
			m.tail = min(1, outlier.Meetings(m.n, p.acts, m.of, all.acts)*float64(p.last-p.first))
			c.tail = min(c.tail, m.tail)
		}
		out.found = append(out.found, c)
	}
	return out
}

// whole is the seat of nobody in the stream of another seat.
func (r *run) whole(at uint32) uint32 {
	k := r.Screen.seats.all[at]
	k.officer = 0
	return r.Screen.seats.number[k]
}
