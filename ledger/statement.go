package ledger

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
)

// A statement is what a ledger says under its key and does not record, such
// as what it answered to a question: a DSSE envelope of another payload type
// than that of events. Since the type is part of what is signed, no statement
// can be taken for an event, nor for a statement of another type.

// statementPAE is the DSSE pre-authentication encoding of a statement.
func statementPAE(kind string, payload []byte) ([]byte, error) {
	if kind == "" || kind == PayloadType {
		return nil, fmt.Errorf("sign a statement of type %q: it could be taken for an event", kind)
	}
	b := make([]byte, 0, len(payload)+len(kind)+64)
	b = append(b, paeHead...)
	b = strconv.AppendInt(b, int64(len(kind)), 10)
	b = append(append(b, ' '), kind...)
	b = strconv.AppendInt(append(b, ' '), int64(len(payload)), 10)
	return append(append(b, ' '), payload...), nil
}

// SealStatement signs a statement of a payload type that is not that of
// events, and returns its envelope in the spelling of those of events.
func SealStatement(kind string, payload []byte, by *Signer) ([]byte, error) {
	pae, err := statementPAE(kind, payload)
	if err != nil {
		return nil, err
	}
	sig, err := by.sign(pae)
	if err != nil {
		return nil, fmt.Errorf("sign a statement: %w", err)
	}
	b := base64.StdEncoding.AppendEncode([]byte(envelopeHead), payload)
	b = append(b, statementType(kind)...)
	b = append(appendSignature(b, by.id, sig), envelopeTail...)
	if len(b) > MaxEnvelope {
		return nil, fmt.Errorf("%w: the envelope of a statement has %d bytes, at most %d are allowed", ErrTooLarge, len(b), MaxEnvelope)
	}
	return b, nil
}

func statementType(kind string) string {
	return `","payloadType":"` + kind + `","signatures":[`
}

// OpenStatement takes the envelope of a statement of that type apart, without
// judging its signature. Only the spelling of SealStatement is accepted.
func OpenStatement(kind string, b []byte) (Envelope, error) {
	var env Envelope
	if len(b) > MaxEnvelope {
		return env, fmt.Errorf("envelope of %d bytes, at most %d are allowed", len(b), MaxEnvelope)
	}
	rest, ok := bytes.CutPrefix(b, []byte(envelopeHead))
	encoded, rest, typed := bytes.Cut(rest, []byte(statementType(kind)))
	if !ok || !typed {
		return env, fmt.Errorf("not an envelope of type %s", kind)
	}
	var err error
	if env.Payload, err = decodeBase64(encoded); err != nil {
		return env, fmt.Errorf("envelope payload: %w", err)
	}
	sig, rest, err := cutSignature(rest)
	if err == nil && string(rest) != envelopeTail {
		err = errors.New("envelope has bytes that do not belong")
	}
	env.Signatures = []Signature{sig}
	return env, err
}

// VerifyStatement checks the signature of a statement of that type against
// the keyring.
func (r *Keyring) VerifyStatement(kind string, env Envelope) error {
	pae, err := statementPAE(kind, env.Payload)
	if err != nil {
		return err
	}
	if len(env.Signatures) == 0 {
		return errors.New("the statement is not signed")
	}
	for _, s := range env.Signatures {
		key, ok := r.keys[s.KeyID]
		switch {
		case !ok:
			return fmt.Errorf("signed by key %s, which is not among the keys given", s.KeyID)
		case !key.verify(pae, s.Sig):
			return fmt.Errorf("signature by key %s does not fit the statement", s.KeyID)
		}
	}
	return nil
}
