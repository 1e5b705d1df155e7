package ledger_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

const kind = "application/vnd.example.v1+json"

func TestAStatementIsOfItsTypeAlone(t *testing.T) {
	for _, alg := range []ledger.Algorithm{ledger.Ed25519, ledger.ECDSAP256, ledger.SM2} {
		t.Run(string(alg), func(t *testing.T) {
			signer, other := newSigner(t, alg), newSigner(t, alg)
			ring, err := ledger.NewKeyring(signer.Public())
			if err != nil {
				t.Fatal(err)
			}
			payload := []byte(`{"says":"so"}`)
			raw, err := ledger.SealStatement(kind, payload, signer)
			if err != nil {
				t.Fatal(err)
			}
			env, err := ledger.OpenStatement(kind, raw)
			if err != nil || !bytes.Equal(env.Payload, payload) {
				t.Fatalf("%q, %v", env.Payload, err)
			}
			if err := ring.VerifyStatement(kind, env); err != nil {
				t.Error(err)
			}
			if ring.VerifyStatement(kind+"2", env) == nil || ring.VerifyStatement(ledger.PayloadType, env) == nil || ring.Verify(env) == nil {
				t.Error("the signature counts for another type")
			}
			if _, err := ledger.OpenStatement(kind+"2", raw); err == nil {
				t.Error("opened as of another type")
			}
			if _, err := ledger.OpenEnvelope(raw); err == nil {
				t.Error("opened as an event")
			}
			event, err := ledger.Seal(payload, signer)
			if err != nil {
				t.Fatal(err)
			}
			if env, err := ledger.OpenEnvelope(event); err != nil || ring.VerifyStatement(kind, env) == nil {
				t.Errorf("an event's signature counts for a statement (%v)", err)
			}
			if foreign, err := ledger.SealStatement(kind, payload, other); err != nil {
				t.Error(err)
			} else if env, err := ledger.OpenStatement(kind, foreign); err != nil || ring.VerifyStatement(kind, env) == nil {
				t.Errorf("the signature of a stranger counts (%v)", err)
			}
			if ring.VerifyStatement(kind, ledger.Envelope{Payload: payload}) == nil {
				t.Error("counts without a signature")
			}
		})
	}
}

func TestAStatementHasOneSpelling(t *testing.T) {
	signer := newSigner(t, ledger.Ed25519)
	ring, err := ledger.NewKeyring(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ledger.SealStatement(kind, []byte(`{}`), signer)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for bit := range 8 {
			changed := bytes.Clone(raw)
			changed[i] ^= 1 << bit
			if env, err := ledger.OpenStatement(kind, changed); err == nil && ring.VerifyStatement(kind, env) == nil {
				t.Fatalf("bit %d of byte %d is without meaning", bit, i)
			}
		}
	}
	for _, b := range []string{"", "{}", string(raw) + "\n", string(raw[:len(raw)-1]), strings.Repeat("x", ledger.MaxEnvelope+1)} {
		if _, err := ledger.OpenStatement(kind, []byte(b)); err == nil {
			t.Errorf("opened %.40q", b)
		}
	}
	for _, k := range []string{"", ledger.PayloadType} {
		if _, err := ledger.SealStatement(k, nil, signer); err == nil {
			t.Errorf("signed a statement of type %q", k)
		}
	}
	if _, err := ledger.SealStatement(kind, make([]byte, ledger.MaxEnvelope), signer); err == nil {
		t.Error("signed a statement that is too long")
	}
}
