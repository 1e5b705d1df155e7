package ledger_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sslib "github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/probity-ledger/probity/ledger"
)

func TestThePreAuthenticationEncodingIsThatOfTheReferenceLibrary(t *testing.T) {
	for _, payload := range []string{"", "{}", strings.Repeat("勤政", 1000)} {
		want := sslib.PAE(ledger.PayloadType, []byte(payload))
		if got := ledger.PAE([]byte(payload)); !bytes.Equal(want, got) {
			t.Errorf("PAE of %d bytes differs from the reference", len(payload))
		}
	}
}

func TestEnvelopesOpenToWhatWasSealed(t *testing.T) {
	one, two := newBench(t, ledger.Ed25519), newBench(t, ledger.ECDSAP256)
	payload := []byte(`{"text":"廉"}`)
	raw, err := ledger.Seal(payload, one.signer, two.signer)
	if err != nil {
		t.Fatal(err)
	}
	env, err := ledger.OpenEnvelope(raw)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(env.Payload, payload) || len(env.Signatures) != 2 || env.Signatures[1].KeyID != two.signer.ID() {
		t.Fatalf("opened to %q signed %v", env.Payload, env.Signatures)
	}
	both, err := ledger.NewKeyring(one.signer.Public(), two.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	if err := both.Verify(env); err != nil {
		t.Error(err)
	}
	if err := one.keys.Verify(env); err == nil {
		t.Error("an envelope with a signature by an unknown key passed")
	}
	env.Signatures[0], env.Signatures[1] = env.Signatures[1], env.Signatures[0]
	env.Signatures[0].KeyID, env.Signatures[1].KeyID = env.Signatures[1].KeyID, env.Signatures[0].KeyID
	if err := both.Verify(env); err == nil {
		t.Error("signatures under each other's key passed")
	}
}

func TestEnvelopesHaveOneSpelling(t *testing.T) {
	key := strings.Repeat("a", 64)
	good := `{"payload":"e30=","payloadType":"application/cloudevents+json","signatures":[{"keyid":"` + key + `","sig":"AAAA"}]}`
	if _, err := ledger.OpenEnvelope([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"a space":                strings.Replace(good, `":`, `": `, 1),
		"another order":          `{"payloadType":"application/cloudevents+json","payload":"e30=","signatures":[{"keyid":"` + key + `","sig":"AAAA"}]}`,
		"another payload type":   strings.Replace(good, "cloudevents+json", "vnd.in-toto+json", 1),
		"no signature":           `{"payload":"e30=","payloadType":"application/cloudevents+json","signatures":[]}`,
		"bytes after the end":    good + "\n",
		"loose base64":           strings.Replace(good, "e30=", "e31=", 1),
		"unpadded base64":        strings.Replace(good, "e30=", "e30", 1),
		"base64 with line break": strings.Replace(good, "e30=", "e3\n0=", 1),
		"a short key id":         strings.Replace(good, key, key[1:], 1),
		"a trailing comma":       strings.Replace(good, "]}", ",]}", 1),
	} {
		if _, err := ledger.OpenEnvelope([]byte(bad)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestSealRefusesWhatNoLogCouldHold(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	_, err := ledger.Seal(make([]byte, ledger.MaxEnvelope), b.signer)
	if err == nil || !strings.Contains(err.Error(), "file long matter as evidence") {
		t.Errorf("got %v", err)
	}
}

func FuzzOpenEnvelope(f *testing.F) {
	f.Add([]byte(`{"payload":"e30=","payloadType":"application/cloudevents+json","signatures":[{"keyid":"` + strings.Repeat("a", 64) + `","sig":"AAAA"}]}`))
	f.Add([]byte(`{"payload":"","payloadType":"application/cloudevents+json","signatures":[`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		env, err := ledger.OpenEnvelope(raw)
		if err != nil {
			return
		}
		// What opens has one spelling: written again it is the same bytes.
		var b strings.Builder
		b.WriteString(`{"payload":"` + base64.StdEncoding.EncodeToString(env.Payload) + `","payloadType":"` + ledger.PayloadType + `","signatures":[`)
		for i, s := range env.Signatures {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`{"keyid":"` + string(s.KeyID) + `","sig":"` + base64.StdEncoding.EncodeToString(s.Sig) + `"}`)
		}
		b.WriteString("]}")
		if diff := cmp.Diff(b.String(), string(raw)); diff != "" {
			t.Errorf("a second spelling was accepted (-written +accepted):\n%s", diff)
		}
	})
}

func FuzzDecode(f *testing.F) {
	b := newBench(f, ledger.Ed25519)
	b.record(f, nominate("R1", 0), verifyMerit("R1", 0))
	for _, s := range b.store.snapshot() {
		env, err := ledger.OpenEnvelope(s.Envelope)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(env.Payload)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		envelope, err := ledger.Seal(payload, b.signer)
		if err != nil {
			t.Skip()
		}
		s := b.store.events[0]
		s.Envelope = envelope
		if d, err := b.codec.Decode(s); err == nil && (d.Stream != s.Stream || d.Event == nil) {
			t.Errorf("decoded to %+v", d)
		}
	})
}
