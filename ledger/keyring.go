package ledger

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"fmt"

	voi "github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
	"github.com/sigstore/sigstore/pkg/signature"

	"github.com/probity-ledger/probity/domain"
)

// Keyring holds the public keys whose signatures count, by id. It is
// read-only once made.
type Keyring struct {
	keys map[KeyID]ringKey
}

type ringKey struct {
	verifier  signature.Verifier
	public    crypto.PublicKey
	algorithm domain.KeyAlgorithm
	// For an Ed25519 key only; expanded has multiples of it made ready.
	ed25519  ed25519.PublicKey
	expanded *voi.ExpandedPublicKey
}

// verify tells whether sig is the signature over message. An ECDSA signature
// has a twin that any stranger can compute; only the one that a Signer makes
// counts, so that nobody can change a stored byte unseen.
func (k ringKey) verify(message, sig []byte) bool {
	if k.ed25519 != nil {
		return k.verifyEd25519(message, sig)
	}
	if pub, ok := k.public.(*ecdsa.PublicKey); ok && !isSM2(pub) {
		if low, err := lowS(pub, sig); err != nil || !bytes.Equal(low, sig) {
			return false
		}
	}
	return k.verifier.VerifySignature(bytes.NewReader(sig), bytes.NewReader(message)) == nil
}

// NewKeyring makes a keyring of public keys (Ed25519, ECDSA P-256, RSA, SM2).
func NewKeyring(publics ...crypto.PublicKey) (*Keyring, error) {
	ring := &Keyring{keys: make(map[KeyID]ringKey, len(publics))}
	for _, pub := range publics {
		id, key, err := loadRingKey(pub)
		if err != nil {
			return nil, err
		}
		ring.keys[id] = key
	}
	return ring, nil
}

func loadRingKey(pub crypto.PublicKey) (KeyID, ringKey, error) {
	key := ringKey{public: pub}
	var err error
	if key.algorithm, err = AlgorithmOf(pub); err != nil {
		return "", key, err
	}
	id, err := KeyIDOf(pub)
	if err != nil {
		return "", key, err
	}
	if key.verifier, err = loadVerifier(pub); err != nil {
		return "", key, fmt.Errorf("load public key %s: %w", id, err)
	}
	if ed, ok := pub.(ed25519.PublicKey); ok {
		key.ed25519 = ed
		if key.expanded, err = voi.NewExpandedPublicKey(voi.PublicKey(ed)); err != nil {
			return "", key, fmt.Errorf("load public key %s: %w", id, err)
		}
	}
	return id, key, nil
}

// Has tells whether the key is on the ring.
func (r *Keyring) Has(id KeyID) bool {
	_, ok := r.keys[id]
	return ok
}

// VerifyKnown checks the signatures by keys on the ring, of which there must be
// one, and returns the keys of the others, which it leaves unjudged.
func (r *Keyring) VerifyKnown(env Envelope) (unknown []KeyID, err error) {
	known := Envelope{Payload: env.Payload}
	for _, s := range env.Signatures {
		if r.Has(s.KeyID) {
			known.Signatures = append(known.Signatures, s)
		} else {
			unknown = append(unknown, s.KeyID)
		}
	}
	if len(known.Signatures) == 0 {
		known = env // says which key is not known
	}
	return unknown, r.Verify(known)
}

// Verify checks every signature of the envelope against the keyring: all
// must be by known keys and right, and there is at least one.
func (r *Keyring) Verify(env Envelope) error {
	pae := PAE(env.Payload)
	for _, s := range env.Signatures {
		key, ok := r.keys[s.KeyID]
		if !ok {
			return fmt.Errorf("signed by key %s, which this ledger does not know", s.KeyID)
		}
		if !key.verify(pae, s.Sig) {
			return fmt.Errorf("signature by key %s does not fit the payload", s.KeyID)
		}
	}
	return nil
}
