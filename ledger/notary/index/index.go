package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// Config is what an Index works with. All but Signer and Logger are required.
type Config struct {
	// Store is the ledger, Notary its transparency log.
	Store  ledger.Store
	Notary *notary.Notary
	// Codec decodes the events; what they touch follows from its catalog.
	Codec *ledger.Codec
	// Signer signs roots, with the key of checkpoints. Without one the index
	// is opened for reading, beside a process that writes if there is one; where
	// replicas share their checkpoints it may follow all the same.
	Signer *ledger.Signer
	// Trust are the keys of the log; its origin must be known.
	Trust notary.Trust
	// Logger is told when Run waits for the store; slog.Default when nil.
	Logger *slog.Logger
}

// Index keeps the index. Open it with [Open].
type Index struct {
	cfg   Config
	disk  *disk
	write bool

	mu     sync.Mutex // guards what follows
	secret Hash
	trie   *trie // nil while the secret is to come from another replica
	// size is how many events are in the trie, last the position of the last.
	size int64
	last ledger.Position
	head signed
	// broken: nothing is signed or followed any more. What the store or the
	// signer fails with for once is not kept here.
	broken error
}

// runEvery is how long Run lets checkpoints gather before the index goes
// along with them.
const runEvery = time.Second

// signEvery bounds the events that are held in memory on the way into the
// files.
const signEvery = 1 << 16

var (
	// ErrNoIndex: no root was ever signed here.
	ErrNoIndex = errors.New("no index is signed here yet")

	// ErrNothingToSee: the subject is not one whose events may be shown.
	ErrNothingToSee = errors.New("there is nothing of that name to be seen")
)

// errUnread: the store could not be read. What was taken in before stays, and
// the next attempt goes on behind it.
var errUnread = errors.New("read events into the index")

// errUnfit: a reader finds other files than were signed.
var errUnfit = &ledger.IntegrityError{What: "the files of the index are not those of its last root; start the service to mend them, or 'probity rebuild'"}

// Open opens the index in dir. With a signer it makes the index if there is
// none, and mends its files after a crash; a root signed earlier that the
// store no longer gives is an *IntegrityError. Without a signer it fails with
// [ErrNoIndex] where none was ever signed.
func Open(dir string, cfg Config) (*Index, error) {
	write := cfg.Signer != nil || cfg.Notary.Shares()
	if !write {
		if raw, err := readSigned(dir); err != nil || raw == nil {
			return nil, errors.Join(err, ErrNoIndex)
		}
	}
	d, err := openDisk(dir, write)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errUnfit
	}
	if err != nil {
		return nil, err
	}
	x := &Index{cfg: cfg, disk: d, write: write}
	x.secret, err = d.secret(write && !cfg.Notary.Shares())
	switch {
	case err == nil:
		err = x.load()
	case errors.Is(err, fs.ErrNotExist) && cfg.Notary.Shares():
		err = d.cut(0, 0)
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return x, nil
}

// load brings the trie to the last root signed.
func (x *Index) load() error {
	raw, err := x.disk.readSigned()
	if err != nil {
		return fmt.Errorf("read the index: %w", err)
	}
	s, err := parseSigned(raw, x.cfg.Trust)
	if err != nil || s.Secret != commitmentOf(x.secret) {
		if !x.write {
			return errors.Join(ErrNoIndex, err)
		}
		// Torn by a crash, or blinded with a secret that is lost: begun again.
		x.trie = newTrie(x.secret)
		return x.disk.cut(0, 0)
	}
	log, err := x.cfg.Notary.RootAt(s.Size)
	if errors.Is(err, notary.ErrNotCovered) && x.write {
		return &ledger.IntegrityError{What: fmt.Sprintf("the index was signed over %d events, more than the transparency log's last checkpoint covers", s.Size)}
	}
	if err != nil {
		return err
	}
	if log != s.Log {
		return &ledger.IntegrityError{What: fmt.Sprintf("the index was signed over %d events that are not those of the transparency log", s.Size)}
	}
	x.trie = newTrie(x.secret)
	touches, err := x.disk.replay(x.trie, s.Size)
	switch {
	case err != nil && !errors.Is(err, errShort):
		return err
	case err == nil && x.trie.root() == s.Map:
		if x.write {
			err = x.disk.cut(int64(len(x.trie.leaves)), touches)
		}
	case !x.write:
		return errUnfit
	default:
		return x.remake(s)
	}
	x.size, x.head = s.Size, s
	if err == nil && s.Size > 0 {
		x.last, err = x.cfg.Notary.PositionAt(s.Size - 1)
	}
	return err
}

// remake makes the files again from the store, up to the last root signed.
func (x *Index) remake(s signed) error {
	x.trie, x.size, x.last = newTrie(x.secret), 0, ledger.Start
	if err := x.disk.cut(0, 0); err != nil {
		return err
	}
	if err := x.take(context.Background(), s.Size); err != nil {
		return err
	}
	if x.trie.root() != s.Map {
		return &ledger.IntegrityError{What: fmt.Sprintf("the index that was signed over %d events is not the one that these events give", s.Size)}
	}
	x.head = s
	return nil
}

