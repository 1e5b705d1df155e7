package hooks

import (
	"context"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// State is how far a hook has come.
type State struct {
	// Position is what was sent last, or passed over.
	Position ledger.Position `json:"-"`
	// Attempt is of the message behind it, once one failed.
	Attempt Attempt `json:"attempt,omitzero"`
	// Stopped says why nothing is sent any more, Since when.
	Stopped string    `json:"stopped,omitzero"`
	Since   time.Time `json:"since,omitzero"`
	// Dead are the messages that were given up, oldest first.
	Dead []Dead `json:"dead,omitzero"`
}

// Attempt is how it stands with a message that was not taken yet.
type Attempt struct {
	ID    string    `json:"id"`
	Count int       `json:"count"`
	Next  time.Time `json:"next"`
	Why   string    `json:"why"`
	// Through is where the message ends, Recorded when what it tells of was
	// recorded.
	Through  ledger.Position `json:"through,omitzero"`
	Recorded time.Time       `json:"recorded,omitzero"`
}

// Dead is a message that was given up.
type Dead struct {
	ID string `json:"id"`
	// Kind of the event; empty for a notice.
	Kind domain.Kind `json:"kind,omitzero"`
	// After is the position behind which the message begins, Position where it
	// ends: for an event that of the event.
	After    ledger.Position `json:"after"`
	Position ledger.Position `json:"position"`
	Attempts int             `json:"attempts"`
	At       time.Time       `json:"at"`
	Why      string          `json:"why"`
}

// Ask is what an operator asks of a hook.
type Ask struct {
	// Replay sends everything behind the position again.
	Replay *ledger.Position `json:"replay,omitzero"`
	// Retry sends at once what waits, and what was given up; a hook that was
	// stopped goes on.
	Retry bool `json:"retry,omitzero"`
}

// Join is what two asks amount to, the second of them given later.
func Join(a, b Ask) Ask {
	if b.Replay != nil {
		a.Replay = b.Replay
	}
	a.Retry = a.Retry || b.Retry
	return a
}

// Keeper keeps the state of hooks, by their names. It is safe for concurrent
// use; one process at a time sends, and calls Save, Reach, Asked and Answered.
// Where processes take turns, those fail that are called after a turn's end and
// would undo what the next one wrote.
type Keeper interface {
	// Load returns what is kept; false for a hook that is new.
	Load(ctx context.Context, name string) (State, bool, error)
	// Save keeps all of it before it returns, whatever fails then.
	Save(ctx context.Context, name string, s State) error
	// Reach keeps the position. It outlives this process; what else fails may
	// take the last ones with it, and their messages are sent again.
	Reach(ctx context.Context, name string, p ledger.Position) error
	// Ask adds to what is asked of a hook.
	Ask(ctx context.Context, name string, a Ask) error
	// Asked returns what is asked, the same again until Answered.
	Asked(ctx context.Context, name string) (Ask, bool, error)
	Answered(ctx context.Context, name string) error
}

// waits is when what waits was recorded; zero where nothing is known to wait.
// Of a hook that its dead have stopped nobody looks what comes next: it waits
// since it stopped.
func (s *State) waits() time.Time {
	if s.Attempt.Through > s.Position {
		return s.Attempt.Recorded
	}
	return s.Since
}

// bury puts a message on the list of the dead, once.
func (s *State) bury(d Dead) {
	s.Dead = slices.DeleteFunc(slices.Clone(s.Dead), func(x Dead) bool { return x.ID == d.ID })
	s.Dead = append(s.Dead, d)
}

// unearth takes a message off the list of the dead.
func (s *State) unearth(id string) {
	s.Dead = slices.DeleteFunc(slices.Clone(s.Dead), func(x Dead) bool { return x.ID == id })
}
