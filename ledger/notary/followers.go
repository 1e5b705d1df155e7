package notary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/ledger"
)

var (
	errNotSharing = errors.New("this log shares its checkpoints with nobody: there is nothing to follow")
	errNoSigner   = fmt.Errorf("%w: the log was opened without a signer", ledger.ErrReadOnly)
)

const (
	// patience is how long the store may show nothing of what a shared
	// checkpoint covers.
	patience = time.Minute

	// lookAgain is after how long what is shared is looked at though nobody
	// told that it changed, or by then with a lower number, as after a restore.
	lookAgain = 10 * time.Second
)

// Follow takes over each checkpoint that the leader shares: it extends its own
// tree with the events of the store, compares the root, keeps the checkpoint
// and shows it, so that Head, WaitFor, proofs and tiles are here what they are
// there. A checkpoint over other events than those of the store is an
// *IntegrityError, and nothing is shown or signed after it.
//
// It runs until ctx ends or something fails. After anything but an
// *IntegrityError, ErrStopped or ErrClosed it may be called again, and so may
// Run: one Notary does first the one, then the other, one at a time. Meanwhile
// WaitFor waits on.
func (n *Notary) Follow(ctx context.Context) error {
	if n.cfg.Shared == nil {
		return errNotSharing
	}
	n.resign()
	before, err := n.begin()
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return n.takeAll(ctx) })
	g.Go(func() error { return n.flushAll(ctx) })
	g.Go(func() error { return n.compareAtRest(ctx, before) })
	return n.ended(g.Wait())
}

// takeAll takes turn after turn.
func (n *Notary) takeAll(ctx context.Context) error {
	f := n.feed(ctx)
	defer f.stop()
	seen := uint64(0)
	for {
		t, err := n.nextTurn(ctx, seen)
		if err != nil {
			return err
		}
		if t.Number == seen {
			continue
		}
		state, err := parseShared(t)
		if err == nil {
			err = n.take(ctx, state, f)
		}
		if err != nil {
			return fmt.Errorf("follow the transparency log: %w", err)
		}
		seen = t.Number
		n.sharing.mu.Lock()
		n.sharing.turn, n.sharing.state = t.Number, state
		n.sharing.mu.Unlock()
		n.sharedNow.notify()
	}
}

// nextTurn waits for another turn than that; now and then it looks at the last.
func (n *Notary) nextTurn(ctx context.Context, seen uint64) (Turn, error) {
	waiting, cancel := context.WithTimeout(ctx, lookAgain)
	defer cancel()
	t, err := n.cfg.Shared.Wait(waiting, seen)
	if err != nil && ctx.Err() == nil && waiting.Err() != nil {
		return n.cfg.Shared.Load(ctx)
	}
	if err != nil {
		err = errors.Join(ctx.Err(), fmt.Errorf("wait for the next checkpoint of the replicas: %w", err))
	}
	return t, err
}

// feed gives the leaves after the last one, as they are recorded.
type feed struct {
	next   func() (ledger.Stored, error, bool)
	cancel context.CancelFunc
	end    func()
}

func (n *Notary) feed(ctx context.Context) *feed {
	n.mu.Lock()
	after := n.last
	n.mu.Unlock()
	f := &feed{}
	ctx, f.cancel = context.WithCancel(ctx)
	f.next, f.end = iter.Pull2(n.cfg.Store.Subscribe(ctx, after))
	return f
}

func (f *feed) stop() { f.cancel(); f.end() }

