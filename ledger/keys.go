package ledger

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"

	"github.com/probity-ledger/probity/domain"
)

// Algorithm names a kind of signing key.
type Algorithm string

// The algorithms of signing keys. Ed25519 is the default; ECDSA signs with
// SHA-256 on P-256, RSA with PKCS #1 v1.5 and SHA-256 at 3072 bits. See also
// [SM2].
const (
	Ed25519   Algorithm = "ed25519"
	ECDSAP256 Algorithm = "ecdsa-p256"
	RSA3072   Algorithm = "rsa-3072"
)

const (
	// minRSABits is the shortest RSA modulus accepted (NIST SP 800-131A);
	// beyond maxRSABits a key would only slow down whoever verifies.
	minRSABits = 2048
	maxRSABits = 8192
	// minRSAExponent is the least public exponent (FIPS 186-5, A.1.1).
	minRSAExponent = 1<<16 + 1
)

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
	case SM2:
		return sm2.GenerateKey(rand.Reader)
	}
	return nil, fmt.Errorf("unknown key algorithm %q: use %s, %s, %s or %s", alg, Ed25519, ECDSAP256, RSA3072, SM2)
}

// checkAlgorithm refuses keys of a kind or strength the ledger does not take.
func checkAlgorithm(pub crypto.PublicKey) error {
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return checkEd25519(k)
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && !isSM2(pub) {
			return fmt.Errorf("ECDSA key on %s: only P-256 is accepted, and the curve of SM2", k.Curve.Params().Name)
		}
		return nil
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSABits {
			return fmt.Errorf("RSA key of %d bits: at least %d are required", k.N.BitLen(), minRSABits)
		}
		if k.N.BitLen() > maxRSABits {
			return fmt.Errorf("RSA key of %d bits: at most %d are accepted", k.N.BitLen(), maxRSABits)
		}
		if k.E < minRSAExponent || k.E%2 == 0 {
			return fmt.Errorf("RSA key with exponent %d: an odd one above 65536 is required", k.E)
		}
		return nil
	}
	return fmt.Errorf("key of type %T: Ed25519, ECDSA P-256, RSA and SM2 are accepted", pub)
}

// AlgorithmOf names the kind of a public key as the ledger's events do.
func AlgorithmOf(pub crypto.PublicKey) (domain.KeyAlgorithm, error) {
	if err := checkAlgorithm(pub); err != nil {
		return "", err
	}
	switch pub.(type) {
	case ed25519.PublicKey:
		return domain.AlgorithmEd25519, nil
	case *rsa.PublicKey:
		return domain.AlgorithmRSA, nil
	}
	if isSM2(pub) {
		return domain.AlgorithmSM2, nil
	}
	return domain.AlgorithmECDSAP256, nil
}

// checkEd25519 refuses what is no point of the curve, a second spelling of
// one, and the eight points of small order, under which anybody can make
// signatures.
func checkEd25519(k ed25519.PublicKey) error {
	var (
		y curve.CompressedEdwardsY
		p curve.EdwardsPoint
	)
	if _, err := y.SetBytes(k); err != nil {
		return fmt.Errorf("Ed25519 key of %d bytes: %d are required", len(k), ed25519.PublicKeySize)
	}
	if _, err := p.SetCompressedY(&y); err != nil || !y.IsCanonicalVartime() || p.IsSmallOrder() {
		return errors.New("weak or malformed Ed25519 key")
	}
	return nil
}

// Signer signs payloads with one private key. It is safe for concurrent use.
type Signer struct {
	signer signature.Signer
	public crypto.PublicKey
	id     KeyID
}

// NewSigner wraps a private key (Ed25519, ECDSA P-256, RSA, SM2).
func NewSigner(priv crypto.PrivateKey) (*Signer, error) {
	s, err := loadSigner(priv)
	if err != nil {
		return nil, fmt.Errorf("load a signing key: %w", err)
	}
	return SignerOf(s)
}

