package notary

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// recover brings the tree to the size of the last checkpoint c: from the
// files as far as they are whole, and from the store for the rest. What comes
// out must have the root that was signed; if it has not, either the files are
// damaged, and are made again, or the store is not what it was.
func (n *Notary) recover(ctx context.Context, c Checkpoint) error {
	n.tree = tree{}
	if n.anew {
		return n.remake(ctx, c)
	}
	err := n.replay(ctx, c)
	if err == nil && n.tree.root() == c.Root {
		err := n.compareTail(ctx, c.Size)
		if _, ok := errors.AsType[*ledger.IntegrityError](err); ok && n.synced < c.Size {
			return n.remake(ctx, c) // positions are in no hash, and a crash may have left rubbish there
		}
		if err != nil {
			return n.first(ctx, c.Size, err)
		}
		n.tree.node = n.putNode
		return n.disk.cut(c.Size)
	}
	if _, ok := errors.AsType[*ledger.IntegrityError](err); ok {
		return err
	}
	if err != nil && !errors.Is(err, errShort) {
		return err
	}
	return n.remake(ctx, c)
}

// replay rebuilds the end of the tree from leaves, from where all was known
// to be on the disk, and reads from the store what the file lacks.
func (n *Notary) replay(ctx context.Context, c Checkpoint) error {
	have, err := n.disk.records(0)
	if err != nil {
		return err
	}
	have = min(have, c.Size)
	base := min(n.synced, have) / tileWidth * tileWidth
	for level := 1; level < tileLevels; level++ {
		nodes, err := n.disk.records(level)
		if err != nil {
			return err
		}
		if nodes < base>>(tileHeight*level) {
			base = 0
		}
	}
	if n.tree, err = treeAt(base, n.hashes(base)); err != nil {
		return err
	}
	n.last = ledger.Start
	if base > 0 {
		before, err := n.disk.leavesAt(base-1, 1)
		if err != nil {
			return err
		}
		n.last = before[0].position
	}
	n.tree.node = n.putNode
	for n.tree.size < have {
		leaves, err := n.disk.leavesAt(n.tree.size, int(min(have-n.tree.size, 1<<12)))
		if err != nil {
			return err
		}
		for _, l := range leaves {
			if l.position <= n.last {
				return errShort // a page that never came to the disk
			}
			n.tree.add(l.hash)
			n.last = l.position
		}
		if err := n.disk.flush(); err != nil { // the nodes, once more
			return err
		}
	}
	return n.readOn(ctx, c)
}

// readOn reads the events from the last leaf to the checkpoint's size.
func (n *Notary) readOn(ctx context.Context, c Checkpoint) error {
	if n.tree.size >= c.Size {
		return nil
	}
	for s, err := range n.cfg.Store.ReadAll(ctx, n.last) {
		if err != nil {
			return err
		}
		if err := n.add([]leaf{leafOf(s)}); err != nil {
			return err
		}
		if n.tree.size == c.Size {
			return nil
		}
	}
	return &ledger.IntegrityError{What: fmt.Sprintf(
		"the ledger holds %d events, but the last signed checkpoint covers %d: what came after position %s is missing", n.tree.size, c.Size, n.last)}
}

// compareTail compares the last events under the checkpoint with the store,
// at little cost: they are what a store lacks that went back, and what was not
// known to be on the disk.
func (n *Notary) compareTail(ctx context.Context, size int64) error {
	first := min(max(size-1, 0), n.synced) / tileWidth * tileWidth
	return n.compare(ctx, first, size, nil)
}

// first looks for the first difference, once the end is known to differ.
func (n *Notary) first(ctx context.Context, size int64, err error) error {
	if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
		return err
	}
	if earlier := n.compare(ctx, 0, size, nil); earlier != nil {
		return earlier
	}
	return err
}

// compare compares the events of the store with the leaves [first, size) on
// file. The first that differs, or is missing, is an *IntegrityError. each,
// when set, is told of every tile compared.
func (n *Notary) compare(ctx context.Context, first, size int64, each func(done int64) error) error {
	if first >= size {
		return nil
	}
	after := ledger.Start
	if first > 0 {
		before, err := n.disk.leavesAt(first-1, 1)
		if err != nil {
			return err
		}
		after = before[0].position
	}
	var signed []leaf
	at, base := first, first
	for s, err := range n.cfg.Store.ReadAll(ctx, after) {
		if err != nil {
			return err
		}
		if at-base == int64(len(signed)) {
			if signed, err = n.disk.leavesAt(at, int(min(size-at, tileWidth))); err != nil {
				return err
			}
			base = at
		}
		if what := differs(s, signed[at-base]); what != "" {
			if err := n.soundTile(at); err != nil {
				return err
			}
			return &ledger.IntegrityError{Position: s.Position, Stream: s.Stream, Revision: s.Revision, What: what}
		}
		if at++; at == size {
			return nil
		}
		if each != nil && at%tileWidth == 0 {
			if err := each(at); err != nil {
				return err
			}
		}
	}
	return n.missing(at)
}

