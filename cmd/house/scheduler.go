package house

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// Scheduler does what falls due by the calendar alone: it raises a warning
// when a clock has run so far or a rule of early warning found something, and
// gives the commands that a breach brings,
// such as the release of a sanction whose period is over.
//
// Once a day it compares acts among peers as well; see ScreenDaily.
//
// It remembers nothing but the day of that. What is due is asked of the views, and each
// instruction is named after the clock, the event that started it, its last
// day and the level reached. So a pass may be repeated, cut short, or left
// out for days, before or after a restart: the ledger records each
// instruction once, and the next pass does what is missing. After a pause only the
// highest level that a clock reached meanwhile is warned of.
//
// Passes of one scheduler must not overlap, nor its runs of comparing, which
// may take long. A run beside a pass is fine: they raise different warnings,
// and neither hands one back down that the other escalated. The views should
// show the whole ledger: what they do not show yet is done by a later pass.
type Scheduler struct {
	books  projections.Books
	record func(context.Context, domain.Instruction) (ledger.Receipt, error)
	views  *projections.Views
	keeper *clocks.Keeper // of the shelf at the last pass

	screened screened
}

// Scheduler makes the scheduler of a house that records and has its views
// open.
func (h *House) Scheduler() *Scheduler {
	return &Scheduler{books: h.Books, record: h.Recorder.Record, views: h.Views}
}

// Passed counts what one pass did.
type Passed struct {
	// Warned counts warnings raised or grouped with an open one.
	Warned int
	// Reconsidered counts the warnings of which it was said that what they rest
	// on no longer stands.
	Reconsidered int
	// Commanded counts the commands of breaches that were recorded, by name.
	Commanded map[domain.CommandName]int
	// Refused counts instructions that a rule refused: the matter was decided
	// otherwise meanwhile.
	Refused int
	// Unaddressed counts clocks that nobody can be warned of, because their
	// matter names no unit, post or officer. They stand in the register of
	// obligations all the same.
	Unaddressed int
}

// Any tells whether anything was recorded.
func (p Passed) Any() bool { return p.Warned+p.Reconsidered+len(p.Commanded) > 0 }

// Pass does whatever is due on the day of now. now must not be later than
// the clock of the recorder.
func (s *Scheduler) Pass(ctx context.Context, now time.Time) (Passed, error) {
	passed := Passed{Commanded: map[domain.CommandName]int{}}
	shelf := s.books.Shelf()
	if s.keeper == nil || s.keeper.Shelf() != shelf {
		s.keeper = clocks.NewKeeperOf(shelf)
	}
	today := shelf.Day(now)
	reader := s.systemReader()
	warnings, err := reader.WarningsDue(ctx, today)
	if err != nil {
		return passed, fmt.Errorf("find clocks to warn of: %w", err)
	}
	for i := range warnings {
		if err := s.warn(ctx, &warnings[i], &passed); err != nil {
			return passed, err
		}
	}
	if err := s.hits(ctx, reader, shelf.On(today), today, &passed); err != nil {
		return passed, err
	}
	breaches, err := reader.BreachesDue(ctx, today)
	if err != nil {
		return passed, fmt.Errorf("find clocks that ran out: %w", err)
	}
	for i := range breaches {
		if err := s.breach(ctx, &breaches[i].Clock, &passed); err != nil {
			return passed, err
		}
	}
	return passed, nil
}

func (s *Scheduler) systemReader() *projections.Reader {
	return s.views.As(projections.Principal{Subject: string(domain.ActorSystem), Role: domain.RoleSystem})
}

// Raise raises what the rules of early warning found by the day of now, and
// nothing else: what is done as soon as the views show a hit.
func (s *Scheduler) Raise(ctx context.Context, now time.Time) (Passed, error) {
	passed := Passed{Commanded: map[domain.CommandName]int{}}
	shelf := s.books.Shelf()
	today := shelf.Day(now)
	return passed, s.hits(ctx, s.systemReader(), shelf.On(today), today, &passed)
}

// warn raises the warning of a clock, or groups it with the open one. Where
// the one raised before is settled, another is raised.
func (s *Scheduler) warn(ctx context.Context, p *projections.Pending, passed *Passed) error {
	command, ok := s.keeper.Warn(&p.Clock, p.Level)
	if !ok {
		passed.Unaddressed++
		return nil
	}
	id := p.WarningID()
	name := string(id) + ":" + strconv.Itoa(int(p.Level))
	for _, subject := range []domain.WarningID{id, clocks.Again(id, p.Level)} {
		done, err := s.give(ctx, name, string(subject), command)
		if domain.RefusalCode(err) == domain.CodeState && subject == id {
			continue
		}
		if domain.RefusalCode(err) != "" {
			passed.Refused++
			return nil
		}
		if err != nil {
			return fmt.Errorf("warn of %s: %w", p.ID(), err)
		}
		if done {
			passed.Warned++
		}
		return nil
	}
	return nil
}

// breach gives the command that a breach of the clock brings.
func (s *Scheduler) breach(ctx context.Context, c *clocks.Clock, passed *Passed) error {
	rule := s.keeper.Rule(c.Name)
	if rule == nil || rule.Command == nil {
		return nil
	}
	command := rule.Command(*c)
	done, err := s.give(ctx, string(c.WarningID())+":breach", c.Subject.ID, command)
	switch {
	case domain.RefusalCode(err) != "":
		passed.Refused++
	case err != nil:
		return fmt.Errorf("%s on %s: %w", command.Name(), c.Subject, err)
	case done:
		passed.Commanded[command.Name()]++
	}
	return nil
}

// give records an instruction of the system, and tells whether it was new.
func (s *Scheduler) give(ctx context.Context, id, subject string, command domain.Command) (bool, error) {
	receipt, err := s.record(ctx, domain.Instruction{
		ID: id, Command: command, Act: domain.Act{Subject: subject, Actor: domain.ActorSystem, Role: domain.RoleSystem},
	})
	return err == nil && !receipt.Repeated, err
}
