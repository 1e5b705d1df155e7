package ledger

import (
	"context"
	"fmt"

	"github.com/probity-ledger/probity/domain"
)

// CheckStored judges one event by itself: that it can be decoded and that
// its signatures fit and count. What is recorded about the keys that signed it
// is read from the store; that those events are sound is for Verify. What is
// wrong comes as an *IntegrityError.
func CheckStored(ctx context.Context, store Store, codec *Codec, roots *Keyring, s Stored) error {
	d, err := codec.Decode(s)
	if err != nil {
		return err
	}
	t := NewTrust(roots)
	for _, sig := range d.Signatures {
		if err := t.learn(ctx, store, codec, sig.KeyID, s.Position); err != nil {
			return err
		}
	}
	c, err := t.examine(d)
	if err != nil {
		return err
	}
	if c.payload != nil {
		return c.fail("%v", t.ring.Load().Verify(Envelope{c.payload, c.sigs}))
	}
	_, err = t.judge(c)
	return err
}

// learn takes the events about one key, before a position, at their word.
func (t *Trust) learn(ctx context.Context, store Store, codec *Codec, id KeyID, before Position) error {
	for s, err := range store.ReadStream(ctx, domain.KeyID(id).Ref().Stream(), 0) {
		if err != nil {
			return fmt.Errorf("read about key %s: %w", id, err)
		}
		if s.Position >= before {
			return nil
		}
		d, err := codec.Decode(s)
		if err != nil {
			return err
		}
		c, err := t.claimOf(d)
		if err != nil {
			return err
		}
		c.change.Vouches = false
		if err := t.fold(c, nil); err != nil {
			return err
		}
	}
	return nil
}
