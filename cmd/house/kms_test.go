package house

import (
	"context"
	"crypto"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/kms"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
)

// cloud is a key management service that holds one key.
type cloud struct {
	signature.SignerVerifier
	spoil bool
}

func (c cloud) SignMessage(message io.Reader, opts ...signature.SignOption) ([]byte, error) {
	sig, err := c.SignerVerifier.SignMessage(message, opts...)
	if c.spoil && err == nil {
		sig[len(sig)-1] ^= 1
	}
	return sig, err
}

func (c cloud) CreateKey(context.Context, string) (crypto.PublicKey, error) { return c.PublicKey() }
func (c cloud) CryptoSigner(context.Context, func(error)) (crypto.Signer, crypto.SignerOpts, error) {
	return nil, nil, nil
}
func (c cloud) SupportedAlgorithms() []string { return nil }
func (c cloud) DefaultAlgorithm() string      { return "" }

// provide puts a service on the list of sigstore under a scheme of its own.
func provide(t *testing.T, scheme string, alg ledger.Algorithm, spoil bool) {
	t.Helper()
	priv, err := ledger.GenerateKey(alg)
	if err != nil {
		t.Fatal(err)
	}
	sv, err := signature.LoadSignerVerifier(priv, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	kms.AddProvider(scheme, func(context.Context, string, crypto.Hash, ...signature.RPCOption) (kms.SignerVerifier, error) {
		return cloud{sv, spoil}, nil
	})
}

// A ledger whose key file holds an address signs with the key there, from its
// first event or after a rotation, and verifies like any other.
func TestALedgerSignsWithAKeyInAService(t *testing.T) {
	provide(t, "onecloud://", ledger.ECDSAP256, false)
	provide(t, "twocloud://", ledger.RSA3072, false)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ledger.key"), []byte("onecloud://keys/7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func() *House {
		h, err := Open(Config{Dir: dir, Write: true, Passphrase: func(bool) ([]byte, error) {
			t.Fatal("asked for a passphrase")
			return nil, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	record := func(h *House, id string) {
		t.Helper()
		if _, err := h.Recorder.Record(t.Context(), domain.Instruction{ID: id, Command: unit.Establish{UnitName: "海关", UnitKind: "agency"},
			Act: domain.Act{Subject: id, Actor: "hr-li", Role: domain.RoleHR}}); err != nil {
			t.Fatal(err)
		}
	}
	h := open()
	record(h, "one")
	next, err := OpenKMS(t.Context(), "twocloud://keys/8")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.EnrolLedgerKey(t.Context(), next, []byte("twocloud://keys/8\n"), "leader-chen"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.UseLedgerKey(t.Context(), next, []byte("twocloud://keys/8\n")); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h = open()
	defer h.Close()
	record(h, "two")
	report, err := ledger.Verify(t.Context(), h.Store, ledger.VerifyConfig{Codec: h.Codec, Keys: h.Keys})
	if err != nil || report.Signatures[next.ID()] != 2 {
		t.Errorf("signed with the second key: %d, want the enrolment and the event after it; %v", report.Signatures[next.ID()], err)
	}
}

func TestKeysInServicesThatAreNotTaken(t *testing.T) {
	provide(t, "badcloud://", ledger.RSA3072, true)
	for uri, what := range map[string]string{
		"badcloud://keys/7":    "signs otherwise",
		"nosuchcloud://keys/7": "its plugin must be on the PATH",
	} {
		if _, err := OpenKMS(t.Context(), uri); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: got %v, want an error that says %q", uri, err, what)
		}
	}
	for _, text := range []string{"", "ledger.key", "://", "a://", "-----BEGIN KEY-----\nhttp://x\n", "a b://c"} {
		if IsKMS(text) {
			t.Errorf("%q is taken for an address", text)
		}
	}
}
