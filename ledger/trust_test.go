package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

func newSigner(t testing.TB, alg ledger.Algorithm) *ledger.Signer {
	t.Helper()
	s, err := ledger.NewSigner(newKey(t, alg))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// enrol is the instruction that puts the signer's key on file.
func enrol(t testing.TB, s *ledger.Signer, purpose domain.KeyPurpose, holder domain.ActorID) domain.Instruction {
	t.Helper()
	alg, err := ledger.AlgorithmOf(s.Public())
	if err != nil {
		t.Fatal(err)
	}
	public, err := ledger.EncodePublicKey(s.Public())
	if err != nil {
		t.Fatal(err)
	}
	return onKey(s, "enrol", "leader-chen", key.Enroll{Algorithm: alg, PublicKey: public, Purpose: purpose, Holder: holder})
}

// onKey is an instruction about the signer's key, given by a leader.
func onKey(s *ledger.Signer, id string, by domain.ActorID, c domain.Command) domain.Instruction {
	return domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: string(s.ID()), Actor: by, Role: domain.RoleLeader}}
}

func (b *bench) signed(t testing.TB, in domain.Instruction, by ...*ledger.Signer) ledger.Receipt {
	t.Helper()
	receipt, err := b.recorder.RecordSigned(t.Context(), in, by...)
	if err != nil {
		t.Fatalf("record %s: %v", in.ID, err)
	}
	return receipt
}

// use makes the ledger sign with another key from here on.
func (b *bench) use(s *ledger.Signer) {
	b.signer = s
	b.recorder = b.newRecorder(b.store)
}

// register puts the ledger's own first key on file.
func (b *bench) register(t testing.TB) {
	b.signed(t, enrol(t, b.signer, domain.KeyOfLedger, ""))
}

