package agency

import (
	"container/heap"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// sim is the district being played.
type sim struct {
	ctx      context.Context
	plan     Plan
	book     *domain.Rulebook
	digest   string // of the rulebook's file
	office   office
	begin    domain.Date
	record   Record
	progress func(done, total int)

	world    *world
	night    domain.Date     // the last day before which the ledger was let work
	missed   map[string]bool // targets that it found missed
	queue    queue
	woken    int
	stopping bool
	err      error // the first, which ends the play

	submitted int
	bureaus   []*bureau
	home      [numStories]*bureau // where each story is planted
	story     Story
}

// bureau is one agency of the district being played, as its profile says.
type bureau struct {
	*sim
	profile  *profile
	index    int // among those that are played
	officers int // how many places it has
	org      organisation
	staff    staff
	numbers  map[string]int // the last running number of each kind of id
	// granted tells which leader let the hearing of an act be left out.
	granted map[domain.EnforcementID]*member
	// decided are the decisions of the penalties an officer led, streams the
	// last decisions of each stream, behind the last events of each kind.
	decided map[domain.OfficerID][]domain.EventID
	streams map[enforcement.Kind][]domain.EventID
	behind  map[domain.Kind][]domain.EventID
	// alerts counts the warnings of each rule that the ledger raised, overdue is
	// the last inspection into what is overdue.
	alerts  map[string]int
	overdue string
	engaged int // came from another office for a story told aside
}

func newSim(ctx context.Context, plan Plan, record Record, progress func(done, total int)) (*sim, error) {
	book, digest, err := rulebooks.Open(theRulebook)
	if err != nil {
		return nil, err
	}
	end := book.Calendar.Day(plan.End)
	s := &sim{
		ctx: ctx, plan: plan, book: book, digest: digest, office: office{book.Calendar},
		begin: end.AddMonths(-12 * plan.Years), record: record, progress: progress, world: newWorld(book), missed: map[string]bool{},
	}
	s.story.Planted = make([]Planted, numStories)
	for i, key := range plan.Agencies {
		b := &bureau{
			sim: s, profile: profileOf(key), index: i, officers: part(plan.Officers, len(plan.Agencies), i),
			numbers: map[string]int{}, granted: map[domain.EnforcementID]*member{}, decided: map[domain.OfficerID][]domain.EventID{},
			streams: map[enforcement.Kind][]domain.EventID{}, behind: map[domain.Kind][]domain.EventID{}, alerts: map[string]int{},
		}
		s.bureaus = append(s.bureaus, b)
		for story := range s.home {
			if s.home[story] == nil || slices.Contains(b.profile.stories, story) {
				s.home[story] = b
			}
		}
	}
	return s, nil
}

// part is the i-th of so many parts of a whole, the first ones larger.
func part(whole, parts, i int) int {
	if i < whole%parts {
		return whole/parts + 1
	}
	return whole / parts
}

// tells says whether the story is planted in this agency.
func (b *bureau) tells(story int) bool { return b.home[story] == b }

// turn is the place of an agency's i-th matter among those of all agencies:
// what the first ones show, the agencies show between them.
func (b *bureau) turn(i int) int { return i*len(b.bureaus) + b.index }

// setUp starts every script of the first day.
func (s *sim) setUp() {
	first := s.bureaus[0]
	first.start(s.day(0), "rulebook", first.adopt)
	for _, b := range s.bureaus {
		b.setUp()
	}
}

// run wakes the scripts in the order of time until the history is over, then
// lets those that still wait come to their end.
func (s *sim) run() error {
	last := s.book.Calendar.Day(s.plan.End)
	total, done := days(s.begin, last), -1
	for s.err == nil {
		next := s.plan.End
		if len(s.queue) > 0 && s.queue[0].at.Before(next) {
			next = s.queue[0].at
		}
		if s.nightBefore(next) {
			continue // somebody may be at work earlier now
		}
		if len(s.queue) == 0 || s.queue[0].at.After(s.plan.End) {
			break
		}
		sl := heap.Pop(&s.queue).(*sleeper)
		s.plan.Clock.set(sl.at)
		if now := days(s.begin, s.book.Calendar.Day(sl.at)); now > done && s.progress != nil {
			done = now
			s.progress(done, total)
		}
		s.wake(sl)
	}
	s.stopping = true
	for _, sl := range s.queue {
		sl.stop()
	}
	if s.err != nil {
		return s.err
	}
	s.plan.Clock.set(s.plan.End)
	if s.progress != nil {
		s.progress(total, total)
	}
	return s.ctx.Err()
}

// days counts the calendar days from one to another.
func days(from, to domain.Date) int { return to.DaysPast(from) }

// instruct sends an instruction through the rules and folds what follows. With
// a code it must be refused so; without, it must not be refused.
func (b *bureau) instruct(id string, aside bool, now, occurred time.Time, by actor, subject string, c domain.Command, want domain.Code) []domain.Recorded {
	if b.err != nil {
		return nil
	}
	in := domain.Instruction{
		ID:      id,
		Command: c,
		Act:     domain.Act{Subject: subject, Actor: by.id, Role: by.role, OccurredAt: occurred.UTC().Truncate(time.Microsecond)},
	}
	if by.role == domain.RoleImporter {
		in.Act.Source = digest(in.ID + " " + subject)
	}
	receipt, err := b.record(b.ctx, in)
	if want != "" && domain.RefusalCode(err) == want {
		b.story.RefusedOnPurpose++
		return nil
	}
	if want != "" {
		b.err = fmt.Errorf("instruction %s, %s on %s by %s, should be refused as %s; it was: %w", in.ID, c.Name(), subject, by.id, want, orAllowed(err))
		return nil
	}
	if err != nil {
		b.err = fmt.Errorf("instruction %s, %s on %s by %s (%s): %w", in.ID, c.Name(), subject, by.id, by.role, err)
		return nil
	}
	recorded, err := b.world.follow(in, now)
	if err == nil && len(receipt.Events) > 0 && !receipt.Repeated && recorded[0].Act.Subject != subject {
		err = fmt.Errorf("the fold of the play begins elsewhere, at %s", recorded[0].Stream)
	}
	if err != nil {
		b.err = fmt.Errorf("instruction %s, %s on %s was recorded, but: %w", in.ID, c.Name(), subject, err)
		return nil
	}
	b.story.Instructions++
	b.story.Events += len(recorded)
	if !aside {
		b.remember(receipt.Events, recorded)
	}
	b.followOn(now, aside, recorded)
	return recorded
}

// remember keeps the ids that a warning or a score will name.
func (b *bureau) remember(ids []domain.EventID, recorded []domain.Recorded) {
	for i, id := range ids[:min(len(ids), len(recorded))] {
		kind := recorded[i].Event.Kind()
		last := append(b.behind[kind], id)
		b.behind[kind] = last[max(0, len(last)-3):]
		e, ok := recorded[i].Event.(enforcement.Decided)
		if !ok {
			continue
		}
		last = append(b.streams[e.ActKind], id)
		b.streams[e.ActKind] = last[max(0, len(last)-3):]
		if e.ActKind == enforcement.KindPenalty && e.Tier != "" && len(e.Officers) > 0 {
			lead := e.Officers[0]
			b.decided[lead] = append(b.decided[lead], id)
		}
	}
}

var errAllowed = fmt.Errorf("allowed")

func orAllowed(err error) error {
	if err == nil {
		return errAllowed
	}
	return err
}

// number returns the next running number of a kind of id of the agency within
// a year.
func (b *bureau) number(prefix string, year int, series string, width int) string {
	key := fmt.Sprintf("%s-%d-%s", b.profile.id(prefix), year, series)
	b.numbers[key]++
	return fmt.Sprintf("%s%0*d", key, width, b.numbers[key])
}
