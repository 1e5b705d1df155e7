package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/seal"
)

// ErrReplica: the folder or the store is not such that replicas can work with
// it.
var ErrReplica = errors.New("this cannot be a replica")

// replica is this process's part among others that record into the same store.
type replica struct {
	cluster *cluster.Cluster
	member  *cluster.Membership // nil until it may record

	rules sync.Mutex // guards changes
	// changes are the changes of the rules that the shelf has.
	changes int64
}

// Replicated tells whether other processes may record into the same store.
func (h *House) Replicated() bool { return h.replica != nil }

// mayReplicate refuses what is not the same for all replicas: a store of this
// folder, and keys that each would make for itself.
func mayReplicate(cfg Config) error {
	if cfg.Replicas == "" {
		return nil
	}
	if inFolder(cfg.Store) {
		return fmt.Errorf("%w: its events are in its own folder; name a KurrentDB with --store", ErrReplica)
	}
	for _, name := range []string{keyFile, pubFile, originFile} {
		if _, err := os.Stat(filepath.Join(cfg.Dir, name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %s has no %s, and replicas must not make one each: begin the ledger with one process that records alone (without --views postgres://…), and give its %s, %s and %s to each replica",
				ErrReplica, cfg.Dir, name, keyFile, pubFile, originFile)
		}
	}
	return nil
}

// openCluster opens what replicas of this ledger share.
func (h *House) openCluster(ctx context.Context, cfg Config) (*cluster.Cluster, error) {
	return cluster.Open(ctx, cfg.Replicas, cluster.Options{Origin: h.Codec.Origin(), Name: cfg.Replica, Logger: cfg.Log})
}

// joinReplicas opens what replicas share, once the ledger's name is known.
func (h *House) joinReplicas(ctx context.Context, cfg Config) error {
	if cfg.Replicas == "" {
		return nil
	}
	c, err := h.openCluster(ctx, cfg)
	if err != nil {
		return err
	}
	h.replica = &replica{cluster: c}
	h.vault.shared = true
	return nil
}

// locks keep streams still across replicas; nil where there are none.
func (h *House) locks() ledger.Locks {
	if h.replica == nil {
		return nil
	}
	return h.replica.cluster.Locks()
}

// sharedLog is where replicas keep the last checkpoint; nil where there are
// none, and for who only reads.
func (h *House) sharedLog() notary.Shared {
	if h.replica == nil {
		return nil
	}
	return h.replica.cluster.Checkpoints()
}

// joinRecording says that this process records from here on.
func (h *House) joinRecording(ctx context.Context) error {
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	if h.replica.member, err = h.replica.cluster.Join(ctx, head); err != nil {
		return err
	}
	h.caughtUp.Store(true) // with what it recorded: nothing yet
	return h.Books.shareAll()
}

// handReactionsOver leaves to whoever leads what a failure cut short here.
func (h *House) handReactionsOver(ctx context.Context, head ledger.Position) error {
	if err := h.replica.member.HandOver(ctx, head); err != nil {
		return err
	}
	h.Recorder.CutShort()
	return nil
}

// closeReplica leaves the replicas. settled says that nothing is left over;
// otherwise whoever leads makes up for it.
func (h *House) closeReplica(settled bool) error {
	if h.replica == nil {
		return nil
	}
	var err error
	if m := h.replica.member; m != nil {
		ctx, cancel := context.WithTimeout(context.Background(), leaveWait)
		defer cancel()
		err = m.Leave(ctx, settled)
	}
	h.replica.cluster.Close()
	return err
}

// leaveWait bounds the leaving where the server cannot be reached.
const leaveWait = 5 * time.Second

// rulemaking ties the rules to what other replicas change of them.
func (h *House) rulemaking() *ledger.Rulemaking {
	r := h.Books.rulemaking()
	r.Reread = func(ctx context.Context) error { return h.Books.load(ctx, h.Store, h.Codec) }
	return r
}

// RefreshRules takes in what other replicas changed of the rules, for what is
// shown and falls due here; commands see to it themselves.
func (h *House) RefreshRules(ctx context.Context) error {
	r := h.replica
	if r == nil {
		return nil
	}
	r.rules.Lock()
	defer r.rules.Unlock()
	// Nobody changes them while they are read.
	held, err := r.cluster.Locks().Hold(ctx, nil, false)
	if err != nil {
		return err
	}
	defer held.Release(false)
	if held.Rules() == r.changes {
		return nil
	}
	if err := h.Books.load(ctx, h.Store, h.Codec); err != nil {
		return err
	}
	r.changes = held.Rules()
	return nil
}

// shareAll hands the files of what is adopted to the other replicas.
func (b *Books) shareAll() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.all.Periods() {
		id, version := string(p.Rulebook), p.Version.Version
		_, raw, err := b.files.source(p.Digest)
		if err == nil {
			err = b.files.share(id, version, p.Digest, raw)
		}
		if err != nil && !errors.Is(err, errNoFile) {
			return err
		}
	}
	return nil
}

// shareVault moves the keys of sealed identities from the folder to where all
// replicas have them.
func (h *House) shareVault(ctx context.Context) error {
	if h.replica == nil {
		return nil
	}
	c := h.replica.cluster
	own, shared := seal.Folder(filepath.Join(h.Dir, vaultDir)), c.Vault()
	h.vault.Vault = seal.NewVaultOn(shared, h.Codec.Origin(), h.vault.keeper)
	h.vault.marks = c
	keys, err := own.List()
	if err != nil || len(keys) == 0 {
		return err
	}
	wrapped := make(map[string][]byte, len(keys))
	for _, id := range keys {
		if wrapped[id], err = own.Get(id); err != nil {
			return err
		}
	}
	// Whichever of them the ledger erased since goes with finishErasures.
	if err := c.TakeIn(ctx, wrapped); err != nil {
		return err
	}
	for _, id := range keys {
		if err := own.Destroy(id); err != nil {
			return fmt.Errorf("remove a key from the folder's vault that replicas share: %w", err)
		}
	}
	return nil
}
