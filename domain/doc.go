// Package domain says what may happen in an accountability ledger. It is
// pure: it imports the standard library only and uses no clock, randomness,
// context, file or network; time and ids are handed in.
//
// The package itself is the kernel: the words that all rooms share (Event,
// Command, Aggregate, Act, Refusal, typed references, dates and terms) and
// the Rulebook that holds every number. Each aggregate is a room of its own
// below it (unit, post, officer, complaint, misconduct, sanction, reward);
// the package catalog lists the rooms, the package reactions says what
// follows from what.
//
// An event is one block: a struct, its Kind, its Apply. A command is one
// block: a struct, its Name, By and Decide. To add one, write the block and
// put it on the list of its room; nothing else needs to change.
//
// Apply is total: whatever was recorded is folded, in any order, without
// refusal or panic. Only Decide refuses, and it refuses with a *Refusal that
// names the field, the reason and the rule.
//
// Values of this package are plain data. Functions are safe for concurrent
// use; a state is folded by one goroutine at a time, and Decide must not
// change the state it is given.
package domain
