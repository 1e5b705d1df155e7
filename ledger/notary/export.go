package notary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The files of a static copy beside the tiles.
const (
	checkpointFile = "checkpoint"
	// KeysFile holds the keys by which the copy says it can be verified. An
	// auditor trusts their own copy of it.
	KeysFile = "keys"
)

// ErrOtherLog: a folder holds a copy of another log, or of another past of
// this one.
var ErrOtherLog = errors.New("the folder holds a copy of another log")

// Exported tells what an export wrote.
type Exported struct {
	Checkpoint
	// Before is how many events the copy had, Files how many were written.
	Before int64
	Files  int
}

// Export writes the log as static files, which any web server may hold and
// [VerifyLog] checks: checkpoint, tiles, entries, and trust as the keys file.
// A folder that holds an earlier copy gets what is new; it must be of the
// same log. The checkpoint is replaced last, so that a copy cut short is
// still the whole earlier one. progress may be nil.
func (n *Notary) Export(ctx context.Context, dir string, trust []byte, keys []note.Verifier, progress func(done, total int64)) (Exported, error) {
	h, ok := n.Head()
	if !ok {
		return Exported{}, ErrNoLog
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Exported{}, fmt.Errorf("make the folder: %w", err)
	}
	before, err := n.copied(dir, h, keys)
	if err != nil {
		return Exported{}, err
	}
	out := Exported{Checkpoint: h.Checkpoint, Before: before}
	write := func(path string, data []byte) error {
		wrote, err := writeStatic(filepath.Join(dir, filepath.FromSlash(path)), data)
		if wrote {
			out.Files++
		}
		return err
	}
	for _, t := range tilesOf(before, h.Size) {
		data, err := n.Tile(t)
		if err == nil {
			err = write(torchwood.TilePath(t), data)
		}
		if err != nil {
			return out, err
		}
	}
	if err := n.exportEntries(ctx, before, h.Size, write, progress); err != nil {
		return out, err
	}
	if err := write(KeysFile, trust); err != nil {
		return out, err
	}
	if err := write(checkpointFile, h.Note); err != nil {
		return out, err
	}
	return out, dropPartial(dir, before, h.Size)
}

// exportEntries writes the bundles from that of the first new event on, in
// one walk over the store.
func (n *Notary) exportEntries(ctx context.Context, before, size int64, write func(string, []byte) error, progress func(done, total int64)) error {
	if before == size {
		return nil
	}
	base := before / tileWidth * tileWidth
	after, err := n.before(base)
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(n.cfg.Store.ReadAll(ctx, after))
	defer stop()
	for at := base; at < size; at += tileWidth {
		leaves, err := n.disk.leavesAt(at, int(min(size-at, tileWidth)))
		if err != nil {
			return err
		}
		data, err := n.pack(next, at/tileWidth, leaves)
		if err == nil {
			err = write(torchwood.TilePath(tlog.Tile{H: tileHeight, L: entriesLevel, N: at / tileWidth, W: len(leaves)}), data)
		}
		if err != nil {
			return err
		}
		if progress != nil {
			progress(at+int64(len(leaves)), size)
		}
	}
	return nil
}

// copied returns how many events the folder's copy covers, 0 when it holds
// none.
func (n *Notary) copied(dir string, h Head, keys []note.Verifier) (int64, error) {
	raw, err := os.ReadFile(filepath.Join(dir, checkpointFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the earlier copy: %w", err)
	}
	c, err := OpenCheckpoint(raw, keys)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrOtherLog, err)
	}
	if c.Origin != h.Origin || c.Size > h.Size {
		return 0, fmt.Errorf("%w: it is of %q with %d events, this one of %q with %d", ErrOtherLog, c.Origin, c.Size, h.Origin, h.Size)
	}
	was, err := tlog.TreeHash(c.Size, n.hashes(h.Size))
	if err != nil {
		return 0, err
	}
	if was != c.Root {
		return 0, fmt.Errorf("%w: its first %d events are not this log's", ErrOtherLog, c.Size)
	}
	return c.Size, nil
}

// writeStatic writes a file so that a crash leaves the old one or the new
// one; one that stands there already with the same content is left.
func writeStatic(path string, data []byte) (wrote bool, err error) {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, fmt.Errorf("write the copy: %w", err)
	}
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return false, fmt.Errorf("write the copy: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return false, errors.Join(fmt.Errorf("write the copy: %w", err), os.Remove(tmp))
	}
	return true, nil
}

// dropPartial removes the partial tiles of the earlier copy that the new one
// has in full or wider.
func dropPartial(dir string, before, size int64) error {
	for level := range tileLevels {
		nodes := before >> (tileHeight * level)
		width := int(nodes % tileWidth)
		if width == 0 || nodes == size>>(tileHeight*level) {
			continue
		}
		t := tlog.Tile{H: tileHeight, L: level, N: nodes / tileWidth, W: width}
		paths := []string{torchwood.TilePath(t)}
		if level == 0 {
			t.L = entriesLevel
			paths = append(paths, torchwood.TilePath(t))
		}
		for _, p := range paths {
			p = filepath.Join(dir, filepath.FromSlash(p))
			if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("tidy the copy: %w", err)
			}
			if parent := filepath.Dir(p); strings.HasSuffix(parent, ".p") {
				_ = os.Remove(parent) // stays where another partial tile lies in it
			}
		}
	}
	return nil
}
