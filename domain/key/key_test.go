package key_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/key"
)

var (
	public = base64.StdEncoding.EncodeToString([]byte("the SPKI DER of a key"))
	keyID  = idOf("the SPKI DER of a key")
	before = domain.KeyID(idOf("another key"))

	hr      = by("hr-li", domain.RoleHR)
	leader  = by("leader-chen", domain.RoleLeader)
	second  = by("leader-gu", domain.RoleLeader)
	holder  = by("HG-0026", domain.RoleOfficer)
	foreign = by("HG-0027", domain.RoleOfficer)

	ofAuthor = key.Enrolled{Algorithm: domain.AlgorithmEd25519, PublicKey: public, Purpose: domain.KeyOfAuthor, Holder: "HG-0026"}
	ofLedger = key.Enrolled{Algorithm: domain.AlgorithmEd25519, PublicKey: public, Purpose: domain.KeyOfLedger}
	ofLog    = key.Enrolled{Algorithm: domain.AlgorithmEd25519, PublicKey: public, Purpose: domain.KeyOfCheckpoints}
	digest   = "sha256:" + strings.Repeat("0", 64)
)

func idOf(der string) string {
	sum := sha256.Sum256([]byte(der))
	return hex.EncodeToString(sum[:])
}

func by(actor domain.ActorID, role domain.Role) domain.Act {
	act := domaintest.By(actor, role)
	act.Subject = keyID
	return act
}

func enroll(change func(*key.Enroll)) key.Enroll {
	c := key.Enroll(ofAuthor)
	change(&c)
	return c
}

func given(events ...domain.Event) []domaintest.Past {
	var past []domaintest.Past
	for _, e := range events {
		past = append(past, domaintest.Past{Act: leader, Event: e})
	}
	return past
}

