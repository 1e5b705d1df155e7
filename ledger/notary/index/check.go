package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// CopyFile is the signed index in a static copy of the log: the two notes.
const CopyFile = "index"

// Export writes the signed index and its secret into the folder of a copy of
// the log that covers at least as much. The secret is for those who may read
// the entries.
// It returns how many files it wrote; those that stand there already are left.
func (x *Index) Export(dir string) (files int, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.head.note == nil {
		return 0, ErrNoIndex
	}
	for _, f := range []struct {
		name string
		raw  []byte
		mode os.FileMode
	}{{SecretFile, marshalSecret(x.secret), 0o600}, {CopyFile, x.head.marshal(), 0o644}} {
		path := filepath.Join(dir, f.name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, f.raw) {
			continue
		}
		if err := replace(path, f.raw, f.mode, true); err != nil {
			return files, err
		}
		files++
	}
	return files, nil
}

// Drop takes a signed index out of a copy that has outgrown it.
func Drop(dir string) error {
	if err := os.Remove(filepath.Join(dir, CopyFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("tidy the copy: %w", err)
	}
	return nil
}

// ErrNoCopy: a copy of the log comes without a signed index, or without the
// secret that is needed to make it again.
var ErrNoCopy = errors.New("the copy has no signed index")

// Check makes an index again from the events of a whole log, as they are
// verified, and compares its root with the one signed. It is a
// [notary.Watcher]; Result tells the outcome once all is verified, and judges
// the signatures only then: the log may enrol the key that made them.
type Check struct {
	signed signed
	whose  string // "the copy's index", for who reads what is wrong
	trie   *trie

	mu  sync.Mutex // guards what another goroutine tells
	log *Hash
}

// OpenCheck reads the signed index and the secret of a copy. It fails with
// [ErrNoCopy] where there is none; notes that are none, or do not belong
// together, are an *IntegrityError.
func OpenCheck(ctx context.Context, src notary.Source) (*Check, error) {
	raw, err := src.Read(ctx, CopyFile, maxSigned)
	if errors.Is(err, notary.ErrNotThere) {
		return nil, ErrNoCopy
	}
	if err != nil {
		return nil, err
	}
	secret, err := src.Read(ctx, SecretFile, 128)
	if errors.Is(err, notary.ErrNotThere) {
		return nil, ErrNoCopy
	}
	if err != nil {
		return nil, err
	}
	c, err := NewCheck(raw, secret)
	if err != nil {
		return nil, &ledger.IntegrityError{What: "the copy's index: " + err.Error()}
	}
	c.whose = "the copy's index"
	return c, nil
}

// CheckOf begins the check of the index that is kept in dir. It fails with
// [ErrNoIndex] where none was ever signed.
func CheckOf(dir string) (*Check, error) {
	raw, err := readSigned(dir)
	if err != nil || raw == nil {
		return nil, errors.Join(err, ErrNoIndex)
	}
	secret, err := os.ReadFile(filepath.Join(dir, SecretFile))
	if err != nil {
		return nil, fmt.Errorf("read the secret of the index: %w", err)
	}
	c, err := NewCheck(raw, secret)
	if err != nil {
		return nil, &ledger.IntegrityError{What: "the signed index: " + err.Error()}
	}
	return c, nil
}

// NewCheck begins the check of a signed index.
func NewCheck(raw, secret []byte) (*Check, error) {
	index, checkpoint, err := splitSigned(raw)
	if err != nil {
		return nil, err
	}
	s, err := provisionalSigned(index, checkpoint)
	if err != nil {
		return nil, err
	}
	key, err := ParseSecret(secret)
	if err != nil {
		return nil, err
	}
	return newCheck(s, key)
}

func newCheck(s signed, secret Hash) (*Check, error) {
	if commitmentOf(secret) != s.Secret {
		return nil, errors.New("the secret beside the index is not the one that its note names")
	}
	c := &Check{signed: s, whose: "the signed index", trie: newTrie(secret)}
	if s.Size == 0 {
		empty := emptyRoot
		c.log = &empty
	}
	return c, nil
}

// Against turns the check to the index that a proof of somebody's file rests
// on, which may be older or newer than the copy's, and must be blinded by the
// same secret.
func (c *Check) Against(raw []byte) (*Check, error) {
	f, err := ParseFile(raw)
	if err != nil {
		return nil, asIntegrity(context.Background(), err)
	}
	s, err := provisionalSigned([]byte(f.Index), []byte(f.Checkpoint))
	if err == nil && s.Origin != c.signed.Origin {
		err = fmt.Errorf("the proof is of the ledger %q", s.Origin)
	}
	if err != nil {
		return nil, asIntegrity(context.Background(), err)
	}
	out, err := newCheck(s, c.trie.secret)
	return out, asIntegrity(context.Background(), err)
}

// Signed returns what is said to be signed of the index.
func (c *Check) Signed() Root { return c.signed.Root }

// Event implements [notary.Watcher].
func (c *Check) Event(index int64, touches []domain.Ref) error {
	if index >= c.signed.Size {
		return nil
	}
	for _, ref := range touches {
		c.trie.touch(keyOf(c.signed.Origin, ref), index)
	}
	return nil
}

// Wants implements [notary.Watcher].
func (c *Check) Wants() int64 { return c.signed.Size }

// Root implements [notary.Watcher].
func (c *Check) Root(h Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = &h
}

// Result compares, once all events were told, and judges the signatures under
// these keys, of which the log may have said more by then
// ([notary.Trust.Following]).
func (c *Check) Result(trust notary.Trust) error {
	if _, err := openSigned(c.signed.note, c.signed.checkpoint, trust); err != nil {
		return &ledger.IntegrityError{What: c.whose + ": " + err.Error()}
	}
	c.mu.Lock()
	log := c.log
	c.mu.Unlock()
	switch s := c.signed; {
	case log == nil:
		return &ledger.IntegrityError{What: fmt.Sprintf("the index covers %d events, more than the log that was checked", s.Size)}
	case *log != s.Log:
		return &ledger.IntegrityError{What: fmt.Sprintf("the index was signed over another log: its first %d events do not have the root that the index names", s.Size)}
	case c.trie.root() != s.Map:
		return &ledger.IntegrityError{What: fmt.Sprintf("the index lies: over the first %d events it is not the one that was signed", s.Size)}
	}
	return nil
}
