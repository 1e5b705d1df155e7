package notary

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Rebuild makes the files of the tree anew from the store, up to the last
// checkpoint; that one stays. Files that tell what a store which is not as
// signed has lost or changed are left, and it is an *IntegrityError. Rebuild
// needs no signer, and nobody may write meanwhile.
func Rebuild(dir string, cfg Config) (Head, error) {
	if _, err := os.Stat(filepath.Join(dir, signedFile)); err != nil {
		return Head{}, ErrNoLog
	}
	cfg.Signer = nil
	n, err := open(dir, cfg, true)
	if err != nil {
		return Head{}, err
	}
	h, _ := n.Signed()
	return h, n.Close()
}

// Forget removes the log of a folder, so that a new one begins at the next
// Open. Whoever holds a checkpoint of the old log can then show that the two
// do not agree. The folder is moved aside, not deleted; its new name is
// returned.
func Forget(dir string, now time.Time) (string, error) {
	aside := dir + ".forgotten-" + now.UTC().Format("20060102T150405Z")
	if err := os.Rename(dir, aside); err != nil {
		return "", fmt.Errorf("move the transparency log aside: %w", err)
	}
	return aside, nil
}
