package domain

import (
	"strings"
	"time"
)

// CommandName names a command, as in "sanction.impose": the room and the
// verb.
type CommandName string

// Room returns the first part of the name, the aggregate's name.
func (n CommandName) Room() string {
	room, _, _ := strings.Cut(string(n), ".")
	return room
}

// Command is a wish: a plain struct with JSON tags that holds what the one
// who acts must say. Whom it is addressed to, who acts and when stand in the
// Act beside it.
type Command interface {
	// Name is constant for the type.
	Name() CommandName
	// By lists the roles that may give the command. A rulebook may override
	// it (Rulebook.Authority). It is constant for the type.
	By() []Role
}

// Outward is a command with members that may name what lies outside the units
// of who gives it: a complaint is transferred to another agency, an interest
// is declared in somebody there. In all other commands people name what lies
// within them alone.
type Outward interface {
	Command
	// Outward lists those members by their path in JSON; "subject" is what the
	// command is addressed to, which must then be seen. It is constant for the
	// type.
	Outward() []string
}

// CommandOf is a Command of the room whose state is S.
type CommandOf[S any] interface {
	Command
	// Decide returns the events that follow, at least one, or a *Refusal.
	// It sees the state before the command, and must not change it. It is a
	// function of its arguments alone.
	Decide(state S, act Act, book *Rulebook) ([]Event, error)
}

// Instruction is a command with its address: what is sent to the ledger.
type Instruction struct {
	// ID names the instruction. The ids of its events derive from it, so a
	// repeated instruction is recognised and recorded once. Required; 1 to
	// 128 bytes.
	ID string
	// Command is what shall be done.
	Command Command
	// Act says to which aggregate, by whom, in which role, when and why.
	// RecordedAt and Rulebook are filled in by the ledger.
	Act Act
}

// Recorded is an event as the ledger holds it.
type Recorded struct {
	// ID names the event in the whole ledger (UUID in text form).
	ID EventID
	// Stream is the stream it lies in, the aggregate's room and id.
	Stream string
	// Revision is its place in the stream: 0, 1, 2…
	Revision int64
	// Act says who did it, when and why.
	Act Act
	// Event is what happened.
	Event Event
}

// Reaction is a rule of the form "when this is recorded, these commands
// follow". It is pure: the same event always gives the same instructions.
//
// Reactions never follow imported history: what another body decided under
// its own rules has no consequences here.
type Reaction struct {
	// Name is part of the ids of what follows; never change it once used.
	Name string
	// Meaning says in a sentence what follows from what, and the source of
	// the rule.
	Meaning string
	// On is the kind it reacts to.
	On Kind
	// Then returns what follows. The ledger fills in the instruction ids
	// (from the event, the reaction's name and the index), the actor
	// (ActorSystem), the role (RoleSystem), OccurredAt (when zero: that of
	// the cause), and cause and correlation.
	Then func(Recorded) []Instruction
}

// ActorSystem is the actor of whatever a reaction or clock does.
const ActorSystem ActorID = "system"

// Act is the who, when and why of a command and of its events.
type Act struct {
	// Subject is the id of the aggregate acted upon.
	Subject string
	// Actor is who acted, in which Role.
	Actor ActorID
	Role  Role
	// OccurredAt is when it happened in the world, RecordedAt when the
	// ledger recorded it. OccurredAt is never after RecordedAt.
	OccurredAt time.Time
	RecordedAt time.Time
	// Rulebook is the edition of the rulebook decided under
	// (Rulebook.Edition): that in force when it was recorded.
	Rulebook string
	// Cause is the event that caused this one, if any; Correlation the first
	// event of the whole chain.
	Cause       EventID
	Correlation EventID
	// Source is the digest ("sha256:…") of the source record this was
	// imported from; empty for what was decided here.
	Source string

	// Sees holds the states of the other aggregates that the command asked
	// for (Seer), read through See. It is filled in by the ledger for Decide
	// and never recorded.
	Sees *Sight
}

// Imported tells old history from what was decided in this ledger. Imported
// events count in every record file, but no guard of ours judged them and
// nothing follows from them.
func (a Act) Imported() bool { return a.Source != "" }
