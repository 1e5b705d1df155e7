package house

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
)

// The files of the transparency log.
const (
	// LogDir is the folder of the log within the data folder.
	LogDir = "log"

	// A ledger whose own key is not Ed25519, the one kind that checkpoints
	// are signed with, has another key for them.
	notaryKeyFile = "notary.key"
	notaryPubFile = "notary.pub"
)

// ErrNotAsSigned: the ledger is not what the last checkpoint of its
// transparency log covers. It comes with an *ledger.IntegrityError.
var ErrNotAsSigned = errors.New("the ledger is not what was signed")

// openLog opens the transparency log. Without a signer it is opened for
// reading, and stays nil where nothing was ever signed.
func (h *House) openLog(cfg Config, signer *ledger.Signer) error {
	var err error
	if signer != nil {
		raw, err := os.ReadFile(filepath.Join(h.Dir, keyFile))
		if err != nil {
			return fmt.Errorf("read the key file: %w", err)
		}
		if signer, err = h.logSignerOf(cfg, signer, raw); err != nil {
			return err
		}
	}
	h.logSigner = signer
	if h.Trust, err = h.readLogTrust(); err != nil {
		return err
	}
	keys, err := h.logKeys()
	if err != nil {
		return err
	}
	h.Notary, err = notary.Open(filepath.Join(h.Dir, LogDir), notary.Config{Store: h.Store, Origin: h.Codec.Origin(), Signer: signer, Keys: keys, Witnesses: cfg.Witnesses, Shared: h.sharedLog(), Observer: cfg.observer()})
	if errors.Is(err, notary.ErrNoLog) {
		return nil
	}
	return asSigned(err)
}

func asSigned(err error) error {
	if _, ok := errors.AsType[*ledger.IntegrityError](err); ok {
		return fmt.Errorf("%w: %w", ErrNotAsSigned, err)
	}
	return err
}

// RebuildLog makes the tree of the log anew from the ledger. Nobody may be
// recording.
func (h *House) RebuildLog() (notary.Head, error) {
	var err error
	if h.Trust, err = h.readLogTrust(); err != nil {
		return notary.Head{}, err
	}
	keys, err := h.logKeys()
	if err != nil {
		return notary.Head{}, err
	}
	head, err := notary.Rebuild(filepath.Join(h.Dir, LogDir), notary.Config{Store: h.Store, Origin: h.Codec.Origin(), Keys: keys})
	return head, asSigned(err)
}

// Events counts the events of the ledger: what the last checkpoint covers, and
// what came since. It is the place in the log of the last event.
func (h *House) Events(ctx context.Context) (int64, error) {
	var signed notary.Head
	if h.Notary != nil {
		signed, _ = h.Notary.Signed()
	}
	n := signed.Size
	for _, err := range h.Store.ReadAll(ctx, signed.Position) {
		if err != nil {
			return 0, fmt.Errorf("count the events: %w", err)
		}
		n++
	}
	return n, nil
}

// notarySigner reads the key of checkpoints, or makes it, in the form of the
// ledger's key file and under its passphrase.
func (h *House) notarySigner(cfg Config, ledgerKey []byte) (*ledger.Signer, error) {
	path := filepath.Join(h.Dir, notaryKeyFile)
	if _, err := os.Stat(path); err == nil {
		return readSigner(cfg, path)
	}
	if _, err := os.Stat(filepath.Join(h.Dir, notaryPubFile)); err == nil {
		return nil, fmt.Errorf("%s is missing, but checkpoints were signed with it: put the key file back from its backup", path)
	}
	if cfg.Replicas != "" {
		return nil, fmt.Errorf("%w: %s has no %s, and replicas must not make one each: give them that of the folder in which the ledger began, with its %s", ErrReplica, cfg.Dir, notaryKeyFile, notaryPubFile)
	}
	var passphrase []byte
	if ledger.KeyIsEncrypted(ledgerKey) {
		var err error
		if passphrase, err = cfg.Passphrase(false); err != nil {
			return nil, err
		}
	}
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		return nil, err
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		return nil, err
	}
	vkey, err := notary.VerifierKey(h.Codec.Origin(), signer.Public())
	if err != nil {
		return nil, err
	}
	raw, err := ledger.MarshalKey(priv, passphrase)
	if err != nil {
		return nil, err
	}
	if err := writeFile(path, raw, 0o600); err != nil {
		return nil, err
	}
	return signer, writeFile(filepath.Join(h.Dir, notaryPubFile), []byte(vkey+"\n"), 0o644)
}

