// Package notary keeps the transparency log over a ledger: an RFC 6962 tree
// whose leaves are the envelopes of all events, byte for byte, in the order
// of their positions. After each group of appends it signs a checkpoint (name,
// size and root hash), so that whoever keeps one can later prove that nothing
// before it was changed, moved or left out.
//
//	n, err := notary.Open(dir, notary.Config{Store: store, Origin: origin, Signer: signer})
//	if err != nil { … }
//	defer n.Close()
//	go n.Run(ctx)                        // a checkpoint after each group
//	n.WaitFor(ctx, position)             // until a checkpoint covers it
//	receipt, err := n.Receipt(ctx, position)
//
// The formats are those of C2SP, which other tools read as well: checkpoints
// are signed notes (tlog-checkpoint, Ed25519), the tree is served and exported
// as tiles (tlog-tiles), receipts are inclusion proofs (tlog-proof) that carry
// the event's envelope as their extra data.
//
// # What is kept
//
// The tree is derived from the store and can be made again from it. In its
// folder lie:
//
//	signed    the last checkpoints signed, in two slots
//	leaves    40 bytes an event: its position and its leaf hash
//	nodes-L   32 bytes for each full subtree of 256^L events
//
// A checkpoint is in its file before anybody is told of it, and on the disk a
// quarter of a second later, or sooner where something is to rest on it
// ([Notary.Flush]). After a power cut the log goes on from the last one that
// came to the disk; those after it are signed again over the same events,
// which the store had made durable before. The other files are not waited
// for; after a crash what they lack is read from the store again, and the
// result must have the root that was signed.
//
// # What is refused
//
// Nothing is signed that does not continue the last checkpoint. A store that
// lacks or has changed what was signed is a [*ledger.IntegrityError] that
// names the first position found different: Open compares the end of the
// store, Run the rest of it beside its work, [Notary.Check] all at once.
//
// # Several replicas
//
// Where several processes record into one store, each keeps a log of its own
// from it, and one of them signs ([Config.Shared]):
//
//	err = n.Run(ctx)      // as the leader, until ctx ends or ErrLostLead
//	err = n.Follow(ctx)   // as one of the others, until ctx ends
//
// A Notary does first the one, then the other, as often as the lead changes.
// Head, WaitFor, proofs and tiles work all the time.
//
// # For an auditor
//
// [VerifyLog] checks a static copy with nothing but trusted keys: every tile,
// the checkpoint, and through package ledger every event. It needs no server
// and no database.
//
// All methods are safe for concurrent use.
package notary