func TestEnroll(t *testing.T) {
	successor := func(c *key.Enroll) { c.Succeeds = before }
	other := leader
	other.Subject = idOf("no such key")
	domaintest.Run(t, key.Room, []domaintest.Scenario{
		{Name: "an author's key", When: key.Enroll(ofAuthor), As: hr, Then: []domain.Event{ofAuthor}},
		{Name: "a ledger key", When: key.Enroll(ofLedger), As: leader, Then: []domain.Event{ofLedger}},
		{Name: "a key of checkpoints", When: key.Enroll(ofLog), As: leader, Then: []domain.Event{ofLog}},
		{Name: "a key of checkpoints enrolled by hr", When: key.Enroll(ofLog), As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{
			Name: "a key of checkpoints that cannot sign them", As: leader, Refused: domain.CodeInvalid, Field: "algorithm",
			When: key.Enroll{Algorithm: domain.AlgorithmSM2, PublicKey: public, Purpose: domain.KeyOfCheckpoints},
		},
		{
			Name: "a key that takes another's place", When: enroll(successor), As: hr,
			Sees: map[domain.Reference]any{before: key.Key{Status: key.StatusRetired, Purpose: domain.KeyOfAuthor, Holder: "HG-0026"}},
			Then: []domain.Event{key.Enrolled(enroll(successor))},
		},
		{Name: "an unknown algorithm", When: enroll(func(c *key.Enroll) { c.Algorithm = "dsa" }), As: hr, Refused: domain.CodeInvalid, Field: "algorithm"},
		{Name: "no public key", When: enroll(func(c *key.Enroll) { c.PublicKey = "" }), As: hr, Refused: domain.CodeInvalid, Field: "publicKey"},
		{Name: "a public key with line breaks", When: enroll(func(c *key.Enroll) { c.PublicKey += "\n" }), As: hr, Refused: domain.CodeInvalid, Field: "publicKey"},
		{
			Name: "a public key as long as a book", As: hr, Refused: domain.CodeInvalid, Field: "publicKey",
			When: enroll(func(c *key.Enroll) { c.PublicKey = strings.Repeat("AAAA", domain.MaxText/4+1) }),
		},
		{Name: "the id of another key", When: key.Enroll(ofLedger), As: other, Refused: domain.CodeInvalid, Field: "subject"},
		{Name: "an unknown purpose", When: enroll(func(c *key.Enroll) { c.Purpose = "fun" }), As: hr, Refused: domain.CodeInvalid, Field: "purpose"},
		{Name: "a key of nobody", When: enroll(func(c *key.Enroll) { c.Holder = "" }), As: hr, Refused: domain.CodeInvalid, Field: "holder"},
		{Name: "a key of the system", When: enroll(func(c *key.Enroll) { c.Holder = domain.ActorSystem }), As: hr, Refused: domain.CodeInvalid, Field: "holder"},
		{Name: "one's own key", When: enroll(func(c *key.Enroll) { c.Holder = "hr-li" }), As: hr, Refused: domain.CodeConflict, Field: "holder", Rule: "practice"},
		{
			Name: "a ledger key held by a person", As: leader, Refused: domain.CodeInvalid, Field: "holder",
			When: enroll(func(c *key.Enroll) { c.Purpose = domain.KeyOfLedger }),
		},
		{Name: "a ledger key enrolled by hr", When: key.Enroll(ofLedger), As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "a key enrolled by an officer", When: key.Enroll(ofAuthor), As: foreign, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "a key twice", Given: given(ofAuthor), When: key.Enroll(ofAuthor), As: hr, Refused: domain.CodeExists},
		{Name: "a revoked key once more", Given: given(ofAuthor, key.Revoked{Reason: "lost", From: 7}), When: key.Enroll(ofAuthor), As: hr, Refused: domain.CodeExists},
		{Name: "a malformed successor", When: enroll(func(c *key.Enroll) { c.Succeeds = "a b" }), As: hr, Refused: domain.CodeInvalid, Field: "succeeds"},
		{Name: "a successor of itself", When: enroll(func(c *key.Enroll) { c.Succeeds = domain.KeyID(keyID) }), As: hr, Refused: domain.CodeInvalid, Field: "succeeds"},
		{Name: "a successor of nothing", When: enroll(successor), As: hr, Refused: domain.CodeNotFound, Field: "succeeds"},
		{
			Name: "a successor of another's key", When: enroll(successor), As: hr, Refused: domain.CodeInvalid, Field: "succeeds",
			Sees: map[domain.Reference]any{before: key.Key{Status: key.StatusActive, Purpose: domain.KeyOfAuthor, Holder: "HG-0099"}},
		},
	})
}

func TestRetire(t *testing.T) {
	retire := key.Retire{Reason: "leaves the service"}
	domaintest.Run(t, key.Room, []domaintest.Scenario{
		{Name: "by hr", Given: given(ofAuthor), When: retire, As: hr, Then: []domain.Event{key.Retired(retire)}},
		{Name: "by its holder", Given: given(ofAuthor), When: retire, As: holder, Then: []domain.Event{key.Retired(retire)}},
		{Name: "a ledger key by a leader", Given: given(ofLedger), When: retire, As: leader, Then: []domain.Event{key.Retired(retire)}},
		{Name: "without a reason", Given: given(ofAuthor), When: key.Retire{}, As: hr, Refused: domain.CodeInvalid, Field: "reason"},
		{Name: "what is not on file", When: retire, As: hr, Refused: domain.CodeNotFound},
		{Name: "by another officer", Given: given(ofAuthor), When: retire, As: foreign, Refused: domain.CodeForbidden, Field: "actor"},
		{Name: "a key of checkpoints by hr", Given: given(ofLog), When: retire, As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "a ledger key by hr", Given: given(ofLedger), When: retire, As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "twice", Given: given(ofAuthor, key.Retired(retire)), When: retire, As: hr, Refused: domain.CodeState},
	})
}

func TestRevocation(t *testing.T) {
	propose, revoke := key.ProposeRevocation{Reason: "the machine was stolen", From: 100}, key.Revoke{Reason: "the machine was stolen", From: 100}
	proposed := domaintest.Past{Act: leader, Event: key.RevocationProposed(propose)}
	revoked := key.Revoked{Reason: revoke.Reason, From: 100}
	confirmed := key.Revoked{Reason: revoke.Reason, From: 100, ProposedBy: "leader-chen"}
	domaintest.Run(t, key.Room, []domaintest.Scenario{
		{Name: "it is proposed", Given: given(ofLedger), When: propose, As: leader, Then: []domain.Event{key.RevocationProposed(propose)}},
		{Name: "also of a retired key", Given: given(ofLedger, key.Retired{Reason: "rotation"}), When: propose, As: leader, Then: []domain.Event{key.RevocationProposed(propose)}},
		{Name: "a proposal needs a reason", Given: given(ofLedger), When: key.ProposeRevocation{From: 1}, As: leader, Refused: domain.CodeInvalid, Field: "reason"},
		{Name: "and a position", Given: given(ofLedger), When: key.ProposeRevocation{Reason: "stolen"}, As: leader, Refused: domain.CodeInvalid, Field: "from"},
		{Name: "and a key", When: propose, As: leader, Refused: domain.CodeNotFound},
		{Name: "and is for leaders", Given: given(ofLedger), When: propose, As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "and of another's key for hr and leaders", Given: given(ofAuthor), When: propose, As: foreign, Refused: domain.CodeForbidden, Field: "actor"},
		{Name: "and comes once it is revoked too late", Given: given(ofLedger, confirmed), When: propose, As: leader, Refused: domain.CodeState},

		{Name: "a second person confirms", Given: append(given(ofLedger), proposed), When: revoke, As: second, Then: []domain.Event{confirmed}},
		{Name: "not the first", Given: append(given(ofLedger), proposed), When: revoke, As: leader, Refused: domain.CodeConflict, Field: "actor", Rule: "practice"},
		{Name: "nor is a key of checkpoints revoked by one", Given: given(ofLog), When: revoke, As: second, Refused: domain.CodeIncomplete, Rule: "practice"},
		{Name: "not without a proposal", Given: given(ofLedger), When: revoke, As: second, Refused: domain.CodeIncomplete, Rule: "practice"},
		{Name: "not from elsewhere", Given: append(given(ofLedger), proposed), When: key.Revoke{Reason: "stolen", From: 99}, As: second, Refused: domain.CodeInvalid, Field: "from"},
		{Name: "not by hr", Given: append(given(ofLedger), proposed), When: revoke, As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "an author's key is revoked at once", Given: given(ofAuthor), When: revoke, As: hr, Then: []domain.Event{revoked}},
		{Name: "by its holder too", Given: given(ofAuthor), When: revoke, As: holder, Then: []domain.Event{revoked}},
		{Name: "not by others", Given: given(ofAuthor), When: revoke, As: foreign, Refused: domain.CodeForbidden, Field: "actor"},
		{Name: "a reason is required", Given: given(ofAuthor), When: key.Revoke{From: 1}, As: hr, Refused: domain.CodeInvalid, Field: "reason"},
		{Name: "a position is required", Given: given(ofAuthor), When: key.Revoke{Reason: "lost"}, As: hr, Refused: domain.CodeInvalid, Field: "from"},
		{Name: "twice is once too often", Given: given(ofAuthor, revoked), When: revoke, As: hr, Refused: domain.CodeState},
		{Name: "nothing to revoke", When: revoke, As: hr, Refused: domain.CodeNotFound},
	})
}

func TestVouch(t *testing.T) {
	vouch := key.Vouch{Through: 120, Digest: digest, Reason: "compared with the papers of the week"}
	with := func(change func(*key.Vouch)) key.Vouch {
		c := vouch
		change(&c)
		return c
	}
	revoked := given(ofLedger, key.Revoked{Reason: "stolen", From: 100, ProposedBy: "leader-gu"}) // confirmed by leader-chen
	domaintest.Run(t, key.Room, []domaintest.Scenario{
		{Name: "another person vouches", Given: revoked, When: vouch, As: second, Then: []domain.Event{key.Vouched(vouch)}},
		{Name: "not the one who revoked", Given: revoked, When: vouch, As: leader, Refused: domain.CodeConflict, Field: "actor", Rule: "practice"},
		{Name: "not hr", Given: revoked, When: vouch, As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "not without a reason", Given: revoked, When: with(func(c *key.Vouch) { c.Reason = "" }), As: second, Refused: domain.CodeInvalid, Field: "reason"},
		{Name: "not without a digest", Given: revoked, When: with(func(c *key.Vouch) { c.Digest = "" }), As: second, Refused: domain.CodeInvalid, Field: "digest"},
		{Name: "not for what stands anyway", Given: revoked, When: with(func(c *key.Vouch) { c.Through = 99 }), As: second, Refused: domain.CodeInvalid, Field: "through"},
		{Name: "not for what signed no event", Given: given(ofLog, key.Revoked{Reason: "stolen", From: 100}), When: vouch, As: second, Refused: domain.CodeState},
		{Name: "not for a good key", Given: given(ofLedger), When: vouch, As: second, Refused: domain.CodeState},
		{Name: "not for no key", When: vouch, As: second, Refused: domain.CodeNotFound},
	})
}

func TestImport(t *testing.T) {
	importer := by("import", domain.RoleImporter)
	old := key.Import{Holder: "HG-0026", Number: "CN=4711", From: domain.MustDate("2015-01-01"), Until: domain.MustDate("2018-01-01")}
	domaintest.Run(t, key.Room, []domaintest.Scenario{
		{Name: "an old certificate", When: old, As: importer, Then: []domain.Event{key.Imported(old)}},
		{Name: "may be enrolled here", Given: given(key.Imported(old)), When: key.Enroll(ofAuthor), As: hr, Then: []domain.Event{ofAuthor}},
		{Name: "of nobody", When: key.Import{Number: "7"}, As: importer, Refused: domain.CodeInvalid, Field: "holder"},
		{Name: "with a malformed number", When: key.Import{Holder: "HG-0026", Number: "\xff"}, As: importer, Refused: domain.CodeInvalid, Field: "number"},
		{
			Name: "that ended before it began", As: importer, Refused: domain.CodeInvalid, Field: "until",
			When: key.Import{Holder: "HG-0026", From: domain.MustDate("2018-01-01"), Until: domain.MustDate("2015-01-01")},
		},
		{Name: "by hr", When: old, As: hr, Refused: domain.CodeForbidden, Field: "role"},
	})
}

func TestTheWholeLife(t *testing.T) {
	state := key.Room.NewState()
	for _, p := range append(given(ofLedger, key.RevocationProposed{Reason: "stolen", From: 100}, key.Retired{Reason: "rotation"}),
		domaintest.Past{Act: second, Event: key.Revoked{Reason: "stolen", From: 100, ProposedBy: "leader-chen"}},
		domaintest.Past{Act: leader, Event: key.Vouched{Through: 120, Digest: digest, Reason: "compared"}}) {
		key.Room.Apply(state, p.Event, p.Act)
	}
	want := &key.Key{
		Status: key.StatusRevoked, Algorithm: domain.AlgorithmEd25519, PublicKey: public, Purpose: domain.KeyOfLedger,
		Reason: "stolen", RevokedFrom: 100, RevokedBy: "leader-gu", VouchedThrough: 120,
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("the key (-want +got):\n%s", diff)
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, key.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, key.Room) }