// forge appends an event as somebody could who has the keys and the store,
// and asks no rule.
func (b *bench) forge(t testing.TB, in domain.Instruction, e domain.Event, by ...*ledger.Signer) {
	t.Helper()
	stream := domain.Ref{Type: e.Kind().Room(), ID: in.Act.Subject}.Stream()
	rev, prev := ledger.NoStream, ledger.Hash{}
	for _, s := range b.store.snapshot() {
		if s.Stream == stream {
			env, err := ledger.OpenEnvelope(s.Envelope)
			if err != nil {
				t.Fatal(err)
			}
			rev, prev = s.Revision, ledger.HashPayload(env.Payload)
		}
	}
	id := ledger.EventIDOf(stream, in.ID, 0)
	act := domaintest.At(in.Act, time.Date(2024, 3, 4, 9, 30, 0, 123456000, time.UTC))
	act.Rulebook = "cn-2024"
	payload, err := b.codec.Encode(domain.Recorded{ID: domain.EventID(id.String()), Stream: stream, Revision: int64(rev) + 1, Act: act, Event: e}, prev)
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := ledger.Seal(payload, by...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.store.Append(t.Context(), stream, rev, []ledger.Entry{{ID: id, Envelope: envelope}}); err != nil {
		t.Fatal(err)
	}
}

// mustFail verifies the ledger and wants it to fail there, in these words.
func (b *bench) mustFail(t testing.TB, at ledger.Position, what string) {
	t.Helper()
	for _, fast := range []bool{false, true} {
		_, err := b.verify(t, fast)
		failure, ok := errors.AsType[*ledger.IntegrityError](err)
		if !ok || failure.Position != at || !strings.Contains(err.Error(), what) {
			t.Fatalf("fast=%t: got %v, want an integrity failure at position %d that says %q", fast, err, at, what)
		}
	}
}

func (b *bench) mustHold(t testing.TB) ledger.Report {
	t.Helper()
	if _, err := b.verify(t, true); err != nil {
		t.Fatalf("fast: %v", err)
	}
	report, err := b.verify(t, false)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (b *bench) head() ledger.Position { return ledger.Position(len(b.store.snapshot())) }

func TestALedgerOutlivesItsKeys(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	b.register(t)
	algorithms := []ledger.Algorithm{ledger.ECDSAP256, ledger.SM2, ledger.Ed25519}
	n := 0
	some := func(events int) {
		for range events {
			b.record(t, nominate(fmt.Sprintf("R%d", n), 0))
			n++
		}
	}
	for i := range 10 {
		some(40)
		old, next := b.signer, newSigner(t, algorithms[i%3])
		in := enrol(t, next, domain.KeyOfLedger, "")
		command := in.Command.(key.Enroll)
		command.Succeeds = domain.KeyID(old.ID())
		in.Command = command
		b.signed(t, in, next)
		b.use(next)
		b.record(t, onKey(old, "retire", "leader-chen", key.Retire{Reason: "rotation"}))
	}
	some(5)
	report := b.mustHold(t) // with the first public key alone
	if len(report.Keys) != 11 {
		t.Fatalf("%d keys, want 11: %+v", len(report.Keys), report.Keys)
	}
	for i, k := range report.Keys {
		last := i == 10
		if k.Root != (i == 0) || k.Enrolled == 0 || (k.Ended == 0) != last || k.Revoked || k.Signatures == 0 || k.Signatures != report.Signatures[k.ID]-boolInt(i > 0) {
			t.Errorf("key %d: %+v", i, k)
		}
	}
	// Who trusts a later key alone cannot know what came before it.
	late, err := ledger.NewKeyring(b.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Verify(t.Context(), b.store, ledger.VerifyConfig{Codec: b.codec, Keys: late}); err == nil {
		t.Error("verified from the last key alone")
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestWhoseSignaturesCount(t *testing.T) {
	stranger := newSigner(t, ledger.Ed25519)
	retired := key.Retired{Reason: "rotation"}
	nomination := func(id string) (domain.Instruction, domain.Event) {
		in := nominate(id, 9)
		return in, rewardNominated
	}
	cases := []struct {
		name string
		do   func(t *testing.T, b *bench, next, author *ledger.Signer)
		what string
	}{
		{"a key that was never enrolled", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			b.forge(t, in, e, stranger)
		}, "does not know"},
		{"a stranger beside the ledger", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			b.forge(t, in, e, b.signer, stranger)
		}, "does not know"},
		{"a ledger key after its retirement", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			b.forge(t, onKey(next, "retire", "leader-chen", nil), retired, b.signer)
			b.forge(t, in, e, next)
		}, "was retired at position"},
		{"an enrolment without the enrolled key's signature", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, stranger, domain.KeyOfLedger, "")
			b.forge(t, in, key.Enrolled(in.Command.(key.Enroll)), b.signer)
		}, "without a signature by it"},
		{"an enrolment by the enrolled key alone", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, stranger, domain.KeyOfLedger, "")
			b.forge(t, in, key.Enrolled(in.Command.(key.Enroll)), stranger)
		}, "not signed by any ledger key"},
		{"an enrolment by an author's key", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, stranger, domain.KeyOfLedger, "")
			in.Act.Actor = "hr-li"
			b.forge(t, in, key.Enrolled(in.Command.(key.Enroll)), author, stranger)
		}, "not signed by any ledger key"},
		{"an enrolment under another id", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, other := enrol(t, stranger, domain.KeyOfLedger, ""), newSigner(t, ledger.Ed25519)
			in.Act.Subject = string(other.ID())
			b.forge(t, in, key.Enrolled(in.Command.(key.Enroll)), b.signer, other)
		}, "under the id"},
		{"an enrolment as another algorithm", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, stranger, domain.KeyOfLedger, "")
			e := key.Enrolled(in.Command.(key.Enroll))
			e.Algorithm = domain.AlgorithmSM2
			b.forge(t, in, e, b.signer, stranger)
		}, "but it is ed25519"},
		{"an enrolment of what is no key", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, stranger, domain.KeyOfLedger, "")
			e := key.Enrolled(in.Command.(key.Enroll))
			e.PublicKey = "AAAA"
			b.forge(t, in, e, b.signer, stranger)
		}, "cannot be read"},
		{"a key enrolled again", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, next, domain.KeyOfLedger, "")
			in.ID = "again"
			b.forge(t, in, key.Enrolled(in.Command.(key.Enroll)), b.signer, next)
		}, "again"},
		{"the ledger's key as a person's", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in := enrol(t, b.signer, domain.KeyOfAuthor, "hr-li")
			b.forge(t, in, key.Enrolled(in.Command.(key.Enroll)), b.signer)
		}, "as that of a person"},
		{"the end of a key that is not on file", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			b.forge(t, onKey(stranger, "retire", "leader-chen", nil), retired, b.signer)
		}, "not on file"},
		{"an author's key for another person", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			in.Act.Actor = "hr-wu"
			b.forge(t, in, e, b.signer, author)
		}, "held by hr-li and not by hr-wu"},
		{"an author without the ledger", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			b.forge(t, in, e, author)
		}, "not signed by any ledger key"},
		{"an author after retirement", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			b.forge(t, onKey(author, "retire", "leader-chen", nil), retired, b.signer)
			b.forge(t, in, e, b.signer, author)
		}, "was retired at position"},
		{"an author after revocation", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			in, e := nomination("R9")
			b.forge(t, onKey(author, "revoke", "leader-chen", nil), key.Revoked{Reason: "lost", From: int64(b.head() + 1)}, b.signer)
			b.forge(t, in, e, b.signer, author)
		}, "was revoked at position"},
		{"a vouch for a good key", func(t *testing.T, b *bench, next, author *ledger.Signer) {
			b.forge(t, onKey(next, "vouch", "leader-chen", nil), key.Vouched{Through: 1, Digest: "sha256:00", Reason: "because"}, b.signer)
		}, "not revoked"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, ledger.Ed25519)
			next, author := newSigner(t, ledger.Ed25519), newSigner(t, ledger.ECDSAP256)
			b.signed(t, enrol(t, next, domain.KeyOfLedger, ""), next)
			b.signed(t, enrol(t, author, domain.KeyOfAuthor, "hr-li"), author)
			b.signed(t, nominate("R1", 0), author)
			if report := b.mustHold(t); report.Authored != 1 {
				t.Fatalf("%d events are signed by their author, want 1", report.Authored)
			}
			c.do(t, b, next, author)
			b.mustFail(t, b.head(), c.what)
		})
	}
}

