package agency

import (
	"container/heap"
	"context"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// sim is one agency being played.
type sim struct {
	ctx      context.Context
	plan     Plan
	book     *domain.Rulebook
	office   office
	begin    domain.Date
	record   Record
	progress func(done, total int)

	world    *world
	queue    queue
	woken    int
	stopping bool
	err      error // the first, which ends the play

	submitted int
	org       organisation
	staff     staff
	numbers   map[string]int // the last running number of each kind of id
	// granted tells which leader let a step of an act be left out.
	granted map[domain.EnforcementID]*member
	// decided are the decisions of the penalties an officer led, behind the
	// last events of each kind.
	decided map[domain.OfficerID][]domain.EventID
	behind  map[domain.Kind][]domain.EventID
	story   Story
}

func newSim(ctx context.Context, plan Plan, record Record, progress func(done, total int)) *sim {
	book := domain.CN2024()
	end := book.Calendar.Day(plan.End)
	s := &sim{
		ctx: ctx, plan: plan, book: book, office: office{book.Calendar},
		begin: end.AddMonths(-12 * plan.Years), record: record, progress: progress,
		world: newWorld(book), numbers: map[string]int{}, granted: map[domain.EnforcementID]*member{},
		decided: map[domain.OfficerID][]domain.EventID{}, behind: map[domain.Kind][]domain.EventID{},
	}
	s.story.Planted = make([]Planted, numStories)
	return s
}

// run wakes the scripts in the order of time until the history is over, then
// lets those that still wait come to their end.
func (s *sim) run() error {
	last := s.book.Calendar.Day(s.plan.End)
	total, done := days(s.begin, last), -1
	for s.err == nil && len(s.queue) > 0 && !s.queue[0].at.After(s.plan.End) {
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

// submit sends an instruction through the rules and folds what follows. With
// a code it must be refused so; without, it must not be refused.
func (s *sim) submit(now, occurred time.Time, by actor, subject string, c domain.Command, want domain.Code) []domain.Recorded {
	if s.err != nil {
		return nil
	}
	s.submitted++
	in := domain.Instruction{
		ID:      fmt.Sprintf("demo-%d-%06d", s.plan.Seed, s.submitted),
		Command: c,
		Act:     domain.Act{Subject: subject, Actor: by.id, Role: by.role, OccurredAt: occurred.UTC().Truncate(time.Microsecond)},
	}
	if by.role == domain.RoleImporter {
		in.Act.Source = digest(in.ID + " " + subject)
	}
	receipt, err := s.record(s.ctx, in)
	if want != "" && domain.RefusalCode(err) == want {
		s.story.RefusedOnPurpose++
		return nil
	}
	if want != "" {
		s.err = fmt.Errorf("instruction %s, %s on %s by %s, should be refused as %s; it was: %w", in.ID, c.Name(), subject, by.id, want, orAllowed(err))
		return nil
	}
	if err != nil {
		s.err = fmt.Errorf("instruction %s, %s on %s by %s (%s): %w", in.ID, c.Name(), subject, by.id, by.role, err)
		return nil
	}
	recorded, err := s.world.follow(in, now)
	if err == nil && len(receipt.Events) > 0 && !receipt.Repeated && recorded[0].Act.Subject != subject {
		err = fmt.Errorf("the fold of the agency begins elsewhere, at %s", recorded[0].Stream)
	}
	if err != nil {
		s.err = fmt.Errorf("instruction %s, %s on %s was recorded, but: %w", in.ID, c.Name(), subject, err)
		return nil
	}
	s.story.Instructions++
	s.story.Events += len(recorded)
	s.remember(receipt.Events, recorded)
	s.followOn(now, recorded)
	return recorded
}

// remember keeps the ids that a warning or a score will name.
func (s *sim) remember(ids []domain.EventID, recorded []domain.Recorded) {
	for i, id := range ids[:min(len(ids), len(recorded))] {
		kind := recorded[i].Event.Kind()
		last := append(s.behind[kind], id)
		s.behind[kind] = last[max(0, len(last)-3):]
		if e, ok := recorded[i].Event.(enforcement.Decided); ok && e.ActKind == enforcement.KindPenalty && e.Tier != "" && len(e.Officers) > 0 {
			lead := e.Officers[0]
			s.decided[lead] = append(s.decided[lead], id)
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

// number returns the next running number of a kind of id within a year.
func (s *sim) number(prefix string, year int, width int) string {
	key := fmt.Sprintf("%s-%d", prefix, year)
	s.numbers[key]++
	return fmt.Sprintf("%s-%0*d", key, width, s.numbers[key])
}
