// Package clocks holds every deadline of the rulebook as data, and folds
// recorded events into running and stopped clocks: what is owed, by whom, to
// which day, how much of the term is used, and by how many days it is late.
//
// A [Rule] is one block: the events that start its clock, stop it, change it
// (an extension, another person) or toll it, who answers, and what a breach
// does. The lengths stand in the domain.Rulebook alone, that of the day on
// which a clock starts; a rule only names the term. Add a deadline by adding a block to the list of its room.
//
// [Fold] turns a history into clocks at once. A projector that keeps clocks
// from event to event holds a [Matter] per aggregate and gives each event to
// [Keeper.Apply].
//
// Everything here is a function of its arguments: the day is handed in, no
// clock of the machine is read. A Keeper is read-only once made; share it
// freely. A Matter belongs to one goroutine. Folds are total: no order of
// events makes them fail. Imported history starts no clock, for nobody owed
// it here; it only tells who is where.
package clocks

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Breach is what follows when the last day of a clock has passed.
type Breach string

// What a breach does.
const (
	// Visible: it is seen and warned of, and late steps are still recorded.
	Visible Breach = "visible"
	// Lapses: a right or a waiting time is over; nobody owes anything and
	// nobody is warned.
	Lapses Breach = "lapses"
	// Commands: the system gives the rule's command.
	Commands Breach = "commands"
)

// Rule is one deadline of the rulebook.
type Rule struct {
	// Name is the room and the deadline, as in "complaint.handle". It is part
	// of recorded warnings: never change it once used.
	Name    string
	Chinese string
	// Owed says in plain words what is to be done until the last day,
	// OwedChinese the same in Chinese.
	Owed, OwedChinese string
	// Term returns the term and its source; nil where every clock has a day
	// of its own, set by its event.
	Term func(*domain.Rulebook) domain.Term
	// Role answers for it, and Who is the person where the matter has one.
	Role domain.Role
	Who  func(*Matter) domain.ActorID
	// Personal: a warning of it is about the officer, not only their unit.
	Personal bool
	// Marks are when it is warned of; DefaultMarks when nil.
	Marks []Mark
	// Quiet: it is never warned of; its breach is all there is.
	Quiet bool

	// Last returns the last day of a term that starts on the day and was
	// tolled for the spans, where tolling does not simply add its days; nil
	// where it does.
	Last func(book *domain.Rulebook, start domain.Date, tolled []domain.Span) domain.Date

	Breach Breach
	// Command is what the system commands at a breach, on the day after the
	// last one.
	Command func(Clock) domain.Command

	starts  []trigger[[]Opening]
	stops   []trigger[stop]
	changes []trigger[change]
	tolls   []trigger[pause]
	resumes []trigger[pause]
}

// Source returns where the term is written, or "" where the day is set from
// case to case.
func (r *Rule) Source(book *domain.Rulebook) string {
	if r.Term == nil {
		return ""
	}
	return r.Term(book).Source
}

// Rules lists every deadline, room by room. Do not change what is listed.
func Rules() []*Rule {
	return slices.Concat(complaintRules, misconductRules, sanctionRules, rewardRules, officerRules, postRules,
		planRules, activityRules, disclosureRules, normRules, enforcementRules, inspectionRules, tracebackRules, warningRules)
}

// Clock is one deadline as it runs, or ran.
type Clock struct {
	// Name is that of its Rule.
	Name    string
	Subject domain.Ref
	// Key tells several clocks of one rule and subject apart: the code of a
	// target, a risk or a gap, the officer who appeals.
	Key string `json:",omitzero"`
	// Who answers for it, as far as a person is known, and in which role.
	Who  domain.ActorID `json:",omitzero"`
	Role domain.Role
	// Unit, Post and Officer are whom the matter concerns.
	Unit    domain.UnitID    `json:",omitzero"`
	Post    domain.PostID    `json:",omitzero"`
	Officer domain.OfficerID `json:",omitzero"`

	// Start is the event that started it, on the day Started; that day is not
	// counted. Due is the last day.
	Start   domain.EventID
	Started domain.Date
	Due     domain.Date
	// Rulebook is the edition of the rulebook it runs under.
	Rulebook string `json:",omitzero"`
	// Workdays: it counts working days instead of calendar days.
	Workdays bool `json:",omitzero"`
	Extended bool `json:",omitzero"`
	// Tolled counts the days it did not run; TolledSince is the first day of
	// the present pause, if it does not run now.
	Tolled      int         `json:",omitzero"`
	TolledSince domain.Date `json:",omitzero"`
	// Spans are the pauses that are over, for a rule with a Last of its own.
	Spans []domain.Span `json:",omitempty"`
	// Stopped is the day it was stopped, by the event Stop; zero while it
	// runs. Late is by how many calendar days that was past the last day.
	Stopped domain.Date    `json:",omitzero"`
	Stop    domain.EventID `json:",omitzero"`
	Late    int            `json:",omitzero"`

	// From and Length place the term on the count of Keeper.CountOf: the number of
	// its first day, which is not counted, moved by the days tolled, and how
	// many days it has.
	From   int
	Length int
}