// An author's key does not count before its enrolment, though the verifier
// meets it while it checks events in parallel.
func TestAKeyCountsFromItsEnrolment(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	author := newSigner(t, ledger.Ed25519)
	in := nominate("R1", 0)
	b.forge(t, in, rewardNominated, b.signer, author)
	b.signed(t, enrol(t, author, domain.KeyOfAuthor, "hr-li"), author)
	b.mustFail(t, 1, "key "+string(author.ID()))
}

// The drill of docs/keys.md: the ledger's key was stolen, a standby takes
// over.
func TestACompromisedLedgerKey(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	stolen, standby, second := b.signer, newSigner(t, ledger.Ed25519), newSigner(t, ledger.SM2)
	b.register(t)
	b.signed(t, enrol(t, standby, domain.KeyOfLedger, ""), standby)
	b.record(t, nominate("R1", 0), nominate("R2", 0))
	from := b.head() + 1
	b.record(t, nominate("R3", 0), nominate("R4", 0)) // the thief's, or ours
	b.signed(t, enrol(t, second, domain.KeyOfLedger, ""), second)
	b.mustHold(t)

	b.use(standby)
	propose := key.ProposeRevocation{Reason: "the machine was stolen", From: int64(from)}
	revoke := key.Revoke{Reason: "the machine was stolen", From: int64(from)}
	b.record(t, onKey(stolen, "propose", "leader-chen", propose))
	if _, err := b.recorder.Record(t.Context(), onKey(stolen, "confirm", "leader-chen", revoke)); domain.RefusalCode(err) != domain.CodeConflict {
		t.Fatalf("one person alone: %v", err)
	}
	b.mustHold(t)
	b.record(t, onKey(stolen, "confirm", "leader-gu", revoke), nominate("R5", 0))

	// Earlier events stand, later ones fail.
	b.mustFail(t, from, "revoked from position")
	before := b.store.snapshot()
	trust := followed(t, b)
	doubts := trust.Doubts()
	if len(doubts) != 1 || doubts[0].Key != stolen.ID() || doubts[0].From != from || doubts[0].Through != from+2 {
		t.Fatalf("doubts %+v, want one from position %d to %d", doubts, from, from+2)
	}

	vouch := func(d ledger.Doubt) domain.Instruction {
		return onKey(stolen, "vouch", "leader-chen", key.Vouch{Through: int64(d.Through), Digest: d.Digest, Reason: "compared with the papers"})
	}
	b.record(t, vouch(doubts[0]))
	b.mustHold(t)

	// What the thief signed afterwards fails, and so does the key enrolled on
	// the thief's word.
	good := b.store.snapshot()
	b.forge(t, nominate("R9", 0), rewardNominated, stolen)
	b.mustFail(t, b.head(), "was revoked at position")
	b.store.events = slices.Clone(good)
	b.forge(t, nominate("R9", 0), rewardNominated, second)
	b.mustFail(t, b.head(), "signed by no ledger key but "+string(stolen.ID()))

	// A vouch holds for the very history that it names.
	b.store.events = slices.Clone(before)
	wrong := doubts[0]
	wrong.Digest = "sha256:" + strings.Repeat("0", 64)
	b.use(standby)
	b.record(t, vouch(wrong))
	b.mustFail(t, b.head(), "vouches for another history")
	b.store.events = slices.Clone(before)
	wrong = doubts[0]
	wrong.Through -= 2
	b.use(standby)
	b.record(t, vouch(wrong))
	b.mustFail(t, b.head(), "where nothing it signed ends")

	// The revoked key's own word, and that of a key it enrolled, saves nothing.
	b.store.events = slices.Clone(before)
	b.use(second)
	b.record(t, vouch(doubts[0]))
	b.mustFail(t, from, "revoked from position")
}

