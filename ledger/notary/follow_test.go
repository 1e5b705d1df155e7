package notary

import (
	"bytes"
	"context"
	"crypto"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

// rotate enrols another key of the ledger, which takes over, and retires the
// one before.
func (o *office) rotate(before *ledger.Signer) *ledger.Signer {
	o.t.Helper()
	next := newSigner(o.t)
	o.enrol(next, domain.KeyOfLedger, "")
	o.use(next)
	o.record(onKey(before, "retire", "leader-chen", key.Retire{Reason: "rotation"}))
	return next
}

// sign puts a checkpoint signed by these keys into the copy, over what the
// copy's own covers.
func (o *office) sign(signers ...*ledger.Signer) {
	o.t.Helper()
	path := filepath.Join(o.copy, checkpointFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		o.t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(raw), "\n\n")
	var by []note.Signer
	for _, s := range signers {
		by = append(by, signerOf(o.t, s))
	}
	raw, err = note.Sign(&note.Note{Text: text + "\n"}, by...)
	if err == nil {
		err = os.WriteFile(path, raw, 0o644)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) mustRefuse(name string, trust Trust, since *State, says ...string) {
	o.t.Helper()
	_, _, err := o.verify(trust, since)
	if _, bad := errors.AsType[*ledger.IntegrityError](err); !bad {
		o.t.Fatalf("%s: %v, want an integrity failure", name, err)
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			o.t.Errorf("%s: %v, want it to say %q", name, err, s)
		}
	}
}

// An auditor who was handed the first key alone follows ten others, from the
// beginning, from a saved state, and from a state saved under an older key.
func TestCheckpointsAreFollowedThroughTenRotations(t *testing.T) {
	o, first := newOffice(t)
	o.enrol(first, domain.KeyOfLedger, "")
	o.some()
	o.export(first)
	_, state, err := o.verify(o.trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	since := o.keep(state, o.trust)
	oldest := o.keep(state, o.trust)
	now := first
	for i := range 10 {
		before := now
		now = o.rotate(before)
		o.some()
		o.export(first, now)
		report, state, err := o.verify(o.trust, since)
		if err != nil || !report.Followed || !slices.Equal(report.SignedBy, []ledger.KeyID{now.ID()}) {
			t.Fatalf("rotation %d, going on: signed by %v, followed: %t, %v", i, report.SignedBy, report.Followed, err)
		}
		since = o.keep(state, o.trust)
		if i == 4 {
			o.sign(before)
			o.mustRefuse("signed by the key before", o.trust, nil, string(before.ID()), "which was retired at position")
			o.sign(before, now)
			if report, _, err := o.verify(o.trust, nil); err != nil || !slices.Equal(report.SignedBy, []ledger.KeyID{now.ID()}) {
				t.Fatalf("signed by both: by %v, %v", report.SignedBy, err)
			}
			o.sign(now)
		}
	}
	for name, from := range map[string]*State{"from the beginning": nil, "from the first state": oldest} {
		report, _, err := o.verify(o.trust, from)
		if err != nil || !report.Followed || len(report.Events.Keys) != 11 {
			t.Errorf("%s: %+v, %v", name, report.Events.Keys, err)
		}
		if !slices.ContainsFunc(report.Checked, func(s string) bool { return strings.Contains(s, "by key "+string(now.ID())+", which the log enrols") }) {
			t.Errorf("%s: what was checked: %q", name, report.Checked)
		}
	}
	// The key in use alone: whoever holds it needs no other.
	last := trustOf(t, testOrigin, now)
	last.Events = append(last.Events, first.Public())
	if report, _, err := o.verify(last, nil); err != nil || report.Followed {
		t.Errorf("with the key in use: followed: %t, %v", report.Followed, err)
	}
}

// Both keys count during a changeover: a checkpoint by either is one.
func TestAChangeoverHasTwoKeys(t *testing.T) {
	o, first := newOffice(t)
	o.enrol(first, domain.KeyOfLedger, "")
	next := newSigner(t)
	o.enrol(next, domain.KeyOfLedger, "")
	o.export(first, next)
	for name, by := range map[string][]*ledger.Signer{"the old": {first}, "the new": {next}, "both": {first, next}} {
		o.sign(by...)
		if report, _, err := o.verify(o.trust, nil); err != nil || len(report.SignedBy) != len(by) {
			t.Errorf("signed by %s: %v, %v", name, report.SignedBy, err)
		}
	}
}

// A revoked key signs no checkpoint, though the auditor holds it; nor does a
// key enrolled on its word.
func TestARevokedKeysCheckpointIsRefused(t *testing.T) {
	o, first := newOffice(t)
	standby, planted := newSigner(t), newSigner(t)
	o.enrol(first, domain.KeyOfLedger, "")
	o.enrol(standby, domain.KeyOfLedger, "")
	stolen := o.some()
	o.enrol(planted, domain.KeyOfLedger, "")
	o.use(standby)
	revoke := key.Revoke{Reason: "stolen", From: int64(stolen)}
	o.record(onKey(first, "propose", "leader-chen", key.ProposeRevocation(revoke)))
	o.record(onKey(first, "confirm", "leader-gu", revoke))
	ring, err := ledger.NewKeyring(first.Public())
	if err != nil {
		t.Fatal(err)
	}
	report, _ := ledger.Verify(t.Context(), o.store, ledger.VerifyConfig{Codec: o.codec, Keys: ring})
	d := report.Doubts[len(report.Doubts)-1]
	o.record(onKey(first, "vouch", "leader-chen", key.Vouch{Through: int64(d.Through), Digest: d.Digest, Reason: "compared"}))
	o.export(first, standby)
	if _, _, err := o.verify(o.trust, nil); err != nil {
		t.Fatalf("signed by the standby: %v", err)
	}
	o.sign(first)
	o.mustRefuse("the stolen key", o.trust, nil, string(first.ID()), "which is revoked from position "+stolen.String())
	o.sign(planted)
	o.mustRefuse("the thief's key", o.trust, nil, string(planted.ID()), "enrolled on the word of key "+string(first.ID()))
}

// Who kept a retired key cannot fork the log: not against a saved state, not
// with the same events, and not by events of their own.
func TestAForkSignedByARetiredKeyIsRefused(t *testing.T) {
	o, first := newOffice(t)
	o.enrol(first, domain.KeyOfLedger, "")
	o.some()
	next := o.rotate(first)
	o.export(first, next)
	_, state, err := o.verify(o.trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	var entries [][]byte
	for s, err := range o.store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, s.Envelope)
	}
	o.sign(first)
	o.mustRefuse("the same events", o.trust, nil, string(first.ID()), "retired")
	o.mustRefuse("the same events, going on", o.trust, o.keep(state, o.trust), string(first.ID()), "retired")

	fork := func(entries [][]byte) Source { return copyOf(t, entries, trustOf(t, testOrigin, first), first) }
	verify := func(entries [][]byte, since *State) error {
		_, _, err := VerifyLog(t.Context(), fork(entries), VerifyConfig{Trust: o.trust, Catalog: catalog.New(), Since: since})
		return err
	}
	o.recorder = o.recorder.WithSigner(first)
	o.some()
	for s, err := range o.store.ReadAll(t.Context(), ledger.Position(len(entries))) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, s.Envelope) // an event by the retired key
	}
	for name, x := range map[string]struct {
		entries [][]byte
		since   *State
		says    string
	}{
		"an event of one's own":            {entries, nil, "which was retired at position"},
		"an event of one's own, going on":  {entries, o.keep(state, o.trust), "which was retired at position"},
		"cut off before the retirement":    {entries[:3], o.keep(state, o.trust), "the log went back"},
		"the end exchanged, of equal size": {append(slices.Clone(entries[:3]), entries[4]), o.keep(state, o.trust), "the log was forked"},
	} {
		err := verify(x.entries, x.since)
		if _, bad := errors.AsType[*ledger.IntegrityError](err); !bad || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want an integrity failure that says %q", name, err, x.says)
		}
	}
}

