// Package kurrent keeps a ledger in KurrentDB (or EventStoreDB 23.10 and
// newer), on one node or a cluster.
//
//	store, err := kurrent.Open(ctx, kurrent.Options{
//		URL:         "esdb://n1:2113,n2:2113,n3:2113?tlsCAFile=/etc/probity/ca.pem",
//		Credentials: "file:/etc/probity/kurrentdb", // user:password
//	})
//	if err != nil { … }
//	defer store.Close()
//
// An entry becomes one event of type [EventType] in the stream of its name
// behind [Options.Prefix]; its data are the envelope's exact bytes, sent as
// application/octet-stream, so that nothing on the way reads or respells them.
// The id of the entry lies in the event's metadata. The id under which the
// server knows the event is a digest of that id and the envelope: the server's
// own answer to a repeated append thereby compares bytes as well as ids.
//
// What the promises of [ledger.Store] rest on:
//
//   - Durability: the server acknowledges an append when a majority of the
//     cluster has it on its disks.
//   - Order: a position is the event's place in the log that the leader writes
//     and the others copy byte for byte, so it is the same on every node and
//     for ever. One append is one write, whole or not at all.
//   - Stable prefix: $all is given out up to what is indexed, and only what a
//     majority has is indexed. All reads and appends ask for the leader, so
//     that what was acknowledged is seen by every read after it.
//   - Append-only: nothing here deletes. What an administrator can delete all
//     the same is watched for: truncation, deletion and limits ($tb,
//     $maxCount, $maxAge) of our streams, and events that are not ours. They
//     are a [*ledger.IntegrityError]: it is logged, ends subscriptions and
//     refuses appends; see [Store.Err].
//
// # Concurrency
//
// All methods are safe for concurrent use. No call outlasts its context, also
// while the cluster is away; a read holds a goroutine and a bounded buffer
// until it ends.
//
// # Failure
//
// An append that was sent and not answered fails with
// [ledger.ErrUnknownOutcome], and so does one for which no leader was found in
// time: repeat the very same append. Reads go on by themselves where a
// connection broke and give up after [Options.Patience]; subscriptions go on
// until their context ends. The leader is looked for anew after each failure.
//
// docs/kurrentdb.md tells what to set on the server, and how to run the suite
// against one.
package kurrent
