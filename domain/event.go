package domain

import "strings"

// Kind names what happened and the version of its form, as in
// "sanction.imposed.v1": the room, the event in the past tense, the version.
type Kind string

// Room returns the first part of the kind, the aggregate's name.
func (k Kind) Room() string {
	room, _, _ := strings.Cut(string(k), ".")
	return room
}

// Event is something that happened. It is a plain struct with JSON tags,
// used as a value, never as a pointer.
//
// The change law. Recorded bytes are signed and live for ever, therefore:
//
//   - A kind is written by hand, once, and never reused or reflected.
//   - A field of a recorded kind is never renamed, retyped, removed or given
//     another meaning, and no field is added to it: decoding is strict, and
//     an older reader would call the new bytes an integrity failure.
//   - A changed form or meaning is a new kind with the next version
//     ("sanction.imposed.v2"), a new struct beside the old one. New commands
//     decide the new kind; the old struct keeps its Apply for ever.
//   - Enumerations may gain values, never lose or change one.
//   - No maps and no floating point: both have more than one spelling.
//     Amounts are integers of the smallest unit, lists keep their order.
//   - Optional fields carry omitzero, so that an absent value has one
//     spelling too.
//   - References to other aggregates use the typed ids (OfficerID, UnitID…):
//     indexes and timelines are built from them, with no code per event.
//   - Every listed kind has golden bytes in ledger/testdata/golden.
type Event interface {
	// Kind is constant for the type.
	Kind() Kind
}

// EventOf is an Event of the room whose state is S.
type EventOf[S any] interface {
	Event
	// Apply folds the event into the state. It is total: it never refuses
	// and never panics, whatever the state and the order of events.
	Apply(state *S, act Act)
}