// readLogTrust says by which keys the log of this folder is verified.
func (h *House) readLogTrust() (notary.Trust, error) {
	t := notary.Trust{Origin: h.Codec.Origin(), Events: h.publics}
	vkey, err := os.ReadFile(filepath.Join(h.Dir, notaryPubFile))
	switch {
	case err == nil:
		own, err := notary.ParseTrustLines(vkey)
		if err != nil {
			return t, fmt.Errorf("%s: %w; put it back from a backup", notaryPubFile, err)
		}
		t.Log = own.Log
	case !errors.Is(err, fs.ErrNotExist):
		return t, fmt.Errorf("read the key of checkpoints: %w", err)
	}
	for _, pub := range h.publics {
		if _, ok := pub.(ed25519.PublicKey); !ok {
			continue
		}
		vkey, err := notary.VerifierKey(t.Origin, pub)
		if err != nil {
			return t, err
		}
		t.Log = append(t.Log, vkey)
	}
	return t, nil
}

// logKeys are the keys of checkpoints, none for a log that has none yet.
func (h *House) logKeys() ([]note.Verifier, error) {
	if len(h.Trust.Log) == 0 {
		return nil, nil
	}
	return h.Trust.Verifiers(h.Trust.Origin)
}

// ExportLog writes the log as static files into dir.
func (h *House) ExportLog(ctx context.Context, dir string, progress func(done, total int64)) (notary.Exported, error) {
	if h.Notary == nil {
		return notary.Exported{}, notary.ErrNoLog
	}
	trust, err := h.Trust.Marshal()
	if err != nil {
		return notary.Exported{}, err
	}
	keys, err := h.logKeys()
	if err != nil {
		return notary.Exported{}, err
	}
	// The index first: the log that is exported then covers at least as much.
	if err := h.openIndex(); err != nil {
		return notary.Exported{}, err
	}
	done, err := h.Notary.Export(ctx, dir, trust, keys, progress)
	if err != nil {
		return done, err
	}
	files, err := h.exportIndex(dir)
	done.Files += files
	return done, err
}

// logHandler serves the log; its entries to auditors.
func (h *House) logHandler(verifier *signin.Verifier, report func(error)) (http.Handler, error) {
	if h.Notary == nil {
		return http.NotFoundHandler(), nil
	}
	trust, err := h.Trust.Marshal()
	if err != nil {
		return nil, err
	}
	auditor := func(next http.Handler) http.Handler {
		return signin.Require(verifier)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if who, ok := signin.FromContext(r.Context()); !ok || who.Role != domain.RoleAuditor {
				http.Error(w, "entries hold all records: they are shown to auditors only", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		}))
	}
	mux := http.NewServeMux()
	mux.Handle("/", h.Notary.Handler(trust, auditor, report))
	mux.Handle("GET /"+index.CopyFile, h.indexFile(index.KeptFile, report))
	mux.Handle("GET /"+index.SecretFile, auditor(h.indexFile(index.SecretFile, report)))
	return mux, nil
}

// closeLog signs what was recorded last and closes the log.
func (h *House) closeLog(ctx context.Context) error {
	if h.Notary == nil {
		return nil
	}
	var err error
	if h.Recorder != nil && h.replica == nil { // of replicas, the one that leads signs
		err = h.Notary.CatchUp(ctx)
	}
	switch {
	case errors.Is(err, notary.ErrStopped):
		err = nil // whoever ran it has been told why
		if h.index != nil {
			err = h.index.Close()
		}
	default:
		err = errors.Join(err, h.closeIndex(ctx))
	}
	return errors.Join(err, h.Notary.Close())
}
