// Package embedded keeps a ledger in one SQLite file, ledger.db, inside a
// folder of its own. It needs no server and no C compiler.
//
//	store, err := embedded.Open(dir, embedded.Options{})
//	if err != nil { … }
//	defer store.Close()
//
// What the promises of [ledger.Store] rest on:
//
//   - Durability: write-ahead log with synchronous=FULL, one fsync per group
//     of appends, and a reader sees a commit only after that fsync.
//   - Order: a single goroutine writes. It takes every append that waits (up
//     to 1,024 events or 4 MB), records them in one transaction and answers
//     them together; appends at a wrong revision are refused alone. Positions
//     are dense here: 1, 2, 3…
//   - Append-only: triggers forbid UPDATE, DELETE and INSERT OR REPLACE for
//     every program that opens the file. Who drops the triggers is noticed at
//     the next Open; an event removed from the middle, or from the end, is
//     noticed by the next read that passes it, because positions are dense
//     and the head table holds how far the ledger reached.
//   - One writer: an advisory lock on the file LOCK in the folder.
//
// A closed ledger is complete in ledger.db alone. The log beside it, empty
// then, and its index stay so that a user who may only read the folder can
// open the ledger; a copy on a read-only medium needs neither.
//
// # Concurrency
//
// All methods are safe for concurrent use. Reads take one of a few
// connections for the length of one chunk, at most a thousand events or one
// megabyte, and hold neither connection nor transaction while the caller
// works on what it was given; so a slow reader delays nobody, and appending,
// reading or closing from inside a read's loop is fine. Subscriptions are
// woken by a commit and cost nothing in between; in a read-only store they
// look every 200 ms, because another process writes.
//
// A context that ends while an append still waits withdraws it: nothing is
// recorded. Once the writer has taken an append, Append waits for its true
// outcome, a matter of one fsync, whatever becomes of the context.
//
// # Failure
//
// A full disk fails the appends of one group with [ledger.ErrFull]; the store
// stays usable and takes appends again once there is room. When the disk fails
// to write or sync a commit, whether it is recorded cannot be known: the group
// fails with [ledger.ErrUnknownOutcome], and the store refuses to write until
// it is opened again, because a later sync that succeeds proves nothing. Bytes
// that are not what they must be are a [*ledger.IntegrityError].
package embedded