// endless is a log without end: the same entry over and over, under a
// checkpoint that promises so many.
type endless struct {
	note, entry []byte
	reads       atomic.Int64
}

func (*endless) String() string { return "endless" }

func (e *endless) Read(_ context.Context, name string, _ int64) ([]byte, error) {
	e.reads.Add(1)
	var record []byte
	switch {
	case name == checkpointFile:
		return e.note, nil
	case strings.HasPrefix(name, "tile/entries/"):
		record = append(binary.BigEndian.AppendUint16(nil, uint16(len(e.entry))), e.entry...)
	case strings.HasPrefix(name, "tile/0/"):
		h := tlog.RecordHash(e.entry)
		record = h[:]
	default:
		return nil, ErrNotThere
	}
	return bytes.Repeat(record, tileWidth), nil
}

// A stranger's checkpoint may promise as many events as it likes: no more is
// read on its word than a few bundles, for the first event fails.
func TestAStrangersCheckpointCostsLittle(t *testing.T) {
	o, first := newOffice(t)
	o.some()
	o.export(first)
	stranger := newSigner(t)
	o.sign(stranger)
	o.mustRefuse("a stranger's checkpoint over our events", o.trust, nil, "not signed by a trusted key, nor by one that the log enrols")

	theirs, _ := newOffice(t)
	theirs.recorder = theirs.recorder.WithSigner(stranger)
	theirs.some()
	var entry []byte
	for s, err := range theirs.store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		entry = s.Envelope
	}
	c, err := signerOf(t, stranger).checkpoint(1<<40, tlog.RecordHash(entry))
	if err != nil {
		t.Fatal(err)
	}
	src := &endless{note: c.Note, entry: entry}
	_, _, err = VerifyLog(t.Context(), src, VerifyConfig{Trust: o.trust, Catalog: catalog.New(), Workers: 2})
	failure, bad := errors.AsType[*ledger.IntegrityError](err)
	if !bad || failure.Position != 1 {
		t.Errorf("a log of a stranger's events: %v", err)
	}
	if n := src.reads.Load(); n > 100 {
		t.Errorf("%d files were read on a stranger's word", n)
	}

	// Nor is anything read that nobody signed in the ledger's name.
	other, err := note.Sign(&note.Note{Text: strings.Replace(string(c.Note[:strings.Index(string(c.Note), "\n\n")+1]), testOrigin, "probity.test/other", 1)}, signerOf(t, stranger))
	if err != nil {
		t.Fatal(err)
	}
	src = &endless{note: other, entry: entry}
	if _, _, err = VerifyLog(t.Context(), src, VerifyConfig{Trust: o.trust, Catalog: catalog.New()}); err == nil || src.reads.Load() != 1 {
		t.Errorf("a checkpoint in nobody's name: %d reads, %v", src.reads.Load(), err)
	}
}

