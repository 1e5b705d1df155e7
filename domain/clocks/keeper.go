package clocks

import (
	"iter"
	"maps"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// Around answers what a matter must know of others.
type Around interface {
	// UnitOf returns the unit in which an officer serves, "" when unknown.
	UnitOf(domain.OfficerID) domain.UnitID
	// RotationYears returns the longest stay set for a post, 0 when none is.
	RotationYears(domain.PostID) int
}

// Keeper folds events into clocks.
//
// A clock runs under the rulebook in force on the day it started: that one
// gives its length, unless its event named the last day, and its calendar. It
// runs so to its end, whatever rulebook comes after.
type Keeper struct {
	shelf *domain.Shelf
	// books and counts, which number the days of their calendars, are by
	// edition.
	books  map[string]*domain.Rulebook
	counts map[string]*Counter

	rules map[string]*Rule
	byOf  map[domain.Kind][]*Rule
	cares map[domain.Kind]bool
}

// NewKeeper makes the keeper of all Rules under one rulebook that is in force
// on every day.
func NewKeeper(book *domain.Rulebook) *Keeper { return newKeeper(domain.ShelfOf(book), Rules()) }

// NewKeeperOf makes the keeper of all Rules under the rulebooks of a shelf.
func NewKeeperOf(shelf *domain.Shelf) *Keeper { return newKeeper(shelf, Rules()) }

func newKeeper(shelf *domain.Shelf, rules []*Rule) *Keeper {
	k := &Keeper{shelf: shelf, books: map[string]*domain.Rulebook{}, counts: map[string]*Counter{},
		rules: map[string]*Rule{}, byOf: map[domain.Kind][]*Rule{}, cares: maps.Clone(telling)}
	for _, b := range shelf.Books() {
		if edition := b.Edition(); k.books[edition] == nil {
			k.books[edition], k.counts[edition] = b, NewCounter(b.Calendar)
		}
	}
	for _, r := range rules {
		k.rules[r.Name] = r
		for kind := range r.kinds() {
			k.byOf[kind] = append(k.byOf[kind], r)
			k.cares[kind] = true
		}
	}
	return k
}

// kinds are those of the events that move the rule's clock.
func (r *Rule) kinds() map[domain.Kind]bool {
	out := map[domain.Kind]bool{}
	for _, t := range r.starts {
		out[t.kind] = true
	}
	for _, t := range r.stops {
		out[t.kind] = true
	}
	for _, t := range r.changes {
		out[t.kind] = true
	}
	for _, t := range slices.Concat(r.tolls, r.resumes) {
		out[t.kind] = true
	}
	return out
}

// Rule returns the rule of that name; nil when there is none.
func (k *Keeper) Rule(name string) *Rule { return k.rules[name] }

// Shelf returns the rulebooks that clocks run under.
func (k *Keeper) Shelf() *domain.Shelf { return k.shelf }

// BookOf returns the rulebook that the clock runs under.
func (k *Keeper) BookOf(c *Clock) *domain.Rulebook {
	if b := k.books[c.Rulebook]; b != nil {
		return b
	}
	return k.shelf.On(c.Started)
}

// CountOf numbers the days of the calendar that the clock runs by.
func (k *Keeper) CountOf(c *Clock) *Counter { return k.counts[k.BookOf(c).Edition()] }

// Counts yields how the days of each rulebook's calendar are numbered, by the
// edition that the clocks under it name.
func (k *Keeper) Counts() iter.Seq2[string, *Counter] { return maps.All(k.counts) }

// Cares tells whether events of the kind move any clock, or tell what a clock
// must know. All others may be passed over.
func (k *Keeper) Cares(kind domain.Kind) bool { return k.cares[kind] }

// Apply folds one event of the matter's aggregate, and returns the clocks
// that it started, changed or stopped. The matter keeps those that are open.
func (k *Keeper) Apply(m *Matter, r domain.Recorded, around Around) []Clock {
	if !k.Cares(r.Event.Kind()) {
		return nil
	}
	m.Ref = domain.Ref{Type: r.Event.Kind().Room(), ID: r.Act.Subject}
	m.learn(r.Event)
	book := k.shelf.At(r.Act.OccurredAt)
	x := scene{day: book.Calendar.Day(r.Act.OccurredAt), matter: m, book: book, around: around}
	if x.recorded = x.day; r.Act.RecordedAt.After(r.Act.OccurredAt) {
		x.recorded = k.shelf.Day(r.Act.RecordedAt)
	}
	touched := map[int]bool{}
	if !r.Act.Imported() {
		for _, rule := range k.byOf[r.Event.Kind()] {
			k.move(rule, r, x, touched)
		}
	}
	k.follow(m, touched)
	var out, open []Clock
	for i := range m.Clocks {
		if touched[i] {
			out = append(out, m.Clocks[i])
		}
		if m.Clocks[i].Open() {
			open = append(open, m.Clocks[i])
		}
	}
	m.Clocks = open
	return out
}

// move lets the event stop, change, toll, resume and start clocks of the
// rule, in this order: what restarts a clock stops the one that ran.
func (k *Keeper) move(rule *Rule, r domain.Recorded, x scene, touched map[int]bool) {
	kind := r.Event.Kind()
	for _, t := range rule.stops {
		if t.kind != kind {
			continue
		}
		s := t.does(r.Event, x)
		if s.on.IsZero() {
			s.on = x.day
		}
		for i, c := range x.matter.running(rule, s.key) {
			if !s.none {
				k.resume(rule, c, s.on)
				c.Stopped, c.Stop, c.Late = s.on, r.ID, rule.late(c.Due, s.on)
				touched[i] = true
			}
		}
	}
	for _, t := range rule.changes {
		if t.kind != kind {
			continue
		}
		ch := t.does(r.Event, x)
		for i, c := range x.matter.running(rule, ch.key) {
			k.change(rule, c, ch)
			touched[i] = true
		}
	}
	k.toll(rule, r.Event, x, touched)
	for _, t := range rule.starts {
		if t.kind != kind {
			continue
		}
		for _, o := range t.does(r.Event, x) {
			if c, ok := k.start(rule, o, r, x); ok {
				touched[len(x.matter.Clocks)] = true
				x.matter.Clocks = append(x.matter.Clocks, c)
			}
		}
	}
}

// late is by how many days a clock is stopped too late. A right that was used
// or not is never late, and what ends by itself ends on the day after.
func (r *Rule) late(due, stopped domain.Date) int {
	switch {
	case r.Breach == Lapses:
		return 0
	case r.Role == domain.RoleSystem:
		due = due.AddDays(1)
	}
	return stopped.DaysPast(due)
}

// start makes the clock of an opening, unless the rulebook has no such term
// or the clock runs already.
func (k *Keeper) start(rule *Rule, o Opening, r domain.Recorded, x scene) (Clock, bool) {
	for range x.matter.running(rule, o.Key) {
		return Clock{}, false
	}
	book := x.book
	if o.On.IsZero() {
		o.On = x.day
	} else {
		book = book.On(o.On)
	}
	if o.Term.IsZero() && rule.Term != nil {
		o.Term = rule.Term(book)
	}
	if o.Due.IsZero() {
		if o.Term.IsZero() {
			return Clock{}, false
		}
		o.Due = o.Term.After(o.On, book.Calendar)
	}
	m := x.matter
	c := Clock{
		Name: rule.Name, Subject: m.Ref, Key: o.Key, Role: rule.Role, Who: o.Who, Unit: o.Unit, Post: o.Post, Officer: o.Officer,
		Start: r.ID, Started: o.On, Due: o.Due, Workdays: o.Term.Unit == domain.Workdays, Rulebook: book.Edition(),
	}
	if c.Unit == "" {
		c.Unit = m.Unit
	}
	if c.Post == "" {
		c.Post = m.Post
	}
	if c.Officer == "" {
		c.Officer = m.Officer
	}
	if c.Unit == "" && c.Officer != "" {
		c.Unit = x.around.UnitOf(c.Officer)
	}
	k.measure(&c)
	return c, true
}

// measure places the term on the count of days.
func (k *Keeper) measure(c *Clock) {
	count := k.CountOf(c)
	c.From = count.Number(c.Started, c.Workdays)
	c.Length = max(0, count.Number(c.Due, c.Workdays)-c.From)
}

func (k *Keeper) change(rule *Rule, c *Clock, ch change) {
	switch {
	case ch.from.IsZero():
	case rule.Last != nil:
		c.Started = ch.from
		k.respan(rule, c)
	case rule.Term != nil:
		book := k.BookOf(c)
		c.Started, c.Due = ch.from, rule.Term(book).After(ch.from, book.Calendar)
		k.measure(c)
	}
	if !ch.until.IsZero() && ch.until.After(c.Due) {
		c.Due, c.Extended = ch.until, true
		c.Length = max(0, k.CountOf(c).Number(c.Due, c.Workdays)-c.From)
	}
	if ch.who != "" {
		c.Who = ch.who
	}
	if ch.unit != "" {
		c.Unit = ch.unit
	}
	if ch.officer != "" {
		c.Officer = ch.officer
	}
}

// follow brings open clocks up to what the matter knows by now: another
// handler, another unit of the officer.
func (k *Keeper) follow(m *Matter, touched map[int]bool) {
	for i := range m.Clocks {
		c := &m.Clocks[i]
		if !c.Open() {
			continue
		}
		if rule := k.rules[c.Name]; rule != nil && rule.Who != nil {
			if who := rule.Who(m); who != c.Who {
				c.Who, touched[i] = who, true
			}
		}
		if m.Ref.Type == officer.Room.Name && (c.Unit != m.Unit || c.Post != m.Post) {
			c.Unit, c.Post, touched[i] = m.Unit, m.Post, true
		}
	}
}
