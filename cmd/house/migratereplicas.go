package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/probity-ledger/probity/ledger/seal"
)

// atRest refuses to move a ledger that replicas may record into, or left
// something to be made up for: how far they came is told in positions of the
// old store.
func (h *House) atRest(ctx context.Context, cfg Config) error {
	if cfg.Replicas == "" || inFolder(cfg.Store) {
		return nil
	}
	c, err := h.openCluster(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	living, err := c.Living(ctx)
	if err != nil {
		return err
	}
	if len(living) > 0 {
		return fmt.Errorf("%w: %s runs; stop all replicas, and run the same command once more", ErrReplica, strings.Join(living, ", "))
	}
	left, err := c.LeftOver(ctx)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("%w: %s was cut short, and what it left is not made up for; start one replica, wait a minute, stop it, and run the same command once more", ErrReplica, left[0].Name)
	}
	return err
}

// takeBack is for a ledger whose replicas shared something beside its store:
// how far erasures are carried out is looked for anew in the new store, and
// where that is in the folder, the vault comes back to it.
func (h *House) takeBack(ctx context.Context, cfg Config) error {
	if cfg.Replicas == "" {
		return nil
	}
	c, err := h.openCluster(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.ForgetErased(ctx); err != nil {
		return err
	}
	if !inFolder(cfg.Store) {
		return nil
	}
	own, shared := seal.Folder(filepath.Join(h.Dir, vaultDir)), c.Vault()
	keys, err := shared.List()
	if err != nil || len(keys) == 0 {
		return err
	}
	// Whichever of them the ledger erased goes with the next start.
	if err := os.Remove(filepath.Join(h.Dir, vaultDir, erasuresFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for erasures anew: %w", err)
	}
	for _, id := range keys { // all are in the folder before the first is gone
		if err := bring(own, shared, id); err != nil {
			return fmt.Errorf("bring a data key back into the folder: %w", err)
		}
	}
	for _, id := range keys {
		if err := shared.Destroy(id); err != nil {
			return fmt.Errorf("remove a data key that is in the folder again: %w", err)
		}
	}
	return nil
}

// bring copies a key that is not there yet.
func bring(to, from seal.Shelf, id string) error {
	if has, err := to.Has(id); has || err != nil {
		return err
	}
	wrapped, err := from.Get(id)
	if err != nil {
		return err
	}
	return to.Put(id, wrapped)
}
