package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// errOtherSecret: this folder's index is blinded with a secret of its own.
var errOtherSecret = errors.New("the index here is blinded with another secret than that of the other replicas: move its folder aside, and it is made again with theirs")

// agree takes over the secret of the other replicas; where they have none yet,
// that of this one, made if need be, becomes everybody's.
func (x *Index) agree(shared []byte) error {
	if shared == nil && x.trie != nil {
		return nil
	}
	if shared == nil {
		s, err := x.disk.secret(true)
		if err == nil {
			x.secret, x.trie = s, newTrie(s)
		}
		return err
	}
	s, err := ParseSecret(shared)
	if err != nil {
		return fmt.Errorf("what the replicas share: %w", err)
	}
	switch {
	case x.trie != nil && s == x.secret:
		return nil
	case x.head.note != nil:
		return errOtherSecret
	}
	// Nothing was signed with the one here, if there is one: it was made by a
	// leader that ended before it could share it.
	if err := errors.Join(x.disk.cut(0, 0), x.disk.writeSecret(s)); err != nil {
		return err
	}
	x.secret, x.trie, x.size, x.last = s, newTrie(s), 0, ledger.Start
	return nil
}

// Follow makes the index along with the one that the leader signs, and shows
// each signed root that its own map gives; a root over the same events that it
// does not give is an *IntegrityError. It runs until ctx ends. It may be called
// again, and so may Run: one at a time, as with the log (notary.Follow).
func (x *Index) Follow(ctx context.Context) error {
	var seen []byte
	for {
		raw, secret, changed := x.cfg.Notary.SharedIndex()
		if raw != nil && !bytes.Equal(raw, seen) {
			if err := x.adopt(ctx, raw, secret); err != nil {
				return fmt.Errorf("follow the index: %w", err)
			}
			seen = raw
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// adopt takes over a signed root.
func (x *Index) adopt(ctx context.Context, raw, secret []byte) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.broken != nil {
		return x.broken
	}
	if secret == nil {
		return errors.New("an index is shared without its secret")
	}
	if err := x.agree(secret); err != nil {
		return x.failed(err)
	}
	s, err := parseSigned(raw, x.cfg.Trust)
	if err != nil {
		return err
	}
	if s.Secret != commitmentOf(x.secret) {
		return errOtherSecret
	}
	log, err := x.cfg.Notary.RootAt(s.Size)
	if errors.Is(err, notary.ErrNotCovered) || s.Size < x.size || bytes.Equal(raw, x.head.marshal()) {
		return nil // of a log that is not shown here yet, or behind what is known here
	}
	if err == nil && log != s.Log {
		err = &ledger.IntegrityError{What: fmt.Sprintf("the index was signed over %d events that are not those of the transparency log", s.Size)}
	}
	if err == nil {
		err = x.take(ctx, s.Size)
	}
	if err == nil && x.trie.root() != s.Map {
		err = &ledger.IntegrityError{What: fmt.Sprintf("the index that another replica signed over %d events is not the one that these events give", s.Size)}
	}
	if err == nil {
		err = x.cfg.Notary.Flush() // after a power cut the index must not be ahead of the log
	}
	if err == nil {
		err = x.keep(s)
	}
	return x.failed(err)
}
