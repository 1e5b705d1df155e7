package notary

import (
	"bytes"
	"crypto"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

func TestKeysFileSaysWhatWasWritten(t *testing.T) {
	a, b := newSigner(t), newSigner(t)
	trust := trustOf(t, testOrigin, a)
	trust.Events = append(trust.Events, b.Public())
	raw, err := trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseTrust(raw)
	if err != nil || got.Origin != testOrigin || len(got.Log) != 1 || got.Log[0] != trust.Log[0] || len(got.Events) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	again, err := got.Marshal()
	if err != nil || !bytes.Equal(again, raw) {
		t.Errorf("written again it is\n%s(%v)", again, err)
	}
}

func TestPlainPEMTrustsItsEd25519KeysForCheckpoints(t *testing.T) {
	signer := newSigner(t)
	raw, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	trust, err := ParseTrust(raw)
	if err != nil {
		t.Fatal(err)
	}
	c, err := signerOf(t, signer).checkpoint(5, tlog.RecordHash(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := trust.Open(c.Note); err != nil || got.Origin != testOrigin || got.Size != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := trustOf(t, testOrigin, newSigner(t)).Open(c.Note); err == nil {
		t.Error("a foreign key was taken")
	}
	ec, err := ledger.GenerateKey(ledger.ECDSAP256)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ledger.NewSigner(ec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Trust{Events: []crypto.PublicKey{other.Public()}}).Open(c.Note); err == nil {
		t.Error("checkpoints were verified with an ECDSA key")
	}
}

func signerOf(t testing.TB, signer *ledger.Signer) checkpointSigner {
	t.Helper()
	vkey, err := VerifierKey(testOrigin, signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return checkpointSigner{v, signer}
}

func TestAWeakCheckpointKeyIsRefused(t *testing.T) {
	for name, point := range map[string][]byte{
		"the neutral element": append([]byte{1}, make([]byte, 31)...),
		"order 4":             make([]byte, 32),
	} {
		vkey, err := note.NewEd25519VerifierKey(testOrigin, point)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := note.NewVerifier(vkey); err != nil {
			t.Fatalf("%s: the library refuses it by itself: %v", name, err)
		}
		if trust, err := ParseTrustLines([]byte(vkey + "\n")); err == nil {
			t.Errorf("%s: a keys file may hold it: %+v", name, trust)
		}
		if _, err := (Trust{Log: []string{vkey}}).Verifiers(testOrigin); err == nil {
			t.Errorf("%s: checkpoints are opened under it", name)
		}
	}
}

func TestCheckpointsAreRefused(t *testing.T) {
	signer := newSigner(t)
	s := signerOf(t, signer)
	c, err := s.checkpoint(5, tlog.RecordHash(nil))
	if err != nil {
		t.Fatal(err)
	}
	good := string(c.Note)
	raw := func(text string) string {
		signed, err := note.Sign(&note.Note{Text: text}, s)
		if err != nil {
			t.Fatal(err)
		}
		return string(signed)
	}
	root := c.Root.String() + "\n"
	tests := []struct{ name, note, says string }{
		{"nothing", "", "malformed"},
		{"no signature", good[:strings.Index(good, "\n\n")+2], "malformed"},
		{"cut short", good[:len(good)-5], ""},
		{"another size", strings.Replace(good, "\n5\n", "\n6\n", 1), "invalid signature"},
		{"an extension line", raw(testOrigin + "\n5\n" + root + "more\n"), "its text is not"},
		{"a size with a zero before it", raw(testOrigin + "\n05\n" + root), "malformed"},
		{"a negative size", raw(testOrigin + "\n-5\n" + root), "malformed"},
		{"no root", raw(testOrigin + "\n5\n"), "malformed"},
		{"a short root", raw(testOrigin + "\n5\nAAAA\n"), "malformed"},
		{"the empty tree with another root", raw(testOrigin + "\n0\n" + root), "empty tree"},
		{"the name of another log", raw("probity.test/other\n5\n" + root), "not signed by a trusted key"},
		{"the signature twice", good + good[strings.Index(good, "\n\n")+2:], "one spelling"},
		{"stray bits in the signature", good[:len(good)-3] + string(good[len(good)-3]+1) + good[len(good)-2:], ""},
		{"longer than any", good + strings.Repeat("x", MaxCheckpoint), "at most"},
	}
	keys := []note.Verifier{s.Verifier}
	if _, err := OpenCheckpoint([]byte(good), keys); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		if _, err := OpenCheckpoint([]byte(tt.note), keys); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want an error that says %q", tt.name, err, tt.says)
		}
	}
	// A signature by somebody else beside ours is no harm.
	other := signerOf(t, newSigner(t))
	both, err := note.Sign(&note.Note{Text: testOrigin + "\n5\n" + root}, s, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(both, keys); err != nil {
		t.Errorf("with a second signature: %v", err)
	}
}

func TestASignerSignsNothingThatCouldBeAnEvent(t *testing.T) {
	if _, err := newSigner(t).Sign(ledger.PAE([]byte("{}"))); err == nil {
		t.Error("an event's message was signed as something else")
	}
	if _, err := VerifierKey("a name with spaces", newSigner(t).Public()); err == nil {
		t.Error("a name that no note can carry was taken")
	}
}
