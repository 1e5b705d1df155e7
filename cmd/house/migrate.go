package house

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/migrate"
	"github.com/probity-ledger/probity/ledger/notary"
)

const (
	// migratingDir holds a ledger on its way into the folder.
	migratingDir = "migrating"
	// asideMark is behind the name of what is left of a store in the folder
	// once its events are elsewhere, and before the time.
	asideMark = ".migrated-"
)

// Move says where the events of a ledger go. The folder stays: its keys, its
// log, its vault.
type Move struct {
	// To and ToCredentials are the new store, as Config names one.
	To            string
	ToCredentials string
	// Progress is told how many events each stage has done. May be nil.
	Progress func(stage string, events int64)
}

// The stages of a migration, as Move.Progress is told them.
const (
	StageCopy    = "copying"
	StageVerify  = "verifying"
	StageRebuild = "rebuilding"
)

// Moved is what a migration did.
type Moved struct {
	// Already: the folder belongs to a store of that kind, and nothing was
	// done.
	Already bool
	// Copied tells of the events; zero when they were there already and the
	// end of the migration alone was made up for.
	Copied migrate.Copied
	// Report is of the verification of the new store.
	Report ledger.Report
	// Signed is how many events the last signed checkpoint covers, whose root
	// the new store gives; 0 where nothing was signed yet.
	Signed int64
	// Root is that of the tree over all events.
	Root tlog.Hash
}

// Migrate moves the ledger of a folder into another store: copies what that
// one lacks, compares all, verifies every signature, and has the folder belong
// to the new store from then on. Nobody may write meanwhile; the folder is
// held. After a crash, do it again.
//
// Until every event is in the new store and found right, the folder belongs to
// the old one. [FinishMigration] does the rest.
//
// Errors: *migrate.Difference when the new store holds something else,
// [ledger.ErrLocked] while another process writes, ErrStore, *ledger.IntegrityError.
func Migrate(ctx context.Context, cfg Config, m Move) (Moved, error) {
	if m.Progress == nil {
		m.Progress = func(string, int64) {}
	}
	w, err := readWhereabouts(cfg.Dir)
	if err != nil {
		return Moved{}, err
	}
	if w.Moving != nil {
		if kindOf(m.To) != w.Kind {
			return Moved{}, fmt.Errorf("%w: all events are in the new store already; name the same one with --to", ErrMoving)
		}
		return Moved{}, nil
	}
	if there := cfg; w.Kind == kindOf(m.To) && w.Kind != kindOf(cfg.Store) {
		there.Store = m.To
		return Moved{Already: true}, Found(there)
	}
	if err := Found(cfg); err != nil {
		return Moved{}, err
	}
	if m.To == cfg.Store || kindOf(m.To) == StoreEmbedded && inFolder(cfg.Store) {
		return Moved{}, fmt.Errorf("%w: the ledger is in that store already", ErrStore)
	}
	cfg.Write = true // for the lock; nothing is recorded
	from, err := openStore(cfg)
	if err != nil {
		return Moved{}, err
	}
	done, err := move(ctx, cfg, from, m)
	return done, errors.Join(err, from.Close())
}

// move copies from an open store and, once all is there and right, says so in
// the folder.
func move(ctx context.Context, cfg Config, from Store, m Move) (done Moved, err error) {
	source, err := readFrom(cfg, from)
	if err != nil {
		return done, err
	}
	if source.Notary != nil {
		defer source.Notary.Close()
	}
	if source.NoBooks != nil {
		return done, source.NoBooks
	}
	if err := source.atRest(ctx, cfg); err != nil {
		return done, err
	}
	to, err := openTarget(ctx, cfg, m)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	done.Copied, err = migrate.Copy(ctx, migrate.Config{From: from, To: to, Progress: func(n int64) { m.Progress(StageCopy, n) }})
	if err != nil {
		return done, err
	}
	c := comparison{Store: to, from: from, reactions: source.doneTo(reactionsFile), erasures: source.doneTo(vaultDir, erasuresFile)}
	if source.Notary != nil {
		c.signed, _ = source.Notary.Signed()
	}
	if done.Report, err = ledger.Verify(ctx, &c, ledger.VerifyConfig{Codec: source.Codec, Keys: source.Keys,
		Progress: func(n int) { m.Progress(StageVerify, int64(n)) }}); err != nil {
		return done, err
	}
	if err := c.covered(); err != nil {
		return done, err
	}
	// A folder has a lock; a server somebody may have gone on with.
	if head, err := from.Head(ctx); err != nil {
		return done, err
	} else if head != c.last {
		return done, fmt.Errorf("%w: the old store ends at position %s, of which %s was copied; stop who records there, and run the same command once more", ErrForeign, head, c.last)
	}
	if err := source.atRest(ctx, cfg); err != nil { // nobody came meanwhile
		return done, err
	}
	done.Signed, done.Root = c.signed.Size, c.root
	return done, whereabouts{Kind: kindOf(m.To), Moving: &c.moving}.write(cfg.Dir)
}