// SignerOf wraps a signer of sigstore's interface, such as one whose private
// key lies in a key management service. It must sign as the ledger verifies:
// with SHA-256, and PKCS #1 v1.5 where the key is RSA.
func SignerOf(s signature.Signer) (*Signer, error) {
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

func (s *Signer) sign(message []byte) ([]byte, error) {
	sig, err := s.signer.SignMessage(bytes.NewReader(message))
	if pub, ok := s.public.(*ecdsa.PublicKey); ok && err == nil && !isSM2(pub) {
		return lowS(pub, sig)
	}
	return sig, err
}

// lowS returns, of the two ECDSA signatures (r, s) and (r, n-s), the one with
// the smaller s, in DER.
func lowS(pub *ecdsa.PublicKey, sig []byte) ([]byte, error) {
	var rs struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(sig, &rs)
	if err != nil || len(rest) > 0 {
		return nil, errors.New("malformed ECDSA signature")
	}
	n := pub.Params().N
	if twin := new(big.Int).Sub(n, rs.S); twin.Cmp(rs.S) < 0 {
		rs.S = twin
	}
	return asn1.Marshal(rs)
}

// SelfTest signs something that no event begins like, and verifies it as the
// ledger does: for signers made elsewhere, which may hash or pad otherwise.
func (s *Signer) SelfTest() error {
	message := []byte("probity: does this key sign as the ledger verifies?\n")
	sig, err := s.sign(message)
	if err != nil {
		return err
	}
	_, key, err := loadRingKey(s.public)
	if err == nil && !key.verify(message, sig) {
		err = errors.New("the key signs otherwise than the ledger verifies: it takes Ed25519, ECDSA P-256 with SHA-256, and RSA PKCS #1 v1.5 with SHA-256")
	}
	return err
}

// Sign signs a message that is not an event: the transparency log's
// checkpoints. No message may begin like a PAE, and none may come from outside.
func (s *Signer) Sign(message []byte) ([]byte, error) {
	if bytes.HasPrefix(message, []byte(paeHead)) {
		return nil, errors.New("sign a message: it could be taken for an event")
	}
	return s.sign(message)
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
	if passphrase != nil && len(passphrase) == 0 {
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrPassphrase)
	}
	if key, ok := priv.(*sm2.PrivateKey); ok {
		return marshalSM2(key, passphrase)
	}
	if passphrase == nil {
		return cryptoutils.MarshalPrivateKeyToPEM(priv)
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
	return block != nil && strings.HasPrefix(block.Type, "ENCRYPTED ")
}

// ParseKey reads a private key PEM. The passphrase is ignored for a plain
// one; for an encrypted one a wrong passphrase is ErrPassphrase.
func ParseKey(pemBytes, passphrase []byte) (crypto.PrivateKey, error) {
	if !KeyIsEncrypted(pemBytes) {
		if key := parseSM2(pemBytes); key != nil {
			return key, nil
		}
		priv, err := cryptoutils.UnmarshalPEMToPrivateKey(pemBytes, nil)
		if err != nil {
			return nil, fmt.Errorf("read a private key: %w", err)
		}
		return priv, nil
	}
	if len(passphrase) == 0 {
		return nil, ErrPassphrase
	}
	if block, _ := pem.Decode(pemBytes); block.Type == string(cryptoutils.EncryptedSigstorePrivateKeyPEMType) {
		der, err := encrypted.Decrypt(block.Bytes, passphrase)
		if err != nil {
			return nil, ErrPassphrase
		}
		return ParseKey(cryptoutils.PEMEncode(cryptoutils.PrivateKeyPEMType, der), nil)
	}
	priv, err := cryptoutils.UnmarshalPEMToPrivateKey(pemBytes, cryptoutils.StaticPasswordFunc(passphrase))
	if err != nil {
		return nil, ErrPassphrase
	}
	return priv, nil
}

// MarshalPublicKey writes a public key as SPKI PEM.
func MarshalPublicKey(pub crypto.PublicKey) ([]byte, error) {
	der, err := marshalPublicDER(pub)
	if err != nil {
		return nil, fmt.Errorf("write a public key: %w", err)
	}
	return cryptoutils.PEMEncode(cryptoutils.PublicKeyPEMType, der), nil
}

// ParsePublicKeys reads every public key of a PEM file, at least one.
func ParsePublicKeys(pemBytes []byte) ([]crypto.PublicKey, error) {
	var keys []crypto.PublicKey
	all := pemBytes
	for {
		block, rest := pem.Decode(pemBytes)
		if block == nil {
			break
		}
		pub, err := parsePublicBlock(block)
		if err != nil {
			return nil, fmt.Errorf("read a public key: %w", err)
		}
		keys, pemBytes = append(keys, pub), rest
	}
	if begun := bytes.Count(all, []byte("-----BEGIN ")); begun > len(keys) {
		return nil, fmt.Errorf("read public keys: %d begin but only %d are whole", begun, len(keys))
	}
	if len(keys) == 0 {
		return nil, errors.New("no public key in PEM form")
	}
	return keys, nil
}

// parsePublicBlock reads one public key of a PEM file.
func parsePublicBlock(block *pem.Block) (crypto.PublicKey, error) {
	if block.Type == string(cryptoutils.PublicKeyPEMType) {
		return parsePublicDER(block.Bytes)
	}
	return cryptoutils.UnmarshalPEMToPublicKey(pem.EncodeToMemory(block))
}
