package house

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/ledger"
)

// storeFile says where the events of a folder are, when they are not in the
// folder itself, and what was found there at what it costs to find.
const storeFile = "store.json"

// kindKurrent is the kind of store that a KurrentDB is.
const kindKurrent = "kurrentdb"

var (
	// ErrStore: the store that is named is not that of the folder, or cannot
	// be used.
	ErrStore = errors.New("not the store of this ledger")

	// ErrMoving: a migration is not at its end.
	ErrMoving = errors.New("the ledger is being moved to another store, which is not at its end")
)

// whereabouts is what the file holds. Its positions are of the store named.
type whereabouts struct {
	// Kind of store: kindKurrent, or StoreEmbedded while it is moved there.
	Kind string `json:"kind"`
	// Checked is up to where the settings of the server's streams are known
	// not to forget events.
	Checked ledger.Position `json:"checked,string,omitempty"`
	// Rulebooks are the streams of rulebooks up to Through.
	Through   ledger.Position `json:"through,string,omitempty"`
	Rulebooks []string        `json:"rulebooks,omitempty"`
	// Moving is what is left to do of a migration to this store, once all
	// events are there.
	Moving *moving `json:"moving,omitempty"`
}

// moving are the positions in the new store up to which work is done; Start
// where nothing is known.
type moving struct {
	Reactions ledger.Position `json:"reactions,string"`
	Erasures  ledger.Position `json:"erasures,string"`
}

// readWhereabouts reads the file; where there is none, the events are in the
// folder.
func readWhereabouts(dir string) (whereabouts, error) {
	w := whereabouts{Kind: StoreEmbedded}
	raw, err := os.ReadFile(filepath.Join(dir, storeFile))
	if errors.Is(err, fs.ErrNotExist) {
		return w, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &w)
	}
	if err == nil && w.Kind != StoreEmbedded && w.Kind != kindKurrent {
		err = fmt.Errorf("%q is no kind of store", w.Kind)
	}
	if err != nil {
		return w, fmt.Errorf("read where the events are: %s: %w; put it back from a backup", storeFile, err)
	}
	return w, nil
}

// settled tells that the events are on a server, and stay there.
func (w whereabouts) settled() bool { return w.Kind == kindKurrent && w.Moving == nil }

// write puts it into the folder; nothing needs to be said of events that are
// in the folder to stay.
func (w whereabouts) write(dir string) error {
	path := filepath.Join(dir, storeFile)
	if w.Kind == StoreEmbedded && w.Moving == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", storeFile, err)
		}
		return syncDir(dir)
	}
	raw, err := json.MarshalIndent(w, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(path, append(raw, '\n'), 0o600)
}

// kindOf is the kind of store that a setting names.
func kindOf(store string) string {
	if inFolder(store) {
		return StoreEmbedded
	}
	return kindKurrent
}

// fits refuses to open another store than that of the folder. A folder that
// holds nothing yet fits any.
func fits(cfg Config) error {
	w, err := readWhereabouts(cfg.Dir)
	if err != nil {
		return err
	}
	if cfg.moving {
		return nil
	}
	if w.Moving != nil {
		return fmt.Errorf("%w: run the same 'probity migrate' once more", ErrMoving)
	}
	if kindOf(cfg.Store) == w.Kind {
		return nil
	}
	if w.Kind == kindKurrent {
		return fmt.Errorf("%w: the events of %s are in KurrentDB; name it with --store or PROBITY_STORE", ErrStore, cfg.Dir)
	}
	if _, err := os.Stat(filepath.Join(cfg.Dir, ledgerFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("%w: %s holds events of its own (%s); bring them there with 'probity migrate', or name another folder with --data", ErrStore, cfg.Dir, ledgerFile)
}
