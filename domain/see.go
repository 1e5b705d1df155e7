package domain

import "fmt"

// Seer is a command whose Decide must see other aggregates: an honour is not
// granted to an officer whose own stream bars it. Reads names them; the
// ledger loads their states, keeps every one of these streams still until the
// command's events are recorded, and puts them into Act.Sees. So what Decide
// saw is still so when its events are recorded, whatever other commands run
// at the same time.
//
// Reads is a function of its arguments alone and total: it names whatever it
// can, also when the command is malformed (an empty id is passed over).
type Seer[S any] interface {
	CommandOf[S]
	Reads(state S, act Act) []Reference
}

// Sight holds the states of other aggregates, each a pointer to its room's
// state, or nil for one without history.
type Sight map[Ref]any

// See returns the state of another aggregate, of the room whose state is S.
// The state of one that has no history is the zero S, and so is that of an
// empty reference. It panics when the command did not name the reference in
// Reads: a mistake in the program, found by any test of the command.
func See[S any](act Act, ref Reference) S {
	var zero S
	if ref.Ref().ID == "" {
		return zero
	}
	if act.Sees != nil {
		state, asked := (*act.Sees)[ref.Ref()]
		if s, ok := state.(*S); ok {
			return *s
		}
		if asked && state == nil {
			return zero
		}
	}
	panic(fmt.Sprintf("domain: %s was not asked for with Reads, or is of another room", ref.Ref()))
}

// SeeAs is See for a room that the command's own cannot import, since that one
// imports it: the state is seen as an interface of its methods, nil for an
// aggregate without history and an empty reference.
func SeeAs[I any](act Act, ref Reference) I {
	var none I
	if ref.Ref().ID == "" {
		return none
	}
	if act.Sees != nil {
		state, asked := (*act.Sees)[ref.Ref()]
		if i, ok := state.(I); ok {
			return i
		}
		if asked && state == nil {
			return none
		}
	}
	panic(fmt.Sprintf("domain: %s was not asked for with Reads, or is of another room", ref.Ref()))
}

// readsOf returns what the command must see, an id once and none empty.
func readsOf[S any](state S, c Command, act Act) []Ref {
	seer, ok := c.(Seer[S])
	if !ok {
		return nil
	}
	var out []Ref
	seen := map[Ref]bool{}
	for _, r := range seer.Reads(state, act) {
		if ref := r.Ref(); ref.ID != "" && !seen[ref] {
			seen[ref] = true
			out = append(out, ref)
		}
	}
	return out
}
