package agency_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	keeping "github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// keyLives records what becomes of keys, which the agency does without: one
// is revoked and vouched for, one retired, one imported. They lie in a store
// of their own, because what they say of positions must be true where they
// are replayed: at the beginning of the room's history.
func keyLives(t *testing.T, signer *ledger.Signer, codec *ledger.Codec, now func() time.Time) ledger.Store {
	t.Helper()
	store := ledgertest.NewMemory()
	recorder := ledger.NewRecorder(ledger.RecorderConfig{Store: store, Signer: signer, Codec: codec, Book: domain.CN2024(), Now: now})
	tell := func(id ledger.KeyID, c domain.Command, by domain.ActorID, role domain.Role, signers ...*ledger.Signer) {
		t.Helper()
		in := domain.Instruction{ID: uuid.NewSHA1(uuid.Nil, []byte(string(id)+string(c.Name()))).String(), Command: c, Act: domain.Act{Subject: string(id), Actor: by, Role: role}}
		if role == domain.RoleImporter {
			in.Act.Source, in.Act.OccurredAt = "sha256:"+strings.Repeat("0", 64), domain.MustDate("2015-01-01").In(time.UTC)
		}
		if _, err := recorder.RecordSigned(t.Context(), in, signers...); err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
	}
	enrol := func(name string, holder domain.ActorID) *ledger.Signer {
		t.Helper()
		s := seeded(t, name)
		c, err := keeping.Enrolment(s, domain.KeyOfAuthor, holder, "")
		if err != nil {
			t.Fatal(err)
		}
		tell(s.ID(), c, "hr-history", domain.RoleHR, s)
		return s
	}
	lost := enrol("lost", "HG-9001")
	tell(lost.ID(), key.ProposeRevocation{Reason: "the card was lost on the way", From: 2}, "HG-9001", domain.RoleOfficer, lost)
	tell(lost.ID(), key.Revoke{Reason: "the card was lost on the way", From: 2}, "hr-history", domain.RoleHR)
	report, _ := ledger.Verify(t.Context(), store, ledger.VerifyConfig{Codec: codec, Keys: ringOf(t, signer)})
	if len(report.Doubts) != 1 {
		t.Fatalf("in doubt after the revocation: %+v", report.Doubts)
	}
	doubt := report.Doubts[0]
	tell(lost.ID(), key.Vouch{Through: int64(doubt.Through), Digest: doubt.Digest, Reason: "HG-9001 confirms the proposal"}, "leader-history", domain.RoleLeader)
	if _, err := ledger.Verify(t.Context(), store, ledger.VerifyConfig{Codec: codec, Keys: ringOf(t, signer)}); err != nil {
		t.Fatal(err)
	}

	left := enrol("left", "HG-9002")
	tell(left.ID(), key.Retire{Reason: "HG-9002 has left the service"}, "hr-history", domain.RoleHR)
	tell("card-4711", key.Import{Holder: "HG-9001", Number: "4711", From: domain.MustDate("2015-01-01"), Until: domain.MustDate("2019-12-31")}, "import", domain.RoleImporter)
	return store
}

// seeded is a key that protects nothing.
func seeded(t *testing.T, name string) *ledger.Signer {
	t.Helper()
	seed := sha256.Sum256([]byte(historyOrigin + " " + name))
	s, err := ledger.NewSigner(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ringOf(t *testing.T, s *ledger.Signer) *ledger.Keyring {
	t.Helper()
	ring, err := ledger.NewKeyring(s.Public())
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
