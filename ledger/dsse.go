package ledger

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// PayloadType is the DSSE payload type of every event: CloudEvents 1.0 in
// its JSON format. It is part of what is signed and checked when verifying.
const PayloadType = "application/cloudevents+json"

// KeyID names a public key: the SHA-256 of its SPKI DER, in lower-case hex.
type KeyID string

// KeyIDOf returns the id of a public key of a kind that X.509 knows.
func KeyIDOf(pub crypto.PublicKey) (KeyID, error) {
	der, err := marshalPublicDER(pub)
	if err != nil {
		return "", fmt.Errorf("name a public key: %w", err)
	}
	sum := sha256.Sum256(der)
	return KeyID(hex.EncodeToString(sum[:])), nil
}

// Signature is one signature of an envelope.
type Signature struct {
	KeyID KeyID
	Sig   []byte
}

// Envelope is an opened DSSE envelope (github.com/secure-systems-lab/dsse,
// protocol v1.0.0): the exact payload bytes and who signed them.
type Envelope struct {
	Payload    []byte
	Signatures []Signature
}

// The one spelling of an envelope. DSSE leaves the order and spacing of the
// JSON free; the ledger does not, so that stored bytes have no bit that a
// verifier would overlook.
const (
	envelopeHead = `{"payload":"`
	envelopeType = `","payloadType":"` + PayloadType + `","signatures":[`
	envelopeKey  = `{"keyid":"`
	envelopeSig  = `","sig":"`
	envelopeEnd  = `"}`
	envelopeTail = `]}`
)

// paeHead begins every message that is signed as an event.
const paeHead = "DSSEv1 "

// PAE returns the DSSE pre-authentication encoding of an event's payload:
// the bytes that are signed.
func PAE(payload []byte) []byte {
	b := make([]byte, 0, len(payload)+64)
	b = append(b, paeHead...)
	b = strconv.AppendInt(b, int64(len(PayloadType)), 10)
	b = append(b, ' ')
	b = append(b, PayloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, ' ')
	return append(b, payload...)
}

// Seal signs the payload with every signer, in order, and returns the
// envelope's bytes. It fails with ErrTooLarge when they exceed MaxEnvelope.
func Seal(payload []byte, signers ...*Signer) ([]byte, error) {
	return sealWith(payload, nil, signers...)
}

// sealWith is Seal with signatures made elsewhere, which follow the signers'.
func sealWith(payload []byte, others []Signature, signers ...*Signer) ([]byte, error) {
	if len(signers) == 0 {
		return nil, errors.New("seal an envelope: no signer")
	}
	pae := PAE(payload)
	b := make([]byte, 0, base64.StdEncoding.EncodedLen(len(payload))+512)
	b = append(b, envelopeHead...)
	b = base64.StdEncoding.AppendEncode(b, payload)
	b = append(b, envelopeType...)
	for i, s := range signers {
		if slices.ContainsFunc(signers[:i], func(o *Signer) bool { return o.id == s.id }) {
			return nil, errors.New("seal an envelope: twice the same signer")
		}
		sig, err := s.sign(pae)
		if err != nil {
			return nil, fmt.Errorf("sign an event: %w", err)
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSignature(b, s.id, sig)
	}
	for _, s := range others {
		b = appendSignature(append(b, ','), s.KeyID, s.Sig)
	}
	b = append(b, envelopeTail...)
	if len(b) > MaxEnvelope {
		return nil, fmt.Errorf("%w: the envelope has %d bytes, at most %d are allowed; file long matter as evidence", ErrTooLarge, len(b), MaxEnvelope)
	}
	return b, nil
}

func appendSignature(b []byte, id KeyID, sig []byte) []byte {
	b = append(b, envelopeKey...)
	b = append(b, id...)
	b = append(b, envelopeSig...)
	b = base64.StdEncoding.AppendEncode(b, sig)
	return append(b, envelopeEnd...)
}

var strictBase64 = base64.StdEncoding.Strict()

// OpenEnvelope takes an envelope apart, without judging its signatures. Only
// the one spelling that Seal writes is accepted.
func OpenEnvelope(b []byte) (Envelope, error) {
	var env Envelope
	if len(b) > MaxEnvelope {
		return env, fmt.Errorf("envelope of %d bytes, at most %d are allowed", len(b), MaxEnvelope)
	}
	rest, ok := bytes.CutPrefix(b, []byte(envelopeHead))
	if !ok {
		return env, errors.New("not a DSSE envelope of this ledger")
	}
	encoded, rest, ok := bytes.Cut(rest, []byte(envelopeType))
	if !ok {
		return env, errors.New("envelope is of another payload type or malformed")
	}
	var err error
	if env.Payload, err = decodeBase64(encoded); err != nil {
		return env, fmt.Errorf("envelope payload: %w", err)
	}
	for {
		var sig Signature
		if sig, rest, err = cutSignature(rest); err != nil {
			return env, err
		}
		for _, s := range env.Signatures {
			if s.KeyID == sig.KeyID {
				return env, errors.New("envelope is signed twice by one key")
			}
		}
		env.Signatures = append(env.Signatures, sig)
		if string(rest) == envelopeTail {
			return env, nil
		}
		if len(rest) == 0 || rest[0] != ',' {
			return env, errors.New("envelope has bytes that do not belong")
		}
		rest = rest[1:]
	}
}

func cutSignature(b []byte) (sig Signature, rest []byte, err error) {
	b, ok1 := bytes.CutPrefix(b, []byte(envelopeKey))
	key, b, ok2 := bytes.Cut(b, []byte(envelopeSig))
	encoded, rest, ok3 := bytes.Cut(b, []byte(envelopeEnd))
	if !ok1 || !ok2 || !ok3 || !isKeyID(key) {
		return sig, nil, errors.New("envelope has a malformed signature list")
	}
	sig.KeyID = KeyID(key)
	if sig.Sig, err = decodeBase64(encoded); err != nil {
		return sig, nil, fmt.Errorf("envelope signature: %w", err)
	}
	return sig, rest, nil
}

func isKeyID(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(b) == 2*sha256.Size
}

// decodeBase64 is strict: no line breaks, no stray bits in the last group.
func decodeBase64(b []byte) ([]byte, error) {
	out := make([]byte, strictBase64.DecodedLen(len(b)))
	n, err := strictBase64.Decode(out, b)
	if err == nil && strictBase64.EncodedLen(n) != len(b) {
		err = errors.New("base64 with line breaks") // which the decoder skips
	}
	return out[:n], err
}
