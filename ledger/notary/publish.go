package notary

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// publish signs a checkpoint over the tree, keeps it, and only then shows it
// to others, or to the witnesses.
//
// It does not wait until the checkpoint is on the disk; Flush says who does.
// The events under it are: a store hands them out once they are durable. A
// process that is killed takes nothing with it. Where replicas share their
// checkpoints it is shared first: what could not be shared is in no file, and
// was shown to nobody.
//
// What a power cut can take is the checkpoints of the last moments, and they
// are signed again over the very same leaves, so that whoever holds one of
// them sees the log go on from it. Only the store losing durable events in the
// same moments, all of them after the last flush, would then not be noticed
// here, but by who holds a checkpoint. That is why none goes to a witness or
// into an index before it is on the disk, and why the time is short. Who can
// change the files of this machine gains nothing: they could always put back
// an older file of checkpoints along with an older store, and then witnesses
// and receipts tell.
func (n *Notary) publish(ctx context.Context) error {
	if h := n.signed.Load(); h != nil && h.Size == n.tree.size && n.signer.signed(h.Checkpoint) {
		return nil
	}
	if err := n.syncIfDue(); err != nil {
		return err
	}
	c, err := n.signer.checkpoint(n.tree.size, n.tree.root())
	if err != nil {
		return err
	}
	err = n.share(ctx, func(s *sharedState) {
		if s.Signed = c.Note; !n.confirmed {
			s.Shown = c.Note
		}
	})
	if err != nil {
		return err
	}
	if err := n.disk.signed.put(slot{synced: n.synced, note: c.Note}); err != nil {
		return err
	}
	h := &Head{Checkpoint: c, Position: n.last}
	n.signed.Store(h)
	if n.confirmed {
		n.signedNow.notify() // shown once the witnesses confirmed it
		return nil
	}
	n.head.Store(h)
	n.changed.notify()
	return nil
}

// keepSigned keeps a checkpoint that another replica signed.
func (n *Notary) keepSigned(h Head) error {
	if err := n.syncIfDue(); err != nil {
		return err
	}
	if err := n.disk.signed.put(slot{synced: n.synced, note: h.Note}); err != nil {
		return err
	}
	n.signed.Store(&h)
	return nil
}

// Flush waits until the last checkpoint signed is on the disk. It is called
// before something else is to rest on that checkpoint, wherever it may be
// kept; Run does it after a quarter of a second, and Close at the end.
func (n *Notary) Flush() error { return n.flush(0) }

// flush is Flush unless all that is not on the disk is newer than that.
func (n *Notary) flush(after time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.disk.signed
	if s == nil || s.since.IsZero() || time.Since(s.since) < after {
		return nil
	}
	if n.broken != nil {
		return n.broken
	}
	err := s.flush()
	if err != nil {
		n.broken = fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return err
}

// syncIfDue puts the files of the tree on the disk now and then.
func (n *Notary) syncIfDue() error {
	ahead := n.tree.size - n.synced
	if ahead < syncEvery && (time.Since(n.syncedAt) < syncAfter || ahead == 0) {
		return nil
	}
	return n.sync()
}

func (n *Notary) sync() error {
	if err := n.disk.sync(); err != nil {
		return err
	}
	n.synced, n.syncedAt = n.tree.size, time.Now()
	return nil
}

// extend takes leaves in and signs. Once it has failed nothing is signed any
// more: what the files hold is then for the next Open to find out. Only a
// checkpoint that could not be shared leaves all as it was: the tree is that
// of the store, whoever signs it.
func (n *Notary) extend(ctx context.Context, leaves []leaf, sign bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.broken != nil {
		return n.broken
	}
	began := time.Now()
	err := n.add(leaves)
	if err == nil && sign {
		if err = n.publish(ctx); err == nil {
			n.cfg.Observer.signed(n.tree.size, began)
		}
	}
	if err != nil && !errors.Is(err, ErrNotShared) {
		n.broken = fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return err
}
