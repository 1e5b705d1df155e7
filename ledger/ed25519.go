package ledger

import (
	"crypto/ed25519"

	voi "github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
)

// standardEquation makes curve25519-voi decide as crypto/ed25519 does: by the
// cofactorless equation, R compared byte by byte, s below the group's order.
var standardEquation = &voi.Options{Verify: voi.VerifyOptionsStdLib}

// verifyEd25519 tells whether sig is the signature over message, as
// [ed25519.Verify] decides it, in about half the time: a ledger has few keys
// and many signatures, and the expanded form of a key saves the same work for
// each. The standard library stays the authority: what the other refuses is
// refused only when it refuses as well, and the two are held against each
// other on the signatures in which implementations are known to differ
// (TestEd25519IsDecidedAsByTheStandardLibrary) and on random ones.
func (k ringKey) verifyEd25519(message, sig []byte) bool {
	return voi.VerifyExpandedWithOptions(k.expanded, message, sig, standardEquation) || ed25519.Verify(k.ed25519, message, sig)
}
