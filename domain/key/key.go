// Package key is the room of a signing key's life (密钥): enrolled, retired,
// revoked. Its id is the key's: the SHA-256 of the public key's SPKI DER in
// lower-case hex, so that no other key can take its place.
//
// There are three purposes. A ledger key signs every event; a checkpoint key
// signs the checkpoints of the log where the ledger key cannot; an author key
// signs what its holder does, where the rulebook asks for that. Whether a key counts
// for an event is judged by the order of the log: after its enrolment, before
// its retirement or revocation.
//
// The private key never comes near the ledger. An enrolment must carry a
// signature by the very key, which proves that whoever enrolled it has it; the
// ledger checks that when it records and whenever it verifies.
package key

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("key", "密钥",
	[]domain.EventOf[Key]{Enrolled{}, Retired{}, RevocationProposed{}, Revoked{}, Vouched{}, Imported{}},
	[]domain.CommandOf[Key]{Enroll{}, Retire{}, ProposeRevocation{}, Revoke{}, Vouch{}, Import{}})

// Status is where a key stands.
type Status string

// The statuses of a key, in the order of life.
const (
	StatusUnknown Status = ""
	StatusActive  Status = "active"
	StatusRetired Status = "retired"
	StatusRevoked Status = "revoked"
)

// Key is the state of one key.
type Key struct {
	Status    Status
	Algorithm domain.KeyAlgorithm
	PublicKey string
	Purpose   domain.KeyPurpose
	Holder    domain.ActorID
	Succeeds  domain.KeyID
	// Reason of the retirement or revocation.
	Reason string
	// RevokedFrom is the first position at which its signatures never counted,
	// RevokedBy who said so.
	RevokedFrom int64
	RevokedBy   domain.ActorID
	// Proposal of a revocation, until there is one.
	Proposal *Proposal
	// VouchedThrough is the last position vouched for; 0 when none.
	VouchedThrough int64
	// Elsewhere is who held it by the register of an earlier system.
	Elsewhere domain.ActorID
}

// Proposal is a revocation that waits for a second person.
type Proposal struct {
	Reason string
	From   int64
	By     domain.ActorID
}

// Enrolled: the key counts from here on. Succeeds names the key it replaces.
type Enrolled struct {
	Algorithm domain.KeyAlgorithm `json:"algorithm"`
	PublicKey string              `json:"publicKey"`
	Purpose   domain.KeyPurpose   `json:"purpose"`
	Holder    domain.ActorID      `json:"holder,omitzero"`
	Succeeds  domain.KeyID        `json:"succeeds,omitzero"`
}

func (Enrolled) Kind() domain.Kind { return "key.enrolled.v1" }

func (e Enrolled) Apply(k *Key, act domain.Act) {
	k.Status, k.Algorithm, k.PublicKey = StatusActive, e.Algorithm, e.PublicKey
	k.Purpose, k.Holder, k.Succeeds = e.Purpose, e.Holder, e.Succeeds
}

// KeyChange says that the key counts.
func (e Enrolled) KeyChange() domain.KeyChange {
	return domain.KeyChange{Enrols: &domain.KeyEnrolment{Algorithm: e.Algorithm, PublicKey: e.PublicKey, Purpose: e.Purpose, Holder: e.Holder}}
}

// Enroll puts a key on file. The events must be signed by that very key too.
type Enroll struct {
	Algorithm domain.KeyAlgorithm `json:"algorithm"`
	// PublicKey is the SPKI DER in standard base64: a PEM file without its
	// first and last line and line breaks.
	PublicKey string            `json:"publicKey"`
	Purpose   domain.KeyPurpose `json:"purpose"`
	// Holder is who signs with an author key: an officer's id or another
	// sign-in name. The ledger's own keys have none.
	Holder domain.ActorID `json:"holder,omitzero"`
	// Succeeds names the key that this one replaces, of the same purpose and
	// holder.
	Succeeds domain.KeyID `json:"succeeds,omitzero"`
}

func (Enroll) Name() domain.CommandName { return "key.enroll" }

func (Enroll) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Enroll) Reads(k Key, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Succeeds}
}