// Rebuild makes the files of the index anew from the store, up to the last
// root signed, which they must give. It needs no signer, and nobody may write
// meanwhile. It fails with [ErrNoIndex] where nothing was ever signed.
func Rebuild(dir string, cfg Config) (Root, error) {
	cfg.Signer = nil
	raw, err := readSigned(dir)
	if err != nil || raw == nil {
		return Root{}, errors.Join(err, ErrNoIndex)
	}
	s, err := parseSigned(raw, cfg.Trust)
	if err != nil {
		return Root{}, err
	}
	d, err := openDisk(dir, true)
	if err != nil {
		return Root{}, err
	}
	x := &Index{cfg: cfg, disk: d}
	if x.secret, err = d.secret(false); err == nil {
		err = x.remake(s)
	}
	return s.Root, errors.Join(err, d.close())
}

// take adds the events of the store up to that size of the log.
func (x *Index) take(ctx context.Context, size int64) error {
	if x.size >= size {
		return nil
	}
	for s, err := range x.cfg.Store.ReadAll(ctx, x.last) {
		if err != nil {
			return fmt.Errorf("%w: %w", errUnread, err)
		}
		refs, err := refsIn(x.cfg.Codec, s)
		if err != nil {
			return err
		}
		x.add(refs)
		x.last = s.Position
		if x.size%signEvery == 0 || x.size == size {
			if err := x.disk.flush(); err != nil {
				return err
			}
		}
		if x.size == size {
			return nil
		}
	}
	return &ledger.IntegrityError{What: fmt.Sprintf("the ledger holds %d events, but a signed checkpoint covers %d", x.size, size)}
}

// add takes in the next event, which touches refs.
func (x *Index) add(refs []domain.Ref) {
	for _, ref := range refs {
		key, before := keyOf(x.cfg.Codec.Origin(), ref), len(x.trie.leaves)
		number := x.trie.touch(key, x.size)
		if len(x.trie.leaves) > before {
			x.disk.putRef(key)
		}
		x.disk.putTouch(number, x.size)
	}
	x.size++
}

// refsIn returns what a stored event touches.
func refsIn(codec *ledger.Codec, s ledger.Stored) ([]domain.Ref, error) {
	d, err := codec.Decode(s)
	if err != nil {
		return nil, err
	}
	return codec.Refs(d.Recorded), nil
}

// Head returns the last root signed; false when there is none yet.
func (x *Index) Head() (Root, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.head.Root, x.head.note != nil
}

// CatchUp takes in every event under the log's last checkpoint and signs the
// root over them. Among replicas only the one that leads may. It may be called
// again, unless it failed with an *IntegrityError or on its own files.
func (x *Index) CatchUp(ctx context.Context) error {
	if x.cfg.Signer == nil {
		return ledger.ErrReadOnly
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.broken != nil {
		return x.broken
	}
	if x.cfg.Notary.Shares() {
		if !x.cfg.Notary.Leads() {
			return notary.ErrLostLead
		}
		_, secret, _ := x.cfg.Notary.SharedIndex()
		if err := x.agree(secret); err != nil {
			return x.failed(err)
		}
	}
	h, ok := x.cfg.Notary.Head()
	if !ok || x.head.note != nil && h.Size == x.head.Size {
		return nil
	}
	return x.failed(x.advance(ctx, h.Checkpoint))
}

// failed keeps an error behind which the index cannot go on: one of
// integrity, and one of its own files, of which nobody knows then what they
// hold. The caller holds mu.
func (x *Index) failed(err error) error {
	if _, damaged := errors.AsType[*ledger.IntegrityError](err); damaged || errors.Is(err, errWrite) {
		x.broken = err
	}
	return err
}

func (x *Index) advance(ctx context.Context, c notary.Checkpoint) error {
	if err := x.take(ctx, c.Size); err != nil {
		return err
	}
	s := signed{Root: Root{c.Origin, c.Size, c.Root, x.trie.root(), commitmentOf(x.secret)}, checkpoint: c.Note}
	var err error
	if s.note, err = s.Root.sign(x.cfg.Signer); err != nil {
		return err
	}
	// After a power cut the index must not be ahead of the log.
	if err := x.cfg.Notary.Flush(); err != nil {
		return err
	}
	if err := x.cfg.Notary.ShareIndex(ctx, s.marshal(), marshalSecret(x.secret)); err != nil {
		return err
	}
	return x.keep(s)
}

func (x *Index) keep(s signed) error {
	if err := x.disk.writeSigned(s.marshal()); err != nil {
		return err
	}
	x.head = s
	return nil
}

// Run goes along with the checkpoints of the log until ctx ends or the log
// stops; the index is at most about a second behind. While the store cannot be
// read it waits.
func (x *Index) Run(ctx context.Context) error {
	waits := false
	for {
		err := x.CatchUp(ctx)
		if err != nil && (ctx.Err() != nil || !x.mayWait(err)) {
			return err
		}
		if err != nil && !waits {
			cmp.Or(x.cfg.Logger, slog.Default()).Warn("the index waits for the store", "error", err)
		}
		if waits = err != nil; !waits {
			x.mu.Lock()
			next := x.last + 1
			x.mu.Unlock()
			if _, err := x.cfg.Notary.WaitFor(ctx, next); err != nil {
				return err
			}
		}
		select {
		case <-time.After(runEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// mayWait tells whether the store alone failed, and may be there again.
func (x *Index) mayWait(err error) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.broken == nil && errors.Is(err, errUnread) && !errors.Is(err, ledger.ErrClosed)
}

// Close closes the files. Run must have ended.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.broken = ledger.ErrClosed
	return x.disk.close()
}