// take checks what another replica shared against the own tree, keeps it, and
// shows what is to be shown.
func (n *Notary) take(ctx context.Context, s sharedState, f *feed) error {
	if s.Signed == nil {
		return nil
	}
	signed, err := n.openShared(ctx, s.Signed, f)
	if err != nil {
		return err
	}
	var shown *Head
	if s.Shown != nil {
		if shown, err = n.openShared(ctx, s.Shown, f); err != nil {
			return err
		}
		if err := shown.witnessedBy(s.Witnessing); err != nil {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.broken != nil {
		return n.broken
	}
	if err := n.keepShared(*signed, shown, s.Witnessing); err != nil {
		n.broken = fmt.Errorf("%w: %w", ErrStopped, err)
		return err
	}
	return nil
}

// openShared checks a shared checkpoint: signed by the log's key, and over the
// events that this replica reads.
func (n *Notary) openShared(ctx context.Context, raw []byte, f *feed) (*Head, error) {
	c, err := OpenCheckpoint(raw, n.keys)
	if err == nil && c.Origin != n.cfg.Origin {
		err = fmt.Errorf("it is of the ledger %q", c.Origin)
	}
	if errors.Is(err, ErrUnsigned) {
		err = fmt.Errorf("%w that this replica knows; if the key was changed, start it anew with the new one", err)
	}
	if err != nil {
		return nil, fmt.Errorf("a shared checkpoint: %w", err)
	}
	if err := n.reach(ctx, c.Size, f); err != nil {
		return nil, err
	}
	return n.agree(c)
}

// reach extends the tree to a size.
func (n *Notary) reach(ctx context.Context, size int64, f *feed) error {
	n.mu.Lock()
	have := n.tree.size
	n.mu.Unlock()
	waits := time.AfterFunc(patience, f.cancel)
	defer waits.Stop()
	batch := make([]leaf, 0, min(max(size-have, 0), runQueue))
	for ; have < size; have++ {
		s, err, ok := f.next()
		if err == nil && !ok {
			err = ledger.ErrClosed
		}
		if err != nil && ctx.Err() == nil && errors.Is(err, context.Canceled) {
			err = fmt.Errorf("a shared checkpoint covers %d events, the store shows %d, and for %s no other came", size, have, patience)
		}
		if err != nil {
			return fmt.Errorf("read events into the transparency log: %w", err)
		}
		if batch = append(batch, leafOf(s)); len(batch) == cap(batch) || have+1 == size {
			if err := n.extend(ctx, batch, false); err != nil {
				return err
			}
			batch = batch[:0]
			waits.Reset(patience)
		}
	}
	return nil
}

// agree compares a checkpoint with the tree, which reaches as far.
func (n *Notary) agree(c Checkpoint) (*Head, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.broken != nil {
		return nil, n.broken
	}
	h := Head{Checkpoint: c, Position: n.last}
	root, err := n.tree.root(), error(nil)
	if c.Size < n.tree.size {
		if root, err = tlog.TreeHash(c.Size, n.hashes(n.tree.size)); err != nil {
			return nil, err
		}
		h.Position = ledger.Start
		if c.Size > 0 {
			if h.Position, err = n.positionOf(c.Size - 1); err != nil {
				return nil, err
			}
		}
	}
	if root != c.Root {
		agreed := int64(0)
		if s := n.signed.Load(); s != nil {
			agreed = s.Size
		}
		err := &ledger.IntegrityError{What: fmt.Sprintf(
			"the checkpoint that another replica signed over %d events is not one of the events that this replica reads: they give another root (the last checkpoint here covers %d)", c.Size, agreed)}
		n.broken = fmt.Errorf("%w: %w", ErrStopped, err)
		return nil, err
	}
	return &h, nil
}

// witnessedBy notes the cosignatures of those who are asked.
func (h *Head) witnessedBy(w *Witnessing) error {
	if w == nil {
		return nil
	}
	keys, err := w.keys()
	if err != nil {
		return err
	}
	h.Quorum = w.Quorum
	h.Cosigned, err = Cosignatures(h.Note, keys)
	return err
}

// newer tells whether h takes the place of what was there: never with fewer
// events, and with as many only where the note is another.
func (h Head) newer(than *Head) bool {
	return than == nil || h.Size > than.Size || h.Size == than.Size && !bytes.Equal(h.Note, than.Note)
}

// keepShared keeps what was taken, how witnesses answer first: who opens the
// files then shows nothing that they did not confirm. The caller holds mu.
func (n *Notary) keepShared(signed Head, shown *Head, w *Witnessing) error {
	if !reflect.DeepEqual(w, n.witnessing.Load()) {
		n.witnessing.Store(w)
		if err := n.keepWitnessing(); err != nil {
			return err
		}
	}
	if signed.newer(n.signed.Load()) {
		if err := n.keepSigned(signed); err != nil {
			return err
		}
	}
	if shown != nil && shown.newer(n.head.Load()) {
		return n.show(*shown)
	}
	return nil
}

// keepWitnessing puts how the witnesses answer where other processes find it,
// and drops it where nobody is asked.
func (n *Notary) keepWitnessing() error {
	path := filepath.Join(n.disk.dir, witnessesFile)
	if n.witnessing.Load() != nil {
		if n.disk.cosigned == nil {
			if err := n.createCosigned(); err != nil {
				return err
			}
		}
		return n.writeWitnessing()
	}
	if n.disk.cosigned == nil {
		return removeIfThere(path)
	}
	err := n.disk.cosigned.f.Close()
	n.disk.cosigned = nil
	return errors.Join(err, removeIfThere(path), removeIfThere(filepath.Join(n.disk.dir, cosignedFile)))
}
