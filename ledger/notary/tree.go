package notary

import (
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// The tiles of C2SP tlog-tiles are 8 levels high.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// tileLevels is how many levels of tiles the largest tree has.
	tileLevels = 8
)

// tree grows by one leaf after another and knows its root at any time. It
// keeps the right edge alone.
type tree struct {
	size int64
	// peaks holds the hashes of the full subtrees that make up the tree:
	// peaks[l] of 2^l leaves counts where bit l of size is set.
	peaks [64]tlog.Hash
	// node is told of every full subtree, in order: the index-th of 2^height
	// leaves.
	node func(height int, index int64, h tlog.Hash)
}

// add appends a leaf by its hash.
func (t *tree) add(h tlog.Hash) {
	for level := 0; ; level++ {
		if t.node != nil {
			t.node(level, t.size>>level, h)
		}
		if t.size>>level&1 == 0 {
			t.peaks[level] = h
			t.size++
			return
		}
		h = tlog.NodeHash(t.peaks[level], h)
	}
}

// emptyRoot is the root of the tree without leaves: SHA-256 of nothing.
var emptyRoot = func() tlog.Hash {
	h, err := tlog.TreeHash(0, nil)
	if err != nil {
		panic(err) // it is a constant there
	}
	return h
}()

// root returns the root hash of the tree.
func (t *tree) root() tlog.Hash {
	if t.size == 0 {
		return emptyRoot
	}
	level := bits.TrailingZeros64(uint64(t.size))
	h := t.peaks[level]
	for level++; t.size>>level > 0; level++ {
		if t.size>>level&1 == 1 {
			h = tlog.NodeHash(t.peaks[level], h)
		}
	}
	return h
}

// Tree is the tree of a log as it grows, for who has the events and no log:
// the root of its first size events is what a checkpoint of that size has to
// show. The zero value is the empty tree.
type Tree struct{ tree tree }

// Add appends the leaf of an envelope.
func (t *Tree) Add(envelope []byte) { t.tree.add(tlog.RecordHash(envelope)) }

// Root is the root over what was added so far (RFC 6962, section 2.1).
func (t *Tree) Root() tlog.Hash { return t.tree.root() }

// peakIndexes lists the stored-hash indexes (see [tlog.StoredHashIndex]) of
// the peaks of a tree of that size, and their levels.
func peakIndexes(size int64) (indexes []int64, levels []int) {
	for level := bits.Len64(uint64(size)) - 1; level >= 0; level-- {
		if size>>level&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, size>>level-1))
			levels = append(levels, level)
		}
	}
	return indexes, levels
}

// treeAt returns the tree of that size out of its stored hashes.
func treeAt(size int64, r tlog.HashReader) (tree, error) {
	t := tree{size: size}
	indexes, levels := peakIndexes(size)
	if len(indexes) == 0 {
		return t, nil
	}
	hashes, err := r.ReadHashes(indexes)
	if err != nil {
		return tree{}, err
	}
	for i, level := range levels {
		t.peaks[level] = hashes[i]
	}
	return t, nil
}

// fold returns the root of the full subtree over hashes laid end to end,
// whose number is a power of two.
func fold(data []byte) tlog.Hash {
	if len(data) == tlog.HashSize {
		return tlog.Hash(data)
	}
	mid := len(data) / 2
	return tlog.NodeHash(fold(data[:mid]), fold(data[mid:]))
}
