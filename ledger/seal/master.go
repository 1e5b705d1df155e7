package seal

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// The PEM types of a master key file.
const (
	pemPlain     = "PROBITY SEAL KEY"
	pemEncrypted = "ENCRYPTED PROBITY SEAL KEY"
)

// maxMaster bounds a master key file in bytes.
const maxMaster = 64 << 10

// ErrPassphrase: the master key is encrypted and the passphrase is missing or
// wrong.
var ErrPassphrase = errors.New("seal key: wrong or missing passphrase")

// Master is the key that wraps the data keys. It is either held in a file or
// by a key management service, which then wraps and unwraps itself.
type Master struct {
	wraps  tink.AEAD
	handle *keyset.Handle // nil when a service holds it
}

// NewMaster makes a master key to be held in a file.
func NewMaster() (*Master, error) {
	handle, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a seal key: %w", err)
	}
	return newMaster(handle)
}

func newMaster(handle *keyset.Handle) (*Master, error) {
	wraps, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("read a seal key: %w", err)
	}
	return &Master{wraps, handle}, nil
}

// Marshal writes the master key as PEM: a Tink keyset, encrypted under the
// passphrase (scrypt and NaCl secretbox, as the signing key is), or plain
// when the passphrase is nil. An empty passphrase is refused.
func (m *Master) Marshal(passphrase []byte) ([]byte, error) {
	if m.handle == nil {
		return nil, errors.New("this seal key never leaves its key management service")
	}
	var raw bytes.Buffer
	if err := insecurecleartextkeyset.Write(m.handle, keyset.NewBinaryWriter(&raw)); err != nil {
		return nil, fmt.Errorf("write a seal key: %w", err)
	}
	if passphrase == nil {
		return pem.EncodeToMemory(&pem.Block{Type: pemPlain, Bytes: raw.Bytes()}), nil
	}
	if len(passphrase) == 0 {
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrPassphrase)
	}
	box, err := encrypted.Encrypt(raw.Bytes(), passphrase)
	if err != nil {
		return nil, fmt.Errorf("encrypt a seal key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemEncrypted, Bytes: box}), nil
}

// IsEncrypted tells whether a master key file needs a passphrase.
func IsEncrypted(file []byte) bool {
	block, _ := pem.Decode(file)
	return block != nil && block.Type == pemEncrypted
}

// ParseMaster reads a master key file: PEM as Marshal writes it, or one line
// with the URI of a key in a key management service, such as
// "gcp-kms://projects/…". A service is reached through the Tink client that
// the program registered for its URIs; without one the error says so. The
// passphrase is ignored where none is needed; for an encrypted key a wrong
// one is ErrPassphrase.
func ParseMaster(file, passphrase []byte) (*Master, error) {
	if len(file) > maxMaster {
		return nil, fmt.Errorf("a seal key of %d bytes: at most %d are read", len(file), maxMaster)
	}
	if uri := strings.TrimSpace(string(file)); isURI(uri) {
		return masterAt(uri)
	}
	block, rest := pem.Decode(file)
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("not a seal key: one PEM block, or the URI of a key in a key management service")
	}
	raw := block.Bytes
	switch block.Type {
	case pemPlain:
	case pemEncrypted:
		if len(passphrase) == 0 {
			return nil, ErrPassphrase
		}
		var err error
		if raw, err = encrypted.Decrypt(raw, passphrase); err != nil {
			return nil, ErrPassphrase
		}
	default:
		return nil, fmt.Errorf("a PEM block %q is no seal key", block.Type)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("read a seal key: %w", err)
	}
	return newMaster(handle)
}

func isURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	return ok && scheme != "" && rest != "" && !strings.ContainsAny(s, " \n")
}

func masterAt(uri string) (*Master, error) {
	client, err := registry.GetKMSClient(uri)
	if err != nil {
		return nil, fmt.Errorf("this build reaches no key management service for %s; build it with a Tink client for that service, or keep the seal key in a file", uri)
	}
	wraps, err := client.GetAEAD(uri)
	if err != nil {
		return nil, fmt.Errorf("reach the seal key %s: %w", uri, err)
	}
	return &Master{wraps: wraps}, nil
}
