package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
	"github.com/probity-ledger/probity/projections"
)

// FinishMigration brings a migration to its end, once [Migrate] has put all
// events into the store that cfg names. What lies in the folder and tells
// positions is made anew, or says the new ones. It does nothing where it is
// done already; after a crash, do it again.
func FinishMigration(ctx context.Context, cfg Config, progress func(stage string, events int64)) error {
	w, err := readWhereabouts(cfg.Dir)
	if err != nil || w.Moving == nil {
		return err
	}
	if err := placeStore(cfg); err != nil {
		return err
	}
	if err := placeDone(cfg.Dir, *w.Moving); err != nil {
		return err
	}
	cfg.moving, cfg.Write = true, true // for the lock; nothing is recorded
	store, err := openStore(cfg)
	if err != nil {
		return err
	}
	err = remake(ctx, cfg, store, progress)
	if err == nil {
		err = whereabouts{Kind: w.Kind}.write(cfg.Dir)
	}
	return errors.Join(err, store.Close())
}

// remake makes anew what is derived from the store: views, tree, index.
func remake(ctx context.Context, cfg Config, store Store, progress func(stage string, events int64)) error {
	cfg.Restored = true // the views show the old positions still
	h, err := readFrom(cfg, store)
	if err != nil {
		return err
	}
	if h.NoBooks != nil {
		return h.NoBooks
	}
	if err := h.takeBack(ctx, cfg); err != nil {
		return err
	}
	if _, err := h.RebuildLog(); err != nil && !errors.Is(err, notary.ErrNoLog) {
		return err
	} else if err == nil {
		if _, err := h.RebuildIndex(); err != nil && !errors.Is(err, index.ErrNoIndex) {
			return err
		}
	}
	if h.ViewOptions().Postgres != "" {
		if err := dropViews(h.Dir); err != nil {
			return err
		}
	}
	views, err := projections.Open(h.Dir, h.Codec, h.ViewOptions())
	if err != nil {
		return err
	}
	n := int64(0)
	counted := counting{store, func() { n++; progress(StageRebuild, n) }}
	return errors.Join(views.Rebuild(ctx, counted, nil), views.Close())
}

// dropViews removes views in the folder that the ledger no longer has there.
// They show positions of the old store, by which a ledger in the new one would
// look cut.
func dropViews(dir string) error {
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, viewsFile+end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove views of the old store: %w", err)
		}
	}
	return nil
}

// placeStore puts the store in the folder out of the way, or in its place.
func placeStore(cfg Config) error {
	path := filepath.Join(cfg.Dir, ledgerFile)
	if inFolder(cfg.Store) {
		return placeEmbedded(cfg.Dir, path)
	}
	if _, err := os.Lstat(path); err == nil {
		if err := closeUp(cfg.Dir); err != nil {
			return err
		}
		aside := path + asideMark + time.Now().UTC().Format("20060102T150405Z")
		if err := os.Rename(path, aside); err != nil {
			return fmt.Errorf("move the old store aside: %w", err)
		}
	}
	// What SQLite had beside it; closeUp left nothing in there.
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("move the old store aside: %w", err)
		}
	}
	return syncDir(cfg.Dir)
}

// placeEmbedded moves the store that was filled beside its place to it.
func placeEmbedded(dir, path string) error {
	beside := filepath.Join(dir, migratingDir)
	made := filepath.Join(beside, ledgerFile)
	if _, err := os.Lstat(made); err == nil {
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("%w: there is a %s in %s already, which is not this ledger; move it away", ErrStore, ledgerFile, dir)
		}
		if err := closeUp(beside); err != nil {
			return err
		}
		if err := os.Rename(made, path); err != nil {
			return fmt.Errorf("put the new store in its place: %w", err)
		}
	}
	if err := os.RemoveAll(beside); err != nil {
		return fmt.Errorf("remove %s: %w", beside, err)
	}
	return syncDir(dir)
}

// closeUp brings the store in a folder into its one file, as a closed one is;
// a process that was killed may have left a part of it beside. It fails while
// another process has it open.
func closeUp(dir string) error {
	s, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	wal := filepath.Join(dir, ledgerFile+"-wal")
	if info, err := os.Stat(wal); err == nil && info.Size() > 0 {
		return fmt.Errorf("%w: %s holds what another process still reads; run the same command once more when that one has ended", ledger.ErrLocked, wal)
	}
	return nil
}

// placeDone writes up to where work is done, in positions of the new store. A
// file that is not there is not missed.
func placeDone(dir string, m moving) error {
	for _, f := range []struct {
		path string
		mode os.FileMode
		done ledger.Position
	}{
		{filepath.Join(dir, reactionsFile), 0o644, m.Reactions},
		{filepath.Join(dir, vaultDir, erasuresFile), 0o600, m.Erasures},
	} {
		if _, err := os.Lstat(f.path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := writeFile(f.path, []byte(f.done.String()+"\n"), f.mode); err != nil {
			return err
		}
	}
	return nil
}

// counting counts the events that are read.
type counting struct {
	ledger.Store
	each func()
}

func (c counting) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for s, err := range c.Store.ReadAll(ctx, after) {
			c.each()
			if !yield(s, err) {
				return
			}
		}
	}
}
