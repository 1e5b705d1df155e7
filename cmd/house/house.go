// Package house puts the rooms together: store, keys, codec, recorder and
// views of one data folder. The programs under cmd are its only users.
//
// A data folder holds:
//
//	ledger.db    the ledger: every event, signed; all else can be made again.
//	             Not where the events are on a server
//	store.json   says so, and what was found there
//	ledger.key   the private key that signs, encrypted unless asked otherwise,
//	             or the address of one in a key management service
//	ledger.pub   the public keys by which the ledger is verified; a key that
//	             took another's place is added, auditors need the first only
//	origin       the ledger's name, part of every signed event
//	views.db     the projections; may be deleted, they are rebuilt
//	log/         the transparency log: the last checkpoints signed, and the tree
//	log/index/   which events touch whom, signed with the checkpoints
//	notary.key   the key of checkpoints, where ledger.key is not Ed25519
//	issuer.pem   the key that signs sign-in tokens on a laptop
//	reactions.done  up to where reactions are known to be done
//	seal.key     the master key of sealed identities, once there are any
//	vault/       their keys, wrapped by it; destroyed to erase
//	files/       the files that reporters handed in, encrypted under those keys
//	readings/    who read which record file, until it is in the ledger
//	webhooks/    how far each webhook has come
//	rulebooks/   the files of the rulebooks that the agency adopts
//
// A House is safe for concurrent use. Close it, so that the last group is
// on disk and the lock is given back.
package house

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections"
)

// The files of a data folder.
const (
	keyFile    = "ledger.key"
	pubFile    = "ledger.pub"
	originFile = "origin"
	ledgerFile = "ledger.db"
	viewsFile  = "views.db"

	// IssuerFile is the key of the laptop issuer of sign-in tokens.
	IssuerFile = "issuer.pem"
)

// Config says how to open a data folder.
type Config struct {
	// Dir is the data folder.
	Dir string
	// Store is where the events are: StoreEmbedded, or the URL of a KurrentDB;
	// StoreEmbedded when empty. StoreCredentials name where its user and
	// password are, "file:PATH" or "env:NAME"; empty: in the URL.
	Store            string
	StoreCredentials string
	// Views is where the views are: ViewsInFolder, or the URL of a PostgreSQL;
	// ViewsInFolder when empty.
	Views string
	// Replicas is the URL of the PostgreSQL through which several processes
	// record into one store on a server, Replica what this one is called; host
	// and process id when empty. Without it this process records alone.
	Replicas string
	Replica  string
	// Log takes what the operator of a store on a server must know;
	// slog.Default when nil.
	Log *slog.Logger
	// Write opens it for recording: the folder is made when missing, the key
	// is made on first start, and no other process may write meanwhile.
	Write bool
	// Passphrase gives the passphrase of the key file. first tells whether a
	// new key is being made. Required when writing, unless PlainKey and new.
	Passphrase func(first bool) ([]byte, error)
	// PlainKey makes a new key file without encryption.
	PlainKey bool
	// Algorithm of a new key; Ed25519 when empty.
	Algorithm ledger.Algorithm
	// Origin names a new ledger; derived from the key when empty.
	Origin string
	// Restored opens a ledger also when it ends before its views, as one put
	// back from an older backup does. Rebuild them then.
	Restored bool
	// Witnesses confirm the checkpoints of the transparency log. Nil leaves
	// them to the process that serves; an empty policy gives them up.
	Witnesses *notary.WitnessPolicy
	// Files are those that reporters hand in over the public pages.
	Files FilesConfig
	// PublicPerHour bounds the complaints of the public in an hour, and their
	// messages; DefaultPublicPerHour when 0.
	PublicPerHour int
	// Tracing makes the spans of what the house does; none when nil.
	Tracing trace.TracerProvider
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// ReactionRefused is told of reactions that a rule refused.
	ReactionRefused func(cause domain.Recorded, in domain.Instruction, err error)

	moving bool // it is opened to bring a migration to its end
}

