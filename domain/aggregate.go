package domain

import (
	"fmt"
	"reflect"
	"slices"
)

// EventType describes one kind of event to those who store, decode, index
// and document it.
type EventType struct {
	Kind Kind
	// Type is the event's struct type.
	Type reflect.Type

	touches toucher
}

// New returns a pointer to a zero event, for a decoder.
func (t *EventType) New() any { return reflect.New(t.Type).Interface() }

// Value returns the event that a pointer from New holds.
func (t *EventType) Value(ptr any) Event { return reflect.ValueOf(ptr).Elem().Interface().(Event) }

// Touches lists what a recorded event of this kind touches: its subject, its
// actor (unless the system) and every typed reference in it, each pair of
// reference and field once.
func (t *EventType) Touches(act Act, e Event) []Touch {
	out := make([]Touch, 0, 6)
	out = append(out, Touch{Ref{t.Kind.Room(), act.Subject}, "subject"})
	if act.Actor != "" && act.Actor != ActorSystem {
		out = append(out, Touch{act.Actor.Ref(), "actor"})
	}
	return t.touches.collect(reflect.ValueOf(e), out)
}

// CommandType describes one command to those who decode and document it.
type CommandType struct {
	Name CommandName
	// Type is the command's struct type.
	Type reflect.Type
	// By lists the roles that may give it unless a rulebook says otherwise.
	By []Role

	names   toucher
	outward []string
}

// Names lists the typed references in a command of this type, with the path of
// the member in JSON, each pair once. Outward tells those apart that may lie
// outside the units of who gives it.
func (t *CommandType) Names(c Command) []Touch {
	return t.names.collect(reflect.ValueOf(c), nil)
}

// Outward tells whether the member, or "subject", may name what lies outside
// the units of who gives the command.
func (t *CommandType) Outward(member string) bool { return slices.Contains(t.outward, member) }

// New returns a pointer to a zero command, for a decoder.
func (t *CommandType) New() any { return reflect.New(t.Type).Interface() }

// Value returns the command that a pointer from New holds.
func (t *CommandType) Value(ptr any) Command {
	return reflect.ValueOf(ptr).Elem().Interface().(Command)
}

// Aggregate is a room: the kinds of event that may happen in it, the
// commands that decide them, and how its state is folded.
type Aggregate struct {
	// Name is the room's name and the first part of its kinds, commands and
	// streams.
	Name string
	// Chinese is the term of the source programme.
	Chinese string
	// Events and Commands in the order of life.
	Events   []*EventType
	Commands []*CommandType

	newState func() any
	apply    func(state any, e Event, act Act)
	decide   func(state any, c Command, act Act, book *Rulebook) ([]Event, error)
	reads    func(state any, c Command, act Act) []Ref
}

// NewAggregate declares the room whose state is S. It panics on a list that
// contradicts itself (twice the same kind, a kind or command of another
// room): that is a mistake in the program, found by any test.
func NewAggregate[S any](name, chinese string, events []EventOf[S], commands []CommandOf[S]) *Aggregate {
	a := &Aggregate{
		Name:     name,
		Chinese:  chinese,
		newState: func() any { return new(S) },
		apply: func(state any, e Event, act Act) {
			if e, ok := e.(EventOf[S]); ok {
				e.Apply(state.(*S), act)
			}
		},
		decide: func(state any, c Command, act Act, book *Rulebook) ([]Event, error) {
			return c.(CommandOf[S]).Decide(*state.(*S), act, book)
		},
		reads: func(state any, c Command, act Act) []Ref { return readsOf(*state.(*S), c, act) },
	}
	for _, e := range events {
		t := reflect.TypeOf(e)
		a.Events = append(a.Events, &EventType{Kind: e.Kind(), Type: t, touches: touchesOf(t)})
	}
	for _, c := range commands {
		t := &CommandType{Name: c.Name(), Type: reflect.TypeOf(c), By: c.By()}
		t.names = touchesOf(t.Type).paths("")
		if o, ok := any(c).(Outward); ok {
			t.outward = o.Outward()
		}
		a.Commands = append(a.Commands, t)
	}
	a.mustBeSound()
	return a
}

