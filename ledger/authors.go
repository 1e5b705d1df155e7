package ledger

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// authored returns the signatures, beside the ledger's own, of the index-th
// event, and refuses those that do not count, and an event that lacks one it
// needs: its author's where the rulebook asks for it, the enrolled key's where
// it enrols one.
func (r *Recorder) authored(w *warrant, i int, e domain.Recorded, payload []byte, book *domain.Rulebook, sight *domain.Sight) ([]Signature, error) {
	change := domain.KeyChange{}
	if changer, ok := e.Event.(domain.KeyChanger); ok {
		change = changer.KeyChange()
	}
	about := KeyID(e.Act.Subject)
	if change.Ends && about == r.cfg.Signer.id {
		return nil, domain.Refuse(domain.CodeState, "subject", "the ledger signs with this key; put another in its place first: 'probity key new --ledger'")
	}
	if change.Ends && r.cfg.InUse != nil && r.cfg.InUse(about) {
		return nil, domain.Refuse(domain.CodeState, "subject", "the transparency log signs with this key; put another in its place first: 'probity key new --checkpoints'")
	}
	var sigs []Signature
	if w != nil && i < len(w.in.Signatures) {
		sigs = w.in.Signatures[i]
	}
	pae := PAE(payload)
	proven, signed := change.Enrols == nil || about == r.cfg.Signer.id, false
	for j, s := range sigs {
		if slices.ContainsFunc(sigs[:j], func(o Signature) bool { return o.KeyID == s.KeyID }) || s.KeyID == r.cfg.Signer.id {
			return nil, refuseSignature(domain.CodeInvalid, "key %s signs twice", short(s.KeyID))
		}
		enrolment := change.Enrols
		if enrolment != nil && s.KeyID == about {
			proven = true
		} else {
			standing, err := standingOf(s.KeyID, e.Act, sight)
			if err != nil {
				return nil, err
			}
			enrolment, signed = &standing.KeyEnrolment, true
		}
		key, err := enrolledKey(s.KeyID, *enrolment)
		if err != nil {
			return nil, domain.Refuse(domain.CodeInvalid, "publicKey", "%v", err)
		}
		if !key.verify(pae, s.Sig) {
			return nil, refuseSignature(domain.CodeInvalid, "of key %s does not fit what was prepared", short(s.KeyID))
		}
	}
	switch {
	case !proven:
		return nil, refuseSignature(domain.CodeIncomplete, "by the very key is missing: whoever enrols a key proves to have it; see 'probity key enroll'")
	case !signed && book.AuthorSignature.Require(e.Event.Kind(), e.Act):
		return nil, refuseSignature(domain.CodeIncomplete, "of %s is missing: %s counts only when signed by who acted; see 'probity submit --key'",
			e.Act.Actor, e.Event.Kind().Unversioned()).Under(book.AuthorSignature.Source)
	}
	return sigs, nil
}

func refuseSignature(code domain.Code, format string, args ...any) *domain.Refusal {
	return domain.Refuse(code, "signature", format, args...)
}

// standingOf refuses a key that may not sign for the actor.
func standingOf(id KeyID, act domain.Act, sight *domain.Sight) (domain.KeyStanding, error) {
	var standing domain.KeyStanding
	if sight != nil {
		if state, ok := (*sight)[domain.KeyID(id).Ref()].(domain.KeyState); ok {
			standing = state.KeyStanding()
		}
	}
	switch {
	case !standing.Enrolled:
		return standing, refuseSignature(domain.CodeNotFound, "is by key %s, which is not enrolled", short(id))
	case standing.Ended:
		return standing, refuseSignature(domain.CodeState, "is by key %s, which was retired or revoked", short(id))
	case standing.Purpose != domain.KeyOfAuthor:
		return standing, refuseSignature(domain.CodeForbidden, "is by key %s, which is the ledger's and no person's", short(id))
	case standing.Holder != act.Actor:
		return standing, refuseSignature(domain.CodeForbidden, "is by key %s, which is held by %s and not by %s, who acts", short(id), standing.Holder, act.Actor)
	}
	return standing, nil
}
