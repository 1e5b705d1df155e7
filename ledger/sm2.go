package ledger

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
)

// SM2 (国密) signs with SM3 on the curve sm2p256v1 (GB/T 32918.2, GB/T
// 32905), under the default identity of GM/T 0009, "1234567812345678". The
// standard library does not know it, so reading and writing such keys goes
// through gmsm.
const SM2 Algorithm = "sm2"

// isSM2 tells a public key on the curve of SM2; Go holds it as an ECDSA key.
func isSM2(pub crypto.PublicKey) bool { return sm2.IsSM2PublicKey(pub) }

// sm2Signer signs through sigstore's interface.
type sm2Signer struct{ key *sm2.PrivateKey }

func (s sm2Signer) PublicKey(...signature.PublicKeyOption) (crypto.PublicKey, error) {
	return &s.key.PublicKey, nil
}

func (s sm2Signer) SignMessage(message io.Reader, _ ...signature.SignOption) ([]byte, error) {
	raw, err := io.ReadAll(message)
	if err != nil {
		return nil, err
	}
	return s.key.SignWithSM2(rand.Reader, nil, raw)
}

// sm2Verifier verifies through sigstore's interface.
type sm2Verifier struct{ key *ecdsa.PublicKey }

func (v sm2Verifier) PublicKey(...signature.PublicKeyOption) (crypto.PublicKey, error) {
	return v.key, nil
}

func (v sm2Verifier) VerifySignature(sig, message io.Reader, _ ...signature.VerifyOption) error {
	rawSig, err := io.ReadAll(sig)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(message)
	if err != nil {
		return err
	}
	if !isOneSpelling(rawSig) || !sm2.VerifyASN1WithSM2(v.key, nil, raw, rawSig) {
		return errors.New("SM2 signature does not fit")
	}
	return nil
}

// isOneSpelling tells whether the signature is the DER of two integers, and
// nothing but it, so that no bit of it can be changed unseen.
func isOneSpelling(sig []byte) bool {
	var rs struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(sig, &rs); err != nil || len(rest) > 0 {
		return false
	}
	again, err := asn1.Marshal(rs)
	return err == nil && bytes.Equal(again, sig)
}

// loadSigner is sigstore's LoadSigner, which also takes SM2.
func loadSigner(priv crypto.PrivateKey) (signature.Signer, error) {
	if key, ok := priv.(*sm2.PrivateKey); ok {
		return sm2Signer{key}, nil
	}
	return signature.LoadSigner(priv, crypto.SHA256)
}

// loadVerifier is sigstore's LoadVerifier, which also takes SM2.
func loadVerifier(pub crypto.PublicKey) (signature.Verifier, error) {
	if isSM2(pub) {
		return sm2Verifier{pub.(*ecdsa.PublicKey)}, nil
	}
	return signature.LoadVerifier(pub, crypto.SHA256)
}

// marshalPublicDER returns the SPKI DER of a public key: what its id is the
// digest of, and what an enrolment holds in base64.
func marshalPublicDER(pub crypto.PublicKey) ([]byte, error) {
	if isSM2(pub) {
		return smx509.MarshalPKIXPublicKey(pub)
	}
	return x509.MarshalPKIXPublicKey(pub)
}

// parsePublicDER reads an SPKI DER. Its own spelling is the only one taken:
// the id of the key is the digest of these bytes.
func parsePublicDER(der []byte) (crypto.PublicKey, error) {
	pub, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		other, bad := smx509.ParsePKIXPublicKey(der)
		if bad != nil || !isSM2(other) {
			return nil, err
		}
		pub = other
	}
	again, err := marshalPublicDER(pub)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, der) {
		return nil, errors.New("public key is spelled otherwise than DER spells it")
	}
	return pub, nil
}

// marshalSM2 writes a private SM2 key as MarshalKey does the others.
func marshalSM2(key *sm2.PrivateKey, passphrase []byte) ([]byte, error) {
	der, err := smx509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write a private key: %w", err)
	}
	if passphrase == nil {
		return cryptoutils.PEMEncode(cryptoutils.PrivateKeyPEMType, der), nil
	}
	if der, err = encrypted.Encrypt(der, passphrase); err != nil {
		return nil, fmt.Errorf("encrypt a private key: %w", err)
	}
	return cryptoutils.PEMEncode(cryptoutils.EncryptedSigstorePrivateKeyPEMType, der), nil
}

// parseSM2 reads what marshalSM2 writes in plain; nil when it is something
// else.
func parseSM2(pemBytes []byte) *sm2.PrivateKey {
	block, _ := pem.Decode(pemBytes)
	if block == nil {
		return nil
	}
	priv, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil
	}
	key, _ := priv.(*sm2.PrivateKey)
	return key
}

// EncodePublicKey writes a public key as an enrolment holds it: the SPKI DER
// in standard base64.
func EncodePublicKey(pub crypto.PublicKey) (string, error) {
	der, err := marshalPublicDER(pub)
	return base64.StdEncoding.EncodeToString(der), err
}
