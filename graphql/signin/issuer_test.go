package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
)

func TestAMintedTokenSignsIn(t *testing.T) {
	issuer := testIssuer(t)
	token, expires, err := issuer.Mint(Grant{Subject: "o-7", Role: domain.RoleInspector, Units: []domain.UnitID{"port", "office"}})
	if err != nil {
		t.Fatal(err)
	}
	if !expires.Equal(noon.Add(DefaultLifetime)) {
		t.Errorf("expires %v, want an hour after noon", expires)
	}
	got, err := testVerifier(t, issuer).Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	want := Principal{Subject: "o-7", Role: domain.RoleInspector, Unit: "port", Units: []domain.UnitID{"port", "office"},
		Issuer: LaptopIssuer, TokenID: got.TokenID, Expires: noon.Add(DefaultLifetime).Local()}
	if diff := cmp.Diff(want, got); diff != "" || got.TokenID == "" {
		t.Errorf("principal (-want +got):\n%s", diff)
	}
}

func TestNoTokenIsMintedThatNoVerifierTakes(t *testing.T) {
	issuer := testIssuer(t)
	for name, grant := range map[string]Grant{
		"without a subject":       {Role: domain.RoleAuditor},
		"with an unknown role":    {Subject: "o", Role: "emperor"},
		"for the system":          {Subject: "o", Role: domain.RoleSystem},
		"for a week":              {Subject: "o", Role: domain.RoleAuditor, Lifetime: 7 * 24 * time.Hour},
		"that has expired":        {Subject: "o", Role: domain.RoleAuditor, Lifetime: -time.Hour},
		"with an empty unit":      {Subject: "o", Role: domain.RoleAuditor, Units: []domain.UnitID{"a", ""}},
		"with a control sequence": {Subject: "o\x1b[2J", Role: domain.RoleAuditor},
	} {
		t.Run(name, func(t *testing.T) {
			token, _, err := issuer.Mint(grant)
			var refused *TokenError
			if !errors.As(err, &refused) || token != "" {
				t.Errorf("got %q, %v; want a refusal", token, err)
			}
		})
	}
}

func TestTheKeyIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	ids := make([]string, 8)
	var group sync.WaitGroup
	for i := range ids {
		group.Add(1)
		go func() {
			defer group.Done()
			issuer, err := OpenIssuer(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = issuer.KeyID()
		}()
	}
	group.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("several keys: %v", ids)
		}
	}
	for file, mode := range map[string]os.FileMode{"issuer.pem": 0o600, "issuer.pub.pem": 0o644} {
		info, err := os.Stat(filepath.Join(filepath.Dir(path), file))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %04o, want %04o", file, info.Mode().Perm(), mode)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 2 {
		t.Errorf("folder holds %v, want the two key files (%v)", entries, err)
	}
}

func TestAnUnfitKeyFileIsRefused(t *testing.T) {
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(ecKey)
	if err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(t.TempDir(), "issuer.pem")
	if _, err := OpenIssuer(good); err != nil {
		t.Fatal(err)
	}
	ed25519PEM, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		content []byte
		mode    os.FileMode
	}{
		{"readable by others", ed25519PEM, 0o644},
		{"empty", nil, 0o600},
		{"not PEM", []byte("key"), 0o600},
		{"another PEM block", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600},
		{"broken DER", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der[:20]}), 0o600},
		{"a key of another kind", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "issuer.pem")
			if err := os.WriteFile(path, test.content, test.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, test.mode); err != nil {
				t.Fatal(err)
			}
			if _, err := OpenIssuer(path); err == nil {
				t.Error("opened")
			}
		})
	}
	if _, err := OpenIssuer(filepath.Join(t.TempDir(), "missing", "issuer.pem")); err == nil {
		t.Error("opened in a folder that does not exist")
	}
}
