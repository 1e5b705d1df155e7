package house

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
)

// openSigner reads the key file, or makes it when the ledger is still empty.
func (h *House) openSigner(cfg Config) (*ledger.Signer, error) {
	path := filepath.Join(cfg.Dir, keyFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return h.newSigner(cfg, path)
	}
	return readSigner(cfg, path)
}

func readSigner(cfg Config, path string) (*ledger.Signer, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if IsKMS(string(raw)) {
		return OpenKMS(context.Background(), string(raw))
	}
	var passphrase []byte
	if ledger.KeyIsEncrypted(raw) {
		if passphrase, err = cfg.Passphrase(false); err != nil {
			return nil, err
		}
	}
	priv, err := ledger.ParseKey(raw, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ledger.NewSigner(priv)
}

func (h *House) newSigner(cfg Config, path string) (*ledger.Signer, error) {
	if head, err := h.Store.Head(context.Background()); err != nil {
		return nil, err
	} else if head > ledger.Start {
		return nil, fmt.Errorf("%s is missing, but the ledger already holds signed events: put the key file back from its backup", path)
	}
	var passphrase []byte
	if !cfg.PlainKey {
		var err error
		if passphrase, err = cfg.Passphrase(true); err != nil {
			return nil, err
		}
	}
	priv, err := ledger.GenerateKey(cfg.Algorithm)
	if err != nil {
		return nil, err
	}
	raw, err := ledger.MarshalKey(priv, passphrase)
	if err != nil {
		return nil, err
	}
	if err := writeFile(path, raw, 0o600); err != nil {
		return nil, err
	}
	h.NewKey = true
	return ledger.NewSigner(priv)
}

// writeTrust writes what verifiers need beside a new ledger, where missing.
func (h *House) writeTrust(cfg Config, signer *ledger.Signer) error {
	if head, err := h.Store.Head(context.Background()); err != nil || head > ledger.Start {
		return err // a ledger has its name and keys; new ones would not fit
	}
	pub := filepath.Join(cfg.Dir, pubFile)
	if _, err := os.Stat(pub); errors.Is(err, os.ErrNotExist) {
		raw, err := ledger.MarshalPublicKey(signer.Public())
		if err != nil {
			return err
		}
		if err := writeFile(pub, raw, 0o644); err != nil {
			return err
		}
	}
	path := filepath.Join(cfg.Dir, originFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		origin := cfg.Origin
		if origin == "" {
			origin = "probity.local/" + string(signer.ID())[:16]
		}
		return writeFile(path, []byte(origin+"\n"), 0o644)
	}
	return nil
}

// readTrust reads the ledger's name and public keys.
func (h *House) readTrust() error {
	raw, err := os.ReadFile(filepath.Join(h.Dir, originFile))
	if err != nil {
		return fmt.Errorf("read the ledger's name, which must be put back from a backup if it is lost: %w", err)
	}
	origin := strings.TrimSpace(string(raw))
	if origin == "" {
		return fmt.Errorf("%s is empty: it must hold the ledger's name; put it back from a backup", filepath.Join(h.Dir, originFile))
	}
	h.Codec = ledger.NewCodec(catalog.New(), origin)
	keys, err := ReadPublicKeys(filepath.Join(h.Dir, pubFile))
	if err != nil {
		return fmt.Errorf("%w; put %s back from a backup", err, pubFile)
	}
	h.publics = keys
	h.Keys, err = ledger.NewKeyring(keys...)
	return err
}

// readBooks finds the rulebooks that the ledger lives by.
func (h *House) readBooks(ctx context.Context) (err error) {
	if h.Books, err = newBooks(filepath.Join(h.Dir, rulebooksDir)); err != nil {
		return err
	}
	if h.replica != nil {
		h.Books.files.others = h.replica.cluster
	}
	return h.Books.load(ctx, h.Store, h.Codec)
}

// ReadPublicKeys reads a PEM file of public keys.
func ReadPublicKeys(path string) ([]crypto.PublicKey, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the public keys: %w", err)
	}
	keys, err := ledger.ParsePublicKeys(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return keys, nil
}
