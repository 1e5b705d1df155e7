package ledger

import (
	"crypto"
	"fmt"

	"github.com/probity-ledger/probity/domain"
)

// Covers tells whether what the key signs of the log as a whole, such as a
// checkpoint over its events up to a place, counts there; if not, the error
// says how the key stands. It counts when it is a key of the ledger or of
// checkpoints, enrolled by then, and neither retired nor revoked by then. A
// root counts without being enrolled.
//
// The events up to that place must have been followed; of a place beyond them
// it is judged by what they say.
func (t *Trust) Covers(id KeyID, through Position) error {
	k := t.keys[id]
	switch {
	case k == nil:
		return fmt.Errorf("key %s, which the log does not enrol", id)
	case !ofTheLedger(k.Purpose):
		return fmt.Errorf("key %s, which is held by %s and not by the ledger", id, k.Holder)
	case !k.root && k.enrolled > through:
		return fmt.Errorf("key %s, which is enrolled at position %s only", id, k.enrolled)
	}
	switch v := t.voids()[id]; {
	case through >= v.from && v.cause == id:
		return fmt.Errorf("key %s, which is revoked from position %s on", id, v.from)
	case through >= v.from:
		return fmt.Errorf("key %s, which was enrolled on the word of key %s, revoked by then", id, v.cause)
	case k.ended != Start && through >= k.ended:
		return fmt.Errorf("key %s, which was %s at position %s", id, k.end(), k.ended)
	}
	return nil
}

// ofTheLedger tells whether keys of that purpose are the ledger's own.
func ofTheLedger(p domain.KeyPurpose) bool {
	return p == domain.KeyOfLedger || p == domain.KeyOfCheckpoints
}

// Knows tells whether the key is a root, or the log says anything of it.
func (t *Trust) Knows(id KeyID) bool { return t.keys[id] != nil }

// Public returns the public key of one that was met; nil for any other.
func (t *Trust) Public(id KeyID) crypto.PublicKey {
	return t.ring.Load().keys[id].public
}