// A ledger whose own key cannot sign checkpoints has another for them. The log
// enrols it and follows it like its own, but no event counts under it.
func TestAKeyOfCheckpointsIsFollowed(t *testing.T) {
	priv, err := ledger.GenerateKey(ledger.SM2)
	if err != nil {
		t.Fatal(err)
	}
	o, first := newOffice(t)
	sm2, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ledger.EncodePublicKey(sm2.Public())
	if err != nil {
		t.Fatal(err)
	}
	checkpoints := newSigner(t)
	o.record(onKey(sm2, "enrol", "leader-chen", key.Enroll{Algorithm: domain.AlgorithmSM2, PublicKey: public, Purpose: domain.KeyOfLedger}), sm2)
	o.enrol(checkpoints, domain.KeyOfCheckpoints, "")
	o.recorder = o.recorder.WithSigner(sm2)
	if err := o.notary.UseSigner(checkpoints); err != nil {
		t.Fatal(err)
	}
	o.verifier = append(o.verifier, trustKeys(t, trustOf(t, testOrigin, checkpoints))...)
	o.enrol(first, domain.KeyOfLedger, "")
	o.record(onKey(first, "retire", "leader-chen", key.Retire{Reason: "rotation"}))
	o.export(first, sm2)
	report, state, err := o.verify(o.trust, nil)
	if err != nil || !slices.Equal(report.SignedBy, []ledger.KeyID{checkpoints.ID()}) {
		t.Fatalf("signed by %v, %v", report.SignedBy, err)
	}
	// Who was handed the SM2 key alone needs no other.
	only := Trust{Events: []crypto.PublicKey{first.Public(), sm2.Public()}}
	if _, _, err := o.verify(only, nil); err != nil {
		t.Errorf("without a key of checkpoints: %v", err)
	}
	since := o.keep(state, o.trust)
	another := newSigner(t)
	o.enrol(another, domain.KeyOfCheckpoints, "")
	if err := o.notary.UseSigner(another); err != nil {
		t.Fatal(err)
	}
	o.verifier = append(o.verifier, trustKeys(t, trustOf(t, testOrigin, another))...)
	o.record(onKey(checkpoints, "retire", "leader-chen", key.Retire{Reason: "rotation"}))
	o.export(first, sm2)
	if _, _, err := o.verify(o.trust, since); err != nil {
		t.Errorf("going on, under the next key: %v", err)
	}
	o.sign(checkpoints)
	o.mustRefuse("the retired key", o.trust, nil, string(checkpoints.ID()), "retired")

	o.recorder = o.recorder.WithSigner(another)
	o.some()
	o.export(first, sm2)
	o.mustRefuse("an event signed by the key of checkpoints", o.trust, nil, "which is for checkpoints and no event")
}