// openTarget opens the new store. One in the folder is made beside its place.
func openTarget(ctx context.Context, cfg Config, m Move) (ledger.Store, error) {
	if !inFolder(m.To) {
		return kurrent.Open(ctx, kurrent.Options{URL: m.To, Credentials: m.ToCredentials, Logger: cfg.Log})
	}
	if _, err := os.Lstat(filepath.Join(cfg.Dir, ledgerFile)); err == nil {
		return nil, fmt.Errorf("%w: there is a %s in %s already, which is not this ledger; move it away", ErrStore, ledgerFile, cfg.Dir)
	}
	return embedded.Open(filepath.Join(cfg.Dir, migratingDir), embedded.Options{})
}

// doneTo reads a file that holds a position up to which something is done;
// Start where it says nothing.
func (h *House) doneTo(name ...string) ledger.Position {
	raw, err := os.ReadFile(filepath.Join(append([]string{h.Dir}, name...)...))
	n, bad := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil || bad != nil {
		return ledger.Start
	}
	return ledger.Position(n)
}

// comparison is the new store, read as it is verified: every event is compared
// with the old store on the way.
type comparison struct {
	ledger.Store
	from ledger.Store

	// signed is the last checkpoint over the old store; reactions and
	// erasures are positions there, moving the same in the new one.
	signed              notary.Head
	reactions, erasures ledger.Position
	moving              moving

	events   int64
	last     ledger.Position // in the old store
	root     tlog.Hash
	asSigned bool // the new store gives the root that was signed
}

// ReadAll yields the events of both, found to be the same.
func (c *comparison) ReadAll(ctx context.Context, _ ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		var last migrate.Pair
		for p, err := range migrate.Pairs(ctx, c.from, c.Store) {
			if err != nil {
				yield(ledger.Stored{}, asMoved(err))
				return
			}
			c.events, c.last, last = p.Place, p.From, p
			if p.Place == c.signed.Size {
				c.asSigned = p.Root() == c.signed.Root
			}
			if p.From <= c.reactions {
				c.moving.Reactions = p.To.Position
			}
			if p.From <= c.erasures {
				c.moving.Erasures = p.To.Position
			}
			if !yield(p.To, nil) {
				return
			}
		}
		if c.events > 0 {
			c.root = last.Root()
		}
	}
}

// asMoved makes an integrity failure of a difference that is found once all
// was copied.
func asMoved(err error) error {
	if d, ok := errors.AsType[*migrate.Difference](err); ok {
		return fmt.Errorf("%w: %w", &ledger.IntegrityError{Position: d.Target, Stream: d.Stream, Revision: d.Revision,
			What: "the new store does not hold what the old one does"}, err)
	}
	return err
}

// covered checks that the last checkpoint signed is over what was copied.
func (c *comparison) covered() error {
	switch {
	case c.signed.Size > c.events:
		return &ledger.IntegrityError{What: fmt.Sprintf("the last signed checkpoint covers %d events, the ledger holds %d", c.signed.Size, c.events)}
	case c.signed.Size > 0 && !c.asSigned:
		return &ledger.IntegrityError{What: fmt.Sprintf("the first %d events do not give the root of the last signed checkpoint", c.signed.Size)}
	}
	return nil
}