// ID names the clock in the whole ledger.
func (c *Clock) ID() string {
	id := string(c.Start) + "." + c.Name
	if c.Key != "" {
		id += "." + c.Key
	}
	return id
}

// Open tells whether the clock was not stopped yet.
func (c *Clock) Open() bool { return c.Stopped.IsZero() }

// LateOn returns by how many calendar days the clock is late on the day, or
// was when it was stopped.
func (c *Clock) LateOn(day domain.Date) int {
	switch {
	case !c.Open():
		return c.Late
	case !c.TolledSince.IsZero() && c.TolledSince.Before(day):
		day = c.TolledSince
	}
	return day.DaysPast(c.Due)
}

// Share returns the per cent of the term used on the day, 100 on its last
// day and more when late. A stopped clock stays where it was stopped.
func (c *Clock) Share(day domain.Date, count *Counter) int {
	if !c.Open() {
		day = c.Stopped
	}
	if !c.TolledSince.IsZero() && c.TolledSince.Before(day) {
		day = c.TolledSince
	}
	return share(count.Number(day, c.Workdays)-c.From, c.Length)
}

// share is used of length in per cent; a term without length is used up on
// its one day.
func share(used, length int) int {
	switch {
	case used < 0:
		return 0
	case length <= 0:
		return 100
	}
	return 100 * used / length
}

// Opening is a clock that an event starts.
type Opening struct {
	Key string
	// On is the day it runs from; that of the event when zero. Due is the
	// last day; the end of Term, or of the rule's term, when zero.
	On   domain.Date
	Due  domain.Date
	Term domain.Term
	// Unit, Post, Officer and Who replace what the matter says.
	Unit    domain.UnitID
	Post    domain.PostID
	Officer domain.OfficerID
	Who     domain.ActorID
}

// stop says which clocks an event stops: that of the key, or all of the rule
// when the key is anyKey; on the day of the event when On is zero.
type stop struct {
	none bool
	key  string
	on   domain.Date
}

// change says how an event changes an open clock.
type change struct {
	key     string
	until   domain.Date // an extension
	from    domain.Date // it ran from another day
	who     domain.ActorID
	unit    domain.UnitID
	officer domain.OfficerID
}

// pause says which clocks an event tolls or lets run again: those of the key,
// from or up to the day it names, or the day of the event.
type pause struct {
	key string
	on  domain.Date
}

const anyKey = "*"

// scene is what surrounds an event: the day it occurred and the rulebook then.
type scene struct {
	// day is when it happened, recorded when that was recorded.
	day      domain.Date
	recorded domain.Date
	matter   *Matter
	book     *domain.Rulebook
	around   Around
}

// trigger is what events of one kind do.
type trigger[T any] struct {
	kind domain.Kind
	does func(domain.Event, scene) T
}

func on[E domain.Event, T any](does func(E, scene) T) trigger[T] {
	var zero E
	return trigger[T]{zero.Kind(), func(e domain.Event, x scene) T { return does(e.(E), x) }}
}

// starts begins one clock of the rule's term.
func starts[E domain.Event]() trigger[[]Opening] {
	return on(func(E, scene) []Opening { return []Opening{{}} })
}

// startsBy begins one clock whose last day the event names, if it does.
func startsBy[E domain.Event](due func(E) Opening) trigger[[]Opening] {
	return on(func(e E, _ scene) []Opening {
		if o := due(e); !o.Due.IsZero() {
			return []Opening{o}
		}
		return nil
	})
}

// stops ends all clocks of the rule in the matter.
func stops[E domain.Event]() trigger[stop] {
	return on(func(E, scene) stop { return stop{key: anyKey} })
}

// stopsAt ends the clock of a key, on a day that the event names.
func stopsAt[E domain.Event](at func(E) (key string, on domain.Date)) trigger[stop] {
	return on(func(e E, _ scene) stop {
		key, day := at(e)
		return stop{key: key, on: day}
	})
}

// stopsIf ends all clocks of the rule where the event says so.
func stopsIf[E domain.Event](holds func(E) bool) trigger[stop] {
	return on(func(e E, _ scene) stop { return stop{key: anyKey, none: !holds(e)} })
}
