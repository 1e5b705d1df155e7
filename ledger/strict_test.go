package ledger_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

func TestNoKeySignsAnEnvelopeTwice(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	payload := []byte(`{}`)
	if _, err := ledger.Seal(payload, b.signer, b.signer); err == nil {
		t.Error("sealed twice by one signer")
	}
	raw, err := ledger.Seal(payload, b.signer)
	if err != nil {
		t.Fatal(err)
	}
	from, to := bytes.Index(raw, []byte(`{"keyid"`)), len(raw)-len("]}")
	twice := append(bytes.Clone(raw[:to]), ',')
	twice = append(append(twice, raw[from:to]...), "]}"...)
	if _, err := ledger.OpenEnvelope(twice); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("an envelope signed twice by one key: got %v", err)
	}
	upper := strings.Replace(string(raw), string(b.signer.ID()), strings.ToUpper(string(b.signer.ID())), 1)
	if _, err := ledger.OpenEnvelope([]byte(upper)); err == nil {
		t.Error("a key id in capitals was accepted")
	}
	endless := `{"payload":"` + strings.Repeat("AAAA", ledger.MaxEnvelope/4) + string(raw[bytes.Index(raw, []byte(`","payloadType`)):])
	if _, err := ledger.OpenEnvelope([]byte(endless)); err == nil || !strings.Contains(err.Error(), "allowed") {
		t.Errorf("an envelope over the cap: got %v", err)
	}
}

// Whoever holds no key must not be able to write a signature in another way.
func TestTheTwinOfASignatureIsRefused(t *testing.T) {
	payload := []byte(`{"n":1}`)
	open := func(b *bench) ledger.Envelope {
		raw, err := ledger.Seal(payload, b.signer)
		if err != nil {
			t.Fatal(err)
		}
		env, err := ledger.OpenEnvelope(raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.keys.Verify(env); err != nil {
			t.Fatal(err)
		}
		return env
	}
	t.Run("ECDSA", func(t *testing.T) {
		b := newBench(t, ledger.ECDSAP256)
		for range 8 { // half of all signatures come out high
			env := open(b)
			var rs struct{ R, S *big.Int }
			if _, err := asn1.Unmarshal(env.Signatures[0].Sig, &rs); err != nil {
				t.Fatal(err)
			}
			pub := b.signer.Public().(*ecdsa.PublicKey)
			rs.S.Sub(pub.Params().N, rs.S)
			twin, err := asn1.Marshal(rs)
			if err != nil {
				t.Fatal(err)
			}
			env.Signatures[0].Sig = twin
			if b.keys.Verify(env) == nil {
				t.Fatal("n-s was accepted beside s")
			}
		}
	})
	t.Run("Ed25519", func(t *testing.T) {
		b := newBench(t, ledger.Ed25519)
		env := open(b)
		order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
		s := bytes.Clone(env.Signatures[0].Sig[32:])
		reverse(s)
		raised := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
		reverse(raised)
		for name, sig := range map[string][]byte{
			"s raised by the order": append(bytes.Clone(env.Signatures[0].Sig[:32]), raised...),
			"a byte more":           append(bytes.Clone(env.Signatures[0].Sig), 0),
			"a byte less":           env.Signatures[0].Sig[:63],
			"nothing":               {},
		} {
			bad := ledger.Envelope{Payload: env.Payload, Signatures: []ledger.Signature{{KeyID: b.signer.ID(), Sig: sig}}}
			if b.keys.Verify(bad) == nil {
				t.Errorf("%s was accepted", name)
			}
		}
	})
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func TestKeysUnderWhichStrangersCouldSignAreRefused(t *testing.T) {
	point := func(s string) ed25519.PublicKey {
		raw, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	modulus := new(big.Int).SetBit(big.NewInt(1), 2047, 1)
	for name, pub := range map[string]crypto.PublicKey{
		"the neutral point":              point("0100000000000000000000000000000000000000000000000000000000000000"),
		"a point of order 2":             point("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		"a point of order 4":             point("0000000000000000000000000000000000000000000000000000000000000000"),
		"a point of order 8":             point("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
		"a second spelling of a point":   point("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		"no point at all":                point("0200000000000000000000000000000000000000000000000000000000000000"),
		"an Ed25519 key cut short":       make(ed25519.PublicKey, 31),
		"RSA with exponent 3":            &rsa.PublicKey{N: modulus, E: 3},
		"RSA with an even exponent":      &rsa.PublicKey{N: modulus, E: 1 << 17},
		"RSA of more than 8192 bits":     &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 8192, 1), E: 65537},
		"a key of a kind nobody expects": "key",
	} {
		if _, err := ledger.NewKeyring(pub); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestAPublicKeyFileCutShortIsRefused(t *testing.T) {
	one, two := newBench(t, ledger.Ed25519), newBench(t, ledger.ECDSAP256)
	var file []byte
	for _, b := range []*bench{one, two} {
		raw, err := ledger.MarshalPublicKey(b.signer.Public())
		if err != nil {
			t.Fatal(err)
		}
		file = append(file, raw...)
	}
	keys, err := ledger.ParsePublicKeys(file)
	if err != nil || len(keys) != 2 {
		t.Fatalf("got %d keys, %v", len(keys), err)
	}
	if _, err := ledger.ParseKey(file, nil); err == nil || errors.Is(err, ledger.ErrPassphrase) {
		t.Errorf("a public key where a private one belongs: got %v, want no word of a passphrase", err)
	}
	if _, err := ledger.ParsePublicKeys(file[:len(file)-30]); err == nil {
		t.Error("a key cut short was left out in silence")
	}
}
