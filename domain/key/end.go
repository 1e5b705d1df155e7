package key

import "github.com/probity-ledger/probity/domain"

// enders are the roles in which somebody may end a key: hr and leaders any
// author key, leaders a key of the ledger's own, and everybody their own.
func enders() []domain.Role {
	return []domain.Role{
		domain.RoleHR, domain.RoleLeader, domain.RoleInspector, domain.RoleHandler, domain.RoleIntake, domain.RoleOfficer, domain.RoleOverseer,
	}
}

// mayEnd refuses whoever has no say over the key, and what is not on file.
func mayEnd(k Key, act domain.Act) error {
	switch {
	case k.Status == StatusUnknown:
		return domain.Refuse(domain.CodeNotFound, "", "no such key is on file")
	case ofTheLedger(k.Purpose) && act.Role != domain.RoleLeader:
		return domain.Refuse(domain.CodeForbidden, "role", "over a key of the ledger a leader decides")
	case !ofTheLedger(k.Purpose) && act.Actor != k.Holder && act.Role != domain.RoleHR && act.Role != domain.RoleLeader:
		return domain.Refuse(domain.CodeForbidden, "actor", "over an author key its holder, hr and leaders decide")
	}
	return nil
}

// Retired: the key has done its duty and counts no longer. What it signed
// stands.
type Retired struct {
	Reason string `json:"reason"`
}

func (Retired) Kind() domain.Kind { return "key.retired.v1" }

func (e Retired) Apply(k *Key, act domain.Act) { k.Status, k.Reason = StatusRetired, e.Reason }

// KeyChange says that the key counts no longer.
func (Retired) KeyChange() domain.KeyChange { return domain.KeyChange{Ends: true} }

// Retire ends a key that nobody misused: after a rotation, when its holder
// leaves.
type Retire struct {
	Reason string `json:"reason"`
}

func (Retire) Name() domain.CommandName { return "key.retire" }

func (Retire) By() []domain.Role { return enders() }

// Decide refuses a key that is not active, and whoever has no say over it.
func (c Retire) Decide(k Key, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckText("reason", c.Reason), mayEnd(k, act)); err != nil {
		return nil, err
	}
	if k.Status != StatusActive {
		return nil, domain.Refuse(domain.CodeState, "", "the key is %s already", k.Status)
	}
	return []domain.Event{Retired(c)}, nil
}

// RevocationProposed: one person holds that the key is in the wrong hands.
type RevocationProposed struct {
	Reason string `json:"reason"`
	From   int64  `json:"from"`
}

func (RevocationProposed) Kind() domain.Kind { return "key.revocation_proposed.v1" }

func (e RevocationProposed) Apply(k *Key, act domain.Act) {
	k.Proposal = &Proposal{e.Reason, e.From, act.Actor}
}

// ProposeRevocation asks a second person to revoke the key. A later proposal
// takes the place of an earlier one.
type ProposeRevocation struct {
	Reason string `json:"reason"`
	// From is the position of the first event that may not be the key
	// holder's own doing.
	From int64 `json:"from"`
}

func (ProposeRevocation) Name() domain.CommandName { return "key.propose_revocation" }

func (ProposeRevocation) By() []domain.Role { return enders() }

// Decide refuses a key that is revoked already. A retired one may be revoked:
// it may have been in the wrong hands before.
func (c ProposeRevocation) Decide(k Key, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckText("reason", c.Reason), checkFrom(c.From), mayEnd(k, act), notRevoked(k)); err != nil {
		return nil, err
	}
	return []domain.Event{RevocationProposed(c)}, nil
}

func checkFrom(from int64) error {
	if from < 1 {
		return domain.Refuse(domain.CodeInvalid, "from", "must be the position of an event: 1 or more")
	}
	return nil
}

func notRevoked(k Key) error {
	if k.Status == StatusRevoked {
		return domain.Refuse(domain.CodeState, "", "the key is revoked already, from position %d", k.RevokedFrom)
	}
	return nil
}

// Revoked: the key was in the wrong hands. Its signatures do not count from
// the position From on, also on what is recorded already; earlier ones stand.
type Revoked struct {
	Reason string `json:"reason"`
	From   int64  `json:"from"`
	// ProposedBy is the first of the two persons; empty where one suffices.
	ProposedBy domain.ActorID `json:"proposedBy,omitzero"`
}