// FilesConfig says where the files of reporters lie.
type FilesConfig struct {
	// Dir is the folder that replicas share for them; files/ of the data folder
	// when empty. Replicas without one take no files.
	Dir string
	// MiB is how much all of them take at most; DefaultFilesMiB when 0.
	MiB int64
}

// House is an open data folder.
type House struct {
	Dir   string
	Store Store
	Codec *ledger.Codec
	Keys  *ledger.Keyring
	// Books are the rulebooks that the ledger lives by. NoBooks says why they
	// are not all here, in a folder opened for reading; one opened for writing
	// does not open then.
	Books   *Books
	NoBooks error
	// Recorder is nil when the folder was opened for reading.
	Recorder *ledger.Recorder
	// Notary keeps the transparency log; nil when the folder was opened for
	// reading and nothing was signed yet. Trust is what verifies it.
	Notary *notary.Notary
	Trust  notary.Trust
	// NewKey tells that this start made the signing key.
	NewKey bool
	// Views are nil until OpenViews.
	Views *projections.Views
	// Access is what may be asked over HTTP; to be set before Web. The zero
	// value charges nobody and refuses hostile documents only.
	Access graphql.Access
	// Tour is what the console's home has to show, of a demo; to be set before
	// Web.
	Tour []console.Stop

	// index is of the log; opened when first needed, by whoever holds opening.
	index     *index.Index
	opening   sync.Mutex
	logSigner *ledger.Signer // of checkpoints; nil when reading
	cfg       Config         // with which it was opened for writing
	signer    *ledger.Signer // the ledger's key; nil when reading

	viewsAt    string // as Config has it
	replicasAt string // as Config has it
	onServer   bool   // its events are not in the folder
	publics    []crypto.PublicKey
	appending  atomic.Int64 // appends under way

	reacted  ledger.Position // where the reactions of earlier runs ended
	caughtUp atomic.Bool     // all reactions to what was there at the start are done
	vault    *vault          // nil when the folder was opened for reading
	receipts *seal.Receipts  // nil when the folder was opened for reading
	journal  *journal        // of readings; nil when the folder was opened for reading
	hooks    *hooks.Service  // nil without webhooks

	hookFiles *hookFolder // nil where they are kept elsewhere
	replica   *replica    // nil where this process records alone
}

// ErrNoLedger: the folder holds no ledger.
var ErrNoLedger = errors.New("there is no ledger here")