// A receipt is judged by a saved state as the log stood when its checkpoint
// was signed.
func TestReceiptsAreJudgedByASavedState(t *testing.T) {
	o, first := newOffice(t)
	o.enrol(first, domain.KeyOfLedger, "")
	at := o.some()
	o.export(first)
	old, err := o.notary.ReceiptAt(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	next := o.rotate(first)
	at = o.some()
	o.export(first, next)
	recent, err := o.notary.ReceiptAt(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
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
	trust, err := ParseStateTrust(raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := recent.Verify(o.trust); !errors.Is(err, ErrUnsigned) {
		t.Errorf("the first key alone knows the new one: %v", err)
	}
	for name, r := range map[string]Receipt{"under the first key": old, "under the next": recent} {
		if _, err := r.Verify(trust); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The same event under a checkpoint that the retired key signed afterwards.
	o.sign(first)
	if recent.Checkpoint, err = os.ReadFile(filepath.Join(o.copy, checkpointFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := recent.Verify(trust); err == nil || !strings.Contains(err.Error(), "retired") {
		t.Errorf("signed by the retired key: %v", err)
	}
	if trust.Counts(next.ID(), 1) != nil || trust.Counts(first.ID(), 2) != nil || trust.Counts(first.ID(), state.Checkpoint.Size) == nil {
		t.Error("beside a checkpoint: the next key, or the first one in its time, does not count, or the first one after it does")
	}
	vkeys, err := trust.Current()
	if err != nil || len(vkeys) != 1 || !strings.HasSuffix(vkeys[0], o.line(next)) {
		t.Errorf("the keys that count now: %q, %v", vkeys, err)
	}
	raw[len(raw)-10] ^= 1
	if _, err := ParseStateTrust(raw); err == nil {
		t.Error("a damaged state was taken")
	}
}

func (o *office) line(s *ledger.Signer) string {
	o.t.Helper()
	vkey, err := VerifierKey(testOrigin, s.Public())
	if err != nil {
		o.t.Fatal(err)
	}
	return vkey
}
