package notary

import (
	"fmt"
	"sync"

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
	edge  *edge
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
		if h, ok := r.edge.get(tile, inner, n); ok {
			out[i] = h
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

// edge remembers the inner nodes of the tiles that still grow, one at each
// level, so that the newest events are proved without hashing again.
type edge struct {
	mu    sync.RWMutex // guards what follows
	tiles [tileLevels]growing
}

// growing is a tile that is not full.
type growing struct {
	number int64
	// first is the place in the tile from which on nodes are known: what was
	// there before this process began stands in the files alone.
	first int
	nodes *expanded
}

// put takes in the index-th node at a height. A tile that is full by it goes
// to the full ones.
func (e *edge) put(full *lru.Cache[tileID, *expanded], height int, index int64, h tlog.Hash) {
	level, inner := height/tileHeight, height%tileHeight
	place := int(index << inner % tileWidth)
	number := index << inner / tileWidth
	e.mu.Lock()
	defer e.mu.Unlock()
	g := &e.tiles[level]
	if g.nodes == nil || g.number != number {
		*g = growing{number, place, new(expanded)}
	}
	g.nodes[start(inner)+place>>inner] = h
	if inner == tileHeight-1 && place+1<<inner == tileWidth && g.first == 0 {
		full.Add(tileID{level, number}, g.nodes)
	}
}

// get returns the n-th node at an inner height of a tile's level, if it is
// known.
func (e *edge) get(tile tileID, inner int, n int64) (tlog.Hash, bool) {
	place := int(n << inner % tileWidth)
	e.mu.RLock()
	defer e.mu.RUnlock()
	g := &e.tiles[tile.level]
	if g.nodes == nil || g.number != tile.number || place < g.first {
		return tlog.Hash{}, false
	}
	return g.nodes[start(inner)+place>>inner], true
}

// forget drops everything, before the tree is made anew.
func (e *edge) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tiles = [tileLevels]growing{}
}
