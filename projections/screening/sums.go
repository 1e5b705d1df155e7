package screening

import (
	"cmp"
	"math/bits"
	"slices"
)

// row is how often, and with what, one thing met another in a month.
type row[V value[V]] struct {
	value               V // first, where one of no size takes no room
	who, what, month, n uint32
}

type value[V any] interface{ plus(V) V }

// order is that of the names of rows.
func (r *row[V]) order(o *row[V]) int {
	switch {
	case r.who != o.who:
		return cmp.Compare(r.who, o.who)
	case r.what != o.what:
		return cmp.Compare(r.what, o.what)
	}
	return cmp.Compare(r.month, o.month)
}

func (r *row[V]) add(o *row[V]) { r.n, r.value = r.n+o.n, r.value.plus(o.value) }

// sums adds up rows of the same name as they come. It keeps no more than about
// twice as many as there are names.
type sums[V value[V]] struct {
	rows    []row[V]
	settled int // the first so many are in order and no two have one name
}

func (s *sums[V]) put(r row[V]) {
	if s.rows = append(s.rows, r); len(s.rows) >= 2*s.settled+1024 {
		s.settle()
	}
}

// parts returns where the rows of each of so many lie.
func (s *sums[V]) parts(n int) []part {
	out := make([]part, n)
	for i := range s.rows {
		p := &out[s.rows[i].who]
		if p.to == 0 {
			p.from = i
		}
		p.to = i + 1
	}
	return out
}

type part struct{ from, to int }

// in adds up rows of the months of a stretch to one for each what, at the end of
// a list.
func in[V value[V]](list []row[V], rows []row[V], from, to uint32) []row[V] {
	first := len(list)
	for i := range rows {
		switch r := &rows[i]; {
		case r.month < from || r.month > to:
		case len(list) > first && list[len(list)-1].what == r.what:
			list[len(list)-1].add(r)
		default:
			list = append(list, *r)
		}
	}
	return list
}

// settle puts the rows in order and adds up those of one name.
func (s *sums[V]) settle() {
	if len(s.rows) == s.settled {
		return
	}
	slices.SortFunc(s.rows, func(a, b row[V]) int { return a.order(&b) })
	n := 0
	for i := range s.rows {
		if n > 0 && s.rows[n-1].order(&s.rows[i]) == 0 {
			s.rows[n-1].add(&s.rows[i])
			continue
		}
		s.rows[n] = s.rows[i]
		n++
	}
	s.rows, s.settled = s.rows[:n], n
}

// nothing is the value of what is only counted.
type nothing struct{}

func (nothing) plus(nothing) nothing { return nothing{} }

// money is the sum of amounts and that of their squares.
type money struct {
	squares wide
	sum     uint64
}

func (m money) plus(o money) money { return money{m.squares.plus(o.squares), m.sum + o.sum} }

// wide is a whole number of 128 bits, so that sums of squares of amounts are
// exact and do not depend on their order.
type wide struct{ hi, lo uint64 }

// product is that of two numbers.
func product(a, b uint64) wide {
	hi, lo := bits.Mul64(a, b)
	return wide{hi, lo}
}

func (a wide) plus(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, carry)
	return wide{hi, lo}
}

func (a wide) minus(b wide) wide {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return wide{hi, lo}
}

// times is the product with a number, as far as 128 bits hold it.
func (a wide) times(b uint64) wide {
	w := product(a.lo, b)
	w.hi += a.hi * b
	return w
}

// over is the whole part of what is a non-negative number over another.
func (a wide) over(n uint64) uint64 {
	q, _ := bits.Div64(a.hi%n, a.lo, n)
	return q
}

// float is the number, in two's complement, as nearly as float64 has it.
func (a wide) float() float64 {
	if int64(a.hi) < 0 {
		return -wide{}.minus(a).float()
	}
	return float64(a.hi)*(1<<64) + float64(a.lo)
}