func (a *Aggregate) mustBeSound() {
	seen := map[string]bool{}
	check := func(name, room string, t reflect.Type) {
		if seen[name] || room != a.Name || t.Kind() != reflect.Struct {
			panic(fmt.Sprintf("domain: room %s lists %s (%s) twice, from another room, or not as a struct value", a.Name, name, t))
		}
		seen[name] = true
	}
	for _, e := range a.Events {
		check(string(e.Kind), e.Kind.Room(), e.Type)
	}
	for _, c := range a.Commands {
		check(string(c.Name), c.Name.Room(), c.Type)
	}
}

// NewState returns a pointer to the state before the first event.
func (a *Aggregate) NewState() any { return a.newState() }

// Apply folds an event into a state made by NewState. An event of another
// room changes nothing.
func (a *Aggregate) Apply(state any, e Event, act Act) { a.apply(state, e, act) }

// Reads lists the other aggregates that the command must see (Seer).
func (a *Aggregate) Reads(state any, c Command, act Act) []Ref { return a.reads(state, c, act) }

// earliestYear is the first in which something recorded may have happened.
// No one in service today was in service before; an earlier date is the zero
// of a spreadsheet or a slip, and years below 0 have no RFC 3339 form.
const earliestYear = 1900

// Decide asks what follows from the command. Before the room is asked, what
// holds for every command is checked: the address, the actor, the times, the
// authority of the role and the form of the source. It returns at least one event, or an error that
// is a *Refusal unless the room is broken.
func (a *Aggregate) Decide(state any, c Command, act Act, book *Rulebook) ([]Event, error) {
	if err := First(CheckID("subject", act.Subject), CheckID("actor", act.Actor)); err != nil {
		return nil, err
	}
	if act.OccurredAt.After(act.RecordedAt) {
		return nil, Refuse(CodeInvalid, "occurredAt", "lies in the future (%s, it is now %s)",
			act.OccurredAt.UTC().Format("2006-01-02T15:04:05Z"), act.RecordedAt.UTC().Format("2006-01-02T15:04:05Z"))
	}
	if act.OccurredAt.UTC().Year() < earliestYear {
		return nil, Refuse(CodeInvalid, "occurredAt", "lies before the year %d: check how the date was written", earliestYear)
	}
	if by := book.MayGive(c); !slices.Contains(by, act.Role) {
		return nil, Refuse(CodeForbidden, "role", "%q may not give %s; it is for %v", act.Role, c.Name(), by)
	}
	if (act.Role == RoleImporter) != act.Imported() {
		return nil, Refuse(CodeInvalid, "source", "the digest of a source record goes with the role importer, and only with it")
	}
	if act.Imported() && !isDigest(act.Source) {
		return nil, Refuse(CodeInvalid, "source", "must be sha256: and 64 lower-case hex digits")
	}
	events, err := a.decide(state, c, act, book)
	if err == nil && len(events) == 0 {
		return nil, fmt.Errorf("command %s decided nothing", c.Name())
	}
	return events, err
}

// Catalog is the list of all rooms, with look-up by kind and name.
type Catalog struct {
	Aggregates []*Aggregate

	events   map[Kind]*EventType
	commands map[CommandName]*CommandType
	rooms    map[string]*Aggregate
}

// NewCatalog indexes the rooms. It panics when two share a name.
func NewCatalog(rooms ...*Aggregate) *Catalog {
	c := &Catalog{
		Aggregates: rooms,
		events:     map[Kind]*EventType{},
		commands:   map[CommandName]*CommandType{},
		rooms:      map[string]*Aggregate{},
	}
	for _, a := range rooms {
		if c.rooms[a.Name] != nil {
			panic("domain: two rooms are called " + a.Name)
		}
		c.rooms[a.Name] = a
		for _, e := range a.Events {
			c.events[e.Kind] = e
		}
		for _, cmd := range a.Commands {
			c.commands[cmd.Name] = cmd
		}
	}
	return c
}

// Event returns the type of the kind; nil when it is unknown.
func (c *Catalog) Event(k Kind) *EventType { return c.events[k] }

// Command returns the type of the command; nil when it is unknown.
func (c *Catalog) Command(n CommandName) *CommandType { return c.commands[n] }

// Room returns the aggregate of that name; nil when there is none.
func (c *Catalog) Room(name string) *Aggregate { return c.rooms[name] }
