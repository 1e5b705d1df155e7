package notary

import (
	"crypto"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// office is a ledger whose keys come and go, with its log and a copy.
type office struct {
	t        *testing.T
	store    ledger.Store
	codec    *ledger.Codec
	recorder *ledger.Recorder
	notary   *Notary
	trust    Trust // what the auditor was handed at the beginning
	verifier []note.Verifier
	copy     string
	units    int
}

func newOffice(t *testing.T) (*office, *ledger.Signer) {
	first := newSigner(t)
	o := &office{t: t, store: ledgertest.NewMemory(), codec: ledger.NewCodec(catalog.New(), testOrigin), copy: t.TempDir()}
	t.Cleanup(func() { o.store.Close() })
	o.recorder = ledger.NewRecorder(ledger.RecorderConfig{Store: o.store, Signer: first, Codec: o.codec, Book: domain.CN2024(), Now: func() time.Time { return domaintest.Now }})
	o.trust = trustOf(t, testOrigin, first)
	o.verifier = trustKeys(t, o.trust)
	var err error
	o.notary, err = Open(t.TempDir(), Config{Store: o.store, Origin: testOrigin, Signer: first, Keys: o.verifier})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.notary.Close() })
	return o, first
}

func (o *office) record(in domain.Instruction, signers ...*ledger.Signer) ledger.Position {
	o.t.Helper()
	receipt, err := o.recorder.RecordSigned(o.t.Context(), in, signers...)
	if err != nil {
		o.t.Fatalf("%s: %v", in.Command.Name(), err)
	}
	return receipt.Position
}

// some records the establishment of a unit.
func (o *office) some(signers ...*ledger.Signer) ledger.Position {
	o.t.Helper()
	o.units++
	return o.record(domain.Instruction{ID: "1", Command: unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency},
		Act: domain.Act{Subject: fmt.Sprintf("U%d", o.units), Actor: "hr-li", Role: domain.RoleHR}}, signers...)
}

// use lets the ledger and its log sign with another key.
func (o *office) use(s *ledger.Signer) {
	o.t.Helper()
	o.recorder = o.recorder.WithSigner(s)
	if err := o.notary.UseSigner(s); err != nil {
		o.t.Fatal(err)
	}
	o.verifier = append(o.verifier, trustKeys(o.t, trustOf(o.t, testOrigin, s))...)
}

func (o *office) enrol(s *ledger.Signer, purpose domain.KeyPurpose, holder domain.ActorID) {
	o.t.Helper()
	public, err := ledger.EncodePublicKey(s.Public())
	if err != nil {
		o.t.Fatal(err)
	}
	o.record(onKey(s, "enrol", "leader-chen", key.Enroll{Algorithm: domain.AlgorithmEd25519, PublicKey: public, Purpose: purpose, Holder: holder}), s)
}

func onKey(s *ledger.Signer, id string, by domain.ActorID, c domain.Command) domain.Instruction {
	return domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: string(s.ID()), Actor: by, Role: domain.RoleLeader}}
}

