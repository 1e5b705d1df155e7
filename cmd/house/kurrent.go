package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/folderlock"
	"github.com/probity-ledger/probity/ledger/kurrent"
)

// kurrentStore keeps the events in a KurrentDB. All else is in the data
// folder, which one process at a time writes to.
type kurrentStore struct {
	*kurrent.Store
	dir   string
	lock  io.Closer // of the folder; nil when reading
	alone *alone    // nil when reading, and where replicas record as well
	write bool
	found ledger.Position // the head when it was opened
}

// openKurrent opens the KurrentDB that the setting names.
func openKurrent(cfg Config) (_ *kurrentStore, err error) {
	s := &kurrentStore{dir: cfg.Dir, write: cfg.Write}
	if cfg.Write {
		lock, err := folderlock.Take(cfg.Dir)
		if err != nil {
			return nil, err
		}
		s.lock = lock
		defer func() {
			if s.Store == nil {
				err = errors.Join(err, lock.Close())
			}
		}()
	}
	w, err := readWhereabouts(cfg.Dir)
	if err != nil {
		return nil, err
	}
	s.Store, err = kurrent.Open(context.Background(), kurrent.Options{
		URL: cfg.Store, Credentials: cfg.StoreCredentials, CheckedTo: w.Checked, Logger: cfg.Log})
	if err != nil {
		s.Store = nil
		return nil, err
	}
	if s.found, err = s.Head(context.Background()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if cfg.Write && cfg.Replicas == "" {
		s.alone = watchAlone(s.Store, s.found)
	}
	return s, nil
}

// Append records entries, unless another process records as well that is no
// replica.
func (s *kurrentStore) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	switch {
	case !s.write:
		return ledger.Appended{}, ledger.ErrReadOnly
	case s.alone == nil:
		return s.Store.Append(ctx, stream, expected, entries)
	}
	return s.alone.append(ctx, stream, expected, entries)
}

// WatchStore returns why nothing can be recorded any more: with [ErrForeign]
// when another process was seen to record into the same store. Else it returns
// when ctx ends. A store in the folder is this process's alone.
func (h *House) WatchStore(ctx context.Context) error {
	if s, ok := h.Store.(*kurrentStore); ok && s.alone != nil {
		return s.alone.wait(ctx)
	}
	<-ctx.Done()
	return ctx.Err()
}

// Streams lists streams. Those of rulebooks, which every start asks for, are
// remembered in the folder, so that the server looks through what came since
// alone.
func (s *kurrentStore) Streams(ctx context.Context, prefix string) ([]string, error) {
	if prefix != (domain.Ref{Type: rulebook.Room.Name}).Stream() {
		return s.Store.Streams(ctx, prefix, ledger.Start)
	}
	w, err := readWhereabouts(s.dir)
	if err != nil {
		return nil, err
	}
	through, err := s.Head(ctx)
	if err != nil {
		return nil, err
	}
	if w.Through > through {
		w.Through, w.Rulebooks = ledger.Start, nil // of a ledger that was longer
	}
	since, err := s.Store.Streams(ctx, prefix, w.Through)
	if err != nil {
		return nil, err
	}
	names := append(slices.Clone(w.Rulebooks), since...)
	slices.Sort(names)
	names = slices.Compact(names)
	if s.lock == nil || !w.settled() {
		return names, nil
	}
	w.Through, w.Rulebooks = through, names
	return names, w.write(s.dir)
}

// settle notes that the events of the folder are here, once all else fits.
func (s *kurrentStore) settle() error {
	w, err := readWhereabouts(s.dir)
	if err != nil || w.settled() {
		return err
	}
	return whereabouts{Kind: kindKurrent}.write(s.dir)
}

// Close closes the store and gives the folder back. What the server's settings
// were looked at for need not be looked at again.
func (s *kurrentStore) Close() error {
	healthy := s.Err() == nil
	if s.alone != nil {
		s.alone.close()
	}
	err := s.Store.Close()
	if s.lock == nil {
		return err
	}
	if w, bad := readWhereabouts(s.dir); bad == nil && healthy && w.settled() && w.Checked < s.found {
		w.Checked = s.found
		err = errors.Join(err, w.write(s.dir))
	}
	return errors.Join(err, s.lock.Close())
}

func (s *kurrentStore) String() string { return "KurrentDB" }

// CheckStore refuses a setting that names no store.
func CheckStore(store string) error {
	if inFolder(store) {
		return nil
	}
	if err := kurrent.CheckURL(store); err != nil {
		return fmt.Errorf("%w; use embedded, or the URL of a KurrentDB: esdb://…, esdb+discover://…, kurrentdb://…", err)
	}
	return nil
}
