package screening

import (
	"sort"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/outlier"
)

// met is on how many acts about a party a seat was, of how many.
type met struct {
	party uint32
	n, of int
	tail  float64 // allowing for how many parties the seat met
}

// desk is what a seat met: on so many acts of all of the stream, with parties.
type desk struct {
	rows     []row[nothing]
	met      []met
	own, all int
	tail     float64 // the least of them
}

// compareMeetings looks for parties whom officers meet out of proportion, among
// the acts of a stream of a unit.
func (r *run) compareMeetings(over stretch) compared {
	out := compared{measure: all[sharesNumber+1]}
	seats := r.Screen.seats.all
	whole, officers := make([]uint32, len(seats)), make([]int, len(seats))
	var mine []row[nothing]
	for at, k := range seats {
		k.officer = 0
		whole[at] = r.Screen.seats.number[k]
		if mine = r.meet(mine[:0], uint32(at), over); seats[at].officer > 0 && len(mine) > 0 {
			officers[whole[at]]++
		}
	}
	// Those of one stream of a unit one after another.
	order := ranked(len(seats), func(i, j uint32) int { return int(whole[i]) - int(whole[j]) })
	var parties []row[nothing]
	d, of := desk{}, -1
	for _, at := range order {
		if seats[at].officer == 0 {
			continue
		}
		if of != int(whole[at]) {
			of, parties = int(whole[at]), r.meet(parties[:0], whole[at], over)
		}
		if d.look(r, at, over, parties); d.own == 0 {
			continue
		}
		if officers[of] < 2 {
			out.left[alone]++
			continue
		}
		out.found = append(out.found, comparison{int(at), d.tail})
	}
	out.say = func(x comparison, f Finding) []Finding {
		d.look(r, uint32(x.at), over, r.meet(nil, whole[x.at], over))
		f.PeersOf = officers[whole[x.at]] - 1
		return r.acquainted(f, seats[x.at], d)
	}
	return out
}

// meet adds up what a seat met in some months, by parties in their order.
func (r *run) meet(list []row[nothing], seat uint32, over stretch) []row[nothing] {
	p := r.meetsOf[seat]
	return in(list, r.meets.rows[p.from:p.to], uint32(over.from-r.first), uint32(over.to-r.first))
}

// look takes what a seat met, among the parties of all of the stream.
func (d *desk) look(r *run, seat uint32, over stretch, parties []row[nothing]) {
	*d = desk{rows: r.meet(d.rows[:0], seat, over), met: d.met[:0], tail: 1}
	for i := range parties {
		d.all += int(parties[i].n)
	}
	for _, m := range d.rows {
		j := sort.Search(len(parties), func(j int) bool { return parties[j].what >= m.what })
		parties = parties[j:]
		d.own += int(m.n)
		d.met = append(d.met, met{party: m.what, n: int(m.n), of: int(parties[0].n)})
	}
	for i := range d.met {
		m := &d.met[i]
		m.tail = min(1, outlier.Meetings(m.n, d.own, m.of, d.all)*float64(len(d.met)))
		d.tail = min(d.tail, m.tail)
	}
}

// acquainted makes the findings of a seat, one for each party whose tail lies
// within what the seat was reported by (Benjamini and Bogomolov 2014).
func (r *run) acquainted(f Finding, seat seat, d desk) (out []Finding) {
	f.Officer, f.Unit, f.Stream = domain.OfficerID(r.words.all[seat.officer-1]), domain.UnitID(r.words.all[seat.unit]), enforcement.Kind(r.words.all[seat.stream])
	f.Cases = d.all
	within := max(f.Tail, d.tail)
	for _, m := range d.met {
		if m.tail > within {
			continue
		}
		f.Party, f.Hits, f.Of, f.Tail, f.Score = r.words.all[m.party], m.n, m.of, m.tail, score(m.tail)
		r.say(&f, float64(d.own)*float64(m.of)/float64(d.all))
		out = append(out, f)
	}
	return out
}