// export writes the copy, whose keys file names these keys of events.
func (o *office) export(events ...*ledger.Signer) {
	o.t.Helper()
	if err := o.notary.CatchUp(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	named := o.trust
	named.Events = nil
	for _, s := range events {
		named.Events = append(named.Events, s.Public())
	}
	raw, err := named.Marshal()
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.notary.Export(o.t.Context(), o.copy, raw, o.verifier, nil); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) verify(trust Trust, since *State) (Report, State, error) {
	o.t.Helper()
	src, err := OpenSource(o.copy, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return VerifyLog(o.t.Context(), src, VerifyConfig{Trust: trust, Catalog: catalog.New(), Since: since})
}

// keep writes the state and reads it again.
func (o *office) keep(s State, trust Trust) *State {
	o.t.Helper()
	path := filepath.Join(o.t.TempDir(), "state")
	if err := s.WriteFile(path); err != nil {
		o.t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		o.t.Fatal(err)
	}
	kept, err := ParseState(raw, trust)
	if err != nil {
		o.t.Fatal(err)
	}
	return &kept
}

// Keys enrolled before an earlier verification count in a later one that goes
// on from it, and only there; positions mean the same events as in the store.
func TestKeysAreFollowedThroughACopy(t *testing.T) {
	o, first := newOffice(t)
	next, author := newSigner(t), newSigner(t)
	o.enrol(first, domain.KeyOfLedger, "")
	o.enrol(next, domain.KeyOfLedger, "")
	o.enrol(author, domain.KeyOfAuthor, "hr-li")
	o.some(author)
	o.export(first)
	report, state, err := o.verify(o.trust, nil)
	if err != nil || report.Events.Authored != 1 || len(report.Events.Keys) != 3 {
		t.Fatalf("from the beginning: %+v, %v", report.Events, err)
	}
	since, bare := o.keep(state, o.trust), o.keep(State{Checkpoint: state.Checkpoint}, o.trust)

	// An author signs beside the first key: the bare checkpoint leaves it open.
	stolen := o.some(author)
	o.export(first, next)
	report, state, err = o.verify(o.trust, since)
	if err != nil || report.Events.Authored != 1 || report.Events.Unjudged != 0 {
		t.Fatalf("going on: %+v, %v", report.Events, err)
	}
	if !slices.ContainsFunc(report.Checked, func(s string) bool { return strings.Contains(s, "enrolled by the log") }) {
		t.Errorf("the keys file is not among what was checked: %q", report.Checked)
	}
	report, short, err := o.verify(o.trust, bare)
	if err != nil || report.Events.Unjudged != 1 || report.Events.Authored != 0 || short.Heads != nil {
		t.Fatalf("from a bare checkpoint: %+v, %v", report.Events, err)
	}
	if !slices.ContainsFunc(report.NotChecked, func(s string) bool { return strings.Contains(s, "1 signatures by others are not judged") }) {
		t.Errorf("what is not checked: %q", report.NotChecked)
	}
	since = o.keep(state, o.trust)

	// The next key signs alone: who knows the first key and the checkpoint
	// alone cannot judge that, which is no failure of the copy.
	o.use(next)
	o.record(onKey(first, "propose", "leader-chen", key.ProposeRevocation{Reason: "stolen", From: int64(stolen)}))
	o.record(onKey(first, "confirm", "leader-gu", key.Revoke{Reason: "stolen", From: int64(stolen)}))
	o.export(first, next)
	// The key is not known from there, so nor is it whose checkpoint it is.
	_, _, err = o.verify(o.trust, bare)
	if _, bad := errors.AsType[*ledger.IntegrityError](err); bad || !errors.Is(err, ledger.ErrUnknownKey) {
		t.Errorf("from a bare checkpoint, signed by a key enrolled before it: %v", err)
	}
	for name, from := range map[string]*State{"from the beginning": nil, "going on": since} {
		_, _, err = o.verify(o.trust, from)
		if failure, ok := errors.AsType[*ledger.IntegrityError](err); !ok || failure.Position != stolen || !strings.Contains(err.Error(), "revoked from position") {
			t.Errorf("%s: %v, want the event at %s in doubt", name, err, stolen)
		}
	}
	ring, err := ledger.NewKeyring(first.Public())
	if err != nil {
		t.Fatal(err)
	}
	inStore, err := ledger.Verify(t.Context(), o.store, ledger.VerifyConfig{Codec: o.codec, Keys: ring})
	if failure, ok := errors.AsType[*ledger.IntegrityError](err); !ok || failure.Position != stolen {
		t.Errorf("the store: %v, want the event at %s in doubt", err, stolen)
	}

	// Vouched for by the digest that the store gives, the copy holds again.
	d := inStore.Doubts[0]
	o.record(onKey(first, "vouch", "leader-chen", key.Vouch{Through: int64(d.Through), Digest: d.Digest, Reason: "compared"}))
	o.export(first, next)
	since = o.keep(state, o.trust)
	for name, from := range map[string]*State{"from the beginning": nil, "going on": since} {
		if report, _, err := o.verify(o.trust, from); err != nil || len(report.Events.Doubts) != 0 {
			t.Errorf("%s, vouched for: %+v, %v", name, report.Events.Doubts, err)
		}
	}

	// A key that the keys file alone names is nobody's.
	stranger := newSigner(t)
	o.export(first, stranger)
	_, _, err = o.verify(o.trust, nil)
	if _, bad := errors.AsType[*ledger.IntegrityError](err); !bad || !strings.Contains(err.Error(), string(stranger.ID())) {
		t.Errorf("a stranger in the keys file: %v", err)
	}
}

// An auditor who is handed more keys goes on; one who no longer trusts a key
// does not.
func TestTheSavedRootsAreTrustedStill(t *testing.T) {
	o, first := newOffice(t)
	o.some()
	o.export(first)
	_, state, err := o.verify(o.trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "state")
	if err := state.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := newSigner(t)
	more, less := o.trust, o.trust
	more.Events = []crypto.PublicKey{other.Public(), first.Public()}
	less.Events = []crypto.PublicKey{other.Public()}
	if _, err := ParseState(raw, more); err != nil {
		t.Errorf("with another key: %v", err)
	}
	if _, err := ParseState(raw, less); err == nil || !strings.Contains(err.Error(), "root") {
		t.Errorf("without the key: %v", err)
	}
}
