package notary

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// runQueue is how many leaves may wait while a checkpoint is put on the
	// disk; all that wait then come under the next one.
	runQueue = 4096

	// compareRest is how long the comparison of the whole store rests after
	// each tile, so that it takes but a small part of the machine.
	compareRest = 2 * time.Millisecond
)

// Run follows the store and signs a checkpoint after each group of appends,
// until ctx ends or the store closes. Beside that it compares, once, all that
// was signed before with the store. It returns the error of ctx, ErrClosed,
// an *IntegrityError, or what made writing fail; nothing is signed after it.
//
// Where replicas share their checkpoints it takes the lead first (Lead), and
// ends with ErrLostLead when another replica took it, or with what kept it from
// sharing; then Follow, or Run, may be called (see Follow).
func (n *Notary) Run(ctx context.Context) error {
	if n.cfg.Signer == nil {
		return ledger.ErrReadOnly
	}
	before, err := n.begin()
	if err != nil {
		return err
	}
	if err := n.Lead(ctx); err != nil {
		return n.ended(err)
	}
	g, ctx := errgroup.WithContext(ctx)
	leaves := make(chan leaf, runQueue)
	g.Go(func() error { return n.follow(ctx, leaves) })
	g.Go(func() error { return n.signAll(ctx, leaves) })
	g.Go(func() error { return n.flushAll(ctx) })
	g.Go(func() error { return n.compareAtRest(ctx, before) })
	if len(n.policy.Witnesses) > 0 {
		g.Go(func() error { return n.cosignAll(ctx) })
	}
	return n.ended(g.Wait())
}

// begin is called before anything runs. It returns how many events the last
// checkpoint covers.
func (n *Notary) begin() (size int64, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cfg.Shared != nil {
		if n.broken != nil {
			return 0, n.broken
		}
		n.stopped.Store(nil)
	}
	if s := n.signed.Load(); s != nil {
		size = s.Size
	}
	return size, nil
}

// ended notes why what ran has ended, and whether waiting has any sense still.
func (n *Notary) ended(err error) error {
	if _, damaged := errors.AsType[*ledger.IntegrityError](err); damaged {
		n.mu.Lock()
		n.broken = fmt.Errorf("%w: %w", ErrStopped, err)
		n.mu.Unlock()
	}
	n.mu.Lock()
	broken := n.broken != nil
	n.mu.Unlock()
	if n.cfg.Shared == nil || broken || errors.Is(err, ledger.ErrClosed) {
		n.stopped.Store(&err)
		n.changed.notify()
	}
	return err
}

// follow hands on the leaf of each event recorded.
func (n *Notary) follow(ctx context.Context, leaves chan<- leaf) error {
	n.mu.Lock()
	after := n.last
	n.mu.Unlock()
	for s, err := range n.cfg.Store.Subscribe(ctx, after) {
		if err != nil {
			return fmt.Errorf("read events into the transparency log: %w", err)
		}
		select {
		case leaves <- leafOf(s):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

// signAll takes in whatever waits, and signs.
func (n *Notary) signAll(ctx context.Context, leaves <-chan leaf) error {
	batch := make([]leaf, 0, runQueue)
	if err := n.extend(ctx, nil, true); err != nil { // a new log begins with a checkpoint over nothing
		return err
	}
	for {
		select {
		case l := <-leaves:
			batch = gather(append(batch[:0], l), leaves)
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := n.extend(ctx, batch, true); err != nil {
			return err
		}
	}
}

// flushAll puts what was signed on the disk before long.
func (n *Notary) flushAll(ctx context.Context) error {
	tick := time.NewTicker(flushAfter)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := n.Flush(); err != nil {
			return err
		}
	}
}

// gatherTries is how often gather lets others run before it takes a group for
// complete.
const gatherTries = 16

// gather takes the rest of the group that the first leaf of the batch belongs
// to. Its leaves follow within microseconds; a checkpoint over the first
// alone would make all others wait for the one after it.
func gather(batch []leaf, leaves <-chan leaf) []leaf {
	for tries := 0; tries < gatherTries && len(batch) < cap(batch); {
		select {
		case l := <-leaves:
			batch, tries = append(batch, l), 0
		default:
			runtime.Gosched()
			tries++
		}
	}
	return batch
}

// compareAtRest compares the whole store with what was signed before Run, or
// Follow. Where these take turns, one goes on where the other ended.
func (n *Notary) compareAtRest(ctx context.Context, size int64) error {
	from := n.compared.Load()
	if from >= size {
		return nil
	}
	rest := time.NewTimer(compareRest)
	defer rest.Stop()
	err := n.compare(ctx, from, size, func(done int64) error {
		if n.cfg.Shared != nil {
			n.compared.Store(done)
		}
		rest.Reset(compareRest)
		select {
		case <-rest.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if errors.Is(err, errShort) {
		return &ledger.IntegrityError{What: err.Error()}
	}
	return err
}
