package ledger

import (
	"crypto/rand"

	voi "github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
)

// batch gathers Ed25519 signatures to be verified together, again and again.
type batch struct {
	verifier *voi.BatchVerifier
	entries  int
}

// newBatch makes one with room for so many; more are taken as well.
func newBatch(room int) *batch {
	return &batch{verifier: voi.NewBatchVerifierWithCapacity(room)}
}

// add takes an envelope whose signatures are all by known Ed25519 keys; it
// returns false for any other, which must be verified by itself.
func (b *batch) add(ring *Keyring, env Envelope) bool {
	for _, s := range env.Signatures {
		if ring.keys[s.KeyID].expanded == nil {
			return false
		}
	}
	pae := PAE(env.Payload)
	for _, s := range env.Signatures {
		b.verifier.AddExpanded(ring.keys[s.KeyID].expanded, pae, s.Sig)
		b.entries++
	}
	return true
}

// verify tells whether all that was added is right, and empties the batch.
func (b *batch) verify() bool {
	right := b.entries == 0 || b.verifier.VerifyBatchOnly(rand.Reader)
	b.verifier.Reset()
	b.entries = 0
	return right
}
