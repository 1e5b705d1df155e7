package ledger_test

import (
	"errors"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// FuzzPublicKeys: whatever is read as public keys is usable, and comes back the
// same when it is written. The seeds are keys of each algorithm, and files that
// went wrong.
func FuzzPublicKeys(f *testing.F) {
	var all []byte
	for _, alg := range algorithms {
		raw, err := ledger.MarshalPublicKey(newSigner(f, alg).Public())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		all = append(all, raw...)
	}
	f.Add(all)
	f.Add(all[:len(all)-20])
	f.Fuzz(func(t *testing.T, raw []byte) {
		keys, err := ledger.ParsePublicKeys(raw)
		if err != nil {
			return
		}
		if len(keys) == 0 {
			t.Fatal("a file without keys was taken")
		}
		for _, k := range keys {
			if _, err := ledger.AlgorithmOf(k); err != nil {
				continue // of a kind that no keyring takes
			}
			id, err := ledger.KeyIDOf(k)
			if err != nil {
				t.Fatalf("a key without an id: %v", err)
			}
			again, err := ledger.MarshalPublicKey(k)
			if err != nil {
				t.Fatal(err)
			}
			back, err := ledger.ParsePublicKeys(again)
			if err != nil || len(back) != 1 {
				t.Fatalf("key %s cannot be read again: %v", id, err)
			}
			if same, err := ledger.KeyIDOf(back[0]); err != nil || same != id {
				t.Fatalf("key %s came back as %s, %v", id, same, err)
			}
			if _, err := ledger.NewKeyring(k); err != nil {
				t.Fatalf("key %s: %v", id, err)
			}
		}
	})
}

// FuzzKey: a private key file is read or refused, with and without a
// passphrase; what is read can sign. An encrypted one is among the seeds in
// testdata, and one is enough: to derive a key from a passphrase takes long.
func FuzzKey(f *testing.F) {
	passphrase := []byte("correct horse")
	for _, alg := range []ledger.Algorithm{ledger.Ed25519, ledger.ECDSAP256, ledger.SM2} {
		priv, err := ledger.GenerateKey(alg)
		if err != nil {
			f.Fatal(err)
		}
		raw, err := ledger.MarshalKey(priv, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if ledger.KeyIsEncrypted(raw) {
			if _, err := ledger.ParseKey(raw, nil); !errors.Is(err, ledger.ErrPassphrase) {
				t.Fatalf("an encrypted key without a passphrase: %v", err)
			}
		}
		priv, err := ledger.ParseKey(raw, passphrase)
		if err != nil {
			return
		}
		s, err := ledger.NewSigner(priv)
		if err != nil {
			return // of a kind that the ledger does not take
		}
		if err := s.SelfTest(); err != nil {
			t.Fatalf("a key that was read does not sign: %v", err)
		}
	})
}
