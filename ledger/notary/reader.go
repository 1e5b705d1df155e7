package notary

import (
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/mod/sumdb/tlog"
)

// expandedTiles is how many full tiles are kept with all their inner nodes,
// at 16 KB each.
const expandedTiles = 1024

// tileID names a full tile.
type tileID struct {
	level  int
	number int64
}

// expanded is a full tile with its inner nodes: the i-th hash at height h of
// the tile stands at starts[h]+i.
type expanded [2*tileWidth - 2]tlog.Hash

// hashReader gives the stored hashes of the tree in the files.
type hashReader struct {
	disk  *disk
	tiles *lru.Cache[tileID, *expanded]
	// size bounds what counts as full; records below it never change.
	size int64
}

func newTileCache() *lru.Cache[tileID, *expanded] {
	cache, err := lru.New[tileID, *expanded](expandedTiles)
	if err != nil {
		panic(err) // its one failure is a size that is not positive
	}
	return cache
}

// ReadHashes implements [tlog.HashReader].
func (r hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		height, n := tlog.SplitStoredHashIndex(index)
		if (n+1)<<height > r.size {
			return nil, fmt.Errorf("hash %d at height %d lies beyond a tree of %d", n, height, r.size)
		}
		level, inner := height/tileHeight, height%tileHeight
		first := n << inner // among the hashes of the tile level
		tile := tileID{level, first / tileWidth}
		if (tile.number+1)<<((level+1)*tileHeight) <= r.size {
			full, err := r.full(tile)
			if err != nil {
				return nil, err
			}
			out[i] = full[start(inner)+int(first%tileWidth)>>inner]
			continue
		}
		data, err := r.disk.hashes(level, first, 1<<inner)
		if err != nil {
			return nil, err
		}
		out[i] = fold(data)
	}
	return out, nil
}

// start is where the hashes at a height of an expanded tile begin.
func start(height int) int { return 2*tileWidth - 2*tileWidth>>height }

func (r hashReader) full(id tileID) (*expanded, error) {
	if e, ok := r.tiles.Get(id); ok {
		return e, nil
	}
	data, err := r.disk.hashes(id.level, id.number*tileWidth, tileWidth)
	if err != nil {
		return nil, err
	}
	e := new(expanded)
	for i := range tileWidth {
		e[i] = tlog.Hash(data[i*tlog.HashSize : (i+1)*tlog.HashSize])
	}
	for height := 1; height < tileHeight; height++ {
		below, here := start(height-1), start(height)
		for i := range tileWidth >> height {
			e[here+i] = tlog.NodeHash(e[below+2*i], e[below+2*i+1])
		}
	}
	r.tiles.Add(id, e)
	return e, nil
}
