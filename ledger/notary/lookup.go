package notary

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// ProveIn proves that the leaf index is in the tree of that size, which may
// be any up to that of the last checkpoint (RFC 6962, section 2.1.1).
func (n *Notary) ProveIn(index, size int64) ([]tlog.Hash, error) {
	if h, ok := n.Head(); !ok || size > h.Size || index < 0 || index >= size {
		return nil, fmt.Errorf("%w: entry %d of %d", ErrNotCovered, index, size)
	}
	return tlog.ProveRecord(size, index, n.hashes(size))
}

// RootAt returns the root of the tree of that size, which may be any up to
// that of the last checkpoint.
func (n *Notary) RootAt(size int64) (tlog.Hash, error) {
	if h, ok := n.Head(); !ok || size > h.Size || size < 0 {
		return tlog.Hash{}, fmt.Errorf("%w: %d events", ErrNotCovered, size)
	}
	return tlog.TreeHash(size, n.hashes(size))
}

// EventAt reads the event at an index of the log from the store, and compares
// it with its leaf.
func (n *Notary) EventAt(ctx context.Context, index int64) (ledger.Stored, error) {
	if h, ok := n.Head(); !ok || index < 0 || index >= h.Size {
		return ledger.Stored{}, fmt.Errorf("%w: entry %d", ErrNotCovered, index)
	}
	leaves, err := n.disk.leavesAt(index, 1)
	if err != nil {
		return ledger.Stored{}, err
	}
	after, err := n.before(index)
	if err != nil {
		return ledger.Stored{}, err
	}
	for s, err := range n.cfg.Store.ReadAll(ctx, after) {
		if err != nil {
			return ledger.Stored{}, err
		}
		if what := differs(s, leaves[0]); what != "" {
			return ledger.Stored{}, &ledger.IntegrityError{Position: s.Position, Stream: s.Stream, Revision: s.Revision, What: what}
		}
		return s, nil
	}
	return ledger.Stored{}, n.missing(index)
}

// before returns the position of the event before index, behind which a read
// of the store begins with that one. Positions are opaque: those that no event
// has mean nothing to a store.
func (n *Notary) before(index int64) (ledger.Position, error) {
	if index == 0 {
		return ledger.Start, nil
	}
	return n.positionOf(index - 1)
}

// PositionAt returns the position in the store of the event at an index.
func (n *Notary) PositionAt(index int64) (ledger.Position, error) {
	if h, ok := n.Head(); !ok || index < 0 || index >= h.Size {
		return 0, fmt.Errorf("%w: entry %d", ErrNotCovered, index)
	}
	return n.positionOf(index)
}

// OpenNote checks a signed note of that name: signed under one of the keys,
// and of one spelling. It returns the note's text.
func OpenNote(signed []byte, name string, keys []note.Verifier) (string, error) {
	if len(signed) > MaxCheckpoint {
		return "", fmt.Errorf("note of %d bytes, at most %d are taken", len(signed), MaxCheckpoint)
	}
	opened, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return "", fmt.Errorf("note of %s: %w", name, err)
	}
	if !oneSpelling(signed, opened) || !bytes.HasPrefix(signed, []byte(name+"\n")) {
		return "", fmt.Errorf("note of %s: it is of another name, or not in its one spelling", name)
	}
	return opened.Text, nil
}

// SignNote signs a note of that name with a ledger's key, which must be
// Ed25519. The first line of the text must be the name.
func SignNote(name, text string, signer *ledger.Signer) ([]byte, error) {
	s, err := newCheckpointSigner(name, signer)
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: text}, s)
}