// A key enrolled on the word of one that is revoked for that time stands only
// where an auditor trusts it from elsewhere.
func TestASuccessorEnrolledByAStolenKey(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	stolen, next := b.signer, newSigner(t, ledger.Ed25519)
	b.register(t)
	b.record(t, nominate("R1", 0))
	from := b.head() + 1
	b.record(t, nominate("R2", 0))
	b.signed(t, enrol(t, next, domain.KeyOfLedger, ""), next)
	b.use(next)
	b.record(t,
		onKey(stolen, "propose", "leader-chen", key.ProposeRevocation{Reason: "stolen", From: int64(from)}),
		onKey(stolen, "confirm", "leader-gu", key.Revoke{Reason: "stolen", From: int64(from)}))
	b.mustFail(t, from, "revoked from position")
	old := b.keys
	var err error
	if b.keys, err = ledger.NewKeyring(stolen.Public(), next.Public()); err != nil {
		t.Fatal(err)
	}
	d := followed(t, b).Doubts()
	if len(d) != 1 || d[0].From != from || d[0].Through != from {
		t.Fatalf("doubts %+v, want the one event that the stolen key alone signed", d)
	}
	b.record(t, onKey(stolen, "vouch", "leader-chen", key.Vouch{Through: int64(from), Digest: d[0].Digest, Reason: "compared with the papers"}))
	b.mustHold(t) // for who was handed the new public key
	b.keys = old
	b.mustFail(t, from, "revoked from position")
}

// followed is what somebody knows who followed the whole log.
func followed(t testing.TB, b *bench) *ledger.Trust {
	t.Helper()
	trust := ledger.NewTrust(b.keys)
	for _, s := range b.store.snapshot() {
		d, err := b.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := trust.Follow(d); err != nil {
			t.Fatal(err)
		}
	}
	return trust
}

func TestACompromisedAuthorKey(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	author := newSigner(t, ledger.Ed25519)
	b.signed(t, enrol(t, author, domain.KeyOfAuthor, "hr-li"), author)
	b.signed(t, nominate("R1", 0), author)
	from := b.head() + 1
	b.record(t, nominate("R2", 0))
	b.signed(t, nominate("R3", 0), author)
	b.record(t, nominate("R4", 0), onKey(author, "revoke", "leader-chen", key.Revoke{Reason: "the token was lost", From: int64(from)}))
	b.mustFail(t, from+1, "signed with key "+string(author.ID()))
	d := followed(t, b).Doubts()
	if len(d) != 1 || !d[0].Author || d[0].From != from+1 {
		t.Fatalf("doubts %+v", d)
	}
	b.record(t, onKey(author, "vouch", "leader-gu", key.Vouch{Through: int64(d[0].Through), Digest: d[0].Digest, Reason: "hr-li confirms it on paper"}))
	b.mustHold(t)
}
