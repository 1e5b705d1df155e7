package notary

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

var strictBase64 = base64.StdEncoding.Strict()

// Config is what a Notary works with. Store and Origin are required.
type Config struct {
	// Store is the ledger whose events are the leaves.
	Store ledger.Store
	// Origin is the ledger's name, the first line of every checkpoint.
	Origin string
	// Signer signs checkpoints; its key must be Ed25519. Without one the log
	// is opened for reading: it shows the last checkpoint and proves what
	// that one covers, beside a process that writes if there is one.
	Signer *ledger.Signer
	// Keys are the keys under which the last checkpoint may have been signed,
	// besides that of the signer.
	Keys []note.Verifier
	// Witnesses are asked to confirm each checkpoint before others are shown
	// it. An empty policy says that there are none (any more). Nil leaves it to
	// the process that serves: what is signed without a policy is confirmed
	// when that one runs again, and shown by this process as it is.
	Witnesses *WitnessPolicy
	// Shared, when set, is where the replicas that keep a log over this store
	// find the last checkpoint. Nil: the checkpoints of this folder are the
	// only ones.
	Shared Shared
	// Observer is told what the notary does.
	Observer Observer
}

// Notary keeps the log. Open it with [Open].
type Notary struct {
	cfg    Config
	anew   bool
	signer checkpointSigner
	keys   []note.Verifier // under which the last checkpoint may be signed
	disk   *disk
	tiles  *lru.Cache[tileID, *expanded]
	edge   edge

	mu   sync.Mutex // guards what follows: one grows the tree at a time
	tree tree
	last ledger.Position // of the last leaf
	// synced is how many leaves are on the disk, and when that was so.
	synced   int64
	syncedAt time.Time
	broken   error // nothing is signed any more
	// confirmed: what is signed is shown once witnesses have confirmed it.
	confirmed bool

	signed    atomic.Pointer[Head] // the last checkpoint signed
	signedNow signal
	head      atomic.Pointer[Head] // the last that others are shown
	changed   signal

	policy     WitnessPolicy
	witnesses  []*WitnessKey
	witnessing atomic.Pointer[Witnessing]

	sharing   sharing
	sharedNow signal       // another replica shared something
	compared  atomic.Int64 // leaves compared with the store; kept where lead and following take turns

	stopped atomic.Pointer[error] // why nobody signs or follows any more
}

// Head is the last checkpoint that others are shown, and the position up to
// which it covers the store.
type Head struct {
	Checkpoint
	Position ledger.Position
	// Cosigned are the witnesses that confirmed it, Quorum how many should; 0
	// where nobody is asked.
	Cosigned []Cosignature
	Quorum   int
}

const (
	// syncEvery is how many leaves, and how long, the files of the tree may
	// be ahead of the disk. Losing them costs reading them from the store.
	syncEvery = 1 << 14
	syncAfter = 2 * time.Second

	// flushAfter is how long a signed checkpoint may be ahead of the disk.
	// Losing it costs signing it again.
	flushAfter = 250 * time.Millisecond

	// signEvery bounds the leaves under one checkpoint while catching up.
	signEvery = 1 << 16
)

var (
	// ErrNoLog: nothing was ever signed here.
	ErrNoLog = errors.New("there is no transparency log here yet")

	// ErrNotCovered: no checkpoint covers the position yet.
	ErrNotCovered = errors.New("no checkpoint covers this position yet")

	// ErrStopped: the notary signs no more.
	ErrStopped = errors.New("the notary has stopped")
)

// Open opens the log in dir. With a signer it makes the log if there is none,
// mends its files after a crash, and compares the end of the store with the
// last checkpoint; a store that lacks or has changed what was signed is an
// *IntegrityError. Nothing is signed before Run or CatchUp.
//
// Without a signer it fails with [ErrNoLog] where nothing was ever signed.
func Open(dir string, cfg Config) (*Notary, error) { return open(dir, cfg, false) }

