package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// keyEnums are the closed sets of keys.
func (b *builder) keyEnums() {
	b.keyStatus = b.enum("KeyStatus", "The life of a signing key.",
		v(key.StatusActive, "It counts for what is recorded next."), v(key.StatusRetired, "It has done its duty; what it signed stands."),
		v(key.StatusRevoked, "It was in the wrong hands, and counts from a place in the ledger on no more."))
	b.keyPurpose = b.enum("KeyPurpose", "What a key signs.",
		v(domain.KeyOfLedger, "Every event, in the ledger's name 账本密钥."), v(domain.KeyOfCheckpoints, "The checkpoints of the transparency log, and no event 日志密钥."), v(domain.KeyOfAuthor, "What its holder does, where the rulebook asks for that 作者密钥."))
}

func (b *builder) declareKey() {
	b.key = b.object("Key", "A signing key 密钥, as it stands: whose it is, and from which place in the ledger to which its signatures count. The private half is nowhere here.")
}

// place is a position, null where there is none.
func place[T any](name, doc string, get func(*T) ledger.Position) field {
	return plain(name, doc, scalarLong, func(o *T) any {
		if at := get(o); at != 0 {
			return at
		}
		return nil
	})
}

func (b *builder) defineKey() {
	type object = projections.Key
	b.define(b.key,
		id("id", "The id: the SHA-256 of the public key's SPKI DER, in hex.", func(k *object) domain.KeyID { return k.ID }),
		choice("status", "Where it stands; null for a key of an earlier system, which counts for nothing here.", b.keyStatus, func(k *object) string { return k.Status }),
		choice("purpose", "What it signs.", b.keyPurpose, func(k *object) string { return k.Purpose }),
		text("algorithm", "ed25519, ecdsa-p256, rsa or sm2.", func(k *object) string { return k.Algorithm }),
		text("publicKey", "The public key, SPKI DER in base64.", func(k *object) string { return k.PublicKey }),
		optionalID("holder", "Who signs with it, by sign-in name; null for a ledger key.", func(k *object) domain.ActorID { return k.Holder }),
		related("officer", "The officer of that name, if they are one.", b.officer, loadOfficer, func(k *object) domain.OfficerID { return domain.OfficerID(k.Holder) }),
		related("succeeds", "The key it replaces.", b.key, loadKey, func(k *object) domain.KeyID { return k.Succeeds }),
		relatedAll("succeededBy", "The keys that replace it.", b.key, func(r *request) *loader[domain.KeyID, []object] { return &r.rooms().keysAfter },
			func(k *object) domain.KeyID { return k.ID }),
		place("enrolledAt", "The place of its enrolment in the ledger: it counts for what comes after.", func(k *object) ledger.Position { return k.EnrolledAt }),
		day("enrolledOn", "The day of it.", func(k *object) domain.Date { return k.EnrolledOn }),
		optionalID("enrolledBy", "Who put it on file.", func(k *object) domain.ActorID { return k.EnrolledBy }),
		place("endedAt", "The place of its retirement or revocation, whichever came first: it counts for nothing that comes after.", func(k *object) ledger.Position { return k.EndedAt }),
		day("endedOn", "The day on which it was last ended.", func(k *object) domain.Date { return k.EndedOn }),
		optionalID("endedBy", "Who ended it.", func(k *object) domain.ActorID { return k.EndedBy }),
		text("reason", "Why it was ended.", func(k *object) string { return k.Reason }),
		place("revokedFrom", "The first place from which on it never counted, also on what was recorded already.", func(k *object) ledger.Position { return k.RevokedFrom }),
		place("vouchedThrough", "Up to where another person vouched for what it signed after that.", func(k *object) ledger.Position { return k.VouchedThrough }),
		optionalID("vouchedBy", "Who vouched.", func(k *object) domain.ActorID { return k.VouchedBy }),
		place("proposedFrom", "From where on it is to be revoked, while that waits for a second person.", func(k *object) ledger.Position { return k.ProposedFrom }),
		optionalID("proposedBy", "Who proposed that.", func(k *object) domain.ActorID { return k.ProposedBy }),
		text("number", "What an earlier system called it.", func(k *object) string { return k.Number }),
		day("from", "The first day of it there.", func(k *object) domain.Date { return k.From }),
		day("until", "The last day of it there.", func(k *object) domain.Date { return k.Until }),
		flag("imported", importedDoc, func(k *object) bool { return k.Imported }),
		timelineOf(b, func(k *object) domain.Ref { return k.ID.Ref() }))
	b.define(b.signature, related("key", "The key, as it stands; null when it is enrolled nowhere in the ledger, or when you may not see it.", b.key, loadKey,
		func(s *ledger.Signature) domain.KeyID { return domain.KeyID(s.KeyID) }))
	register(b, "key", "keys", oneAndMany{"A signing key 密钥.", "The register of signing keys, in the order of their enrolment.",
		"A page of signing keys.", "Narrows the register of keys."}, b.key,
		[]argument{
			arg("holder", gql.ID, "Held by them, by sign-in name."),
			arg("purpose", b.keyPurpose.typ, "For this purpose."),
			arg("status", b.keyStatus.typ, "Where it stands."),
			arg("countedAt", scalarLong, "Counts at this place in the ledger, as far as its own enrolment, end and revocation go."),
			arg("pending", gql.Boolean, "Only those whose revocation waits for a second person, or only the others."),
			arg("imported", gql.Boolean, "Only those of earlier systems, or only those enrolled here.")},
		func(r *request, id domain.KeyID) (*object, error) { return r.reader.Key(r.ctx, id) },
		func(in input) projections.KeyFilter {
			return projections.KeyFilter{Holder: domain.ActorID(in.text("holder")), Purpose: in.text("purpose"), Status: in.text("status"),
				CountedAt: in.position("countedAt"), Pending: in.choice("pending"), Imported: in.choice("imported")}
		}, (*projections.Reader).Keys)
}
