package notary

import (
	"fmt"
	"time"
)

// publish signs a checkpoint over the tree, keeps it, and only then shows it
// to others, or to the witnesses.
func (n *Notary) publish() error {
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
	if err := writeSlot(n.disk.signed, slot{n.turn + 1, n.synced, c.Note}); err != nil {
		return err
	}
	n.turn++
	h := &Head{Checkpoint: c, Position: n.last}
	n.signed.Store(h)
	if len(n.policy.Witnesses) > 0 {
		n.signedNow.notify() // shown once the witnesses confirmed it
		return nil
	}
	n.head.Store(h)
	n.changed.notify()
	return nil
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
// more: what the files hold is then for the next Open to find out.
func (n *Notary) extend(leaves []leaf, sign bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.broken != nil {
		return n.broken
	}
	err := n.add(leaves)
	if err == nil && sign {
		err = n.publish()
	}
	if err != nil {
		n.broken = fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return err
}
