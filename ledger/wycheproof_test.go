package ledger

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// vectors are the test vectors of one file of project Wycheproof.
type vectors struct {
	Groups []struct {
		Key   string `json:"publicKeyDer"`
		Tests []struct {
			ID      int    `json:"tcId"`
			Comment string `json:"comment"`
			Msg     string `json:"msg"`
			Sig     string `json:"sig"`
			Result  string `json:"result"`
		} `json:"tests"`
	} `json:"testGroups"`
}

// wycheproofDir is where the module's files lie; it is downloaded when needed,
// and checked against go.sum.
func wycheproofDir(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/c2sp/wycheproof").Output()
	if err != nil {
		t.Fatalf("download the vectors: %v\n%s", err, out)
	}
	var mod struct{ Dir string }
	if err := json.Unmarshal(out, &mod); err != nil || mod.Dir == "" {
		t.Fatalf("find the vectors: %v\n%s", err, out)
	}
	return filepath.Join(mod.Dir, "testvectors_v1")
}

// Project Wycheproof (C2SP) collects signatures that verifiers got wrong. Ours
// takes what is valid and nothing else. It is stricter in two ways: of the two
// ECDSA signatures over one message only the one with the smaller s counts,
// and keys below our strength are not loaded at all.
func TestWycheproof(t *testing.T) {
	dir := wycheproofDir(t)
	for _, f := range []struct {
		name string
		// Least numbers of signatures that must be taken and refused, and
		// groups whose key must be refused.
		taken, refused, keys int
	}{
		{"ed25519_test.json", 80, 60, 0},
		{"ecdsa_secp256r1_sha256_test.json", 80, 300, 0},
		{"rsa_signature_2048_sha256_test.json", 6, 240, 1},
		{"rsa_signature_3072_sha256_test.json", 6, 240, 0},
		{"rsa_signature_4096_sha256_test.json", 6, 240, 0},
		{"rsa_signature_8192_sha256_test.json", 6, 240, 0},
	} {
		t.Run(f.name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, f.name))
			if err != nil {
				t.Fatal(err)
			}
			var v vectors
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			taken, refused, keys := 0, 0, 0
			for _, g := range v.Groups {
				pub, err := parsePublicDER(unhex(t, g.Key))
				if err != nil {
					t.Fatalf("key %s: %v", g.Key, err)
				}
				_, key, err := loadRingKey(pub)
				if err != nil {
					keys++
					continue
				}
				for _, c := range g.Tests {
					msg, sig := unhex(t, c.Msg), unhex(t, c.Sig)
					want := c.Result == "valid"
					if pub, ok := pub.(*ecdsa.PublicKey); ok && want {
						low, err := lowS(pub, sig)
						want = err == nil && bytes.Equal(low, sig)
					}
					got := key.verify(msg, sig)
					if got != want {
						t.Errorf("%d (%s, %s): taken: %t, want %t", c.ID, c.Comment, c.Result, got, want)
					}
					if got {
						taken++
					} else {
						refused++
					}
				}
			}
			if taken < f.taken || refused < f.refused || keys < f.keys {
				t.Errorf("%d taken, %d refused, %d keys refused: the vectors are not what they were", taken, refused, keys)
			}
			t.Logf("%d signatures taken, %d refused, %d keys refused", taken, refused, keys)
		})
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Wycheproof has no vectors for SM2. The signature is the example of GM/T
// 0003.5-2012, annex A.2; the others are what a lax verifier would take.
func TestSM2Vectors(t *testing.T) {
	number := func(s string) *big.Int { return new(big.Int).SetBytes(unhex(t, s)) }
	parsed, err := parsePublicDER(unhex(t, "3059301306072A8648CE3D020106082A811CCF5501822D034200"+"04"+
		"09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"+
		"CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"))
	pub, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok || !isSM2(pub) {
		t.Fatalf("the public key: %v", err)
	}
	r := number("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3")
	s := number("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
	n, zero, one := pub.Params().N, new(big.Int), big.NewInt(1)
	der := func(r, s *big.Int) []byte {
		b, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	_, key, err := loadRingKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	message, good := []byte("message digest"), der(r, s)
	if !key.verify(message, good) {
		t.Fatal("the example of the standard is refused")
	}
	if key.verify([]byte("message  digest"), good) {
		t.Error("another message is taken")
	}
	long := longLength(good) // a length in two bytes, where one suffices
	for name, sig := range map[string][]byte{
		"nothing":                   nil,
		"r is 0":                    der(zero, s),
		"s is 0":                    der(r, zero),
		"both are 0":                der(zero, zero),
		"both are 1":                der(one, one),
		"r is n":                    der(n, s),
		"s is n":                    der(r, n),
		"r + s is n":                der(r, new(big.Int).Sub(n, r)),
		"s is greater by n":         der(r, new(big.Int).Add(s, n)),
		"r is greater by n":         der(new(big.Int).Add(r, n), s),
		"r is negative":             der(new(big.Int).Neg(r), s),
		"the twin of ECDSA":         der(r, new(big.Int).Sub(n, s)),
		"r and s exchanged":         der(s, r),
		"a byte behind it":          append(bytes.Clone(good), 0),
		"a length in a longer form": long,
		"r and s without DER":       append(r.Bytes(), s.Bytes()...),
	} {
		if key.verify(message, sig) {
			t.Errorf("%s: taken", name)
		}
	}
}

// longLength writes the length of a DER sequence in its longer form.
func longLength(der []byte) []byte {
	return append(append(bytes.Clone(der[:1]), 0x81), der[1:]...)
}