// open opens the log; anew makes all files of the tree again.
func open(dir string, cfg Config, anew bool) (*Notary, error) {
	n := &Notary{cfg: cfg, anew: anew, tiles: newTileCache()}
	n.keys = cfg.Keys
	if cfg.Signer != nil {
		var err error
		if n.signer, err = newCheckpointSigner(cfg.Origin, cfg.Signer); err != nil {
			return nil, fmt.Errorf("open the transparency log: %w", err)
		}
		n.keys = append([]note.Verifier{n.signer.Verifier}, withoutKey(n.keys, n.signer)...)
	}
	if err := n.settleWitnesses(); err != nil {
		return nil, fmt.Errorf("open the transparency log: %w", err)
	}
	var err error
	if n.disk, err = openDisk(dir, cfg.Signer != nil || cfg.Shared != nil || anew); err != nil {
		if errors.Is(err, fs.ErrNotExist) && cfg.Signer == nil {
			return nil, ErrNoLog
		}
		return nil, err
	}
	if err := n.load(); err != nil {
		return nil, errors.Join(err, n.disk.close())
	}
	return n, nil
}

// UseSigner makes the log sign its checkpoints with another key from the next
// one on, which is due at once: also over events that the old key signed for.
// The log must have been opened with a signer; not while Run runs.
func (n *Notary) UseSigner(signer *ledger.Signer) error {
	if n.cfg.Signer == nil {
		return ledger.ErrReadOnly
	}
	next, err := newCheckpointSigner(n.cfg.Origin, signer)
	if err != nil {
		return fmt.Errorf("change the key of checkpoints: %w", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.signer = next
	n.keys = append([]note.Verifier{next.Verifier}, withoutKey(n.keys, next)...)
	return nil
}

// withoutKey drops a key that is there already, of which the note library
// takes no second.
func withoutKey(keys []note.Verifier, drop note.Verifier) []note.Verifier {
	var out []note.Verifier
	for _, k := range keys {
		if k.Name() != drop.Name() || k.KeyHash() != drop.KeyHash() {
			out = append(out, k)
		}
	}
	return out
}

// load finds the last checkpoint and the tree it was signed over.
func (n *Notary) load() error {
	shown, err := n.readCosigned() // first: what is shown is never newer than what is signed
	if err != nil {
		return err
	}
	s := n.disk.last
	if !n.disk.found {
		if !n.disk.write {
			return ErrNoLog
		}
		n.tree.node = n.putNode
		return errors.Join(n.disk.cut(0), n.loadPublished(shown))
	}
	c, err := OpenCheckpoint(s.note, n.keys)
	if err == nil && c.Origin != n.cfg.Origin {
		err = fmt.Errorf("it is of the ledger %q", c.Origin)
	}
	if err != nil {
		return &ledger.IntegrityError{What: fmt.Sprintf("the last checkpoint signed is not one of this ledger's: %v", err)}
	}
	n.synced = min(s.synced, c.Size)
	if n.disk.write {
		err = n.recover(context.Background(), c)
	} else {
		err = n.look(c)
	}
	if err != nil {
		return err
	}
	n.signed.Store(&Head{Checkpoint: c, Position: n.last})
	return n.loadPublished(shown)
}

// look checks what a reader will prove from: the right edge of the tree.
func (n *Notary) look(c Checkpoint) error {
	t, err := treeAt(c.Size, n.hashes(c.Size))
	if err != nil {
		return err
	}
	if t.root() != c.Root {
		return &ledger.IntegrityError{What: "the files of the transparency log are not those of its last checkpoint; start the service to mend them"}
	}
	if c.Size > 0 {
		leaves, err := n.disk.leavesAt(c.Size-1, 1)
		if err != nil {
			return err
		}
		n.last = leaves[0].position
	}
	n.tree = t
	return nil
}

func (n *Notary) hashes(size int64) hashReader { return hashReader{n.disk, n.tiles, &n.edge, size} }

// putNode is told of the tree's nodes. Those that stand in a tile are written,
// leaves with their positions; all are remembered while their tile grows.
func (n *Notary) putNode(height int, index int64, h tlog.Hash) {
	if height > 0 && height%tileHeight == 0 {
		n.disk.put(height/tileHeight, index, h[:])
	}
	n.edge.put(n.tiles, height, index, h)
}

// add appends leaves to the tree and writes them.
func (n *Notary) add(leaves []leaf) error {
	var record [leafSize]byte
	for _, l := range leaves {
		if l.position <= n.last {
			return &ledger.IntegrityError{Position: l.position, What: "positions do not rise"}
		}
		n.disk.put(0, n.tree.size, l.append(record[:0]))
		n.tree.add(l.hash)
		n.last = l.position
	}
	return n.disk.flush()
}

// Head returns the last checkpoint that others are shown, which is the last
// signed unless witnesses are to confirm it first; false when there is none
// yet.
func (n *Notary) Head() (Head, bool) {
	h := n.head.Load()
	if h == nil {
		return Head{}, false
	}
	return *h, true
}

// Signed returns the last checkpoint signed, whether confirmed by witnesses or
// not; false when there is none yet.
func (n *Notary) Signed() (Head, bool) {
	h := n.signed.Load()
	if h == nil {
		return Head{}, false
	}
	return *h, true
}

// CatchUp takes in every event that is recorded and signs a checkpoint over
// all of them; not while Run runs. Where checkpoints are shared it fails with
// ErrLostLead unless this replica leads (Lead, or Run before).
func (n *Notary) CatchUp(ctx context.Context) error {
	if n.cfg.Signer == nil {
		return ledger.ErrReadOnly
	}
	if !n.Leads() {
		return ErrLostLead
	}
	n.mu.Lock()
	after := n.last
	n.mu.Unlock()
	leaves := make([]leaf, 0, tileWidth)
	take := func(sign bool) error {
		err := n.extend(ctx, leaves, sign)
		leaves = leaves[:0]
		return err
	}
	since := 0
	for s, err := range n.cfg.Store.ReadAll(ctx, after) {
		if err != nil {
			return fmt.Errorf("read events into the transparency log: %w", err)
		}
		if leaves = append(leaves, leafOf(s)); len(leaves) == cap(leaves) {
			since += len(leaves)
			if err := take(since%signEvery == 0); err != nil {
				return err
			}
		}
	}
	if err := take(true); err != nil {
		return err
	}
	return n.flush(flushAfter)
}

// WaitFor waits until a checkpoint that others are shown covers the position,
// and returns it. It fails with the error of ctx, or with [ErrStopped] when
// nobody will sign.
func (n *Notary) WaitFor(ctx context.Context, position ledger.Position) (Head, error) {
	for {
		changed := n.changed.next()
		if h := n.head.Load(); h != nil && h.Position >= position {
			return *h, nil
		}
		if cause := n.stopped.Load(); cause != nil {
			return Head{}, fmt.Errorf("%w: %w", ErrStopped, *cause)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Head{}, ctx.Err()
		}
	}
}

// Close puts everything on the disk and closes the files. Run must have
// ended.
func (n *Notary) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var err error
	if n.disk.write && n.broken == nil && n.synced < n.tree.size {
		if err = n.sync(); err == nil {
			if h := n.signed.Load(); h != nil {
				err = n.disk.signed.put(slot{synced: min(n.synced, h.Size), note: h.Note})
			}
		}
	}
	if n.disk.signed != nil && err == nil {
		err = n.disk.signed.flush() // also of a log that is broken: what was signed is evidence
	}
	n.broken = ErrStopped
	if closed := ledger.ErrClosed; n.cfg.Shared != nil && n.stopped.Load() == nil {
		n.stopped.Store(&closed)
		n.changed.notify()
	}
	return errors.Join(err, n.disk.close())
}
