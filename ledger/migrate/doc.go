// Package migrate copies a ledger from one store to another, byte for byte:
// the same envelopes, so the same signatures, in the same order, so the same
// tree with the same root. Positions belong to a store, and may differ.
//
//	copied, err := migrate.Copy(ctx, migrate.Config{From: old, To: new})
//	…
//	for step, err := range migrate.Pairs(ctx, old, new) {
//		// every event of both, found equal; step.Root() is the tree's so far
//	}
//
// # Crashes
//
// Copy keeps no notes. It reads the target first and compares it with the
// source, event by event; what is there must be the beginning of the source,
// and is gone on from. So it may be killed at any moment and be begun again,
// and a target that holds anything else is refused with a [*Difference].
//
// Nobody may write into either store meanwhile. A target that somebody else
// writes into is noticed, for appends are made at the revision that the source
// has; a source that grows is copied as far as it goes, and Pairs tells that it
// is longer.
//
// Copy and Pairs hold one append in memory, and are safe to run beside readers.
package migrate