func (Revoked) Kind() domain.Kind { return "key.revoked.v1" }

func (e Revoked) Apply(k *Key, act domain.Act) {
	k.Status, k.Reason, k.RevokedFrom, k.RevokedBy, k.Proposal = StatusRevoked, e.Reason, e.From, act.Actor, nil
}

// KeyChange says from where on the key never counted.
func (e Revoked) KeyChange() domain.KeyChange { return domain.KeyChange{Ends: true, From: e.From} }

// Revoke ends a key that is, or may be, in the wrong hands. For a key of the
// ledger it confirms the proposal of another person; an author key is revoked at
// once.
type Revoke struct {
	Reason string `json:"reason"`
	// From is the position of the first event that may not be the key
	// holder's own doing; for a key of the ledger, the one that was proposed.
	From int64 `json:"from"`
}

func (Revoke) Name() domain.CommandName { return "key.revoke" }

func (Revoke) By() []domain.Role { return enders() }

// Decide refuses to revoke a key of the ledger without the proposal of another
// person, or from another position than was proposed.
func (c Revoke) Decide(k Key, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckText("reason", c.Reason), checkFrom(c.From), mayEnd(k, act), notRevoked(k)); err != nil {
		return nil, err
	}
	revoked := Revoked{Reason: c.Reason, From: c.From}
	if !ofTheLedger(k.Purpose) {
		return []domain.Event{revoked}, nil
	}
	switch p := k.Proposal; {
	case p == nil:
		return nil, domain.Refuse(domain.CodeIncomplete, "", "a key of the ledger is revoked by two persons: one proposes, another confirms").Under(book.Key.Separation)
	case p.By == act.Actor:
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s proposed the revocation; another person confirms it", p.By).Under(book.Key.Separation)
	case p.From != c.From:
		return nil, domain.Refuse(domain.CodeInvalid, "from", "position %d was proposed; confirm that one, or propose again", p.From)
	default:
		revoked.ProposedBy = p.By
	}
	return []domain.Event{revoked}, nil
}

// Vouched: the history up to a position was gone through after the key was
// revoked, and stands although that key alone signed the end of it.
type Vouched struct {
	Through int64  `json:"through"`
	Digest  string `json:"digest"`
	Reason  string `json:"reason"`
}

func (Vouched) Kind() domain.Kind { return "key.vouched.v1" }

func (e Vouched) Apply(k *Key, act domain.Act) { k.VouchedThrough = e.Through }

// KeyChange says what stands.
func (e Vouched) KeyChange() domain.KeyChange {
	return domain.KeyChange{Vouches: true, Through: e.Through, Digest: e.Digest}
}

// Vouch lets stand what a revoked key signed, after it was compared with
// papers, backups or witnesses. It vouches for the bytes: that they are the
// history everybody goes on from. What turns out to be wrong in it is
// corrected by new events, like any other record.
type Vouch struct {
	// Through is the last position vouched for.
	Through int64 `json:"through"`
	// Digest stands for the whole history up to there ("sha256:…").
	Digest string `json:"digest"`
	// Reason says how it was gone through, and which events are forged.
	Reason string `json:"reason"`
}

func (Vouch) Name() domain.CommandName { return "key.vouch" }

func (Vouch) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

// Decide refuses to vouch for a key that is not revoked or signed no event,
// for what its revocation does not touch, and the person who revoked it.
func (c Vouch) Decide(k Key, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckText("reason", c.Reason), domain.CheckDigest("digest", c.Digest)); err != nil {
		return nil, err
	}
	switch {
	case k.Status == StatusUnknown:
		return nil, domain.Refuse(domain.CodeNotFound, "", "no such key is on file")
	case k.Status != StatusRevoked:
		return nil, domain.Refuse(domain.CodeState, "", "the key is not revoked: what it signed needs nobody to vouch for it")
	case k.Purpose == domain.KeyOfCheckpoints:
		return nil, domain.Refuse(domain.CodeState, "", "the key signed checkpoints and no event: there is nothing to vouch for")
	case c.Through < k.RevokedFrom:
		return nil, domain.Refuse(domain.CodeInvalid, "through", "the key is revoked from position %d; what came before stands", k.RevokedFrom)
	case act.Actor == k.RevokedBy:
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s revoked the key; another person vouches", k.RevokedBy).Under(book.Key.Separation)
	}
	return []domain.Event{Vouched(c)}, nil
}
