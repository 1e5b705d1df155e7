package seal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/probity-ledger/probity/ledger/seal"
)

const origin = "agency.example/ledger"

var (
	place = seal.Place{Stream: "complaint-C-1", Field: "reporter"}
	text  = []byte(`{"name":"林静"}`)
)

func master(t *testing.T) *seal.Master {
	t.Helper()
	m, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func open(t *testing.T, dir string, m *seal.Master) *seal.Vault {
	t.Helper()
	return seal.NewVault(dir, origin, seal.Holding(m))
}

// sealed is a vault with one sealed text.
func sealed(t *testing.T) (dir string, m *seal.Master, v *seal.Vault, key string, ciphertext []byte) {
	t.Helper()
	dir, m = filepath.Join(t.TempDir(), "vault"), master(t)
	v = open(t, dir, m)
	key, err := v.NewKey(place.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if ciphertext, err = v.Seal(key, place, text); err != nil {
		t.Fatal(err)
	}
	return dir, m, v, key, ciphertext
}

func TestWhatIsSealedOpensAgain(t *testing.T) {
	dir, m, v, key, ciphertext := sealed(t)
	again, err := v.Seal(key, place, text)
	if err != nil || bytes.Equal(again, ciphertext) {
		t.Errorf("the second sealing is the first one, or failed: %v", err)
	}
	for _, c := range [][]byte{ciphertext, again} {
		// By another start of the program, too.
		if got, err := open(t, dir, m).Open(key, place, c); err != nil || !bytes.Equal(got, text) {
			t.Errorf("opened %q, %v", got, err)
		}
	}
	if bytes.Contains(ciphertext, text) || bytes.Contains(ciphertext, []byte("林静")) {
		t.Error("the ciphertext tells the text")
	}
}

// Nothing opens in another place, under another key, or changed.
func TestASealedTextOpensInItsPlaceAlone(t *testing.T) {
	dir, m, v, key, ciphertext := sealed(t)
	second, err := v.NewKey(place.Stream)
	if err != nil {
		t.Fatal(err)
	}
	foreign := seal.NewVault(dir, "elsewhere.example/ledger", seal.Holding(m))
	changed := bytes.Clone(ciphertext)
	changed[len(changed)/2] ^= 1
	tests := []struct {
		name  string
		vault *seal.Vault
		key   string
		place seal.Place
		text  []byte
	}{
		{"another complaint", v, key, seal.Place{Stream: "complaint-C-2", Field: "reporter"}, ciphertext},
		{"another field", v, key, seal.Place{Stream: "complaint-C-1", Field: "witness"}, ciphertext},
		{"a cut between stream and field", v, key, seal.Place{Stream: "complaint-C", Field: "-1reporter"}, ciphertext},
		{"another ledger", foreign, key, place, ciphertext},
		{"another identity", v, second, place, ciphertext},
		{"another master key", open(t, dir, master(t)), key, place, ciphertext},
		{"one bit changed", v, key, place, changed},
		{"cut short", v, key, place, ciphertext[:len(ciphertext)-1]},
		{"nothing", v, key, place, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := tt.vault.Open(tt.key, tt.place, tt.text); !errors.Is(err, seal.ErrBroken) {
				t.Errorf("opened %q, %v; want ErrBroken", got, err)
			}
		})
	}
	t.Run("a key file under another name", func(t *testing.T) {
		raw, err := os.ReadFile(filepath.Join(dir, key+".key"))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.Repeat("0", 32)
		if err := os.WriteFile(filepath.Join(dir, name+".key"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := v.Open(name, place, ciphertext); !errors.Is(err, seal.ErrBroken) {
			t.Errorf("opened %q, %v; want ErrBroken", got, err)
		}
	})
}

func TestADestroyedKeyOpensNothing(t *testing.T) {
	dir, m, v, key, ciphertext := sealed(t)
	other, err := v.NewKey("complaint-C-2")
	if err != nil {
		t.Fatal(err)
	}
	// A second name for the file shows what became of its content.
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Link(filepath.Join(dir, key+".key"), link); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(link)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // again is fine
		if err := v.Destroy(key); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []*seal.Vault{v, open(t, dir, m)} {
		if got, err := v.Open(key, place, ciphertext); !errors.Is(err, seal.ErrNoKey) {
			t.Errorf("opened %q, %v; want ErrNoKey", got, err)
		}
		if _, err := v.Seal(key, place, text); !errors.Is(err, seal.ErrNoKey) {
			t.Errorf("sealed, %v; want ErrNoKey", err)
		}
	}
	after, err := os.ReadFile(link)
	if err != nil || len(after) != len(before) || bytes.Contains(after, before[len(before)/2:len(before)/2+16]) {
		t.Errorf("the wrapped key was not overwritten: %v", err)
	}
	if keys, err := v.Keys(); err != nil || len(keys) != 1 || keys[0] != other {
		t.Errorf("the vault holds %v, %v; want %s alone", keys, err, other)
	}
	if has, err := v.Has(key); has || err != nil {
		t.Errorf("the vault has the key: %v, %v", has, err)
	}
}

// Erasing needs no passphrase and no service.
func TestAKeyIsDestroyedWithoutTheMasterKey(t *testing.T) {
	dir, m, v, key, ciphertext := sealed(t)
	locked := seal.NewVault(dir, origin, func(bool) (*seal.Master, error) { return nil, seal.ErrPassphrase })
	if _, err := locked.Open(key, place, ciphertext); !errors.Is(err, seal.ErrPassphrase) {
		t.Errorf("opened without the master key: %v", err)
	}
	if _, err := locked.NewKey(place.Stream); !errors.Is(err, seal.ErrPassphrase) {
		t.Errorf("made a key without the master key: %v", err)
	}
	if err := locked.Destroy(key); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(key, place, ciphertext); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("%v, want ErrNoKey", err)
	}
	none := seal.NewVault(filepath.Join(t.TempDir(), "none"), origin, seal.Holding(m))
	if keys, err := none.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("a vault that is not there holds %v, %v", keys, err)
	}
}

func TestNoNameLeadsOutOfTheVault(t *testing.T) {
	dir, _, v, _, ciphertext := sealed(t)
	outside := filepath.Join(filepath.Dir(dir), "x.key")
	if err := os.WriteFile(outside, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", "..", "../x", strings.Repeat("A", 32), strings.Repeat("a", 31), strings.Repeat("a", 34)} {
		if _, err := v.Open(key, place, ciphertext); !errors.Is(err, seal.ErrNoKey) {
			t.Errorf("%q: %v, want ErrNoKey", key, err)
		}
		if err := v.Destroy(key); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

func TestKeyIDsAreRandomAndTheFilesTheOwnersAlone(t *testing.T) {
	dir, _, v, _, _ := sealed(t)
	seen := map[string]bool{}
	for range 50 {
		key, err := v.NewKey(place.Stream)
		if err != nil || seen[key] {
			t.Fatalf("key %q, seen before: %t, %v", key, seen[key], err)
		}
		if raw, err := hex.DecodeString(key); err != nil || len(raw) != 16 {
			t.Errorf("key id %q", key)
		}
		seen[key] = true
		if info, err := os.Stat(filepath.Join(dir, key+".key")); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
}

func TestAMasterKeyIsReadAsItWasWritten(t *testing.T) {
	dir, m, _, key, ciphertext := sealed(t)
	for name, passphrase := range map[string][]byte{"plain": nil, "encrypted": []byte("correct horse")} {
		t.Run(name, func(t *testing.T) {
			file, err := m.Marshal(passphrase)
			if err != nil {
				t.Fatal(err)
			}
			if seal.IsEncrypted(file) != (passphrase != nil) {
				t.Errorf("IsEncrypted is wrong of\n%s", file)
			}
			back, err := seal.ParseMaster(file, passphrase)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := open(t, dir, back).Open(key, place, ciphertext); err != nil || !bytes.Equal(got, text) {
				t.Errorf("opened %q, %v", got, err)
			}
			if passphrase == nil {
				return
			}
			for _, wrong := range []string{"", "wrong horse"} {
				if _, err := seal.ParseMaster(file, []byte(wrong)); !errors.Is(err, seal.ErrPassphrase) {
					t.Errorf("passphrase %q: %v, want ErrPassphrase", wrong, err)
				}
			}
		})
	}
	if _, err := m.Marshal([]byte{}); !errors.Is(err, seal.ErrPassphrase) {
		t.Errorf("an empty passphrase: %v", err)
	}
}

func TestWhatIsNoMasterKeyIsRefused(t *testing.T) {
	plain, err := master(t).Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"nothing":        "",
		"text":           "hello",
		"another PEM":    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"two blocks":     string(plain) + string(plain),
		"broken content": "-----BEGIN PROBITY SEAL KEY-----\nAAAA\n-----END PROBITY SEAL KEY-----\n",
		"too much":       strings.Repeat("x", 1<<20),
		"no client":      "nowhere-kms://keys/1",
	} {
		if _, err := seal.ParseMaster([]byte(file), nil); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

// service is a key management service that wraps by itself and can be away.
type service struct {
	away bool
	tink.AEAD
}

func (s *service) Supported(uri string) bool { return strings.HasPrefix(uri, "fake-kms://") }

func (s *service) GetAEAD(uri string) (tink.AEAD, error) {
	if s.away {
		return nil, fmt.Errorf("no answer")
	}
	return s, nil
}

func TestAKeyManagementServiceMayHoldTheMasterKey(t *testing.T) {
	inner := master(t)
	s := &service{AEAD: inner.AEAD()}
	registry.RegisterKMSClient(s)
	defer registry.ClearKMSClients()
	m, err := seal.ParseMaster([]byte("fake-kms://ring/1\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	v := open(t, t.TempDir(), m)
	key, err := v.NewKey(place.Stream)
	if err != nil {
		t.Fatal(err)
	}
	ciphertext, err := v.Seal(key, place, text)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.Open(key, place, ciphertext); err != nil || !bytes.Equal(got, text) {
		t.Errorf("opened %q, %v", got, err)
	}
	if _, err := m.Marshal(nil); err == nil {
		t.Error("a key of a service was written to a file")
	}
	s.away = true
	if _, err := seal.ParseMaster([]byte("fake-kms://ring/1\n"), nil); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("a service that is away: %v", err)
	}
}

func FuzzParseMaster(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add([]byte("fake-kms://x"))
	f.Add([]byte("-----BEGIN PROBITY SEAL KEY-----\nCAES\n-----END PROBITY SEAL KEY-----\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if seal.IsEncrypted(file) {
			return // each costs a key derivation
		}
		if m, err := seal.ParseMaster(file, nil); (m == nil) == (err == nil) {
			t.Errorf("%v, %v", m, err)
		}
	})
}
