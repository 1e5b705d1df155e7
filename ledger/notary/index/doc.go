// Package index keeps a verifiable index over a transparency log: from each
// typed reference (officer/HG-0026) to all the events that touch it. Its root
// is signed together with a checkpoint, so that a list of somebody's events
// can be proved to be the whole list up to there, and not a selection.
//
//	x, err := index.Open(dir, index.Config{Store: store, Notary: n, Codec: codec, Signer: signer, Trust: trust})
//	if err != nil { … }
//	defer x.Close()
//	go x.Run(ctx)                       // goes along with the checkpoints
//	file, err := x.File(ctx, index.Ask{Subject: ref, Rooms: rooms, Open: mayRead})
//	report, err := index.VerifyFile(ctx, raw, ref, cfg) // offline, with keys alone
//
// # The map
//
// A reference's key is the SHA-256 of the ledger's name and the reference, its
// value how many events touch it and a hash chain over their indices in the
// log. The keys form a binary Patricia trie: a node stands only where keys
// part, and its hash covers the number of the bit in which they do. Following
// the bits of a key from the root leads to one leaf and no other: to the
// key's own, or to another's, which proves that nothing touches it.
//
// Everything follows from the log and one secret. A leaf's value is blinded
// with a hash of the secret, the key and the count, so that whoever holds the
// proof of one person cannot guess, from the hashes in it, how much there is
// about another. The signed note names the hash of the secret. An auditor who
// may read the whole log is given the secret with it ([SecretFile]), makes
// the map again and compares ([Check]): an index that lies is found out.
//
// # What is kept
//
// In its folder lie the secret, the keys in the order in which they first
// came ("refs"), which of them each event touches ("touches"), and the last
// root signed with its checkpoint ("signed"). Only the secret is waited for:
// the others can be made again from the store, and must give the root that
// was signed.
//
// An Index is safe for concurrent use.
package index
