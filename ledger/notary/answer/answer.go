// Package answer is the audit receipt: what a server answered to a question,
// signed with the ledger's key, so that a third party can later hold server
// and asker to it.
//
// # What it says
//
// Who asked in which role, when by the server's clock, the digests of
// document, variables and result, the position of the ledger that the whole
// answer shows, and the signed checkpoint that covers it. The result is
// digested in the canonical form of RFC 8785, so that a client may parse the
// answer and write it again.
//
// # What it does not say
//
// That the answer is right, or complete: the server says so under its key. It
// is evidence against a server that answers one thing today and another
// tomorrow, or that disowns an answer. Whether events are in the log, and a
// file whole, is proved by receipts of events and by package index.
//
// # Use
//
//	raw, err := answer.Seal(a, signer)
//	a, key, checkpoint, err := answer.Verify(raw, trust)
//	err = a.FitsResult(data, errors)
//
// All functions are safe for concurrent use.
package answer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// PayloadType is the DSSE payload type of an audit receipt.
const PayloadType = "application/vnd.probity.answer.v1+json"

// MaxResult is the longest result in bytes that is digested.
const MaxResult = 64 << 20

// Digest is a SHA-256, in lower-case hex.
type Digest string

// Answer is what a receipt says.
type Answer struct {
	// Origin is the ledger that answered.
	Origin string `json:"origin"`
	// At is when, by the clock of the server.
	At time.Time `json:"at"`
	// Subject and Role are who asked; Subject is empty for the public.
	Subject string      `json:"subject"`
	Role    domain.Role `json:"role"`
	// Query is the digest of the document, byte for byte; Operation the name
	// of its operation that was asked for, empty where it has but one.
	Query     Digest `json:"query"`
	Operation string `json:"operation"`
	// Variables is the digest of the variables as they were sent, {} when
	// none were.
	Variables Digest `json:"variables"`
	// Result is that of the object of data and errors.
	Result Digest `json:"result"`
	// Position is the last event of the ledger that the answer shows, Events
	// how many there are up to it; no later one had any part in it.
	Position ledger.Position `json:"position,string"`
	Events   int64           `json:"events"`
	// Checkpoint is the signed note that covers these events.
	Checkpoint string `json:"checkpoint"`
}

// DigestText digests a document.
func DigestText(text string) Digest {
	sum := sha256.Sum256([]byte(text))
	return Digest(hex.EncodeToString(sum[:]))
}

// DigestVariables digests variables, a JSON object; nothing and null are {}.
func DigestVariables(variables []byte) (Digest, error) {
	if v := jsontext.Value(variables); len(variables) == 0 || v.Kind() == 'n' {
		variables = []byte("{}")
	}
	return digestJSON(variables)
}

// DigestResult digests data and errors of an answer. Without data, or
// without errors, the member is left out, as in the answer.
func DigestResult(data, errs []byte) (Digest, error) {
	var b []byte
	b = append(b, '{')
	if len(errs) > 0 {
		b = append(append(b, `"errors":`...), errs...)
	}
	if len(data) > 0 {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(b, `"data":`...), data...)
	}
	return digestJSON(append(b, '}'))
}

// digestJSON digests the canonical form (RFC 8785).
func digestJSON(raw []byte) (Digest, error) {
	if len(raw) > MaxResult {
		return "", fmt.Errorf("digest %d bytes of JSON: at most %d are taken", len(raw), MaxResult)
	}
	v := jsontext.Value(raw).Clone()
	if err := v.Canonicalize(); err != nil {
		return "", fmt.Errorf("digest JSON: %w", err)
	}
	sum := sha256.Sum256(v)
	return Digest(hex.EncodeToString(sum[:])), nil
}

// Seal signs a receipt.
func Seal(a Answer, by *ledger.Signer) ([]byte, error) {
	payload, err := json.Marshal(a, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write an audit receipt: %w", err)
	}
	return ledger.SealStatement(PayloadType, payload, by)
}

// Verify opens a receipt and checks its signature and that of its
// checkpoint under trusted keys, and that the checkpoint covers what the
// answer shows. It fails with an *ledger.IntegrityError where the receipt is
// not what the ledger signed.
func Verify(raw []byte, trust notary.Trust) (Answer, ledger.KeyID, notary.Checkpoint, error) {
	a, by, c, err := verify(raw, trust)
	if err != nil {
		err = &ledger.IntegrityError{What: "audit receipt: " + err.Error()}
	}
	return a, by, c, err
}

func verify(raw []byte, trust notary.Trust) (a Answer, by ledger.KeyID, c notary.Checkpoint, err error) {
	env, err := ledger.OpenStatement(PayloadType, raw)
	if err != nil {
		return a, by, c, err
	}
	keys, err := ledger.NewKeyring(trust.Events...)
	if err != nil {
		return a, by, c, err
	}
	if err := keys.VerifyStatement(PayloadType, env); err != nil {
		return a, by, c, err
	}
	by = env.Signatures[0].KeyID
	if err := json.Unmarshal(env.Payload, &a, json.RejectUnknownMembers(true)); err != nil {
		return a, by, c, fmt.Errorf("the payload cannot be read: %w", err)
	}
	if c, err = trust.Open([]byte(a.Checkpoint)); err != nil {
		return a, by, c, err
	}
	if err = trust.Counts(by, c.Size); err != nil {
		return a, by, c, err
	}
	switch {
	case c.Origin != a.Origin:
		return a, by, c, fmt.Errorf("it is of the ledger %q, its checkpoint of %q", a.Origin, c.Origin)
	case a.Events < 0 || a.Events > c.Size:
		return a, by, c, fmt.Errorf("it shows %d events, its checkpoint covers %d", a.Events, c.Size)
	}
	return a, by, c, nil
}

// The reasons why an answer is not the one that a receipt is for.
var (
	ErrOtherQuery     = errors.New("the receipt is for another document")
	ErrOtherVariables = errors.New("the receipt is for other variables")
	ErrOtherResult    = errors.New("the receipt is for another result: data or errors were changed")
)

// FitsResult checks that the receipt is for these data and errors, as JSON.
func (a Answer) FitsResult(data, errs []byte) error {
	d, err := DigestResult(data, errs)
	if err == nil && d != a.Result {
		err = ErrOtherResult
	}
	return err
}

// FitsQuery checks that the receipt is for this document.
func (a Answer) FitsQuery(document string) error {
	if DigestText(document) != a.Query {
		return ErrOtherQuery
	}
	return nil
}

// FitsVariables checks that the receipt is for these variables, as JSON.
func (a Answer) FitsVariables(variables []byte) error {
	d, err := DigestVariables(variables)
	if err == nil && d != a.Variables {
		err = ErrOtherVariables
	}
	return err
}
