package ledger_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

var algorithms = []ledger.Algorithm{ledger.Ed25519, ledger.ECDSAP256, ledger.RSA3072, ledger.SM2}

func TestKeysSurviveTheirFiles(t *testing.T) {
	for _, alg := range algorithms {
		for _, passphrase := range [][]byte{nil, []byte("correct horse")} {
			priv := newKey(t, alg)
			raw, err := ledger.MarshalKey(priv, passphrase)
			if err != nil {
				t.Fatal(err)
			}
			if ledger.KeyIsEncrypted(raw) != (passphrase != nil) {
				t.Errorf("%s: the file does not say whether it is encrypted:\n%s", alg, raw)
			}
			back, err := ledger.ParseKey(raw, passphrase)
			if err != nil {
				t.Fatal(err)
			}
			one, _ := ledger.NewSigner(priv)
			two, err := ledger.NewSigner(back)
			if err != nil || one.ID() != two.ID() {
				t.Errorf("%s: key %s came back as %v, %v", alg, one.ID(), two, err)
			}
			if passphrase == nil || alg != ledger.Ed25519 {
				continue // the key is not looked at before the passphrase is right
			}
			for _, wrong := range []string{"", "wrong horse"} {
				if _, err := ledger.ParseKey(raw, []byte(wrong)); !errors.Is(err, ledger.ErrPassphrase) {
					t.Errorf("%s with passphrase %q: got %v", alg, wrong, err)
				}
			}
		}
	}
}

func TestWeakAndForeignKeysAreRefused(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.NewSigner(weak); err == nil || !strings.Contains(err.Error(), "1024 bits") {
		t.Errorf("RSA 1024: got %v", err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.NewKeyring(&p384.PublicKey); err == nil || !strings.Contains(err.Error(), "P-256") {
		t.Errorf("P-384: got %v", err)
	}
	if _, err := ledger.ParsePublicKeys([]byte("no key here")); err == nil {
		t.Error("a file without keys was accepted")
	}
	if _, err := ledger.ParseKey([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), nil); err == nil {
		t.Error("a broken key was accepted")
	}
	if _, err := ledger.MarshalKey(weak, []byte{}); !errors.Is(err, ledger.ErrPassphrase) {
		t.Errorf("an empty passphrase: got %v", err)
	}
}

// An auditor needs no program of ours: openssl verifies a signature over the
// DSSE pre-authentication encoding.
func TestOpenSSLVerifiesAnEvent(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	for _, alg := range algorithms {
		t.Run(string(alg), func(t *testing.T) {
			b := newBench(t, alg)
			b.record(t, nominate("R1", 0))
			env, err := ledger.OpenEnvelope(b.store.events[0].Envelope)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			file := func(name string, raw []byte) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, raw, 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			pub, err := ledger.MarshalPublicKey(b.signer.Public())
			if err != nil {
				t.Fatal(err)
			}
			message, sig, key := file("message", ledger.PAE(env.Payload)), file("sig", env.Signatures[0].Sig), file("pub.pem", pub)
			args := []string{"pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", message, "-sigfile", sig}
			switch alg {
			case ledger.Ed25519:
			case ledger.SM2:
				if !opensslKnowsSM2(t, openssl) {
					t.Skip("this openssl does not know SM2")
				}
				args = append(args, "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
			default:
				args = append(args, "-digest", "sha256")
			}
			out, err := exec.Command(openssl, args...).CombinedOutput()
			if err != nil || !bytes.Contains(out, []byte("Success")) {
				t.Errorf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
			}
		})
	}
}

func opensslKnowsSM2(t *testing.T, openssl string) bool {
	t.Helper()
	out, err := exec.Command(openssl, "ecparam", "-list_curves").CombinedOutput()
	return err == nil && bytes.Contains(out, []byte("SM2"))
}
