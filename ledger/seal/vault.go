package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// idBytes is the length of a key id before it is written in hex.
const idBytes = 16

// ErrNoKey: the vault does not hold the key. It was destroyed, or the vault
// is not the one that belongs to the ledger.
var ErrNoKey = errors.New("the key of this identity is not in the vault")

// ErrBroken: a ciphertext or a wrapped key does not open: it was changed, is
// of another place, or another key sealed it.
var ErrBroken = errors.New("sealed content does not open")

// Place says where in a ledger a sealed text stands.
type Place struct {
	Stream string
	Field  string
}

// Vault holds the data keys of one ledger on a shelf, wrapped by the master
// key. It is the one part of a ledger's data from which something is removed.
type Vault struct {
	shelf  Shelf
	origin string
	master Keeper

	mu sync.RWMutex // held to write by Destroy: no key is read while it goes
}

// Shelf is where wrapped data keys lie, by their ids. It is safe for
// concurrent use, also by several processes where they share it.
type Shelf interface {
	// Put keeps a key under an id that is not there yet. It is durable when Put
	// returns.
	Put(id string, wrapped []byte) error
	// Get returns the wrapped key; the error is [ErrNoKey] where it is not there.
	Get(id string) ([]byte, error)
	// Has tells whether the key is there.
	Has(id string) (bool, error)
	// Destroy removes the key for good. One that is not there is fine.
	Destroy(id string) error
	// List returns the ids, sorted.
	List() ([]string, error)
}

// Keeper gives the master key. It is asked whenever a data key is wrapped or
// unwrapped, never to destroy one. first tells that a first master key may be
// made: a data key is about to be.
type Keeper func(first bool) (*Master, error)

// Holding is the Keeper that holds the master key at hand.
func Holding(m *Master) Keeper { return func(bool) (*Master, error) { return m, nil } }

// NewVault is the vault in the folder, of the ledger of that origin. The
// folder is made with the first key.
func NewVault(dir, origin string, master Keeper) *Vault {
	return NewVaultOn(Folder(dir), origin, master)
}

// NewVaultOn is the vault on a shelf, of the ledger of that origin.
func NewVaultOn(shelf Shelf, origin string, master Keeper) *Vault {
	return &Vault{shelf: shelf, origin: origin, master: master}
}

// NewKey makes the data key of an identity that is to be sealed on the stream
// and returns its id: 32 random hex digits, which say nothing of whom they
// stand for. The key is durable when NewKey returns.
func (v *Vault) NewKey(stream string) (id string, err error) {
	raw := make([]byte, idBytes)
	rand.Read(raw)
	id = hex.EncodeToString(raw)
	handle, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return "", fmt.Errorf("make a data key: %w", err)
	}
	master, err := v.master(true)
	if err != nil {
		return "", err
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), master.wraps, v.bind("data key", id, stream)); err != nil {
		return "", fmt.Errorf("wrap a data key: %w", err)
	}
	if err := v.shelf.Put(id, wrapped.Bytes()); err != nil {
		return "", fmt.Errorf("keep a data key: %w", err)
	}
	return id, nil
}

// Seal encrypts a text for its place. Two sealings of one text differ.
func (v *Vault) Seal(key string, at Place, text []byte) ([]byte, error) {
	u, err := v.Unlock(key, at.Stream)
	if err != nil {
		return nil, err
	}
	return u.Seal(at.Field, text)
}

// Open decrypts what Seal made for the very same place. The error is ErrNoKey
// once the key is destroyed and ErrBroken when the two do not belong
// together.
func (v *Vault) Open(key string, at Place, sealed []byte) ([]byte, error) {
	u, err := v.Unlock(key, at.Stream)
	if err != nil {
		return nil, err
	}
	return u.Open(at.Field, sealed)
}

// Unlocked is a data key at work: for a call that opens several texts, so that
// the master key is asked once. It is not to be kept.
type Unlocked struct {
	v           *Vault
	key, stream string
	cipher      tink.AEAD
}

// Unlock unwraps the data key of the stream. The error is ErrNoKey once it is
// destroyed.
func (v *Vault) Unlock(key, stream string) (*Unlocked, error) {
	cipher, err := v.cipher(key, stream)
	if err != nil {
		return nil, err
	}
	return &Unlocked{v, key, stream, cipher}, nil
}

// bind is the associated data of what lies in a field.
func (u *Unlocked) bind(what, field string) []byte { return u.v.bind(what, u.key, u.stream, field) }

// Seal encrypts a text for a field of the stream.
func (u *Unlocked) Seal(field string, text []byte) ([]byte, error) {
	out, err := u.cipher.Encrypt(text, u.bind("text", field))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out, nil
}

// Open decrypts what Seal made for the field; ErrBroken where it is of another.
func (u *Unlocked) Open(field string, sealed []byte) ([]byte, error) {
	text, err := u.cipher.Decrypt(sealed, u.bind("text", field))
	if err != nil {
		return nil, fmt.Errorf("%w: the text", ErrBroken)
	}
	return text, nil
}

// cipher unwraps the data key.
func (v *Vault) cipher(key, stream string) (tink.AEAD, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !isKeyID(key) {
		return nil, ErrNoKey
	}
	wrapped, err := v.shelf.Get(key)
	if errors.Is(err, ErrNoKey) {
		return nil, ErrNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("read a data key: %w", err)
	}
	master, err := v.master(false)
	if err != nil {
		return nil, err
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), master.wraps, v.bind("data key", key, stream))
	if err != nil {
		return nil, fmt.Errorf("%w: the data key, under this seal key and for this place", ErrBroken)
	}
	cipher, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("read a data key: %w", err)
	}
	return cipher, nil
}

// Has tells whether the vault holds the key.
func (v *Vault) Has(key string) (bool, error) {
	if !isKeyID(key) {
		return false, nil
	}
	return v.shelf.Has(key)
}

// Destroy takes the key out of the vault for good. Destroying a key that is
// not there, again or after a crash, is fine. What a medium keeps of it all the
// same opens only under the master key; see the shelf.
func (v *Vault) Destroy(key string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !isKeyID(key) {
		return nil
	}
	if err := v.shelf.Destroy(key); err != nil {
		return fmt.Errorf("destroy a data key: %w", err)
	}
	return nil
}

// Keys lists the ids of the keys in the vault, in the order of their names.
func (v *Vault) Keys() ([]string, error) {
	keys, err := v.shelf.List()
	if err != nil {
		return nil, fmt.Errorf("list the vault: %w", err)
	}
	return keys, nil
}

// bind is the associated data of an encryption: what it is, the ledger, and
// where it belongs. Each part is preceded by its length, so that no two lists
// of parts have one spelling.
func (v *Vault) bind(what string, parts ...string) []byte {
	out := []byte("probity/seal/v1")
	for _, p := range append([]string{what, v.origin}, parts...) {
		out = fmt.Appendf(out, "\n%d:%s", len(p), p)
	}
	return out
}

// IsKeyID tells the one form of a key id, which is also what keeps a name
// from leading out of a folder.
func IsKeyID(id string) bool { return isKeyID(id) }

func isKeyID(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == idBytes && strings.ToLower(id) == id
}
