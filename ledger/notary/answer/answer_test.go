package answer_test

import (
	"crypto"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/answer"
)

const origin = "test.example/ledger"

// desk has a key and signs.
type desk struct {
	signer *ledger.Signer
	trust  notary.Trust
}

func newDesk(t testing.TB) desk {
	t.Helper()
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	return desk{signer, notary.Trust{Origin: origin, Events: []crypto.PublicKey{signer.Public()}}}
}

// noteSigner signs notes with the desk's key.
type noteSigner struct {
	note.Verifier
	by *ledger.Signer
}

func (s noteSigner) Sign(msg []byte) ([]byte, error) { return s.by.Sign(msg) }

func (d desk) checkpoint(t testing.TB, name string, size int64) string {
	t.Helper()
	vkey, err := notary.VerifierKey(name, d.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	text := torchwood.Checkpoint{Origin: name, Tree: tlog.Tree{N: size, Hash: tlog.Hash{1}}}.String()
	signed, err := note.Sign(&note.Note{Text: text}, noteSigner{v, d.signer})
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

func (d desk) said(t testing.TB) answer.Answer {
	t.Helper()
	result, err := answer.DigestResult([]byte(`{"me":null}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	variables, err := answer.DigestVariables(nil)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Answer{Origin: origin, At: time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC), Subject: "I2", Role: domain.RoleInspector,
		Query: answer.DigestText("{ me { role } }"), Variables: variables, Result: result, Position: 1 << 60, Events: 7, Checkpoint: d.checkpoint(t, origin, 7)}
}

func (d desk) seal(t testing.TB, a answer.Answer) []byte {
	t.Helper()
	raw, err := answer.Seal(a, d.signer)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhatIsSealedIsWhatIsRead(t *testing.T) {
	d := newDesk(t)
	want := d.said(t)
	got, by, head, err := answer.Verify(d.seal(t, want), d.trust)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || by != d.signer.ID() || head.Size != 7 {
		t.Errorf("by %s, %d events: %s", by, head.Size, diff)
	}
}

func TestReceiptsThatDoNotCount(t *testing.T) {
	d, stranger := newDesk(t), newDesk(t)
	with := func(change func(*answer.Answer)) []byte {
		a := d.said(t)
		change(&a)
		return d.seal(t, a)
	}
	sealed := func(payload string) []byte {
		raw, err := ledger.SealStatement(answer.PayloadType, []byte(payload), d.signer)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for _, c := range []struct {
		name, says string
		raw        []byte
	}{
		{"nothing", "not an envelope", nil},
		{"signed by a stranger", "not among the keys", stranger.seal(t, d.said(t))},
		{"a checkpoint signed by a stranger", "not signed by a trusted key", with(func(a *answer.Answer) { a.Checkpoint = stranger.checkpoint(t, origin, 7) })},
		{"no checkpoint", "checkpoint", with(func(a *answer.Answer) { a.Checkpoint = "" })},
		{"of another ledger", "", with(func(a *answer.Answer) { a.Origin = "other.example/ledger" })},
		{"a checkpoint of another ledger", "", with(func(a *answer.Answer) { a.Checkpoint = d.checkpoint(t, "other.example/ledger", 7) })},
		{"more than the checkpoint covers", "shows 8 events", with(func(a *answer.Answer) { a.Events = 8 })},
		{"fewer than none", "shows -1 events", with(func(a *answer.Answer) { a.Events = -1 })},
		{"an unknown member", "cannot be read", sealed(`{"origin":"test.example/ledger","right":true}`)},
		{"no JSON", "cannot be read", sealed(`{`)},
	} {
		_, _, _, err := answer.Verify(c.raw, d.trust)
		if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestDigestsDoNotDependOnSpelling(t *testing.T) {
	same := func(name string, digest func([]byte) (answer.Digest, error), texts ...string) {
		var first answer.Digest
		for i, text := range texts {
			d, err := digest([]byte(text))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if i == 0 {
				first = d
			} else if d != first {
				t.Errorf("%s: %s and %s differ", name, texts[0], text)
			}
		}
	}
	same("variables", answer.DigestVariables, `{"b":"é","a":[1.0,true]}`, "{ \"a\": [1, true],\n\"b\": \"\\u00e9\" }")
	same("no variables", answer.DigestVariables, ``, `null`, `{}`, " { }")
	same("data", func(b []byte) (answer.Digest, error) { return answer.DigestResult(b, nil) }, `{"x":null,"y":"<"}`, `{"y":"\u003c","x":null}`)
	for _, bad := range []string{`{`, `{"a":1,"a":2}`, "\xff"} {
		if _, err := answer.DigestVariables([]byte(bad)); err == nil {
			t.Errorf("digested %q", bad)
		}
	}
}

func FuzzVerify(f *testing.F) {
	d := newDesk(f)
	good := d.seal(f, d.said(f))
	f.Add(good)
	f.Add([]byte(`{"payload":"","payloadType":"application/vnd.probity.answer.v1+json","signatures":[]}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, _, _, err := answer.Verify(raw, d.trust); err == nil && string(raw) != string(good) {
			t.Errorf("verified %q", raw)
		}
	})
}