// soundTile checks a full tile of leaves against the hash kept of it, so that
// the store is not blamed for damage to the log's own files.
func (n *Notary) soundTile(index int64) error {
	number := index / tileWidth
	if (number+1)*tileWidth > n.tree.size {
		return nil // what is not full has no hash yet
	}
	data, err := n.disk.hashes(0, number*tileWidth, tileWidth)
	if err != nil {
		return err
	}
	kept, err := n.disk.hashes(1, number, 1)
	if err != nil {
		return err
	}
	if fold(data) != tlog.Hash(kept) {
		return &ledger.IntegrityError{What: fmt.Sprintf(
			"the transparency log's own record of events %d to %d is damaged; 'probity rebuild' makes it again", number*tileWidth+1, (number+1)*tileWidth)}
	}
	return nil
}

func differs(s ledger.Stored, signed leaf) string {
	switch {
	case s.Position != signed.position:
		return fmt.Sprintf("a signed checkpoint covers an event at position %s, the ledger holds one here instead", signed.position)
	case tlog.RecordHash(s.Envelope) != signed.hash:
		return "the event is not the one that a signed checkpoint covers"
	}
	return ""
}

// missing says that the store ends before leaf index.
func (n *Notary) missing(index int64) error {
	l, err := n.disk.leavesAt(index, 1)
	if err != nil {
		return err
	}
	return &ledger.IntegrityError{Position: l[0].position, What: "the event is missing, though a signed checkpoint covers it"}
}

// remake makes all files anew from the store. If that gives another root
// than was signed, the store is to blame; the old files tell where.
func (n *Notary) remake(ctx context.Context, c Checkpoint) error {
	var t tree
	for s, err := range n.cfg.Store.ReadAll(ctx, ledger.Start) {
		if err != nil {
			return err
		}
		if t.size < c.Size {
			t.add(leafOf(s).hash)
		}
		if t.size == c.Size {
			break
		}
	}
	if t.size != c.Size || t.root() != c.Root {
		return n.blame(ctx, c, t.size)
	}
	n.tree, n.last, n.synced = tree{node: n.putNode}, ledger.Start, 0
	n.tiles.Purge()
	n.edge.forget()
	// What the slot says of leaves on the disk is no longer so: a power cut
	// from here on must find a slot that does not say it.
	if err := n.putAgain(c); err != nil {
		return err
	}
	n.disk.drop()
	if err := n.disk.cut(0); err != nil {
		return err
	}
	if err := n.readOn(ctx, c); err != nil {
		return err
	}
	if err := n.sync(); err != nil {
		return err
	}
	return n.putAgain(c)
}

// putAgain puts the last checkpoint once more, with how many leaves are on the
// disk now, and waits until it is there.
func (n *Notary) putAgain(c Checkpoint) error {
	if err := n.disk.signed.put(slot{synced: n.synced, note: c.Note}); err != nil {
		return err
	}
	return n.disk.signed.flush()
}

// blame names the first position at which the store is not what was signed.
func (n *Notary) blame(ctx context.Context, c Checkpoint, events int64) error {
	have, err := n.disk.records(0)
	if err != nil {
		return err
	}
	if err := n.compare(ctx, 0, min(have, c.Size), nil); err != nil {
		return err
	}
	if events < c.Size {
		return &ledger.IntegrityError{What: fmt.Sprintf(
			"the ledger holds %d events, but the last signed checkpoint covers %d", events, c.Size)}
	}
	return &ledger.IntegrityError{What: fmt.Sprintf(
		"the first %d events do not give the root of the checkpoint signed over them, and the transparency log's own files agree with them", c.Size)}
}

// Check compares every event of the store with the last checkpoint, and the
// files of the tree with both. It returns how many events that covers.
// progress may be nil.
func (n *Notary) Check(ctx context.Context, progress func(done int64)) (int64, error) {
	h, ok := n.Signed()
	if !ok {
		return 0, ErrNoLog
	}
	check := newTreeCheck(n, h.Checkpoint)
	err := n.compare(ctx, 0, h.Size, func(done int64) error {
		if progress != nil {
			progress(done)
		}
		return check.upTo(done)
	})
	if err == nil {
		err = check.end()
	}
	return h.Size, err
}

// treeCheck recomputes the tree from the leaves on file and compares every
// node that is kept.
type treeCheck struct {
	n    *Notary
	c    Checkpoint
	tree tree
	bad  error
}

func newTreeCheck(n *Notary, c Checkpoint) *treeCheck {
	t := &treeCheck{n: n, c: c}
	t.tree.node = func(height int, index int64, h tlog.Hash) {
		level := height / tileHeight
		if level == 0 || height%tileHeight != 0 || t.bad != nil {
			return
		}
		kept, err := n.disk.hashes(level, index, 1)
		if err == nil && tlog.Hash(kept) != h {
			err = &ledger.IntegrityError{What: fmt.Sprintf("%s: record %d is not the hash of the events below it", levelName(level), index)}
		}
		t.bad = err
	}
	return t
}

func (t *treeCheck) upTo(size int64) error {
	for t.tree.size < size && t.bad == nil {
		leaves, err := t.n.disk.leavesAt(t.tree.size, int(min(size-t.tree.size, 1<<12)))
		if err != nil {
			return err
		}
		for _, l := range leaves {
			t.tree.add(l.hash)
		}
	}
	return t.bad
}

func (t *treeCheck) end() error {
	if err := t.upTo(t.c.Size); err != nil {
		return err
	}
	if t.tree.root() != t.c.Root {
		return &ledger.IntegrityError{What: "the events do not give the root of the last signed checkpoint"}
	}
	return nil
}
