package ledger

import (
	"context"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Books tells which rulebook is in force at a moment. It is asked for every
// command and must answer from memory. Safe for concurrent use.
type Books interface {
	At(now time.Time) *domain.Rulebook
}

// Rulemaking is the room whose events change the rulebook in force.
//
// Its commands are carried out alone: they wait for those under way, and
// whoever comes next waits for them. So no event that lies behind a change of
// the rules was decided by the rules before it.
type Rulemaking struct {
	// Room is its name.
	Room string
	// Admit is asked before what one of its commands decided is signed, about
	// what no rule can see, such as whether a file is at hand. It may refuse
	// (*domain.Refusal); it must not change which rulebook is in force.
	// Instructions recorded before are not asked about again.
	Admit func(act domain.Act, decided []domain.Event) error
	// Enacted is told what is recorded, before any other command is decided.
	// It is told again when the instruction is repeated.
	Enacted func([]domain.Recorded)
	// Reread, needed with RecorderConfig.Locks, brings what Book tells up to
	// what is recorded in the room, whoever recorded it. It is called before
	// the first command, and before any after which another process may have
	// changed the rules; nobody changes them meanwhile.
	Reread func(ctx context.Context) error
	// Then returns the rulebook that decided what was recorded at the time,
	// by what was in force and known then.
	Then func(recorded time.Time) *domain.Rulebook
}

// makesLaw tells whether the commands of the room change the rules.
func (r *Recorder) makesLaw(room *domain.Aggregate) bool {
	return r.cfg.Rulemaking != nil && r.cfg.Rulemaking.Room == room.Name
}

// underOneLaw keeps the rulebook in force still for a command of the room, or
// everybody else away while it changes. Call what it returns at the end.
func (r *Recorder) underOneLaw(room *domain.Aggregate) (done func()) {
	if r.makesLaw(room) {
		r.law.Lock()
		return r.law.Unlock
	}
	r.law.RLock()
	return r.law.RUnlock
}

func (r *Recorder) admit(room *domain.Aggregate, act domain.Act, decided []domain.Event) error {
	if !r.makesLaw(room) {
		return nil
	}
	return r.cfg.Rulemaking.Admit(act, decided)
}

func (r *Recorder) enact(room *domain.Aggregate, events []domain.Recorded) {
	if r.makesLaw(room) {
		r.cfg.Rulemaking.Enacted(events)
	}
}

// bookOf returns the rulebook that decided what was recorded at the time.
func (r *Recorder) bookOf(recorded time.Time) *domain.Rulebook {
	if r.cfg.Rulemaking != nil {
		return r.cfg.Rulemaking.Then(recorded)
	}
	return r.cfg.Book.At(recorded)
}
