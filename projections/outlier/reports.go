package outlier

import (
	"cmp"
	"math"
	"slices"
)

// Report is one complaint as it was known on a day.
type Report struct {
	// Age is how many days ago it was made.
	Age int
	// Category is the agency's word for the matter.
	Category string
	// Concluded tells whether its result was known on that day, Upheld whether
	// it was found right.
	Concluded, Upheld bool
}

// Queue orders who is complained about for review. It is an order and nothing
// more: rare counts hardly separate one person from another.
//
// A report weighs what part of the reports of its category were upheld, as far
// as that was known, shrunken towards that of all; one that was itself upheld
// weighs Upheld more. Its weight fades with its age.
type Queue struct {
	// Fade is the age, in days, at which a weight has fallen to 1/e.
	Fade float64
	// Upheld is what is added for a report that was found right.
	Upheld float64

	all        Share
	categories map[string]Count
}

// Weights that did best of a few on officers of Chicago at the beginnings of
// 1999, 2002 and 2005; what they are worth is measured on later years.
const (
	DefaultFade   = 4 * 365.25
	DefaultUpheld = 0.5
)

// NewQueue learns what became of reports, category by category. Those that are
// not concluded say nothing of it.
func NewQueue(known []Report) *Queue {
	q := &Queue{Fade: DefaultFade, Upheld: DefaultUpheld, categories: map[string]Count{}}
	for _, r := range known {
		if !r.Concluded {
			continue
		}
		c := q.categories[r.Category]
		c.Of++
		if r.Upheld {
			c.Hits++
		}
		q.categories[r.Category] = c
	}
	members := make([]Count, 0, len(q.categories))
	for _, c := range q.categories {
		members = append(members, c)
	}
	slices.SortFunc(members, func(a, b Count) int { return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Hits, b.Hits)) }) // sums come out alike
	q.all = FitShares([][]Count{members})[0]
	return q
}

// Weight returns what one report weighs.
func (q *Queue) Weight(r Report) float64 {
	w := 1.0 // where nothing was ever concluded, reports are counted
	if q.all.Peers > 0 {
		w, _ = q.all.Posterior(q.categories[r.Category])
	}
	if r.Concluded && r.Upheld {
		w += q.Upheld
	}
	return w * math.Exp(-float64(r.Age)/q.Fade)
}

// Usual returns what a report of today weighs of which nothing is known but that
// it was made: the measure to tell other weights by.
func (q *Queue) Usual() float64 {
	if q.all.Peers == 0 {
		return 1
	}
	return q.all.Mean
}

// Rank returns what the reports about one person weigh together.
func (q *Queue) Rank(reports []Report) float64 {
	sum := 0.0
	for _, r := range reports {
		sum += q.Weight(r)
	}
	return sum
}
