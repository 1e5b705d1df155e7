package witness

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/folderlock"
	"github.com/probity-ledger/probity/ledger/notary"
)

// The files of the key.
const (
	// KeyFile is the private key, PubFile the public key in C2SP form.
	KeyFile = "witness.key"
	PubFile = "witness.pub"
)

// OpenSigner reads the key of the witness in dir, or makes folder and key
// where there is none: encrypted, unless plain. The name must be the one the
// key was made for. made tells that the key is new.
func OpenSigner(dir, name string, passphrase func(first bool) ([]byte, error), plain bool) (key *notary.WitnessKey, signer *ledger.Signer, made bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, false, fmt.Errorf("make the witness' folder: %w", err)
	}
	lock, err := folderlock.Take(dir)
	if err != nil {
		return nil, nil, false, err
	}
	defer lock.Close()
	raw, err := os.ReadFile(filepath.Join(dir, KeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		key, signer, err = newSigner(dir, name, passphrase, plain)
		return key, signer, err == nil, err
	}
	if err != nil {
		return nil, nil, false, fmt.Errorf("read the witness' key: %w", err)
	}
	var secret []byte
	if ledger.KeyIsEncrypted(raw) {
		if secret, err = passphrase(false); err != nil {
			return nil, nil, false, err
		}
	}
	priv, err := ledger.ParseKey(raw, secret)
	if err != nil {
		return nil, nil, false, fmt.Errorf("%s: %w", filepath.Join(dir, KeyFile), err)
	}
	if signer, err = ledger.NewSigner(priv); err != nil {
		return nil, nil, false, err
	}
	if key, err = notary.NewWitnessKey(name, signer.Public()); err != nil {
		return nil, nil, false, err
	}
	pub, err := os.ReadFile(filepath.Join(dir, PubFile))
	if errors.Is(err, fs.ErrNotExist) { // the first start was cut short
		return key, signer, false, writeFile(filepath.Join(dir, PubFile), []byte(key.String()+"\n"), 0o644)
	}
	if err != nil {
		return nil, nil, false, fmt.Errorf("read the witness' key: %w", err)
	}
	if was := strings.TrimSpace(string(pub)); was != key.String() {
		return nil, nil, false, fmt.Errorf("%s says %s, but name and private key give %s: a witness keeps its name, by which its cosignatures are known", PubFile, was, key)
	}
	return key, signer, false, nil
}

// newSigner makes the key. A folder that remembers ledgers had one.
func newSigner(dir, name string, passphrase func(first bool) ([]byte, error), plain bool) (*notary.WitnessKey, *ledger.Signer, error) {
	if raw, err := os.ReadFile(filepath.Join(dir, originsFile)); err == nil && len(raw) > 0 {
		return nil, nil, fmt.Errorf("%s is missing, but this witness cosigned with it: put the key file back from its backup", filepath.Join(dir, KeyFile))
	}
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		return nil, nil, err
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		return nil, nil, err
	}
	key, err := notary.NewWitnessKey(name, signer.Public())
	if err != nil {
		return nil, nil, err
	}
	var secret []byte
	if !plain {
		if secret, err = passphrase(true); err != nil {
			return nil, nil, err
		}
	}
	raw, err := ledger.MarshalKey(priv, secret)
	if err != nil {
		return nil, nil, err
	}
	// The memory first: a key without one is a witness that lost it.
	if err := writeFile(filepath.Join(dir, originsFile), nil, 0o644); err != nil {
		return nil, nil, err
	}
	if err := writeFile(filepath.Join(dir, KeyFile), raw, 0o600); err != nil {
		return nil, nil, err
	}
	return key, signer, writeFile(filepath.Join(dir, PubFile), []byte(key.String()+"\n"), 0o644)
}
