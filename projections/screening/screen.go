package screening

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// Screen holds what is compared of the cases of some months: sums by spell and
// month, by spell, like cases and month, and by officer, party and month, so that
// it grows with these and not with the cases. Make it with New, give it every case
// once, then ask for what stands out. It belongs to one goroutine; it uses others
// to work.
type Screen struct {
	rules       domain.ScreeningRules
	first, last Month
	agency      func(domain.UnitID) domain.UnitID

	words    interned[string]
	agencies []uint32 // by the word of a unit, 1 more than that of its agency; 0: not asked yet
	seed     maphash.Seed
	decided  map[uint64]struct{} // hashes of decisions; two in a million million are alike

	spells  interned[spell]
	tallies [][]tally // by spell, the months in which anything was decided
	groups  interned[group]
	groupOf []uint32 // by spell
	likes   interned[like]
	amounts sums[money] // of a spell, of like cases
	seats   interned[seat]
	meets   sums[nothing] // of a seat with a party

	run *run // what was made of it since the last Add
}

// interned numbers things in the order in which they are met. Nothing that is
// found may depend on that order.
type interned[K comparable] struct {
	number map[K]uint32
	all    []K
}

func (in *interned[K]) of(k K) uint32 {
	if n, ok := in.number[k]; ok {
		return n
	}
	if in.number == nil {
		in.number = map[K]uint32{}
	}
	n := uint32(len(in.all))
	in.number[k], in.all = n, append(in.all, k)
	return n
}

// What is numbered, in words that are numbered. A spell is what is judged: an
// officer in a unit by a procedure. A group holds the spells that are compared.
// A seat is an officer in a stream of a unit or, of nobody, that stream.
type (
	spell struct{ officer, unit, stream, procedure uint32 }
	group struct{ agency, stream, procedure uint32 }
	like  struct{ group, name uint32 }
	seat  struct{ unit, stream, officer uint32 } // officer 1 more than the word, 0 for all
)

// tally is what came about in a month, share by share.
type tally struct {
	month    uint16
	hits, of [sharesNumber]uint16
}

// month returns the tally of a month in which there is room. Where a month has
// more cases than a tally counts it has several.
func month(of *[]tally, at uint16) *tally {
	for i := len(*of) - 1; i >= 0; i-- {
		if t := &(*of)[i]; t.month == at && slices.Max(t.of[:]) < math.MaxUint16 {
			return t
		}
	}
	*of = append(*of, tally{month: at})
	return &(*of)[len(*of)-1]
}

// largest is the amount from which on amounts are not compared, so that sums of
// four million of them, and of their squares, are exact: 2⁴² fen are forty-four
// billion yuan.
const largest = 1 << 42

// New returns an empty screen of the months from one to another; see [Since].
// agency returns the root of the tree in which a unit stands: peers are sought
// there. Where the rules are the zero value nothing is found.
func New(rules domain.ScreeningRules, from, last Month, agency func(domain.UnitID) domain.UnitID) *Screen {
	return &Screen{rules: rules, first: from, last: last, agency: agency, seed: maphash.MakeSeed(), decided: map[uint64]struct{}{}}
}

// Add takes a case as it is known now, and tells whether it counts: it was
// decided in one of the months, by somebody, and no case of the same decision was
// added. Cases may come in any order. A case without the id of its decision is
// not known again.
func (s *Screen) Add(c Case) bool {
	on := MonthOf(c.Decided)
	if c.Decided == 0 || on < s.first || on > s.last || len(c.Officers) == 0 || s.rules == (domain.ScreeningRules{}) {
		return false
	}
	if c.Decision != "" {
		id := maphash.String(s.seed, string(c.Decision))
		if _, ok := s.decided[id]; ok {
			return false
		}
		s.decided[id] = struct{}{}
	}
	s.run = nil
	at := uint32(on - s.first)
	unit, stream := s.word(string(c.Unit)), s.word(string(c.Stream))
	group := group{s.rootOf(unit), stream, s.word(string(c.Procedure))}
	// What is compared with peers alone is needed of no month from which what is
	// usual is learnt.
	compared := on > s.first+Month(s.rules.Learn)
	party := uint32(0)
	if c.Party != "" && compared {
		party = s.word(c.Party)
		s.meets.put(row[nothing]{who: s.seats.of(seat{unit, stream, 0}), what: party, month: at, n: 1})
	}
	for i, o := range c.Officers {
		if slices.Contains(c.Officers[:i], o) {
			continue
		}
		officer := s.word(string(o))
		spell := s.spell(spell{officer, unit, stream, group.procedure}, group)
		tally := month(&s.tallies[spell], uint16(at))
		for j := range shares {
			if hit, of := shares[j].counts(&c); of {
				tally.of[j]++
				if hit {
					tally.hits[j]++
				}
			}
		}
		if compared && c.Like != "" && c.Amount >= 0 && c.Amount < largest {
			n := uint64(c.Amount)
			s.amounts.put(row[money]{who: spell, what: s.likes.of(like{s.groupOf[spell], s.word(c.Like)}), month: at, n: 1, value: money{product(n, n), n}})
		}
		if c.Party != "" && compared {
			s.meets.put(row[nothing]{who: s.seats.of(seat{unit, stream, officer + 1}), what: party, month: at, n: 1})
		}
	}
	return true
}

// word numbers a text, of which it keeps a copy of its own.
func (s *Screen) word(text string) uint32 {
	if n, ok := s.words.number[text]; ok {
		return n
	}
	return s.words.of(strings.Clone(text))
}

// rootOf is the word of a unit's agency; a unit of which none is known is its
// own.
func (s *Screen) rootOf(unit uint32) uint32 {
	for int(unit) >= len(s.agencies) {
		s.agencies = append(s.agencies, 0)
	}
	if s.agencies[unit] == 0 {
		root := s.agency(domain.UnitID(s.words.all[unit]))
		if root == "" {
			root = domain.UnitID(s.words.all[unit])
		}
		s.agencies[unit] = s.word(string(root)) + 1
	}
	return s.agencies[unit] - 1
}

func (s *Screen) spell(k spell, of group) uint32 {
	n := s.spells.of(k)
	if int(n) == len(s.tallies) {
		s.tallies = append(s.tallies, nil)
		s.groupOf = append(s.groupOf, s.groups.of(of))
	}
	return n
}

// stretch is some months, the last included.
type stretch struct{ from, to Month }
