package ledger

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
)

// Algorithm names a kind of signing key.
type Algorithm string

// The algorithms of signing keys. Ed25519 is the default; ECDSA signs with
// SHA-256 on P-256, RSA with PKCS #1 v1.5 and SHA-256 at 3072 bits.
const (
	Ed25519   Algorithm = "ed25519"
	ECDSAP256 Algorithm = "ecdsa-p256"
	RSA3072   Algorithm = "rsa-3072"
)

// minRSABits is the shortest RSA modulus accepted (NIST SP 800-131A).
const minRSABits = 2048

// GenerateKey makes a new private key.
func GenerateKey(alg Algorithm) (crypto.PrivateKey, error) {
	switch alg {
	case Ed25519:
		_, priv, err := ed25519.GenerateKey(rand.Reader)
		return priv, err
	case ECDSAP256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	}
	return nil, fmt.Errorf("unknown key algorithm %q: use %s, %s or %s", alg, Ed25519, ECDSAP256, RSA3072)
}

// checkAlgorithm refuses keys of a kind or strength the ledger does not take.
func checkAlgorithm(pub crypto.PublicKey) error {
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return nil
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return fmt.Errorf("ECDSA key on %s: only P-256 is accepted", k.Curve.Params().Name)
		}
		return nil
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSABits {
			return fmt.Errorf("RSA key of %d bits: at least %d are required", k.N.BitLen(), minRSABits)
		}
		return nil
	}
	return fmt.Errorf("key of type %T: Ed25519, ECDSA P-256 and RSA are accepted", pub)
}

// Signer signs payloads with one private key. It is safe for concurrent use.
type Signer struct {
	signer signature.Signer
	public crypto.PublicKey
	id     KeyID
}

// NewSigner wraps a private key (Ed25519, ECDSA P-256, RSA).
func NewSigner(priv crypto.PrivateKey) (*Signer, error) {
	s, err := signature.LoadSigner(priv, crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("load a signing key: %w", err)
	}
	pub, err := s.PublicKey()
	if err != nil {
		return nil, fmt.Errorf("load a signing key: %w", err)
	}
	if err := checkAlgorithm(pub); err != nil {
		return nil, err
	}
	id, err := KeyIDOf(pub)
	if err != nil {
		return nil, err
	}
	return &Signer{s, pub, id}, nil
}

// ID returns the id of the signer's public key.
func (s *Signer) ID() KeyID { return s.id }

// Public returns the signer's public key.
func (s *Signer) Public() crypto.PublicKey { return s.public }

// ErrPassphrase: a key file is encrypted and the passphrase is missing or
// wrong.
var ErrPassphrase = errors.New("key file: wrong or missing passphrase")

// MarshalKey writes a private key as PEM: encrypted under the passphrase
// (scrypt and NaCl secretbox, the form of sigstore and cosign), or plain
// PKCS #8 when the passphrase is nil. An empty passphrase is refused.
func MarshalKey(priv crypto.PrivateKey, passphrase []byte) ([]byte, error) {
	if passphrase == nil {
		return cryptoutils.MarshalPrivateKeyToPEM(priv)
	}
	if len(passphrase) == 0 {
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrPassphrase)
	}
	der, err := cryptoutils.MarshalPrivateKeyToEncryptedDER(priv, cryptoutils.StaticPasswordFunc(passphrase))
	if err != nil {
		return nil, fmt.Errorf("encrypt a private key: %w", err)
	}
	return cryptoutils.PEMEncode(cryptoutils.EncryptedSigstorePrivateKeyPEMType, der), nil
}

// KeyIsEncrypted tells whether a private key PEM needs a passphrase.
func KeyIsEncrypted(pemBytes []byte) bool {
	block, _ := pem.Decode(pemBytes)
	return block != nil && block.Type != string(cryptoutils.PrivateKeyPEMType)
}

// ParseKey reads a private key PEM. The passphrase is ignored for a plain
// one; for an encrypted one a wrong passphrase is ErrPassphrase.
func ParseKey(pemBytes, passphrase []byte) (crypto.PrivateKey, error) {
	if !KeyIsEncrypted(pemBytes) {
		priv, err := cryptoutils.UnmarshalPEMToPrivateKey(pemBytes, nil)
		if err != nil {
			return nil, fmt.Errorf("read a private key: %w", err)
		}
		return priv, nil
	}
	if len(passphrase) == 0 {
		return nil, ErrPassphrase
	}
	priv, err := cryptoutils.UnmarshalPEMToPrivateKey(pemBytes, cryptoutils.StaticPasswordFunc(passphrase))
	if err != nil {
		return nil, ErrPassphrase
	}
	return priv, nil
}

// MarshalPublicKey writes a public key as SPKI PEM.
func MarshalPublicKey(pub crypto.PublicKey) ([]byte, error) {
	return cryptoutils.MarshalPublicKeyToPEM(pub)
}

// ParsePublicKeys reads every public key of a PEM file, at least one.
func ParsePublicKeys(pemBytes []byte) ([]crypto.PublicKey, error) {
	var keys []crypto.PublicKey
	for {
		block, rest := pem.Decode(pemBytes)
		if block == nil {
			break
		}
		pub, err := cryptoutils.UnmarshalPEMToPublicKey(pem.EncodeToMemory(block))
		if err != nil {
			return nil, fmt.Errorf("read a public key: %w", err)
		}
		keys, pemBytes = append(keys, pub), rest
	}
	if len(keys) == 0 {
		return nil, errors.New("no public key in PEM form")
	}
	return keys, nil
}