// Open opens the data folder.
func Open(cfg Config) (*House, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Algorithm == "" {
		cfg.Algorithm = ledger.Ed25519
	}
	if _, err := os.Lstat(filepath.Join(cfg.Dir, unfinishedFile)); err == nil {
		return nil, fmt.Errorf("%w: %s", ErrUnfinished, cfg.Dir)
	}
	if !cfg.Write {
		return openReading(cfg)
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	// The store's lock comes first: it also guards the making of keys.
	store, err := openStore(cfg)
	if err != nil {
		return nil, err
	}
	h := &House{Dir: cfg.Dir, Store: store, cfg: cfg, viewsAt: cfg.Views, replicasAt: cfg.Replicas, onServer: !inFolder(cfg.Store)}
	if err := h.openWriting(cfg); err != nil {
		return nil, errors.Join(err, h.closeReplica(true), store.Close())
	}
	return h, nil
}

func openReading(cfg Config) (*House, error) {
	if err := Found(cfg); err != nil {
		return nil, err
	}
	store, err := openStore(cfg)
	if err != nil {
		return nil, err
	}
	h, err := readFrom(cfg, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

// readFrom opens a folder for reading whose store is open.
func readFrom(cfg Config, store Store) (*House, error) {
	h := &House{Dir: cfg.Dir, Store: store, viewsAt: cfg.Views, replicasAt: cfg.Replicas, onServer: !inFolder(cfg.Store)}
	if err := h.readTrust(); err != nil {
		if head, bad := h.Store.Head(context.Background()); bad == nil && head == ledger.Start && errors.Is(err, os.ErrNotExist) {
			err = fmt.Errorf("%w: the first start in %s did not come to its end, and recorded nothing", ErrNoLedger, cfg.Dir)
		}
		return nil, err
	}
	if !inFolder(cfg.Store) { // a server may hold anybody's ledger
		if err := h.checkLast(context.Background()); err != nil {
			return nil, err
		}
	}
	if h.NoBooks = h.readBooks(context.Background()); h.Books == nil {
		return nil, h.NoBooks
	}
	if cfg.Restored {
		return h, nil
	}
	if err := h.checkWentBack(context.Background()); err != nil {
		return nil, err
	}
	if err := h.openLog(cfg, nil); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *House) openWriting(cfg Config) error {
	if err := mayReplicate(cfg); err != nil {
		return err
	}
	h.vault = h.newVault(&cfg)
	signer, err := h.openSigner(cfg)
	if err != nil {
		return err
	}
	if err := h.writeTrust(cfg, signer); err != nil {
		return err
	}
	if err := h.readTrust(); err != nil {
		return err
	}
	if err := h.checkSigner(context.Background(), signer); err != nil {
		return err
	}
	// Whether it is this ledger at all comes before what it says.
	if err := h.checkLast(context.Background()); err != nil {
		return err
	}
	if err := h.joinReplicas(context.Background(), cfg); err != nil {
		return err
	}
	if err := h.readBooks(context.Background()); err != nil {
		return err
	}
	if err := h.checkWentBack(context.Background()); err != nil {
		return err
	}
	h.vault.open(h.Codec.Origin())
	h.receipts = seal.NewReceipts(h.Codec.Origin(), codesAtOnce, codesWaiting)
	if err := h.shareVault(context.Background()); err != nil {
		return err
	}
	if err := h.startErasures(context.Background()); err != nil {
		return err
	}
	if err := h.vault.files.clean(cfg.Now()); err != nil {
		return err
	}
	if h.journal, err = openJournal(cfg.Dir); err != nil {
		return err
	}
	if err := h.openLog(cfg, signer); err != nil {
		return err
	}
	h.signer = signer
	h.Recorder = ledger.NewRecorder(ledger.RecorderConfig{
		Store: h.watched(h.Store), Signer: signer, Locks: h.locks(), Codec: h.Codec, Book: h.Books, Rulemaking: h.rulemaking(),
		Reactions: reactions.All(), Now: cfg.Now, ReactionRefused: cfg.ReactionRefused,
		InUse: func(id ledger.KeyID) bool { return h.logSigner.ID() == id },
	})
	err = h.readReactions()
	if settled, ok := h.Store.(interface{ settle() error }); ok && err == nil {
		err = settled.settle()
	}
	if err != nil {
		return errors.Join(err, h.Notary.Close())
	}
	return nil
}

// closeWait bounds the last work where servers are asked for it: what is left
// undone then is made up for by the next start, or by whoever leads.
const closeWait = 30 * time.Second

// Close gives the folder back. Nobody may be recording any more.
func (h *House) Close() error {
	ctx := context.Background()
	if h.replica != nil || !inFolder(h.cfg.Store) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, closeWait)
		defer cancel()
	}
	var err, unsettled error
	if h.Recorder != nil {
		h.journal.end()
		read := h.RecordReadings(ctx)
		unsettled = h.SettleReactions(ctx)
		err = errors.Join(read, unsettled, h.closeErasures(ctx))
	}
	if h.Views != nil {
		err = errors.Join(err, h.Views.Close())
	}
	return errors.Join(err, h.hookFiles.close(), h.closeLog(ctx), h.closeReplica(unsettled == nil), h.Store.Close())
}