// Decide refuses what is not the key of that id, a key enrolled before, a
// key of the ledger's own from anybody but a leader, a checkpoint key that is
// not Ed25519, and an author key enrolled by its own holder: another person
// vouches for who they are.
func (c Enroll) Decide(k Key, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(
		domain.CheckOneOf("algorithm", c.Algorithm, domain.AlgorithmEd25519, domain.AlgorithmECDSAP256, domain.AlgorithmRSA, domain.AlgorithmSM2),
		c.checkPublicKey(act),
		domain.CheckOneOf("purpose", c.Purpose, domain.KeyOfLedger, domain.KeyOfCheckpoints, domain.KeyOfAuthor),
		domain.CheckOptionalID("succeeds", c.Succeeds),
		c.checkHolder(act, book),
	); err != nil {
		return nil, err
	}
	if k.Status != StatusUnknown {
		return nil, domain.Refuse(domain.CodeExists, "", "the key is on file already and is %s; a key is enrolled once", k.Status)
	}
	if c.Succeeds == "" {
		return []domain.Event{Enrolled(c)}, nil
	}
	if string(c.Succeeds) == act.Subject {
		return nil, domain.Refuse(domain.CodeInvalid, "succeeds", "a key does not succeed itself")
	}
	switch before := domain.See[Key](act, c.Succeeds); {
	case before.Status == StatusUnknown:
		return nil, domain.Refuse(domain.CodeNotFound, "succeeds", "no key %s is on file", c.Succeeds)
	case before.Purpose != c.Purpose || before.Holder != c.Holder:
		return nil, domain.Refuse(domain.CodeInvalid, "succeeds", "key %s has another purpose or holder", c.Succeeds)
	}
	return []domain.Event{Enrolled(c)}, nil
}

func (c Enroll) checkPublicKey(act domain.Act) error {
	der, err := base64.StdEncoding.Strict().DecodeString(c.PublicKey)
	if err != nil || len(der) == 0 || base64.StdEncoding.EncodeToString(der) != c.PublicKey {
		return domain.Refuse(domain.CodeInvalid, "publicKey", "must be the public key's SPKI DER in standard base64 on one line")
	}
	if len(c.PublicKey) > domain.MaxText {
		return domain.Refuse(domain.CodeInvalid, "publicKey", "is longer than %d bytes, which no accepted key is", domain.MaxText)
	}
	if sum := sha256.Sum256(der); hex.EncodeToString(sum[:]) != act.Subject {
		return domain.Refuse(domain.CodeInvalid, "subject", "is not the id of this key, which is %x", sum)
	}
	return nil
}

func (c Enroll) checkHolder(act domain.Act, book *domain.Rulebook) error {
	if ofTheLedger(c.Purpose) {
		switch {
		case c.Holder != "":
			return domain.Refuse(domain.CodeInvalid, "holder", "a key of the ledger is held by no person")
		case act.Role != domain.RoleLeader:
			return domain.Refuse(domain.CodeForbidden, "role", "a key of the ledger is enrolled by a leader")
		case c.Purpose == domain.KeyOfCheckpoints && c.Algorithm != domain.AlgorithmEd25519:
			return domain.Refuse(domain.CodeInvalid, "algorithm", "checkpoints are signed with %s alone", domain.AlgorithmEd25519)
		}
		return nil
	}
	if err := domain.CheckID("holder", c.Holder); err != nil {
		return err
	}
	switch c.Holder {
	case act.Actor:
		return domain.Refuse(domain.CodeConflict, "holder", "nobody enrols their own key: another person says whose it is").Under(book.Key.Separation)
	case domain.ActorSystem:
		return domain.Refuse(domain.CodeInvalid, "holder", "%q is no person and signs nothing", c.Holder)
	}
	return nil
}

// ofTheLedger tells whether keys of that purpose are the ledger's own and no
// person's.
func ofTheLedger(p domain.KeyPurpose) bool {
	return p == domain.KeyOfLedger || p == domain.KeyOfCheckpoints
}

// KeyStanding tells whether the key counts for what is recorded next.
func (k *Key) KeyStanding() domain.KeyStanding {
	return domain.KeyStanding{
		KeyEnrolment: domain.KeyEnrolment{Algorithm: k.Algorithm, PublicKey: k.PublicKey, Purpose: k.Purpose, Holder: k.Holder},
		Enrolled:     k.Status != StatusUnknown,
		Ended:        k.Status == StatusRetired || k.Status == StatusRevoked,
	}
}
