package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/folderlock"
)

// StoreEmbedded is the setting of a store in the data folder itself.
const StoreEmbedded = "embedded"

// Store is where a house keeps its events: the contract that everybody
// holds, and what the house alone asks of it.
type Store interface {
	ledger.Store

	// Head returns the position of the last event, [ledger.Start] when there
	// is none.
	Head(ctx context.Context) (ledger.Position, error)

	// Last returns the last event, false when there is none.
	Last(ctx context.Context) (ledger.Stored, bool, error)

	// Streams lists the streams whose names begin with the prefix, in the
	// order of their names, without reading the whole ledger.
	Streams(ctx context.Context, prefix string) ([]string, error)

	// String names it for people, without any secret.
	String() string
}

// embeddedStore is the store in the data folder. What only it can do, such as
// CheckHead, it can do still.
type embeddedStore struct{ *embedded.Store }

func (s embeddedStore) Head(ctx context.Context) (ledger.Position, error) {
	last, _, err := s.Store.Head(ctx)
	return last, err
}

func (s embeddedStore) Last(ctx context.Context) (ledger.Stored, bool, error) {
	head, err := s.Head(ctx)
	if err != nil || head == ledger.Start {
		return ledger.Stored{}, false, err
	}
	for last, err := range s.ReadAll(ctx, head-1) { // positions are dense here
		return last, err == nil, err
	}
	return ledger.Stored{}, false, &ledger.IntegrityError{Position: head, What: "the last event is missing"}
}

// Events counts them, without reading any.
func (s embeddedStore) Events(ctx context.Context) (int64, error) {
	_, events, err := s.Store.Head(ctx)
	return events, err
}

func (s embeddedStore) String() string { return ledgerFile }

// openStore opens what the setting names. For writing, no other process may
// write to the folder meanwhile.
func openStore(cfg Config) (Store, error) {
	if err := fits(cfg); err != nil {
		return nil, err
	}
	if !inFolder(cfg.Store) {
		s, err := openKurrent(cfg)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	s, err := embedded.Open(cfg.Dir, embedded.Options{ReadOnly: !cfg.Write})
	if err != nil {
		return nil, err
	}
	if err := fits(cfg); err != nil { // it was moved away while we came to its lock
		return nil, errors.Join(err, s.Close())
	}
	return embeddedStore{s}, nil
}

// inFolder tells whether a setting names the store in the data folder.
func inFolder(store string) bool { return store == "" || store == StoreEmbedded }

// Found fails with [ErrNoLedger] where the data folder holds no ledger to be
// read, or gone on with. A ledger in a cluster has its name and keys there.
func Found(cfg Config) error {
	if err := fits(cfg); err != nil {
		return err
	}
	name := originFile
	if inFolder(cfg.Store) {
		name = ledgerFile
	}
	if _, err := os.Stat(filepath.Join(cfg.Dir, name)); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %s has no %s", ErrNoLedger, cfg.Dir, name)
	}
	return nil
}

// Hold keeps others from writing to the folder, without its keys, until
// closed. It fails with [ledger.ErrLocked] while another process writes.
func Hold(cfg Config) (io.Closer, error) {
	if inFolder(cfg.Store) {
		cfg.Write = true
		return openStore(cfg)
	}
	if err := fits(cfg); err != nil {
		return nil, err
	}
	return folderlock.Take(cfg.Dir)
}
