package notary

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// entriesLevel is the level at which [tlog.Tile] counts bundles of entries.
const entriesLevel = -1

// ErrNoTile: the last checkpoint covers no such tile.
var ErrNoTile = errors.New("there is no such tile under the last checkpoint")

// exists tells whether a tree of that size has the tile, whole or in part.
func exists(t tlog.Tile, size int64) bool {
	level := max(t.L, 0)
	if t.H != tileHeight || level >= tileLevels || t.W < 1 || t.W > tileWidth || t.N < 0 {
		return false
	}
	nodes := size >> (tileHeight * level)
	return t.N <= nodes/tileWidth && t.N*tileWidth+int64(t.W) <= nodes
}

// Tile returns the hashes of a tile that the last checkpoint covers.
func (n *Notary) Tile(t tlog.Tile) ([]byte, error) {
	h, ok := n.Head()
	if !ok || t.L < 0 || !exists(t, h.Size) {
		return nil, ErrNoTile
	}
	return n.disk.hashes(t.L, t.N*tileWidth, t.W)
}

// Entries returns the bundle of the envelopes under a tile of level 0, read
// from the store and compared with the leaves.
func (n *Notary) Entries(ctx context.Context, number int64, width int) ([]byte, error) {
	h, ok := n.Head()
	if !ok || !exists(tlog.Tile{H: tileHeight, N: number, W: width}, h.Size) {
		return nil, ErrNoTile
	}
	leaves, err := n.disk.leavesAt(number*tileWidth, width)
	if err != nil {
		return nil, err
	}
	after, err := n.before(number * tileWidth)
	if err != nil {
		return nil, err
	}
	next, stop := iter.Pull2(n.cfg.Store.ReadAll(ctx, after))
	defer stop()
	return n.pack(next, number, leaves)
}

// pack bundles the next events, which must be those of the leaves.
func (n *Notary) pack(next func() (ledger.Stored, error, bool), number int64, leaves []leaf) ([]byte, error) {
	var bundle []byte
	for i, l := range leaves {
		s, err, ok := next()
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, n.missing(number*tileWidth + int64(i))
		}
		if what := differs(s, l); what != "" {
			return nil, &ledger.IntegrityError{Position: s.Position, Stream: s.Stream, Revision: s.Revision, What: what}
		}
		if bundle, err = torchwood.AppendTileEntry(bundle, s.Envelope); err != nil {
			return nil, err
		}
	}
	return bundle, nil
}

// splitBundle takes a bundle of so many entries apart.
func splitBundle(bundle []byte, width int) ([][]byte, error) {
	out := make([][]byte, 0, width)
	for len(out) < width {
		entry, rest, err := torchwood.ReadTileEntry(bundle)
		if err != nil {
			return out, fmt.Errorf("bundle ends within entry %d of %d", len(out)+1, width)
		}
		out, bundle = append(out, entry), rest
	}
	if len(bundle) > 0 {
		return out, fmt.Errorf("bundle has %d bytes after its %d entries", len(bundle), width)
	}
	return out, nil
}

// tilesOf lists the tiles of a tree of that size that a tree of size from
// did not have, partial ones at their width.
func tilesOf(from, size int64) []tlog.Tile { return tlog.NewTiles(tileHeight, from, size) }
